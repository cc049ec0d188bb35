//! A renderer with the product's fonts, and tickets to draw with it.

use std::sync::LazyLock;

use documents::{Contact, Event, Renderer, Ticket, TicketDocument};
use jiff::civil::{Date, date};

pub(crate) const TICKET: &str = include_str!("../../../../packs/tickets/documents/ticket.typ");
const RUSSIAN: &str = include_str!("../../../../packs/tickets/documents/ticket.ru.toml");
const ENGLISH: &str = include_str!("../../../../packs/tickets/documents/ticket.en.toml");

pub(crate) const TODAY: Date = date(2027, 2, 1);

pub(crate) static RENDERER: LazyLock<Renderer> =
    LazyLock::new(|| Renderer::new(assets::document_fonts().iter().copied()).unwrap());

pub(crate) fn draw(document: &TicketDocument) -> Vec<u8> {
    RENDERER.pdf(TICKET, &serde_json::to_value(document).unwrap(), TODAY).unwrap()
}

pub(crate) fn russian() -> TicketDocument {
    TicketDocument {
        language: "ru".into(),
        accent: "#3c58c9".into(),
        organiser: "Ява-клуб".into(),
        event: Event {
            name: "JavaВесна 2027".into(),
            dates: "13–14 апреля 2027".into(),
            times: Some("Регистрация с 9:00, первый доклад в 10:00".into()),
            venue: "Москва, Центр международной торговли".into(),
            address: Some("Краснопресненская набережная, 12, подъезд 4".into()),
            directions: None,
        },
        order_number: "JV27-00533".into(),
        order_url: Some("https://tickets.example/p/o/k3n8".into()),
        rename_until: Some("10 апреля 2027".into()),
        contact: Contact {
            name: Some("Марина Соколова".into()),
            email: Some("bilety@java-vesna.example".into()),
            phone: Some("+7 495 000-00-00".into()),
        },
        tickets: vec![ticket("JV27-7QKM-3FD9", "Пётр Ёлкин", "ООО «Северный ветер»", "Участник, офлайн", "10 000 ₽")],
        labels: toml::from_str(RUSSIAN).unwrap(),
    }
}

pub(crate) fn english() -> TicketDocument {
    TicketDocument {
        language: "en".into(),
        accent: "#0f766e".into(),
        organiser: "Java Club".into(),
        event: Event {
            name: "JavaSpring 2027".into(),
            dates: "13–14 April 2027".into(),
            times: Some("Doors open at 9:00, first talk at 10:00".into()),
            venue: "World Trade Center, Moscow".into(),
            address: Some("12 Krasnopresnenskaya embankment, entrance 4".into()),
            directions: None,
        },
        order_number: "JV27-00534".into(),
        order_url: Some("https://tickets.example/p/o/m2x7".into()),
        rename_until: Some("10 April 2027".into()),
        contact: Contact { email: Some("tickets@java-spring.example".into()), ..Contact::default() },
        tickets: vec![ticket("JV27-9XRT-H4CE", "Grace Hopper", "Northwind Ltd", "In person", "RUB 10,000")],
        labels: toml::from_str(ENGLISH).unwrap(),
    }
}

pub(crate) fn ticket(code: &str, attendee: &str, company: &str, ticket_type: &str, price: &str) -> Ticket {
    Ticket {
        code: code.into(),
        attendee: Some(attendee.into()),
        company: Some(company.into()),
        ticket_type: ticket_type.into(),
        price: Some(price.into()),
    }
}
