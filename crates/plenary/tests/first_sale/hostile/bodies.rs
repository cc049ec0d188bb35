//! Bodies that are no JSON, no object, not UTF-8, too large, or of another kind.

use super::routes::{ROUTES, filled, is_signed};
use super::sample::Sample;
use super::{must, refused};
use crate::harness::Api;

const JSON: (&str, &str) = ("Content-Type", "application/json");

pub(crate) fn are_refused(admin: &Api, sample: &Sample) {
    let deep = format!("{{\"name\":{}{}}}", "[".repeat(20_000), "]".repeat(20_000));
    let huge = format!("{{\"name\":\"{}\"}}", "x".repeat(9 * 1024 * 1024));
    // Files come as forms, never as JSON.
    for (method, path) in
        ROUTES.iter().filter(|(method, path)| matches!(*method, "POST" | "PATCH") && !path.ends_with("/files"))
    {
        let path = filled(path, &|name| sample.part(name));
        // A program that calls a rule may say what it likes; this address is no rule's.
        let reads_anything = path.starts_with("/hooks/");
        let broken: [&[u8]; 14] = [
            b"{",
            b"}",
            b"nul",
            b"{\"name\":}",
            b"{'name':'x'}",
            b"{\"name\":\"x\"} x",
            b"[]",
            b"[{}]",
            b"\"text\"",
            b"5",
            b"true",
            b"{\"a\":1e999999}",
            b"{\"name\":\"\\ud800\"}",
            deep.as_bytes(),
        ];
        if is_signed(&path) {
            // There is no such line, and nobody learns that by the answer.
            for body in broken.into_iter().chain([huge.as_bytes()]) {
                let told = refused(admin, method, &path, &[JSON], body);
                must(told["code"] == "bad_signature", || format!("{method} {path}: {told}"));
            }
            continue;
        }
        for body in broken {
            let told = refused(admin, method, &path, &[JSON], body);
            let is_right = told["status"] == 400 || reads_anything && told["status"] == 404;
            must(is_right, || format!("{method} {path}: {told}"));
        }
        for body in [&b"{\"name\":\"\xff\"}"[..], b"\xfe\xff\x00{", b"{\"name\":\"\xed\xa0\x80\"}"] {
            must(refused(admin, method, &path, &[JSON], body)["code"] == "invalid_utf8", || format!("{method} {path}"));
        }
        // A field nobody has, at every door that reads an object.
        let told = refused(admin, method, &path, &[JSON], b"{\"no_such_field\": 1}");
        let wanted = if reads_anything { 404 } else { 422 };
        must(told["status"] == wanted, || format!("{method} {path}: {told}"));
        let nul = refused(admin, method, &path, &[JSON], b"{\"name\":\"a\\u0000b\",\"no_such_field\":\"\\u0000\"}");
        must(nul["status"].as_u64().is_some_and(|status| status < 500), || &nul);
        for kind in [
            "text/plain",
            "application/xml",
            "multipart/form-data; boundary=x",
            "application/x-www-form-urlencoded",
            "json",
            "/",
        ] {
            let told = refused(admin, method, &path, &[("Content-Type", kind)], b"{\"name\":\"x\"}");
            // Sites send what was filled in as forms, too: this one is none, or says nothing that is asked.
            let reads_forms = path.starts_with("/api/public/v1/forms/") && kind.contains("form");
            let is_right = reads_forms && (told["status"] == 400 || told["status"] == 422);
            must(is_right || told["code"] == "unsupported_media_type", || format!("{method} {path}: {told}"));
        }
        let told = refused(admin, method, &path, &[JSON], huge.as_bytes());
        must((&told["status"], &told["code"]) == (&413.into(), &"too_large".into()), || format!("{method} {path}"));
        let long = "k".repeat(300);
        for key in ["", long.as_str(), "ключ"] {
            let told = refused(admin, method, &path, &[JSON, ("Idempotency-Key", key)], b"{\"no_such_field\":1}");
            must(told["code"] == "invalid_idempotency_key", || format!("{method} {path} with {key:?}: {told}"));
        }
    }
    doors_of_their_own(admin, sample);
}

