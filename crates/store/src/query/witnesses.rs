//! Who sees a record: every user's own condition, asked of it in one turn. No second judgement: these are the conditions
//! that stand in every query and before every write.

use std::collections::BTreeSet;

use model::actor::User;
use model::rights::{Capability, Grant, Scope};
use model::{Actor, Id, Module, Record};

use crate::db::Sql;
use crate::error::Result;
use crate::work::Work;

/// Users asked about in one statement: a condition may be long where rights lead over many modules.
const TOGETHER: usize = 12;

/// What somebody may do with one record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// They see it.
    pub read: bool,
    /// They change it.
    pub update: bool,
    /// They move it to the bin.
    pub delete: bool,
}

/// A user and what they may do with one record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// Who, with their roles and teammates.
    pub user: User,
    /// What they may do with records of the module, all roles together.
    pub grant: Grant,
    /// What with this one.
    pub reach: Reach,
    /// Fields that are hidden from them in this one and not in others.
    pub veiled: Vec<String>,
}

impl Work<'_> {
    /// Every active user, by name, with what they may do with `record`. Three statements, and one more for each dozen of
    /// users whose rights depend on the record; where some of its fields may be hidden, one for each user.
    ///
    /// # Errors
    /// [`crate::Error::Forbidden`] without the right to administer.
    pub fn witnesses(&mut self, record: &Record) -> Result<Vec<Witness>> {
        self.require(Capability::Administer)?;
        let active = self.accounts()?.into_iter().filter(|account| account.active);
        let ids: BTreeSet<Id> = active.map(|account| account.id).collect();
        let mut users = self.users_of(&ids)?;
        users.sort_by_cached_key(|user| (user.name.to_lowercase(), user.id));
        let mut witnesses = Vec::new();
        for some in users.chunks(TOGETHER) {
            self.ask(record, some, &mut witnesses)?;
        }
        Ok(witnesses)
    }

    fn ask(&mut self, record: &Record, users: &[User], witnesses: &mut Vec<Witness>) -> Result<()> {
        let module = &record.module;
        let mut asked = Vec::new();
        let mut known = Vec::new();
        for user in users {
            let (grant, conditions) = self.as_user(user.clone(), |work| {
                let grant = work.grant(module);
                let conditions = scopes(&grant).map(|scope| work.reach(module, "t", scope));
                (grant, conditions)
            });
            known.push((grant, conditions.each_ref().map(Option::is_some)));
            asked.extend(conditions.into_iter().flatten());
        }
        let mut answers = self.answers(module, record.id, asked)?.into_iter();
        for (user, (grant, depends)) in users.iter().zip(known) {
            let [read, update, delete] = depends.map(|depends| !depends || answers.next().unwrap_or_default());
            let reach = Reach {
                read,
                update: read && update && self.is_open(record, user, false),
                delete: read && delete && module.service.is_none() && self.is_open(record, user, true),
            };
            let veiled = if reach.read { self.veiled_from(record, user)? } else { Vec::new() };
            witnesses.push(Witness { user: user.clone(), grant, reach, veiled });
        }
        Ok(())
    }

    /// What is hidden from `user` in the record alone. A statement more where a veil hangs over it.
    fn veiled_from(&mut self, record: &Record, user: &User) -> Result<Vec<String>> {
        if !record.module.veils.iter().any(|veil| veil.hangs_over(&record.module, &record.values)) {
            return Ok(Vec::new());
        }
        self.as_user(user.clone(), |work| {
            let hidden = work.hidden_of(&record.module, &BTreeSet::from([record.id]))?;
            Ok(hidden.veiled(record.id).cloned().collect())
        })
    }

    /// Which of the conditions the record fulfils.
    fn answers(&mut self, module: &Module, id: Id, conditions: Vec<Sql>) -> Result<Vec<bool>> {
        if conditions.is_empty() {
            return Ok(Vec::new());
        }
        let count = conditions.len();
        let mut sql = Sql::new("select ");
        for (index, condition) in conditions.into_iter().enumerate() {
            sql = sql.push(if index > 0 { ", " } else { "" }).push("coalesce((").append(condition).push("), false)");
        }
        let sql = sql.push(" from ").push_ident(&module.name)?.push(" t where t.id = ").bind(id.0);
        match self.rows(&sql)?.first() {
            Some(row) => (0..count).map(|at| Ok(row.bool(at)?)).collect(),
            None => Ok(vec![false; count]),
        }
    }

    /// Whether it is theirs to change, where only authors change what they wrote.
    fn is_open(&mut self, record: &Record, user: &User, is_deletion: bool) -> bool {
        let code = if is_deletion { "delete_forbidden" } else { "update_forbidden" };
        let (module, author) = (record.module.clone(), record.created_by);
        self.as_user(user.clone(), |work| work.expect_author(&module, author, code).is_ok())
    }

    /// What the roles of `user` called `roles` alone let them do with records of `module`.
    #[must_use]
    pub fn grant_by(&self, user: &User, roles: &[String], module: &Module) -> Grant {
        Actor::User(Box::new(user.clone())).within(roles).grant(self.definitions(), &module.name)
    }
}

fn scopes(grant: &Grant) -> [Scope; 3] {
    [grant.read, grant.update, grant.delete]
}
