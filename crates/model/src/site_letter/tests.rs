use serde_json::json;

use super::{Order, SiteLetter};
use crate::Definitions;

fn letter() -> SiteLetter {
    serde_json::from_value(json!({
        "name": "shop", "label": {"ru": "Сайт", "en": "Site"}, "from": "@site.example", "subject": "новый ЗАКАЗ",
        "module": "orders", "event": "joker", "words": {"Полный доступ": "VIP"},
        "reads": [
            {"to": "ticket_type", "labels": ["Билет", "Ticket"]},
            {"to": "quantity", "labels": ["Кол-во"]},
            {"to": "attendee_name", "labels": ["Имя:", "Name"]},
            {"to": "attendee_email", "labels": ["Почта"]},
            {"to": "buyer_email", "labels": ["Плательщик: почта"]},
        ],
    }))
    .unwrap()
}

fn read(text: &str) -> Vec<(String, String)> {
    letter().read(text).into_iter().map(|found| (found.to, found.value)).collect()
}

fn of(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(to, value)| ((*to).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn it_is_known_by_sender_and_subject() {
    let letter = letter();
    assert!(letter.is_it("robot@site.example", Some("Сайт: Новый  заказ № 5")));
    assert!(!letter.is_it("robot@site.example", Some("Отчёт")) && !letter.is_it("robot@site.example", None));
    assert!(!letter.is_it("robot@evil-site.example", Some("новый заказ")));
    assert!(!letter.is_it("robot@site.example.evil.example", Some("новый заказ")));
    let one = SiteLetter { from: "robot@site.example".to_owned(), subject: None, ..letter };
    assert!(one.is_it("robot@site.example", None) && !one.is_it("other@site.example", None));
}

#[test]
fn lines_are_labels_and_values() {
    let text = "Здравствуйте!\n\n* БИЛЕТ :  полный доступ\n**Имя:** Анна Котова\nПочта:\nanna@a.example\nПлательщик: почта: buh@a.example\n\
                Комментарий: Имя: нет\nКол-во\n2\n";
    let wanted = of(&[
        ("ticket_type", "VIP"),
        ("attendee_name", "Анна Котова"),
        ("attendee_email", "anna@a.example"),
        ("buyer_email", "buh@a.example"),
        ("quantity", "2"),
    ]);
    assert_eq!(read(text), wanted);
    assert_eq!(read("Имя:\nПочта: a@a.example"), of(&[("attendee_email", "a@a.example")]), "an empty value is none");
    assert!(read("").is_empty());
    assert!(read(&"a:".repeat(500_000)).is_empty(), "a long line is read to where its first label may end");
}

#[test]
fn tables_are_read_by_row_and_by_column() {
    let pairs = "Билет\tVIP\nИмя:\tАнна\tПочта:\ta@a.example";
    assert_eq!(
        read(pairs),
        of(&[("ticket_type", "VIP"), ("attendee_name", "Анна"), ("attendee_email", "a@a.example")])
    );
    let head = "№\tБилет\tИмя\n1\tVIP\tАнна\n2\tСтандарт\tБорис\nИтого: 2";
    let wanted = of(&[
        ("ticket_type", "VIP"),
        ("attendee_name", "Анна"),
        ("ticket_type", "Стандарт"),
        ("attendee_name", "Борис"),
    ]);
    assert_eq!(read(head), wanted);
}

#[test]
fn what_comes_again_is_of_the_next_ticket() {
    let found = letter().read("Билет: VIP\nИмя: Анна\nПочта: a@a.example\nБилет: Стандарт\nКол-во: 3\nИмя: Борис\n");
    let order = Order::of(&found);
    assert_eq!(order.tickets.len(), 2);
    assert_eq!(order.tickets[1].quantity.as_deref(), Some("3"));
    assert_eq!(order.tickets[1].attendee["name"], "Борис");
    assert_eq!(order.buyer["email"], "a@a.example", "whoever comes first orders");
}

#[test]
fn what_cannot_be_read_is_refused_by_place() {
    let faults = |letter: &SiteLetter| {
        letter.faults(&Definitions::default()).into_iter().map(|(place, code, _)| (place, code)).collect::<Vec<_>>()
    };
    // Without modules nothing can be made.
    assert_eq!(faults(&letter()), [("module".to_owned(), "site_letter_module")]);
    for from in ["", "site.example", "@", "Robot@site.example", "a@b@c"] {
        let wrong = SiteLetter { from: from.to_owned(), ..letter() };
        assert!(faults(&wrong).contains(&("from".to_owned(), "site_letter_from")), "{from}");
    }
}
