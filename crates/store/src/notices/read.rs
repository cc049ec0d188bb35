//! Reading one's notices. What its reader may not see any more is not there; one condition says so everywhere.

use jiff::SignedDuration;
use model::Id;
use model::rights::Scope;

use super::{COMMENTS, Notice, NoticeKind};
use crate::db::{Param, Row, Sql};
use crate::error::Result;
use crate::params;
use crate::rules::RunState;
use crate::work::Work;

/// Counting what is unread stops here.
const COUNTED: i64 = 100;

/// The newest unread notices that counting looks at: whoever never reads theirs, or may see few of them, costs no more.
const LOOKED_AT: i64 = 500;

/// So long are notices kept that were read; what is unread stays.
const KEPT: SignedDuration = SignedDuration::from_hours(90 * 24);

/// What is asked of the notices.
#[derive(Clone, Debug, Default)]
pub struct Inbox {
    /// Only what is unread.
    pub unread: bool,
    /// How many, at most 500.
    pub limit: usize,
    /// Only those older than this one.
    pub before: Option<Id>,
}

impl Work<'_> {
    /// The notices of the user who works, newest first. Nobody else has any.
    ///
    /// # Errors
    /// When the database fails.
    pub fn notices(&mut self, inbox: &Inbox) -> Result<Vec<Notice>> {
        let Some(me) = self.actor().id() else { return Ok(Vec::new()) };
        let mut sql = self.seen_notices(COLUMNS, me)?;
        if inbox.unread {
            sql = sql.push(" and n.read_at is null");
        }
        if let Some(before) = inbox.before {
            sql = sql.push(" and n.id < ").bind(before.0);
        }
        let limit = i64::try_from(inbox.limit.clamp(1, 501)).unwrap_or(501);
        let rows = self.rows(&sql.push(" order by n.id desc").limit(limit))?;
        rows.iter().map(|row| self.notice_of(row)).collect()
    }

    /// One of them, where its reader may see it.
    ///
    /// # Errors
    /// When the database fails.
    pub fn notice(&mut self, id: Id) -> Result<Option<Notice>> {
        let Some(me) = self.actor().id() else { return Ok(None) };
        let sql = self.seen_notices(COLUMNS, me)?.push(" and n.id = ").bind(id.0);
        self.rows(&sql)?.first().map(|row| self.notice_of(row)).transpose()
    }

    /// How many of the newest five hundred unread ones may be seen, up to a hundred.
    ///
    /// # Errors
    /// When the database fails.
    pub fn unread_notices(&mut self) -> Result<i64> {
        let Some(me) = self.actor().id() else { return Ok(0) };
        // Mostly there is nothing, and then nothing else is asked.
        let any = Sql::new("select 1 from notifications where read_at is null and user_id = ").bind(me.0);
        if self.rows(&any.push(" limit 1"))?.is_empty() {
            return Ok(0);
        }
        let newest = Sql::new(
            "select 1 from (select id, kind, module, record, comment from notifications \
             where read_at is null and user_id = ",
        );
        let newest = newest.bind(me.0).push(" order by id desc").limit(LOOKED_AT).push(") n where 1 = 1");
        let sql = Sql::new("select count(*) from (").append(self.only_seen(newest)?);
        let sql = sql.limit(COUNTED).push(") counted");
        Ok(self.tx.one(&sql)?.int(0)?)
    }

    /// Marks notices of the user who works as read: those named, or all of them. Answers how many were not.
    ///
    /// # Errors
    /// [`crate::Error::Forbidden`] for whoever is no user.
    pub fn mark_read(&mut self, ids: Option<&[Id]>) -> Result<u64> {
        let all = self.unread_of_mine()?;
        let sql = match ids {
            None => all,
            Some(ids) => all.push(" and id in ").bind_list(ids.iter().map(|id| id.0)),
        };
        self.mark(&sql)
    }

    /// Marks everything about a record as read; not what is about a rule that ran for it.
    ///
    /// # Errors
    /// As [`Work::mark_read`].
    pub fn mark_record_read(&mut self, record: Id) -> Result<u64> {
        let sql = self.unread_of_mine()?.push(" and kind <> 'trouble' and record = ").bind(record.0);
        self.mark(&sql)
    }

    /// Marks notices as read; on the way those that were read long ago are removed.
    fn mark(&mut self, sql: &Sql) -> Result<u64> {
        let (marked, me, old) = (self.tx.execute(sql)?, self.reader()?, self.now() - KEPT);
        // Ids sort by their moments: of one's notices only the old ones are looked at.
        self.run(
            "delete from notifications where user_id = $1 and id < $2 and read_at < $3",
            params![me.0, Id::at(old).0, old],
        )?;
        Ok(marked)
    }

    fn unread_of_mine(&self) -> Result<Sql> {
        let me = self.reader()?;
        let sql = Sql::new("update notifications set read_at = ").bind(self.now());
        Ok(sql.push(" where read_at is null and user_id = ").bind(me.0))
    }

    /// Whose a notice is, whoever asks: for the job of its letter.
    ///
    /// # Errors
    /// When the database fails.
    pub fn reader_of(&mut self, notice: Id) -> Result<Option<Id>> {
        let sql = Sql::new("select user_id from notifications where id = ").bind(notice.0);
        Ok(self.rows(&sql)?.first().map(|row| row.uuid(0)).transpose()?.map(Id))
    }

    /// ` … from notifications n where …`: those of `me` that may be seen now.
    fn seen_notices(&self, select: &'static str, me: Id) -> Result<Sql> {
        self.only_seen(Sql::new(select).push(" from notifications n where n.user_id = ").bind(me.0))
    }

    /// Adds that the notices `n` may be seen now.
    fn only_seen(&self, sql: Sql) -> Result<Sql> {
        let mut sql = sql.push(" and (1 = 0");
        for module in self.definitions().modules() {
            let grant = self.grant(module);
            if grant.read == Scope::None {
                continue;
            }
            let names = std::iter::once(&module.name).chain(&module.formerly).map(|name| Param::from(name.as_str()));
            sql = sql.push(" or n.module in ").bind_list(names).push(" and exists (select 1 from ");
            sql = sql.push_ident(&module.name)?.push(" t where t.id = n.record");
            // A rule needs somebody whatever became of the record for which it failed.
            sql = sql.push(" and (t.deleted_at is null or n.kind = 'trouble')");
            sql = self.reached(sql, module, grant.read).push(")");
            let process = self.definitions().process(&module.name);
            if process.is_some_and(|process| grant.hidden.contains(&process.field)) {
                sql = sql.push(" and n.kind <> 'stage'");
            }
        }
        sql = sql.push(") and (n.comment is null");
        if let Some(comments) = self.definitions().module(COMMENTS) {
            sql = sql.push(" or exists (select 1 from ").push_ident(COMMENTS)?;
            sql = sql.push(" t where t.id = n.comment and t.deleted_at is null");
            sql = self.reached(sql, comments, self.grant(comments).read).push(")");
        }
        Ok(sql.push(")"))
    }

    fn notice_of(&self, row: &Row) -> Result<Notice> {
        let detail = row.json(6)?;
        let said = |name: &str| Some(detail.get(name)?.as_str()?.to_owned());
        Ok(Notice {
            id: Id(row.uuid(0)?),
            kind: NoticeKind::parse(&row.text(1)?),
            module: self.present_module(row.text(2)?),
            record: Id(row.uuid(3)?),
            comment: row.opt_uuid(4)?.map(Id),
            actor: row.opt_uuid(5)?.map(Id),
            stages: said("from").zip(said("to")),
            rule: said("rule"),
            asks: detail.get("asks").is_some(),
            trouble: said("trouble").as_deref().and_then(RunState::parse),
            others: row.int(7)?,
            at: row.instant(8)?,
            read_at: row.opt_instant(9)?,
        })
    }
}

const COLUMNS: &str =
    "select n.id, n.kind, n.module, n.record, n.comment, n.actor, n.detail, n.others, n.at, n.read_at";
