//! Work that is due at a moment. A job is written in the transaction of its cause and runs in one of its own, where it
//! is taken off the queue together with what it did: it happens once or not at all.

use jiff::Timestamp;
use model::Id;
use serde_json::Value as Json;

use crate::db::{Dialect, Row, Sql};
use crate::error::Result;
use crate::operations::FREE;
use crate::params;
use crate::work::Work;

/// A job on the queue.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// Its id.
    pub id: Id,
    /// Which handler runs it.
    pub kind: String,
    /// What makes it the only one of its kind (`orders.look:ID`), where it is.
    pub key: Option<String>,
    /// When it is due.
    pub due_at: Timestamp,
    /// What the handler needs.
    pub payload: Json,
    /// How often it failed.
    pub attempts: i64,
    /// What it failed with last.
    pub error: Option<String>,
    /// How often it was begun since it last came to an end.
    pub starts: i64,
}

/// Which jobs are asked for.
#[derive(Clone, Copy, Debug)]
pub enum Kinds<'k> {
    /// All.
    Every,
    /// Those of some kinds.
    Only(&'k [&'k str]),
    /// All but those of some kinds.
    Except(&'k [&'k str]),
}

impl Kinds<'_> {
    fn narrow(self, sql: Sql) -> Sql {
        match self {
            Self::Every => sql,
            Self::Only(kinds) => sql.push(" and kind in ").bind_list(kinds.iter().copied()),
            Self::Except(kinds) => sql.push(" and kind not in ").bind_list(kinds.iter().copied()),
        }
    }
}

/// When a job is due that is put aside until somebody looks: never.
pub const PUT_ASIDE: Timestamp = Timestamp::constant(253_370_764_800, 0);

const COLUMNS: &str = "select id, kind, key, due_at, payload, attempts, error, starts from jobs ";

impl Job {
    fn read(row: &Row) -> Result<Self> {
        Ok(Self {
            id: Id(row.uuid(0)?),
            kind: row.text(1)?,
            key: row.opt_text(2)?,
            due_at: row.instant(3)?,
            payload: row.json(4)?,
            attempts: row.int(5)?,
            error: row.opt_text(6)?,
            starts: row.int(7)?,
        })
    }
}

