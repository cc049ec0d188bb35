//! Is this somebody we know? (processes.md, 0)

use serde_json::{Value, json};

use super::Stage;
use crate::harness::Api;
use crate::harness::api::{id, text};
use crate::harness::rub;

/// People who were known before the sale, by id.
pub(crate) struct Known {
    /// Contact, by e-mail and phone.
    anna: String,
    /// Open lead, by e-mail.
    boris: String,
    /// A contact whose e-mail a lead has too.
    vera: String,
}

pub(crate) fn known_people(stage: &Stage) -> Known {
    let api = &stage.admin;
    let made = |module: &str, fields: Value| id(&api.create(module, fields)).to_owned();
    let anna = json!({"name": "Анна Петрова", "email": "Anna@Example.com", "phone": "8 (921) 111-11-11"});
    let anna = made("contacts", anna);
    let boris = made("leads", json!({"name": "Boris Ivanov", "email": "boris@example.com"}));
    let vera = made("contacts", json!({"name": "Vera Orlova", "email": "vera@example.com"}));
    made("leads", json!({"name": "Vera Orlova", "email": "vera@example.com"}));
    Known { anna, boris, vera }
}

/// Returns how many seats of the first ticket type were taken.
pub(crate) fn are_recognised(stage: &Stage, known: &Known) -> i64 {
    let leads = stage.admin.count("leads");
    let same_email = ordered(stage, "Анна  ПЕТРОВА", "ANNA@example.com", None);
    let same_phone = ordered(stage, "Петрова Анна Сергеевна", "anna.work@example.com", Some("+7 921 111-11-11"));
    for order in [&same_email, &same_phone] {
        assert_eq!((text(order, "contact"), &order["lead"]), (known.anna.as_str(), &Value::Null), "{order}");
    }
    let of_lead = ordered(stage, "Boris", "boris@example.com", None);
    assert_eq!((text(&of_lead, "lead"), &of_lead["contact"]), (known.boris.as_str(), &Value::Null), "{of_lead}");
    let of_both = ordered(stage, "Vera Orlova", "vera@example.com", None);
    assert_eq!(
        (text(&of_both, "contact"), &of_both["lead"]),
        (known.vera.as_str(), &Value::Null),
        "a contact wins over a lead"
    );
    assert_eq!(stage.admin.count("leads"), leads, "known people make no leads");

    // A contradicting name under a known e-mail or phone, and the same name alone, are new people with a doubt.
    let doubted = [
        (ordered(stage, "Виктор Сидоров", "anna@example.com", None), "same_email"),
        (ordered(stage, "Олег Кузнецов", "oleg@example.com", Some("89211111111")), "same_phone"),
        (ordered(stage, "Петрова Анна", "other.anna@example.com", Some("+7 921 222-22-22")), "same_name"),
    ];
    for (order, reason) in doubted {
        assert!(order["contact"].is_null(), "{order}");
        let lead = stage.admin.record("leads", text(&order, "lead"));
        let doubts = lead["possible_duplicates"].as_array().unwrap();
        assert!(
            doubts.iter().any(|it| text(it, "id") == known.anna && text(it, "reason") == reason),
            "{reason}: {lead}"
        );
    }
    assert_eq!(stage.admin.count("leads"), leads + 3);

    // Nobody known: a lead, and the second request of the same person belongs to it.
    let first = ordered(stage, "Dmitry Novikov", "dmitry@example.com", Some("8-921-333-33-33"));
    let second = ordered(stage, "Novikov Dmitry", "d.novikov@example.com", Some("+79213333333"));
    assert!(first["lead"].is_string());
    assert_eq!(first["lead"], second["lead"]);
    let lead = stage.admin.record("leads", text(&first, "lead"));
    assert_eq!((text(&lead, "phone"), text(&lead, "status")), ("+79213333333", "new"), "{lead}");
    assert!(lead["possible_duplicates"].is_null(), "{lead}");
    9
}

/// Paid, the known become clients: one account each, the lead converted, nobody twice.
pub(crate) fn became_clients(stage: &Stage, known: &Known) {
    let api = &stage.admin;
    let of =
        |email: &str| api.all("orders", &[("filter", &format!("buyer_email == {email:?} && status == \"annulled\""))]);
    // By now all of them are annulled: brought back and paid one after the other.
    let bring_back = |order: &Value| {
        let revived = api.transition("orders", id(order), "revive", json!({"keep_price": true})).expect(200);
        pay(api, id(order), &revived["due"]);
        api.record("orders", id(order))
    };
    let anna: Vec<_> = [of("anna@example.com"), of("anna.work@example.com")].concat();
    let anna: Vec<_> = anna.iter().filter(|order| text(order, "contact") == known.anna).map(bring_back).collect();
    assert_eq!(anna.len(), 2);
    let contact = api.record("contacts", &known.anna);
    assert!(contact["account"].is_string());
    assert!(
        anna.iter().all(|order| order["buyer"] == contact["account"] && text(order, "status") == "paid"),
        "{anna:?}"
    );
    let account = api.record("accounts", text(&contact, "account"));
    assert_eq!((text(&account, "kind"), text(&account, "email")), ("person", "anna@example.com"), "{account}");

    let boris = bring_back(&of("boris@example.com")[0]);
    let lead = api.record("leads", &known.boris);
    assert_eq!(text(&lead, "status"), "converted");
    assert_eq!(lead["converted_account"], boris["buyer"]);
    assert_eq!(lead["converted_contact"], boris["contact"]);

    let dmitry: Vec<_> =
        [of("dmitry@example.com"), of("d.novikov@example.com")].concat().iter().map(bring_back).collect();
    assert_eq!(dmitry.len(), 2);
    assert_eq!(dmitry[0]["buyer"], dmitry[1]["buyer"], "one client for two orders of one person");
    assert_eq!(dmitry[0]["contact"], dmitry[1]["contact"]);
}

fn pay(api: &Api, order: &str, due: &Value) {
    assert_ne!(due, &rub(0));
    let payment = api.create("payments", json!({"amount": due, "order": order, "method": "bank"}));
    assert_eq!(text(&payment, "status"), "matched", "{payment}");
}

/// Places an order for one ticket of the first type and returns its record.
fn ordered(stage: &Stage, name: &str, email: &str, phone: Option<&str>) -> Value {
    let answer = stage.sale.order(&stage.public, stage.sale.request(name, email, phone, &[0])).expect(201);
    let filter = format!("number == {:?}", text(&answer, "number"));
    stage.admin.all("orders", &[("filter", &filter)])[0].clone()
}
