//! Numbers without gaps: the counter is locked in the transaction that uses the number, so that a number that is
//! rolled back is given again.

use crate::db::{LockKey, Sql};
use crate::error::Result;
use crate::work::Work;

/// Spaces of [`LockKey`]s, in the order in which locks are taken (architecture: identities, event, ticket types, order,
/// assignment cursor, number series). Those of the first space come before all of them and are told apart by their names.
pub mod space {
    /// What the workspace has one of: its rights, its settings, the seal of its log, a user, a key of requests.
    pub const WORKSPACE: u8 = 0;
    /// Change sets that are being taken back.
    pub const UNDO: u8 = 0;
    /// Rules: each runs once at a time, before anything that it does.
    pub const RULE: u8 = 0;
    /// Surveys that are sent or answered: behind a rule that sends one, before whatever their answers do.
    pub const SURVEY: u8 = 0;
    /// Normalised e-mails and phones, and what a request is called where it comes from.
    pub const IDENTITY: u8 = 1;
    /// Events.
    pub const EVENT: u8 = 2;
    /// Ticket types.
    pub const TICKET_TYPE: u8 = 3;
    /// Orders.
    pub const ORDER: u8 = 4;
    /// Payments of a provider by their outside id.
    pub const PAYMENT: u8 = 5;
    /// Whose turn it is.
    pub const ASSIGNMENT: u8 = 6;
    /// Series of numbers.
    pub const SERIES: u8 = 7;
    /// Bytes of files by their digest.
    pub const FILE: u8 = 8;
}

impl Work<'_> {
    /// The next number of `series`, from 1.
    ///
    /// # Errors
    /// When the database fails.
    pub fn next_number(&mut self, series: &str) -> Result<i64> {
        self.lock(&[LockKey::new(space::SERIES, series)])?;
        let sql = Sql::new("insert into counters (name, value) values (").bind(series);
        let sql = sql.push(", 1) on conflict (name) do update set value = counters.value + 1 returning value");
        Ok(self.tx.one(&sql)?.int(0)?)
    }

    /// The last number that `series` gave; 0 before the first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn last_number(&mut self, series: &str) -> Result<i64> {
        let sql = Sql::new("select value from counters where name = ").bind(series);
        Ok(self.tx.opt(&sql)?.map(|row| row.int(0)).transpose()?.unwrap_or(0))
    }
}
