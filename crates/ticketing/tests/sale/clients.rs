//! Who the buyer and the attendees become: 0, 2.2 and 2.4.

use model::Record;
use serde_json::json;
use ticketing::PersonRequest;

use crate::world::{World, on_both, request};

fn named(name: &str, email: &str) -> Option<PersonRequest> {
    Some(PersonRequest {
        name: Some(name.to_owned()),
        email: (!email.is_empty()).then(|| email.to_owned()),
        phone: None,
    })
}

fn participants(world: &World, event: model::Id) -> Vec<Record> {
    world.find("participants", format!("event == \"{event}\""))
}

#[test]
fn an_unknown_buyer_is_a_lead_until_they_pay() {
    on_both(|world| {
        let event = world.event(json!({}), &[("A", None, "1.00")]);
        let order = world.place(request(&event, "ivan", &[0])).unwrap();
        let again = world.place(request(&event, "ivan", &[0])).unwrap();
        assert_eq!(order.link("lead"), again.link("lead"), "one person, one lead");
        assert!(order.get("buyer").is_null() && order.get("contact").is_null());
        world.pay(order.id, "1.00");
        let order = world.get("orders", order.id);
        let account = world.get("accounts", order.link("buyer").unwrap());
        assert_eq!((account.text("kind"), account.text("name")), (Some("person"), Some("Покупатель ivan")));
        let contact = world.get("contacts", order.link("contact").unwrap());
        assert_eq!((contact.link("account"), contact.text("email")), (Some(account.id), Some("ivan@example.org")));
        let lead = world.get("leads", order.link("lead").unwrap());
        assert_eq!(lead.text("status"), Some("converted"));
        assert_eq!(
            (lead.link("converted_account"), lead.link("converted_contact")),
            (Some(account.id), Some(contact.id))
        );
        // The other order of the same lead, and one placed later, belong to the same client.
        world.pay(again.id, "1.00");
        let later = world.place(request(&event, "ivan", &[0])).unwrap();
        assert_eq!((later.link("contact"), later.get("lead").is_null()), (Some(contact.id), true));
        world.pay(later.id, "1.00");
        for order in [again.id, later.id] {
            assert_eq!(world.get("orders", order).link("buyer"), Some(account.id));
        }
        assert_eq!(world.find("accounts", "has(name)".to_owned()).len(), 1);
        assert_eq!(world.find("contacts", "has(name)".to_owned()).len(), 1);
    });
}

#[test]
fn a_contradicting_name_makes_a_new_lead_that_may_be_a_duplicate() {
    on_both(|world| {
        let event = world.event(json!({}), &[("A", None, "1.00")]);
        let contact = world.create("contacts", json!({"name": "Анна Петрова", "email": "ivan@example.org"}));
        let order = world.place(request(&event, "ivan", &[0])).unwrap();
        assert!(order.get("contact").is_null());
        let lead = world.get("leads", order.link("lead").unwrap());
        let model::Value::Json(doubts) = lead.get("possible_duplicates") else { panic!("no doubts") };
        assert_eq!(*doubts, json!([{"id": contact.id, "reason": "same_email"}]));
    });
}

#[test]
fn a_lost_lead_that_comes_back_is_new_again() {
    on_both(|world| {
        let event = world.event(json!({}), &[("A", None, "1.00")]);
        let lead = world.create("leads", json!({"name": "Покупатель ivan", "email": "ivan@example.org"}));
        world.as_system(move |work, _| {
            work.as_process(|work| work.update("leads", lead.id, store::Draft::new().set("status", "lost"), None))
        });
        let order = world.place(request(&event, "ivan", &[0])).unwrap();
        assert_eq!(order.link("lead"), Some(lead.id));
        assert_eq!(world.get("leads", lead.id).text("status"), Some("new"));
    });
}

#[test]
fn a_contact_of_an_organisation_buys_for_it() {
    on_both(|world| {
        let event = world.event(json!({}), &[("A", None, "1.00")]);
        let account = world.create("accounts", json!({"name": "ООО Ромашка", "kind": "organisation"}));
        let contact = world
            .create("contacts", json!({"name": "Покупатель ivan", "email": "ivan@example.org", "account": account.id}));
        let order = world.place(request(&event, "ivan", &[0])).unwrap();
        assert_eq!((order.link("contact"), order.get("lead").is_null()), (Some(contact.id), true));
        world.pay(order.id, "1.00");
        assert_eq!(world.get("orders", order.id).link("buyer"), Some(account.id));
    });
}

#[test]
fn attendees_become_participants_once_per_event() {
    on_both(|world| {
        let event = world.event(json!({}), &[("A", None, "1.00")]);
        let mut wanted = request(&event, "ivan", &[0; 5]);
        wanted.tickets[1].attendee = named("Анна Петрова", "anna@example.org");
        wanted.tickets[2].attendee = named("Пётр Анна", "anna@example.org");
        wanted.tickets[3].attendee = named("Без Почты", "");
        let order = world.place(wanted).unwrap().id;
        world.letters();
        world.pay(order, "5.00");
        let cards = participants(world, event.id);
        let mut names: Vec<_> = cards.iter().map(|card| card.text("name").unwrap()).collect();
        names.sort_unstable();
        assert_eq!(
            names,
            ["Анна Петрова", "Без Почты", "Покупатель ivan", "Пётр Анна"],
            "one card for the buyer's two tickets"
        );
        let tickets = world.tickets(order);
        assert_eq!(tickets[0].link("participant"), tickets[4].link("participant"));
        let letters = world.letters();
        let sent: Vec<_> =
            letters.iter().map(|letter| (letter.template, letter.to_email.as_str(), letter.tickets.len())).collect();
        assert_eq!(
            sent,
            [
                ("order_paid", "ivan@example.org", 5),
                ("ticket_issued", "anna@example.org", 1),
                ("ticket_issued", "anna@example.org", 1)
            ]
        );
        assert_eq!(letters[1].tickets, [tickets[1].id]);
        assert!(letters[1].data["order"]["url"].is_null(), "the order's page is the buyer's alone");
        // Anna's next ticket of this event is hers again.
        let mut more = request(&event, "petr", &[0]);
        more.tickets[0].attendee = named("анна петрова", "ANNA@example.org");
        let more = world.place(more).unwrap().id;
        world.pay(more, "1.00");
        assert_eq!(world.tickets(more)[0].link("participant"), tickets[1].link("participant"));
        assert_eq!(participants(world, event.id).len(), 4);
    });
}

#[test]
fn participants_follow_their_tickets() {
    on_both(|world| {
        let event = world.event(json!({}), &[("A", None, "1.00")]);
        let order = world.place(request(&event, "ivan", &[0])).unwrap().id;
        world.pay(order, "1.00");
        let status = || participants(world, event.id)[0].text("status").unwrap().to_owned();
        assert_eq!(status(), "registered");
        let ticket = world.tickets(order)[0].id;
        world.press_ticket(ticket, "check_in").unwrap();
        assert_eq!(status(), "attended");
        world.press_ticket(ticket, "undo_check_in").unwrap();
        assert_eq!(status(), "registered");
        world.press(order, "cancel", json!({})).unwrap();
        assert_eq!(status(), "cancelled");
        world.press(order, "revive", json!({})).unwrap();
        assert_eq!((status().as_str(), participants(world, event.id).len()), ("registered", 1));
    });
}
