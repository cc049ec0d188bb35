//! From the public form to the ticket: the buyer's pages and what staff do meanwhile.

use axum::http::StatusCode;
use model::Locale;

use super::browser::Browser;
use super::{on_sale, ordered, set_up};

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_is_ordered_paid_and_drawn() {
    let (world, mut staff) = set_up(Locale::Ru).await;
    let (event, kind) = on_sale(&mut staff).await;
    let mut buyer = Browser::new(&world, Locale::Ru);
    let form = buyer.page("/e/spring").await;
    assert!(form.contains("Ява-клуб") && form.contains("JavaВесна") && form.contains("10\u{a0}000\u{a0}₽"));
    assert!(form.len() < 40_000 && !form.contains("<script"), "light, and without a script");
    let page = ordered(&world, &kind).await;
    let waiting = buyer.page(&page).await;
    assert!(waiting.contains("Ждём оплату") && waiting.contains("20\u{a0}000\u{a0}₽") && waiting.contains("Анна Ли"));

    let overview = staff.page(&format!("/events/{event}")).await;
    assert!(overview.contains("Участник") && overview.contains("Пётр Ли") && overview.contains("Страница заказа"));
    let list = staff.page("/orders").await;
    let order = list.split("href=\"/orders/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let record = staff.page(&format!("/orders/{order}")).await;
    assert!(record.contains("Внести платёж") && record.contains("Проверка оплаты"));
    staff.page(&format!("/orders/{order}/payments")).await;
    let none = staff.post(&format!("/orders/{order}/payments"), "amount=0&method=bank").await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    let booked = staff
        .post(&format!("/orders/{order}/payments"), "amount=20+000,00&method=bank&received_at=&reference=17")
        .await;
    assert_eq!(booked.location(), format!("/orders/{order}"), "{}", booked.text);

    let record = staff.page(&format!("/orders/{order}")).await;
    assert!(record.contains("Оплачен") && record.contains("/pdf\""));
    let paid = buyer.page(&page).await;
    assert!(paid.contains("Билет у Вас") && paid.contains(&format!("{page}/tickets/all")));
    let file = buyer.get(&format!("{page}/tickets/all")).await;
    assert_eq!((file.status, file.headers["content-type"].to_str().unwrap()), (StatusCode::OK, "application/pdf"));
    assert_eq!(buyer.get(&format!("{page}/tickets/NOSUCHCODE")).await.status, StatusCode::NOT_FOUND);
    for module in ["tickets", "payments", "participants", "accounts", "contacts", "messages"] {
        let list = staff.page(&format!("/{module}")).await;
        let id = list.split(&format!("href=\"/{module}/")).find(|rest| rest.len() > 36 && rest.as_bytes()[36] == b'"');
        let id = id.unwrap_or_else(|| panic!("no record in {module}"));
        staff.page(&format!("/{module}/{}", &id[..36])).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_form_keeps_everything_and_asks_who_comes() {
    let (world, mut staff) = set_up(Locale::Ru).await;
    let (_, kind) = on_sale(&mut staff).await;
    let mut buyer = Browser::new(&world, Locale::En);
    let nothing = buyer.post("/e/spring", "buyer_name=Ann&buyer_email=ann@&utm_source=telegram").await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nothing.text.contains("Choose at least one ticket") && nothing.text.contains("Without your consent"));
    assert!(nothing.text.contains("value=\"Ann\"") && nothing.text.contains("value=\"telegram\""));
    assert!(nothing.text.contains("id=\"buyer_email-error\""));
    let two = format!("count.{kind}=2&buyer_name=Ann&buyer_email=ann@example.org&consent=yes");
    let second = buyer.post("/e/spring", &two).await;
    assert_eq!(second.status, StatusCode::OK);
    assert!(second.text.contains("Who will come") && second.text.contains(&format!("attendee.{kind}.1.name")));
    let wrong = buyer.post("/e/spring", &format!("{two}&attendees=asked&attendee.{kind}.1.email=nobody")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains(&format!("attendee.{kind}.1.email-error")), "{}", wrong.text);
    let robot = buyer.post("/e/spring", &format!("{two}&attendees=asked&website=http://spam.example")).await;
    assert_eq!(robot.location(), "/e/spring");
    assert!(staff.page("/orders").await.contains("пока ничего нет"), "nothing was ordered");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_gone_is_said_to_be_gone() {
    let (world, mut staff) = set_up(Locale::Ru).await;
    let (event, kind) = on_sale(&mut staff).await;
    for _ in 0..5 {
        ordered(&world, &kind).await;
    }
    let mut buyer = Browser::new(&world, Locale::En);
    assert!(buyer.page("/e/spring").await.contains("All tickets are sold"));
    staff
        .post(&format!("/events/{event}/edit?field=status"), "version=1&was.status=on_sale&status=closed")
        .await
        .made();
    assert!(buyer.page("/e/spring").await.contains("No tickets are on sale now"));
    staff.post(&format!("/events/{event}/edit?field=status"), "version=2&was.status=closed&status=draft").await.made();
    assert_eq!(buyer.get("/e/spring").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_buyer_cancels_after_being_asked() {
    let (world, mut staff) = set_up(Locale::Ru).await;
    let (_, kind) = on_sale(&mut staff).await;
    let page = ordered(&world, &kind).await;
    let mut buyer = Browser::new(&world, Locale::En);
    assert!(buyer.page(&page).await.contains("Cancel the order"));
    assert!(buyer.page(&format!("{page}/cancel")).await.contains("Keep the order"));
    assert_eq!(buyer.post(&format!("{page}/cancel"), "").await.location(), page);
    assert!(buyer.page(&page).await.contains("The order is cancelled"));
    assert_eq!(buyer.get(&format!("{page}/cancel")).await.location(), page);
    assert!(staff.page("/orders").await.contains("Отменён"));
}
