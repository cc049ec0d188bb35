//! Indexes of tables that hold many rows follow the turn that wants them, so that nobody waits with a write for what takes
//! as long as the table is large. The queue remembers them: whoever runs its jobs builds them, also after a crash.

use serde_json::json;

use crate::db::{DbError, Dialect, Sql};
use crate::error::Result;
use crate::schema::{self, PlanStep, StepKind};
use crate::work::Work;
use crate::workspace::{OpenError, Workspace};

/// What became of indexes that were wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Indexing {
    /// Those that were built now.
    pub built: Vec<String>,
    /// Those that another program is building.
    pub elsewhere: Vec<String>,
}

/// The kind of the job, and its key, that says indexes are still to be built.
pub const INDEX_JOB: &str = "shape.indexes";

impl Work<'_> {
    /// Notes that indexes are to be built.
    pub(crate) fn index_soon(&mut self) -> Result<()> {
        self.enqueue(INDEX_JOB, Some(INDEX_JOB), self.now(), json!({}))
    }

    /// Whether indexes are still to be built.
    pub(crate) fn is_indexing(&mut self) -> Result<bool> {
        self.is_queued(INDEX_JOB)
    }
}

impl Workspace {
    /// Builds the indexes that tables with many rows lack, one after the other. On PostgreSQL
    /// everybody reads and writes meanwhile; on SQLite each is a turn of its own. Blocks as long as it takes.
    ///
    /// # Errors
    /// When the database fails; what was built before stays, and done again it goes on.
    pub fn build_indexes(&self) -> std::result::Result<Indexing, OpenError> {
        let definitions = self.knowledge().definitions;
        let plan = self.db().read_blocking(move |tx| schema::plan(tx, &definitions))?;
        let later = plan.steps.into_iter().filter(|step| step.kind == StepKind::IndexLater);
        let mut all = Indexing::default();
        for step in later {
            let named = if self.build_index(&step)? { &mut all.built } else { &mut all.elsewhere };
            named.push(step.of);
        }
        if !all.built.is_empty() {
            self.db().optimise_soon();
        }
        Ok(all)
    }

    /// False where somebody else is at it.
    fn build_index(&self, step: &PlanStep) -> std::result::Result<bool, DbError> {
        if self.db().dialect() == Dialect::Sqlite {
            let sql = step.sql.replacen("index", "index if not exists", 1);
            return self.db().standalone_blocking(sql).map(|()| true);
        }
        let name = step.of.clone();
        let (is_left, is_under_way) = self.db().read_blocking(move |tx| {
            // What PostgreSQL had to give up stays as an index that serves nothing.
            let there = "select p.pid is not null from pg_class c left join pg_stat_progress_create_index p \
                         on p.index_relid = c.oid where c.relnamespace = current_schema()::regnamespace and c.relname = ";
            let there = tx.opt(&Sql::new(there).bind(name.as_str()))?;
            let is_under_way = there.as_ref().map(|row| row.bool(0)).transpose()?.unwrap_or(false);
            Ok::<_, DbError>((there.is_some() && !is_under_way, is_under_way))
        })?;
        if is_under_way {
            return Ok(false);
        }
        if is_left {
            self.db().standalone_blocking(format!("drop index concurrently if exists \"{}\"", step.of))?;
        }
        let sql = step.sql.replacen("index", "index concurrently if not exists", 1);
        self.db().standalone_blocking(sql)?;
        // Where another program began between the look and this, nothing was built here.
        let name = step.of.clone();
        self.db().read_blocking(move |tx| {
            let whole = "select i.indisvalid from pg_index i join pg_class c on c.oid = i.indexrelid \
                         where c.relnamespace = current_schema()::regnamespace and c.relname = ";
            let whole = tx.opt(&Sql::new(whole).bind(name.as_str()))?;
            whole.map_or(Ok(false), |row| row.bool(0))
        })
    }
}
