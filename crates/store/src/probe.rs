//! Whether the store can be used: it is written to, because a full disk or a standby still answers what is read.

use serde_json::json;

use crate::db::{DbError, Tx};
use crate::knowledge;
use crate::workspace::Workspace;

/// The row that is written.
const KEY: &str = "probe";

impl Workspace {
    /// Writes one small row and waits until it is on disk.
    ///
    /// # Errors
    /// When the database does not take it.
    pub async fn probe(&self) -> Result<(), DbError> {
        let now = self.clock().now().to_string();
        self.db().write(move |tx: &mut Tx| knowledge::keep(tx, KEY, &json!(now))).await
    }
}
