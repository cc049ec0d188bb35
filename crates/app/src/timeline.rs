//! The life of a record on one page: its changes, the letters and activities about it, newest first.

use jiff::Timestamp;
use model::expr::Plan;
use model::{Id, Record, Value};
use store::{ChangeEntry, List, Result, Sort, Work};

/// What stands on a timeline.
#[derive(Clone, Debug)]
pub enum Entry {
    /// Somebody or something changed the record.
    Change(ChangeEntry),
    /// A message, activity or other record about it.
    About(Box<Record>),
}

impl Entry {
    /// When it happened.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        match self {
            Self::Change(change) => change.at,
            Self::About(record) => record.created_at,
        }
    }
}

/// Modules whose records are about other records.
const ABOUT: [&str; 5] = ["messages", "activities", "payments", "comments", model::module::FILES];

/// What of a record's life is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// Everything.
    #[default]
    Any,
    /// Its changes.
    Changes,
    /// What stands in one module about it.
    About(&'static str),
}

impl Kind {
    /// All but the first: what can be asked for.
    pub fn all() -> impl Iterator<Item = Self> {
        ABOUT.into_iter().map(Self::About).chain([Self::Changes])
    }

    /// Its name in an address.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Any => "",
            Self::Changes => "changes",
            Self::About(module) => module,
        }
    }

    /// By its name; what is none of them is everything.
    #[must_use]
    pub fn parse(name: &str) -> Self {
        Self::all().find(|kind| kind.name() == name).unwrap_or_default()
    }
}

/// Up to `limit` entries, newest first.
///
/// # Errors
/// As reading the record.
pub fn timeline(work: &mut Work<'_>, module: &str, id: Id, kind: Kind, limit: usize) -> Result<Vec<Entry>> {
    let record = work.get(module, id)?;
    let mut entries: Vec<Entry> = match kind {
        Kind::Any | Kind::Changes => {
            work.history(&record.module, id, None, limit)?.into_iter().map(Entry::Change).collect()
        }
        Kind::About(_) => Vec::new(),
    };
    for name in ABOUT.into_iter().filter(|name| kind == Kind::Any || kind == Kind::About(name)) {
        let Some(plan) = about(work, name, &record) else { continue };
        let newest = vec![Sort { field: "id".to_owned(), descending: true }];
        let list = List { filter: Some(plan), sort: newest, limit, ..List::default() };
        // What a colleague was told of the record by letter is no part of its story.
        let told = |record: &Record| name == "messages" && record.text("template") == Some(crate::notices::TEMPLATE);
        let found = work.list(name, &list)?.records.into_iter().filter(|record| !told(record));
        entries.extend(found.map(|record| Entry::About(Box::new(record))));
    }
    // Of one moment, what was written last stands first: the sort is stable and each kind comes newest first.
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.at()));
    entries.truncate(limit);
    Ok(entries)
}

/// The records of `name` that point at `record`: by `about`, or by a link named after its module's one.
fn about(work: &Work<'_>, name: &str, record: &Record) -> Option<Plan> {
    let module = work.definitions().module(name)?.clone();
    if module.field("about").is_some() {
        return Plan::field(&module, "about").ok()?.eq(Value::Id(record.id)).ok();
    }
    let (link, _) = module.links().find(|(_, target)| *target == record.module.name)?;
    Plan::field(&module, &link.name).ok()?.eq(Value::Id(record.id)).ok()
}
