//! A person's data: handed out whole, and erased. What belongs to them is found by the store; here letters on their way to
//! them are stopped, and the bytes of their files go.

use std::collections::BTreeMap;

use channels::outbox;
use model::{Id, Record};
use serde_json::{Map, Value as Json, json};
use store::{ChangeEntry, Erased, Error, Result, Tie, Work};

use crate::App;
use crate::present::{Shape, present};
use crate::queue::MESSAGES;

/// The kind of the job that removes the bytes of files; its payload is `{"digests"}`.
pub const FILES_JOB: &str = "privacy.files";

impl App {
    /// Erases the person of a record; what is left of them is called `called`.
    ///
    /// # Errors
    /// As [`Work::erase_person`].
    pub fn erase(&self, work: &mut Work<'_>, module: &str, id: Id, reason: &str, called: &str) -> Result<Erased> {
        let erased = work.erase_person(module, id, reason, called)?;
        stop_letters(work)?;
        if !erased.files.is_empty() {
            let now = work.now();
            work.enqueue(FILES_JOB, None, now, json!({"digests": erased.files}))?;
        }
        Ok(erased)
    }

    /// Removes the bytes of files that nobody else has attached as well. Done again after a collision, it does the same.
    pub(crate) fn destroy_files(&self, work: &mut Work<'_>, payload: &Json) -> Result<()> {
        let digests = payload.get("digests").and_then(Json::as_array).into_iter().flatten();
        let digests: Vec<String> = digests.filter_map(|digest| digest.as_str().map(str::to_owned)).collect();
        let Some(spoken_of) = work.spoken_of(&digests)? else { return Ok(()) };
        let mut gone = digests.iter().filter(|digest| !spoken_of.contains(*digest));
        gone.try_for_each(|digest| self.0.files.destroy(digest))
            .map_err(|error: std::io::Error| Error::conflict("not_removed", format!("the disk refuses: {error}")))
    }
}

/// Letters that were to go to nobody any more.
fn stop_letters(work: &mut Work<'_>) -> Result<()> {
    work.as_process(|work| {
        let filter = work.filter(MESSAGES, "status in [\"queued\", \"sending\"] && to == null")?;
        for letter in work.find(MESSAGES, filter)? {
            outbox::withdraw(work, letter.id, "whom it was to go to was erased")?;
        }
        Ok(())
    })
}

/// All that is held of the person of a record, in the form of the API: records by what they are to them and by module,
/// each with what was done to it.
///
/// # Errors
/// As [`Work::story`].
pub fn personal_data(work: &mut Work<'_>, module: &str, id: Id) -> Result<Json> {
    let mut story = work.story(module, id)?;
    let mut groups: BTreeMap<(Tie, String), Vec<Record>> = BTreeMap::new();
    for (record, tie) in story.records {
        groups.entry((tie, record.module.name.clone())).or_default().push(record);
    }
    let (at, mut parts) = (work.now(), Map::new());
    work.as_process(|work| {
        for ((tie, name), records) in groups.into_iter().rev() {
            let fields = records.first().map(|record| record.module.clone());
            let secret = fields.iter().flat_map(|module| &module.fields).filter(|field| field.secret);
            let secret: Vec<String> = secret.map(|field| field.name.clone()).collect();
            let mut shown = present(work, &records, &Shape::default())?;
            for (json, record) in shown.iter_mut().zip(&records) {
                let Some(map) = json.as_object_mut() else { continue };
                map.retain(|name, value| !value.is_null() && !secret.contains(name));
                if let Some(history) = story.history.remove(&(name.clone(), record.id)) {
                    map.insert("history".to_owned(), history.iter().map(line).collect());
                }
            }
            let part = parts.entry(tie.name()).or_insert_with(|| json!({}));
            if let Some(part) = part.as_object_mut() {
                part.insert(name, json!(shown));
            }
        }
        Ok::<_, Error>(())
    })?;
    let mut named: BTreeMap<String, Vec<Json>> = BTreeMap::new();
    for (module, id, fields) in story.named {
        named.entry(module).or_default().push(json!({"id": id.to_string(), "named_in": fields}));
    }
    if !named.is_empty() {
        parts.insert(Tie::Named.name().to_owned(), json!(named));
    }
    Ok(json!({"at": at.to_string(), "of": {"module": module, "id": id.to_string()}, "records": parts}))
}

fn line(entry: &ChangeEntry) -> Json {
    let fields: Vec<_> = entry
        .fields
        .iter()
        .map(|field| json!({"field": field.field, "before": field.before, "after": field.after}))
        .collect();
    json!({
        "at": entry.at.to_string(), "actor": entry.actor.map(|id| id.to_string()), "source": entry.source,
        "reason": entry.reason, "operation": entry.operation, "fields": fields,
    })
}
