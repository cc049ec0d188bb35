//! Every field of every module: values of another type, out of range, of no record.

use serde_json::{Value, json};

use super::sample::Sample;
use super::{must, problem, refused};
use crate::harness::Api;
use crate::harness::api::text;

/// An id that no record has.
const NOBODY: &str = "0192f000-0000-7000-8000-000000000000";
const JSON: (&str, &str) = ("Content-Type", "application/json");

pub(crate) fn are_refused(admin: &Api, sample: &Sample) {
    let mut tried = 0;
    for module in sample.definitions(admin) {
        let name = text(&module, "name");
        for field in module["fields"].as_array().unwrap() {
            let only_the_process = field["set_by"] == "process" || field["computed"] == true || field["secret"] == true;
            for wrong in wrong_values(field, only_the_process) {
                let faulty = json!({text(field, "name"): wrong});
                let whole = if name == "orders" { order_with(sample, &faulty) } else { faulty.clone() };
                tried += 2;
                // Files are sent and never described. Money that names an order nobody knows is kept all the same, for a
                // person to look at.
                if name != "files" && !(name == "payments" && text(field, "type") == "link" && wrong == json!(NOBODY)) {
                    check(admin, "POST", &format!("/api/v1/{name}"), &whole, text(field, "name"));
                }
                if let Some(id) = sample.ids.get(name) {
                    check(admin, "PATCH", &format!("/api/v1/{name}/{id}"), &faulty, text(field, "name"));
                }
            }
        }
        for owner in [json!(5), json!("x"), json!(NOBODY), json!([])] {
            refused(admin, "POST", &format!("/api/v1/{name}"), &[JSON], json!({"owner": owner}).to_string().as_bytes());
        }
        for system in
            ["id", "version", "created_at", "updated_at", "created_by", "deleted_at", "rowid", "token", "", "__proto__"]
        {
            refused(admin, "POST", &format!("/api/v1/{name}"), &[JSON], json!({system: "1"}).to_string().as_bytes());
        }
    }
    must(tried > 500, || tried);
    tiers(admin, sample);
}

/// An order that is whole but for this.
fn order_with(sample: &Sample, faulty: &Value) -> Value {
    let mut order = json!({
        "event": sample.sale.event, "buyer_name": "Order Somebody", "buyer_email": "order@example.com",
        "tickets": [{"ticket_type": sample.sale.types[0].id}],
    });
    for (name, value) in faulty.as_object().into_iter().flatten() {
        order[name] = value.clone();
    }
    order
}

#[track_caller]
fn check(admin: &Api, method: &str, path: &str, faulty: &Value, field: &str) {
    let body = faulty.to_string();
    let response = admin.raw(method, path, &[JSON], body.as_bytes()).unwrap();
    let what = format!("{method} {path} {}", body.chars().take(200).collect::<String>());
    let told = problem(&response, &what);
    // Tickets are made by their order alone, contracts for their deal, whatever is sent.
    if ["made_by_process", "use_issue"].contains(&text(&told, "code")) {
        return;
    }
    must(response.status == 422, || format!("{what}: {told}"));
    let errors = told["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
    must(errors.iter().any(|error| text(error, "field").starts_with(field)), || {
        format!("{what} names the field: {told}")
    });
    must(errors.iter().all(|error| !text(error, "code").is_empty() && !text(error, "message").is_empty()), || {
        format!("{what}: {told}")
    });
}

fn wrong_values(field: &Value, only_the_process: bool) -> Vec<Value> {
    if only_the_process {
        return vec![json!("x"), json!(5)];
    }
    let never = vec![json!([[]]), json!({"a": 1})];
    let own = match text(field, "type") {
        "text" | "address" => vec![json!(5), json!(true), json!("a\u{0}b"), json!("x".repeat(1_000_001))],
        "long_text" => vec![json!(5), json!("a\u{0}b"), json!("x".repeat(1_000_001))],
        "number" => vec![json!("five"), json!(1.5), json!(1e30), json!(true), json!(9_223_372_036_854_775_808_u64)],
        "decimal" => vec![json!("five"), json!(true), json!("1e99999")],
        "money" => vec![
            json!(true),
            json!("five"),
            json!({"amount": 5.0, "currency": "RUB"}),
            json!({"amount": "1.001", "currency": "RUB"}),
            json!({"amount": "1.00", "currency": "ROUBLE"}),
            json!({"amount": "99999999999999999999.00", "currency": "RUB"}),
            json!({"amount": "1.00", "currency": "RUB", "rate": 1}),
        ],
        "date" => vec![json!("2027-02-30"), json!("13.04.2027"), json!(5), json!("99999-01-01")],
        "time" => vec![json!("25:00"), json!(5)],
        "datetime" => vec![json!("yesterday"), json!(5), json!("2027-04-13"), json!("99999-01-01T00:00:00Z")],
        "duration" => vec![json!("one day"), json!(5), json!("P"), json!("P99999999999Y")],
        "choice" => vec![json!("no such choice"), json!(5)],
        "multi_choice" if field["open"] == true => vec![json!("buyer"), json!([5]), json!(["x".repeat(1_000)])],
        "multi_choice" => vec![json!("buyer"), json!(["no such choice"]), json!([5])],
        "links" => vec![json!("x"), json!(5), json!([5]), json!(["x"]), json!([NOBODY]), json!(NOBODY)],
        "link" | "person" => vec![json!("x"), json!(5), json!(NOBODY)],
        "record" => vec![
            json!("x"),
            json!(5),
            json!({"module": "nothing", "id": NOBODY}),
            json!({"module": "leads", "id": NOBODY}),
        ],
        "email" => vec![json!("x"), json!(5), json!("a@b@c"), json!("a\u{0}@example.com")],
        "phone" => vec![json!("12"), json!(5), json!("call me")],
        "url" => vec![json!("x"), json!(5), json!("javascript:alert(1)")],
        "checkbox" => vec![json!("yes"), json!(1)],
        "rating" => vec![json!(6), json!(-1), json!("x")],
        "colour" => vec![json!("red"), json!(5), json!("#12345g")],
        // Anything that is JSON: what is asked of it is asked by its service.
        _ => return Vec::new(),
    };
    [own, never].concat()
}

/// The prices of a ticket type are JSON with rules of their own.
fn tiers(admin: &Api, sample: &Sample) {
    let price = json!({"amount": "10.00", "currency": "RUB"});
    for tiers in [
        json!(5),
        json!({}),
        json!([]),
        json!([5]),
        json!([{}]),
        json!([{"price": {"amount": "-1.00", "currency": "RUB"}, "from": null, "until": null}]),
        json!([{"price": {"amount": "1.00", "currency": "USD"}, "from": null, "until": null}]),
        json!([{"price": price, "from": "yesterday", "until": null}]),
        json!([{"price": price, "from": "2027-02-01T00:00:00Z", "until": "2027-01-01T00:00:00Z"}]),
        json!([{"price": price, "until": 5}]),
        json!([{"price": price, "form": null}]),
    ] {
        let faulty = json!({"event": sample.sale.event, "name": "Bad", "price_tiers": tiers});
        check(admin, "POST", "/api/v1/ticket_types", &faulty, "price_tiers");
        check(
            admin,
            "PATCH",
            &format!("/api/v1/ticket_types/{}", sample.sale.types[0].id),
            &json!({"price_tiers": tiers}),
            "price_tiers",
        );
    }
}
