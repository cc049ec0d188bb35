//! Letters of a site become orders and leads by the door that the site itself would ask, once each; what is refused waits with
//! its reasons and is sent again.

use app::App;
use app::shape::{WholeEdit, WholeKind};
use app::writing::Said;
use model::{Id, Record, Value};
use serde_json::{Map, Value as Json, json};
use store::Work;

use crate::office::{Office, in_both};

fn object(json: Json) -> Map<String, Json> {
    let Json::Object(map) = json else { panic!("{json}") };
    map
}

/// The office reads the letters of its site.
fn reads(office: &Office, more: Json) {
    let mut body = object(json!({
        "name": "shop", "label": "Сайт", "from": "robot@shop.example", "subject": "новый заказ", "module": "orders",
        "event": "spring", "words": {"Полный доступ": "Участник"},
        "reads": [
            {"to": "ticket_type", "labels": ["Билет", "Ticket"]},
            {"to": "quantity", "labels": ["Количество"]},
            {"to": "attendee_name", "labels": ["Имя", "Name"]},
            {"to": "attendee_email", "labels": ["Почта", "E-mail"]},
            {"to": "attendee_phone", "labels": ["Телефон"]},
        ],
    }));
    body.extend(object(more));
    let admin = office.world.user("administrator");
    office.world.app.shape_whole(&admin, WholeKind::SiteLetter, WholeEdit::New(body), None, false).unwrap();
}

/// A letter of the site, in plain text.
fn posted(number: u32, head: &str, text: &str) -> String {
    letter(number, head, "text/plain", text)
}

fn letter(number: u32, head: &str, kind: &str, text: &str) -> String {
    format!(
        "From: Shop <robot@shop.example>\nTo: office@example.org\nSubject: =?utf-8?B?0J3QvtCy0YvQuSDQt9Cw0LrQsNC3?= {number}\n\
         Message-ID: <order-{number}@shop.example>\nDate: Tue, 13 Apr 2027 12:00:00 +0300\nAuto-Submitted: auto-generated\n\
         {head}MIME-Version: 1.0\nContent-Type: {kind}; charset=utf-8\n\n{text}\n"
    )
}

const ONE: &str = "Новый заказ!\n\nБилет: Полный доступ\nИмя: Анна Котова\nПочта: Kotova@romashka.example\nТелефон: 8 (921) 123-45-67";

fn about(record: &Record) -> Value {
    Value::Record { module: record.module.name.clone(), id: record.id }
}

fn resubmit(office: &Office, role: &str, request: Id, fields: Json) -> store::Result<()> {
    let fields = object(fields);
    office.world.by(role, move |app, work| app.resubmit(work, request, &fields).map(drop)).map(drop)
}

#[test]
fn process_2_step_1_a_letter_of_the_site_is_an_order() {
    in_both(|office: &Office| {
        let mailbox = office.mailbox();
        reads(office, json!({}));
        office.server.receive(&posted(1, "", ONE));
        office.look();
        let orders = office.world.all("orders");
        assert_eq!(orders.len(), 1, "{:?}", office.world.all("rejected_requests"));
        let order = &orders[0];
        assert_eq!(order.text("status"), Some("pending"), "no letter pays");
        assert_eq!(order.text("channel"), Some("email"));
        assert_eq!(order.text("buyer_email"), Some("kotova@romashka.example"));
        let tickets = office.world.tickets(order.id);
        assert_eq!((tickets.len(), tickets[0].text("status")), (1, Some("reserved")));
        assert_eq!(tickets[0].text("attendee_phone"), Some("+79211234567"));
        assert!(order.link("lead").is_some(), "nobody knew her");
        // The letter stands in the history of the order, and nobody has to sort it.
        let messages = office.arrived();
        assert_eq!(messages[0].get("about"), &about(order));
        assert!(!app::queue::is_waiting(&messages[0]));
        let sent = office.world.all("messages");
        let to_buyer = sent.iter().filter(|message| message.text("to") == Some("kotova@romashka.example"));
        assert_eq!(to_buyer.count(), 1, "the buyer is told the sum");
        assert_eq!(office.became(mailbox), ["taken"]);
    });
}

