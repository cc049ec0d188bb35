//! A unit of work: a transaction in the hands of somebody. Everything that reads or writes records goes through it.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use model::rights::{Capability, Grant, Scope};
use model::{Actor, Definitions, Id, Module};

use crate::db::{DbError, Dialect, LockKey, Param, Row, Sql, Tx};
use crate::error::{Error, Result};
use crate::settings::Settings;

/// What a workspace knows besides its records, as it stood when the work began.
#[derive(Clone, Debug)]
pub struct Knowledge {
    /// Modules, processes, roles, letters.
    pub definitions: Arc<Definitions>,
    /// Organisation, language, zone.
    pub settings: Arc<Settings>,
}

/// Where a write comes from, as the change log keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The door: `api`, `interface`, `public`, `job`, `command`, `import`.
    pub source: &'static str,
    /// What for, where there is more to say than the changes themselves.
    pub reason: Option<String>,
}

impl Origin {
    /// A write that came through `source`.
    #[must_use]
    pub fn from(source: &'static str) -> Self {
        Self { source, reason: None }
    }

    /// The same, and why.
    #[must_use]
    pub fn because(source: &'static str, reason: impl Into<String>) -> Self {
        Self { source, reason: Some(reason.into()) }
    }
}

/// Whose judgement a write is under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Authority {
    /// The actor's rights, field by field.
    Caller,
    /// A process or typed service that has already judged whether the actor may.
    Process,
}

/// A transaction in the hands of an actor, at one moment, under one change set.
pub struct Work<'t> {
    pub(crate) tx: &'t mut Tx,
    actor: Actor,
    knowledge: Knowledge,
    now: Timestamp,
    origin: Origin,
    pub(crate) authority: Authority,
    pub(crate) change_set: Option<Id>,
    /// Kinds of jobs that were put on the queue: whoever runs them is woken after the commit.
    pub(crate) queued: bool,
}

impl<'t> Work<'t> {
    /// Begins work.
    pub fn new(tx: &'t mut Tx, actor: Actor, knowledge: Knowledge, now: Timestamp, origin: Origin) -> Self {
        Self { tx, actor, knowledge, now, origin, authority: Authority::Caller, change_set: None, queued: false }
    }

    /// Who works.
    #[must_use]
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// When.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// From where.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Modules, processes, roles, letters.
    #[must_use]
    pub fn definitions(&self) -> &Arc<Definitions> {
        &self.knowledge.definitions
    }

    /// Organisation, language, zone.
    #[must_use]
    pub fn settings(&self) -> &Arc<Settings> {
        &self.knowledge.settings
    }

    /// The change set under which this work wrote; nothing while it wrote nothing.
    #[must_use]
    pub fn change_set(&self) -> Option<Id> {
        self.change_set
    }

    /// Which engine runs it.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.tx.dialect()
    }

    /// The module called `name`.
    ///
    /// # Errors
    /// [`Error::NoModule`].
    pub fn module(&self, name: &str) -> Result<Arc<Module>> {
        self.knowledge.definitions.module(name).cloned().ok_or_else(|| Error::NoModule(name.to_owned()))
    }

    /// Runs `inner` with the powers of the product: every record is seen, fields of processes can be set. For typed
    /// services and processes that have judged the actor's rights themselves. The log still names the actor.
    pub fn as_process<T>(&mut self, inner: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.authority, Authority::Process);
        let result = inner(self);
        self.authority = before;
        result
    }

    /// What the actor may do with `module`.
    #[must_use]
    pub fn grant(&self, module: &Module) -> Grant {
        match self.authority {
            Authority::Process => Actor::System("process").grant(self.definitions(), &module.name),
            Authority::Caller => self.actor.grant(self.definitions(), &module.name),
        }
    }

    /// Fails unless the actor has `capability`.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    pub fn require(&self, capability: Capability) -> Result<()> {
        if self.authority == Authority::Process || self.actor.can(self.definitions(), capability) {
            return Ok(());
        }
        Err(Error::forbidden("missing_right", format!("your roles do not include the right {capability:?}")))
    }

    /// The condition under which the actor reaches a record of `module` (standing under `alias`) with `scope`;
    /// nothing where every record is reached.
    pub(crate) fn reach(&self, module: &Module, alias: &str, scope: Scope) -> Option<Sql> {
        let (me, teammates) = match &self.actor {
            Actor::User(user) => (Some(user.id), user.teammates.clone()),
            Actor::System(_) | Actor::Public => (None, BTreeSet::new()),
        };
        self.reach_as(module, alias, scope, me, &teammates, 0)
    }

    fn reach_as(
        &self,
        module: &Module,
        alias: &str,
        scope: Scope,
        me: Option<Id>,
        team: &BTreeSet<Id>,
        depth: u8,
    ) -> Option<Sql> {
        let nobody = Some(Sql::new("1 = 0"));
        match (scope, me) {
            (Scope::All, _) => return None,
            (Scope::None, _) | (_, None) => return nobody,
            (Scope::Own | Scope::Team, Some(_)) => {}
        }
        let me = me?;
        if module.owners {
            let owners: Vec<_> =
                if scope == Scope::Team { team.iter().copied().chain([me]).collect() } else { vec![me] };
            let own = Sql::new("(").push(alias).push(".owner in ").bind_list(owners.iter().map(|id| id.0));
            return Some(own.push(" or ").push(alias).push(".owner is null)"));
        }
        // Without owners of their own, records are reached through the record they belong to.
        let through = module.belongs_to.as_deref().and_then(|link| module.field(link));
        let parent = through.and_then(|link| link.module.as_deref()).and_then(|name| self.definitions().module(name));
        let (Some(link), Some(parent), true) = (through, parent, depth < 4) else { return nobody };
        let inner = format!("{alias}p");
        let condition = self.reach_as(parent, &inner, scope, Some(me), team, depth + 1)?;
        let exists = Sql::new("exists (select 1 from \"").push(&parent.name).push("\" ").push(&inner).push(" where ");
        let joined = exists.push(&inner).push(".id = ").push(alias).push(".\"").push(&link.name).push("\" and ");
        Some(joined.append(condition).push(")"))
    }

    /// Takes turns with everybody else who asks for the same keys, until the transaction ends.
    ///
    /// # Errors
    /// When the lock cannot be had in time.
    pub fn lock(&mut self, keys: &[LockKey]) -> Result<()> {
        Ok(self.tx.lock(keys)?)
    }

    /// Runs `inner` so that its failure undoes only what it did.
    ///
    /// # Errors
    /// The inner error.
    pub fn attempt<T>(&mut self, inner: impl FnOnce(&mut Work<'_>) -> Result<T>) -> Result<T> {
        let (actor, knowledge, now, origin) =
            (self.actor.clone(), self.knowledge.clone(), self.now, self.origin.clone());
        let (authority, set, queued) = (self.authority, self.change_set, self.queued);
        let mut after = (set, queued);
        let result = self.tx.savepoint(|tx| {
            let mut work = Work { tx, actor, knowledge, now, origin, authority, change_set: set, queued };
            let result = inner(&mut work)?;
            after = (work.change_set, work.queued);
            Ok(result)
        });
        (self.change_set, self.queued) = after;
        result
    }

    pub(crate) fn rows(&mut self, sql: &Sql) -> Result<Vec<Row>, DbError> {
        self.tx.query(sql)
    }

    pub(crate) fn run(&mut self, text: &'static str, params: Vec<Param>) -> Result<u64, DbError> {
        self.tx.execute(&Sql::with(text, params))
    }
}
