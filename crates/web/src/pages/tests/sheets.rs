//! What is asked or shown beside a page: a dialog where htmx asks for it, a page where anybody does.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use model::Locale;

use super::{on_sale, ordered, set_up};

#[tokio::test(flavor = "multi_thread")]
async fn every_sheet_is_a_dialog_and_a_page() {
    let (world, mut browser) = set_up(Locale::En).await;
    let (_, kind) = on_sale(&mut browser).await;
    ordered(&world, &kind).await;
    let orders = browser.page("/orders").await;
    let order = orders.split("href=\"/orders/").filter_map(|rest| rest.get(..36)).find(|id| !id.contains('"')).unwrap();
    let lead = browser.post("/leads/new", "name=Anna").await.made();
    for (path, sends) in [
        (format!("/leads/{lead}/transitions/lose"), true),
        (format!("/orders/{order}/payments"), true),
        (format!("/leads/{lead}/files"), true),
        (format!("/leads/{lead}/access"), false),
    ] {
        let part = browser.send(Method::GET, &path, Body::empty(), &[("hx-request", "true")]).await;
        assert_eq!(part.status, StatusCode::OK, "{path}: {}", part.text);
        assert!(part.text.starts_with("<dialog class=\"dialog") && part.text.contains("data-modal"), "{path}");
        let page = browser.page(&path).await;
        assert!(page.contains("<h1>") && !page.contains("data-modal"), "{path}");
        assert_eq!(page.contains(&format!("action=\"{path}\"")), sends, "{path}");
        // Enter presses the first button that sends: it must not be the one that leads back.
        let sending = part.text.split("<button").skip(1).find(|button| !button.contains("type=\"button\""));
        assert_eq!(sending.is_some_and(|button| button.contains("main-action")), sends, "{path}: {}", part.text);
    }
    let payments = format!("/orders/{order}/payments");
    let kept = browser.send(
        Method::POST,
        &payments,
        Body::from("amount=much"),
        &[
            ("hx-request", "true"),
            ("sec-fetch-site", "same-origin"),
            ("content-type", "application/x-www-form-urlencoded"),
        ],
    );
    let kept = kept.await;
    assert_eq!(kept.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", kept.text);
    assert!(kept.text.starts_with("<dialog") && kept.text.contains("value=\"much\""), "{}", kept.text);
}