impl Work<'_> {
    /// Puts a job on the queue. With a key that is already there, that job is moved to `due_at` and given the new payload.
    ///
    /// # Errors
    /// When the database fails.
    pub fn enqueue(&mut self, kind: &str, key: Option<&str>, due_at: Timestamp, payload: Json) -> Result<()> {
        let (id, now) = (self.new_id(), self.now());
        self.run(
            "insert into jobs (id, kind, key, due_at, payload, attempts, created_at) values ($1, $2, $3, $4, $5, 0, $6) \
             on conflict (key) do update set kind = excluded.kind, due_at = excluded.due_at, payload = excluded.payload, \
             attempts = 0, error = null, starts = 0",
            params![id.0, kind, key, due_at, payload, now],
        )?;
        self.queued = true;
        Ok(())
    }

    /// Whether there is a job with this key.
    ///
    /// # Errors
    /// When the database fails.
    pub fn is_queued(&mut self, key: &str) -> Result<bool> {
        Ok(!self.rows(&Sql::new("select 1 from jobs where key = ").bind(key))?.is_empty())
    }

    /// Takes the job with this key off the queue, if it is there.
    ///
    /// # Errors
    /// When the database fails.
    pub fn dequeue(&mut self, key: &str) -> Result<()> {
        self.run("delete from jobs where key = $1", params![key])?;
        Ok(())
    }

    /// The next job that is due by `until` and that nobody else has claimed, held until this work ends. None while
    /// effects are in quarantine.
    ///
    /// # Errors
    /// When the database fails.
    pub fn due_job(&mut self, until: Timestamp) -> Result<Option<Job>> {
        self.due_job_of(Kinds::Every, until)
    }

    /// As [`Work::due_job`], of some kinds.
    ///
    /// # Errors
    /// When the database fails.
    pub fn due_job_of(&mut self, kinds: Kinds<'_>, until: Timestamp) -> Result<Option<Job>> {
        let mut sql = next(kinds, until, 1);
        if self.dialect() == Dialect::Postgres {
            sql = sql.push(" for update skip locked");
        }
        self.rows(&sql)?.first().map(Job::read).transpose()
    }

    /// The next job of some kinds that is due by `until`, not held: whoever runs it first takes what its work takes
    /// turns on, and then [finishes](Work::finish_job) it, which says whether it was still theirs. A job that is held
    /// while its worker waits for a lock would stop those who hold that lock and want to move the job.
    ///
    /// # Errors
    /// When the database fails.
    pub fn foreseen_job(&mut self, kinds: Kinds<'_>, until: Timestamp) -> Result<Option<Job>> {
        self.rows(&next(kinds, until, 1))?.first().map(Job::read).transpose()
    }

    /// As [`Work::foreseen_job`], the next ones.
    ///
    /// # Errors
    /// When the database fails.
    pub fn foreseen_jobs(&mut self, kinds: Kinds<'_>, until: Timestamp, most: usize) -> Result<Vec<Job>> {
        self.rows(&next(kinds, until, most))?.iter().map(Job::read).collect()
    }

    /// When the next job is due; nothing while the queue is empty or effects are in quarantine.
    ///
    /// # Errors
    /// When the database fails.
    pub fn next_due(&mut self) -> Result<Option<Timestamp>> {
        self.next_due_of(Kinds::Every)
    }

    /// As [`Work::next_due`], of some kinds.
    ///
    /// # Errors
    /// When the database fails.
    pub fn next_due_of(&mut self, kinds: Kinds<'_>) -> Result<Option<Timestamp>> {
        let sql =
            kinds.narrow(Sql::new("select due_at from jobs where ").push(FREE)).push(" order by due_at, id limit 1");
        Ok(self.rows(&sql)?.first().map(|row| row.instant(0)).transpose()?)
    }

    /// Notes that jobs are about to run. Committed before they do, so that it is known of a job that kills the program how
    /// often it did. Waits for nobody: whoever holds a job runs it.
    ///
    /// # Errors
    /// When the database fails.
    pub fn begin_jobs(&mut self, jobs: &[Job]) -> Result<()> {
        if jobs.is_empty() {
            return Ok(());
        }
        let sql = Sql::new("update jobs set starts = starts + 1 where id in (select id from jobs where id in ");
        let mut sql = sql.bind_list(jobs.iter().map(|job| job.id.0));
        if self.dialect() == Dialect::Postgres {
            sql = sql.push(" for update skip locked");
        }
        self.tx.execute(&sql.push(")"))?;
        Ok(())
    }

    /// The jobs that are put aside: nobody begins them again by themselves.
    ///
    /// # Errors
    /// When the database fails.
    pub fn jobs_put_aside(&mut self) -> Result<Vec<Job>> {
        let sql = Sql::new(COLUMNS).push("where due_at = ").bind(PUT_ASIDE).push(" order by id");
        self.rows(&sql)?.iter().map(Job::read).collect()
    }

    /// Takes a finished job off the queue; false when somebody else already did, or put it off.
    ///
    /// # Errors
    /// When the database fails.
    pub fn finish_job(&mut self, job: &Job) -> Result<bool> {
        Ok(self.run("delete from jobs where id = $1 and due_at = $2", params![job.id.0, job.due_at])? == 1)
    }

    /// Notes a failure and when to try again, unless somebody has moved the job meanwhile.
    ///
    /// # Errors
    /// When the database fails.
    pub fn postpone_job(&mut self, job: &Job, until: Timestamp, error: &str) -> Result<()> {
        let error: String = error.chars().filter(|character| *character != '\0').take(2_000).collect();
        self.run(
            "update jobs set due_at = $1, attempts = attempts + 1, error = $2, starts = 0 where id = $3 and due_at = $4",
            params![until, error, job.id.0, job.due_at],
        )?;
        Ok(())
    }

    /// The job with this key, if it is on the queue.
    ///
    /// # Errors
    /// When the database fails.
    pub fn job_of(&mut self, key: &str) -> Result<Option<Job>> {
        let sql = Sql::new(COLUMNS).push("where key = ").bind(key);
        self.rows(&sql)?.first().map(Job::read).transpose()
    }

    /// A job by its id, for whoever asks how it goes.
    ///
    /// # Errors
    /// When the database fails.
    pub fn job(&mut self, id: Id) -> Result<Option<Job>> {
        let sql = Sql::new(COLUMNS).push("where id = ").bind(id.0);
        self.rows(&sql)?.first().map(Job::read).transpose()
    }
}

fn next(kinds: Kinds<'_>, until: Timestamp, most: usize) -> Sql {
    let sql = Sql::new(COLUMNS).push("where ").push(FREE).push(" and due_at <= ").bind(until);
    kinds.narrow(sql).push(" order by due_at, id").limit(most)
}
