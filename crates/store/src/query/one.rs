//! One record.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::rights::Scope;
use model::{Id, Module, Record};

use crate::db::{Dialect, Sql};
use crate::error::{Error, Result};
use crate::work::Work;

/// Records read by their ids in one statement: no database takes parameters without end.
const TOGETHER: usize = 10_000;

impl Work<'_> {
    /// The record, if the caller may see it; also from the bin.
    ///
    /// # Errors
    /// [`Error::NotFound`], also for what exists and may not be seen.
    pub fn get(&mut self, module: &str, id: Id) -> Result<Record> {
        let module = self.module(module)?;
        self.read(&module, id, false)
    }

    /// The record, held so that nobody else changes it before this work ends.
    pub(crate) fn read_held(&mut self, module: &Arc<Module>, id: Id) -> Result<Record> {
        self.read(module, id, true)
    }

    /// The record as a process sees it, held until this work ends.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn hold_for_process(&mut self, module: &str, id: Id) -> Result<Record> {
        self.as_process(|work| {
            let module = work.module(module)?;
            work.read(&module, id, true)
        })
    }

    fn read(&mut self, module: &Arc<Module>, id: Id, hold: bool) -> Result<Record> {
        let grant = self.grant(module);
        let sql = Sql::new("select ")
            .append(self.selection(module)?)
            .push(" from ")
            .push_ident(&module.name)?
            .push(" t where t.id = ")
            .bind(id.0);
        let mut sql = self.reached(sql, module, grant.read);
        if hold && self.dialect() == Dialect::Postgres {
            sql = sql.push(" for update of t");
        }
        let rows = self.rows(&sql)?;
        // A record that is written back is read whole: what may not be set is refused by name.
        let found =
            if hold { self.unveiled_records(module, rows, &[]) } else { self.records(module, rows, &grant.hidden) };
        found?.pop().ok_or_else(|| Error::not_found(&module.name, id))
    }

    /// Adds `and <the caller reaches t>`.
    pub(crate) fn reached(&self, sql: Sql, module: &Module, scope: Scope) -> Sql {
        match self.reach(module, "t", scope) {
            None => sql,
            Some(condition) => sql.push(" and ").append(condition),
        }
    }

    /// Whether the caller reaches the record with `scope`.
    pub(crate) fn reaches(&mut self, module: &Module, id: Id, scope: Scope) -> Result<bool> {
        let Some(condition) = self.reach(module, "t", scope) else { return Ok(true) };
        let sql = Sql::new("select 1 from ").push_ident(&module.name)?.push(" t where t.id = ").bind(id.0);
        Ok(!self.rows(&sql.push(" and ").append(condition))?.is_empty())
    }

    /// Those of `ids` that the caller reads. Who reads everything reads what is gone for good as well.
    pub(crate) fn reached_of(&mut self, module: &Module, ids: &BTreeSet<Id>) -> Result<BTreeSet<Id>> {
        if self.reads_all(module) {
            let Some(withheld) = self.withheld(module, "t") else { return Ok(ids.clone()) };
            let withheld = self.ids_where(module, ids, withheld)?;
            return Ok(ids.difference(&withheld).copied().collect());
        }
        let Some(condition) = self.reach(module, "t", self.grant(module).read) else { return Ok(ids.clone()) };
        let sql = Sql::new("select t.id from ")
            .push_ident(&module.name)?
            .push(" t where t.id in ")
            .bind_list(ids.iter().map(|id| id.0));
        self.rows(&sql.push(" and ").append(condition))?.iter().map(|row| Ok(Id(row.uuid(0)?))).collect()
    }

    /// Whether the caller may link to the record: it exists, is not in the bin and may be seen.
    pub(crate) fn exists(&mut self, module: &Module, id: Id) -> Result<bool> {
        let scope = self.grant(module).read;
        let sql = Sql::new("select 1 from ")
            .push_ident(&module.name)?
            .push(" t where t.deleted_at is null and t.id = ")
            .bind(id.0);
        let sql = self.reached(sql, module, scope);
        Ok(!self.rows(&sql)?.is_empty())
    }

    /// Whether the record is there at all, in the bin or not, whoever asks.
    pub(crate) fn is_there(&mut self, module: &Module, id: Id) -> Result<bool> {
        let sql = Sql::new("select 1 from ").push_ident(&module.name)?.push(" t where t.id = ").bind(id.0);
        Ok(!self.rows(&sql)?.is_empty())
    }
}

