//! What happened in a copy of a workspace while its clock went ahead.

use std::collections::BTreeMap;

use jiff::Timestamp;
use model::Actor;
use store::{List, Moves, Result, RuleCounts, Sort, Work};

use crate::App;
use crate::jobs::Done;

/// Letters that are told one by one.
const LETTERS: usize = 50;
/// Failures that are told one by one.
const FAILURES: usize = 20;

/// What happened.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Jobs that ran.
    pub jobs: usize,
    /// Whether everything ran that fell due; very much of it is left.
    pub is_whole: bool,
    /// How many letters were written, by their template; those of none under an empty name.
    pub letters: BTreeMap<String, i64>,
    /// The first letters.
    pub first_letters: Vec<Letter>,
    /// Which moves records made, by the module.
    pub moves: BTreeMap<String, Vec<Moves>>,
    /// How the runs of rules ended.
    pub rules: BTreeMap<String, Ran>,
    /// Jobs that failed.
    pub failures: Vec<Failure>,
}

/// A letter that was written.
#[derive(Clone, Debug)]
pub struct Letter {
    /// When.
    pub at: Timestamp,
    /// To whom.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// What stands in it.
    pub text: String,
}

/// How the runs of a rule ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ran {
    /// Everything was done.
    pub done: i64,
    /// Something was refused.
    pub failed: i64,
    /// Rules had set each other off too often.
    pub cut: i64,
    /// The budget was used up.
    pub held: i64,
}

/// A job that failed.
#[derive(Clone, Debug)]
pub struct Failure {
    /// Which handler.
    pub kind: String,
    /// What it failed with.
    pub error: String,
}

/// Where a workspace stands before it goes on.
pub(super) struct Mark {
    at: Timestamp,
    line: i64,
    runs: BTreeMap<String, RuleCounts>,
}

impl Mark {
    pub(super) async fn of(app: &App) -> Result<Self> {
        let read = |work: &mut Work<'_>| Ok(Self { at: work.now(), line: work.log_end()?, runs: work.rule_counts()? });
        app.workspace().read(Actor::System("rehearsal"), read).await
    }

    /// What happened since, as far as `actor` may know of it.
    pub(super) async fn until_now(self, app: &App, actor: &Actor, done: &[Done], is_whole: bool) -> Result<Outcome> {
        let failures =
            done.iter().filter_map(|job| Some(Failure { kind: job.kind.clone(), error: job.error.clone()? }));
        let mut outcome =
            Outcome { jobs: done.len(), is_whole, failures: failures.take(FAILURES).collect(), ..Outcome::default() };
        let read = move |work: &mut Work<'_>| {
            self.letters(work, &mut outcome)?;
            self.moves(work, &mut outcome)?;
            self.rules(work, &mut outcome)?;
            Ok(std::mem::take(&mut outcome))
        };
        app.workspace().read(actor.clone(), read).await
    }

    fn letters(&self, work: &mut Work<'_>, outcome: &mut Outcome) -> Result<()> {
        let written = format!("direction == \"out\" && created_at >= timestamp(\"{}\")", self.at);
        let list = List {
            filter: Some(work.filter("messages", &written)?),
            sort: vec![Sort { field: "created_at".to_owned(), descending: false }],
            limit: LETTERS,
            ..List::default()
        };
        for group in work.totals("messages", &List { group: Some("template".to_owned()), ..list.clone() }, &[])? {
            let template = group.value.as_ref().and_then(|value| value.as_text()).unwrap_or_default();
            outcome.letters.insert(template.to_owned(), group.count);
        }
        let text = |record: &model::Record, name: &str| record.text(name).unwrap_or_default().to_owned();
        let told = |letter: &model::Record| Letter {
            at: letter.created_at,
            to: text(letter, "to"),
            subject: text(letter, "subject"),
            text: text(letter, "text"),
        };
        outcome.first_letters = work.list("messages", &list)?.records.iter().map(told).collect();
        Ok(())
    }

    fn moves(&self, work: &mut Work<'_>, outcome: &mut Outcome) -> Result<()> {
        let definitions = work.definitions().clone();
        for process in definitions.processes() {
            let moves = work.moves_since(&process.module, &process.field, self.line)?;
            if !moves.is_empty() {
                outcome.moves.insert(process.module.clone(), moves);
            }
        }
        Ok(())
    }

    fn rules(&self, work: &mut Work<'_>, outcome: &mut Outcome) -> Result<()> {
        for (rule, now) in work.rule_counts()? {
            let before = self.runs.get(&rule).copied().unwrap_or_default();
            let ran = Ran {
                done: now.done - before.done,
                failed: now.failed - before.failed,
                cut: now.cut - before.cut,
                held: now.held - before.held,
            };
            if ran != Ran::default() {
                outcome.rules.insert(rule, ran);
            }
        }
        Ok(())
    }
}
