//! Who may what. Nobody without a token; each role what its pack grants, by module and by record.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::routes::{ROUTES, filled, is_public};
use super::sample::Sample;
use super::{must, problem, refused};
use crate::harness::api::{id, text};
use crate::harness::{Api, World, rub};

pub(crate) fn nobody_gets_in(anybody: &Api, sample: &Sample) {
    let impostors = [
        None,
        Some(String::new()),
        Some("x".to_owned()),
        Some("plenary_x".to_owned()),
        Some("plenary_' or 1=1--".to_owned()),
    ];
    for token in impostors {
        let api = Api::new(anybody.address, token);
        for (method, path) in ROUTES.iter().filter(|(_, path)| !is_public(path)) {
            let path = filled(path, &|name| sample.part(name));
            let told =
                refused(&api, method, &path, &[], if *method == "GET" || *method == "DELETE" { b"" } else { b"{}" });
            must((&told["status"], &told["code"]) == (&401.into(), &"unauthenticated".into()), || {
                format!("{method} {path}")
            });
        }
    }
    for authorization in ["Basic Ym9zczpwYXNz", "Bearer", "bearer ", "Token x", "\u{444}"] {
        let answer = anybody.raw("GET", "/api/v1/leads", &[("Authorization", authorization)], b"").unwrap();
        problem(&answer, authorization);
        must((answer.status, answer.header("www-authenticate")) == (401, Some("Bearer")), || {
            format!("{authorization:?} is told how to come in")
        });
    }
    // A page of another site cannot use a visitor's session, nor is a session a thing one can guess.
    let cookie = ("Cookie", "plenary_session=x");
    must(anybody.raw("GET", "/api/v1/leads", &[cookie], b"").unwrap().status == 401, || "an invented session lets in");
    let told = refused(anybody, "POST", "/api/public/v1/orders/AAAAAAAAAAAAAAAAAAAAAAAA/cancel", &[], b"{}");
    must(told["status"] == 404, || &told);
}

/// What a caller tries: method, path, body.
type Attempt<'a> = (&'a str, String, Value);

