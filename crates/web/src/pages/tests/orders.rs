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
    let (_, list) = list.split_once("<tbody>").unwrap();
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

#[tokio::test(flavor = "multi_thread")]
async fn a_buyer_changes_the_names() {
    let (world, mut staff) = set_up(Locale::Ru).await;
    let (event, kind) = on_sale(&mut staff).await;
    let page = ordered(&world, &kind).await;
    let mut buyer = Browser::new(&world, Locale::Ru);
    let names = format!("{page}/names");
    assert!(buyer.page(&page).await.contains(&format!("href=\"{names}\"")));
    let form = buyer.page(&names).await;
    assert!(
        form.contains("Изменить имена")
            && form.contains("value=\"Анна Ли\"")
            && form.contains("value=\"petr@example.org\"")
    );
    assert!(form.contains("пока мероприятие не закончилось") && !form.contains("<script"), "without a script");
    let controls: Vec<&str> = form.split("name=\"name.").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let [petr, anna] = controls[..] else { panic!("two tickets: {controls:?}") };

    let typed =
        format!("name.{petr}=Пётр+Ли&email.{petr}=petr@&phone.{petr}=12&name.{anna}=&email.{anna}=vera@example.org");
    let wrong = buyer.post(&names, &typed).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    for part in [
        format!("id=\"email.{petr}-error\""),
        format!("id=\"phone.{petr}-error\""),
        format!("id=\"name.{anna}-error\""),
        "value=\"petr@\"".to_owned(),
        "value=\"vera@example.org\"".to_owned(),
    ] {
        assert!(wrong.text.contains(&part), "{part}: {}", wrong.text);
    }
    assert!(buyer.page(&page).await.contains("Анна Ли"), "nothing of it was kept");
    let typed = format!(
        "name.{petr}=Пётр+Ли&email.{petr}=petr@example.org&name.{anna}=Вера+Орлова&email.{anna}=vera@example.org"
    );
    assert_eq!(buyer.post(&names, &typed).await.location(), page);
    let saved = buyer.page(&page).await;
    assert!(saved.contains("Вера Орлова") && !saved.contains("Анна Ли"));
    let mut english = Browser::new(&world, Locale::En);
    assert!(english.page(&names).await.contains("Save the names"));

    staff
        .post(
            &format!("/events/{event}/edit?field=rename_until"),
            "version=1&was.rename_until=&rename_until=2020-01-01T10:00",
        )
        .await
        .made();
    assert!(!buyer.page(&page).await.contains(&names), "the day has passed");
    assert_eq!(buyer.get(&names).await.location(), page);
    let late = buyer.post(&names, &typed.replace("Вера", "Инна")).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.text.contains("менять уже нельзя"));
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_cancel_one_ticket_on_its_page() {
    let (world, mut staff) = set_up(Locale::En).await;
    let (_, kind) = on_sale(&mut staff).await;
    let page = ordered(&world, &kind).await;
    let list = staff.page("/tickets").await;
    let ticket = list.split("href=\"/tickets/").find(|rest| rest.len() > 36 && rest.as_bytes()[36] == b'"').unwrap();
    let ticket = format!("/tickets/{}", &ticket[..36]);
    assert!(staff.page(&ticket).await.contains("Cancel the ticket"));
    assert!(staff.page(&format!("{ticket}/transitions/cancel")).await.contains("Cancel the ticket"));
    let cancelled = staff.post(&format!("{ticket}/transitions/cancel"), "").await.made();
    assert_eq!(format!("/tickets/{cancelled}"), ticket);
    assert!(!staff.page(&ticket).await.contains("Cancel the ticket"));
    let mut buyer = Browser::new(&world, Locale::En);
    assert!(buyer.page(&page).await.contains("10,000"), "the order costs less by it");
}

/// The first record of a module's list.
async fn first(browser: &mut Browser, module: &str) -> String {
    let list = browser.page(&format!("/{module}")).await;
    let link = format!("href=\"/{module}/");
    let mut rests = list.split(&link).skip(1);
    let id = rests.find(|rest| rest.len() > 36 && rest.as_bytes()[36] == b'"').unwrap();
    format!("/{module}/{}", &id[..36])
}

