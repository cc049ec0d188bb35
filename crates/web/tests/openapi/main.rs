//! A running API against its own description: the document keeps to OpenAPI's rules, answers keep to the document.
//! The document is left in the build folder's `tmp/openapi.json` for validators of other makers (`script/lib/openapi`).
#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is not there")]

mod api;

use axum::http::StatusCode;
use serde_json::json;

use api::Api;

#[tokio::test]
async fn the_document_is_for_whoever_has_a_token() {
    let api = Api::new();
    let (status, problem) = api.anonymous("get", "/api/v1/openapi.json", None).await;
    assert_eq!((status, problem["code"].as_str()), (StatusCode::UNAUTHORIZED, Some("unauthenticated")));
    let document = api.document().await;
    assert_eq!(document["openapi"], "3.1.0");
    let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("openapi.json");
    std::fs::write(file, serde_json::to_vec_pretty(&document).unwrap()).unwrap();
}

#[tokio::test]
async fn every_schema_is_a_schema() {
    let document = Api::new().document().await;
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        jsonschema::draft202012::meta::validate(schema).map_err(|error| format!("{name}: {error}")).unwrap();
    }
}

/// Asked without a token, what is there says 401 or answers; what is not there says 404 or 405.
#[tokio::test]
async fn every_path_of_the_document_is_served() {
    let api = Api::new();
    let document = api.document().await;
    for (path, item) in document["paths"].as_object().unwrap() {
        let address = path.replace("{id}", "0190a000-0000-7000-8000-000000000000").replace("{module}", "leads");
        let address = address.replace("{slug}", "nowhere").replace("{token}", "nobody").replace("{index}", "0");
        for (method, operation) in item.as_object().unwrap() {
            let body = operation.get("requestBody").map(|_| json!({}));
            let (status, answer) = api.anonymous(method, &address, body).await;
            // Doors of providers are public, and hear only who signs.
            let is_closed = operation["security"] != json!([]) || operation["responses"].get("401").is_some();
            let nothing = answer["detail"].as_str().is_some_and(|detail| detail.starts_with("there is nothing at"));
            assert!(status != StatusCode::METHOD_NOT_ALLOWED && !nothing, "{method} {path}: {status}");
            assert_eq!(status == StatusCode::UNAUTHORIZED, is_closed, "{method} {path}: {status}");
        }
    }
}

