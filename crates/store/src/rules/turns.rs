//! Who of several gets a record: each in turn, or whoever has least to do. The turn is kept and locked, so that two at once
//! never get the same one. Who is away is passed over.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use model::process::Phase;
use model::rule::{Pool, Share};
use model::{Id, Module};
use serde_json::json;

use crate::counters::space;
use crate::db::{LockKey, Sql};
use crate::error::{Error, Result};
use crate::params;
use crate::work::Work;
use crate::write::{Operation, Setup};

impl Work<'_> {
    /// Those of a pool who may come in, in the order of their accounts; whoever is away only where `with_absent`.
    ///
    /// # Errors
    /// [`Error::Conflict`] `no_such_team`; when the database fails.
    pub fn pool(&mut self, pool: &Pool, with_absent: bool) -> Result<Vec<Id>> {
        let now = self.now();
        let sql = match pool {
            Pool::Role(_) => Sql::new("select u.id, u.roles, u.absent_until from users u where u.active"),
            Pool::Team(text) => {
                let team = self.team_called(text)?;
                Sql::new("select u.id, u.roles, u.absent_until from users u join team_members m on m.user_id = u.id ")
                    .push("where u.active and m.team_id = ")
                    .bind(team.0)
            }
        };
        let mut members = Vec::new();
        for row in self.rows(&sql.push(" order by u.id"))? {
            let roles: Vec<String> = serde_json::from_value(row.json(1)?).unwrap_or_default();
            let is_away = row.opt_instant(2)?.is_some_and(|until| until > now);
            let belongs = match pool {
                Pool::Role(role) => roles.contains(role),
                Pool::Team(_) => true,
            };
            if belongs && (with_absent || !is_away) {
                members.push(Id(row.uuid(0)?));
            }
        }
        Ok(members)
    }

    /// Whose the next record of `module` is; their turn is over then. Of those with a role they come first who are in a team
    /// with `near`: the head of somebody is the one of their team.
    ///
    /// # Errors
    /// [`Error::Conflict`] `nobody_there` where nobody of the pool is there.
    pub fn next_owner(&mut self, pool: &Pool, by: Share, module: &Module, near: Option<Id>) -> Result<Id> {
        let key = match pool {
            Pool::Role(_) => pool.key(),
            Pool::Team(text) => Pool::Team(self.team_called(text)?.to_string()).key(),
        };
        self.lock(&[LockKey::new(space::ASSIGNMENT, &key)])?;
        let mut members = self.pool(pool, false)?;
        if let (Pool::Role(_), Some(near)) = (pool, near) {
            let beside = self.beside(near)?;
            if members.iter().any(|member| beside.contains(member)) {
                members.retain(|member| beside.contains(member));
            }
        }
        let last = self.rows(&Sql::new("select user_id from _turns where pool = ").bind(key.as_str()))?;
        let last = last.first().map(|row| row.uuid(0)).transpose()?.map(Id);
        // Whoever comes after the last one; behind the end it begins anew.
        let mut order: Vec<Id> = members.iter().copied().filter(|id| last.is_none_or(|last| *id > last)).collect();
        order.extend(members.iter().copied().filter(|id| last.is_some_and(|last| *id <= last)));
        let next = match by {
            Share::Turns => order.first().copied(),
            Share::Load => {
                let load = self.load(module, &order)?;
                order.iter().copied().min_by_key(|id| load.get(id).copied().unwrap_or(0))
            }
        };
        let Some(next) = next else {
            return Err(Error::conflict("nobody_there", format!("nobody of {key} is there to get the record")));
        };
        let now = self.now();
        self.run(
            "insert into _turns (pool, user_id, at) values ($1, $2, $3) \
             on conflict (pool) do update set user_id = excluded.user_id, at = excluded.at",
            params![key, next.0, now],
        )?;
        Ok(next)
    }

    /// Those who are in a team with somebody.
    fn beside(&mut self, user: Id) -> Result<BTreeSet<Id>> {
        let sql = Sql::new("select o.user_id from team_members m join team_members o on o.team_id = m.team_id");
        let rows = self.rows(&sql.push(" where m.user_id = ").bind(user.0))?;
        rows.iter().map(|row| Ok(Id(row.uuid(0)?))).collect()
    }

    /// How many records of a module each has on their hands: those in use whose process has not ended.
    fn load(&mut self, module: &Module, members: &[Id]) -> Result<BTreeMap<Id, i64>> {
        if members.is_empty() || !module.owners {
            return Ok(BTreeMap::new());
        }
        let sql = Sql::new("select owner, count(*) from ").push_ident(&module.name)?;
        let mut sql = sql.push(" where deleted_at is null and owner in ").bind_list(members.iter().map(|id| id.0));
        if let Some(process) = self.definitions().process(&module.name).cloned() {
            let open = process.states.iter().filter(|state| state.phase == Phase::Open);
            sql = sql.push(" and ").push_ident(&process.field)?.push(" in ");
            sql = sql.bind_list(open.map(|state| state.name.as_str()));
        }
        let rows = self.rows(&sql.push(" group by owner"))?;
        rows.iter().map(|row| Ok((Id(row.uuid(0)?), row.int(1)?))).collect()
    }

    /// The team that a text names by its id or its name.
    fn team_called(&mut self, text: &str) -> Result<Id> {
        let sql = match Pool::team_id(text) {
            Some(id) => Sql::new("select id from teams where id = ").bind(id.0),
            None => Sql::new("select id from teams where name = ").bind(text),
        };
        let found = self.rows(&sql)?.first().map(|row| row.uuid(0)).transpose()?.map(Id);
        found.ok_or_else(|| Error::conflict("no_such_team", format!("there is no team {text:?}")))
    }

    /// Until when each user is away, of those who are.
    ///
    /// # Errors
    /// When the database fails.
    pub fn absences(&mut self) -> Result<BTreeMap<Id, Timestamp>> {
        let now = self.now();
        let sql = Sql::new("select id, absent_until from users where absent_until > ").bind(now);
        self.rows(&sql)?.iter().map(|row| Ok((Id(row.uuid(0)?), row.instant(1)?))).collect()
    }

    /// Notes until when a user is away: rules hand them nothing meanwhile.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Forbidden`] for somebody else's without the right to administer.
    pub fn set_absence(&mut self, user: Id, until: Option<Timestamp>) -> Result<()> {
        if self.actor().id() != Some(user) {
            self.require(model::rights::Capability::Administer)?;
        }
        let before = self.rows(&Sql::new("select absent_until from users where id = ").bind(user.0))?;
        let Some(before) = before.first().map(|row| row.opt_instant(0)).transpose()? else {
            return Err(Error::not_found("users", user));
        };
        if before != until {
            self.run("update users set absent_until = $1 where id = $2", params![until, user.0])?;
            let said = |at: Option<Timestamp>| json!(at.map(|at| at.to_string()));
            let delta = [("absent_until", said(before), said(until))];
            self.log_setup(Setup::User, user, Operation::Update, delta)?;
        }
        Ok(())
    }
}
