//! The life of a record on one page: its changes, the letters and activities about it, newest first.

use std::collections::VecDeque;

use jiff::Timestamp;
use model::expr::Plan;
use model::{Id, Record, Value};
use store::{ChangeEntry, Error, List, Result, Sort, Work};

/// What stands on a timeline.
#[derive(Clone, Debug)]
pub enum Entry {
    /// Somebody or something changed the record.
    Change(Box<ChangeEntry>),
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
const ABOUT: [&str; 6] = ["messages", "calls", "activities", "payments", "comments", model::module::FILES];

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

/// A page of a timeline.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// What happened, newest first.
    pub entries: Vec<Entry>,
    /// Where what is older begins; nothing where that was all.
    pub next: Option<String>,
}

/// Up to `limit` entries, newest first, behind the place that `cursor` names: the `next` of the page before.
///
/// # Errors
/// As reading the record; [`Error::BadQuery`] for a cursor of something else.
pub fn timeline(
    work: &mut Work<'_>,
    module: &str,
    id: Id,
    kind: Kind,
    (cursor, limit): (Option<&str>, usize),
) -> Result<Page> {
    let record = work.get(module, id)?;
    let mut place = cursor.map(Place::read).transpose()?.unwrap_or_default();
    let mut sources = Vec::new();
    if matches!(kind, Kind::Any | Kind::Changes) {
        let mut found = work.history(&record.module, id, place.change, limit + 1)?;
        let has_more = found.len() > limit;
        found.truncate(limit);
        sources.push(Source {
            entries: found.into_iter().map(|change| Entry::Change(Box::new(change))).collect(),
            has_more,
        });
    }
    for (name, last) in ABOUT.into_iter().zip(place.about) {
        if kind != Kind::Any && kind != Kind::About(name) {
            continue;
        }
        let Some(plan) = about(work, name, &record) else { continue };
        let sort = vec![Sort { field: "id".to_owned(), descending: true }];
        let cursor = last.map(List::behind);
        let found = work.list(name, &List { filter: Some(plan), sort, limit, cursor, ..List::default() })?;
        let entries = found.records.into_iter().map(|record| Entry::About(Box::new(record))).collect();
        sources.push(Source { entries, has_more: found.next.is_some() });
    }
    let mut entries = Vec::new();
    while entries.len() < limit
        && let Some(entry) = newest(&mut sources)
    {
        place.pass(&entry);
        if !is_told(&entry) {
            entries.push(entry);
        }
    }
    let is_more = sources.iter().any(|source| source.has_more || !source.entries.is_empty());
    Ok(Page { entries, next: is_more.then(|| place.written()) })
}

/// What a timeline is made of: changes, or the records of one module, newest first.
struct Source {
    entries: VecDeque<Entry>,
    /// Whether there are more behind these.
    has_more: bool,
}

/// Takes the newest of what comes next. Of one moment, changes stand first, then each module in its turn. Where a source has
/// run dry before its end, what comes next is not known.
fn newest(sources: &mut [Source]) -> Option<Entry> {
    if sources.iter().any(|source| source.entries.is_empty() && source.has_more) {
        return None;
    }
    let mut first: Option<(usize, Timestamp)> = None;
    for (index, source) in sources.iter().enumerate() {
        let Some(at) = source.entries.front().map(Entry::at) else { continue };
        if first.is_none_or(|(_, newest)| at > newest) {
            first = Some((index, at));
        }
    }
    sources.get_mut(first?.0)?.entries.pop_front()
}

/// What a colleague was told of the record by letter is no part of its story.
fn is_told(entry: &Entry) -> bool {
    let Entry::About(record) = entry else { return false };
    record.module.name == "messages" && record.text("template") == Some(crate::notices::TEMPLATE)
}

/// How far a timeline was read: the last change, and the last record of each module.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Place {
    change: Option<i64>,
    about: [Option<Id>; ABOUT.len()],
}

impl Place {
    fn pass(&mut self, entry: &Entry) {
        match entry {
            Entry::Change(change) => self.change = Some(change.sequence),
            Entry::About(record) => {
                let of_module = self.about.iter_mut().zip(ABOUT).find(|(_, name)| *name == record.module.name);
                if let Some((last, _)) = of_module {
                    *last = Some(record.id);
                }
            }
        }
    }

    /// As a cursor: the places one after the other, empty where nothing was read.
    fn written(self) -> String {
        let mut text = self.change.map(|change| change.to_string()).unwrap_or_default();
        for id in self.about {
            text.push('_');
            text.push_str(&id.map(|id| id.to_string()).unwrap_or_default());
        }
        text
    }

    fn read(text: &str) -> Result<Self> {
        let foreign = || Error::bad_query("invalid_cursor", "the cursor does not belong to this timeline");
        let parts: Vec<&str> = text.split('_').collect();
        let (change, about) = parts.split_first().ok_or_else(foreign)?;
        if about.len() != ABOUT.len() {
            return Err(foreign());
        }
        let mut place = Self::default();
        if !change.is_empty() {
            place.change = Some(change.parse().map_err(|_| foreign())?);
        }
        for (id, text) in place.about.iter_mut().zip(about) {
            if !text.is_empty() {
                *id = Some(text.parse().map_err(|_| foreign())?);
            }
        }
        Ok(place)
    }
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
