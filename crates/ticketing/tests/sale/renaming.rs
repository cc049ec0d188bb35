//! Names on tickets change by the buyer's link: 3.5.

use jiff::ToSpan;
use model::{Actor, Id, Record};
use serde_json::{Value as Json, json};
use store::Result;
use ticketing::{AttendeeRequest, CheckIn};

use crate::world::{Event, World, code, on_both, request};

fn name(world: &World, order: Id, attendees: &Json) -> Result<Record> {
    let token = world.get("orders", order).text("token").unwrap().to_owned();
    let attendees = AttendeeRequest::list(attendees)?;
    world.run(&Actor::Public, move |work, ticketing| ticketing.name_attendees(work, &token, &attendees))
}

fn codes(world: &World, order: Id) -> Vec<String> {
    world.tickets(order).iter().map(|ticket| ticket.text("code").unwrap().to_owned()).collect()
}

/// An order of two tickets, paid, and its letters read.
fn paid(world: &World, event: &Event) -> Id {
    let order = world.place(request(event, "petr", &[0, 0])).unwrap().id;
    world.pay(order, "2.00");
    world.letters();
    order
}

/// `name status` of the participant on a ticket.
fn card(world: &World, ticket: &Record) -> String {
    let card = world.get("participants", ticket.link("participant").unwrap());
    format!("{} {}", card.text("name").unwrap(), card.text("status").unwrap())
}

#[test]
fn a_reserved_ticket_changes_its_name_and_nothing_else() {
    on_both(|world| {
        let event = world.event(json!({}), &[("A", None, "1.00")]);
        let order = world.place(request(&event, "petr", &[0, 0])).unwrap().id;
        world.letters();
        let before = codes(world, order);
        let anna =
            json!([{"ticket": before[1], "name": " Анна  Ли ", "email": "Anna@Example.org", "phone": "8 921 1112233"}]);
        name(world, order, &anna).unwrap();
        let ticket = &world.tickets(order)[1];
        let read = ["attendee_name", "attendee_email", "attendee_phone", "status"].map(|field| ticket.text(field));
        assert_eq!(read, [Some("Анна Ли"), Some("anna@example.org"), Some("+79211112233"), Some("reserved")]);
        assert_eq!(codes(world, order), before, "nobody has seen the code of a reserved ticket");
        assert!(world.letters().is_empty());
        world.pay(order, "2.00");
        assert_eq!(world.told(), ["order_paid petr@example.org", "ticket_issued anna@example.org"]);
    });
}

#[test]
fn an_issued_ticket_passes_to_another_person() {
    on_both(|world| {
        let event = world.event(json!({}), &[("A", None, "1.00")]);
        let order = paid(world, &event);
        let (before, old) = (codes(world, order), world.tickets(order)[0].link("participant").unwrap());
        let anna = json!([{"ticket": before[1], "name": "Анна Ли", "email": "anna@example.org"}]);
        name(world, order, &anna).unwrap();
        let letters = world.letters();
        let told: Vec<_> = letters.iter().map(|letter| (letter.template, letter.to_email.as_str())).collect();
        assert_eq!(told, [("order_renamed", "petr@example.org"), ("ticket_issued", "anna@example.org")]);
        let tickets = world.tickets(order);
        assert!(letters.iter().all(|letter| letter.tickets == [tickets[1].id]), "only what changed goes along");
        assert_eq!(letters[0].data["tickets"][0]["code"].as_str(), tickets[1].text("code"));
        assert_eq!((card(world, &tickets[0]), card(world, &tickets[1])), {
            ("Покупатель petr registered".to_owned(), "Анна Ли registered".to_owned())
        });

        // The old code opens nothing, the new one the door; the other ticket is as it was.
        let now = codes(world, order);
        assert_eq!((now[0] == before[0], now[1] == before[1]), (true, false));
        let door = world.ground.user("dora@example.org");
        let scan = |code: &str| {
            let code = code.to_owned();
            world.run(&door, move |work, ticketing| ticketing.check_in(work, &code, None)).unwrap()
        };
        assert!(matches!(scan(&before[1]), CheckIn::Cancelled(_)));
        // The same again changes nothing and tells nobody.
        let again = json!([{"ticket": now[1].to_lowercase(), "name": "Анна Ли", "email": "anna@example.org"}]);
        name(world, order, &again).unwrap();
        assert_eq!((codes(world, order), world.letters().len()), (now.clone(), 0));
        // Both tickets left the buyer: their card is let go, and comes back with a ticket.
        let boris = json!([{"ticket": now[0], "name": "Борис", "email": "b@example.org"}]);
        name(world, order, &boris).unwrap();
        assert_eq!(world.get("participants", old).text("status"), Some("cancelled"));
        let petr = json!([{"ticket": codes(world, order)[0], "name": "Покупатель petr", "email": "petr@example.org"}]);
        name(world, order, &petr).unwrap();
        assert_eq!(world.tickets(order)[0].link("participant"), Some(old));
        assert_eq!(world.get("participants", old).text("status"), Some("registered"));
        assert!(matches!(scan(&now[1]), CheckIn::Admitted(_)));
    });
}