#[tokio::test]
async fn answers_keep_to_the_document() {
    let api = Api::new();
    let event = json!({
        "name": "Harbour Days", "slug": "harbour27", "status": "on_sale", "starts_on": "2036-05-10",
        "ends_on": "2036-05-11", "capacity": 50, "payment_wait": "PT4H", "accent": "#205080",
    });
    let event = api.call("post", "/api/v1/events", Some(event), 201).await;
    let tiers = json!([{"price": {"amount": "100.00", "currency": "RUB"}, "from": null, "until": null}]);
    let kind = json!({"event": event["id"], "name": "Guest", "quota": 10, "price_tiers": tiers});
    let kind = api.call("post", "/api/v1/ticket_types", Some(kind), 201).await;
    let lead = json!({"name": "Anna Reed", "email": "Anna@Example.org", "phone": "+44 20 7946 0958"});
    let lead = api.call("post", "/api/v1/leads", Some(lead), 201).await;
    let leads = format!("/api/v1/leads/{}", lead["id"].as_str().unwrap());
    api.call("patch", &leads, Some(json!({"readiness": "hot", "owner": api.user})), 200).await;
    api.call("post", &format!("{leads}/transitions/contact"), Some(json!({})), 200).await;
    api.call("post", &format!("{leads}/transitions/contact"), Some(json!({})), 409).await;
    api.call("post", &format!("{leads}/transitions/qualify"), Some(json!({})), 422).await;
    let task =
        json!({"subject": "Call", "due_at": "2036-01-01T10:00:00Z", "about": {"module": "leads", "id": lead["id"]}});
    api.call("post", "/api/v1/activities", Some(task), 201).await;
    let deal = json!({"name": "Stand", "amount": {"amount": "1500.00", "currency": "RUB"}, "close_date": "2036-02-01"});
    api.call("post", "/api/v1/deals", Some(deal), 201).await;
    api.call("post", "/api/v1/accounts", Some(json!({"name": "Northlight", "relations": ["sponsor", "buyer"]})), 201)
        .await;

    let wanted = json!({"buyer": {"name": "Boris Lane", "email": "boris@example.org"}, "tickets": [{"ticket_type": kind["id"]}]});
    let placed = api.call("post", "/api/public/v1/events/harbour27/orders", Some(wanted), 201).await;
    api.call("post", "/api/public/v1/events/harbour27/orders", Some(json!({})), 422).await;
    let token = placed["public_url"].as_str().unwrap().rsplit('/').next().unwrap();
    let attendees = format!("/api/public/v1/orders/{token}/attendees");
    let name = |name: &str| Some(json!([{"ticket": placed["tickets"][0]["code"], "name": name, "phone": null}]));
    api.call("put", &attendees, name("Clara Lane"), 200).await;
    api.call("put", &attendees, name(""), 422).await;
    let found = api.call("get", "/api/v1/orders?count=true&expand=event,lead", None, 200).await;
    let order = found["data"][0].clone();
    let paid = json!({"amount": placed["due"], "order": order["id"], "external_id": "b-1"});
    api.call("post", "/api/v1/payments", Some(paid.clone()), 201).await;
    api.call("post", "/api/v1/payments", Some(paid), 200).await;
    let code = placed["tickets"][0]["code"].clone();
    api.call("post", "/api/v1/check-in", Some(json!({"code": code, "point": "A"})), 200).await;
    api.call("post", "/api/v1/check-in", Some(json!({"code": code})), 409).await;
    api.call("post", "/api/v1/check-in", Some(json!({"code": "NONE"})), 404).await;
    let orders = format!("/api/v1/orders/{}", order["id"].as_str().unwrap());
    api.call(
        "post",
        &format!("{orders}/transitions/refund"),
        Some(json!({"amount": {"amount": "10.00", "currency": "RUB"}})),
        200,
    )
    .await;

    let company =
        json!({"company": {"name": "Northlight"}, "contact": {"name": "Vera Lane", "email": "vera@example.org"}});
    let line = "/api/public/v1/events/harbour27/waiting-list";
    let waits = json!({"ticket_type": kind["id"], "name": "Vera Lane", "email": "vera@example.org"});
    let kind_path = format!("/api/v1/ticket_types/{}", kind["id"].as_str().unwrap());
    api.call("post", line, Some(waits.clone()), 409).await;
    api.call("post", line, Some(json!({})), 422).await;
    api.call("patch", &kind_path, Some(json!({"quota": 0})), 200).await;
    api.call("post", line, Some(waits), 201).await;
    api.call("patch", &kind_path, Some(json!({"quota": kind["quota"]})), 200).await;
    let groups = "/api/public/v1/events/harbour27/group-orders";
    api.call("post", groups, Some(company), 201).await;
    api.call("post", groups, Some(json!({})), 422).await;
    let found = api.call("get", "/api/v1/deals?filter=pipeline%20%3D%3D%20%22group_tickets%22", None, 200).await;
    let questionnaire = format!("/api/v1/deals/{}/questionnaire", found["data"][0]["id"].as_str().unwrap());
    let answers = json!({
        "lines": [{"ticket_type": kind["id"], "quantity": 2}], "name": "Northlight", "inn": "7707083893", "kpp": "773601001", "address": "Moscow",
    });
    api.call("post", &questionnaire, Some(json!({"lines": [], "name": "N", "inn": "1", "address": "M"})), 422).await;
    let group = api.call("post", &questionnaire, Some(answers.clone()), 201).await;
    api.call("post", &questionnaire, Some(answers), 409).await;
    let link = group["public_url"].as_str().unwrap().rsplit('/').next().unwrap();
    for verb in ["agree", "decline"] {
        api.call("post", &format!("/api/public/v1/orders/{link}/{verb}"), Some(json!({})), 409).await;
    }

    let operations = json!({"atomic": false, "operations": [
        {"op": "create", "fields": {"name": "Carl"}}, {"op": "update", "id": api.user, "fields": {}},
        {"op": "transition", "id": lead["id"], "name": "lose", "fields": {"lost_reason": "Later"}},
    ]});
    api.call("post", "/api/v1/leads/batch", Some(operations), 200).await;
    api.call("delete", &leads, None, 204).await;
    api.call("get", "/api/v1/leads?deleted=true", None, 200).await;
    api.call("post", &format!("{leads}/restore"), None, 200).await;
    api.call("get", &leads, None, 200).await;
    api.call("get", &format!("{leads}/timeline"), None, 200).await;
    api.call("get", &format!("{leads}/history?field=status&limit=1"), None, 200).await;
    api.call("get", &format!("{leads}/history?field=nothing"), None, 400).await;
    api.call("get", &format!("{leads}?as_of=2099-01-01T00:00:00Z"), None, 200).await;
    api.call("get", &format!("{leads}?as_of=2001-01-01T00:00:00Z"), None, 404).await;
    api.call("get", "/api/v1/orders?as_of=2099-01-01T00:00:00Z", None, 200).await;
    api.call("patch", &leads, Some(json!({"company": "Vector"})), 200).await;
    let changed = api.last_change_set();
    api.call("patch", &leads, Some(json!({"company": "Ardent"})), 200).await;
    let undo = format!("/api/v1/undo/{changed}");
    api.call("get", &undo, None, 404).await;
    api.call("post", &undo, Some(json!({})), 409).await;
    api.call("post", &undo, Some(json!({"conflicts": "maybe"})), 422).await;
    api.call("post", &undo, Some(json!({"conflicts": "overwrite"})), 200).await;
    api.call("post", &undo, Some(json!({})), 409).await;
    api.call("get", &format!("/api/v1/change-sets/{changed}"), None, 200).await;
    surveys(&api, &lead).await;
    forms(&api).await;
    letters(&api).await;
    requests(&api).await;
    api.call("get", "/api/v1/leads?filter=name%20%3D%3D%3D", None, 400).await;
    for module in [
        "leads",
        "contacts",
        "accounts",
        "deals",
        "cases",
        "activities",
        "messages",
        "events",
        "ticket_types",
        "orders",
        "tickets",
        "participants",
        "invoices",
        "payments",
    ] {
        api.call("get", &format!("/api/v1/{module}?count=exact"), None, 200).await;
    }
    let entity = json!({"name": "Гавань", "inn": "7707083893"});
    api.call("patch", "/api/v1/meta/organisation", Some(json!({"legal_entities": [entity]})), 200).await;
    let team = api.call("post", "/api/v1/meta/teams", Some(json!({"name": "Sales"})), 201).await;
    let teams = format!("/api/v1/meta/teams/{}", team["id"].as_str().unwrap());
    api.call("patch", &teams, Some(json!({"members": [api.user]})), 200).await;
    let user = json!({"email": "door@example.org", "name": "Door", "roles": ["door"], "password": "correct horse"});
    let user = api.call("post", "/api/v1/meta/users", Some(user), 201).await;
    let users = format!("/api/v1/meta/users/{}", user["id"].as_str().unwrap());
    api.call("patch", &users, Some(json!({"teams": [team["id"]], "active": false})), 200).await;
    api.call("patch", &users, Some(json!({"roles": []})), 422).await;
    let role =
        json!({"name": "intern", "copy_of": "salesperson", "modules": {"leads": {"read": "team"}, "deals": null}});
    api.call("post", "/api/v1/meta/roles?dry_run=true", Some(role.clone()), 200).await;
    api.call("post", "/api/v1/meta/roles", Some(role.clone()), 201).await;
    api.call("post", "/api/v1/meta/roles", Some(role), 409).await;
    let change =
        json!({"label": "Стажёр", "capabilities": [], "modules": {"leads": {"read": "own", "hidden": ["phone"]}}});
    api.call("patch", "/api/v1/meta/roles/intern", Some(change), 200).await;
    api.call("patch", "/api/v1/meta/roles/intern", Some(json!({"modules": {"nothing": {"read": "all"}}})), 422).await;
    api.call("delete", "/api/v1/meta/roles/intern?dry_run=true", None, 200).await;
    api.call("delete", "/api/v1/meta/roles/salesperson", None, 409).await;
    api.call("delete", "/api/v1/meta/roles/intern", None, 204).await;
    let rule = json!({
        "name": "note", "module": "leads", "budget": 5, "if": "has(email)", "when": {"event": "changed", "fields": ["email"]},
        "then": [
            {"do": "set", "fields": {"source": "\"noted\"", "company": {"ru": "Фирма", "en": "Firm"}}},
            {"do": "create", "module": "activities", "fields": {"subject": "name"}, "owner": {"role": "door"}, "by": "load"},
            {"do": "notify", "to": ["owner", {"role": "door"}]},
        ],
    });
    api.call("post", "/api/v1/meta/rules?dry_run=true", Some(rule.clone()), 200).await;
    api.call("post", "/api/v1/meta/rules", Some(rule.clone()), 201).await;
    api.call("post", "/api/v1/meta/rules", Some(rule), 409).await;
    api.call("get", "/api/v1/meta/rules", None, 200).await;
    api.call("get", "/api/v1/meta/rules/note", None, 200).await;
    api.call("patch", &leads, Some(json!({"email": "other@example.org"})), 200).await;
    api.call("post", "/api/v1/sandbox/clock", Some(json!({"advance": "PT1S"})), 200).await;
    api.call("get", "/api/v1/meta/rules/note/runs?state=done&limit=5", None, 200).await;
    api.call("get", "/api/v1/meta/rules/note/runs?state=x", None, 400).await;
    api.call("post", "/api/v1/meta/rules/note/dry-run", Some(json!({"if": null})), 200).await;
    let called = json!({
        "name": "called", "module": "outside_calls", "when": {"event": "called"},
        "then": [{"do": "create", "module": "leads", "fields": {"name": "body.text('name')"}}],
    });
    api.call("post", "/api/v1/meta/rules", Some(called), 201).await;
    let made = api.call("post", "/api/v1/meta/rules/called/address", None, 201).await;
    let address = made["address"].as_str().unwrap();
    let address = &address[address.find("/hooks/").unwrap()..];
    api.call("post", address, Some(json!({"name": "Vera"})), 202).await;
    api.call("post", "/hooks/nobody", Some(json!({})), 404).await;
    api.call("post", "/api/v1/meta/rules/note/address", None, 409).await;
    api.call("post", "/api/v1/meta/rules/note/rerun", Some(json!({})), 200).await;
    api.call("post", "/api/v1/meta/rules/note/resume", None, 200).await;
    let done = api.call("get", "/api/v1/meta/rules/note/runs?state=done", None, 200).await;
    let once_more = json!({"once_more": done["data"][0]["id"]});
    api.call("post", "/api/v1/meta/rules/note/runs", Some(once_more.clone()), 201).await;
    api.call("post", "/api/v1/meta/rules/note/runs", Some(once_more), 409).await;
    api.call("get", "/api/v1/approvals", None, 200).await;
    let nowhere = format!("/api/v1/approvals/note/{}", done["data"][0]["id"].as_str().unwrap());
    api.call("post", &nowhere, Some(json!({"approve": true})), 404).await;
    api.call("patch", "/api/v1/meta/rules/share_leads", Some(json!({"active": true})), 200).await;
    api.call("patch", "/api/v1/meta/rules/note", Some(json!({"if": "nothing"})), 422).await;
    api.call("delete", "/api/v1/meta/rules/share_leads", None, 409).await;
    api.call("delete", "/api/v1/meta/rules/note", None, 204).await;
    let absence = format!("{users}/absence");
    api.call("put", &absence, Some(json!({"until": "2099-01-01T00:00:00Z"})), 200).await;
    let process = "/api/v1/meta/processes/deals";
    let change = json!({
        "states": {"legal": {"label": "Legal", "after": "price", "colour": "warn"}},
        "transitions": {"advance.legal": {"from": ["legal"], "to": "documents", "asks": ["amount"], "guard": "has(event)"}},
    });
    api.call("patch", &format!("{process}?dry_run=true"), Some(change.clone()), 200).await;
    api.call("patch", process, Some(change), 200).await;
    api.call("get", process, None, 200).await;
    let retired = json!({"states": {"legal": {"retired": true, "moves_to": "price"}}});
    api.call("patch", process, Some(retired), 200).await;
    api.call("patch", process, Some(json!({"states": {"legal": null}, "transitions": {"advance.legal": null}})), 200)
        .await;
    api.call("patch", process, Some(json!({"transitions": {"win": {"guard": "nothing =="}}})), 422).await;
    let steps = json!({
        "module": "accounts", "field": "steps", "states": [{"name": "fresh"}, {"name": "known", "phase": "won"}],
        "transitions": [{"name": "meet", "from": ["fresh"], "to": "known"}],
    });
    api.call("post", "/api/v1/meta/processes?dry_run=true", Some(steps.clone()), 200).await;
    api.call("post", "/api/v1/meta/processes", Some(steps.clone()), 201).await;
    api.call("post", "/api/v1/meta/processes", Some(steps), 409).await;
    api.call("post", "/api/v1/meta/packs/own/revert", Some(json!({})), 200).await;
    let view = json!({"module": "leads", "name": "Hot", "filter": "readiness == \"hot\"", "columns": ["name"], "team": team["id"]});
    let view = api.call("post", "/api/v1/meta/views", Some(view), 201).await;
    let views = format!("/api/v1/meta/views/{}", view["id"].as_str().unwrap());
    let change = json!({"audience": "all", "team": null, "kind": "board", "by": "status", "span": "week", "who": "me", "group_by": "status", "sort": "-name"});
    api.call("patch", &views, Some(change), 200).await;
    api.call("patch", &views, Some(json!({"filter": "nothing =="})), 422).await;
    api.call("get", "/api/v1/meta/views?module=leads", None, 200).await;
    api.call("get", "/api/v1/meta/views?modul=leads", None, 400).await;
    api.call("patch", &views, Some(json!({"audience": "team", "team": team["id"]})), 200).await;
    api.call("delete", &teams, None, 409).await;
    api.call("delete", &views, None, 204).await;
    api.call("delete", &teams, None, 204).await;
    api.call("patch", "/api/v1/me", Some(json!({"locale": "en"})), 200).await;
    let fixed = [
        "me",
        "tokens",
        "meta/users",
        "meta/teams",
        "meta/views",
        "search?q=anna",
        "meta/modules",
        "meta/modules/leads",
        "meta/organisation",
        "meta/processes",
        "meta/processes/orders/numbers",
        "meta/roles",
        "sandbox/clock",
        "sandbox/outbox",
    ];
    for path in fixed {
        api.call("get", &format!("/api/v1/{path}"), None, 200).await;
    }
    let change_set = api.call("patch", &leads, Some(json!({"name": "Anna M. Reed"})), 200).await;
    assert!(change_set.is_object());
    api.call("get", &format!("/api/v1/change-sets/{}", api.last_change_set()), None, 200).await;
    api.call("post", "/api/v1/sandbox/clock", Some(json!({"advance": "PT5H"})), 200).await;
    api.call("get", "/api/v1/nothing", None, 404).await;
}

