//! What a workspace knows besides its records, and how every program that serves it learns of a change: a version in the
//! table of settings counts up in the transaction of each change, and is looked at every few seconds.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use model::Definitions;
use model::pack::Pack;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::counters::space;
use crate::db::{DbError, LockKey, Sql, Tx};
use crate::error::Result;
use crate::params;
use crate::schema;
use crate::search::KnownWords;
use crate::settings::{self, Settings};
use crate::work::Work;
use crate::workspace::OpenError;

/// The key under which the version is kept.
const KEY: &str = "knowledge";
/// The key under which it is kept how far the clock is ahead, in microseconds.
pub(crate) const CLOCK: &str = "clock_offset";

/// What a workspace knows besides its records, as it stood when the work began.
#[derive(Clone, Debug)]
pub struct Knowledge {
    /// Modules, processes, roles, letters.
    pub definitions: Arc<Definitions>,
    /// Organisation, language, zone.
    pub settings: Arc<Settings>,
    /// The number of each module in the index of words.
    pub(crate) searched: Arc<BTreeMap<String, i64>>,
    /// Words that the vocabulary has.
    pub(crate) words: Arc<KnownWords>,
    /// How often packs had changed when the definitions were read.
    packs: u64,
}

impl Knowledge {
    /// What a program without a database knows.
    #[must_use]
    pub fn of(definitions: Arc<Definitions>) -> Self {
        Self { definitions, settings: Arc::default(), searched: Arc::default(), words: Arc::default(), packs: 0 }
    }
}

/// What of it changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Packs,
    /// Settings or the clock.
    Settings,
}

/// How often each part was changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Version {
    packs: u64,
    settings: u64,
}

impl Version {
    /// Whether this one is the later one: neither part ever counts down.
    pub(crate) fn is_after(self, other: Self) -> bool {
        self != other && self.packs >= other.packs && self.settings >= other.settings
    }
}

/// What was read at one moment.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(crate) version: Version,
    pub(crate) knowledge: Knowledge,
    /// How far the clock is ahead, in microseconds.
    pub(crate) clock: i64,
}

impl Known {
    /// Reads everything; the definitions only when they are not those of `before`.
    pub(crate) fn read(tx: &mut Tx, before: Option<&Self>) -> Result<Self, OpenError> {
        let version = version(tx)?;
        let definitions = match before.filter(|before| before.version.packs == version.packs) {
            Some(before) => before.knowledge.definitions.clone(),
            None => Arc::new(Definitions::from_packs(&stored_packs(tx)?).map_err(OpenError::Packs)?),
        };
        let mut known = Self::with(tx, definitions)?;
        if let Some(before) = before {
            known.knowledge.words = before.knowledge.words.clone();
        }
        Ok(known)
    }

    /// Reads the rest; the definitions are those that are kept.
    pub(crate) fn with(tx: &mut Tx, definitions: Arc<Definitions>) -> Result<Self, DbError> {
        let settings = Arc::new(settings::read(setting(tx, settings::KEY)?)?);
        let clock = setting(tx, CLOCK)?.and_then(|json| json.as_i64()).unwrap_or(0);
        let searched = Arc::new(schema::searched(tx)?);
        let version = version(tx)?;
        let knowledge = Knowledge { definitions, settings, searched, words: Arc::default(), packs: version.packs };
        Ok(Self { version, knowledge, clock })
    }
}

/// The version that is kept.
pub(crate) fn version(tx: &mut Tx) -> Result<Version, DbError> {
    let unreadable = |error: serde_json::Error| DbError::Corrupt(format!("the version of what is known: {error}"));
    Ok(setting(tx, KEY)?.map(serde_json::from_value).transpose().map_err(unreadable)?.unwrap_or_default())
}

/// Counts the version up in the transaction that changes `part`.
pub(crate) fn count_up(tx: &mut Tx, part: Part) -> Result<(), DbError> {
    tx.lock(&[LockKey::new(space::WORKSPACE, KEY)])?;
    let mut version = version(tx)?;
    match part {
        Part::Packs => version.packs += 1,
        Part::Settings => version.settings += 1,
    }
    keep(tx, KEY, &json!(version))
}

impl Work<'_> {
    /// Notes that `part` was changed here: all programs read it anew.
    pub(crate) fn shape(&mut self, part: Part) -> Result<()> {
        count_up(self.tx, part)?;
        self.shaped = true;
        Ok(())
    }
}

impl Knowledge {
    /// Whether packs have changed since it was read.
    pub(crate) fn is_behind(&self, tx: &mut Tx) -> Result<bool, DbError> {
        Ok(version(tx)?.packs > self.packs)
    }

    /// What is known in this very transaction: the same, unless packs have changed since it was read.
    pub(crate) fn present(&self, tx: &mut Tx) -> Result<Option<Self>, OpenError> {
        if !self.is_behind(tx)? {
            return Ok(None);
        }
        let knowledge = Known::read(tx, None)?.knowledge;
        Ok(Some(Self { words: self.words.clone(), ..knowledge }))
    }
}

/// The packs that were applied, in order.
pub(crate) fn stored_packs(tx: &mut Tx) -> Result<Vec<Pack>, OpenError> {
    let mut packs = Vec::new();
    for row in tx.query(&Sql::new("select files from packs order by position, name"))? {
        let files = serde_json::from_value(row.json(0)?).map_err(|error| DbError::Corrupt(error.to_string()))?;
        packs.push(Pack::read(files).map_err(OpenError::Packs)?);
    }
    Ok(packs)
}

pub(crate) fn setting(tx: &mut Tx, key: &str) -> Result<Option<Json>, DbError> {
    tx.opt(&Sql::new("select value from settings where key = ").bind(key))?.map(|row| row.json(0)).transpose()
}

pub(crate) fn keep(tx: &mut Tx, key: &str, value: &Json) -> Result<(), DbError> {
    let sql =
        "insert into settings (key, value) values ($1, $2) on conflict (key) do update set value = excluded.value";
    tx.execute(&Sql::with(sql, params![key, value.clone()]))?;
    Ok(())
}

/// Something that is done from time to time by whoever comes along first.
#[derive(Debug)]
pub(crate) struct EveryNow {
    since: Instant,
    every: Duration,
    /// Milliseconds after `since`.
    last: AtomicU64,
}

impl EveryNow {
    pub(crate) fn new(every: Duration) -> Self {
        Self { since: Instant::now(), every, last: AtomicU64::new(0) }
    }

    /// True for one caller of each period.
    pub(crate) fn is_time(&self) -> bool {
        let now = u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX);
        let last = self.last.load(Ordering::Relaxed);
        let is_over = u128::from(now.saturating_sub(last)) >= self.every.as_millis();
        is_over && self.last.compare_exchange(last, now, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }
}
