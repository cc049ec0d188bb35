//! What a change tells whom. Nobody is told of what they did themselves.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;
use model::{Id, Record, Value};
use serde_json::{Value as Json, json};

use super::{COMMENTS, MailChoice, NOTICE_LETTER, NoticeKind};
use crate::db::Sql;
use crate::error::Result;
use crate::params;
use crate::rules::RunState;
use crate::shape::DOOR as SHAPE;
use crate::work::Work;

/// Records of one module of which somebody is told one by one, of what one colleague does in a short while; the last
/// notice counts the others.
const ONE_BY_ONE: usize = 5;

/// What is done within this while is one act, in however many turns.
const ONE_ACT: SignedDuration = SignedDuration::from_mins(10);

/// What is told, without its readers.
struct News {
    kind: NoticeKind,
    module: String,
    record: Id,
    comment: Option<Id>,
    detail: Json,
}

impl Work<'_> {
    /// Tells people of a record that was made (without `before`) or changed.
    pub(crate) fn tell(&mut self, before: Option<&Record>, after: &Record) -> Result<()> {
        // What the program sets up is nobody's news.
        if self.origin().source == "command" {
            return Ok(());
        }
        if after.module.name == COMMENTS {
            return self.tell_of_comment(before, after);
        }
        self.tell_new_owner(before, after)?;
        match before {
            // Whoever changed the process knows; the others learn it from the record.
            Some(_) if self.origin().source == SHAPE => Ok(()),
            Some(before) => self.tell_of_stage(before, after),
            None => Ok(()),
        }
    }

    /// Tells people of a record because a rule says so.
    ///
    /// # Errors
    /// When the database fails.
    pub fn tell_by_rule(&mut self, record: &Record, readers: BTreeSet<Id>) -> Result<()> {
        self.send(&News::of(NoticeKind::Rule, record, json!({})), readers)
    }

    /// Tells people of a record because a rule asks them whether it may go on.
    ///
    /// # Errors
    /// When the database fails.
    pub fn ask_by_rule(&mut self, record: &Record, readers: BTreeSet<Id>) -> Result<()> {
        self.send(&News::of(NoticeKind::Rule, record, json!({"asks": true})), readers)
    }

    /// Tells administrators that runs of a rule end so that somebody has to see to it: of the record of such a run.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) fn tell_of_trouble(&mut self, rule: &str, (module, record): (&str, Id), state: RunState) -> Result<()> {
        let detail = json!({"rule": rule, "trouble": state.name()});
        let news = News { kind: NoticeKind::Trouble, module: module.to_owned(), record, comment: None, detail };
        let readers = self.administrators()?;
        self.send(&news, readers)
    }

    fn tell_new_owner(&mut self, before: Option<&Record>, after: &Record) -> Result<()> {
        if let Some(was) = before.and_then(|before| before.owner).filter(|was| after.owner != Some(*was)) {
            self.withdraw_assigned(was, after)?;
        }
        let Some(owner) = after.owner.filter(|owner| before.and_then(|before| before.owner) != Some(*owner)) else {
            return Ok(());
        };
        if before.is_some() {
            // Whoever had turned away from the record follows it as its new owner.
            self.run_later(
                "delete from followers where record = $1 and user_id = $2 and not follows",
                params![after.id.0, owner.0],
            )?;
        }
        self.send(&News::of(NoticeKind::Assigned, after, json!({})), BTreeSet::from([owner]))
    }

    /// Whoever answers for a record no longer is not told that they do: what they have not read yet is withdrawn. The others
    /// that it counted stand with another notice of its kind.
    fn withdraw_assigned(&mut self, reader: Id, record: &Record) -> Result<()> {
        let (kind, module) = (NoticeKind::Assigned, record.module.name.as_str());
        // By their moments: so only what is unread is looked at, and not all that they were ever told.
        self.run_later(
            "update notifications set others = others + (select sum(w.others) from notifications w \
             where w.user_id = $1 and w.record = $2 and w.kind = $3 and w.read_at is null) \
             where id = (select n.id from notifications n where n.user_id = $1 and n.record <> $2 and n.kind = $3 \
             and n.module = $4 and n.read_at is null order by n.at desc limit 1) \
             and exists (select 1 from notifications w where w.user_id = $1 and w.record = $2 and w.kind = $3 \
             and w.read_at is null and w.others > 0)",
            params![reader.0, record.id.0, kind.name(), module],
        )?;
        self.run_later(
            "delete from notifications where user_id = $1 and record = $2 and kind = $3 and read_at is null",
            params![reader.0, record.id.0, kind.name()],
        )?;
        // The last one may be gone: what comes next is counted anew.
        self.told.remove(&(reader, kind, record.module.name.clone()));
        Ok(())
    }

    fn tell_of_stage(&mut self, before: &Record, after: &Record) -> Result<()> {
        let Some(process) = self.definitions().process(&after.module.name).cloned() else { return Ok(()) };
        let (from, to) = (before.get(&process.field), after.get(&process.field));
        if from == to {
            return Ok(());
        }
        let detail = json!({"from": from.to_json(), "to": to.to_json()});
        let mut readers = self.audience(after.id, after.owner)?;
        // Their new owner learns of the record, not of its past.
        if before.owner != after.owner {
            after.owner.map(|owner| readers.remove(&owner));
        }
        self.send(&News::of(NoticeKind::Stage, after, detail), readers)
    }

    fn tell_of_comment(&mut self, before: Option<&Record>, after: &Record) -> Result<()> {
        let Value::Record { module, id } = after.get("about").clone() else { return Ok(()) };
        let module = self.module(&module)?;
        let known = before.map(mentions).unwrap_or_default();
        let mut new: BTreeSet<Id> = mentions(after).difference(&known).copied().collect();
        if before.is_some() && !new.is_empty() {
            let called = self.called_by(after.id, &new)?;
            new.retain(|user| !called.contains(user));
        }
        let author = self.actor().id().filter(|_| before.is_none());
        // In one order: two who mention each other at the same moment do not wait for each other.
        for user in new.iter().copied().chain(author).collect::<BTreeSet<_>>() {
            self.note_follower(&module, id, user, true)?;
        }
        let news =
            |kind| News { kind, module: module.name.clone(), record: id, comment: Some(after.id), detail: json!({}) };
        if before.is_none() {
            let owner = if module.owners { self.owner_of(&module.name, id)? } else { None };
            let others = self.audience(id, owner)?.difference(&new).copied().collect();
            self.send(&news(NoticeKind::Comment), others)?;
        }
        self.send(&news(NoticeKind::Mention), new)
    }

    /// Those of `users` whom a comment has called already: an edit does not call them again.
    fn called_by(&mut self, comment: Id, users: &BTreeSet<Id>) -> Result<BTreeSet<Id>> {
        let sql = Sql::new("select user_id from notifications where kind = ").bind(NoticeKind::Mention.name());
        let sql = sql.push(" and comment = ").bind(comment.0).push(" and user_id in ");
        let sql = sql.bind_list(users.iter().map(|id| id.0));
        self.rows(&sql)?.iter().map(|row| Ok(Id(row.uuid(0)?))).collect()
    }

    fn owner_of(&mut self, module: &str, id: Id) -> Result<Option<Id>> {
        let sql = Sql::new("select owner from ").push_ident(module)?.push(" where id = ").bind(id.0);
        Ok(self.rows(&sql)?.first().map(|row| row.opt_uuid(0)).transpose()?.flatten().map(Id))
    }

    /// Writes the notice for each of its readers, and for those who want it the job of its letter.
    fn send(&mut self, news: &News, mut readers: BTreeSet<Id>) -> Result<()> {
        self.actor().id().map(|me| readers.remove(&me));
        if readers.is_empty() {
            return Ok(());
        }
        for (reader, choice) in self.listeners(news, &readers)? {
            let key = news.told_to(reader);
            let (last, count) = self.told.get(&key).copied().unwrap_or((news.record, 0));
            if count >= ONE_BY_ONE {
                self.run_later("update notifications set others = others + 1 where id = $1", params![last.0])?;
                continue;
            }
            let id = self.new_id();
            self.insert_notice(id, reader, news)?;
            self.told.insert(key, (id, count + 1));
            if choice.wants(news.kind) {
                let now = self.now();
                self.enqueue(NOTICE_LETTER, Some(&format!("{NOTICE_LETTER}:{id}")), now, json!({"notification": id}))?;
            }
        }
        Ok(())
    }

    fn insert_notice(&mut self, id: Id, reader: Id, news: &News) -> Result<()> {
        let (at, actor) = (self.now(), self.actor().id().map(|id| id.0));
        let mut detail = news.detail.clone();
        if let (Some(rule), Some(detail)) = (self.trail.last(), detail.as_object_mut()) {
            detail.insert("rule".to_owned(), json!(rule));
        }
        let written = self.run_later(
            "insert into notifications (id, user_id, kind, module, record, comment, actor, detail, others, at) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9)",
            params![
                id.0,
                reader.0,
                news.kind.name(),
                news.module.as_str(),
                news.record.0,
                news.comment.map(|id| id.0),
                actor,
                detail,
                at
            ],
        );
        Ok(written?)
    }

    /// Those of `readers` who are active, with what they want by letter. What they were told of the kind a moment ago by
    /// the same colleague, and have not read, is noted on the way.
    fn listeners(&mut self, news: &News, readers: &BTreeSet<Id>) -> Result<BTreeMap<Id, MailChoice>> {
        let since = self.now() - ONE_ACT;
        let sql = Sql::new(
            "select u.id, u.mail, n.id, n.detail from users u left join notifications n on n.user_id = u.id \
             and n.read_at is null and n.id >= ",
        );
        // By the id the index is read from there on; the moment decides.
        let sql = sql.bind(Id::first_at(since).0).push(" and n.at >= ").bind(since);
        let sql = sql.push(" and n.kind = ").bind(news.kind.name());
        let sql = sql.push(" and n.module = ").bind(news.module.as_str());
        let sql = match self.actor().id() {
            Some(actor) => sql.push(" and n.actor = ").bind(actor.0),
            None => sql.push(" and n.actor is null"),
        };
        let sql = sql.push(" where u.active and u.id in ").bind_list(readers.iter().map(|id| id.0));
        let rows = self.rows(&sql.push(" order by n.id desc"))?;
        let (mut choices, mut found) = (BTreeMap::new(), BTreeMap::new());
        for row in rows {
            let reader = Id(row.uuid(0)?);
            choices.insert(reader, MailChoice::parse(&row.text(1)?).unwrap_or_default());
            let Some(notice) = row.opt_uuid(2)? else { continue };
            if news.rule().is_none() || news.rule() == row.json(3)?.get("rule").and_then(Json::as_str) {
                found.entry(reader).or_insert((Id(notice), 0)).1 += 1;
            }
        }
        for (reader, told) in found {
            self.told.entry(news.told_to(reader)).or_insert(told);
        }
        Ok(choices)
    }
}

impl News {
    fn of(kind: NoticeKind, record: &Record, detail: Json) -> Self {
        Self { kind, module: record.module.name.clone(), record: record.id, comment: None, detail }
    }

    /// Under what it is remembered that somebody was told: records of a module are counted together, and rules are not.
    fn told_to(&self, reader: Id) -> (Id, NoticeKind, String) {
        (reader, self.kind, self.rule().unwrap_or(&self.module).to_owned())
    }

    /// The rule that it is about.
    fn rule(&self) -> Option<&str> {
        self.detail.get("rule").and_then(Json::as_str).filter(|_| self.kind == NoticeKind::Trouble)
    }
}

/// Whom a comment mentions.
fn mentions(comment: &Record) -> BTreeSet<Id> {
    let Value::Json(Json::Array(ids)) = comment.get("mentions") else { return BTreeSet::new() };
    ids.iter().filter_map(|id| id.as_str()?.parse().ok()).collect()
}