#[test]
fn a_letter_that_comes_again_orders_nothing_more() {
    in_both(|office: &Office| {
        let mailbox = office.mailbox();
        reads(office, json!({}));
        office.server.receive(&posted(1, "", ONE));
        office.look();
        office.server.renumber();
        office.look();
        // The same letter once more, from another mailbox.
        let mut setup = office.setup("Другая папка");
        setup.folder = "Other".to_owned();
        office.server.move_all(false);
        office.add(setup);
        office.look();
        assert_eq!((office.world.all("orders").len(), office.arrived().len()), (1, 1));
        assert_eq!(office.became(mailbox), ["taken", "merged"]);
    });
}

#[test]
fn several_tickets_come_in_blocks_and_in_tables() {
    in_both(|office: &Office| {
        office.mailbox();
        reads(office, json!({}));
        let html = "<html><body><table><tr><td>№</td><th>Ticket</th><th>Name</th><th>E-mail</th><th>Цена</th></tr>\
                    <tr><td>1</td><td>Участник</td><td>Анна Котова</td><td>anna@a.example</td><td>10 000</td></tr>\
                    <tr><td>2</td><td>участник</td><td>Борис Ли</td><td>boris@a.example</td><td>10 000</td></tr></table></body></html>";
        office.server.receive(&letter(1, "", "text/html", html));
        office.look();
        let orders = office.world.all("orders");
        assert_eq!(orders.len(), 1, "{:?}", office.world.all("rejected_requests"));
        let mut names: Vec<_> = office.world.tickets(orders[0].id);
        names.sort_by_key(|ticket| ticket.get("position").as_int());
        let names: Vec<_> = names.iter().map(|ticket| ticket.text("attendee_name").unwrap()).collect();
        assert_eq!(names, ["Анна Котова", "Борис Ли"]);
        assert_eq!(orders[0].text("buyer_email"), Some("anna@a.example"));
    });
}

#[test]
fn what_is_refused_waits_with_its_reasons_and_is_sent_again() {
    in_both(|office: &Office| {
        let mailbox = office.mailbox();
        reads(office, json!({}));
        // Two seats there are.
        office.server.receive(&posted(1, "", &format!("{ONE}\nКоличество: 3")));
        office.server.receive(&posted(2, "", &ONE.replace("romashka.example", "romashka")));
        office.server.receive(&posted(3, "", &ONE.replace("Полный доступ", "Балкон")));
        office.server.receive(&posted(4, "", "Просто слова."));
        office.look();
        assert_eq!(office.world.all("orders").len(), 0);
        assert_eq!(office.became(mailbox), ["rejected"; 4]);
        let mut requests = office.world.all("rejected_requests");
        requests.sort_by_key(|request| request.text("external_id").map(str::to_owned));
        let faults: Vec<Vec<_>> = requests
            .iter()
            .map(|request| app::rejected::faults(request).into_iter().map(|fault| (fault.field, fault.code)).collect())
            .collect();
        let of = |field: &str, code: &str| (field.to_owned(), code.to_owned());
        assert_eq!(faults[0], [of("tickets[0].ticket_type", "sold_out")]);
        assert!(faults[1].contains(&of("buyer.email", "invalid_email")), "{:?}", faults[1]);
        assert_eq!(faults[2], [of("tickets[0].ticket_type", "site_letter_type")]);
        assert_eq!(faults[3], [of("text", "site_letter_unread")]);
        let messages = office.arrived();
        assert!(messages.iter().all(|message| !message.get("about").is_null()), "{messages:?}");

        // The text is mended: the order stands, and the letter in its history.
        let short = format!("{ONE}\nКоличество: 1");
        resubmit(office, "administrator", requests[0].id, json!({"text": short})).unwrap();
        let orders = office.world.all("orders");
        assert_eq!(orders.len(), 1);
        assert!(office.arrived().iter().any(|message| message.get("about") == &about(&orders[0])));
        let request = office.world.get("rejected_requests", requests[0].id);
        assert_eq!((request.text("status"), request.get("became")), (Some("resubmitted"), &about(&orders[0])));
        assert!(resubmit(office, "administrator", requests[0].id, json!({})).is_err(), "once");

        // The settings are mended: the letter is read anew as it is.
        assert!(resubmit(office, "administrator", requests[2].id, json!({})).is_err());
        let admin = office.world.user("administrator");
        let body = object(json!({"words": {"Полный доступ": "Участник", "Балкон": "Участник"}}));
        let edit = WholeEdit::Change { name: "shop".to_owned(), body };
        office.world.app.shape_whole(&admin, WholeKind::SiteLetter, edit, None, false).unwrap();
        resubmit(office, "administrator", requests[2].id, json!({})).unwrap();
        assert_eq!(office.world.all("orders").len(), 2);
        let other = resubmit(office, "administrator", requests[3].id, json!({"event": "spring"})).unwrap_err();
        let store::Error::Invalid(faults) = other else { panic!("{other}") };
        assert_eq!((faults[0].field.as_str(), faults[0].code.as_str()), ("event", "unknown_field"));
    });
}

