//! Requests that may not enter the process: refused with the field named, and no trace of them.

use serde_json::{Value, json};

use super::Stage;
use crate::harness::http::escaped;

const MODULES: [&str; 6] = ["orders", "tickets", "leads", "contacts", "participants", "messages"];

pub(crate) fn are_refused(stage: &Stage) {
    let (public, path) = (&stage.public, stage.sale.orders_path());
    let before = MODULES.map(|module| stage.admin.count(module));
    let kind = &stage.sale.types[0].id;
    let buyer = json!({"name": "Ivan Petrov", "email": "ivan@example.com", "phone": "+7 921 123-45-67"});
    let one = json!([{"ticket_type": kind}]);
    let with = |field: &str, value: Value| {
        let mut body = json!({"buyer": buyer, "tickets": one});
        *body.pointer_mut(field).unwrap() = value;
        body
    };
    let buyer_with = |field: &str, value: Value| {
        let mut body = json!({"buyer": buyer, "tickets": one});
        body["buyer"][field] = value;
        body
    };
    let attendee = |field: &str, value: Value| json!({"buyer": buyer, "tickets": [{"ticket_type": kind}, {"ticket_type": kind, "attendee": {field: value}}]});
    let other_kind = "0192f000-0000-7000-8000-000000000000";
    let faulty: Vec<(Value, &str)> = vec![
        (with("/buyer/email", json!("ivan.example.com")), "buyer.email"),
        (with("/buyer/email", json!("ivan@")), "buyer.email"),
        (with("/buyer/email", json!("ivan@exa mple.com")), "buyer.email"),
        (with("/buyer/email", json!("")), "buyer.email"),
        (with("/buyer/email", json!(5)), "buyer.email"),
        (with("/buyer/email", Value::Null), "buyer.email"),
        (with("/buyer/phone", json!("12345")), "buyer.phone"),
        (with("/buyer/phone", json!("call me")), "buyer.phone"),
        (with("/buyer/phone", json!(["+79211234567"])), "buyer.phone"),
        (with("/buyer/name", json!("  ")), "buyer.name"),
        (with("/buyer/name", json!("12345")), "buyer.name"),
        (with("/buyer/name", json!("x".repeat(300))), "buyer.name"),
        (with("/buyer", json!("Ivan")), "buyer"),
        (with("/buyer", Value::Null), "buyer.name"),
        (buyer_with("e-mail", json!("ivan@example.com")), "buyer.e-mail"),
        (with("/tickets", json!([])), "tickets"),
        (with("/tickets", Value::Null), "tickets"),
        (with("/tickets", json!({"ticket_type": kind})), "tickets"),
        (with("/tickets", json!([7])), "tickets[0]"),
        (with("/tickets", Value::Array(vec![json!({"ticket_type": kind}); 101])), "tickets"),
        (with("/tickets/0/ticket_type", json!("participant")), "tickets[0].ticket_type"),
        (with("/tickets/0/ticket_type", json!(other_kind)), "tickets[0].ticket_type"),
        (with("/tickets/0", json!({"type": kind})), "tickets[0].type"),
        (with("/tickets/0", json!({"ticket_type": kind, "price": "1.00"})), "tickets[0].price"),
        (attendee("email", json!("guest@@example.com")), "tickets[1].attendee.email"),
        (attendee("phone", json!("0")), "tickets[1].attendee.phone"),
        (attendee("nmae", json!("Guest")), "tickets[1].attendee.nmae"),
        (json!({"buyer": buyer, "tickets": one, "price": "1.00"}), "price"),
    ];
    for (body, field) in faulty {
        let answer = public.post(&path, body.clone());
        assert_eq!(answer.status, 422, "{body} gets {}", answer.json);
        assert_eq!(answer.code(), "validation_failed");
        let named = answer.fields().iter().any(|named| named.starts_with(field));
        assert!(named, "{body} must name {field}: {}", answer.json);
        assert_eq!(answer.raw.header("content-type"), Some("application/problem+json"));
    }
    for (bytes, code) in [
        (&b"{\"buyer\": "[..], "invalid_json"),
        (b"buyer=Ivan&tickets=1", "invalid_json"),
        (b"[1, 2]", "invalid_json"),
        (b"\"order\"", "invalid_json"),
        (b"{\"buyer\": {\"name\": \"\xff\xfe\"}}", "invalid_utf8"),
    ] {
        let answer = public.raw("POST", &path, &[("Content-Type", "application/json")], bytes).unwrap();
        let body = String::from_utf8_lossy(&answer.body).into_owned();
        assert_eq!(answer.status, 400, "{body}");
        assert!(body.contains(code), "{code}: {body}");
    }
    for slug in ["nothing", "%20", "..%2f..", &escaped("Весна")] {
        public
            .post(&format!("/api/public/v1/events/{slug}/orders"), json!({"buyer": buyer, "tickets": one}))
            .refused(404, "not_found");
    }
    assert_eq!(
        MODULES.map(|module| stage.admin.count(module)),
        before,
        "refused requests leave nothing in {MODULES:?}"
    );
}