pub(crate) fn each_within_its_grants(world: &World, sample: &Sample) {
    let [salesperson, secretary, accountant, door, reviewer] =
        ["salesperson", "secretary", "accountant", "door", "reviewer"].map(|role| world.user(role));
    let of = |module: &str| format!("/api/v1/{module}/{}", sample.ids[module]);
    let move_of = |module: &str, name: &str| format!("{}/transitions/{name}", of(module));
    let lead = json!({"name": "New Somebody"});
    let event = json!({"name": "Other", "kind": "course"});
    let payment = json!({"amount": rub(100), "order": sample.ids["orders"]});
    let order = json!({"event": sample.sale.event, "buyer_name": "A B", "buyer_email": "a@example.com", "tickets": [{"ticket_type": sample.sale.types[0].id}]});
    let nothing = json!({});
    let rehearsal: [Attempt<'_>; 3] = [
        ("GET", "/api/v1/sandbox/clock".to_owned(), nothing.clone()),
        ("POST", "/api/v1/sandbox/clock".to_owned(), json!({"advance": "PT1H"})),
        ("GET", "/api/v1/sandbox/outbox".to_owned(), nothing.clone()),
    ];
    let lists = |modules: &[&str]| -> Vec<Attempt<'_>> {
        let list = |module: &&str| {
            [
                ("GET", format!("/api/v1/{module}"), Value::Null),
                ("GET", of(module), Value::Null),
                ("GET", format!("{}/timeline", of(module)), Value::Null),
            ]
        };
        modules.iter().flat_map(list).collect()
    };
    let check_in = ("POST", "/api/v1/check-in".to_owned(), json!({"code": sample.code}));
    let state = sample.state(&world.admin());
    let refuses = |api: &Api, role: &str, attempts: Vec<Attempt<'_>>| {
        for (method, path, body) in attempts.into_iter().chain(rehearsal.clone()) {
            let body = if body.is_null() { String::new() } else { body.to_string() };
            let told = refused(api, method, &path, &[], body.as_bytes());
            must(told["status"] == 403 || told["status"] == 404 || method == "PATCH" && told["status"] == 422, || {
                format!("{role}: {method} {path}: {told}")
            });
        }
        must(sample.state(&world.admin()) == state, || format!("{role} changed something"));
    };
    refuses(
        &salesperson,
        "salesperson",
        vec![
            ("POST", "/api/v1/payments".to_owned(), payment.clone()),
            ("POST", "/api/v1/events".to_owned(), event.clone()),
            ("PATCH", of("events"), json!({"capacity": 1})),
            ("PATCH", of("ticket_types"), json!({"quota": 1})),
            ("DELETE", of("leads"), Value::Null),
            ("DELETE", format!("{}?purge=true", of("leads")), Value::Null),
            ("POST", move_of("orders", "refund"), nothing.clone()),
            ("POST", move_of("payments", "unassign"), nothing.clone()),
            check_in.clone(),
        ],
    );
    refuses(
        &secretary,
        "secretary",
        [
            lists(&["deals", "orders", "tickets", "payments", "participants"]),
            vec![
                ("PATCH", of("leads"), json!({"name": "Other"})),
                ("PATCH", of("accounts"), json!({"name": "Other"})),
                ("POST", "/api/v1/accounts".to_owned(), json!({"name": "Other"})),
                ("POST", "/api/v1/orders".to_owned(), order.clone()),
                ("POST", "/api/v1/payments".to_owned(), payment.clone()),
                ("POST", move_of("orders", "cancel"), nothing.clone()),
                ("POST", move_of("leads", "contact"), nothing.clone()),
                check_in.clone(),
            ],
        ]
        .concat(),
    );
    refuses(
        &accountant,
        "accountant",
        [
            lists(&["leads", "cases", "participants", "messages"]),
            vec![
                ("POST", "/api/v1/leads".to_owned(), lead.clone()),
                ("POST", "/api/v1/orders".to_owned(), order.clone()),
                ("PATCH", of("contacts"), json!({"name": "Other"})),
                ("PATCH", of("events"), json!({"name": "Other"})),
                ("DELETE", of("payments"), Value::Null),
                ("GET", format!("/api/v1/tickets?filter={}", "order.lead.name%20%3D%3D%20%22x%22"), Value::Null),
                check_in.clone(),
            ],
        ]
        .concat()
        .into_iter()
        // A filter through a hidden module is not refused: what lies behind it is null.
        .filter(|(_, path, _)| !path.contains("filter="))
        .collect(),
    );
    refuses(
        &door,
        "door",
        [
            lists(&["leads", "contacts", "accounts", "deals", "cases", "orders", "payments", "messages"]),
            vec![
                ("POST", "/api/v1/leads".to_owned(), lead.clone()),
                ("PATCH", of("tickets"), json!({"attendee_name": "Other"})),
                ("PATCH", of("tickets"), json!({"attendee_email": "other@example.com"})),
                ("PATCH", of("participants"), json!({"name": "Other"})),
                ("POST", move_of("orders", "cancel"), nothing.clone()),
            ],
        ]
        .concat(),
    );
    refuses(
        &reviewer,
        "reviewer",
        [
            lists(&["leads", "orders", "tickets", "participants"]),
            vec![check_in, ("POST", "/api/v1/leads".to_owned(), lead)],
        ]
        .concat(),
    );

    hidden_fields(&door, sample);
    own_records(world, &salesperson, sample);
    let allowed = secretary.post("/api/v1/leads", json!({"name": "From Secretary"}));
    must(allowed.status == 201, || format!("{}", allowed.json));
    let allowed = accountant.post("/api/v1/payments", payment);
    must(allowed.status == 201, || format!("{}", allowed.json));
    must(door.post("/api/v1/check-in", json!({"code": sample.code})).status == 200, || "the door lets in");
    narrowed(world);
}

/// What is hidden is in no answer and can be asked about in no way.
fn hidden_fields(door: &Api, sample: &Sample) {
    for path in [
        format!("/api/v1/tickets/{}", sample.ids["tickets"]),
        "/api/v1/tickets".to_owned(),
        "/api/v1/tickets?q=Somebody".to_owned(),
    ] {
        let shown = door.get(&path).expect(200).to_string();
        must(shown.contains("attendee_name") && shown.contains("Order Somebody"), || &shown);
        for secret in ["order@example.com", "attendee_email", "attendee_phone", "\"price\"", "10000.00"] {
            must(!shown.contains(secret), || format!("{path} shows {secret}: {shown}"));
        }
    }
    for query in ["sort=attendee_email", "sort=price", "fields=price", "fields=list_price"] {
        let told = refused(door, "GET", &format!("/api/v1/tickets?{query}"), &[], b"");
        must(told["status"] == 400, || format!("{query}: {told}"));
    }
    // Behind a hidden field stands null, whatever is asked about it.
    for filter in [
        "attendee_email%3D%3D%22order%40example.com%22",
        "attendee_email.startsWith(%22order%22)",
        "price%3E1",
        "price%3D%3D10000",
        "order.buyer_email%3D%3D%22order%40example.com%22",
    ] {
        let found = door.get(&format!("/api/v1/tickets?filter={filter}"));
        must(found.status == 400 || found.json["data"].as_array().is_some_and(Vec::is_empty), || {
            format!("{filter} finds {}", found.json)
        });
    }
    must(
        door.get("/api/v1/tickets?q=order%40example.com").json["data"].as_array().map(Vec::len) == Some(0),
        || "a ticket is found by what is hidden",
    );
    let timeline = door.get(&format!("/api/v1/tickets/{}/timeline", sample.ids["tickets"])).expect(200).to_string();
    must(!timeline.contains("order@example.com") && !timeline.contains("10000.00"), || &timeline);
    must(
        door.get("/api/v1/search?q=order%40example.com").json["data"].as_array().map(Vec::len) == Some(0),
        || "nor by the search over everything",
    );
    let definition = door.get("/api/v1/meta/modules/tickets").expect(200)["fields"].to_string();
    must(!definition.contains("attendee_email"), || &definition);
}

