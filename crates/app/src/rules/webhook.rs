//! Webhooks of rules: what is sent, and to whom.

use model::rule::{Rule, When};
use model::{Id, Record};
use serde_json::{Map, Value as Json, json};
use store::{Error, NewWebhook, Result, Work};

use super::Cause;
use crate::{Shape, present};

/// The most that one carries, in bytes.
const LARGEST: usize = 1 << 20;

/// Puts the record, and what changed of it, on the queue to be sent.
pub(super) fn queue(
    work: &mut Work<'_>,
    (rule, place): (&Rule, usize),
    cause: &Cause,
    record: &Record,
    url: &str,
) -> Result<()> {
    let (now, shown) = (work.now(), shown(work, record)?);
    let change = match &cause.change_set {
        Some(set) => json!({"change_set": set, "version": cause.version, "fields": changed(work, cause)?}),
        None => Json::Null,
    };
    let body = |id: Id| {
        json!({
            "id": id, "type": format!("{}.{}", record.module.name, event(&rule.when)), "timestamp": now.to_string(),
            "rule": rule.name, "module": record.module.name, "record": shown, "change": change,
        })
    };
    if body(record.id).to_string().len() > LARGEST {
        return Err(Error::conflict("too_large", format!("a webhook carries {LARGEST} bytes at most")));
    }
    let about = (record.module.name.as_str(), record.id);
    work.queue_webhook(&NewWebhook { rule: &rule.name, cause: &cause.of.name(), place, record: about, url }, body)
}

/// The record as programs read it, with the powers of the rule; secrets stay here, and what is hidden from somebody in this record.
fn shown(work: &mut Work<'_>, record: &Record) -> Result<Map<String, Json>> {
    let record = &work.as_anybody_sees(record)?;
    let all = present(work, std::slice::from_ref(record), &Shape::default())?;
    let Some(Json::Object(mut fields)) = all.into_iter().next() else { return Ok(Map::new()) };
    for field in record.module.fields.iter().filter(|field| field.secret) {
        fields.remove(&field.name);
    }
    fields.values_mut().for_each(close_links);
    Ok(fields)
}

/// Takes the keys out of personal links, which letters are full of: whoever has one opens the page of its owner.
fn close_links(value: &mut Json) {
    match value {
        Json::String(text) => {
            if let Some(closed) = closed(text) {
                *text = closed;
            }
        }
        Json::Array(all) => all.iter_mut().for_each(close_links),
        Json::Object(map) => map.values_mut().for_each(close_links),
        _ => {}
    }
}

/// A text with `…` in place of the keys of its personal links, `/p/o/KEY`; nothing where it has none.
fn closed(text: &str) -> Option<String> {
    let (mut rest, mut closed) = (text, String::new());
    while let Some((before, after)) = rest.split_once("/p/") {
        let is_kind = |kind: &str| (1..=16).contains(&kind.len()) && kind.bytes().all(|byte| byte.is_ascii_lowercase());
        let kind = after.split_once('/').map(|(kind, _)| kind).filter(|kind| is_kind(kind)).map(str::len);
        let Some(end) = kind else {
            closed.push_str(before);
            closed.push_str("/p/");
            rest = after;
            continue;
        };
        let (kind, key) = after.split_at(end + 1);
        let length = key.find(|c: char| !(c.is_ascii_alphanumeric() || "-_%=".contains(c))).unwrap_or(key.len());
        closed.push_str(before);
        closed.push_str("/p/");
        closed.push_str(kind);
        closed.push_str(if length == 0 { "" } else { "…" });
        rest = key.get(length..).unwrap_or_default();
    }
    if closed.is_empty() { None } else { Some(closed + rest) }
}

/// The fields that the change set otherwise, before and after it; of a new record all that were filled.
fn changed(work: &mut Work<'_>, cause: &Cause) -> Result<Map<String, Json>> {
    let mut after = shown(work, &cause.after)?;
    if !cause.after.module.veils.is_empty() {
        // What is hidden is told beside the record, and is no field of it.
        after.remove("hidden");
    }
    let before = cause.before.as_ref().map(|before| shown(work, before)).transpose()?.unwrap_or_default();
    let differs = |(name, value): (String, Json)| {
        let was = before.get(&name).cloned().unwrap_or_default();
        let is_kept = ["id", "version", "created_at", "updated_at", "created_by"].contains(&name.as_str());
        (!is_kept && was != value).then(|| (name, json!({"before": was, "after": value})))
    };
    Ok(after.into_iter().filter_map(differs).collect())
}

/// What set the rule off, as files spell it.
fn event(when: &When) -> String {
    json!(when).get("event").and_then(Json::as_str).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::closed;

    #[test]
    fn keys_are_taken_out_of_personal_links() {
        let text =
            "Заказ: https://crm.example.org/p/o/abc_DEF-123/tickets, опрос <a href=\"/p/s/xyz\">тут</a>, /p/ и /p/s/";
        let told = "Заказ: https://crm.example.org/p/o/…/tickets, опрос <a href=\"/p/s/…\">тут</a>, /p/ и /p/s/";
        assert_eq!(closed(text).as_deref(), Some(told));
        assert_eq!(closed("ничего личного"), None);
    }
}
