//! Who sees what of the letters of a mailbox (`docs/decisions/076`). What an administrator says of it is asked in every statement
//! that reads letters, so that it holds from the next one on, for old letters too and on every server.

use std::collections::{BTreeMap, BTreeSet};

use model::Id;
use model::expr::Depth;
use serde_json::{Value as Json, json};

use super::Mailbox;
use crate::db::Sql;
use crate::error::{Error, Result};
use crate::params;
use crate::work::Work;

/// The module in which letters are kept.
pub(super) const MESSAGES: &str = "messages";
/// The field of a letter that says by which mailbox it came, or goes.
pub(super) const MAILBOX_ID: &str = "mailbox_id";

/// What of the letters of a mailbox those see who are neither its owner nor among its readers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Visibility {
    /// That there is a letter: from whom, to whom and when.
    Metadata,
    /// Its subject too.
    Subject,
    /// All of it.
    #[default]
    Full,
}

impl Visibility {
    /// All of them, those that show most first.
    pub const ALL: [Self; 3] = [Self::Full, Self::Subject, Self::Metadata];

    /// Its name, as it is kept and as the API says it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Metadata => "metadata",
            Self::Subject => "subject",
            Self::Full => "full",
        }
    }

    /// The one of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|visibility| visibility.name() == name)
    }

    /// Whether so much of a letter is shown.
    fn shows(self, depth: Depth) -> bool {
        match depth {
            Depth::Subject => self >= Self::Subject,
            Depth::Full => self == Self::Full,
        }
    }
}

/// Who sees all of the letters of a mailbox besides its owner.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Readers {
    /// Users.
    pub users: BTreeSet<Id>,
    /// Teams: whoever is in one at the moment.
    pub teams: BTreeSet<Id>,
}

impl Readers {
    pub(super) fn json(&self) -> Json {
        let texts = |ids: &BTreeSet<Id>| ids.iter().map(ToString::to_string).collect::<Vec<_>>();
        json!({"users": texts(&self.users), "teams": texts(&self.teams)})
    }
}

/// The statement that names the mailboxes which do not show so much of their letters to `me`, or, without one, to whoever is
/// not named among their readers.
pub(crate) fn closed(depth: Depth, me: Option<Id>) -> Sql {
    let closed = Visibility::ALL.into_iter().filter(|visibility| !visibility.shows(depth)).map(Visibility::name);
    let sql = Sql::new("select s.keeper from _sights s where s.visibility in ").bind_list(closed);
    let Some(me) = me else { return sql };
    let sql = sql.push(" and (s.owner is null or s.owner <> ").bind(me.0);
    let sql = sql.push(") and not exists (select 1 from _sight_readers r where r.keeper = s.keeper and (r.reader = ");
    let sql = sql.bind(me.0).push(" or r.reader in (select m.team_id from team_members m where m.user_id = ");
    sql.bind(me.0).push(")))")
}

impl Work<'_> {
    /// Keeps who sees what of the letters of a mailbox.
    pub(super) fn keep_sight(
        &mut self,
        mailbox: Id,
        (owner, visibility): (Option<Id>, Visibility),
        readers: &Readers,
    ) -> Result<()> {
        let keeper = mailbox.to_string();
        self.run(
            "insert into _sights (keeper, visibility, owner) values ($1, $2, $3) \
             on conflict (keeper) do update set visibility = excluded.visibility, owner = excluded.owner",
            params![keeper.as_str(), visibility.name(), owner.map(|owner| owner.0)],
        )?;
        self.run("delete from _sight_readers where keeper = $1", params![keeper.as_str()])?;
        for reader in readers.users.union(&readers.teams) {
            self.run(
                "insert into _sight_readers (keeper, reader) values ($1, $2)",
                params![keeper.as_str(), reader.0],
            )?;
        }
        Ok(())
    }

    /// Mailboxes with who sees what of their letters.
    pub(super) fn with_sights(&mut self, mut mailboxes: Vec<Mailbox>) -> Result<Vec<Mailbox>> {
        let keepers: Vec<String> = mailboxes.iter().map(|mailbox| mailbox.id.to_string()).collect();
        if keepers.is_empty() {
            return Ok(mailboxes);
        }
        let (mut shown, mut readers) = (BTreeMap::new(), BTreeMap::<String, Readers>::new());
        let sql = Sql::new("select keeper, visibility from _sights where keeper in ");
        for row in self.rows(&sql.bind_list(keepers.iter().map(String::as_str)))? {
            shown.insert(row.text(0)?, Visibility::parse(&row.text(1)?).unwrap_or(Visibility::Metadata));
        }
        let sql = Sql::new(
            "select r.keeper, r.reader, t.id from _sight_readers r left join teams t on t.id = r.reader where r.keeper in ",
        );
        for row in self.rows(&sql.bind_list(keepers.iter().map(String::as_str)))? {
            let (reader, those) = (Id(row.uuid(1)?), readers.entry(row.text(0)?).or_default());
            let kind = if row.opt_uuid(2)?.is_some() { &mut those.teams } else { &mut those.users };
            kind.insert(reader);
        }
        for (mailbox, keeper) in mailboxes.iter_mut().zip(&keepers) {
            mailbox.setup.visibility = shown.get(keeper).copied().unwrap_or_default();
            mailbox.setup.readers = readers.remove(keeper).unwrap_or_default();
        }
        Ok(mailboxes)
    }

    /// A team that is taken apart reads nothing any more.
    pub(crate) fn forget_reading_team(&mut self, team: Id) -> Result<()> {
        self.run("delete from _sight_readers where reader = $1", params![team.0])?;
        Ok(())
    }

    /// That those who are to read a mailbox are there, and that something can be kept from the others.
    pub(super) fn check_sight(&mut self, visibility: Visibility, readers: &Readers) -> Result<()> {
        let known = self.user_names(&readers.users)?;
        if let Some(stranger) = readers.users.iter().find(|user| !known.contains_key(user)) {
            return Err(Error::field("readers", "not_found", format!("there is no user {stranger}")));
        }
        let teams: BTreeSet<Id> = self.teams()?.into_iter().map(|team| team.id).collect();
        if let Some(stranger) = readers.teams.difference(&teams).next() {
            return Err(Error::field("readers", "not_found", format!("there is no team {stranger}")));
        }
        let is_veiled = self.module(MESSAGES).is_ok_and(|messages| {
            messages.field(MAILBOX_ID).is_some() && ["subject", "text"].iter().all(|name| messages.is_veiled(name))
        });
        if visibility == Visibility::Full || is_veiled {
            return Ok(());
        }
        let how = "the pack of messages is older than the program and could not hide anything: apply the new one first";
        Err(Error::conflict("mailbox_packs", how))
    }
}