#[tokio::test(flavor = "multi_thread")]
async fn late_money_is_booked_and_moves_say_what_they_do() {
    let (world, mut staff) = set_up(Locale::Ru).await;
    let (_, kind) = on_sale(&mut staff).await;
    ordered(&world, &kind).await;
    let order = first(&mut staff, "orders").await;
    let sure = staff.page(&format!("{order}/transitions/cancel")).await;
    assert!(sure.contains("Места освободятся сразу"));
    staff.post(&format!("{order}/transitions/cancel"), "").await.made();
    let page = staff.page(&order).await;
    assert!(page.contains("Внести платёж"), "late money comes all the same");
    assert!(staff.page(&format!("{order}/payments")).await.contains("уже не ждёт денег"));
    let booked = staff.post(&format!("{order}/payments"), "amount=20+000&method=bank&received_at=").await;
    assert_eq!(booked.location(), order, "{}", booked.text);
    let refund = staff.page(&format!("{order}/transitions/refund")).await;
    assert!(refund.contains("К возврату 20\u{a0}000\u{a0}₽"), "{refund}");
    let payment = first(&mut staff, "payments").await;
    assert!(staff.page(&payment).await.contains("внесён вручную"));

    ordered(&world, &kind).await;
    let order = first(&mut staff, "orders").await;
    staff.post(&format!("{order}/payments"), "amount=20+000&method=bank&received_at=").await.made();
    let payment = first(&mut staff, "payments").await;
    let page = staff.page(&payment).await;
    assert!(page.contains("<table class=\"plain allocations\">") && page.contains(&format!("href=\"{order}\"")));
    assert!(!page.contains("/transitions/assign\"") && !page.contains("/transitions/refund\""), "nothing is left");
    let sure = staff.page(&format!("{order}/transitions/cancel")).await;
    assert!(sure.contains("Полученные 20\u{a0}000\u{a0}₽"), "{sure}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_is_read_as_it_looks() {
    let (world, mut staff) = set_up(Locale::Ru).await;
    let (_, kind) = on_sale(&mut staff).await;
    ordered(&world, &kind).await;
    let letter = first(&mut staff, "messages").await;
    let page = staff.page(&letter).await;
    assert!(page.contains(&format!("<iframe class=\"letter-frame\" src=\"{letter}/letter\"")));
    assert!(page.contains("sandbox=\"allow-popups") && !page.contains("&lt;body"), "no source");
    let frame = staff.get(&format!("{letter}/letter")).await;
    assert_eq!(frame.status, StatusCode::OK);
    let policy = frame.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("sandbox") && policy.contains("default-src 'none'") && !policy.contains("script"));
    assert!(frame.text.contains("Пётр Ли") && frame.text.contains("<base target=\"_blank\">"));
    let mut stranger = Browser::new(&world, Locale::Ru);
    assert_ne!(stranger.get(&format!("{letter}/letter")).await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn buyers_step_back_and_learn_that_it_is_over() {
    let (world, mut staff) = set_up(Locale::Ru).await;
    assert!(staff.page("/orders").await.contains("href=\"/events/new\""), "the first step is named");
    let (event, kind) = on_sale(&mut staff).await;
    assert!(!staff.page("/orders").await.contains("href=\"/events/new\""));
    let mut buyer = Browser::new(&world, Locale::Ru);
    let two = format!("count.{kind}=2&buyer_name=Анна&buyer_email=anna@example.org&consent=yes");
    let second = buyer.post("/e/spring", &two).await;
    assert!(second.text.contains("name=\"back\""));
    let first = buyer.post("/e/spring", &format!("{two}&attendees=asked&attendee.{kind}.1.name=Вера&back=yes")).await;
    assert_eq!(first.status, StatusCode::OK);
    assert!(first.text.contains(&format!("<select id=\"count.{kind}\"")) && first.text.contains("value=\"Вера\""));
    assert!(first.text.contains("<option value=\"2\" selected>") && !first.text.contains("name=\"attendees\""));
    let again = buyer.post("/e/spring", &format!("{two}&attendee.{kind}.1.name=Вера")).await;
    assert!(again.text.contains("Кто придёт") && again.text.contains("value=\"Вера\""));

    staff.post(&format!("/events/{event}/edit?field=status"), "version=1&was.status=on_sale&status=past").await.made();
    assert!(buyer.page("/e/spring").await.contains("Мероприятие уже прошло"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_with_faults_begins_with_them() {
    let (_world, mut staff) = set_up(Locale::Ru).await;
    let (event, kind) = on_sale(&mut staff).await;
    let page = staff.page(&format!("/ticket_types/new?event={event}")).await;
    assert!(page.contains(&format!("href=\"/events/{event}\"")), "the way back to the event");
    let made =
        staff.post("/ticket_types/new", &format!("event={event}&name=Студент&quota=5&price_tiers.0.price=100")).await;
    assert!(made.location().starts_with(&format!("/events/{event}#")));
    assert!(staff.page(&format!("/ticket_types/{kind}")).await.contains(&format!("href=\"/events/{event}\"")));
    let wrong = staff.post("/events/new", "name=&slug=autumn&kind=conference&capacity=много").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("autofocus") && wrong.text.contains("<a href=\"#name\">"), "{}", wrong.text);
    assert!(wrong.text.contains("id=\"capacity-error\"") && wrong.text.contains("id=\"name-error\""));
}