#[tokio::test]
async fn sales_keep_to_the_document() {
    let api = Api::new();
    let at = |path: &str, record: &serde_json::Value, act: &str| {
        format!("/api/v1/{path}/{}/{act}", record["id"].as_str().unwrap())
    };
    let account = api.call("post", "/api/v1/accounts", Some(json!({"name": "Northlight"})), 201).await;
    let lead = json!({"name": "Anna Reed", "company": "Northlight", "email": "anna@example.org"});
    let lead = api.call("post", "/api/v1/leads", Some(lead), 201).await;
    let convert = at("leads", &lead, "convert");
    api.call("get", &convert, None, 200).await;
    api.call("post", &convert, Some(json!({"account": "nobody"})), 422).await;
    let wanted = json!({"account": account["id"], "contact": null, "deal": {"pipeline": "sponsorship"}});
    api.call("post", &convert, Some(wanted), 200).await;
    api.call("post", &convert, Some(json!({})), 409).await;

    let letter = json!({"channel": "email", "direction": "in", "subject": "Hello", "from": "anna@example.org"});
    let letter = api.call("post", "/api/v1/messages", Some(letter), 201).await;
    let sort = at("messages", &letter, "sort");
    api.call("post", &sort, Some(json!({"into": "case", "fields": {"kind": "question"}})), 200).await;
    api.call("post", &sort, Some(json!({"into": "nothing"})), 409).await;

    let intake = |email: &str| json!({"source": "form", "module": "leads", "fields": {"name": "Ben", "email": email}});
    api.call("post", "/api/v1/intake", Some(intake("ben@example.org")), 201).await;
    let kept = api.call("post", "/api/v1/intake", Some(intake("ben-at-example")), 202).await;
    let resubmit = at("rejected_requests", &kept["rejected"], "resubmit");
    api.call("post", &resubmit, Some(json!({})), 422).await;
    api.call("post", &resubmit, Some(json!({"fields": {"email": "ben@example.org"}})), 200).await;
}

