//! The first run: what is chosen is what one gets, the sample leaves at once, first steps are done when the data says so.

use axum::http::StatusCode;
use model::Locale;

use super::{colleague, empty, fill, on_sale, set_up};

#[tokio::test(flavor = "multi_thread")]
async fn the_sample_is_there_when_asked_for_and_leaves_with_one_click() {
    for locale in Locale::ALL {
        let (world, mut browser) = fill(empty(), locale, "&sample=true").await;
        let start = browser.page("/start").await;
        assert!(start.contains("href=\"/settings/sample\""), "{start}");
        assert!(browser.page("/settings/organisation").await.contains("href=\"/settings/sample\""));
        assert!(browser.page("/orders").await.contains("href=\"/orders/"), "there are orders");
        let mut other = colleague(&world, "organiser").await;
        assert!(!other.page("/start").await.contains("/settings/sample"), "others are not bothered");
        assert_eq!(other.get("/settings/sample").await.status, StatusCode::FORBIDDEN);
        assert_eq!(other.post("/settings/sample/remove", "").await.status, StatusCode::FORBIDDEN);
        let asked = browser.page("/settings/sample").await;
        assert!(asked.contains("action=\"/settings/sample/remove\""));
        let gone = browser.post("/settings/sample/remove", "").await;
        assert_eq!(gone.location(), "/start?removed=true", "{}", gone.text);
        assert!(!browser.page("/start?removed=true").await.contains("href=\"/settings/sample\""));
        assert!(!browser.page("/orders").await.contains("href=\"/orders/0"));
        assert!(!browser.page("/settings/sample").await.contains("action=\"/settings/sample/remove\""));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn first_steps_are_done_by_the_data_and_put_away_by_their_reader() {
    let (world, mut browser) = set_up(Locale::En).await;
    let done = |page: &str| page.matches("<li class=\"done\"").count();
    assert_eq!(done(&browser.page("/start").await), 0);
    on_sale(&mut browser).await;
    browser.post("/leads/new", "name=Anna").await.made();
    let page = browser.page("/start").await;
    assert_eq!(done(&page), 3, "an event, on sale, and a lead: {page}");
    let mut door = colleague(&world, "door").await;
    let page = door.page("/start").await;
    assert!(page.contains("Let the first guest in") && !page.contains("Write down the first lead"), "{page}");
    let mut accountant = colleague(&world, "accountant").await;
    let page = accountant.page("/start").await;
    assert!(page.contains("Book the first payment") && !page.contains("Write down the first lead"), "{page}");
    assert_eq!(done(&browser.page("/start").await), 4, "there are colleagues now");

    assert_eq!(browser.get("/").await.location(), "/start");
    assert_eq!(browser.post("/start", "away=true").await.location(), "/");
    assert_eq!(browser.get("/").await.location(), "/orders");
    assert!(browser.page("/orders").await.contains("href=\"/start\""), "the menu leads there");
    assert_eq!(accountant.get("/").await.location(), "/start", "everybody for themselves");
    assert_eq!(browser.post("/start", "away=false").await.location(), "/start");
    assert_eq!(browser.get("/").await.location(), "/start");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_kind_that_is_organised_decides_what_one_gets() {
    for (chosen, has_events) in [("exhibition", true), ("other", false)] {
        let world = empty();
        let mut browser = super::browser::Browser::new(&world, Locale::En);
        let form = format!(
            "organisation=Club&organises={chosen}&locale=en&name=Maria&email=maria@java.example&password=long+enough+password"
        );
        let answer = browser.post("/set-up", &form).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/"), "{}", answer.text);
        let status = browser.get("/events").await.status;
        assert_eq!(status == StatusCode::OK, has_events, "{chosen}: {status}");
        if has_events {
            let event = browser.post("/events/new", "name=Fair&slug=fair&starts_on=2099-01-01").await.made();
            let page = browser.page(&format!("/events/{event}/edit?field=kind")).await;
            assert!(page.contains("value=\"exhibition\" selected"), "{page}");
        }
        assert!(!browser.page("/start").await.contains("href=\"/settings/sample\""), "nobody asked for a sample");
    }
}
