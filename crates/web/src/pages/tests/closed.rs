//! A page that a role does not open: it stands among those that are open, and says its thing once.

use axum::http::StatusCode;
use model::Locale;

use super::{colleague, set_up};
use crate::ui::Words;

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_page_keeps_the_menu_and_says_why_once() {
    let (world, _administrator) = set_up(Locale::En).await;
    let mut seller = colleague(&world, "salesperson").await;
    let closed = seller.get("/settings/modules").await;
    assert_eq!(closed.status, StatusCode::FORBIDDEN);
    assert!(closed.text.contains("side-menu") && closed.text.contains("href=\"/leads\""), "{}", closed.text);
    let says = |key: &str| closed.text.matches(&Locale::En.say(key)).count();
    assert_eq!((says("page-error-forbidden-text"), says("error-missing_right")), (1, 0), "{}", closed.text);
}
