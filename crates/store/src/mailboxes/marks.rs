//! Letters that were taken before messages kept their mailbox: each is told it, some at a time, so that what a mailbox says holds for
//! them as well. Until all of its letters know it, a mailbox hides nothing: it would promise more than it kept.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::{Definitions, Id, Module, Value};
use serde_json::json;

use super::sights::{MAILBOX_ID, MESSAGES};
use crate::db::Sql;
use crate::error::{Error, Result};
use crate::work::Work;

/// The kind of the job that tells letters their mailbox.
pub const MARK_JOB: &str = "mail.mark";

/// Letters of one turn of the job: meanwhile nobody else writes to an SQLite file.
const TURN: usize = 50;

/// What is told of a letter: the id of its mailbox, and what that is called.
type Mark = (String, String);

impl Work<'_> {
    /// Puts the job on the queue that tells letters their mailbox, where they can be told it from now on and some are there.
    pub(crate) fn mark_letters_soon(&mut self, before: &Definitions) -> Result<()> {
        let could = before.module(MESSAGES).is_some_and(|messages| messages.field(MAILBOX_ID).is_some());
        if !could && self.mark_letters(None, 0)? {
            let now = self.now();
            self.enqueue(MARK_JOB, Some(MARK_JOB), now, json!({}))?;
        }
        Ok(())
    }

    /// A turn of the job that tells letters their mailbox: some of them, and the others in the next.
    ///
    /// # Errors
    /// When the database fails.
    pub fn go_on_marking(&mut self) -> Result<()> {
        if self.mark_letters(None, TURN)? {
            let now = self.now();
            self.enqueue(MARK_JOB, Some(MARK_JOB), now, json!({}))?;
        }
        Ok(())
    }

    /// Tells as many as `most` letters by which mailbox they came, or go; with `mailbox` those of that one alone. Answers whether
    /// some are left.
    ///
    /// # Errors
    /// When the database fails.
    pub fn mark_letters(&mut self, mailbox: Option<Id>, most: usize) -> Result<bool> {
        let Ok(module) = self.module(MESSAGES) else { return Ok(false) };
        if module.field(MAILBOX_ID).is_none() {
            return Ok(false);
        }
        let mut left = most;
        loop {
            let unmarked = self.unmarked(&module, mailbox, left.saturating_add(1))?;
            if unmarked.is_empty() || left == 0 {
                return Ok(!unmarked.is_empty());
            }
            // Only those that know it make known which ones answer them.
            for (letter, mark) in unmarked.into_iter().take(left) {
                self.mark_letter(&module, letter, mark)?;
                left -= 1;
            }
        }
    }

    fn mark_letter(&mut self, module: &Arc<Module>, letter: Id, (id, name): Mark) -> Result<()> {
        let before = match self.as_process(|work| work.read_held(module, letter)) {
            Ok(before) => before,
            Err(Error::NotFound { .. }) => return Ok(()),
            Err(error) => return Err(error),
        };
        let values = [("mailbox", name), (MAILBOX_ID, id)];
        let values = values.into_iter().map(|(field, text)| (field.to_owned(), Value::Text(text)));
        self.write_quietly(before, values.filter(|(field, _)| module.field(field).is_some()).collect()).map(drop)
    }

    /// Letters that do not know their mailbox: those that came by it, then what people answered to them.
    fn unmarked(&mut self, module: &Arc<Module>, mailbox: Option<Id>, most: usize) -> Result<BTreeMap<Id, Mark>> {
        let mut found = BTreeMap::new();
        let sql = Sql::new(
            "select l.record, b.id, b.name from _mailbox_letters l join _mailboxes b on b.id = l.mailbox join ",
        );
        let sql = sql
            .push_ident(&module.name)?
            .push(" t on t.id = l.record where l.state = 'taken' and t.mailbox_id is null");
        let sql = match mailbox {
            Some(mailbox) => sql.push(" and l.mailbox = ").bind(mailbox.0),
            None => sql,
        };
        for row in self.rows(&sql.push(" order by l.id desc").limit(most))? {
            found.insert(Id(row.uuid(0)?), (Id(row.uuid(1)?).to_string(), row.text(2)?));
        }
        let of_answers = [("writer", "conversation", "conversation"), ("answers", "answers", "message_id")];
        for (needed, theirs, its) in of_answers {
            let is_there = |name: &str| module.field(name).is_some();
            if found.len() >= most || ![needed, theirs, its].into_iter().all(is_there) {
                continue;
            }
            let sql = Sql::new("select t.id, m.mailbox_id, m.mailbox from ").push_ident(&module.name)?.push(" t join ");
            let sql = sql
                .push_ident(&module.name)?
                .push(&format!(" m on m.{its}_key = t.{theirs}_key and m.{its} = t.{theirs} "));
            let sql = sql.push("where t.direction = 'out' and t.mailbox_id is null and m.direction = 'in' and ");
            let sql = sql.push(&format!("t.{needed} is not null and m.mailbox_id is not null"));
            let sql = match mailbox {
                Some(mailbox) => sql.push(" and m.mailbox_id = ").bind(mailbox.to_string()),
                None => sql,
            };
            for row in self.rows(&sql.push(" order by t.id desc").limit(most))? {
                let name = row.opt_text(2)?.unwrap_or_default();
                found.entry(Id(row.uuid(0)?)).or_insert((row.text(1)?, name));
            }
        }
        Ok(found)
    }
}
