//! A workspace: one organisation's store, its definitions, its settings and its clock.

use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use model::expr::Env;
use model::pack::PackError;
use model::{Actor, Definitions, Id, User};
use serde_json::json;
use tokio::sync::Notify;

use crate::access::{Author, Bearers, Pass};
use crate::clock::Clock;
use crate::db::{Db, DbError, DbOptions, Tx};
use crate::error::{Error, Result};
use crate::knowledge::{self, EveryNow, Knowledge, Known, Part};
use crate::notices::note_words;
use crate::operations;
use crate::query::functions;
use crate::schema;
use crate::settings::Settings;
use crate::work::{Origin, Work};

/// How often it is looked whether another program has changed what is known.
const LOOK: Duration = Duration::from_secs(3);
/// How often the database brings its statistics up to date.
const OPTIMISE: Duration = Duration::from_secs(60 * 60);

/// Why a workspace cannot be opened or its packs not be applied.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The database refuses.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The packs do not fit together.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Packs(Vec<PackError>),
    /// The database was written by a later version of the program.
    #[error(
        "the database was written by a newer Plenary (step {found}, this program knows {known}): use that version or a backup"
    )]
    Newer {
        /// The step of the database.
        found: i64,
        /// The last step this program knows.
        known: i64,
    },
    /// A module has the name of a table that this version brings.
    #[error(
        "the module {0:?} has a name that this version of Plenary keeps for a table of its own; nothing was changed: give the \
         module another name with the version before (PATCH /api/v1/meta/modules/{0} with `name`), then open it with this one"
    )]
    NameTaken(&'static str),
    /// The file is a backup.
    #[error("this is a backup, not a workspace: make one from it with `plenary restore FILE`")]
    Backup,
}

/// How much a read asks of the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// Mostly one statement, besides whose pass it is; where it turns out to be more, the work runs again from the start.
    One,
    /// Several statements on one snapshot.
    Several,
}

fn last_step() -> i64 {
    schema::STEPS.last().map_or(0, |step| step.number)
}

/// The step of the system tables that are there: none newer than this program knows.
fn step_of(tx: &mut Tx) -> Result<i64, OpenError> {
    if operations::is_backup(tx)? {
        return Err(OpenError::Backup);
    }
    let (found, known) = (schema::present_step(tx)?, last_step());
    if found > known { Err(OpenError::Newer { found, known }) } else { Ok(found) }
}

/// A workspace; clones share it.
#[derive(Clone)]
pub struct Workspace {
    db: Db,
    known: Arc<RwLock<Known>>,
    clock: Clock,
    jobs: Arc<Notify>,
    changes: Arc<Notify>,
    news: Arc<EveryNow>,
    optimise: Arc<EveryNow>,
    bearers: Arc<Bearers>,
}

