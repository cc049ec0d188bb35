//! What somebody says is theirs: nobody else changes it. Who administers may take it away.

use model::rights::Capability;
use model::{Id, Module};

use crate::db::Sql;
use crate::error::{Error, Result};
use crate::work::{Authority, Work};

impl Work<'_> {
    /// Fails where a record of `module` made by `author` is not the caller's to change; `code` says what they are about.
    pub(crate) fn expect_author(&self, module: &Module, author: Option<Id>, code: &'static str) -> Result<()> {
        let is_theirs = author.is_some() && author == self.actor().id();
        if !module.authored || is_theirs || self.authority == Authority::Process {
            return Ok(());
        }
        if code != "update_forbidden" && self.require(Capability::Administer).is_ok() {
            return Ok(());
        }
        Err(Error::forbidden(code, format!("nobody but its author changes a record of {}", module.name)))
    }

    /// The same of a record that has not been read; what is gone has no author.
    pub(crate) fn expect_author_of(&mut self, module: &Module, record: Id, code: &'static str) -> Result<()> {
        if !module.authored {
            return Ok(());
        }
        let sql = Sql::new("select created_by from ").push_ident(&module.name)?.push(" where id = ").bind(record.0);
        match self.rows(&sql)?.first() {
            Some(row) => self.expect_author(module, row.opt_uuid(0)?.map(Id), code),
            None => Ok(()),
        }
    }
}
