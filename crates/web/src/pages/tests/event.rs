//! The page of an event: what is sold, and for whom it is drawn.

use model::Locale;

use super::{colleague, on_sale, ordered, set_up};

#[tokio::test(flavor = "multi_thread")]
async fn seats_prices_and_days_are_shown_to_those_who_sell() {
    let (world, mut boss) = set_up(Locale::Ru).await;
    let (event, kind) = on_sale(&mut boss).await;
    ordered(&world, &kind).await;
    let mut seller = colleague(&world, "salesperson").await;
    for page in [boss.page(&format!("/events/{event}")).await, seller.page(&format!("/events/{event}")).await] {
        assert!(
            page.contains("Участник") && page.contains("10\u{a0}000\u{a0}₽") || page.contains("RUB\u{a0}10,000"),
            "{page}"
        );
        assert!(page.contains("<progress") && page.contains("0\u{a0}%"));
        for tab in ["orders", "tickets", "ticket_types", "participants"] {
            assert!(page.contains(&format!("href=\"/{tab}?filter=")), "{tab}");
        }
    }
    let page = boss.page(&format!("/events/{event}")).await;
    let days = page.split("<table class=\"bars\"").nth(2).unwrap().split("</table>").next().unwrap();
    assert_eq!(days.matches("<time").count(), 7, "a week, though sold on one day only: {days}");
    let last = days.split("<time").last().unwrap();
    assert!(last.contains("value=\"2\" max=\"2\""), "two tickets today: {last}");
    assert_eq!(days.matches("value=\"0\"").count(), 6);
    let menu = page.split("side-menu").nth(1).unwrap().split("</nav>").next().unwrap();
    assert_eq!(menu.matches("<small>").count(), 1, "records are not counted for the menu: {menu}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_hidden_is_not_drawn() {
    let (world, mut boss) = set_up(Locale::Ru).await;
    let (event, kind) = on_sale(&mut boss).await;
    ordered(&world, &kind).await;
    for role in ["door", "reviewer", "secretary"] {
        let mut other = colleague(&world, role).await;
        let page = other.page(&format!("/events/{event}")).await;
        assert!(page.contains("JavaВесна"));
        for hidden in ["<progress", "10,000", "10\u{a0}000", "\u{a0}%", "Пётр Ли"] {
            assert!(!page.contains(hidden), "{role} sees {hidden}: {page}");
        }
        assert_eq!(page.contains("Участник"), role == "door", "ticket types are for those who read them");
        assert_eq!(page.contains("href=\"/ticket_types?filter="), role == "door");
        assert!(!page.contains("href=\"/orders?filter="));
    }
}
