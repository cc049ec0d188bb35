//! Erasing a person: in one transaction, while nobody else writes.

use std::collections::{BTreeMap, BTreeSet};

use model::module::FILES;
use model::rights::Capability;
use model::{Id, Value};
use serde_json::json;

use super::LEFT;
use super::fate::left;
use super::reach::Tie;
use crate::counters::space;
use crate::db::LockKey;
use crate::error::{Error, Result};
use crate::params;
use crate::work::Work;
use crate::write::{Operation, Setup};

/// What an erasure did.
#[derive(Clone, Debug, Default)]
pub struct Erased {
    /// Records by module and by what they were to the person.
    pub records: BTreeMap<(String, Tie), usize>,
    /// Lines of the log that say less now.
    pub lines: usize,
    /// Other rows that said something of them.
    pub rows: usize,
    /// Digests of files that were theirs: their bytes go once this is committed.
    pub files: BTreeSet<String>,
    /// What was them or about them, by module: what is kept of it beside the database goes once this is committed.
    pub emptied: BTreeMap<String, BTreeSet<Id>>,
    /// E-mails and phones that were not looked for: somebody else has them too.
    pub shared: BTreeSet<String>,
}

/// How long a reason may be, in characters.
const REASON: usize = 500;

impl Work<'_> {
    /// Erases the person of a record: their records stay, under the name `called`, with nothing in them but links and
    /// states; what is about them loses what it says of them; papers keep what is no personal field. The change set says who
    /// did it and why; nothing takes it back.
    ///
    /// It looks through whole tables while nobody else writes: a rare act that takes its time.
    ///
    /// # Errors
    /// As [`Work::foresee_erasure`]; [`Error::Invalid`] without a reason; [`Error::Conflict`] `still_going_on` while papers
    /// of the person have not come to their end.
    pub fn erase_person(&mut self, module: &str, id: Id, reason: &str, called: &str) -> Result<Erased> {
        let subject = self.subject(module, id)?;
        self.expect_to_be_there(id)?;
        // Who places an order holds the person's addresses: either it is seen here, or they are nobody known by then.
        let mut keys = vec![LockKey::new(space::WORKSPACE, "seal")];
        for address in &subject.addresses {
            let kind = if address.contains('@') { "email" } else { "phone" };
            keys.push(LockKey::new(space::IDENTITY, format!("{kind}:{address}")));
        }
        self.lock(&keys)?;
        self.hold_tables()?;
        let subject = self.subject(module, id)?;
        self.expect_to_be_there(id)?;
        let reached = self.reached_by(&subject)?;
        let held = self.under_way_of(&reached);
        if !held.is_empty() {
            let titles: Vec<_> = held.iter().map(|held| held.record.title()).collect();
            let message = format!("not ended yet: {}. Cancel or end it first", titles.join(", "));
            return Err(Error::conflict("still_going_on", message));
        }
        let reason = reason.trim();
        if reason.is_empty() {
            return Err(Error::field("reason", "required", "say why the person is erased"));
        }
        if reason.chars().count() > REASON {
            return Err(Error::field("reason", "too_long", format!("at most {REASON} characters")));
        }
        self.give_reason(reached.needles.clean(reason).unwrap_or_else(|| reason.to_owned()));
        self.as_process(|work| {
            let (records, shared) = (reached.counts(), subject.shared.clone());
            let mut done = Erased { records, shared, ..Erased::default() };
            let mut needles = reached.needles.clone();
            // First what was said, then what is left to be said.
            let log = work.redact_log(&reached)?;
            done.lines = log.lines;
            for (record, tie) in reached.all() {
                let values = left(work.definitions(), record, *tie, &reached.needles, called);
                for (name, _) in &values {
                    match record.get(name) {
                        Value::Text(text) if record.module.name == FILES && name == "digest" => {
                            done.files.insert(text.clone());
                        }
                        Value::Text(text) if *tie > Tie::Named => needles.learn(text),
                        _ => {}
                    }
                }
                if *tie > Tie::Paper {
                    done.emptied.entry(record.module.name.clone()).or_default().insert(record.id);
                }
                if !values.is_empty() {
                    work.write_erased(record.clone(), values)?;
                }
            }
            work.empty_retired(&reached)?;
            done.rows = work.sweep(&reached, &needles)?;
            let records: usize =
                done.records.iter().filter(|((_, tie), _)| *tie > Tie::Paper).map(|(_, count)| count).sum();
            let delta = [
                ("records", json!(null), json!(records)),
                ("lines", json!(null), json!(done.lines)),
                ("rows", json!(null), json!(done.rows)),
                (LEFT, json!(null), json!(log.digests)),
            ];
            work.log_setup(Setup::Erasure, id, Operation::Update, delta)?;
            work.note_erased(&reached)?;
            Ok(done)
        })
    }

    /// From now on these records take nothing any more.
    fn note_erased(&mut self, reached: &super::reach::Reached) -> Result<()> {
        let (set, now) = (self.open_change_set()?, self.now());
        let people = reached.all().filter(|(_, tie)| *tie == Tie::Person);
        let people = people.map(|(record, _)| (record.module.name.clone(), record.id));
        // What was removed before is not made again from what the log has left of it.
        let gone = reached.gone.iter().map(|(id, (module, _))| (module.clone(), *id));
        let rows = people.chain(gone).map(|(module, id)| params![id.0, module, set.0, now]);
        let sql = "insert into _erasures (record, module, change_set, at) values ($1, $2, $3, $4) on conflict (record) do nothing";
        self.tx.execute_many(sql, rows.collect::<Vec<_>>())?;
        Ok(())
    }

    /// Whether the caller may erase people and hand out all that is known of one.
    #[must_use]
    pub fn may_erase(&self) -> bool {
        self.require(Capability::Administer).is_ok()
    }
}
