//! Fields that hold JSON are written by hand, and told by the line where it is none.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use model::Locale;
use serde_json::json;

use super::set_up;

fn encoded(form: &[(&str, &str)]) -> String {
    serde_urlencoded::to_string(form).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_json_stays_beside_its_line() {
    let (_world, mut browser) = set_up(Locale::Ru).await;
    let field = json!({"name": "facts", "type": "json", "label": {"ru": "Сведения", "en": "Facts"}}).to_string();
    let headers = [("content-type", "application/json"), ("sec-fetch-site", "same-origin")];
    let added = browser.send(Method::POST, "/api/v1/meta/modules/leads/fields", Body::from(field), &headers).await;
    assert_eq!(added.status, StatusCode::CREATED, "{}", added.text);
    assert!(browser.page("/leads/new").await.contains("<textarea class=\"code\" id=\"facts\""));

    let wrong = "{\n  \"a\": 1,\n  b\n}";
    let refused = browser.post("/leads/new", &encoded(&[("name", "Anna"), ("facts", wrong)])).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.text.contains("id=\"facts-error\"") && refused.text.contains("посмотрите на строку 3"),
        "{}",
        refused.text
    );
    assert!(refused.text.contains("  b\n}</textarea>"), "what was typed stays: {}", refused.text);

    let lead = browser.post("/leads/new", &encoded(&[("name", "Anna"), ("facts", "{\"a\": 1}")])).await.made();
    let edit = format!("/leads/{lead}/edit?field=facts");
    assert!(browser.page(&edit).await.contains("{\n  &quot;a&quot;: 1\n}</textarea>"));
    let was = "{\n  \"a\": 1\n}";
    let refused = browser.post(&edit, &encoded(&[("version", "1"), ("was.facts", was), ("facts", wrong)])).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("посмотрите на строку 3"), "{}", refused.text);
    browser.post(&edit, &encoded(&[("version", "1"), ("was.facts", was), ("facts", "[1, 2]")])).await.made();
    assert!(browser.page(&edit).await.contains("[\n  1,\n  2\n]</textarea>"));
}
