//! A unit of work: a transaction in the hands of somebody. Everything that reads or writes records goes through it.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use model::rights::{Capability, Grant};
use model::{Actor, Definitions, Id, Module, User};

use crate::db::{DbError, Dialect, LockKey, Param, Row, Sql, Tx};
use crate::error::{Error, Result};
use crate::knowledge::Knowledge;
use crate::notices::Told;
use crate::preferences::Kept;
use crate::search::{KnownWords, LookedFor};
use crate::settings::Settings;
use crate::workspace::unreadable;

/// Where a write comes from, as the change log keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The door: `api`, `interface`, `public`, `survey`, `hook`, `job`, `mail`, `command`, `import`.
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
    /// Whether definitions or settings were changed: they are read anew after the commit.
    pub(crate) shaped: bool,
    /// Words that the vocabulary has for certain once this work is committed.
    pub(crate) words: Vec<u64>,
    /// Whom this work has told of what.
    pub(crate) told: Told,
    /// The rules whose run this work is, each set off by the one before; empty where it is none.
    pub(crate) trail: Vec<String>,
    /// The moves that the next changes of some records are, by what they are addressed by.
    pub(crate) making: BTreeMap<Id, String>,
    /// Letters that this work has put on their way.
    letters: u32,
    /// Whether a service takes something back just now: that sets no rule off.
    pub(crate) undoing: bool,
    /// What texts come to that this work has looked for, by module: a list, its count and its totals look for the same.
    pub(crate) looked_for: LookedFor,
    /// What users keep for themselves, as far as this work has read it.
    pub(crate) kept: Kept,
}

impl<'t> Work<'t> {
    /// Begins work.
    pub fn new(tx: &'t mut Tx, actor: Actor, knowledge: Knowledge, now: Timestamp, origin: Origin) -> Self {
        let authority = Authority::Caller;
        let (change_set, queued, shaped, words, told) = (None, false, false, Vec::new(), Told::new());
        let (trail, making, undoing, looked_for) = (Vec::new(), BTreeMap::new(), false, LookedFor::new());
        let letters = 0;
        Self {
            tx,
            actor,
            knowledge,
            now,
            origin,
            authority,
            change_set,
            queued,
            shaped,
            words,
            told,
            trail,
            making,
            letters,
            undoing,
            looked_for,
            kept: Kept::new(),
        }
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

    /// Whether another program has changed packs since this one read them: what runs by itself, a timer or a rule, would
    /// then not be what was last said.
    ///
    /// # Errors
    /// When the database fails.
    pub fn is_behind(&mut self) -> Result<bool> {
        Ok(self.knowledge.is_behind(self.tx)?)
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

    /// Letters that this work has put on their way, without those that an attempt took back.
    #[must_use]
    pub fn letters(&self) -> u32 {
        self.letters
    }

    /// One more letter is on its way.
    pub fn count_letter(&mut self) {
        self.letters = self.letters.saturating_add(1);
    }

    /// Which engine runs it.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.tx.dialect()
    }

    /// The number of each module in the index of words.
    pub(crate) fn search_numbers(&self) -> &BTreeMap<String, i64> {
        &self.knowledge.searched
    }

    /// Words that the vocabulary has.
    pub(crate) fn known_words(&self) -> &KnownWords {
        &self.knowledge.words
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

    /// Runs `inner` as `user`, under their rights: to learn what they may see.
    pub fn as_user<T>(&mut self, user: User, inner: impl FnOnce(&mut Self) -> T) -> T {
        let actor = std::mem::replace(&mut self.actor, Actor::User(Box::new(user)));
        let authority = std::mem::replace(&mut self.authority, Authority::Caller);
        let result = inner(self);
        (self.actor, self.authority) = (actor, authority);
        result
    }

    /// Runs `inner` as a rule: the log says which one it was, and what it sets off knows its trail.
    pub fn as_rule<T>(&mut self, called: &str, trail: Vec<String>, inner: impl FnOnce(&mut Self) -> T) -> T {
        let actor = std::mem::replace(&mut self.actor, Actor::System("rule"));
        let origin = std::mem::replace(&mut self.origin, Origin::because("rule", called));
        let trail = std::mem::replace(&mut self.trail, trail);
        let result = inner(self);
        (self.actor, self.origin, self.trail) = (actor, origin, trail);
        result
    }

    /// What comes from here on is for this reason. Whoever says so has written nothing yet.
    pub(crate) fn give_reason(&mut self, reason: String) {
        self.origin.reason = Some(reason);
    }

    /// What comes from here on is under a change set of its own.
    pub fn begin_change_set(&mut self) {
        self.change_set = None;
        self.told = Told::new();
    }

    /// Goes on with what another work began: under its change set, as having come through the same door.
    pub(crate) fn go_on(&mut self, change_set: Option<Id>, source: &'static str) {
        self.change_set = change_set;
        self.origin = Origin::from(source);
    }

    /// What comes from here on belongs to a change set that an earlier turn of the same act began; without one, to a new one.
    pub fn go_on_under(&mut self, change_set: Option<Id>) {
        self.change_set = change_set;
    }

    /// Goes on with the roles that the actor has, and what roles allow, in this very transaction: both may have changed
    /// since it was found out who asks.
    ///
    /// # Errors
    /// [`Error::Stranger`] for whoever is kept out by now.
    pub(crate) fn catch_up(&mut self) -> Result<()> {
        if let Some(knowledge) = self.knowledge.present(self.tx).map_err(unreadable)? {
            self.knowledge = knowledge;
        }
        let Actor::User(user) = &self.actor else { return Ok(()) };
        let (id, user) = (user.id, user.clone());
        let roles = self.present_roles(id)?.ok_or(Error::Stranger)?;
        self.actor = Actor::User(Box::new(User { roles, ..*user }));
        Ok(())
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
        let (authority, change_set, queued, shaped) = (self.authority, self.change_set, self.queued, self.shaped);
        let (told, trail, undoing) = (self.told.clone(), self.trail.clone(), self.undoing);
        let letters = self.letters;
        let mut after = (change_set, queued, shaped, Vec::new(), told.clone(), letters);
        let result = self.tx.savepoint(|tx| {
            let mut work = Work {
                tx,
                actor,
                knowledge,
                now,
                origin,
                authority,
                change_set,
                queued,
                shaped,
                words: Vec::new(),
                told,
                trail,
                making: BTreeMap::new(),
                letters,
                undoing,
                looked_for: LookedFor::new(),
                kept: Kept::new(),
            };
            let result = inner(&mut work)?;
            after = (work.change_set, work.queued, work.shaped, work.words, work.told, work.letters);
            Ok(result)
        });
        let words;
        (self.change_set, self.queued, self.shaped, words, self.told, self.letters) = after;
        self.words.extend(words);
        // It may have written what is found, and what is kept.
        self.looked_for.clear();
        self.kept.clear();
        result
    }

    pub(crate) fn rows(&mut self, sql: &Sql) -> Result<Vec<Row>, DbError> {
        self.tx.query(sql)
    }

    pub(crate) fn run(&mut self, text: &'static str, params: Vec<Param>) -> Result<u64, DbError> {
        self.tx.execute(&Sql::with(text, params))
    }

    /// [`Work::run`] for what writes and is not looked at at once; see [`Tx::defer`].
    pub(crate) fn run_later(&mut self, text: &'static str, params: Vec<Param>) -> Result<(), DbError> {
        self.tx.defer(Sql::with(text, params))
    }
}
