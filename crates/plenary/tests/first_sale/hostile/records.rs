//! Records that are another module's, versions that are not current, moves that are not open.

use serde_json::{Value, json};

use super::sample::Sample;
use super::{must, refused};
use crate::harness::Api;

/// A state that the sample's record is not in.
fn other_state(module: &str) -> &'static str {
    match module {
        "orders" => "pending",
        "tickets" => "reserved",
        _ => "qualified",
    }
}

const JSON: (&str, &str) = ("Content-Type", "application/json");

pub(crate) fn are_refused(admin: &Api, sample: &Sample) {
    for (module, id) in &sample.ids {
        let foreign = &sample.ids[if module == "leads" { "contacts" } else { "leads" }];
        for (method, path) in [
            ("GET", format!("/api/v1/{module}/{foreign}")),
            ("PATCH", format!("/api/v1/{module}/{foreign}")),
            ("DELETE", format!("/api/v1/{module}/{foreign}")),
            ("GET", format!("/api/v1/{module}/{foreign}/timeline")),
            ("POST", format!("/api/v1/{module}/{foreign}/restore")),
        ] {
            let body: &[u8] = if matches!(method, "PATCH" | "POST") { b"{}" } else { b"" };
            must(refused(admin, method, &path, &[], body)["status"] == 404, || format!("{method} {path}"));
        }
        let path = format!("/api/v1/{module}/{id}");
        for version in ["\"0\"", "\"99\"", "\"9223372036854775807\"", "\"-1\""] {
            for method in ["PATCH", "DELETE"] {
                let told = refused(
                    admin,
                    method,
                    &path,
                    &[JSON, ("If-Match", version)],
                    if method == "PATCH" { b"{}" } else { b"" },
                );
                // What nobody may delete is refused before its version is looked at.
                must(told["status"] == 412 || method == "DELETE", || format!("{method} {path} {version}: {told}"));
            }
        }
        for version in ["1", "W/\"1\"", "\"x\"", "\"\"", "\"1\", \"2\"", "\"99999999999999999999\"", "\u{444}"] {
            let told = refused(admin, "PATCH", &path, &[JSON, ("If-Match", version)], b"{}");
            must(told["code"] == "invalid_if_match", || format!("{path} {version}: {told}"));
        }
        for name in ["nothing", "paid", "delete", "%20", "issued"] {
            let told = refused(admin, "POST", &format!("{path}/transitions/{name}"), &[JSON], b"{}");
            must([403, 404, 409].map(Value::from).contains(&told["status"]), || format!("{module} {name}: {told}"));
        }
    }
    // What seats, money and numbers rest on is moved by its process alone.
    for (module, field) in [
        ("orders", "status"),
        ("orders", "number"),
        ("orders", "paid"),
        ("tickets", "code"),
        ("tickets", "status"),
        ("payments", "amount"),
        ("payments", "allocations"),
        ("leads", "status"),
    ] {
        let told = refused(
            admin,
            "PATCH",
            &format!("/api/v1/{module}/{}", sample.ids[module]),
            &[JSON],
            json!({field: if field == "status" { other_state(module) } else { "x" }}).to_string().as_bytes(),
        );
        must(told["errors"][0]["field"] == field, || &told);
    }
    refused(admin, "POST", "/api/v1/tickets", &[JSON], json!({"event": sample.sale.event}).to_string().as_bytes());
    for (module, id) in [("jobs", &sample.ids["leads"]), ("change-sets", &sample.ids["leads"])] {
        must(refused(admin, "GET", &format!("/api/v1/{module}/{id}"), &[], b"")["status"] == 404, || {
            format!("{module} know no lead")
        });
    }
    let letter = &sample.ids["messages"];
    for index in ["99", "-1", "x", "1.5", "99999999999999999999999"] {
        refused(admin, "GET", &format!("/api/v1/sandbox/outbox/{letter}/attachments/{index}"), &[], b"");
    }
    must(admin.get(&format!("/api/v1/leads/{}", sample.ids["leads"])).status == 200, || "the lead is still there");
}
