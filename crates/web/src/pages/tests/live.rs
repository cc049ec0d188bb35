//! The palette, quick add, rows of a list by themselves, conflicts, sessions that have ended.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use model::Locale;

use super::browser::{Answer, Browser};
use super::{colleague, set_up, toast};

const PARTIAL: [(&str, &str); 2] = [("hx-request", "true"), ("sec-fetch-site", "same-origin")];

async fn part(browser: &mut Browser, path: &str) -> Answer {
    browser.send(Method::GET, path, Body::empty(), &PARTIAL).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_palette_finds_records_and_offers_what_one_may_make() {
    let (world, mut browser) = set_up(Locale::Ru).await;
    browser.post("/leads/new", "name=Семёнов+Пётр&company=Три+кита").await.made();
    browser.post("/accounts/new", "name=Семёнов+и+сыновья").await.made();
    let hits = part(&mut browser, "/search/hits?q=семенов").await.text;
    assert!(hits.contains("Семёнов Пётр") && hits.contains("Семёнов и сыновья") && hits.contains("aria-label=\"Лид\""));
    assert!(hits.contains("/search?q="));
    assert_eq!(part(&mut browser, "/search/hits?q=такого-нет").await.text, "");
    let palette = part(&mut browser, "/search/palette").await.text;
    assert!(palette.contains("data-quick=\"leads\"") && !palette.contains("data-quick=\"orders\""));
    let mut door = colleague(&world, "door").await;
    let palette = part(&mut door, "/search/palette").await.text;
    assert!(!palette.contains("data-quick"), "who may make nothing is offered nothing");
    assert_eq!(part(&mut door, "/search/hits?q=семенов").await.text, "", "and finds no lead");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_is_added_without_leaving_the_page() {
    let (_world, mut browser) = set_up(Locale::Ru).await;
    let dialog = part(&mut browser, "/leads/new?name=Анна").await.text;
    assert!(dialog.starts_with("<dialog") && dialog.contains("value=\"Анна\"") && dialog.contains("data-quick-module"));
    let refused = browser.post_with("/leads/new", "name=Анна&email=не+почта", &PARTIAL).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.starts_with("<dialog") && refused.text.contains("value=\"не почта\""));
    assert!(refused.text.contains("Проверьте адрес почты"));
    let made = browser.post_with("/leads/new", "name=Анна&email=anna@example.org", &PARTIAL).await;
    assert_eq!(made.status, StatusCode::NO_CONTENT);
    let told = toast(made.headers["hx-trigger"].to_str().unwrap())["toast"].clone();
    assert_eq!(told["link"]["label"], "Анна");
    let page = browser.page(told["link"]["href"].as_str().unwrap()).await;
    assert!(page.contains("example.org"), "the address may be broken after its sign");
    browser.post(told["undo"]["href"].as_str().unwrap(), "next=/leads").await;
    assert!(browser.page("/leads").await.contains("пока ничего нет"), "the message takes it back");
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_are_had_by_themselves_as_far_as_the_list_holds_them() {
    let (_world, mut browser) = set_up(Locale::Ru).await;
    let hot = browser.post("/leads/new", "name=Анна&readiness=hot").await.made();
    let cold = browser.post("/leads/new", "name=Борис&readiness=cold").await.made();
    browser.post("/leads/new", "name=Вера&readiness=hot").await.made();
    let page = browser.page(&format!("/leads?filter=readiness+%3D%3D+%22hot%22&only={hot},{cold}")).await;
    assert!(page.contains("Анна") && !page.contains("Борис") && !page.contains("Вера"));
    let nothing = browser.page("/leads?only=").await;
    assert!(!nothing.contains("Вера"));
    let rows = part(&mut browser, &format!("/leads?filter=readiness+%3D%3D+%22hot%22&only={hot},{cold}")).await.text;
    assert!(
        rows.starts_with("<table data-rows><tbody><tr data-id=") && rows.contains(&format!("/leads/{hot}")),
        "{rows}"
    );
    assert!(!rows.contains("Борис") && !rows.contains("side-menu"), "rows and nothing around them");
    assert_eq!(page.matches("<tr data-id=").count(), rows.matches("<tr data-id=").count());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_overtaken_chooses_between_mine_theirs_and_what_was() {
    for (take, kept) in [("mine", "Эпсилон"), ("theirs", "Ядро"), ("original", "Вектор")] {
        let (_world, mut browser) = set_up(Locale::Ru).await;
        let id = browser.post("/leads/new", "name=Анна&company=Вектор&source=Сайт").await.made();
        browser
            .post(&format!("/leads/{id}/edit?field=company"), "version=1&was.company=Вектор&company=Ядро")
            .await
            .made();
        let address = format!("/leads/{id}/edit?field=company");
        let mine = "version=1&was.company=Вектор&company=Эпсилон";
        let asked = browser.post_with(&address, mine, &PARTIAL).await;
        assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
        for value in ["Эпсилон", "Ядро", "Вектор", "Мария Вершинина", "take.company"] {
            assert!(asked.text.contains(value), "{value}: {}", asked.text);
        }
        let again = "version=2&was.company=Ядро&original.company=Вектор&company=Эпсилон";
        let saved = browser.post_with(&address, &format!("{again}&take.company={take}"), &PARTIAL).await;
        assert_eq!(saved.status, StatusCode::OK, "{}", saved.text);
        assert!(saved.text.contains(kept), "{take}: {}", saved.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_that_is_asked_for_without_a_session_leads_nowhere() {
    let (_world, mut browser) = set_up(Locale::Ru).await;
    browser.cookies.clear();
    let refused = part(&mut browser, "/leads/new").await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    assert!(!refused.headers.contains_key("hx-redirect"), "the page stays, with what was typed in it");
}
