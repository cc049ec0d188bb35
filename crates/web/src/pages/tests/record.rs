//! Records: reading, changing in place, conflicts, moves, duplicates.

use axum::http::StatusCode;
use model::Locale;

use super::browser::Browser;
use super::{set_up, toast};

const PARTIAL: [(&str, &str); 2] = [("hx-request", "true"), ("sec-fetch-site", "same-origin")];

async fn part(browser: &mut Browser, path: &str) -> String {
    browser.send(axum::http::Method::GET, path, axum::body::Body::empty(), &PARTIAL).await.text
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_keeps_what_was_typed_and_says_what_is_wrong() {
    let (_world, mut browser) = set_up(Locale::Ru).await;
    let wrong = browser.post("/leads/new", "name=&email=не+почта&phone=123&company=Три+кита").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("value=\"Три кита\"") && wrong.text.contains("value=\"не почта\""));
    assert!(wrong.text.contains("Проверьте адрес почты") && wrong.text.contains("id=\"email-error\""));
    assert!(browser.page("/leads").await.contains("пока ничего нет"));
}

#[tokio::test(flavor = "multi_thread")]
async fn fields_change_in_their_place() {
    let (_world, mut browser) = set_up(Locale::Ru).await;
    let id = browser.post("/leads/new", "name=Анна&company=Вектор").await.made();
    let address = format!("/leads/{id}/edit?field=company");
    let control = part(&mut browser, &address).await;
    assert!(control.starts_with("<dd class=\"edit\">") && control.contains("value=\"Вектор\""), "{control}");
    let saved = browser.post_with(&address, "version=1&was.company=Вектор&company=Ядро", &PARTIAL).await;
    assert!(saved.text.starts_with("<dd>") && saved.text.contains("Ядро"), "{}", saved.text);
    assert_eq!(toast(saved.headers["hx-trigger"].to_str().unwrap())["toast"]["text"], "Сохранено");
    let page = browser.page(&format!("/leads/{id}")).await;
    assert!(page.contains("<del>Вектор</del> → <ins>Ядро</ins>"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_comes_second_sees_both_values_and_decides() {
    let (_world, mut browser) = set_up(Locale::Ru).await;
    let id = browser.post("/leads/new", "name=Анна&company=Вектор").await.made();
    let address = format!("/leads/{id}/edit?field=company");
    browser.post(&address, "version=1&was.company=Вектор&company=Ядро").await.made();
    let late = browser.post(&address, "version=1&was.company=Вектор&company=Эпсилон").await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(late.text.contains("изменили на «Ядро»") && late.text.contains("value=\"Эпсилон\""));
    // Another field that changed meanwhile stands in nobody's way.
    browser.post(&format!("/leads/{id}/edit?field=source"), "version=1&was.source=&source=Звонок").await.made();
    let again = browser.post(&address, "version=3&was.company=Ядро&company=Эпсилон").await;
    assert_eq!(again.made(), id);
    assert!(browser.page(&format!("/leads/{id}")).await.contains("Эпсилон"));
}

#[tokio::test(flavor = "multi_thread")]
async fn moves_ask_for_what_they_need() {
    let (_world, mut browser) = set_up(Locale::Ru).await;
    let id = browser.post("/leads/new", "name=Анна&email=anna@example.org").await.made();
    let base = format!("/leads/{id}/transitions");
    browser.post(&format!("{base}/contact"), "").await.made();
    let dialog = part(&mut browser, &format!("{base}/qualify")).await;
    assert!(dialog.starts_with("<dialog") && dialog.contains("name=\"need\""));
    let missing = browser.post(&format!("{base}/qualify"), "company=Вектор&need=").await;
    assert_eq!(missing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(missing.text.contains("value=\"Вектор\"") && missing.text.contains("Заполните это поле"));
    browser.post(&format!("{base}/qualify"), "company=Вектор&need=Стенд").await.made();
    let refused = browser.post(&format!("{base}/contact"), "").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("Сейчас это сделать нельзя"));
    assert!(browser.page(&format!("/leads/{id}")).await.contains("Квалифицирован"));
}

#[tokio::test(flavor = "multi_thread")]
async fn possible_duplicates_are_shown() {
    let (_world, mut browser) = set_up(Locale::Ru).await;
    let one = browser.post("/leads/new", "name=Анна&email=anna@example.org").await.made();
    browser.post("/contacts/new", "name=А.+Ли&email=anna@example.org").await.made();
    let page = browser.page(&format!("/leads/{one}")).await;
    assert!(page.contains("Похоже на дубль") && page.contains("А. Ли") && page.contains("совпала почта"));
}

#[tokio::test(flavor = "multi_thread")]
async fn data_is_never_markup() {
    let (_world, mut browser) = set_up(Locale::En).await;
    let id = browser.post("/leads/new", "name=%3Cscript%3Ealert(1)%3C/script%3E&need=%3Cimg+src=x%3E").await.made();
    for path in [format!("/leads/{id}"), "/leads".to_owned(), format!("/leads/{id}/edit")] {
        let page = browser.page(&path).await;
        assert!(!page.contains("<script>alert") && !page.contains("<img src=x"), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_planned_about_a_record() {
    let (_world, mut browser) = set_up(Locale::Ru).await;
    let lead = browser.post("/leads/new", "name=Anna").await.made();
    let at = format!("/activities/new?kind=call&about=leads/{lead}");
    assert!(browser.page(&format!("/leads/{lead}")).await.contains(&at.replace('&', "&amp;")));
    let form = browser.page(&at).await;
    assert!(form.contains("value=\"call\" selected") && form.contains(&format!("value=\"leads/{lead}\"")), "{form}");
    // What was typed is kept, and what it is about with it.
    let refused = browser.post("/activities/new", &format!("kind=call&subject=&about=leads/{lead}")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains(&format!("value=\"leads/{lead}\"")), "{}", refused.text);
    browser.post("/activities/new", &format!("kind=call&subject=Позвонить&about=leads/{lead}")).await.made();
    assert!(browser.page(&format!("/leads/{lead}")).await.contains("Позвонить"), "it stands in the story");
    let nobody = "00000000-0000-7000-8000-000000000000";
    let stray = browser.post("/activities/new", &format!("kind=call&subject=x&about=leads/{nobody}")).await;
    assert_eq!(stray.status, StatusCode::UNPROCESSABLE_ENTITY);
}