/// A salesperson works with their own records and those of nobody.
fn own_records(world: &World, salesperson: &Api, sample: &Sample) {
    let admin = world.admin();
    let (me, boss) = (salesperson.get("/api/v1/me").expect(200), admin.get("/api/v1/me").expect(200));
    let lead = |name: &str, owner: Value| id(&admin.create("leads", json!({"name": name, "owner": owner}))).to_owned();
    let (mine, theirs, nobodys) = (
        lead("Mine Owned", me["id"].clone()),
        lead("Theirs Owned", boss["id"].clone()),
        lead("Nobodys Owned", Value::Null),
    );
    let seen: BTreeSet<String> = salesperson.all("leads", &[]).iter().map(|lead| id(lead).to_owned()).collect();
    must(seen.contains(&mine) && seen.contains(&nobodys) && !seen.contains(&theirs), || format!("{seen:?}"));
    let found = salesperson.all("leads", &[("filter", "name.endsWith(\"Owned\")"), ("sort", "name")]);
    must(found.iter().map(|lead| text(lead, "name")).collect::<Vec<_>>() == ["Mine Owned", "Nobodys Owned"], || {
        format!("{found:?}")
    });
    must(
        salesperson.get("/api/v1/leads?count=exact&limit=1&q=Theirs").json["total"] == 0,
        || "what is not seen is not counted",
    );
    let hits = salesperson.get("/api/v1/search?q=Owned").expect(200);
    must(!hits.to_string().contains("Theirs"), || &hits);
    for (method, rest, body) in [
        ("GET", "", ""),
        ("PATCH", "", "{\"name\":\"X Y\"}"),
        ("GET", "/timeline", ""),
        ("POST", "/transitions/contact", "{}"),
        ("DELETE", "", ""),
        ("POST", "/restore", "{}"),
    ] {
        let path = format!("/api/v1/leads/{theirs}{rest}");
        let told = refused(salesperson, method, &path, &[], body.as_bytes());
        must(told["status"] == 404 || (method == "DELETE" || rest == "/restore") && told["status"] == 403, || {
            format!("{method} {path}: {told}")
        });
    }
    for (id, name) in [(&mine, "Mine Changed"), (&nobodys, "Nobodys Changed")] {
        salesperson.patch(&format!("/api/v1/leads/{id}"), json!({"name": name})).expect(200);
    }
    // An order that the boss took is not theirs, nor are its tickets and money.
    admin.patch(&format!("/api/v1/orders/{}", sample.ids["orders"]), json!({"owner": boss["id"]})).expect(200);
    for module in ["orders", "tickets", "payments"] {
        let told = refused(salesperson, "GET", &format!("/api/v1/{module}/{}", sample.ids[module]), &[], b"");
        must(told["status"] == 404, || format!("{module}: {told}"));
        must(salesperson.all(module, &[]).is_empty(), || module);
    }
    let told = refused(salesperson, "GET", &format!("/api/v1/tickets/{}/pdf", sample.ids["tickets"]), &[], b"");
    must(told["status"] == 404, || &told);
}

/// A token's scopes take away and never give.
fn narrowed(world: &World) {
    let make = |user: &str, scope: &str| {
        let token = world.run(&["token", "create", "--user", user, "--name", "narrow", "--scope", scope]);
        Api::new(world.address(), Some(token.trim().to_owned()))
    };
    let reader = make(crate::harness::world::ADMIN, "read");
    must(reader.get("/api/v1/leads").status == 200, || "a reader reads");
    reader.post("/api/v1/leads", json!({"name": "By Reader"})).refused(403, "create_forbidden");
    let leads_only = make(crate::harness::world::ADMIN, "leads:write");
    must(
        leads_only.post("/api/v1/leads", json!({"name": "By Writer"})).status == 201,
        || "a writer of leads writes leads",
    );
    let told = refused(&leads_only, "GET", "/api/v1/orders", &[], b"");
    must(told["status"] == 403 || told["status"] == 404, || &told);
    refused(&make("reviewer@example.com", "write"), "POST", "/api/v1/leads", &[], b"{\"name\":\"By Reviewer\"}");
}
