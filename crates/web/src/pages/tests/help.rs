//! Help on every page, as links that work without script, and as parts that the script puts beside the work.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use model::Locale;

use super::browser::Browser;
use super::{colleague, on_sale, set_up};

async fn part(browser: &mut Browser, path: &str) -> String {
    let headers = [("hx-request", "true"), ("sec-fetch-site", "same-origin")];
    let answer = browser.send(Method::GET, path, Body::empty(), &headers).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
    answer.text
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_leads_to_its_section() {
    for locale in Locale::ALL {
        let (_world, mut browser) = set_up(locale).await;
        let lead = browser.post("/leads/new", "name=Anna").await.made();
        for (page, section) in [
            ("/leads".to_owned(), "salesperson#request"),
            ("/deals?as=board".to_owned(), "salesperson#board"),
            ("/activities?as=calendar".to_owned(), "salesperson#calendar"),
            (format!("/leads/{lead}/transitions/lose"), "salesperson#lost"),
            ("/notifications".to_owned(), "salesperson#notices"),
            ("/settings/users".to_owned(), "administrator#people"),
        ] {
            let text = browser.page(&page).await;
            assert!(text.contains(&format!("class=\"helps\" href=\"/help/{section}\" data-help")), "{page}: {text}");
            let (manual, place) = section.split_once('#').unwrap();
            let whole = browser.page(&format!("/help/{manual}")).await;
            assert!(whole.contains(&format!("id=\"{place}\"")), "{manual}#{place}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn manuals_speak_the_language_of_the_visitor() {
    let (_world, mut browser) = set_up(Locale::Ru).await;
    let all = browser.page("/help").await;
    assert!(all.contains("Администратор") && all.contains("href=\"/help/organiser#payment\""), "{all}");
    assert!(browser.page("/help/head-of-sales").await.contains("Руководитель отдела продаж"));
    browser.post("/language", "lang=en&next=/help").await;
    let all = browser.page("/help").await;
    assert!(all.contains("Administrator") && !all.contains("Администратор"), "{all}");
    let manual = browser.page("/help/salesperson").await;
    assert!(
        manual.contains("<article class=\"manual\" lang=\"en\">") && manual.contains("<img src=\"/help/pictures/"),
        "{manual}"
    );
    assert_eq!(browser.get("/help/nonsense").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_section_comes_alone_where_a_part_is_asked_for() {
    let (_world, mut browser) = set_up(Locale::En).await;
    let lost = part(&mut browser, "/help/salesperson?section=lost").await;
    assert!(
        lost.starts_with("<div class=\"manual\" lang=\"en\" data-whole=\"/help/salesperson#lost\"><h2 id=\"lost\">"),
        "{lost}"
    );
    assert_eq!(lost.matches("<h2").count(), 1, "{lost}");
    assert!(!lost.contains("<html"), "{lost}");
    let unknown = part(&mut browser, "/help/salesperson?section=%3Cb%3E").await;
    assert!(unknown.contains("href=\"/help/salesperson#lost\"") && !unknown.contains("<b>"), "{unknown}");
    assert!(part(&mut browser, "/help").await.contains("href=\"/help/administrator\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn help_is_for_those_who_work_here() {
    let (world, _) = set_up(Locale::En).await;
    let mut seller = colleague(&world, "salesperson").await;
    assert!(seller.page("/help").await.contains("href=\"/help/salesperson\""));
    let mut stranger = Browser::new(&world, Locale::En);
    assert_eq!(stranger.get("/help").await.location(), "/sign-in?next=%2Fhelp");
}

#[tokio::test(flavor = "multi_thread")]
async fn empty_lists_teach() {
    for locale in Locale::ALL {
        let (world, mut browser) = set_up(locale).await;
        let hotels = "label_ru=Гостиницы&label_en=Hotels&name=hotels";
        assert_eq!(browser.post("/settings/modules", hotels).await.status, StatusCode::SEE_OTHER);
        let definitions = world.web.app.workspace().knowledge().definitions;
        let modules: Vec<String> =
            definitions.modules().filter(|module| module.menu).map(|module| module.name.clone()).collect();
        assert!(modules.len() > 12 && modules.iter().any(|name| name == "hotels"), "{modules:?}");
        for module in &modules {
            let page = browser.page(&format!("/{module}")).await;
            let empty = page.split("class=\"empty\"").nth(1).unwrap_or_else(|| panic!("{module} is not empty: {page}"));
            let empty = empty.split("</div>").next().unwrap();
            assert_eq!(empty.matches("<p").count(), 2, "a sentence and an example, {module}: {empty}");
            assert_eq!(empty.matches("<a class=\"btn").count(), 1, "a button, {module}: {empty}");
        }
        on_sale(&mut browser).await;
        for module in ["tickets", "payments", "invoices"] {
            let page = browser.page(&format!("/{module}")).await;
            assert!(page.contains("<a class=\"btn\" href=\"/orders\">"), "{module}: where they come from: {page}");
        }
    }
}
