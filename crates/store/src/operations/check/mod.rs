//! Checks a workspace from outside: what must follow from what, whoever wrote it. Only what is derived is repaired.

mod identities;
mod keys;
mod links;
mod log;
mod repair;
mod seals;
mod search;
mod structure;
mod users;

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use model::{Actor, Id, Module, Record};

use super::Chain;
use crate::error::Result;
use crate::query::{List, Sort};
use crate::work::Work;
use crate::workspace::Workspace;

/// Findings of one area that are listed; more are only counted.
const LIMIT: usize = 2_000;

/// What is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Area {
    /// The file itself, by the engine's own check.
    Database,
    /// Tables against the definitions.
    Structure,
    /// Links that point at nothing.
    Links,
    /// The index of words against the records.
    Search,
    /// Identities against the records.
    Identities,
    /// The folded copies by which texts are sorted and searched inside.
    Keys,
    /// Records and users against the change log.
    Log,
    /// The change log against its seals.
    Seals,
}

impl fmt::Display for Area {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Database => "database",
            Self::Structure => "structure",
            Self::Links => "links",
            Self::Search => "search",
            Self::Identities => "identities",
            Self::Keys => "keys",
            Self::Log => "log",
            Self::Seals => "seals",
        })
    }
}

/// Something that is not as it must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Where.
    pub area: Area,
    /// Module and id of the record it is about.
    pub record: Option<(String, Id)>,
    /// What is wrong.
    pub message: String,
}

impl Finding {
    /// Whether [`Workspace::repair`] mends it.
    #[must_use]
    pub fn is_derived(&self) -> bool {
        matches!(self.area, Area::Search | Area::Identities | Area::Keys) && self.record.is_some()
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.record {
            Some((module, id)) => write!(f, "{}: {module} {id}: {}", self.area, self.message),
            None => write!(f, "{}: {}", self.area, self.message),
        }
    }
}

/// What a check came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// How much more is wrong than is listed.
    pub more: u64,
    /// Records that were looked at.
    pub records: u64,
    /// How far the log is sealed.
    pub chain: Option<Chain>,
    /// Entries of the log that wait for their seal.
    pub unsealed: i64,
    /// Erasures that vouch for what entries of the log say now.
    pub vouched: Vec<Vouched>,
}

/// An erasure, and for how many entries of the log it vouches that it left them as they are. Whoever can write to the
/// database can write one as well: that each was meant is for people to see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vouched {
    /// Its change set.
    pub change_set: Id,
    /// When.
    pub at: Timestamp,
    /// Entries that say less now, sealed or not.
    pub entries: u64,
}

impl Report {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_fine(&self) -> bool {
        self.findings.is_empty() && self.more == 0
    }

    fn add(&mut self, area: Area, record: Option<(&str, Id)>, message: impl Into<String>) {
        if self.findings.iter().filter(|finding| finding.area == area).count() >= LIMIT {
            self.more += 1;
            return;
        }
        let record = record.map(|(module, id)| (module.to_owned(), id));
        self.findings.push(Finding { area, record, message: message.into() });
    }
}

impl Workspace {
    /// Checks everything on one snapshot; nobody waits meanwhile. With `anchor` also that the log was once sealed so far.
    ///
    /// # Errors
    /// When the database fails: what it cannot even read.
    pub fn check(&self, anchor: Option<Chain>) -> Result<Report> {
        self.read_blocking(Actor::System("check"), move |work| {
            let mut report = Report::default();
            work.as_process(|work| {
                structure::check(work, &mut report)?;
                // The rest reads the tables as they must be.
                if report.findings.iter().any(|finding| finding.area == Area::Structure) {
                    return Ok(());
                }
                links::check(work, &mut report)?;
                users::check(work, &mut report)?;
                let erased = seals::erased(work, &mut report)?;
                let definitions = work.definitions().clone();
                for module in definitions.modules() {
                    check_records(work, module, &erased.left, &mut report)?;
                    search::superfluous(work, module, &mut report)?;
                    identities::superfluous(work, module, &mut report)?;
                    log::without_record(work, module, &mut report)?;
                }
                seals::check(work, anchor.as_ref(), &erased, &mut report)
            })?;
            Ok(report)
        })
    }
}

/// Each record beside its words, its identities, its keys and its history.
fn check_records(work: &mut Work<'_>, module: &Arc<Module>, left: &seals::Left, report: &mut Report) -> Result<()> {
    for deleted in [false, true] {
        let sort = vec![Sort { field: "id".to_owned(), descending: false }];
        let mut list = List { sort, limit: 500, deleted, ..List::default() };
        loop {
            let page = work.list(&module.name, &list)?;
            report.records += page.records.len() as u64;
            if !deleted {
                search::check(work, module, &page.records, report)?;
                identities::check(work, module, &page.records, report)?;
            }
            keys::check(work, module, &page.records, report)?;
            log::check(work, module, &page.records, left, report)?;
            list.cursor = page.next;
            if list.cursor.is_none() {
                break;
            }
        }
    }
    Ok(())
}

fn ids(records: &[Record]) -> impl Iterator<Item = uuid::Uuid> {
    records.iter().map(|record| record.id.0)
}
