//! A letter carries the secret link of its order: it is read by those who read the order.

use model::Id;
use serde_json::json;
use store::{List, Result, Work};

use crate::world::{World, code, in_both};

/// Everything that somebody finds of every module, by every way to look for something.
fn everything(work: &mut Work<'_>, order: Id, set: Id, words: &[String]) -> Result<String> {
    let modules: Vec<_> = work.definitions().modules().cloned().collect();
    let mut found = format!("{:?}", work.change_set_changes(set, 0, 1_000)?);
    for module in modules {
        for deleted in [false, true] {
            let list = List { limit: 500, deleted, ..List::default() };
            for record in work.list(&module.name, &list)?.records {
                found += &format!("{record:?}");
                found += &format!("{:?}", work.history(&module, record.id, None, 100)?);
                found += &format!(
                    "{:?}",
                    app::timeline::timeline(work, &module.name, record.id, app::timeline::Kind::Any, (None, 100))?
                        .entries
                );
            }
        }
        for word in words {
            let list = List { limit: 500, text: Some(word.clone()), ..List::default() };
            found += &format!("{:?}", work.list(&module.name, &list)?.records);
        }
    }
    for word in words {
        found += &format!("{:?}", work.search(word, 100)?);
    }
    found += &format!("{:?}", work.get("orders", order).ok());
    Ok(found)
}

#[test]
fn who_does_not_read_an_order_finds_its_secret_nowhere() {
    in_both(|world| {
        let (order, set) = world.order(2).unwrap();
        world.pay(Some(order), "20000.00");
        let secret = world.text("orders", order, "token").unwrap();
        let number = world.text("orders", order, "number").unwrap();
        let letters: Vec<Id> = world.all("messages").iter().map(|letter| letter.id).collect();
        assert!(letters.len() >= 2);
        let finds = |role: &str| {
            let words = [secret.clone(), number.clone(), "petr@example.org".to_owned()];
            world.by(role, move |_, work| everything(work, order, set, &words)).unwrap().0.contains(&secret)
        };
        for role in ["salesperson", "secretary", "door", "reviewer"] {
            assert!(!finds(role), "{role} finds it");
            for letter in letters.clone() {
                let read = world.by(role, move |_, work| work.get("messages", letter).map(drop));
                assert_eq!(code(&read.unwrap_err()), "not_found", "{role}");
            }
        }
        for role in ["organiser", "administrator"] {
            assert!(finds(role), "{role} reads the order and its letters");
        }
    });
}

#[test]
fn a_message_about_nothing_stays_with_its_owner() {
    in_both(|world| {
        let draft = json!({"channel": "email", "direction": "out", "subject": "Здравствуйте", "to": "a@example.org"});
        let own = world.make_as("salesperson", "messages", &draft);
        let others = world.make_as("organiser", "messages", &draft);
        let reads = |role: &str, id: Id| world.by(role, move |_, work| work.get("messages", id)).is_ok();
        assert!(reads("salesperson", own) && reads("secretary", own) && reads("secretary", others));
    });
}

#[test]
fn what_was_handed_over_is_not_rewritten() {
    in_both(|world: &World| {
        let (order, _) = world.order(1).unwrap();
        let letter = world.all("messages")[0].id;
        for (field, value) in [
            ("subject", json!("x")),
            ("to", json!("thief@example.org")),
            ("from", json!("x@example.org")),
            ("text", json!("x")),
            ("html", json!("x")),
            ("status", json!("draft")),
            ("attachments", json!([])),
            ("template", json!("x")),
            ("about", json!(null)),
        ] {
            let refused = world.change("administrator", "messages", letter, json!({field: value})).unwrap_err();
            let store::Error::Invalid(faults) = &refused else { panic!("{field}: {refused:?}") };
            assert_eq!((faults[0].field.as_str(), faults[0].code.as_str()), (field, "read_only"));
        }
        assert!(world.text("messages", letter, "text").unwrap().contains("/p/o/"));
        let draft = json!({"channel": "email", "direction": "out", "subject": "Черновик", "to": "a@example.org",
            "about": {"module": "orders", "id": order}});
        let draft = world.make_as("organiser", "messages", &draft);
        world.change("organiser", "messages", draft, json!({"subject": "Здравствуйте", "text": "…"})).unwrap();
        let refused = world.change("organiser", "messages", draft, json!({"attachments": [{"document": "ticket"}]}));
        assert!(matches!(refused, Err(store::Error::Invalid(_))), "nobody attaches documents by hand");
    });
}
