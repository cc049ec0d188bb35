//! All that the workspace holds of a person, for themselves.

use std::collections::BTreeMap;

use model::{Id, Record, Value};

use super::reach::Tie;
use crate::error::{Error, Result};
use crate::work::Work;
use crate::write::ChangeEntry;

/// More lines of the log are not told at once.
const LINES: usize = 50_000;
/// Records whose lines are read together.
const TOGETHER: usize = 500;

/// All that the workspace holds of a person.
#[derive(Clone, Debug, Default)]
pub struct Story {
    /// Their records and those about them, whole but for secrets.
    pub records: Vec<(Record, Tie)>,
    /// What only names them: module, record, and the fields in which it does.
    pub named: Vec<(String, Id, Vec<String>)>,
    /// What was done to their records, oldest first, by module and record.
    pub history: BTreeMap<(String, Id), Vec<ChangeEntry>>,
}

impl Work<'_> {
    /// All that is held of the person of a record.
    ///
    /// # Errors
    /// As [`Work::foresee_erasure`], but for `erased`.
    pub fn story(&mut self, module: &str, id: Id) -> Result<Story> {
        let subject = self.subject(module, id)?;
        let reached = self.reached_by(&subject)?;
        self.as_process(|work| {
            let mut story = Story::default();
            let mut lines = 0;
            for (name, records) in &reached.records {
                let module = work.module(name)?;
                let ids: Vec<Id> =
                    records.iter().filter(|(_, (_, tie))| *tie > Tie::Named).map(|(id, _)| *id).collect();
                for some in ids.chunks(TOGETHER) {
                    for (id, entry) in work.histories(&module, some)? {
                        story.history.entry((name.clone(), id)).or_default().push(entry);
                        lines += 1;
                    }
                }
                if lines > LINES {
                    let message =
                        format!("more than {LINES} changes are about this person: that is not handed out at once");
                    return Err(Error::conflict("too_much_of_one", message));
                }
            }
            for (record, tie) in reached.all() {
                if *tie == Tie::Named {
                    // What it says is of others too: whoever hands it out looks there.
                    let fields = record.module.fields.iter();
                    let naming = fields.filter(|field| {
                        !field.secret && reached.needles.clean_json(&record.get(&field.name).to_json()).is_some()
                    });
                    let naming = naming.map(|field| field.name.clone()).collect();
                    story.named.push((record.module.name.clone(), record.id, naming));
                    continue;
                }
                let mut record = record.clone();
                let module = record.module.clone();
                for field in module.fields.iter().filter(|field| field.secret) {
                    record.set(&field.name, Value::Null);
                }
                story.records.push((record, *tie));
            }
            Ok(story)
        })
    }
}
