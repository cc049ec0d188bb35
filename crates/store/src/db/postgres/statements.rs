//! The prepared statements of one connection: a bounded cache, because much SQL is made at run time.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

use tokio_postgres::Statement;
use tokio_postgres::types::Type;

/// How many statements are remembered per connection.
const CAPACITY: usize = 256;

/// What is remembered, least recently used out first. A text is prepared when it comes the second time; one that
/// never comes again costs a single round trip and nothing on the server.
#[derive(Default)]
pub(super) struct Statements {
    entries: HashMap<u64, Entry>,
    hasher: RandomState,
    clock: u64,
}

struct Entry {
    schema: Arc<str>,
    text: Box<str>,
    types: Box<[Type]>,
    prepared: Option<Statement>,
    used: u64,
}

/// What to do with a statement.
pub(super) enum Known {
    /// Seen the first time.
    No,
    /// Seen before, not prepared.
    Seen,
    /// Ready.
    Prepared(Statement),
}

impl Statements {
    /// Looks a statement up and remembers that it was asked for.
    pub(super) fn look_up(&mut self, schema: &Arc<str>, text: &str, types: &[Type]) -> Known {
        self.clock += 1;
        let key = self.key(schema, text, types);
        if let Some(entry) = self.entries.get_mut(&key)
            && (&entry.schema, &*entry.text, &*entry.types) == (schema, text, types)
        {
            entry.used = self.clock;
            return entry.prepared.clone().map_or(Known::Seen, Known::Prepared);
        }
        if self.entries.len() >= CAPACITY
            && let Some(oldest) = self.entries.iter().min_by_key(|(_, entry)| entry.used).map(|(key, _)| *key)
        {
            self.entries.remove(&oldest);
        }
        let (schema, text, types) = (Arc::clone(schema), text.into(), types.into());
        self.entries.insert(key, Entry { schema, text, types, prepared: None, used: self.clock });
        Known::No
    }

    /// Whether a statement is prepared. Asking does not count as using it.
    pub(super) fn is_prepared(&self, schema: Option<&Arc<str>>, text: &str, types: &[Type]) -> bool {
        let Some(schema) = schema else { return false };
        let entry = self.entries.get(&self.key(schema, text, types));
        entry.is_some_and(|entry| {
            entry.prepared.is_some() && (&entry.schema, &*entry.text, &*entry.types) == (schema, text, types)
        })
    }

    /// Keeps what was prepared for a statement that was just looked up.
    pub(super) fn keep(&mut self, schema: &Arc<str>, text: &str, types: &[Type], prepared: Statement) {
        let key = self.key(schema, text, types);
        if let Some(entry) = self.entries.get_mut(&key) {
            entry.prepared = Some(prepared);
        }
    }

    /// Forgets everything: the tables changed.
    pub(super) fn clear(&mut self) {
        self.entries.clear();
    }

    fn key(&self, schema: &str, text: &str, types: &[Type]) -> u64 {
        self.hasher.hash_one((schema, text, types))
    }
}
