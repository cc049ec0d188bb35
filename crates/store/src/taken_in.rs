//! Requests that others carry: each is taken in once, however often it is brought.

use model::Id;

use crate::counters::space;
use crate::db::{LockKey, Sql};
use crate::error::Result;
use crate::params;
use crate::work::Work;

impl Work<'_> {
    /// The record that a request became, by what it is called where it comes from; holds that name until this work ends, so
    /// that of two who bring it at once the second finds what the first has made. Asked before anything is written.
    ///
    /// # Errors
    /// When the database fails.
    pub fn taken_in(&mut self, source: &str, external_id: &str) -> Result<Option<(String, Id)>> {
        self.lock(&[LockKey::new(space::IDENTITY, format!("{source} {external_id}"))])?;
        let sql = Sql::new("select module, record from _taken_in where source = ").bind(source);
        let row = self.tx.opt(&sql.push(" and external_id = ").bind(external_id))?;
        Ok(row.map(|row| Ok::<_, crate::db::DbError>((row.text(0)?, Id(row.uuid(1)?)))).transpose()?)
    }

    /// Keeps what a request became.
    ///
    /// # Errors
    /// When the database fails.
    pub fn keep_taken_in(&mut self, source: &str, external_id: &str, (module, record): (&str, Id)) -> Result<()> {
        let now = self.now();
        self.run(
            "insert into _taken_in (source, external_id, module, record, at) values ($1, $2, $3, $4, $5)",
            params![source, external_id, module, record.0, now],
        )?;
        Ok(())
    }
}
