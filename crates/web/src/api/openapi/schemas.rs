//! The schemas of a module: its records as they are read, made, changed, moved, listed and written in batches.

use serde_json::{Map, Value, json};

use super::fields::{described, nullable, read, written};
use super::operation::{Needs, reference};
use super::surface::Surface;

/// All schemas of a module, by the names that the operations use.
pub(super) fn of(surface: &Surface<'_>) -> serde_json::Result<Map<String, Value>> {
    let name = &surface.module.name;
    let mut schemas = Map::new();
    let mut add = |suffix: &str, schema: Value| schemas.insert(format!("{name}_{suffix}"), schema);
    add("record", record(surface));
    add("page", page(name));
    if surface.offers(Needs::Create) {
        add("create", create(surface));
    }
    if surface.offers(Needs::Update) {
        add("update", object(change(surface), &[], "Fields that are not named stay as they are."));
        for transition in surface.moves().keys() {
            add(transition, pressed(surface, transition));
        }
    }
    add("batch", batch(surface));
    Ok(schemas)
}

fn object(properties: Map<String, Value>, required: &[String], description: &str) -> Value {
    let mut schema = json!({
        "type": "object", "description": description, "additionalProperties": false, "properties": properties,
    });
    if let (Some(map), false) = (schema.as_object_mut(), required.is_empty()) {
        map.insert("required".to_owned(), json!(required));
    }
    schema
}

fn record(surface: &Surface<'_>) -> Value {
    let instant = json!({"type": "string", "format": "date-time", "readOnly": true});
    let id = reference("schemas", "Id");
    let system = json!({
        "id": id,
        "version": {"type": "integer", "minimum": 1, "readOnly": true, "description": "Counts the changes."},
        "created_at": instant, "updated_at": instant,
        "created_by": described(nullable(id.clone()), "The user who made it; null for what came from outside."),
        "deleted_at": described(instant.clone(), "When it went to the bin; only there."),
    });
    let Value::Object(mut properties) = system else { return system };
    if surface.module.owners {
        let owner = json!({"anyOf": [id, reference("schemas", "Expanded"), {"type": "null"}]});
        properties.insert("owner".to_owned(), described(owner, "The user who answers for it."));
    }
    properties.extend(surface.fields().map(|field| (field.name.clone(), read(surface.module, field))));
    if !surface.module.veils.is_empty() {
        let names = json!({"type": "array", "items": {"type": "string"}, "readOnly": true});
        let says = "Fields of this record that are hidden from the caller: they are null. Not there where none is.";
        properties.insert("hidden".to_owned(), described(names, says));
    }
    // With `fields` only the id is sure to be there.
    json!({
        "type": "object", "required": ["id"], "properties": properties, "title": surface.module.one.en,
        "description": format!("A record of `{}`. All properties are there unless `fields` asked for some.", surface.module.name),
    })
}

fn page(module: &str) -> Value {
    json!({
        "type": "object", "required": ["data", "next_cursor"], "additionalProperties": false,
        "properties": {
            "data": {"type": "array", "maxItems": 500, "items": reference("schemas", &format!("{module}_record"))},
            "next_cursor": {"type": ["string", "null"], "description": "Where the next page begins; null on the last one."},
            "total": {"type": "integer", "minimum": 0, "description": "Only with `count`."},
            "total_is_exact": {"type": "boolean", "description": "Whether there are not more than `total`."},
        },
    })
}

fn create(surface: &Surface<'_>) -> Value {
    let module = surface.module;
    let mut properties: Map<_, _> =
        surface.creatable().map(|field| (field.name.clone(), written(&module.name, field))).collect();
    let description = format!("A new record of `{}`.", module.name);
    if let Some(new) = &surface.entered.create {
        properties.extend(new.more.clone());
        return object(properties, &new.required, &description);
    }
    add_owner(surface, &mut properties);
    let needed = surface.creatable().filter(|field| field.required && field.default.is_none());
    let required: Vec<_> = needed.map(|field| field.name.clone()).collect();
    object(properties, &required, &description)
}

fn change(surface: &Surface<'_>) -> Map<String, Value> {
    let name = &surface.module.name;
    let mut properties = surface.changeable().map(|field| (field.name.clone(), written(name, field))).collect();
    add_owner(surface, &mut properties);
    properties
}

fn add_owner(surface: &Surface<'_>, properties: &mut Map<String, Value>) {
    if surface.module.owners {
        let owner = described(nullable(reference("schemas", "Id")), "The user who answers for it; null is nobody.");
        properties.insert("owner".to_owned(), owner);
    }
}

fn pressed(surface: &Surface<'_>, transition: &str) -> Value {
    let mut properties = change(surface);
    let options = surface.entered.transitions.get(transition).cloned().unwrap_or_default();
    properties.extend(options);
    object(properties, &[], "Fields to be changed with the move.")
}

fn batch(surface: &Surface<'_>) -> Value {
    let name = &surface.module.name;
    let id = reference("schemas", "Id");
    let fields = |suffix: &str| reference("schemas", &format!("{name}_{suffix}"));
    let operation = |op: &str, more: Value, required: &[&str]| {
        let mut properties = Map::from_iter([("op".to_owned(), json!({"const": op}))]);
        properties.extend(more.as_object().cloned().unwrap_or_default());
        let required = [&["op"], required].concat();
        json!({"type": "object", "required": required, "properties": properties})
    };
    let mut kinds = Vec::new();
    if surface.offers(Needs::Create) {
        kinds.push(operation("create", json!({"fields": fields("create")}), &["fields"]));
    }
    if surface.offers(Needs::Update) {
        kinds.push(operation("update", json!({"id": id, "fields": fields("update")}), &["id", "fields"]));
    }
    if surface.offers(Needs::Delete) {
        kinds.push(operation("delete", json!({"id": id}), &["id"]));
    }
    let moves: Vec<_> = surface.moves().into_keys().collect();
    if surface.offers(Needs::Transition) && !moves.is_empty() {
        let more = json!({"id": id, "name": {"type": "string", "enum": moves}, "fields": {"type": "object"}});
        kinds.push(operation("transition", more, &["id", "name"]));
    }
    let items = if kinds.is_empty() { json!(false) } else { json!({"oneOf": kinds}) };
    json!({
        "type": "object", "required": ["operations"], "additionalProperties": false,
        "properties": {
            "atomic": {"type": ["boolean", "null"], "default": true, "description": "All or nothing."},
            "operations": {"type": "array", "maxItems": 1000, "items": items},
        },
    })
}
