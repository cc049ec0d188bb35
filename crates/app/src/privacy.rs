//! A person's data: handed out whole, and erased. What belongs to them is found by the store; here letters on their way to
//! them are stopped, and the bytes of their files go.

use std::collections::BTreeMap;
use std::io;
use std::sync::LazyLock;

use channels::outbox;
use model::pack::Pack;
use model::{Actor, Id, Record};
use serde_json::{Map, Value as Json, json};
use store::{ChangeEntry, Erased, Error, Foreseen, Job, Kinds, LockKey, Origin, Result, Tie, Work};

use crate::App;
use crate::attachments::{on_disk, turn_of};
use crate::jobs::{Done, put_off};
use crate::letters::LETTERS;
use crate::packs::{shipped, shipped_pack};
use crate::present::{Shape, present};
use crate::queue::MESSAGES;

/// The kind of the job that removes the bytes of files and what was drawn for letters; its payload is `{"digests",
/// "letters"}`. It has turns of its own, see [`App::remove_files`].
pub const FILES_JOB: &str = "privacy.files";

/// Files whose bytes are removed in one turn: meanwhile nobody else writes to an SQLite file.
const TOGETHER: usize = 10;

/// The modules of the packs that ship which say what their records are to a person, by pack.
static ABOUT: LazyLock<Vec<(&str, Vec<String>)>> = LazyLock::new(|| {
    let about = |pack: Pack| {
        let modules = pack.modules.into_iter().filter(|module| module.about.is_some());
        modules.map(|module| module.name).collect()
    };
    shipped().into_iter().filter_map(|name| Some((name, about(shipped_pack(name)?.ok()?)))).collect()
});

/// Fails while modules of packs that ship are there as an older program brought them: they say not yet what is of a person,
/// and an erasure, which cannot be done twice, would leave nearly all of it.
fn expect_packs(work: &Work<'_>) -> Result<()> {
    let definitions = work.definitions();
    let says_nothing = |name: &String| definitions.module(name).is_some_and(|module| module.about.is_none());
    let behind = ABOUT.iter().filter(|(_, modules)| modules.iter().any(says_nothing));
    let behind: Vec<&str> = behind.map(|(name, _)| *name).collect();
    if behind.is_empty() {
        return Ok(());
    }
    let message = format!(
        "apply the packs first ({}): those in use are older than this program and do not say what is of a person",
        behind.join(", ")
    );
    Err(Error::conflict("packs_behind", message))
}

impl App {
    /// What erasing the person of a record would do.
    ///
    /// # Errors
    /// As [`Work::foresee_erasure`]; [`Error::Conflict`] `packs_behind` while the packs do not say what is of a person.
    pub fn foresee_erasure(&self, work: &mut Work<'_>, module: &str, id: Id) -> Result<Foreseen> {
        let foreseen = work.foresee_erasure(module, id)?;
        expect_packs(work)?;
        Ok(foreseen)
    }

    /// Erases the person of a record; what is left of them is called `called`.
    ///
    /// # Errors
    /// As [`Work::erase_person`] and [`App::foresee_erasure`].
    pub fn erase(&self, work: &mut Work<'_>, module: &str, id: Id, reason: &str, called: &str) -> Result<Erased> {
        expect_packs(work)?;
        let erased = work.erase_person(module, id, reason, called)?;
        stop_letters(work)?;
        let letters = erased.emptied.get(MESSAGES).into_iter().flatten().map(Id::to_string).collect::<Vec<_>>();
        if !erased.files.is_empty() || !letters.is_empty() {
            let now = work.now();
            work.enqueue(FILES_JOB, None, now, json!({"digests": erased.files, "letters": letters}))?;
        }
        Ok(erased)
    }

    /// Removes the files of which erasures that are committed have left nothing: bytes that nobody else has attached as
    /// well, and what was drawn for letters. Some bytes go in each turn that writes, so that whoever attaches the same ones
    /// comes before or finds them gone; letters are nobody else's. Done again after a crash it does the same. A copy for a
    /// rehearsal removes nothing.
    pub(crate) async fn remove_files(&self) -> Result<Vec<Done>> {
        let mut all = Vec::new();
        let next = |work: &mut Work<'_>| {
            let now = work.now();
            Ok(work.foreseen_jobs(Kinds::Only(&[FILES_JOB]), now, 1)?.into_iter().next())
        };
        while let Some(job) = self.workspace().read(Actor::System("files"), next).await? {
            let removed = if self.is_copy() { Ok(()) } else { self.remove_files_of(&job).await? };
            let error = removed.err().map(|error| format!("the disk refuses: {error}"));
            let (of, told) = (job.clone(), error.clone());
            let settle = move |work: &mut Work<'_>| match &told {
                None => work.finish_job(&of).map(drop),
                Some(error) => put_off(work, &of, error),
            };
            self.workspace().write(Actor::System("files"), Origin::from("job"), settle).await?;
            all.push(Done { kind: job.kind, key: job.key, due_at: job.due_at, error });
        }
        Ok(all)
    }

    async fn remove_files_of(&self, job: &Job) -> Result<io::Result<()>> {
        for some in texts(&job.payload, "digests").chunks(TOGETHER) {
            let (files, some) = (self.0.files.clone(), some.to_vec());
            let remove = move |work: &mut Work<'_>| {
                let turns: Vec<LockKey> = some.iter().map(|digest| turn_of(digest)).collect();
                work.lock(&turns)?;
                let spoken_of = work.spoken_of(&some)?;
                let gone =
                    some.iter().filter(|digest| spoken_of.as_ref().is_some_and(|known| !known.contains(*digest)));
                Ok(gone.into_iter().try_for_each(|digest| files.destroy(digest)))
            };
            let (removed, _) = self.workspace().write(Actor::System("files"), Origin::from("job"), remove).await?;
            if removed.is_err() {
                return Ok(removed);
            }
        }
        let (files, letters) = (self.0.files.clone(), texts(&job.payload, "letters"));
        let remove = move || letters.iter().try_for_each(|letter| files.destroy_folder(&format!("{LETTERS}/{letter}")));
        Ok(on_disk(remove).await)
    }
}

fn texts(payload: &Json, key: &str) -> Vec<String> {
    let texts = payload.get(key).and_then(Json::as_array).into_iter().flatten();
    texts.filter_map(|text| text.as_str().map(str::to_owned)).collect()
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
/// As [`Work::story`] and [`App::foresee_erasure`].
pub fn personal_data(work: &mut Work<'_>, module: &str, id: Id) -> Result<Json> {
    let mut story = work.story(module, id)?;
    expect_packs(work)?;
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
