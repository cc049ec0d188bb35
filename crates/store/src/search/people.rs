//! Colleagues by their names, as one looks for a record: beginnings, other forms, one letter wrong.

use model::Id;

use super::vocabulary::{LETTERS, is_one_slip};
use super::words::{stem, words};
use crate::db::Sql;
use crate::error::Result;
use crate::work::Work;

/// Somebody who can be chosen where a person is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Colleague {
    /// Who.
    pub id: Id,
    /// What people call them.
    pub name: String,
    /// Their address, which tells them from others of the name.
    pub email: String,
}

impl Work<'_> {
    /// The active users whose names or addresses agree with `text`, by name; all of them where nothing is typed. Where
    /// nobody agrees, those who would with one letter of a word put right.
    ///
    /// # Errors
    /// When the database fails.
    pub fn colleagues(&mut self, text: &str) -> Result<Vec<Colleague>> {
        let rows = self.rows(&Sql::new("select id, name, email from users where active order by name, id"))?;
        let all =
            rows.iter().map(|row| Ok(Colleague { id: Id(row.uuid(0)?), name: row.text(1)?, email: row.text(2)? }));
        let all = all.collect::<Result<Vec<_>>>()?;
        let typed = words(text);
        let agreeing = |agrees: fn(&str, &str) -> bool| -> Vec<Colleague> {
            let is_meant = |colleague: &&Colleague| {
                let called = words(&format!("{} {}", colleague.name, colleague.email));
                typed.iter().all(|typed| called.iter().any(|word| agrees(typed, word)))
            };
            all.iter().filter(is_meant).cloned().collect()
        };
        let found = agreeing(begins);
        Ok(if found.is_empty() { agreeing(|typed, word| begins(typed, word) || is_slip(typed, word)) } else { found })
    }
}

/// Whether `word` begins as typed, or is another form of what was typed.
fn begins(typed: &str, word: &str) -> bool {
    word.starts_with(typed) || stem(word) == stem(typed)
}

fn is_slip(typed: &str, word: &str) -> bool {
    LETTERS.contains(&typed.chars().count()) && is_one_slip(typed, word)
}
