//! Colleagues by their names, as one looks for a record: beginnings, other forms, one letter wrong.

use std::collections::HashMap;

use model::Id;
use model::identity::fold;

use super::vocabulary::{LETTERS, is_one_slip};
use super::words::{stem, words};
use crate::db::{Row, Sql};
use crate::error::Result;
use crate::work::Work;

/// Somebody who can be chosen where a person is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Colleague {
    /// Who.
    pub id: Id,
    /// What people call them.
    pub name: String,
    /// Their address where it tells them from somebody else of the name; of others it is nobody's business.
    pub email: Option<String>,
}

/// An active user, with the words of their name and address.
struct Active {
    id: Id,
    name: String,
    email: String,
    words: Vec<String>,
}

impl Work<'_> {
    /// The active users whose names or addresses agree with `text`, by name; all of them where nothing is typed. Where
    /// nobody agrees, those who would with one letter of a word put right.
    ///
    /// # Errors
    /// When the database fails.
    pub fn colleagues(&mut self, text: &str) -> Result<Vec<Colleague>> {
        let all = self.active_users()?;
        let found = agreeing(&all, text, begins);
        Ok(if found.is_empty() {
            agreeing(&all, text, |typed, word| begins(typed, word) || is_slip(typed, word))
        } else {
            found
        })
    }

    /// The same without a letter put right: while one writes a sentence, nobody is to be offered who is not meant.
    pub(crate) fn colleagues_called(&mut self, text: &str) -> Result<Vec<Colleague>> {
        Ok(agreeing(&self.active_users()?, text, begins))
    }

    fn active_users(&mut self) -> Result<Vec<Active>> {
        let rows = self.rows(&Sql::new("select id, name, email from users where active order by name, id"))?;
        let active = |row: &Row| {
            let (name, email) = (row.text(1)?, row.text(2)?);
            Ok(Active { id: Id(row.uuid(0)?), words: words(&format!("{name} {email}")), name, email })
        };
        rows.iter().map(active).collect()
    }
}

/// Those of whom every word that was typed agrees with one of theirs, told apart where several are called the same.
fn agreeing(all: &[Active], text: &str, agrees: fn(&str, &str) -> bool) -> Vec<Colleague> {
    let typed = words(text);
    if typed.is_empty() && !text.trim().is_empty() {
        return Vec::new();
    }
    let mut called: HashMap<String, usize> = HashMap::new();
    for active in all {
        *called.entry(fold(&active.name)).or_default() += 1;
    }
    let is_meant = |active: &&Active| typed.iter().all(|typed| active.words.iter().any(|word| agrees(typed, word)));
    let colleague = |active: &Active| {
        let is_only = called.get(&fold(&active.name)).is_none_or(|count| *count < 2);
        let email = Some(active.email.clone()).filter(|_| !is_only);
        Colleague { id: active.id, name: active.name.clone(), email }
    };
    all.iter().filter(is_meant).map(colleague).collect()
}

/// Whether `word` begins as typed, or is another form of what was typed.
fn begins(typed: &str, word: &str) -> bool {
    word.starts_with(typed) || stem(word) == stem(typed)
}

fn is_slip(typed: &str, word: &str) -> bool {
    LETTERS.contains(&typed.chars().count()) && is_one_slip(typed, word)
}
