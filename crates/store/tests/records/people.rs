//! Who somebody is: found by e-mail or phone, and two requests of one unknown person at once make one record.

use std::thread;

use serde_json::json;
use store::{Draft, IdentityKind, Person, Who, Workspace};

use crate::pack::shipped;
use crate::world::{World, in_both};

fn with_crm(test: impl Fn(&World, &Workspace)) {
    in_both(|world| {
        world.workspace.apply_pack(&shipped("crm")).unwrap();
        test(world, &world.workspace);
    });
}

fn somebody() -> Person {
    Person {
        name: Some("Анна Петрова".to_owned()),
        email: Some("anna@example.org".to_owned()),
        phone: Some("+79161234567".to_owned()),
    }
}

#[test]
fn somebody_is_known_by_what_they_carry_until_it_changes() {
    with_crm(|world, _| {
        let contact = world.make("contacts", &json!({"name": "Анна Петрова", "email": "anna@example.org"}));
        let known = || {
            world
                .run(|work| {
                    Ok(match work.who_is(&somebody())? {
                        Who::Known(record) => Some(record.id),
                        Who::New(_) => None,
                    })
                })
                .unwrap()
        };
        assert_eq!(known(), Some(contact));
        world.change("contacts", contact, &json!({"email": "other@example.org"})).unwrap();
        assert_eq!(known(), None);
        world.change("contacts", contact, &json!({"phone": "+7 916 123-45-67"})).unwrap();
        assert_eq!(known(), Some(contact));
        world.run(move |work| work.delete("contacts", contact, None)).unwrap();
        assert_eq!(known(), None);
        world.run(move |work| work.restore("contacts", contact)).unwrap();
        assert_eq!(known(), Some(contact));
        world.run(move |work| work.purge("contacts", contact, None)).unwrap();
        assert_eq!(known(), None);
    });
}

#[test]
fn whoever_carries_an_identity_is_found_with_all_that_agrees() {
    with_crm(|world, _| {
        let both = world
            .make("contacts", &json!({"name": "Анна Петрова", "email": "anna@example.org", "phone": "+79161234567"}));
        let one = world.make("contacts", &json!({"name": "Другая", "email": "anna@example.org"}));
        let wanted =
            [(IdentityKind::Email, "anna@example.org".to_owned()), (IdentityKind::Phone, "+79161234567".to_owned())];
        let known = world.run(move |work| work.known(&wanted, &["contacts"])).unwrap();
        let kinds = |id| known.iter().find(|known| known.id == id).map(|known| known.kinds.clone());
        assert_eq!(kinds(both), Some(vec![IdentityKind::Email, IdentityKind::Phone]));
        assert_eq!(kinds(one), Some(vec![IdentityKind::Email]));
        let elsewhere = world
            .run(|work| work.known(&[(IdentityKind::Email, "anna@example.org".to_owned())], &["accounts"]))
            .unwrap();
        assert_eq!(elsewhere, []);
    });
}

#[test]
fn two_requests_at_once_make_one_lead() {
    with_crm(|world, _| {
        thread::scope(|scope| {
            for _ in 0..6 {
                scope.spawn(|| {
                    world.run(|work| {
                        if let Who::New(_) = work.who_is(&somebody())? {
                            let draft = Draft::new()
                                .set("name", "Анна Петрова")
                                .set("email", "anna@example.org")
                                .set("phone", "+79161234567");
                            work.as_process(|work| work.create("leads", draft))?;
                        }
                        Ok(())
                    })
                });
            }
        });
        assert_eq!(world.run(|work| work.count("leads", &store::List::default(), None)).unwrap(), 1);
    });
}
