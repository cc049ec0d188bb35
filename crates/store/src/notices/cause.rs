//! What a change tells whom. Nobody is told of what they did themselves.

use std::collections::{BTreeMap, BTreeSet};

use model::{Id, Record, Value};
use serde_json::{Value as Json, json};

use super::{COMMENTS, MailChoice, NOTICE_LETTER, NoticeKind};
use crate::db::Sql;
use crate::error::Result;
use crate::params;
use crate::work::Work;

/// Records of one module of which one act tells somebody one by one; the last notice counts the others.
const ONE_BY_ONE: usize = 5;

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
            Some(before) => self.tell_of_stage(before, after),
            None => Ok(()),
        }
    }

    fn tell_new_owner(&mut self, before: Option<&Record>, after: &Record) -> Result<()> {
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
        let new: BTreeSet<Id> = mentions(after).difference(&known).copied().collect();
        let author = self.actor().id().filter(|_| before.is_none());
        for user in new.iter().copied().chain(author) {
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
        for (reader, choice) in self.choices(&readers)? {
            let key = (reader, news.kind, news.module.clone());
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
                news.detail.clone(),
                at
            ],
        );
        Ok(written?)
    }

    /// Those of `users` who are active, with what they want by letter.
    fn choices(&mut self, users: &BTreeSet<Id>) -> Result<BTreeMap<Id, MailChoice>> {
        let sql = Sql::new("select id, mail from users where active and id in ").bind_list(users.iter().map(|id| id.0));
        let choice =
            |row: &crate::db::Row| Ok((Id(row.uuid(0)?), MailChoice::parse(&row.text(1)?).unwrap_or_default()));
        self.rows(&sql)?.iter().map(choice).collect()
    }
}

impl News {
    fn of(kind: NoticeKind, record: &Record, detail: Json) -> Self {
        Self { kind, module: record.module.name.clone(), record: record.id, comment: None, detail }
    }
}

/// Whom a comment mentions.
fn mentions(comment: &Record) -> BTreeSet<Id> {
    let Value::Json(Json::Array(ids)) = comment.get("mentions") else { return BTreeSet::new() };
    ids.iter().filter_map(|id| id.as_str()?.parse().ok()).collect()
}
