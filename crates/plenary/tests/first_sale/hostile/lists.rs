//! Queries that cannot be read.

use super::sample::Sample;
use super::{must, refused};
use crate::harness::Api;
use crate::harness::http::escaped;

pub(crate) fn are_refused(admin: &Api, sample: &Sample) {
    let brackets = [
        "(".repeat(60_000),
        format!("{}1{}", "(".repeat(9_000), ")".repeat(9_000)),
        "[".repeat(9_000),
        "!".repeat(9_000),
        "-".repeat(9_000),
    ];
    let wide = vec!["name == \"x\""; 2_000].join(" || ");
    let filters = [
        "name",
        "name ==",
        "== 1",
        "name == 1 &&",
        "(name == \"x\"",
        "name == \"x",
        "name = \"x\"",
        "no_such_field == 1",
        "name == 5",
        "name > 5",
        "name.nothing()",
        "nothing(name)",
        "name.contains(5)",
        "name.contains(name, name)",
        "name == \"x\"; drop table leads",
        "name in 5",
        "name in [5]",
        "created_at > \"yesterday\"",
        "created_at > 5",
        "owner == \"x\"",
        "owner.name == \"x\"",
        "name.matches(\"(((((\")",
        "tags.exists(t, t)",
        "1",
        "\"text\"",
        "name == \"a\\u0000b\"",
        "name ? 1",
        "{\"a\": 1}",
        "name == b\"x\"",
        "version == 99999999999999999999",
        "1/0 == 1 && nothing",
        "month(name) == 1",
        "has(nothing)",
        "true ? 1 : 2",
        "имя == \"x\"",
        "name == 'x",
        "\u{1F3AB}",
        wide.as_str(),
        "name.contains(\"x\").contains(\"y\")",
        "name[0] == \"x\"",
        "me",
    ];
    for filter in filters.iter().copied().chain(brackets.iter().map(String::as_str)) {
        let escaped = escaped(filter);
        let response = admin.raw("GET", &format!("/api/v1/leads?filter={escaped}"), &[], b"").unwrap();
        // A list may be wide within reason; nothing else here may be taken.
        if filter == wide && response.status == 200 {
            continue;
        }
        if response.status == 414 || response.status == 431 {
            continue;
        }
        let told = super::problem(&response, &format!("filter={}", filter.chars().take(60).collect::<String>()));
        must(response.status == 400, || format!("{filter:.80}: {told}"));
        must(told["position"].is_u64() || told["code"] == "invalid_parameter", || {
            format!("{filter:.80} says where: {told}")
        });
    }
    let cursor = admin.get("/api/v1/events?limit=1&sort=name").json["next_cursor"].as_str().map(str::to_owned);
    let foreign = cursor.or_else(|| other_cursor(admin)).unwrap();
    let long = "x".repeat(20_000);
    let queries = [
        "sort=nothing",
        "sort=-",
        "sort=name,nothing",
        "sort=token",
        "sort=name%20desc",
        "sort=possible_duplicates",
        "limit=0",
        "limit=501",
        "limit=-1",
        "limit=x",
        "limit=1.5",
        "limit=99999999999999999999",
        "limit=",
        "cursor=x",
        "cursor=%00",
        "cursor=AAAA",
        "cursor=eyJhIjoxfQ",
        "fields=nothing",
        "fields=name,nothing",
        "expand=nothing",
        "expand=name",
        "count=maybe",
        "deleted=maybe",
        "nothing=1",
        "filter[name]=x",
        "q=%00",
        "name=x",
        "offset=5",
        "page=2",
        "%ff=1&%00=2",
    ];
    for query in queries.iter().map(|query| (*query).to_owned()).chain([
        format!("cursor={foreign}"),
        format!("cursor={long}"),
        format!("q={long}"),
        format!("sort={long}"),
    ]) {
        let told = refused(admin, "GET", &format!("/api/v1/leads?{query}"), &[], b"");
        must(told["status"] == 400, || format!("{query:.80}: {told}"));
    }
    for path in ["/api/v1/search?nothing=1", "/api/v1/sandbox/outbox?nothing=1", "/api/v1/sandbox/outbox?cursor=x"] {
        must(refused(admin, "GET", path, &[], b"")["status"] == 400, || path);
    }
    let lead = &sample.ids["leads"];
    for query in ["fields=nothing", "expand=name", "nothing=1"] {
        refused(admin, "GET", &format!("/api/v1/leads/{lead}?{query}"), &[], b"");
    }
    for query in ["purge=maybe", "nothing=1"] {
        refused(admin, "DELETE", &format!("/api/v1/leads/{lead}?{query}"), &[], b"");
    }
    // Odd, and yet nothing is wrong with it.
    for query in
        ["q=%F0%9F%8E%AB", "q=%22%27*()", "q=AND%20OR%20NOT", "q=-", "q=%25_%5C", "sort=", "fields=", "filter="]
    {
        must(admin.get(&format!("/api/v1/leads?{query}")).status == 200, || query);
    }
    for query in ["", "q=", "q=%22%27*()", "q=%00", "q=AND%20OR%20NEAR(x%20y)"] {
        must(admin.get(&format!("/api/v1/search?{query}")).status == 200, || query);
    }
}

/// A cursor of another list.
fn other_cursor(admin: &Api) -> Option<String> {
    let page = admin.get("/api/v1/messages?limit=1&sort=created_at");
    page.json["next_cursor"].as_str().map(str::to_owned)
}
