//! What staff do by hand goes the way of the services.

use serde_json::json;
use store::Error;

use crate::world::{World, code, in_both, rub};

#[test]
fn staff_rename_an_attendee_as_the_buyer_does() {
    in_both(|world: &World| {
        let (order, _) = world.order(1).unwrap();
        world.pay(Some(order), "10000.00");
        let before = world.tickets(order).remove(0);
        let anna = json!({"attendee_name": "Анна Белова", "attendee_email": "anna@example.org"});
        world.change("organiser", "tickets", before.id, anna).unwrap();
        let after = world.get("tickets", before.id);
        assert_eq!(after.text("former_code"), before.text("code"), "it passed to another person");
        assert_ne!((after.text("code"), after.link("participant")), (before.text("code"), before.link("participant")));
        let participant = world.get("participants", after.link("participant").unwrap());
        assert_eq!(
            (participant.text("name"), participant.text("email")),
            (Some("Анна Белова"), Some("anna@example.org"))
        );
        let letters = world.all("messages");
        let told = |template: &str, to: &str| {
            let fits =
                |letter: &&model::Record| letter.text("template") == Some(template) && letter.text("to") == Some(to);
            letters.iter().filter(fits).count()
        };
        assert_eq!((told("order_renamed", "petr@example.org"), told("ticket_issued", "anna@example.org")), (1, 1));
        let wrong = world.change("organiser", "tickets", before.id, json!({"attendee_name": "https://evil.example"}));
        let Err(Error::Invalid(faults)) = wrong else { panic!("{wrong:?}") };
        assert_eq!((faults[0].field.as_str(), faults[0].code.as_str()), ("attendee_name", "invalid_name"));
        world.press("organiser", "tickets", before.id, "check_in", json!({})).unwrap();
        let late = world.change("organiser", "tickets", before.id, json!({"attendee_name": "Пётр Ли"}));
        assert_eq!(code(&late.unwrap_err()), "ticket_fixed");
        let denied = world.change("door", "tickets", before.id, json!({"attendee_name": "Пётр Ли"}));
        assert!(
            matches!(denied, Err(Error::Forbidden { .. } | Error::NotFound { .. } | Error::Invalid(_))),
            "{denied:?}"
        );
    });
}

#[test]
fn money_that_is_due_waits_for_nobody_on_its_way() {
    in_both(|world: &World| {
        let (order, _) = world.order(1).unwrap();
        let (payment, _) = world.pay(Some(order), "10000.00");
        let read = move |work: &mut store::Work<'_>| {
            let payments = work.module("payments")?;
            work.history(&payments, payment, None, 100)
        };
        let history = world.app.workspace().read_blocking(model::Actor::System("test"), read).unwrap();
        assert_eq!(world.text("payments", payment, "status").as_deref(), Some("matched"));
        assert!(!format!("{history:?}").contains("needs_attention\""), "{history:#?}");
    });
}

#[test]
fn sums_hold_for_those_who_do_not_see_them() {
    in_both(|world: &World| {
        let mut files = app::packs::find("crm").unwrap().files;
        let role = files.get_mut("roles/organiser.toml").unwrap();
        let all = "[modules.orders]\nread = \"all\"\n";
        assert!(role.contains(all));
        let hidden = "hidden = [\"total\", \"paid\", \"due\", \"payments\", \"status\", \"event\"]\n";
        *role = role.replace(all, &format!("{all}{hidden}"));
        world.app.workspace().apply_pack(&model::pack::Pack::read(files).unwrap()).unwrap();
        let (order, _) = world.order(1).unwrap();
        let (payment, _) = world.pay(None, "10000.00");
        world.press("organiser", "payments", payment, "assign", json!({"order": order})).unwrap();
        assert_eq!(world.said(order), "paid, 10000.00 of 10000.00");
        world.press("organiser", "orders", order, "cancel", json!({})).unwrap();
        world.press("organiser", "orders", order, "revive", json!({})).unwrap();
        world.press("organiser", "orders", order, "refund", json!({"amount": rub("1000.00")})).unwrap();
        assert_eq!(world.said(order), "paid, 9000.00 of 10000.00");
        world.adds_up();
    });
}
