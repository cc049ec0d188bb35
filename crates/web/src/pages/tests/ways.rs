//! Moves as they are offered where a record's stage stands in a list.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use model::Locale;

use super::browser::Browser;
use super::set_up;

async fn part(browser: &mut Browser, path: &str) -> String {
    let answer = browser.send(Method::GET, path, Body::empty(), &[("hx-request", "true")]).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
    answer.text
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cell_of_a_stage_offers_the_moves_that_are_open_or_says_why_there_is_none() {
    let (_world, mut browser) = set_up(Locale::En).await;
    let lead = browser.post("/leads/new", "name=Anna&email=anna@example.org").await.made();
    let list = browser.page("/leads").await;
    assert!(list.contains("data-moves=\"status\""), "{list}");
    let menu = part(&mut browser, &format!("/leads/{lead}/stage")).await;
    assert!(menu.contains("value=\"contacted\"") && menu.contains("value=\"disqualified\""), "{menu}");
    assert!(!menu.contains("value=\"converted\""), "what only the process does is not offered: {menu}");
    let moved = browser.post(&format!("/leads/{lead}/stage"), "by=status&to=contacted&next=/leads").await;
    assert_eq!(moved.status, StatusCode::SEE_OTHER, "{}", moved.text);
    let menu = part(&mut browser, &format!("/leads/{lead}/stage")).await;
    assert!(menu.contains("value=\"qualified\"") && !menu.contains("value=\"contacted\""), "{menu}");
    browser.post(&format!("/leads/{lead}/delete"), "").await;
    let menu = part(&mut browser, &format!("/leads/{lead}/stage")).await;
    assert!(menu.contains("You may not change this record") && !menu.contains("<button"), "{menu}");
    assert!(!browser.page("/leads?deleted=true").await.contains("data-moves"));
}