/// A letter is made, looked at, changed and deleted.
async fn letters(api: &Api) {
    api.call("get", "/api/v1/meta/letters", None, 200).await;
    api.call("get", "/api/v1/meta/letters/order_received", None, 200).await;
    let letter = json!({"name": "thanks", "subject": "Thanks", "text": {"ru": "Спасибо", "en": "{{ record.title }}"}});
    api.call("post", "/api/v1/meta/letters?dry_run=true", Some(letter.clone()), 200).await;
    api.call("post", "/api/v1/meta/letters", Some(letter), 201).await;
    api.call("patch", "/api/v1/meta/letters/thanks", Some(json!({"text": {"en": "{{ nothing }}"}})), 422).await;
    api.call("patch", "/api/v1/meta/letters/thanks", Some(json!({"text": {"en": "Thank you"}})), 200).await;
    let preview = json!({"subject": "Hello", "known": "least"});
    api.call("post", "/api/v1/meta/letters/thanks/preview", Some(preview), 200).await;
    api.call("delete", "/api/v1/meta/letters/thanks", None, 204).await;
    api.call("delete", "/api/v1/meta/letters/survey", None, 409).await;
}

/// A form is made, filled in, changed and deleted.
async fn forms(api: &Api) {
    api.call("get", "/api/v1/meta/forms", None, 200).await;
    api.call("get", "/api/v1/meta/forms/request", None, 200).await;
    let fields = json!([{"field": "name", "required": true}, {"field": "email", "if": "has(name)"}]);
    let form =
        json!({"name": "visit", "label": "Your visit", "module": "leads", "consent": "I agree", "fields": fields});
    api.call("post", "/api/v1/meta/forms?dry_run=true", Some(form.clone()), 200).await;
    api.call("post", "/api/v1/meta/forms", Some(form), 201).await;
    api.call("patch", "/api/v1/meta/forms/visit", Some(json!({"next": "nowhere"})), 422).await;
    api.call("patch", "/api/v1/meta/forms/visit", Some(json!({"thanks": "Thanks"})), 200).await;
    let filled = json!({"name": "Anna Reed", "email": "anna@example.org", "consent": true, "utm_source": "vk"});
    api.call("post", "/api/public/v1/forms/visit", Some(filled), 201).await;
    api.call("post", "/api/public/v1/forms/visit", Some(json!({"name": "Anna Reed"})), 422).await;
    api.call("post", "/api/public/v1/forms/none", Some(json!({"name": "Anna Reed"})), 404).await;
    api.call("delete", "/api/v1/meta/forms/visit", None, 204).await;
    api.call("delete", "/api/v1/meta/forms/request", None, 409).await;
}

