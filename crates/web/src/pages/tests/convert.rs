//! A lead becomes a client, what came in is sorted, what was rejected is corrected: by plain forms.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use model::Locale;
use serde_json::{Value, json};

use super::browser::Browser;
use super::{colleague, set_up};

/// A request to the API by the session of the browser.
async fn api(browser: &mut Browser, path: &str, body: Value) -> Value {
    let headers = [("content-type", "application/json"), ("sec-fetch-site", "same-origin")];
    let answer = browser.send(Method::POST, path, Body::from(body.to_string()), &headers).await;
    assert!(answer.status.is_success(), "{path}: {}", answer.text);
    serde_json::from_str(&answer.text).unwrap()
}

fn id(record: &Value) -> &str {
    record["id"].as_str().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lead_is_converted_without_script_and_a_name_alone_has_to_be_chosen() {
    let (world, mut browser) = set_up(Locale::Ru).await;
    let account = browser.post("/accounts/new", "name=Ромашка&kind=organisation").await.made();
    let lead =
        browser.post("/leads/new", "name=Анна+Котова&company=Ромашка&email=kotova@romashka.example").await.made();
    let page = browser.page(&format!("/leads/{lead}")).await;
    let at = format!("/leads/{lead}/convert");
    assert!(page.contains(&format!("href=\"{at}\"")), "{page}");
    let sheet = browser.page(&at).await;
    assert!(sheet.contains(&account) && sheet.contains("совпало имя") && sheet.contains("Совпадает только название"));

    let refused = browser.post(&at, "contact=new&with_deal=yes&name=Ромашка&pipeline=sponsorship").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("Выберите, кто это"), "{}", refused.text);
    let refused = browser
        .post(&at, &format!("account={account}&contact=new&with_deal=yes&name=&pipeline=sponsorship&amount=x"))
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);

    let form =
        format!("account={account}&contact=new&with_deal=yes&name=Золотой+пакет&pipeline=sponsorship&amount=300+000");
    let done = browser.post(&at, &form).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let page = browser.page(done.location()).await;
    assert!(page.contains("Золотой пакет") && page.contains("Стал клиентом"), "{page}");
    assert!(!page.contains(&at), "once is enough");
    assert_eq!(browser.get(&at).await.status, StatusCode::CONFLICT);

    // Whoever does not see the lead finds no sheet.
    let mut boris = colleague(&world, "salesperson").await;
    assert_eq!(boris.get(&at).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_queue_is_sorted_without_script() {
    let (world, mut browser) = set_up(Locale::Ru).await;
    let letter = json!({"channel": "email", "direction": "in", "subject": "Хотим стенд", "from": "wrong", "from_name": "Анна Котова"});
    let letter = api(&mut browser, "/api/v1/messages", letter).await;
    let queue = browser.page("/messages/queue").await;
    assert!(queue.contains("Хотим стенд") && queue.contains("Анна Котова"), "{queue}");
    assert!(queue.contains("<span class=\"dim\">wrong</span>"), "how to reach her stands beside her name: {queue}");
    let at = format!("/messages/{}/sort", id(&letter));
    assert!(browser.page(&format!("{at}?as=lead&from=queue")).await.contains("value=\"wrong\""));

    let refused = browser.post(&at, "as=lead&from=queue&name=Анна+Котова&email=wrong").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("email-error"), "{}", refused.text);
    let done = browser.post(&at, "as=lead&from=queue&name=Анна+Котова&email=kotova@romashka.example").await;
    assert!(done.location().starts_with("/messages/queue?done="), "{} {}", done.status, done.text);
    // What became of it is told with the way there, and the menu knows the page.
    let told = browser.page(done.location()).await;
    let toast = told.split("toast good").nth(1).unwrap_or_default();
    assert!(toast.contains("Создан лид") && toast.contains("href=\"/leads/"), "{told}");
    assert!(told.contains("href=\"/messages/queue\" title=\"Входящие\" aria-current=\"page\""), "{told}");
    assert!(!browser.page("/messages/queue").await.contains("Хотим стенд"));
    assert!(browser.page("/leads").await.contains("Анна Котова"));
    assert_eq!(browser.get(&at).await.status, StatusCode::CONFLICT, "something was made of it");

    // A call is its taker's; whoever may only look is offered nothing.
    let call =
        browser.post("/messages/call", "from=%2B79211234567&from_name=Пётр+Ли&subject=Про+стенд&text=").await.made();
    let page = browser.page(&format!("/messages/{call}")).await;
    assert!(page.contains("sort?as=person") && page.contains("Телефон"), "{page}");
    let aside = browser.post(&format!("/messages/{call}/sort"), "as=nothing&from=&aside_reason=Ошиблись+номером").await;
    assert!(aside.location().starts_with(&format!("/messages/{call}")), "{}", aside.text);
    let ignored = browser.page("/messages/queue?part=aside").await;
    assert!(ignored.contains("Про стенд") && ignored.contains("Ошиблись номером"), "{ignored}");
    assert!(browser.page("/messages/queue?part=aside&q=стенд").await.contains("Ошиблись номером"));
    assert!(!browser.page("/messages/queue?part=aside&q=мост").await.contains("Ошиблись номером"));
    let mut accountant = colleague(&world, "door").await;
    assert_eq!(accountant.get("/messages/queue").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_has_in_hand_is_taken_over_without_script() {
    let (world, mut browser) = set_up(Locale::Ru).await;
    let letter =
        json!({"channel": "email", "direction": "in", "subject": "Хотим стенд", "from": "kotova@romashka.example"});
    let letter = api(&mut browser, "/api/v1/messages", letter).await;
    let at = format!("/messages/{}/sort", id(&letter));
    let mut anna = colleague(&world, "secretary").await;
    let taken = anna.post(&at, "as=mine&from=queue").await;
    assert!(taken.location().starts_with("/messages/queue?done="), "{} {}", taken.status, taken.text);
    assert!(!anna.page("/messages/queue").await.contains("Хотим стенд"));
    let mine = anna.page("/messages/queue?part=mine").await;
    assert!(mine.contains("Хотим стенд") && mine.contains("/write?from=mine"), "{mine}");
    assert!(mine.contains("data-act=\"answer\"") && !mine.contains("data-act=\"take\""), "{mine}");

    // Whoever is slower sees the inbox as it is, and who was faster.
    let late = browser.post(&at, "as=mine&from=queue").await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.text.contains("Это уже у сотрудника") && late.text.contains("id=\"inbox-messages\""), "{}", late.text);
    let ours = browser.page("/messages/queue?part=ours").await;
    assert!(ours.contains("Забрать себе") && !ours.contains("as=case"), "{ours}");
    let holder = ours.split("name=\"holder\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let over = browser.post(&at, &format!("as=mine&from=ours&holder={holder}")).await;
    assert!(over.location().starts_with("/messages/queue?part=ours&done="), "{} {}", over.status, over.text);
    assert!(browser.page("/messages/queue?part=mine").await.contains("as=case"));
    let given = anna.page(&format!("{at}?as=person&from=mine")).await;
    assert!(given.contains("name=\"owner\"") || given.contains("id=\"owner\""), "{given}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejected_request_shows_what_is_wrong_and_keeps_what_is_typed() {
    let (_world, mut browser) = set_up(Locale::En).await;
    let request = json!({"source": "import", "module": "leads", "fields": {"name": "Brenda", "email": "brenda-at", "company": "Stone"}});
    let kept = api(&mut browser, "/api/v1/intake", request).await;
    let page = format!("/rejected_requests/{}", id(&kept["rejected"]));
    let at = format!("{page}/resubmit");
    let whole = browser.page(&page).await;
    assert!(whole.contains(&at));
    let came = whole.split("What came and what is wrong").nth(1).unwrap_or_default();
    assert!(came.contains("brenda-at<br>") && came.contains("Check the e-mail"), "{whole}");
    let sheet = browser.page(&at).await;
    assert!(
        sheet.contains("value=\"brenda-at\"") && sheet.contains("email-error") && sheet.contains("value=\"Stone\""),
        "{sheet}"
    );
    let again = browser.post(&at, "name=Brenda&email=still-wrong&company=Stone+Ltd").await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.text.contains("still-wrong") && again.text.contains("Stone Ltd"), "{}", again.text);
    let sent = browser.post(&at, "name=Brenda&email=brenda@example.org&company=Stone+Ltd").await;
    assert!(sent.location().starts_with(&page), "{}", sent.text);
    assert!(browser.page("/leads").await.contains("Stone Ltd"));
    assert!(!browser.page("/rejected_requests").await.contains("/rejected_requests/new"), "nobody makes one by hand");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deal_says_in_every_stage_what_it_still_needs() {
    let (_world, mut browser) = set_up(Locale::Ru).await;
    let deal = browser.post("/deals/new", "name=Золотой+пакет&pipeline=sponsorship").await.made();
    let page = browser.page(&format!("/deals/{deal}")).await;
    let wanted =
        |page: &str| page.split("<h2>Чтобы сделка состоялась</h2><div class=\"item\">").nth(1).map(str::to_owned);
    let list = wanted(&page).unwrap_or_default();
    assert!(list.contains(&format!("href=\"/deals/{deal}/edit?field=contract_signed_on\"")), "{page}");
    let lost = browser.post(&format!("/deals/{deal}/transitions/lose"), "lost_reason=Дорого").await;
    assert_eq!(lost.status, StatusCode::SEE_OTHER, "{}", lost.text);
    let page = browser.page(&format!("/deals/{deal}")).await;
    assert_eq!(wanted(&page), None, "it has ended");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stage_that_came_later_was_never_gone_through() {
    let (_world, mut browser) = set_up(Locale::Ru).await;
    let lead = browser.post("/leads/new", "name=Анна+Котова").await.made();
    browser.post(&format!("/leads/{lead}/transitions/contact"), "").await;
    let said = json!({
        "states": {"tried": {"label": {"ru": "Пробовали", "en": "Tried"}, "after": "new"}},
        "transitions": {
            "contact": {"to": "tried"},
            "contact.tried": {"label": {"ru": "Связались", "en": "Contacted"}, "from": ["tried"], "to": "contacted"},
        },
    });
    let headers = [("content-type", "application/json"), ("sec-fetch-site", "same-origin")];
    let body = Body::from(said.to_string());
    let shaped = browser.send(Method::PATCH, "/api/v1/meta/processes/leads", body, &headers).await;
    assert!(shaped.status.is_success(), "{}", shaped.text);
    let page = browser.page(&format!("/leads/{lead}")).await;
    let path = page.split("<ol class=\"path\"").nth(1).unwrap_or_default().split("</ol>").next().unwrap_or_default();
    assert!(
        path.contains("<li class=\"done\" title=\"Новый\">") && path.contains("<li title=\"Пробовали\">"),
        "{path}"
    );
}