impl Workspace {
    /// Opens the store. What it knows (packs, settings, clock) is read from it; an empty one knows nothing yet.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn open(mut options: DbOptions) -> Result<Self, OpenError> {
        options.register = Some(functions::register);
        let db = Db::open(&options)?;
        // A change of the schema looks at every link: a workspace that is up to date is opened without.
        let standing = db.read_blocking(|tx| {
            let is_present = step_of(tx)? == last_step();
            is_present.then(|| Known::read(tx, None)).transpose()
        })?;
        let known = match standing {
            Some(known) => known,
            None => db.ddl_blocking(|tx| {
                let found = step_of(tx)?;
                if let Some(name) = schema::taken(found, &operations::tables(tx)?) {
                    return Err(OpenError::NameTaken(name));
                }
                let plan = schema::plan(tx, &Definitions::default())?;
                schema::apply(tx, &plan)?;
                let mut passed = schema::STEPS.iter().filter(|step| step.number > found);
                if found > 0 && passed.any(|step| step.reindexes) {
                    index_anew(tx)?;
                }
                note_words(tx)?;
                Known::read(tx, None)
            })?,
        };
        Ok(Self {
            db,
            clock: Clock::ahead(known.clock),
            known: Arc::new(RwLock::new(known)),
            jobs: Arc::new(Notify::new()),
            changes: Arc::new(Notify::new()),
            news: Arc::new(EveryNow::new(LOOK)),
            optimise: Arc::new(EveryNow::new(OPTIMISE)),
            bearers: Arc::default(),
        })
    }

    /// The database below, for tests and the operations of the command line.
    #[must_use]
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// The clock.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// What is known now.
    #[must_use]
    pub fn knowledge(&self) -> Knowledge {
        self.known.read().unwrap_or_else(PoisonError::into_inner).knowledge.clone()
    }

    /// Reads anew what another program may have changed. Happens by itself every few seconds of use.
    ///
    /// # Errors
    /// When the database fails or a stored pack cannot be read; then what was known stays known.
    pub async fn refresh(&self) -> Result<(), OpenError> {
        let before = self.known.read().unwrap_or_else(PoisonError::into_inner).clone();
        let read = move |tx: &mut Tx| -> Result<_, OpenError> {
            let is_news = knowledge::version(tx)?.is_after(before.version);
            is_news.then(|| Known::read(tx, Some(&before))).transpose()
        };
        if let Some(news) = self.db.read_brief(read).await? {
            self.learn(news);
        }
        Ok(())
    }

    /// Takes over what was read, unless something later is known already.
    pub(crate) fn learn(&self, news: Known) {
        self.clock.keep_up(news.clock);
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if news.version.is_after(known.version) {
            *known = news;
        }
    }

    /// What is done from time to time, on the way of whoever reads or writes.
    async fn keep_up(&self) {
        if self.optimise.is_time() {
            self.db.optimise_soon();
        }
        if self.news.is_time()
            && let Err(error) = self.refresh().await
        {
            tracing::warn!(%error, "what is known cannot be read anew");
        }
    }

    /// Woken when a job was put on the queue.
    #[must_use]
    pub fn jobs(&self) -> &Notify {
        &self.jobs
    }

    /// Woken when something was written to the log, for the one who reads it as it grows.
    #[must_use]
    pub fn changes(&self) -> &Notify {
        &self.changes
    }

    /// Reads on one consistent snapshot. `work` runs again where another program has changed the tables meanwhile.
    ///
    /// # Errors
    /// Those of `work`.
    pub async fn read<T: Send + 'static>(
        &self,
        actor: Actor,
        work: impl FnMut(&mut Work<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.keep_up().await;
        let work = Again::of(work);
        match self.db.read(self.look(actor.clone(), work.clone())).await {
            Err(error) if self.was_behind(&error).await => self.db.read(self.look(actor, work)).await,
            read => read,
        }
    }

    /// [`Workspace::read`] for a few rows by their keys, such as whose session this is: it waits behind nothing slow.
    ///
    /// # Errors
    /// Those of `work`.
    pub async fn read_brief<T: Send + 'static>(
        &self,
        actor: Actor,
        work: impl FnMut(&mut Work<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.keep_up().await;
        self.db.read_brief(self.look(actor, Again::of(work))).await
    }

    fn look<T, F: FnMut(&mut Work<'_>) -> Result<T> + Send + 'static>(
        &self,
        actor: Actor,
        work: Again<F>,
    ) -> impl FnMut(&mut Tx) -> Result<T> + Send + 'static {
        let (knowledge, clock) = (self.knowledge(), self.clock.clone());
        move |tx| work.run(&mut Work::new(tx, actor.clone(), knowledge.clone(), clock.now(), Origin::from("read")))
    }

    /// Whether something failed because the tables are not what was known of them; then it is known now.
    async fn was_behind(&self, error: &Error) -> bool {
        let version = || self.known.read().unwrap_or_else(PoisonError::into_inner).version;
        let before = version();
        matches!(error, Error::Db(DbError::Other { .. })) && self.refresh().await.is_ok() && version().is_after(before)
    }

    /// Reads as whoever `pass` lets in, found out in the same turn of the database: a pass that was revoked, a user who
    /// was kept out, a role that was taken away hold from the next read on, whichever program took them.
    ///
    /// # Errors
    /// [`Error::Stranger`] where the pass lets nobody in; those of `work`.
    pub async fn read_as<T: Send + 'static>(
        &self,
        pass: Pass,
        reading: Reading,
        work: impl FnMut(&mut Work<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.keep_up().await;
        let work = Again::of(work);
        let ask = async |work: Again<_>| {
            let read = self.look_as(pass.clone(), work);
            match reading {
                Reading::One => self.db.glance(read).await,
                Reading::Several => self.db.read(read).await,
            }
        };
        match ask(work.clone()).await {
            Err(error) if self.was_behind(&error).await => ask(work).await,
            read => read,
        }
    }

    fn look_as<T, F: FnMut(&mut Work<'_>) -> Result<T> + Send + 'static>(
        &self,
        pass: Pass,
        work: Again<F>,
    ) -> impl FnMut(&mut Tx) -> Result<T> + Send + 'static {
        // One moment for every run of the work: a glance compares what its two runs ask for.
        let (knowledge, now, bearers) = (self.knowledge(), self.clock.now(), Arc::clone(&self.bearers));
        move |tx| {
            let mut begin = |tx: &mut Tx, user: User| {
                let actor = Actor::User(Box::new(user));
                work.run(&mut Work::new(tx, actor, knowledge.clone(), now, Origin::from("read")))
            };
            bearers.ask(tx, &pass, now, &knowledge.definitions, &mut begin)
        }
    }

    /// Writes: all or nothing, under one change set. Answers the result and the change set, if anything was written.
    /// `work` runs again after a collision, so it changes nothing but the database.
    ///
    /// # Errors
    /// Those of `work`, [`Error::Stranger`] where a pass lets nobody in, [`Error::Forbidden`] `only_looking` for whoever looks
    /// through the eyes of another; then nothing was written.
    pub async fn write<T: Send + 'static>(
        &self,
        author: impl Into<Author>,
        origin: Origin,
        work: impl FnMut(&mut Work<'_>) -> Result<T> + Send + 'static,
    ) -> Result<(T, Option<Id>)> {
        self.keep_up().await;
        let (author, work) = (author.into(), Again::of(work));
        let turn = |author, origin, work: Again<_>| self.turn(author, origin, move |under_way| work.run(under_way));
        let done = match self.db.write(turn(author.clone(), origin.clone(), work.clone())).await {
            Err(error) if self.was_behind(&error).await => self.db.write(turn(author, origin, work)).await?,
            done => done?,
        };
        let change_set = done.change_set;
        Ok((self.settle(done), change_set))
    }

    /// [`Workspace::write`] for plain threads.
    ///
    /// # Errors
    /// Those of `work`.
    pub fn write_blocking<T: Send + 'static>(
        &self,
        actor: Actor,
        origin: Origin,
        work: impl FnMut(&mut Work<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let done = self.db.write_blocking(self.turn(actor.into(), origin, work))?;
        Ok(self.settle(done))
    }

    /// What follows a commit.
    fn settle<T>(&self, done: Done<T>) -> T {
        if !done.words.is_empty() {
            self.knowledge().words.keep(&done.words);
        }
        if let Some(news) = done.news {
            self.learn(news);
        }
        if done.queued {
            self.jobs.notify_one();
        }
        if done.change_set.is_some() {
            self.changes.notify_one();
        }
        done.value
    }

    /// [`Workspace::read`] for plain threads.
    ///
    /// # Errors
    /// Those of `work`.
    pub fn read_blocking<T: Send + 'static>(
        &self,
        actor: Actor,
        work: impl FnMut(&mut Work<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.db.read_blocking(self.look(actor, Again::of(work)))
    }

    fn turn<T>(
        &self,
        author: Author,
        origin: Origin,
        mut work: impl FnMut(&mut Work<'_>) -> Result<T> + Send + 'static,
    ) -> impl FnMut(&mut Tx) -> Result<Done<T>> + Send + 'static {
        let (known, clock) = (self.known.clone(), self.clock.clone());
        move |tx| {
            let knowledge = known.read().unwrap_or_else(PoisonError::into_inner).knowledge.clone();
            let now = clock.now();
            let actor = author.actor(tx, now, &knowledge.definitions)?;
            // The one place that every write comes through, whichever door forgot to ask.
            if actor.only_looks() {
                return Err(Error::only_looking());
            }
            let mut under_way = Work::new(tx, actor, knowledge, now, origin.clone());
            let value = work(&mut under_way)?;
            let words = std::mem::take(&mut under_way.words);
            let (change_set, queued, shaped) = (under_way.change_set, under_way.queued, under_way.shaped);
            let before = known.read().unwrap_or_else(PoisonError::into_inner).clone();
            let news = shaped.then(|| Known::read(tx, Some(&before))).transpose().map_err(unreadable)?;
            Ok(Done { value, change_set, queued, news, words })
        }
    }

    /// Replaces the settings.
    ///
    /// # Errors
    /// When the database fails.
    pub fn save_settings(&self, settings: Settings) -> Result<()> {
        let replace = move |work: &mut Work<'_>| {
            work.change_settings(|kept| {
                kept.clone_from(&settings);
                Ok(())
            })
        };
        self.write_blocking(Actor::System("set-up"), Origin::from("command"), replace).map(drop)
    }

    /// Moves the clock forward to `instant`, for good. Only a sandbox does this; the caller checks.
    ///
    /// # Errors
    /// When the database fails.
    pub fn move_clock(&self, instant: jiff::Timestamp) -> Result<()> {
        let offset = self.clock.move_to(instant);
        self.write_blocking(Actor::System("clock"), Origin::from("command"), move |work| {
            knowledge::count_up(work.tx, Part::Settings)?;
            // Of two who move it at once the later moment stays.
            let kept = knowledge::setting(work.tx, knowledge::CLOCK)?.and_then(|kept| kept.as_i64()).unwrap_or(0);
            Ok(knowledge::keep(work.tx, knowledge::CLOCK, &json!(offset.max(kept)))?)
        })
    }
}

