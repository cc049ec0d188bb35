//! The change log of the set-up: organisation, users, teams and views are no records of a module, but who changed what of them
//! is kept in the same log, for administrators.

use model::Id;
use model::rights::Capability;
use serde_json::{Map, Value as Json, json};

use super::Operation;
use crate::db::Sql;
use crate::error::Result;
use crate::params;
use crate::work::Work;

/// What is set up. Its name in the log is that of a table of the system, which no module can take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Setup {
    Organisation,
    User,
    Team,
    View,
    Erasure,
    Mailbox,
    Line,
}

impl Setup {
    /// What stands in the log for the organisation, which has no id.
    pub(crate) const ORGANISATION: Id = Id(uuid::Uuid::nil());

    /// Whether the log means this by `module`.
    pub(crate) fn is(self, module: &str) -> bool {
        self.name() == module
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Organisation => "settings",
            Self::User => "users",
            Self::Team => "teams",
            Self::View => "views",
            Self::Erasure => "_erasures",
            Self::Mailbox => "_mailboxes",
            Self::Line => "_lines",
        }
    }

    /// Whether the log's `module` is none but a part of the set-up.
    pub(super) fn is_named(module: &str) -> bool {
        let all = [Self::Organisation, Self::User, Self::Team, Self::View, Self::Erasure, Self::Mailbox, Self::Line];
        all.iter().any(|part| part.name() == module)
    }
}

impl Work<'_> {
    /// Notes changed fields: name, before, after.
    pub(crate) fn log_setup<'a>(
        &mut self,
        part: Setup,
        id: Id,
        operation: Operation,
        delta: impl IntoIterator<Item = (&'a str, Json, Json)>,
    ) -> Result<()> {
        let delta: Map<_, _> =
            delta.into_iter().map(|(name, before, after)| (name.to_owned(), json!([before, after]))).collect();
        if delta.is_empty() {
            return Ok(());
        }
        let set = self.open_change_set()?;
        let earlier = Sql::new("select count(*) from changes where record = ").bind(id.0);
        let earlier = self.rows(&earlier)?.first().map(|row| row.int(0)).transpose()?.unwrap_or(0);
        let at = self.now();
        self.run(
            "insert into changes (change_set, module, record, operation, version, at, delta) values ($1, $2, $3, $4, $5, $6, $7)",
            params![set.0, part.name(), id.0, operation.name(), earlier + 1, at, Json::Object(delta)],
        )?;
        Ok(())
    }

    /// Whether the caller may read this part of the log.
    pub(crate) fn reads_setup_log(&self, module: &str) -> bool {
        Setup::is_named(module) && self.require(Capability::Administer).is_ok()
    }
}
