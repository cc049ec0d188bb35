//! A change set by itself: one act of somebody, whatever it touched.

use jiff::Timestamp;
use model::Id;

use crate::db::{Row, Sql};
use crate::error::Result;
use crate::work::Work;

/// One act of somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeSet {
    /// Its id.
    pub id: Id,
    /// When.
    pub at: Timestamp,
    /// The user who did it; nothing where the product or somebody outside did.
    pub actor: Option<Id>,
    /// Through which door.
    pub source: String,
    /// What for.
    pub reason: Option<String>,
    /// The change set that it takes back.
    pub undoes: Option<Id>,
    /// The change set that takes it back.
    pub undone_by: Option<Id>,
}

/// What to select for [`ChangeSet::read`], from `change_sets s left join change_sets u on u.undoes = s.id`.
pub(super) const COLUMNS: &str = "s.id, s.at, s.actor, s.source, s.reason, s.undoes, u.id";

impl ChangeSet {
    pub(super) fn read(row: &Row) -> Result<Self> {
        Ok(Self {
            id: Id(row.uuid(0)?),
            at: row.instant(1)?,
            actor: row.opt_uuid(2)?.map(Id),
            source: row.text(3)?,
            reason: row.opt_text(4)?,
            undoes: row.opt_uuid(5)?.map(Id),
            undone_by: row.opt_uuid(6)?.map(Id),
        })
    }
}

impl Work<'_> {
    /// The change set, whoever asks: its changes are shown only under the reader's rights.
    ///
    /// # Errors
    /// When the database fails.
    pub fn change_set_of(&mut self, id: Id) -> Result<Option<ChangeSet>> {
        let sql =
            Sql::new("select ").push(COLUMNS).push(" from change_sets s left join change_sets u on u.undoes = s.id");
        let rows = self.rows(&sql.push(" where s.id = ").bind(id.0))?;
        rows.first().map(ChangeSet::read).transpose()
    }
}
