//! What the order form says of a ticket type: what is in it beside its name, and why no more can be chosen.

use model::Locale;

use super::browser::Browser;
use super::{on_sale, set_up};

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_type_says_what_is_in_it_and_how_many_one_order_may_have() {
    let (world, mut staff) = set_up(Locale::Ru).await;
    let (event, plain) = on_sale(&mut staff).await;
    let kind =
        format!("event={event}&name=Семинар&quota=9&max_per_order=3&description=Два+дня&price_tiers.0.price=5+000");
    let kind = staff.post("/ticket_types/new", &kind).await.made();
    let page = Browser::new(&world, Locale::Ru).page("/e/spring").await;
    let row = |kind: &str| {
        let start = page.find(&format!("<label for=\"count.{kind}\"")).unwrap();
        page[start..].split("<label ").nth(1).unwrap().to_owned()
    };
    let limited = row(&kind);
    let places =
        ["Семинар", "осталось 9", "Два дня", "<select", "Не больше 3 в одном заказе"].map(|part| limited.find(part));
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{places:?}: {limited}");
    assert!(!row(&plain).contains("в одном заказе"), "seats alone need no other word");
}
