//! Groups by dates, folded and remembered; what a list comes to asked by itself; hours as long as they last; the screen of
//! views and the view with which a list opens.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use model::Locale;

use super::browser::Browser;
use super::{colleague, set_up};

const PARTIAL: [(&str, &str); 2] = [("hx-request", "true"), ("sec-fetch-site", "same-origin")];

async fn part(browser: &mut Browser, path: &str) -> String {
    browser.send(Method::GET, path, Body::empty(), &PARTIAL).await.text
}

async fn deal(browser: &mut Browser, name: &str, amount: &str, day: &str) -> String {
    browser.post("/deals/new", &format!("name={name}&amount={amount}&close_date={day}")).await.made()
}

/// What stands in the heads of groups, without tags.
fn heads(page: &str) -> Vec<String> {
    let plain = |row: &str| {
        let (mut text, mut is_tag) = (String::new(), false);
        for character in row.chars() {
            match character {
                '<' => is_tag = true,
                '>' => is_tag = false,
                other if !is_tag => text.push(other),
                _ => {}
            }
        }
        text.replace('\u{a0}', " ")
    };
    page.split("<tr class=\"group\">").skip(1).filter_map(|row| row.split("</tr>").next()).map(plain).collect()
}

const BY_MONTH: &str = "/deals?sort=name&columns=name%2Camount%2Cclose_date&group=close_date.month";

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_grouped_by_months_and_leads_into_each() {
    let (_world, mut browser) = set_up(Locale::En).await;
    for (name, amount, day) in [
        ("Early", "100", "2026-11-03"),
        ("Late", "200", "2026-11-30"),
        ("Then", "40", "2026-12-01"),
        ("Never", "7", ""),
    ] {
        deal(&mut browser, name, amount, day).await;
    }
    let page = browser.page(BY_MONTH).await;
    let told = heads(&page);
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(told[0].contains("Not filled in") && told[0].contains("1 record"), "{told:?}");
    assert!(told[1].contains("November 2026") && told[1].contains("2 records") && told[1].contains("300"), "{told:?}");
    assert!(told[2].contains("December 2026") && told[2].contains("1 record"), "{told:?}");
    let rest = page.split("November 2026</b>").nth(1).unwrap();
    let inside = rest.split("href=\"").nth(1).unwrap().split('"').next().unwrap().replace("&amp;", "&");
    let page = browser.page(&inside).await;
    assert!(page.contains("Early") && page.contains("Late") && !page.contains("Then"), "{inside}");
    let quarter = browser.page("/deals?group=close_date.quarter").await;
    assert!(heads(&quarter)[1].contains("Q4 2026"), "{:?}", heads(&quarter));
    let made = browser.page("/deals?group=created_at").await;
    assert_eq!(heads(&made).len(), 1);
    for key in ["Group", "By week", "By quarter", "Fold all groups"] {
        assert!(made.contains(key), "{key}");
    }
    let wrong = browser.page("/deals?group=close_date.fortnight").await;
    assert!(wrong.contains("role=\"alert\"") && wrong.contains("cannot be grouped"), "{wrong}");
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_stay_folded_for_whoever_folded_them() {
    let (world, mut browser) = set_up(Locale::En).await;
    for (name, day) in [("Early", "2026-11-03"), ("Middle", "2026-12-01"), ("Late", "2027-01-15")] {
        deal(&mut browser, name, "100", day).await;
    }
    let form = "sort=name&columns=name,amount,close_date&group=close_date.month";
    let fold = |more: &str| format!("{form}&{more}");
    let folded = browser.post("/deals/folds", &fold("fold=%222026-12-01%22")).await;
    assert_eq!((folded.status, folded.location()), (StatusCode::SEE_OTHER, BY_MONTH));
    let page = browser.page(BY_MONTH).await;
    assert!(page.contains("Early") && page.contains("Late") && !page.contains("Middle"), "{page}");
    let told = heads(&page);
    assert_eq!(told.len(), 3, "the head of what is folded stays in its place");
    assert!(told[1].contains("December 2026") && told[1].contains("1 record"), "{told:?}");
    assert_eq!(page.matches("aria-expanded=\"false\"").count(), 1);
    assert!(page.contains("some groups are folded") && page.contains("300"), "{page}");
    assert!(browser.page("/deals").await.contains("Middle"), "a list that is not grouped folds nothing");
    assert!(browser.page("/deals?group=close_date.year").await.contains("Middle"), "nor one grouped otherwise");
    let mut other = colleague(&world, "head_of_sales").await;
    assert!(other.page(BY_MONTH).await.contains("Middle"), "what one folds is one's own");

    browser.post("/deals/folds", &fold("all=true")).await;
    let page = browser.page(BY_MONTH).await;
    assert_eq!((heads(&page).len(), page.matches("<tr data-id").count()), (3, 0), "{page}");
    browser.post("/deals/folds", &fold("unfold=%222027-01-01%22")).await;
    let page = browser.page(BY_MONTH).await;
    assert!(page.contains("Late") && !page.contains("Early") && heads(&page).len() == 3, "{page}");
    browser.post("/deals/folds", &fold("none=true")).await;
    let page = browser.page(BY_MONTH).await;
    assert!(["Early", "Middle", "Late"].iter().all(|name| page.contains(name)));
    assert_eq!(page.matches("aria-expanded=\"false\"").count(), 0);
    let refused = browser.post("/deals/folds", "group=name&all=true").await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    let mut door = colleague(&world, "door").await;
    assert_eq!(door.post("/deals/folds", &fold("all=true")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_changed_is_summed_up_by_itself() {
    let (_world, mut browser) = set_up(Locale::En).await;
    deal(&mut browser, "Early", "100", "2026-11-03").await;
    deal(&mut browser, "Late", "50", "2026-12-03").await;
    let sums = format!("{BY_MONTH}&sums=%5B%222026-11-01%22%5D");
    let before = part(&mut browser, &sums).await;
    assert!(heads(&before).len() == 1 && before.contains("November 2026") && !before.contains("Early"), "{before}");
    assert!(!before.contains("<html") && before.contains("<tfoot>"), "{before}");
    deal(&mut browser, "Another", "1000", "2026-11-20").await;
    let after = part(&mut browser, &sums).await.replace('\u{a0}', " ");
    assert!(heads(&after)[0].contains("2 records") && heads(&after)[0].contains("1,100"), "{after}");
    assert!(after.contains("1,150") && after.contains("3 records"), "the whole list: {after}");
    let none = part(&mut browser, "/deals?columns=name,amount&sums=%5B%5D").await;
    assert!(heads(&none).is_empty() && none.contains("<tfoot>"), "{none}");
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_have_changed_come_under_the_heads_of_their_groups() {
    let (_world, mut browser) = set_up(Locale::En).await;
    let early = deal(&mut browser, "Early", "100", "2026-11-03").await;
    let late = deal(&mut browser, "Late", "50", "2026-12-03").await;
    let only = format!("{BY_MONTH}&only={early},{late}");
    let rows = part(&mut browser, &only).await;
    let (first, second) = rows.split_once("December 2026").unwrap();
    assert!(first.contains("data-mark=\"&quot;2026-11-01&quot;\"") && first.contains(&early), "{rows}");
    assert!(second.contains(&late) && !second.contains(&early), "{rows}");
    assert!(
        browser.page(BY_MONTH).await.contains("data-by=\"close_date\""),
        "the script knows what the list is grouped by"
    );
    // What is folded says so, and its rows come all the same: the script takes them away.
    let form = "sort=name&columns=name,amount,close_date&group=close_date.month";
    browser.post("/deals/folds", &format!("{form}&fold=%222026-12-01%22")).await;
    let rows = part(&mut browser, &only).await;
    let (first, second) = rows.split_once("aria-expanded=\"false\"").unwrap();
    assert!(first.contains(&early) && !first.contains(&format!("data-id=\"{late}")), "{rows}");
    assert!(second.contains(&format!("data-id=\"{late}")), "{rows}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_begins_and_is_due_on_one_day_lasts_so_long() {
    let (_world, mut browser) = set_up(Locale::En).await;
    let make = |subject: &str, from: &str, until: &str| {
        format!("subject={subject}&kind=task&starts_at=2026-12-10T{from}&due_at=2026-12-10T{until}")
    };
    let long = browser.post("/activities/new", &make("Long", "10:15", "11:45")).await.made();
    browser.post("/activities/new", &make("Beside", "11:00", "12:00")).await.made();
    let week = "/activities?as=calendar&span=week&on=2026-12-10";
    let page = browser.page(week).await;
    let class = |page: &str, title: &str| {
        let before = page.split(&format!("title=\"{title}\"")).next().unwrap_or_default().to_owned();
        before.rsplit("class=\"").next().unwrap_or_default().split('"').next().unwrap_or_default().to_owned()
    };
    assert!(class(&page, "Long").ends_with("lasts m15 h1 q2 at0 of2"), "{}", class(&page, "Long"));
    assert!(class(&page, "Beside").ends_with("lasts m0 h1 q0 at1 of2"), "{}", class(&page, "Beside"));
    assert!(
        page.contains("<time>10:15</time><span class=\"until\">–<time>11:45</time>")
            && page.contains("class=\"day-list\""),
        "{page}"
    );
    let moved = browser.post_with(&format!("/activities/{long}/when"), "at=2026-12-11T14:00", &PARTIAL).await;
    assert_eq!(moved.status, StatusCode::OK, "{}", moved.text);
    let page = browser.page(week).await;
    assert!(
        page.contains("<time>14:15</time><span class=\"until\">–<time>15:45</time>"),
        "it lasts as long as before: {page}"
    );
    assert!(class(&page, "Beside").ends_with("at0 of1"));
}

async fn view(browser: &mut Browser, form: &str) -> (String, String) {
    let address = browser.post("/views", form).await.location().to_owned();
    let id = address.split("view=").nth(1).unwrap().to_owned();
    (address, id)
}

#[tokio::test(flavor = "multi_thread")]
async fn all_views_are_on_one_page_and_are_changed_there() {
    let (world, mut browser) = set_up(Locale::En).await;
    assert!(browser.page("/views?module=contacts").await.contains("No views yet"), "packs have none of them");
    browser.post("/leads/new", "name=Anna").await.made();
    let (_, hot) = view(&mut browser, "module=leads&name=Hot+ones&audience=all&sort=name").await;
    view(&mut browser, "module=deals&name=Large&audience=private").await;
    let page = browser.page("/views").await;
    assert!(page.contains("Hot ones") && page.contains("Large") && page.contains("Made by Мария Вершинина"), "{page}");
    let leads = browser.page("/views?module=leads").await;
    let list = leads.split("class=\"saved-views\"").nth(1).unwrap();
    assert!(list.contains("Hot ones") && !list.contains("Large"), "{list}");
    assert!(browser.page("/leads").await.contains("href=\"/views?module=leads\""), "the menu of views leads there");
    assert!(browser.page("/settings/users").await.contains("href=\"/views\""));

    let mut seller = colleague(&world, "salesperson").await;
    let page = seller.page("/views").await;
    assert!(page.contains("Hot ones") && !page.contains("Large"), "{page}");
    assert!(!page.contains(&format!("/views/{hot}/share")) && !page.contains("Open for everybody"), "{page}");
    let share = format!("/views/{hot}/share");
    assert_eq!(seller.post(&share, "name=Mine&audience=private").await.status, StatusCode::FORBIDDEN);
    let renamed = browser.post(&share, "name=Warm+ones&audience=private&only=leads").await;
    assert_eq!(renamed.location(), "/views?module=leads");
    let page = browser.page("/views").await;
    assert!(page.contains("Warm ones") && page.contains("Only me"), "{page}");
    assert!(browser.page(&format!("/leads?view={hot}")).await.contains("aria-sort=\"ascending\""), "it shows the same");
    assert!(!seller.page("/views").await.contains("Warm ones"));
    assert_eq!(browser.post(&share, "do=remove").await.location(), "/views");
    assert!(!browser.page("/views").await.contains("Warm ones"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_opens_with_the_view_that_was_chosen() {
    let (world, mut browser) = set_up(Locale::En).await;
    let (ours, everybodys) = view(&mut browser, "module=leads&name=Ours&audience=all&sort=name").await;
    assert_eq!(browser.get("/leads").await.status, StatusCode::OK);
    browser.post("/views/first", &format!("module=leads&view={everybodys}&for=them&on=true")).await;
    assert_eq!(browser.get("/leads").await.location(), ours);
    let mut seller = colleague(&world, "salesperson").await;
    seller.post("/leads/new", "name=Anna").await.made();
    assert_eq!(seller.get("/leads").await.location(), ours, "everybody's");
    assert_eq!(seller.get("/deals").await.status, StatusCode::OK, "of that list alone");
    // The list as it is has an address all the same, and stays it whatever is done in it.
    let page = seller.page("/leads?view=").await;
    assert!(
        page.contains("href=\"/leads?view=\" aria-current=\"page\"") && !page.contains("aria-sort=\"asc"),
        "{page}"
    );
    assert!(page.contains("href=\"/leads?view=&amp;sort=name\""), "{page}");

    let (own, id) = view(&mut seller, "module=leads&name=Own&audience=private&sort=-name").await;
    seller.post("/views/first", &format!("module=leads&view={id}&for=me&on=true")).await;
    assert_eq!(seller.get("/leads").await.location(), own, "one's own goes before everybody's");
    assert_eq!(browser.get("/leads").await.location(), ours);
    let page = seller.page("/views").await;
    assert!(page.contains("opens for you") && page.contains("opens for everybody"), "{page}");
    seller.post("/views/first", "module=leads&view=&for=me&on=true").await;
    assert_eq!(seller.get("/leads").await.status, StatusCode::OK, "also that the list opens as it is");
    seller.post("/views/first", "module=leads&view=&for=me&on=false").await;
    assert_eq!(seller.get("/leads").await.location(), ours);

    let refused = seller.post("/views/first", &format!("module=leads&view={everybodys}&for=them&on=false")).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "for others only administrators choose");
    let private = browser.post("/views/first", &format!("module=leads&view={id}&for=them&on=true")).await;
    assert_eq!(private.status, StatusCode::NOT_FOUND, "and nothing that is somebody's own");
    browser.post(&format!("/views/{everybodys}/share"), "do=remove").await;
    assert_eq!(seller.get("/leads").await.status, StatusCode::OK, "a view that is gone opens nothing");
}
