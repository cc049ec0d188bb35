//! Records that people write by hand, in the modules of services too; letters.

use serde_json::json;
use store::{Draft, Work};

use crate::world::{code, in_both};

#[test]
fn what_was_typed_by_hand_is_restored_by_hand() {
    in_both(|world| {
        let (order, _) = world.order(1).unwrap();
        let ticket = world.tickets(order)[0].id;
        let renamed = world.change("organiser", "orders", order, json!({"buyer_name": "Другой"})).unwrap();
        world.undo("organiser", renamed).unwrap();
        assert_eq!(world.text("orders", order, "buyer_name").as_deref(), Some("Пётр Ли"));
        let before = world.text("tickets", ticket, "attendee_name");
        let named = world.change("organiser", "tickets", ticket, json!({"attendee_name": "Анна Ли"})).unwrap();
        assert_eq!(world.refused("door", named), "undo_forbidden", "the door sees the name and does not change it");
        world.undo("organiser", named).unwrap();
        assert_eq!(world.text("tickets", ticket, "attendee_name"), before);
    });
}

#[test]
fn a_move_of_a_lead_goes_back_with_what_it_asked_for() {
    in_both(|world| {
        let lead = world.make("leads", &json!({"name": "Анна", "email": "anna@example.org"}));
        world.press("organiser", "leads", lead, "contact", json!({})).unwrap();
        let asked = json!({"company": "Вектор", "need": "Стенд"});
        let qualified = world.press("organiser", "leads", lead, "qualify", asked).unwrap();
        world.undo("organiser", qualified).unwrap();
        assert_eq!(world.text("leads", lead, "status").as_deref(), Some("contacted"));
        assert_eq!(world.text("leads", lead, "need"), None);
    });
}

#[test]
fn checks_of_events_hold_for_undo_too() {
    in_both(|world| {
        let event = world.make(
            "events",
            &json!({"name": "Осень", "slug": "autumn", "kind": "conference", "currency": "EUR",
            "starts_on": "2099-10-01", "ends_on": "2099-10-02"}),
        );
        let changed = world.change("organiser", "events", event, json!({"currency": "RUB"})).unwrap();
        let tiers = json!([{"price": {"amount": "1.00", "currency": "RUB"}, "from": null, "until": null}]);
        world.make("ticket_types", &json!({"event": event, "name": "x", "price_tiers": tiers}));
        assert_eq!(world.refused("organiser", changed), "undo_conflict", "there are prices in roubles now");
        assert_eq!(world.text("events", event, "currency").as_deref(), Some("RUB"));
    });
}

#[test]
fn a_letter_that_was_handed_over_is_not_unsent() {
    in_both(|world| {
        let write = |status: &'static str| {
            let write = move |_: &app::App, work: &mut Work<'_>| {
                let draft = Draft::new().set("channel", "email").set("direction", "out").set("subject", "Здравствуйте");
                let draft = draft.set("status", status);
                Ok(work.as_process(|work| work.create("messages", draft))?.id)
            };
            let (id, set) = world.by("organiser", write).unwrap();
            (id, set.unwrap())
        };
        let (_, queued) = write("queued");
        assert_eq!(code(&world.undo("administrator", queued).unwrap_err()), "undo_by_operation");
        let (draft, drafted) = write("draft");
        world.undo("administrator", drafted).unwrap();
        assert!(world.get("messages", draft).deleted_at.is_some());
    });
}