/// A line brings requests, a sample is tried, webhooks are looked at.
async fn requests(api: &Api) {
    let line = json!({"name": "Shop", "kind": "webhook", "form": "lead_form", "secret": "a word of both"});
    let line = api.call("post", "/api/v1/meta/lines", Some(line), 201).await;
    let at = format!("/api/v1/meta/lines/{}", line["id"].as_str().unwrap());
    let sample = |body: serde_json::Value| Some(json!({ "body": body }));
    let known = json!({"contact": {"name": "Anna Reed", "email": "anna@example.org"}, "colour": "red"});
    api.call("post", &format!("{at}/try"), sample(known), 200).await;
    api.call("post", &format!("{at}/try"), sample(json!({"email": "anna"})), 200).await;
    api.call("patch", &at, Some(json!({"form": "nothing"})), 422).await;
    api.call("patch", &at, Some(json!({"id_path": "order.id"})), 200).await;
    api.call("get", "/api/v1/meta/lines", None, 200).await;
    api.call("delete", &at, None, 204).await;
    api.call("get", "/api/v1/meta/webhooks?state=failed", None, 200).await;
    api.call("get", "/api/v1/meta/webhooks?state=lost", None, 400).await;
    api.call("post", &format!("/api/v1/meta/webhooks/{}/redeliver", api.user), Some(json!({})), 404).await;
}