impl Work<'_> {
    /// Titles of those of `ids` in `module` that the caller may see.
    ///
    /// # Errors
    /// [`Error::NoModule`].
    pub fn titles(&mut self, module: &str, ids: &BTreeSet<Id>) -> Result<BTreeMap<Id, String>> {
        let module = self.module(module)?;
        let mut titles = BTreeMap::new();
        for record in self.several(&module, ids)? {
            titles.insert(record.id, record.title());
        }
        Ok(titles)
    }

    /// Those of `ids` in `module` that the caller may see.
    ///
    /// # Errors
    /// When the database fails.
    pub fn several(&mut self, module: &Arc<Module>, ids: &BTreeSet<Id>) -> Result<Vec<Record>> {
        let grant = self.grant(module);
        let (all, mut found) = (ids.iter().map(|id| id.0).collect::<Vec<_>>(), Vec::new());
        for some in all.chunks(TOGETHER) {
            let sql = Sql::new("select ").append(self.selection(module)?).push(" from ").push_ident(&module.name)?;
            let sql = sql.push(" t where t.id in ").bind_list(some.iter().copied());
            let sql = self.reached(sql, module, grant.read);
            let rows = self.rows(&sql)?;
            found.extend(self.records(module, rows, &grant.hidden)?);
        }
        Ok(found)
    }

    /// Who can be chosen where a person is asked for: the active users, by name.
    ///
    /// # Errors
    /// When the database fails.
    pub fn people(&mut self) -> Result<Vec<(Id, String)>> {
        let sql = Sql::new("select id, name from users where active order by name, id");
        self.rows(&sql)?.iter().map(|row| Ok((Id(row.uuid(0)?), row.text(1)?))).collect()
    }

    /// Names of users.
    ///
    /// # Errors
    /// When the database fails.
    pub fn user_names(&mut self, ids: &BTreeSet<Id>) -> Result<BTreeMap<Id, String>> {
        if ids.is_empty() {
            return Ok(BTreeMap::new());
        }
        let sql = Sql::new("select id, name from users where id in ").bind_list(ids.iter().map(|id| id.0));
        self.rows(&sql)?.iter().map(|row| Ok((Id(row.uuid(0)?), row.text(1)?))).collect()
    }

    /// Whether the caller changes the record by one of `roles` alone: what these let them do goes no further than they
    /// reach.
    ///
    /// # Errors
    /// When the database fails.
    pub fn may_update_by(&mut self, module: &str, id: Id, roles: &[String]) -> Result<bool> {
        let module = self.module(module)?;
        let grant = self.actor().within(roles).grant(self.definitions(), &module.name);
        self.reaches(&module, id, grant.update)
    }

    /// Those of `ids` that the caller may change, of records that they see. No query where seeing is enough.
    ///
    /// # Errors
    /// When the database fails.
    pub fn changeable(&mut self, module: &Arc<Module>, ids: &BTreeSet<Id>) -> Result<BTreeSet<Id>> {
        let grant = self.grant(module);
        if ids.is_empty() || grant.update == Scope::None {
            return Ok(BTreeSet::new());
        }
        if grant.update >= grant.read {
            return Ok(ids.clone());
        }
        let sql = Sql::new("select t.id from ").push_ident(&module.name)?.push(" t where t.id in ");
        let sql = self.reached(sql.bind_list(ids.iter().map(|id| id.0)), module, grant.update);
        self.rows(&sql)?.iter().map(|row| Ok(Id(row.uuid(0)?))).collect()
    }

    /// Those of `ids` for whose records a condition over `t` holds.
    pub(crate) fn ids_where(&mut self, module: &Module, ids: &BTreeSet<Id>, condition: Sql) -> Result<BTreeSet<Id>> {
        if ids.is_empty() {
            return Ok(BTreeSet::new());
        }
        let sql = Sql::new("select t.id from ").push_ident(&module.name)?.push(" t where t.id in ");
        let sql = sql.bind_list(ids.iter().map(|id| id.0)).push(" and ").append(condition);
        self.rows(&sql)?.iter().map(|row| Ok(Id(row.uuid(0)?))).collect()
    }

    /// Fails unless the caller may change the record.
    ///
    /// # Errors
    /// [`Error::NotFound`] for what they may not see, [`Error::Forbidden`] for what they may not change.
    pub fn check_may_update(&mut self, module: &str, id: Id) -> Result<()> {
        let module = self.module(module)?;
        let grant = self.grant(&module);
        if !self.reaches(&module, id, grant.read)? {
            return Err(Error::not_found(&module.name, id));
        }
        self.expect_author_of(&module, id, "update_forbidden")?;
        if grant.update < grant.read && !self.reaches(&module, id, grant.update)? {
            let message = format!("your roles may not change this record of {}", module.name);
            return Err(Error::forbidden("update_forbidden", message));
        }
        Ok(())
    }
}
