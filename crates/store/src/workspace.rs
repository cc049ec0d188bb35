//! A workspace: one organisation's store, its definitions, its settings and its clock.

use std::sync::{Arc, Mutex, PoisonError, RwLock};

use model::expr::Env;
use model::pack::{Pack, PackError};
use model::{Actor, Definitions, Id};
use serde_json::{Value as Json, json};
use tokio::sync::Notify;

use crate::clock::Clock;
use crate::db::{Db, DbError, DbOptions, Sql, Tx};
use crate::error::{Error, Result};
use crate::params;
use crate::query::functions;
use crate::schema;
use crate::settings::Settings;
use crate::work::{Knowledge, Origin, Work};
use crate::write::Indexed;

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
}

/// A workspace; clones share it.
#[derive(Clone)]
pub struct Workspace {
    db: Db,
    knowledge: Arc<RwLock<Knowledge>>,
    clock: Clock,
    jobs: Arc<Notify>,
    /// Held by whoever changes what is known, so that what is known last is what was kept last.
    changing: Arc<Mutex<()>>,
}

impl Workspace {
    /// Opens the store. What it knows (packs, settings, clock) is read from it; an empty one knows nothing yet.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn open(mut options: DbOptions) -> Result<Self, OpenError> {
        options.register = Some(functions::register);
        let db = Db::open(&options)?;
        let (packs, settings, offset) = db.ddl_blocking(|tx| {
            let found = schema::present_step(tx)?;
            let known = schema::STEPS.last().map_or(0, |step| step.number);
            if found > known {
                return Err(OpenError::Newer { found, known });
            }
            let plan = schema::plan(tx, &Definitions::default())?;
            schema::apply(tx, &plan)?;
            Ok((stored_packs(tx)?, setting(tx, "organisation")?, setting(tx, "clock_offset")?))
        })?;
        let definitions = Definitions::from_packs(&packs).map_err(OpenError::Packs)?;
        let unreadable =
            |error: serde_json::Error| DbError::Corrupt(format!("the settings of the organisation: {error}"));
        let settings =
            settings.map(|json| serde_json::from_value(json).map_err(unreadable)).transpose()?.unwrap_or_default();
        let knowledge = Knowledge { definitions: Arc::new(definitions), settings: Arc::new(settings) };
        Ok(Self {
            db,
            knowledge: Arc::new(RwLock::new(knowledge)),
            clock: Clock::ahead(offset.and_then(|json: Json| json.as_i64()).unwrap_or(0)),
            jobs: Arc::new(Notify::new()),
            changing: Arc::default(),
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
        self.knowledge.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Woken when a job was put on the queue.
    #[must_use]
    pub fn jobs(&self) -> &Notify {
        &self.jobs
    }

    /// Reads on one consistent snapshot.
    ///
    /// # Errors
    /// Those of `work`.
    pub async fn read<T: Send + 'static>(
        &self,
        actor: Actor,
        mut work: impl FnMut(&mut Work<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (knowledge, clock) = (self.knowledge(), self.clock.clone());
        self.db
            .read(move |tx| {
                work(&mut Work::new(tx, actor.clone(), knowledge.clone(), clock.now(), Origin::from("read")))
            })
            .await
    }

    /// Writes: all or nothing, under one change set. Answers the result and the change set, if anything was written.
    /// `work` runs again after a collision, so it changes nothing but the database.
    ///
    /// # Errors
    /// Those of `work`; then nothing was written.
    pub async fn write<T: Send + 'static>(
        &self,
        actor: Actor,
        origin: Origin,
        work: impl FnMut(&mut Work<'_>) -> Result<T> + Send + 'static,
    ) -> Result<(T, Option<Id>)> {
        let (value, set, queued) = self.db.write(self.turn(actor, origin, work)).await?;
        if queued {
            self.jobs.notify_one();
        }
        Ok((value, set))
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
        let (value, _, queued) = self.db.write_blocking(self.turn(actor, origin, work))?;
        if queued {
            self.jobs.notify_one();
        }
        Ok(value)
    }

    /// [`Workspace::read`] for plain threads.
    ///
    /// # Errors
    /// Those of `work`.
    pub fn read_blocking<T: Send + 'static>(
        &self,
        actor: Actor,
        mut work: impl FnMut(&mut Work<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (knowledge, clock) = (self.knowledge(), self.clock.clone());
        self.db.read_blocking(move |tx| {
            work(&mut Work::new(tx, actor.clone(), knowledge.clone(), clock.now(), Origin::from("read")))
        })
    }

    fn turn<T>(
        &self,
        actor: Actor,
        origin: Origin,
        mut work: impl FnMut(&mut Work<'_>) -> Result<T> + Send + 'static,
    ) -> impl FnMut(&mut Tx) -> Result<(T, Option<Id>, bool)> + Send + 'static {
        let (knowledge, clock) = (self.knowledge(), self.clock.clone());
        move |tx| {
            let mut under_way = Work::new(tx, actor.clone(), knowledge.clone(), clock.now(), origin.clone());
            let value = work(&mut under_way)?;
            Ok((value, under_way.change_set, under_way.queued))
        }
    }

    /// The packs that were applied, in order.
    ///
    /// # Errors
    /// When the database fails or a stored pack cannot be read.
    pub fn packs(&self) -> Result<Vec<Pack>, OpenError> {
        self.db.read_blocking(stored_packs)
    }

    /// What applying `pack` would change in the shape of the database.
    ///
    /// # Errors
    /// When the pack does not fit to those that are there.
    pub fn plan_pack(&self, pack: &Pack) -> Result<schema::Plan, OpenError> {
        let pack = pack.clone();
        self.db.read_blocking(move |tx| {
            let (_, definitions) = joined(tx, &pack)?;
            Ok(schema::plan(tx, &definitions)?)
        })
    }

    /// Applies a pack: shape, definitions, and the search index of modules of which other fields are found now, in one
    /// transaction.
    ///
    /// # Errors
    /// When the pack does not fit to those that are there, or the database refuses; then nothing was changed.
    pub fn apply_pack(&self, pack: &Pack) -> Result<schema::Plan, OpenError> {
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let (pack, now, settings) = (pack.clone(), self.clock.now(), self.knowledge().settings);
        let (plan, definitions) = self.db.ddl_blocking(move |tx| -> Result<_, OpenError> {
            let (present, definitions) = joined(tx, &pack)?;
            let definitions = Arc::new(definitions);
            let plan = schema::plan(tx, &definitions)?;
            schema::apply(tx, &plan)?;
            let count = tx.one(&Sql::new("select count(*) from packs"))?.int(0)?;
            tx.execute(&Sql::with(
                "insert into packs (name, version, position, files, applied_at) values ($1, $2, $3, $4, $5) \
                 on conflict (name) do update set version = excluded.version, files = excluded.files, applied_at = excluded.applied_at",
                params![pack.manifest.name.as_str(), i64::from(pack.manifest.version), count, json!(pack.files), now],
            ))?;
            let knowledge = Knowledge { definitions: definitions.clone(), settings: settings.clone() };
            reindex(&mut Work::new(tx, Actor::System("pack"), knowledge, now, Origin::from("command")), &present)?;
            Ok((plan, definitions))
        })?;
        self.know(|knowledge| knowledge.definitions = definitions);
        Ok(plan)
    }

    /// Changes the settings.
    ///
    /// # Errors
    /// When the database fails.
    pub fn save_settings(&self, settings: Settings) -> Result<()> {
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = json!(settings);
        self.db.write_blocking(move |tx| Ok::<_, Error>(keep(tx, "organisation", &kept)?))?;
        self.know(|knowledge| knowledge.settings = Arc::new(settings));
        Ok(())
    }

    /// Moves the clock forward to `instant`, for good. Only a sandbox does this; the caller checks.
    ///
    /// # Errors
    /// When the database fails.
    pub fn move_clock(&self, instant: jiff::Timestamp) -> Result<()> {
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let offset = json!(self.clock.move_to(instant));
        self.db.write_blocking(move |tx| Ok::<_, Error>(keep(tx, "clock_offset", &offset)?))
    }

    fn know(&self, change: impl FnOnce(&mut Knowledge)) {
        change(&mut self.knowledge.write().unwrap_or_else(PoisonError::into_inner));
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

/// What is defined now, and what will be with `pack`.
fn joined(tx: &mut Tx, pack: &Pack) -> Result<(Definitions, Definitions), OpenError> {
    let mut packs = stored_packs(tx)?;
    let present = Definitions::from_packs(&packs).map_err(OpenError::Packs)?;
    let missing = pack.manifest.requires.iter().find(|name| packs.iter().all(|there| there.manifest.name != **name));
    if let Some(missing) = missing {
        let message = format!("needs the pack {missing:?}, which is not applied");
        return Err(OpenError::Packs(vec![PackError::new("pack.toml", &message)]));
    }
    match packs.iter_mut().find(|there| there.manifest.name == pack.manifest.name) {
        Some(there) => there.clone_from(pack),
        None => packs.push(pack.clone()),
    }
    let wanted = Definitions::from_packs(&packs).map_err(OpenError::Packs)?;
    let errors = schema::limits(&present, &wanted);
    if errors.is_empty() { Ok((present, wanted)) } else { Err(OpenError::Packs(errors)) }
}

/// Makes the index of those modules anew of which it held something else under the definitions of `before`.
fn reindex(work: &mut Work<'_>, before: &Definitions) -> Result<(), OpenError> {
    let definitions = work.definitions().clone();
    for module in definitions.modules() {
        let Some(old) = before.module(&module.name) else { continue };
        if Indexed::of(before, old) != Indexed::of(&definitions, module) {
            work.reindex(module).map_err(|error| match error {
                Error::Db(error) => OpenError::Db(error),
                other => OpenError::Db(DbError::Corrupt(other.to_string())),
            })?;
        }
    }
    Ok(())
}

fn stored_packs(tx: &mut Tx) -> Result<Vec<Pack>, OpenError> {
    let mut packs = Vec::new();
    for row in tx.query(&Sql::new("select files from packs order by position, name"))? {
        let files = serde_json::from_value(row.json(0)?).map_err(|error| DbError::Corrupt(error.to_string()))?;
        packs.push(Pack::read(files).map_err(OpenError::Packs)?);
    }
    Ok(packs)
}

fn setting(tx: &mut Tx, key: &str) -> Result<Option<Json>, DbError> {
    tx.opt(&Sql::new("select value from settings where key = ").bind(key))?.map(|row| row.json(0)).transpose()
}

fn keep(tx: &mut Tx, key: &'static str, value: &Json) -> Result<(), DbError> {
    let sql =
        "insert into settings (key, value) values ($1, $2) on conflict (key) do update set value = excluded.value";
    tx.execute(&Sql::with(sql, params![key, value.clone()]))?;
    Ok(())
}