#[test]
fn a_corrected_name_keeps_the_code() {
    on_both(|world| {
        let event = world.event(json!({}), &[("A", None, "1.00")]);
        let order = world.place(request(&event, "petr", &[0])).unwrap().id;
        let first = json!([{"ticket": codes(world, order)[0], "name": "Анна Ли", "email": "anna@example.org"}]);
        name(world, order, &first).unwrap();
        world.pay(order, "1.00");
        world.letters();
        let (before, card_before) = (codes(world, order), world.tickets(order)[0].link("participant"));
        let fuller = json!([{"ticket": before[0], "name": "Анна Сергеевна Ли", "email": "anna@example.org"}]);
        name(world, order, &fuller).unwrap();
        assert_eq!(world.told(), ["order_renamed petr@example.org", "ticket_issued anna@example.org"]);
        assert_eq!((codes(world, order), world.tickets(order)[0].link("participant")), (before.clone(), card_before));
        assert_eq!(card(world, &world.tickets(order)[0]), "Анна Сергеевна Ли registered", "what is printed");
        // A phone stands on no ticket: nothing is sent anew.
        let phone = json!([{"ticket": before[0], "name": "Анна Сергеевна Ли", "email": "anna@example.org", "phone": "+79211112233"}]);
        name(world, order, &phone).unwrap();
        assert_eq!((codes(world, order), world.letters().len()), (before, 0));
    });
}

#[test]
fn all_or_nothing_with_every_fault_named() {
    on_both(|world| {
        let event = world.event(json!({}), &[("A", None, "1.00")]);
        let (order, other) = (paid(world, &event), world.place(request(&event, "olga", &[0])).unwrap().id);
        world.letters();
        let (own, foreign) = (codes(world, order), codes(world, other));
        let versions = || world.tickets(order).iter().map(|ticket| ticket.version).collect::<Vec<_>>();
        let before = versions();
        let refused = |attendees: Json| code(name(world, order, &attendees));
        let good = json!({"ticket": own[0], "name": "Анна Ли"});
        assert_eq!(
            refused(json!([good, {"ticket": own[1], "name": "B", "email": "b@", "phone": "12"}])),
            "[1].email invalid_email, [1].phone invalid_phone"
        );
        assert_eq!(refused(json!([good, {"ticket": foreign[0], "name": "B"}])), "[1].ticket not_found");
        assert_eq!(refused(json!([good, {"ticket": "NOSUCHCODE", "name": "B"}])), "[1].ticket not_found");
        assert_eq!(refused(json!([good, {"ticket": own[0], "name": "B"}])), "[1].ticket repeated");
        assert_eq!(refused(json!([good, {"name": "B"}])), "[1].ticket required");
        assert_eq!(refused(json!([good, {"ticket": own[1], "email": "b@example.org"}])), "[1].name required");
        assert_eq!(refused(json!([good, {"ticket": own[1], "name": "1 2"}])), "[1].name invalid_name");
        assert_eq!(refused(json!([good, 5])), "[1] invalid_type");
        assert_eq!(refused(json!([good, {"ticket": 5, "name": "B"}])), "[1].ticket invalid_type");
        assert_eq!(refused(json!({"ticket": own[0]})), "body invalid_type");
        assert_eq!(refused(Json::Array(vec![good.clone(); 501])), "body too_many");
        assert_eq!((versions(), world.letters().len()), (before, 0), "nothing of it was kept");
    });
}

#[test]
fn names_stay_once_they_were_used_or_the_day_has_come() {
    on_both(|world| {
        let event = world.event(json!({}), &[("A", None, "1.00")]);
        let order = paid(world, &event);
        let tickets = world.tickets(order);
        let anna = |place: usize| json!([{"ticket": codes(world, order)[place], "name": "Анна Ли"}]);
        world.press_ticket(tickets[0].id, "check_in").unwrap();
        assert_eq!(code(name(world, order, &anna(0))), "ticket_fixed");
        world.press_ticket(tickets[1].id, "cancel").unwrap();
        assert_eq!(code(name(world, order, &anna(1))), "ticket_fixed");
        let petr = json!([{"ticket": codes(world, order)[0], "name": "Покупатель petr", "email": "petr@example.org"}]);
        assert_eq!(code(name(world, order, &petr)), "ok", "what does not change is not refused");

        let order = paid(world, &event);
        let anna = |order: Id, name: &str| json!([{"ticket": codes(world, order)[0], "name": name}]);
        let tomorrow = world.later(1.day()).to_string();
        world.change("events", event.id, json!({"rename_until": tomorrow})).unwrap();
        assert_eq!(code(name(world, order, &anna(order, "Анна Ли"))), "ok");
        let ended = world.place(request(&event, "ended", &[0])).unwrap().id;
        world.press(ended, "annul", json!({})).unwrap();
        assert_eq!(code(name(world, ended, &anna(ended, "Анна Ли"))), "invalid_transition");
        let (late, after) = (anna(order, "Борис Ким"), anna(order, "Вера Орлова"));
        world.wait(1.day());
        assert_eq!(code(name(world, order, &late)), "names_closed");
        world.change("events", event.id, json!({"rename_until": null})).unwrap();
        assert_eq!(code(name(world, order, &after)), "ok", "until the event is over");
        world.change("events", event.id, json!({"starts_on": "2026-11-20", "ends_on": "2026-11-21"})).unwrap();
        let over = json!([{"ticket": codes(world, order)[0], "name": "Глеб"}]);
        assert_eq!(code(name(world, order, &over)), "names_closed");
    });
}
