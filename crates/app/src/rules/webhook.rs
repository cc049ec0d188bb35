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
    work.queue_webhook(&NewWebhook { rule: &rule.name, cause: &cause.name, place, record: about, url }, body)
}

/// The record as programs read it, with the powers of the rule; secrets stay here.
fn shown(work: &mut Work<'_>, record: &Record) -> Result<Map<String, Json>> {
    let all = present(work, std::slice::from_ref(record), &Shape::default())?;
    let Some(Json::Object(mut fields)) = all.into_iter().next() else { return Ok(Map::new()) };
    for field in record.module.fields.iter().filter(|field| field.secret) {
        fields.remove(&field.name);
    }
    Ok(fields)
}

/// The fields that the change set otherwise, before and after it; of a new record all that were filled.
fn changed(work: &mut Work<'_>, cause: &Cause) -> Result<Map<String, Json>> {
    let after = shown(work, &cause.after)?;
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
