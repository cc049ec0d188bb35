//! Lists: filtered, sorted and read page by page they give each record exactly once, in order.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Stage;
use crate::harness::Api;
use crate::harness::api::{id, minor, text};
use crate::harness::http::escaped;

pub(crate) fn gives_each_once(stage: &Stage) {
    let api = &stage.admin;
    let event = format!("event == {:?}", stage.sale.event);
    let all = api.all("orders", &[("limit", "500")]);
    let ids: BTreeSet<&str> = all.iter().map(id).collect();
    // Many orders have the same sum, channel and date: what ties must not fall between pages.
    for sort in [
        "number",
        "-number",
        "total",
        "-total,buyer_name",
        "buyer_phone",
        "-buyer_phone,total",
        "channel",
        "-created_at",
    ] {
        let paged = api.all("orders", &[("sort", sort), ("limit", "37"), ("filter", &event)]);
        assert_eq!(paged.iter().map(id).collect::<BTreeSet<_>>(), ids, "sorted by {sort}");
    }
    let by_total = api.all("orders", &[("sort", "-total,number"), ("limit", "20")]);
    let keys: Vec<_> = by_total.iter().map(|order| (-minor(&order["total"]), text(order, "number"))).collect();
    assert!(keys.is_sorted(), "{keys:?}");

    let dear =
        api.all("orders", &[("filter", "total >= 14000 && buyer_email.startsWith(\"BUYER1\")"), ("limit", "11")]);
    let expected: Vec<_> = all
        .iter()
        .filter(|it| minor(&it["total"]) >= 1_400_000 && text(it, "buyer_email").starts_with("buyer1"))
        .collect();
    let expected: BTreeSet<_> = expected.iter().map(|order| id(order)).collect();
    assert!(!expected.is_empty());
    assert_eq!(dear.iter().map(id).collect::<BTreeSet<_>>(), expected);

    let total =
        api.get(&format!("/api/v1/orders?count=true&limit=1&filter={}", escaped(&event))).expect(200)["total"].clone();
    assert_eq!(total.as_u64(), u64::try_from(all.len()).ok());
    expands(api, &all[0]);
}

fn expands(api: &Api, order: &Value) {
    let path = format!("/api/v1/orders/{}?expand=event,lead&fields=number,event,lead", id(order));
    let shown = api.get(&path).expect(200);
    assert_eq!(text(&shown["event"], "title"), "Spring of Java");
    assert_eq!(shown.as_object().unwrap().len(), 4, "the named fields and the id: {shown}");
}
