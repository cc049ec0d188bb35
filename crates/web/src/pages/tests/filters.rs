//! Conditions of a list: made by kind of field, changed in their place, in groups, with and without script.

use axum::body::Body;
use axum::http::Method;
use model::Locale;

use super::browser::Browser;
use super::{colleague, set_up};

const PARTIAL: [(&str, &str); 2] = [("hx-request", "true"), ("sec-fetch-site", "same-origin")];

/// The filter that an address carries.
fn filter(address: &str) -> String {
    let query = address.split_once('?').map_or("", |(_, query)| query);
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap();
    pairs.into_iter().find(|(name, _)| name == "filter").map_or_else(String::new, |(_, text)| text)
}

/// The address of a list under a filter, with more behind it.
fn address(module: &str, filter: &str, more: &[(&str, &str)]) -> String {
    let pairs: Vec<(&str, &str)> = [("filter", filter)].into_iter().chain(more.iter().copied()).collect();
    format!("/{module}?{}", serde_urlencoded::to_string(pairs).unwrap())
}

/// What the script asks for: a part of the page.
async fn part(browser: &mut Browser, path: &str) -> String {
    browser.send(Method::GET, path, Body::empty(), &PARTIAL).await.text
}

/// The filter that the form of a condition makes of another one.
async fn made(browser: &mut Browser, before: &str, form: &[(&str, &str)]) -> String {
    let answer = browser.get(&address("leads", before, form)).await;
    filter(answer.location())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_field_has_a_form_of_its_kind() {
    for locale in Locale::ALL {
        let (world, mut browser) = set_up(locale).await;
        let definitions = world.web.app.workspace().knowledge().definitions;
        for module in definitions.modules() {
            for field in module.fields.iter().filter(|field| field.is_stored() && !field.secret) {
                let page = part(&mut browser, &format!("/{}?edit=new&field={}", module.name, field.name)).await;
                assert!(page.contains("id=\"filter-operator\""), "{}.{}", module.name, field.name);
                assert!(!page.contains('⟨'), "{}.{}", module.name, field.name);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn conditions_are_made_changed_grouped_and_taken_away() {
    let (_world, mut browser) = set_up(Locale::En).await;
    browser.post("/leads/new", "name=Anna+Hot&readiness=hot&company=Acme").await.made();
    browser.post("/leads/new", "name=Boris+Cold&readiness=cold").await.made();
    browser.post("/leads/new", "name=Clara+Warm&readiness=warm").await.made();
    let hot = made(
        &mut browser,
        "",
        &[("edit", "new"), ("field", "readiness"), ("operator", "is"), ("value", "hot"), ("value", "warm")],
    )
    .await;
    assert_eq!(hot, r#"readiness in ["hot", "warm"]"#);
    let both = made(&mut browser, &hot, &[("edit", "new"), ("field", "company"), ("operator", "filled")]).await;
    assert_eq!(both, r#"readiness in ["hot", "warm"] && has(company)"#);
    let page = browser.page(&address("leads", &both, &[])).await;
    assert!(page.contains("Anna Hot") && !page.contains("Clara Warm") && !page.contains("Boris Cold"));
    assert!(page.contains("<b>Hot, Warm</b>"), "a chip says the values");
    // Or, in a group of its own.
    let form = [("edit", "1.new"), ("field", "name"), ("operator", "starts"), ("value", "clara")];
    let group = made(&mut browser, &both, &form).await;
    assert_eq!(group, r#"readiness in ["hot", "warm"] && (has(company) || name.startsWith("clara"))"#);
    let page = browser.page(&address("leads", &group, &[])).await;
    assert!(page.contains("Anna Hot") && page.contains("Clara Warm") && !page.contains("Boris Cold"));
    assert!(page.contains("role=\"group\""));
    // Changed in its place, and taken away.
    let form = [("edit", "1.1"), ("field", "name"), ("operator", "lacks"), ("value", "clara")];
    let changed = made(&mut browser, &group, &form).await;
    assert_eq!(changed, r#"readiness in ["hot", "warm"] && (has(company) || !name.contains("clara"))"#);
    let without = address("leads", r#"has(company) || !name.contains("clara")"#, &[]).replace('&', "&amp;");
    let page = browser.page(&address("leads", &changed, &[])).await;
    assert!(page.contains(&format!("href=\"{without}\"")), "without the first one: {without}");
    // Any instead of all.
    let flipped = address("leads", r#"readiness in ["hot", "warm"] || (has(company) && !name.contains("clara"))"#, &[]);
    assert!(page.contains(&format!("href=\"{}\"", flipped.replace('&', "&amp;"))), "{flipped}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_form_of_a_chip_holds_what_the_chip_says() {
    let (_world, mut browser) = set_up(Locale::En).await;
    let between = r#"(created_at >= "2026-11-01" && created_at < "2026-11-11") && size(account.city) == 5"#;
    let page = browser.page(&address("deals", between, &[("edit", "0.0")])).await;
    assert!(page.contains("<option value=\"between\" selected>"), "{page}");
    assert!(
        page.contains("name=\"value\" value=\"2026-11-01\"") && page.contains("name=\"until\" value=\"2026-11-10\"")
    );
    assert!(page.contains("<details class=\"menu\" open data-load="), "without script it is open");
    let raw = browser.page(&address("deals", between, &[("edit", "1.0")])).await;
    assert!(raw.contains("name=\"text\"") && raw.contains("size(account.city) == 5</textarea>"));
    let text = [("edit", "1.0"), ("text", "account.city == \"Perm\" || has(account)")];
    let answer = browser.get(&address("deals", between, &text)).await;
    assert_eq!(
        filter(answer.location()),
        r#"(created_at >= "2026-11-01" && created_at < "2026-11-11") && (account.city == "Perm" || has(account))"#
    );
    // The script asks for the form alone.
    let alone = part(&mut browser, &address("deals", between, &[("edit", "0.0")])).await;
    assert!(alone.starts_with("<form class=\"condition\"") && !alone.contains("<html"), "{alone}");
    let fields = part(&mut browser, "/deals?edit=new").await;
    assert!(fields.contains("data-narrow") && fields.contains("edit=new&amp;field=amount"));
}

/// What the links of a page say behind a pair of their addresses.
fn said<'p>(page: &'p str, pair: &str) -> Vec<&'p str> {
    let name = format!("{pair}=");
    let values = page.split(name.as_str()).skip(1);
    values.filter_map(|rest| rest.split(['"', '&']).next()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_narrowed_by_what_its_records_link_to() {
    for (locale, further, label, chip) in [
        (Locale::Ru, "Клиент: поле…", "Клиент: Город", "<span>Клиент: Вид</span><b>Организация</b>"),
        (Locale::En, "Account: field…", "Account: City", "<span>Account: Kind</span><b>Organisation</b>"),
    ] {
        let (_world, mut browser) = set_up(locale).await;
        let near = browser.post("/accounts/new", "name=Volga&city=Тверь&kind=organisation&country=RU").await.made();
        let far = browser.post("/accounts/new", "name=Ural&city=Пермь&kind=organisation&country=RU").await.made();
        browser.post("/deals/new", &format!("name=Near+deal&pipeline=general&account={near}")).await.made();
        browser.post("/deals/new", &format!("name=Far+deal&pipeline=general&account={far}")).await.made();

        // Fields, a link, the fields behind it, and the form of one of them; each leads back to where it was chosen.
        let fields = part(&mut browser, "/deals?edit=new").await;
        assert!(
            fields.contains("href=\"/deals?edit=new&amp;through=account\"") && fields.contains(further),
            "{fields}"
        );
        let behind = part(&mut browser, "/deals?edit=new&through=account").await;
        assert!(behind.contains("data-narrow") && behind.contains("href=\"/deals?edit=new\" data-part"), "{behind}");
        assert!(said(&behind, "field").contains(&"account.city") && said(&behind, "through").is_empty(), "{behind}");
        let page = browser.page("/deals?edit=new&through=account").await;
        assert!(page.contains("<details class=\"menu\" open data-load=") && page.contains("field=account.city"));
        let form = part(&mut browser, "/deals?edit=new&field=account.city").await;
        assert!(form.contains("name=\"field\" value=\"account.city\"") && form.contains(&format!("<b>{label}</b>")));
        assert!(form.contains("href=\"/deals?edit=new&amp;through=account\" data-part"), "{form}");

        let form = [("edit", "new"), ("field", "account.city"), ("operator", "is"), ("value", "Тверь")];
        let answer = browser.get(&address("deals", "", &form)).await;
        let city = filter(answer.location());
        assert_eq!(city, r#"account.city == "Тверь""#);
        let page = browser.page(answer.location()).await;
        assert!(page.contains("Near deal") && !page.contains("Far deal"));
        assert!(page.contains(&format!("<span>{label}</span><b>Тверь</b>")), "{page}");
        let page = browser.page(&address("deals", &city, &[("edit", "0.0")])).await;
        assert!(page.contains("<option value=\"is\" selected>") && page.contains("name=\"value\" value=\"Тверь\""));

        // With the controls of the field in its own module, and kept by a view.
        let form = [("edit", "new"), ("field", "account.kind"), ("operator", "is"), ("value", "organisation")];
        let answer = browser.get(&address("deals", &city, &form)).await;
        let both = filter(answer.location());
        assert_eq!(both, r#"account.city == "Тверь" && account.kind == "organisation""#);
        let view = [("module", "deals"), ("name", "Near"), ("audience", "private"), ("filter", both.as_str())];
        let view = browser.post("/views", &serde_urlencoded::to_string(view).unwrap()).await.location().to_owned();
        let page = browser.page(&view).await;
        assert!(page.contains(label) && page.contains(chip) && !page.contains("Far deal"), "{page}");
        let mine = [("edit", "new"), ("field", "account.owner"), ("operator", "is"), ("value", "me")];
        let answer = browser.get(&address("deals", "", &mine)).await;
        assert_eq!(filter(answer.location()), "account.owner == me()");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_field_behind_a_link_is_one_to_filter_by() {
    let (_world, mut browser) = set_up(Locale::En).await;
    let alerts = |page: &str| page.matches("role=\"alert\"").count();
    let plain = alerts(&browser.page("/deals?sort=name").await);
    let fields = part(&mut browser, "/deals?edit=new").await;
    let links = said(&fields, "through");
    assert!(links.len() > 2, "{links:?}");
    for link in links {
        let behind = part(&mut browser, &format!("/deals?edit=new&through={link}")).await;
        for path in said(&behind, "field") {
            let form = part(&mut browser, &format!("/deals?edit=new&field={path}")).await;
            assert!(form.contains("id=\"filter-operator\"") && !form.contains('⟨'), "{path}: {form}");
            // A box is ticked or not, and nothing else.
            if !form.contains("value=\"filled\"") {
                continue;
            }
            let condition = format!("has({path})");
            let page = browser.page(&address("deals", &condition, &[])).await;
            assert_eq!(alerts(&page), plain, "{condition}");
            assert!(!page.contains(&format!("<b>{condition}</b>")), "{condition} is told in words");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_meant_is_told_and_asked_again() {
    let (_world, mut browser) = set_up(Locale::En).await;
    let page = browser.page("/deals?edit=new&field=amount&operator=at_least&value=lots").await;
    assert!(page.contains("“lots”") && page.contains("value=\"lots\""), "{page}");
    assert!(page.contains("<option value=\"at_least\" selected>"));
}

#[tokio::test(flavor = "multi_thread")]
async fn periods_find_what_lies_in_them() {
    let (_world, mut browser) = set_up(Locale::En).await;
    browser.post("/leads/new", "name=Fresh+Lead").await.made();
    for (period, is_there) in [
        ("today", true),
        ("last_7", true),
        ("next_7", true),
        ("month", true),
        ("year", true),
        ("past", true),
        ("yesterday", false),
        ("tomorrow", false),
        ("future", false),
    ] {
        let form = [("field", "created_at"), ("operator", "within"), ("within", period)];
        let answer = browser.get(&address("leads", "", &form)).await;
        let page = browser.page(answer.location()).await;
        assert_eq!(page.contains("Fresh Lead"), is_there, "{period}: {}", filter(answer.location()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_chosen_among_many_and_oneself() {
    let (world, mut browser) = set_up(Locale::En).await;
    colleague(&world, "salesperson").await;
    browser.post("/leads/new", "name=Mine+Own").await.made();
    let page = browser.page("/leads?edit=new&field=owner").await;
    assert!(page.contains("data-from=\"/search/people\"") && page.contains("value=\"me\""), "{page}");
    let mine = made(&mut browser, "", &[("field", "owner"), ("operator", "is"), ("value", "me")]).await;
    assert_eq!(mine, "owner == me()");
    let page = browser.page(&address("leads", &mine, &[("edit", "0.0")])).await;
    assert!(page.contains("Mine Own") && page.contains("value=\"me\" checked"));
    let team = made(&mut browser, "", &[("field", "owner"), ("operator", "my_team")]).await;
    assert_eq!(team, "owner in my_team()");
    browser.page(&address("leads", &team, &[])).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cards_are_sorted_and_picked_without_heads() {
    let (_world, mut browser) = set_up(Locale::En).await;
    browser.post("/leads/new", "name=Anna").await.made();
    let page = browser.page("/leads?sort=name").await;
    assert!(page.contains("data-pick-all") && page.contains("Sort"));
    let menu = page.split("Sort</summary>").nth(1).and_then(|rest| rest.split("</details>").next()).unwrap();
    assert!(menu.contains("href=\"/leads?sort=-name\"") && menu.contains("aria-current=\"true\""), "{menu}");
}
