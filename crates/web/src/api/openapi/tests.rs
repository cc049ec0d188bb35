//! The document and the router say the same, because both come from one table; here is what the table cannot force.
use std::collections::BTreeSet;
use std::sync::Arc;

use model::definitions::Definitions;
use model::{Actor, Locale};
use serde_json::{Map, Value};
use store::Knowledge;

use super::{OPERATIONS, document, key, records};
use crate::api::ROUTES;

fn shipped() -> Knowledge {
    let packs: Vec<_> = app::packs::shipped().into_iter().map(|name| app::packs::find(name).unwrap()).collect();
    let definitions = Arc::new(Definitions::from_packs(&packs).unwrap());
    Knowledge::of(definitions)
}

fn user(role: &str) -> Actor {
    Actor::User(Box::new(model::actor::User {
        id: model::Id::new(),
        name: role.to_owned(),
        email: format!("{role}@example.org"),
        roles: vec![role.to_owned()],
        teammates: BTreeSet::new(),
        locale: Locale::En,
        scopes: Vec::new(),
        looker: None,
    }))
}

/// Every operation of a document: method and path.
fn operations(document: &Value) -> BTreeSet<(String, String)> {
    let paths = document.get("paths").and_then(Value::as_object).unwrap();
    let of_path = |(path, item): (&String, &Value)| {
        let methods: Vec<_> = item.as_object().unwrap().keys().map(|method| (method.clone(), path.clone())).collect();
        methods
    };
    paths.iter().flat_map(of_path).collect()
}

/// The route that serves a path of the document: `/api/v1/leads/{id}` is `/api/v1/{module}/{id}`.
fn route(path: &str, modules: &BTreeSet<String>) -> String {
    let mut parts: Vec<&str> = path.split('/').collect();
    let is_fixed = ROUTES.iter().any(|route| route.path == path);
    if let (false, [_, "api", "v1", module, ..]) = (is_fixed, &parts[..]) {
        assert!(modules.contains(*module), "{path} belongs to no module");
        parts[3] = "{module}";
        if parts.get(5) == Some(&"transitions") {
            parts[6] = "{name}";
        }
    }
    parts.join("/")
}

#[test]
fn the_paths_of_the_document_are_the_routes_of_the_router() {
    let knowledge = shipped();
    let modules = knowledge.definitions.modules().map(|module| module.name.clone()).collect();
    let document = document(&knowledge, &user("administrator")).unwrap();
    let described: BTreeSet<_> =
        operations(&document).into_iter().map(|(method, path)| key(&method, &route(&path, &modules))).collect();
    let served: BTreeSet<_> = ROUTES.iter().map(|route| key(route.method, route.path)).collect();
    assert_eq!(described, served, "describe it in openapi/text, or serve it");
}

#[test]
fn no_text_describes_what_is_not_served() {
    let served: BTreeSet<_> = ROUTES.iter().map(|route| key(route.method, route.path)).collect();
    for texts in [OPERATIONS, records::OPERATIONS] {
        let texts: Map<String, Value> = serde_json::from_str(texts).unwrap();
        let left: Vec<_> = texts.keys().filter(|key| !served.contains(*key)).collect();
        assert!(left.is_empty(), "{left:?}");
    }
}

#[test]
fn every_reference_leads_somewhere_and_every_operation_has_a_name_of_its_own() {
    for role in ["administrator", "organiser", "salesperson", "accountant", "door", "reviewer"] {
        let document = document(&shipped(), &user(role)).unwrap();
        let mut references = BTreeSet::new();
        collect(&document, &mut references);
        let broken: Vec<_> =
            references.iter().filter(|it| document.pointer(it.trim_start_matches('#')).is_none()).collect();
        assert!(broken.is_empty(), "{role}: {broken:?}");
        let paths = document.get("paths").and_then(Value::as_object).unwrap();
        let names: Vec<_> = paths
            .values()
            .flat_map(|item| item.as_object().unwrap().values())
            .map(|operation| operation.get("operationId").unwrap().to_string())
            .collect();
        assert_eq!(names.len(), names.iter().collect::<BTreeSet<_>>().len(), "{role}");
    }
}

fn collect(json: &Value, references: &mut BTreeSet<String>) {
    match json {
        Value::Object(map) => {
            references.extend(map.get("$ref").and_then(Value::as_str).map(str::to_owned));
            map.values().for_each(|value| collect(value, references));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, references)),
        _ => {}
    }
}

#[test]
fn nobody_reads_here_what_their_roles_hide() {
    let knowledge = shipped();
    let seen = |role: &str| document(&knowledge, &user(role)).unwrap();
    let door = seen("door");
    assert!(door.pointer("/components/schemas/tickets_record/properties/code").is_some());
    assert!(door.pointer("/components/schemas/tickets_record/properties/attendee_email").is_none());
    assert!(door.pointer("/components/schemas/leads_record").is_none());
    assert!(door.pointer("/paths/~1api~1v1~1orders").is_none());
    // The secret of a buyer's link is nobody's to read.
    let administrator = seen("administrator");
    assert!(administrator.pointer("/components/schemas/orders_record/properties/number").is_some());
    assert!(administrator.pointer("/components/schemas/orders_record/properties/token").is_none());
}

#[test]
fn processes_and_services_shape_what_may_be_written() {
    let document = document(&shipped(), &user("administrator")).unwrap();
    let schema = |name: &str| document.pointer(&format!("/components/schemas/{name}")).cloned().unwrap_or_default();
    let has = |name: &str, field: &str| schema(name).pointer(&format!("/properties/{field}")).is_some();
    assert!(has("leads_record", "status") && !has("leads_create", "status") && !has("leads_update", "status"));
    assert!(has("events_create", "status"), "a plain choice");
    assert!(has("orders_create", "tickets") && !has("orders_create", "total"));
    assert!(has("orders_refund", "amount") && has("orders_revive", "keep_price"));
    assert!(document.pointer("/paths/~1api~1v1~1tickets/post").is_none(), "tickets are made by their order");
    let moves: Vec<_> = ["lose", "qualify", "reopen"]
        .iter()
        .map(|name| format!("/paths/~1api~1v1~1leads~1{{id}}~1transitions~1{name}/post"))
        .collect();
    assert!(moves.iter().all(|path| document.pointer(path).is_some()));
    assert!(
        document.pointer("/paths/~1api~1v1~1leads~1{id}~1transitions~1convert").is_none(),
        "only the process does this"
    );
    assert_eq!(schema("contacts_create").pointer("/required"), Some(&serde_json::json!(["name"])));
}