#[test]
fn a_letter_that_only_says_that_it_is_of_the_site_orders_nothing() {
    in_both(|office: &Office| {
        office.mailbox();
        reads(office, json!({"vouched_by": "mx.office.example"}));
        let said = |words: &str| format!("Authentication-Results: {words}\n");
        office.server.receive(&posted(1, "", ONE));
        office.server.receive(&posted(2, &said("mx.evil.example; dmarc=pass header.from=shop.example"), ONE));
        office.server.receive(&posted(3, &said("mx.office.example; dmarc=fail header.from=shop.example"), ONE));
        let below = said("mx.office.example; dmarc=pass header.from=shop.example");
        office.server.receive(&posted(4, &format!("{}{below}", said("mx.office.example; dkim=none")), ONE));
        office.look();
        assert_eq!(office.world.all("orders").len(), 0);
        let messages = office.arrived();
        assert_eq!(messages.len(), 4);
        assert!(messages.iter().all(app::queue::is_waiting), "a person looks at them: {messages:?}");
        office.server.receive(&posted(5, &below, ONE));
        office.look();
        assert_eq!(office.world.all("orders").len(), 1);
    });
}

#[test]
fn letters_of_others_and_drafts_are_letters() {
    in_both(|office: &Office| {
        let mailbox = office.mailbox();
        reads(office, json!({"active": false}));
        office.server.receive(&posted(1, "", ONE));
        office.server.receive(&posted(2, "", ONE).replace("robot@shop.example", "anna@a.example"));
        office.look();
        assert_eq!((office.world.all("orders").len(), office.became(mailbox)), (0, vec!["taken"; 2]));
        assert!(office.arrived().iter().all(app::queue::is_waiting));
    });
}

#[test]
fn an_answer_to_us_is_a_letter_though_it_repeats_an_order() {
    in_both(|office: &Office| {
        office.mailbox();
        office.server.receive(&posted(1, "", "Заказ у вас?"));
        office.look();
        let first = office.arrived().remove(0).id;
        let said = Said {
            subject: "Re: Новый заказ 1".to_owned(), text: "Какой?".to_owned(), ..Said::default()
        };
        let answer = move |app: &App, work: &mut Work<'_>| app.write_letter(work, ("messages", first), &said, &[]);
        let answer = office.world.by("secretary", answer).unwrap().0;
        reads(office, json!({}));
        let answers = format!("In-Reply-To: {}\n", answer.text("message_id").unwrap());
        office.server.receive(&posted(2, &answers, &format!("Вот:\n{}", ONE.replace('\n', "\n> "))));
        office.look();
        assert_eq!((office.world.all("orders").len(), office.world.all("rejected_requests").len()), (0, 0));
        let last = office.arrived().into_iter().find(|message| message.id != first).unwrap();
        assert_eq!(last.text("conversation"), answer.text("conversation"));
    });
}

#[test]
fn a_request_becomes_the_lead_of_whoever_asks() {
    in_both(|office: &Office| {
        office.mailbox();
        let body = json!({
            "name": "contact", "label": "Контакты", "from": "@shop.example", "module": "leads",
            "reads": [
                {"to": "name", "labels": ["Имя"]}, {"to": "email", "labels": ["Почта"]}, {"to": "phone", "labels": ["Телефон"]},
                {"to": "need", "labels": ["Вопрос"]},
            ],
        });
        let admin = office.world.user("administrator");
        let edit = WholeEdit::New(object(body));
        office.world.app.shape_whole(&admin, WholeKind::SiteLetter, edit, None, false).unwrap();
        office.server.receive(&posted(1, "", &format!("{ONE}\nВопрос: Сколько стоит стенд?")));
        office.server.receive(&posted(2, "", &format!("{ONE}\nВопрос: А два?")));
        office.look();
        let leads = office.world.all("leads");
        assert_eq!(leads.len(), 1, "who is known has their open lead");
        assert_eq!(leads[0].text("need"), Some("Сколько стоит стенд?"));
        let messages = office.arrived();
        assert!(messages.iter().all(|message| message.get("about") == &about(&leads[0])), "{messages:?}");
        assert!(messages.iter().all(|message| message.text("sorted") == Some("lead")));
    });
}
