//! The index of full text. The words are made here, the same for both databases: folded, and stemmed for Russian and
//! English. Fields that some role may not see are never indexed.

use model::identity::fold;
use model::module::Identity;
use model::{Definitions, Module, Record, Value};
use rust_stemmers::{Algorithm, Stemmer};

use crate::db::{Dialect, Sql};
use crate::error::Result;
use crate::params;
use crate::query::{List, Sort};
use crate::work::Work;

/// Longer words are cut: nobody searches by more.
const WORD_LIMIT: usize = 64;
/// More words of one record are not indexed.
const WORDS_LIMIT: usize = 5_000;
/// More of one record's words, in bytes, is not indexed: PostgreSQL holds no more than a megabyte.
const BYTES_LIMIT: usize = 500_000;

/// The words of a text: folded, in order, without punctuation.
pub fn words(text: &str) -> Vec<String> {
    fold(text)
        .split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| word.chars().take(WORD_LIMIT).collect())
        .collect()
}

/// The stem of a folded word, by its script.
#[must_use]
pub fn stem(word: &str) -> String {
    let russian = word.chars().any(|character| ('а'..='я').contains(&character));
    let algorithm = if russian { Algorithm::Russian } else { Algorithm::English };
    Stemmer::create(algorithm).stem(word).into_owned()
}

/// What is indexed for a text: every word as it stands and its stem.
pub fn lexemes(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut bytes = 0;
    for word in words(text).into_iter().take(WORDS_LIMIT) {
        let stem = stem(&word);
        bytes += word.len() + stem.len();
        if bytes > BYTES_LIMIT {
            break;
        }
        if stem != word && !stem.is_empty() {
            all.push(stem);
        }
        all.push(word);
    }
    all
}

fn indexed(record: &Record, is_hidden: impl Fn(&str) -> bool) -> String {
    let mut text = String::new();
    for name in record.module.search.iter().filter(|name| !is_hidden(name)) {
        match record.get(name) {
            Value::Text(value) => {
                text.push_str(value);
                text.push(' ');
            }
            Value::Null => {}
            other => {
                text.push_str(&other.to_json().to_string());
                text.push(' ');
            }
        }
    }
    text
}

/// Whether some role may not see the field, or nobody may.
fn is_hidden(definitions: &Definitions, module: &Module, field: &str) -> bool {
    let mut grants = definitions.roles().filter_map(|role| role.grant(&module.name));
    module.field(field).is_some_and(|field| field.secret)
        || grants.any(|grant| grant.hidden.iter().any(|hidden| hidden == field))
}

/// What the index holds of a record.
pub(crate) struct Findable {
    pub(crate) title: String,
    pub(crate) subtitle: String,
    /// With repetitions.
    pub(crate) words: Vec<String>,
}

/// What of a module the index holds: where this changes, the index is made anew.
#[derive(PartialEq, Eq)]
pub(crate) struct Indexed {
    words: Vec<String>,
    title: Option<String>,
    subtitle: Option<String>,
    identity: Option<Identity>,
    named_by: String,
}

impl Indexed {
    /// As `definitions` say.
    pub(crate) fn of(definitions: &Definitions, module: &Module) -> Self {
        let shown = |name: &&String| !is_hidden(definitions, module, name);
        Self {
            words: module.search.iter().filter(shown).cloned().collect(),
            title: Some(&module.title).filter(shown).cloned(),
            subtitle: module.subtitle.as_ref().filter(shown).cloned(),
            identity: module.identity,
            named_by: module.title.clone(),
        }
    }
}

impl Indexed {
    /// The same with the names that fields have in `module`.
    #[must_use]
    pub(crate) fn named_as_in(self, module: &Module) -> Self {
        let now = |name: String| module.field_or_former(&name).map_or(name, |field| field.name.clone());
        Self {
            words: self.words.into_iter().map(now).collect(),
            title: self.title.map(now),
            subtitle: self.subtitle.map(now),
            identity: self.identity,
            named_by: now(self.named_by),
        }
    }
}

impl Work<'_> {
    /// Makes the index of words and the identities of a module anew.
    pub(crate) fn reindex(&mut self, module: &Module) -> Result<()> {
        let name = module.name.as_str();
        if self.dialect() == Dialect::Sqlite {
            self.run(
                "delete from search_words where rowid in (select id from search_rows where module = $1)",
                params![name],
            )?;
        }
        self.run("delete from search_rows where module = $1", params![name])?;
        self.run("delete from identities where module = $1", params![name])?;
        let mut list =
            List { sort: vec![Sort { field: "id".to_owned(), descending: false }], limit: 500, ..List::default() };
        loop {
            let page = self.list(name, &list)?;
            for record in &page.records {
                self.index_words(record, None)?;
                self.index_identities(record, None)?;
            }
            list.cursor = page.next;
            if list.cursor.is_none() {
                return Ok(());
            }
        }
    }

    /// What is found of a record.
    pub(crate) fn findable(&self, record: &Record) -> Findable {
        let module = &record.module;
        let hidden = |name: &str| is_hidden(self.definitions(), module, name);
        let subtitle = module.subtitle.as_deref().filter(|name| !hidden(name)).and_then(|name| record.text(name));
        Findable {
            title: if hidden(&module.title) { String::new() } else { record.title() },
            subtitle: subtitle.unwrap_or_default().to_owned(),
            words: lexemes(&indexed(record, hidden)),
        }
    }

    /// Brings the index in line with a record.
    pub(crate) fn index_words(&mut self, record: &Record, before: Option<&[Value]>) -> Result<()> {
        let module = record.module.clone();
        if module.search.is_empty() {
            return Ok(());
        }
        let shown = module.search.iter().chain([&module.title]).chain(&module.subtitle);
        let unchanged = before.is_some_and(|before| {
            shown.into_iter().filter_map(|name| module.position(name)).all(|at| before.get(at) == record.values.get(at))
        });
        if unchanged {
            return Ok(());
        }
        if before.is_some() && self.dialect() == Dialect::Sqlite {
            self.forget_words(&module, record)?;
        }
        let Findable { title, subtitle, words } = self.findable(record);
        let words = words.join(" ");
        let name = module.name.as_str();
        match self.dialect() {
            Dialect::Sqlite => {
                let row = Sql::with(
                    "insert into search_rows (module, record, title, subtitle) values ($1, $2, $3, $4) returning id",
                    params![name, record.id.0, title, subtitle],
                );
                let id = self.tx.one(&row)?.int(0)?;
                self.run("insert into search_words (rowid, words) values ($1, $2)", params![id, words])?;
            }
            Dialect::Postgres => {
                self.run(
                    "insert into search_rows (module, record, title, subtitle, words) \
                     values ($1, $2, $3, $4, array_to_tsvector(string_to_array($5, ' '))) \
                     on conflict (record) do update set title = excluded.title, subtitle = excluded.subtitle, words = excluded.words",
                    params![name, record.id.0, title, subtitle, words],
                )?;
            }
        }
        Ok(())
    }

    pub(crate) fn forget_words(&mut self, module: &Module, record: &Record) -> Result<()> {
        if module.search.is_empty() {
            return Ok(());
        }
        if self.dialect() == Dialect::Sqlite {
            self.run(
                "delete from search_words where rowid in (select id from search_rows where record = $1)",
                params![record.id.0],
            )?;
        }
        self.run("delete from search_rows where record = $1", params![record.id.0])?;
        Ok(())
    }
}
