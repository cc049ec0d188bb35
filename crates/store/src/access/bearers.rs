//! Whose a pass was a moment ago. Never believed: a guess under which work may begin while the database is asked, and whose
//! result is thrown away when the answer is another one.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use model::actor::User;

use super::pass::{Pass, answer};
use crate::db::{Dialect, Tx};
use crate::error::{Error, Result};

/// So many are remembered; then all are forgotten, which costs each of them one way to the server and back.
const CAPACITY: usize = 4_096;

/// The guesses of one program.
#[derive(Default)]
pub(crate) struct Bearers(Mutex<HashMap<Pass, User>>);

impl Bearers {
    /// Runs `work` as whoever `pass` lets in now. Where that saves a way to the server, the question travels with the
    /// first statement of `work`, which runs as who it was a moment ago, and counts only if the answer is the same.
    pub(crate) fn ask<T>(
        &self,
        tx: &mut Tx,
        pass: &Pass,
        now: Timestamp,
        work: &mut dyn FnMut(&mut Tx, User) -> Result<T>,
    ) -> Result<T> {
        let question = pass.question(tx.dialect(), now);
        if let Some(guess) = self.guess(pass)
            && tx.ask_along(&question)
        {
            let result = work(tx, guess.clone());
            let told = answer(&tx.told_along()?)?;
            if told.as_ref() == Some(&guess) {
                return result;
            }
            self.note(pass, told);
            return Err(tx.start_over().into());
        }
        let user = answer(&tx.query(&question)?)?;
        // SQLite is asked in the same thread: there is no way to be saved.
        if tx.dialect() == Dialect::Postgres {
            self.note(pass, user.clone());
        }
        work(tx, user.ok_or(Error::Stranger)?)
    }

    fn guess(&self, pass: &Pass) -> Option<User> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(pass).cloned()
    }

    fn note(&self, pass: &Pass, user: Option<User>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= CAPACITY {
            known.clear();
        }
        match user {
            Some(user) => drop(known.insert(pass.clone(), user)),
            None => drop(known.remove(pass)),
        }
    }
}
