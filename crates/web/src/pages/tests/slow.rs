//! A question that takes too long is ended and said to be so; everybody else goes on.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, StatusCode};
use model::Locale;

use super::browser::Browser;
use super::{empty_with, fill};

#[tokio::test(flavor = "multi_thread")]
async fn slow_filters_are_refused_and_stop_nobody() {
    // So short a patience that looking into every lead a hundred times takes too long.
    let (world, mut staff) = fill(empty_with(Duration::from_millis(1)), Locale::En, "&sandbox=true").await;
    for number in 0..150 {
        staff.post("/leads/new", &format!("name=Lead+Number{number}")).await.made();
    }
    let condition = "name.contains(\"x\")";
    let filter = vec![condition; 170].join(" || ").replace(' ', "%20").replace('"', "%22").replace('|', "%7C");
    let page = staff.get(&format!("/leads?filter={filter}")).await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE, "{}", page.text);
    assert!(page.text.contains("Ask for less at once") && page.headers.contains_key("retry-after"), "{}", page.text);
    let own = [("sec-fetch-site", "same-origin")];
    let answer = staff.send(Method::GET, &format!("/api/v1/leads?filter={filter}"), Body::empty(), &own).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{}", answer.text);
    assert!(answer.text.contains("\"code\":\"too_slow\""), "{}", answer.text);
    let mut other = Browser::new(&world, Locale::En);
    let form = "email=maria@java.example&password=длинный+пароль&next=/leads";
    assert_eq!(other.post("/sign-in", form).await.status, StatusCode::SEE_OTHER);
    assert!(other.page("/leads").await.contains("Number149"));
}