/// A survey is made, sent, answered and counted.
async fn surveys(api: &Api, lead: &serde_json::Value) {
    api.call("get", "/api/v1/meta/surveys", None, 200).await;
    api.call("get", "/api/v1/meta/surveys/decline", None, 200).await;
    let survey = json!({"name": "visit", "label": "Your visit", "anonymous": true,
        "questions": [{"key": "stars", "kind": "stars", "label": "How was it?", "help": "From one to five"}]});
    api.call("post", "/api/v1/meta/surveys?dry_run=true", Some(survey.clone()), 200).await;
    api.call("post", "/api/v1/meta/surveys", Some(survey), 201).await;
    api.call("patch", "/api/v1/meta/surveys/visit", Some(json!({"valid_for": "soon"})), 422).await;
    api.call("patch", "/api/v1/meta/surveys/visit", Some(json!({"thanks": "Thanks"})), 200).await;
    let about = json!({"survey": "decline", "about": {"module": "leads", "id": lead["id"]}});
    let sent = api.call("post", "/api/v1/surveys/send", Some(about), 200).await;
    api.call("post", &format!("/api/v1/surveys/{}/send", sent["id"].as_str().unwrap()), None, 200).await;
    api.call("get", "/api/public/v1/surveys/visit", None, 200).await;
    let answers = json!({"answers": {"stars": 5}});
    api.call("post", "/api/public/v1/surveys/visit", Some(answers), 201).await;
    api.call("post", "/api/public/v1/surveys/visit", Some(json!({"answers": {"stars": 6}})), 422).await;
    api.call("get", "/api/v1/meta/surveys/visit/results", None, 200).await;
    api.call("delete", "/api/v1/meta/surveys/visit", None, 204).await;
    api.call("delete", "/api/v1/meta/surveys/decline", None, 409).await;
}
