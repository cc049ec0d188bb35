//! What people see on pages is what the API tells them: no page shows a role what the API hides from it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::must;
use super::sample::Sample;
use crate::harness::api::text;
use crate::harness::http::escaped;
use crate::harness::{Api, World};

/// Every page that staff may ask for, for each module and its record.
const PAGES: [&str; 9] = [
    "/{module}",
    "/{module}?q=Somebody",
    "/{module}?deleted=true",
    "/{module}/new",
    "/{module}/{id}",
    "/{module}/{id}?view=card",
    "/{module}/{id}/edit",
    "/{module}/{id}/transitions/{move}",
    "/{module}/{id}/payments",
];
/// What the API tells, for each module and its record.
const TOLD: [&str; 5] = ["", "?q=Somebody", "/{id}", "/{id}/timeline", "/{id}/history"];
const ROLES: [&str; 7] = ["head_of_sales", "organiser", "salesperson", "secretary", "accountant", "door", "reviewer"];
const MOVES: [&str; 6] = ["cancel", "contact", "refund", "revive", "unassign", "start"];

/// A value of a record: how the API writes it and how a page does.
struct Secret {
    place: String,
    told: String,
    shown: String,
}

pub(crate) fn show_no_more_than_the_api(world: &mut World) {
    let sample = Sample::make(&world.admin());
    let secrets = secrets(&world.admin(), &sample);
    must(secrets.len() > 40, || format!("only {} values to look for", secrets.len()));
    for role in ROLES {
        let told = everything_told(&world.user(role), &sample);
        let is_told = |secret: &&Secret| told.contains(&secret.told) || told.contains(&secret.shown);
        let hidden: Vec<&Secret> = secrets.iter().filter(|secret| !is_told(secret)).collect();
        let cookie = signed_in(&world.anybody(), role);
        for path in paths(&sample) {
            let page = world.anybody().raw("GET", &path, &[("Cookie", &cookie)], b"").unwrap();
            must(page.status < 500, || format!("{role}: {path}: {}", page.status));
            let page = String::from_utf8_lossy(&page.body).into_owned();
            for secret in hidden.iter().filter(|secret| !path.contains(&secret.shown)) {
                must(!shows(&page, &secret.shown), || {
                    format!("{role}: {path} shows {} of {}", secret.shown, secret.place)
                });
            }
        }
        // Numbers of seats are too small to be looked for: where the API tells none, no page draws any.
        if !told.contains("\"sold\"") {
            let path = format!("/events/{}", sample.sale.event);
            let page = world.anybody().raw("GET", &path, &[("Cookie", &cookie)], b"").unwrap();
            let page = String::from_utf8_lossy(&page.body).into_owned();
            must(page.contains("Spring of Java") && !page.contains("<progress") && !page.contains("\u{a0}%"), || {
                format!("{role} sees how many are sold")
            });
        }
    }
}

/// The session's cookie.
fn signed_in(anybody: &Api, role: &str) -> String {
    let form = format!("email={}&password=correct+horse", escaped(&format!("{role}@example.com")));
    let headers = [("Content-Type", "application/x-www-form-urlencoded"), ("Sec-Fetch-Site", "same-origin")];
    let answer = anybody.raw("POST", "/sign-in", &headers, form.as_bytes()).unwrap();
    assert_eq!(answer.status, 303, "{role} signs in");
    let cookies = answer.headers.iter().filter(|(name, _)| name == "set-cookie");
    let cookie = cookies.map(|(_, value)| value.split(';').next().unwrap().to_owned());
    format!("{}; lang=en", cookie.collect::<Vec<_>>().join("; "))
}

fn paths(sample: &Sample) -> Vec<String> {
    let mut paths: BTreeSet<String> = ["/", "/search?q=Somebody", "/search?q=example.com"].map(str::to_owned).into();
    for (module, id) in &sample.ids {
        for page in PAGES {
            let page = page.replace("{module}", module).replace("{id}", id);
            paths.extend(MOVES.iter().map(|name| page.replace("{move}", name)));
        }
    }
    paths.into_iter().collect()
}

/// Every answer of the API to this caller, as text.
fn everything_told(api: &Api, sample: &Sample) -> String {
    // The organisation's name stands on every page, and every letter of its own is from it.
    let mut told = "Plenary".to_owned();
    for path in ["/api/v1/me", "/api/v1/meta/modules", "/api/v1/search?q=Somebody"] {
        told.push_str(&api.get(path).json.to_string());
    }
    // What rules have made besides is in its list.
    let modules = api.get("/api/v1/meta/modules").json;
    for module in modules["data"].as_array().into_iter().flatten() {
        let name = module["name"].as_str().unwrap_or_default();
        told.push_str(&api.get(&format!("/api/v1/{name}?limit=200")).json.to_string());
    }
    for (module, id) in &sample.ids {
        for rest in TOLD {
            let path = format!("/api/v1/{module}{}", rest.replace("{id}", id));
            told.push_str(&api.get(&path).json.to_string());
        }
    }
    told
}

/// What is worth looking for: texts, amounts, larger numbers and identifiers of every record.
fn secrets(admin: &Api, sample: &Sample) -> Vec<Secret> {
    let mut secrets = BTreeMap::new();
    for module in sample.definitions(admin) {
        let name = text(&module, "name");
        let fields = module["fields"].as_array().cloned().unwrap_or_default();
        for record in admin.all(name, &[]) {
            for field in &fields {
                let place = format!("{name}.{}", text(field, "name"));
                found(text(field, "type"), &record[text(field, "name")], &place, &mut secrets);
            }
            found("id", &record["id"], &format!("{name}.id"), &mut secrets);
        }
    }
    secrets.into_iter().map(|(told, (shown, place))| Secret { place, told, shown }).collect()
}

fn found(kind: &str, value: &Value, place: &str, secrets: &mut BTreeMap<String, (String, String)>) {
    match (kind, value) {
        ("json", Value::Array(items)) => items.iter().for_each(|item| found(kind, item, place, secrets)),
        ("json" | "money", Value::Object(object)) => match object.get("amount").and_then(Value::as_str) {
            Some(amount) => {
                let whole = amount.split('.').next().unwrap_or_default();
                if whole.len() > 3 {
                    secrets.insert(amount.to_owned(), (grouped(whole), place.to_owned()));
                }
            }
            None => object.values().for_each(|value| found(kind, value, place, secrets)),
        },
        ("number", Value::Number(number)) if number.as_i64().is_some_and(|number| number > 999) => {
            secrets.insert(number.to_string(), (grouped(&number.to_string()), place.to_owned()));
        }
        ("text" | "long_text" | "email" | "url" | "id" | "link", Value::String(text)) => {
            let line: String = text.lines().next().unwrap_or_default().chars().take(40).collect();
            if line.len() > 4 && !line.contains(['"', '<', '&', '\'']) {
                secrets.insert(line.clone(), (line, place.to_owned()));
            }
        }
        _ => {}
    }
}

/// Digits as English pages write them.
fn grouped(digits: &str) -> String {
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().map(|group| String::from_utf8_lossy(group)).collect();
    groups.join(",")
}

/// Whether a page holds these words and not merely longer ones.
fn shows(page: &str, words: &str) -> bool {
    let ends = |rest: &str| rest.chars().next().is_none_or(|next| !next.is_alphanumeric());
    page.match_indices(words).any(|(at, _)| ends(&page[at + words.len()..]))
}
