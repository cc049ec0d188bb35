//! Whose a pass was a moment ago. Never believed: a guess under which work may begin while the database is asked, and whose
//! result is thrown away when the answer is another one.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use model::Definitions;
use model::actor::User;

use super::pass::{Bearer, Pass, STAMP};
use crate::db::{Dialect, Sql, Tx};
use crate::error::Result;

/// So many are remembered; then all are forgotten, which costs each of them one way to the server and back.
const CAPACITY: usize = 4_096;

/// The guesses of one program.
#[derive(Default)]
pub(crate) struct Bearers(Mutex<HashMap<Pass, Bearer>>);

impl Bearers {
    /// Runs `work` as whoever `pass` lets in now. Where that saves a way to the server, `work` runs at once as who it was a
    /// moment ago; with its first statement travels the question whether anything of the kind has changed since, and the
    /// result counts only if nothing has.
    pub(crate) fn ask<T>(
        &self,
        tx: &mut Tx,
        pass: &Pass,
        now: Timestamp,
        definitions: &Definitions,
        work: &mut dyn FnMut(&mut Tx, User) -> Result<T>,
    ) -> Result<T> {
        if let Some(guess) = self.guess(pass, now)
            && tx.ask_along(&Sql::new(STAMP))
        {
            let result = work(tx, guess.clone().sight(definitions).user);
            let told = tx.told_along()?.first().map(|row| row.uuid(0)).transpose()?;
            if told.is_some() && told == guess.stamp {
                return result;
            }
            self.note(pass, None);
            return Err(tx.start_over().into());
        }
        let bearer = pass.bearer(tx, now);
        // SQLite is asked in the same thread: there is no way to be saved.
        if tx.dialect() == Dialect::Postgres {
            self.note(pass, bearer.as_ref().ok().cloned());
        }
        work(tx, bearer?.sight(definitions).user)
    }

    fn guess(&self, pass: &Pass, now: Timestamp) -> Option<Bearer> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(pass).filter(|bearer| bearer.until.is_none_or(|until| now < until)).cloned()
    }

    fn note(&self, pass: &Pass, bearer: Option<Bearer>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= CAPACITY {
            known.clear();
        }
        match bearer {
            Some(bearer) => drop(known.insert(pass.clone(), bearer)),
            None => drop(known.remove(pass)),
        }
    }
}