/// Work that can be begun anew with what is known then.
struct Again<F>(Arc<Mutex<F>>);

impl<F> Again<F> {
    fn of(work: F) -> Self {
        Self(Arc::new(Mutex::new(work)))
    }

    fn run<T>(&self, under_way: &mut Work<'_>) -> Result<T>
    where
        F: FnMut(&mut Work<'_>) -> Result<T>,
    {
        (self.0.lock().unwrap_or_else(PoisonError::into_inner))(under_way)
    }
}

impl<F> Clone for Again<F> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

/// What a write left behind.
struct Done<T> {
    value: T,
    change_set: Option<Id>,
    queued: bool,
    /// What is known now, where that was changed.
    news: Option<Known>,
    /// Words that the vocabulary has now.
    words: Vec<u64>,
}

/// Makes the index of words anew after an upgrade.
fn index_anew(tx: &mut Tx) -> Result<(), OpenError> {
    let definitions = Known::read(tx, None)?.knowledge.definitions;
    // The tables of the modules come first: which numbers they have in the index is part of the plan.
    let plan = schema::plan(tx, &definitions)?;
    schema::apply(tx, &plan)?;
    let known = Known::with(tx, definitions.clone())?;
    let now = Clock::ahead(known.clock).now();
    let mut work = Work::new(tx, Actor::System("upgrade"), known.knowledge, now, Origin::from("command"));
    let done = definitions.modules().try_for_each(|module| work.reindex(module));
    done.map_err(|error| match error {
        Error::Db(error) => OpenError::Db(error),
        other => OpenError::Db(DbError::Corrupt(other.to_string())),
    })
}

/// A store that does not open any more after what was just written to it.
pub(crate) fn unreadable(error: OpenError) -> Error {
    match error {
        OpenError::Db(error) => Error::Db(error),
        other => Error::Db(DbError::Corrupt(other.to_string())),
    }
}

impl Work<'_> {
    /// What expressions know besides the record.
    #[must_use]
    pub fn env(&self) -> Env {
        let (me, my_team) = match self.actor() {
            Actor::User(user) => (Some(user.id), user.teammates.clone()),
            Actor::System(_) | Actor::Public => (None, std::collections::BTreeSet::new()),
        };
        Env { now: self.now(), zone: self.settings().zone(), me, my_team }
    }

    /// A new id that sorts by this work's moment.
    #[must_use]
    pub fn new_id(&self) -> Id {
        Id::at(self.now())
    }
}
