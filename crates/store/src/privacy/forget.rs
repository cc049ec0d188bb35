//! Records that are kept for a while and then forgotten: removed for good, and blank in the log. That they were there, who made
//! them and when stays; the seals hold, as they do where a person was erased.

use model::Id;

use crate::counters::space;
use crate::db::{LockKey, Sql};
use crate::error::{Error, Result};
use crate::work::Work;

impl Work<'_> {
    /// Forgets records of a module, and answers how many. Those to which others link stay.
    ///
    /// # Errors
    /// When the database fails.
    pub fn forget_records(&mut self, module: &str, records: &[Id]) -> Result<usize> {
        if records.is_empty() {
            return Ok(0);
        }
        // Nothing is sealed while its lines become blank.
        self.lock(&[LockKey::new(space::WORKSPACE, "seal")])?;
        let mut gone = Vec::with_capacity(records.len());
        for record in records {
            match self.attempt(|work| work.as_process(|work| work.purge(module, *record, None))) {
                Ok(()) => gone.push(record.0),
                Err(Error::Conflict { .. } | Error::NotFound { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        let count = gone.len();
        if count > 0 {
            let sql = Sql::new("update changes set delta = ").bind(serde_json::json!({}));
            self.tx.execute(&sql.push(" where record in ").bind_list(gone))?;
        }
        Ok(count)
    }
}