/// What only one door reads.
fn doors_of_their_own(admin: &Api, sample: &Sample) {
    let invalid = |path: &str, body: &str, field: &str| {
        let told = refused(admin, "POST", path, &[JSON], body.as_bytes());
        must(told["status"] == 422, || format!("{path} {body}: {told}"));
        must(told["errors"].to_string().contains(&format!("\"field\":\"{field}")), || {
            format!("{path} {body} names {field}: {told}")
        });
    };
    for (body, field) in [
        ("{}", "advance"),
        ("{\"advance\":\"P1D\",\"to\":\"2030-01-01T00:00:00Z\"}", "advance"),
        ("{\"advance\":\"one day\"}", "advance"),
        ("{\"advance\":5}", "advance"),
        ("{\"advance\":\"-P1D\"}", ""),
        ("{\"advance\":\"P99999999Y\"}", ""),
        ("{\"advance\":\"P9999Y\"}", ""),
        ("{\"to\":\"tomorrow\"}", "to"),
        ("{\"to\":\"1999-01-01T00:00:00Z\"}", "to"),
        ("{\"to\":\"99999-01-01T00:00:00Z\"}", "to"),
        ("{\"to\":null}", "to"),
    ] {
        invalid("/api/v1/sandbox/clock", body, field);
    }
    for (body, field) in [
        ("{}", "code"),
        ("{\"code\":5}", "code"),
        ("{\"code\":null}", "code"),
        ("{\"code\":[\"x\"]}", "code"),
        ("{\"code\":\"x\",\"point\":5}", "point"),
    ] {
        invalid("/api/v1/check-in", body, field);
    }
    for code in ["", " ", "\\u0000", "%", "' or 1=1", &"x".repeat(10_000)] {
        refused(admin, "POST", "/api/v1/check-in", &[JSON], format!("{{\"code\":\"{code}\"}}").as_bytes());
    }
    let batch = "/api/v1/leads/batch";
    let many = format!("{{\"operations\":[{}]}}", vec!["{\"op\":\"create\"}"; 1_001].join(","));
    for (body, field) in [
        ("{}", "operations"),
        ("{\"operations\":{}}", "operations"),
        ("{\"operations\":[],\"atomic\":\"yes\"}", "atomic"),
        (many.as_str(), "operations"),
        ("{\"operations\":[5]}", "operations[0]"),
        ("{\"operations\":[{\"op\":\"drop\"}]}", "operations[0].op"),
        ("{\"operations\":[{\"op\":\"create\",\"fields\":[]}]}", "operations[0].fields"),
        ("{\"operations\":[{\"op\":\"create\",\"feilds\":{}}]}", "operations[0].feilds"),
        ("{\"operations\":[{\"op\":\"update\",\"fields\":{}}]}", "operations[0].id"),
        ("{\"operations\":[{\"op\":\"delete\",\"id\":\"x\"}]}", "operations[0].id"),
        (
            "{\"operations\":[{\"op\":\"create\",\"fields\":{\"name\":\"Good One\"}},{\"op\":\"create\",\"fields\":{\"email\":\"x\"}}]}",
            "operations[1].email",
        ),
    ] {
        invalid(batch, body, field);
    }
    let foreign = format!(
        "{{\"operations\":[{{\"op\":\"create\",\"fields\":{{\"name\":\"Good Two\"}}}},{{\"op\":\"update\",\"id\":\"{}\",\"fields\":{{\"name\":\"x\"}}}}]}}",
        sample.ids["contacts"]
    );
    must(refused(admin, "POST", batch, &[JSON], foreign.as_bytes())["status"] == 404, || "a contact is no lead");
    let unknown = format!("/api/v1/payments/{}/transitions/assign", sample.ids["payments"]);
    for body in ["{}", "{\"order\":5}", "{\"order\":\"x\"}", "{\"order\":\"0192f000-0000-7000-8000-000000000000\"}"] {
        refused(admin, "POST", &unknown, &[JSON], body.as_bytes());
    }
    let refund = format!("/api/v1/orders/{}/transitions/refund", sample.ids["orders"]);
    for amount in [
        "true",
        "\"five\"",
        "{\"amount\":\"-1.00\",\"currency\":\"RUB\"}",
        "{\"amount\":\"0.00\",\"currency\":\"RUB\"}",
        "{\"amount\":\"1.00\",\"currency\":\"USD\"}",
        "{\"amount\":\"99999999999999999999\",\"currency\":\"RUB\"}",
        "{\"amount\":\"10000.01\",\"currency\":\"RUB\"}",
    ] {
        refused(admin, "POST", &refund, &[JSON], format!("{{\"amount\":{amount}}}").as_bytes());
    }
}
