//! Teams: who shares what with whom.

use std::collections::{BTreeMap, BTreeSet};

use model::Id;
use model::identity::fold;
use serde_json::{Value as Json, json};

use super::users::named;
use crate::db::{DbError, Sql};
use crate::error::{Error, FieldError, Result};
use crate::params;
use crate::work::Work;
use crate::write::{Operation, Setup};

/// A team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Team {
    /// Its id.
    pub id: Id,
    /// What people call it; no two teams share a name, however large its letters.
    pub name: String,
    /// The users in it.
    pub members: BTreeSet<Id>,
}

impl Work<'_> {
    /// All teams, by name.
    ///
    /// # Errors
    /// When the database fails.
    pub fn teams(&mut self) -> Result<Vec<Team>> {
        let mut teams = Vec::new();
        for row in self.rows(&Sql::new("select id, name from teams order by name"))? {
            teams.push(Team { id: Id(row.uuid(0)?), name: row.text(1)?, members: BTreeSet::new() });
        }
        for row in self.rows(&Sql::new("select team_id, user_id from team_members"))? {
            let (id, member) = (Id(row.uuid(0)?), Id(row.uuid(1)?));
            if let Some(team) = teams.iter_mut().find(|team| team.id == id) {
                team.members.insert(member);
            }
        }
        Ok(teams)
    }

    /// Makes a team.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without the right to administer, [`Error::Conflict`] where the name is taken.
    pub fn add_team(&mut self, name: &str) -> Result<Id> {
        self.hold_rights()?;
        named(name)?;
        self.check_free(name, None)?;
        let (id, now) = (self.new_id(), self.now());
        let made = self.run(
            "insert into teams (id, name, created_at) values ($1, $2, $3) on conflict (name) do nothing",
            params![id.0, name, now],
        )?;
        if made == 0 {
            return Err(taken(name));
        }
        self.log_setup(Setup::Team, id, Operation::Create, [("name", Json::Null, json!(name))])?;
        Ok(id)
    }

    /// Gives a team another name.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Conflict`] where the name is taken.
    pub fn rename_team(&mut self, id: Id, name: &str) -> Result<()> {
        self.hold_rights()?;
        let before = self.team(id)?.name;
        if before == name {
            return Ok(());
        }
        named(name)?;
        self.check_free(name, Some(id))?;
        let renamed = self.attempt(|work| {
            work.run("update teams set name = $1 where id = $2", params![name, id.0]).map_err(Error::from)
        });
        renamed.map_err(|error| match error {
            Error::Db(DbError::Unique { .. }) => taken(name),
            other => other,
        })?;
        self.log_setup(Setup::Team, id, Operation::Update, [("name", json!(before), json!(name))])
    }

    /// Says who is in a team, and nobody else.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Invalid`] for somebody who is no user.
    pub fn set_members(&mut self, id: Id, members: &BTreeSet<Id>) -> Result<()> {
        self.hold_rights()?;
        let before = self.team(id)?.members;
        let known = self.user_names(members)?;
        if let Some(stranger) = members.iter().find(|member| !known.contains_key(member)) {
            return Err(Error::field("members", "not_found", format!("there is no user {stranger}")));
        }
        self.change_members(before.difference(members).map(|user| (id, *user)), false)?;
        self.change_members(members.difference(&before).map(|user| (id, *user)), true)?;
        if before == *members {
            return Ok(());
        }
        self.log_setup(Setup::Team, id, Operation::Update, [("members", shown(&before), shown(members))])
    }

    /// Puts a user into a team, which is made where it does not exist.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    pub fn join_team(&mut self, user: Id, team: &str) -> Result<()> {
        self.hold_rights()?;
        // Teams of former times may differ by large letters alone.
        let alike = self.teams()?.into_iter().filter(|there| fold(&there.name) == fold(team));
        let there = alike.min_by_key(|there| there.name != team);
        let (id, mut members) = match there {
            Some(there) => (there.id, there.members),
            None => (self.add_team(team)?, BTreeSet::new()),
        };
        members.insert(user);
        self.set_members(id, &members)
    }

    /// Takes a team apart: nobody is in it any more, and nobody reaches through it what the others of it answer for.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Conflict`] `team_in_use` while views are shared with it.
    pub fn delete_team(&mut self, id: Id) -> Result<()> {
        self.hold_rights()?;
        let team = self.team(id)?;
        if self.views_of_teams()?.contains_key(&id) {
            return Err(in_use(&team.name));
        }
        self.change_members(team.members.iter().map(|user| (id, *user)), false)?;
        self.forget_reading_team(id)?;
        let deleted = self
            .attempt(|work| work.run("delete from teams where id = $1", params![id.0]).map(drop).map_err(Error::from));
        deleted.map_err(|error| match error {
            // Somebody shared a view with it at the same moment; nobody joins it meanwhile, behind the lock.
            Error::Db(DbError::ForeignKey { .. }) => in_use(&team.name),
            other => other,
        })?;
        let gone = [("name", json!(team.name), Json::Null), ("members", shown(&team.members), Json::Null)];
        self.log_setup(Setup::Team, id, Operation::Purge, gone)
    }

    /// How many views are shared with each team; teams that none is shared with are left out.
    ///
    /// # Errors
    /// When the database fails.
    pub fn views_of_teams(&mut self) -> Result<BTreeMap<Id, i64>> {
        let sql = Sql::new("select team, count(*) from views where team is not null group by team");
        self.rows(&sql)?.iter().map(|row| Ok((Id(row.uuid(0)?), row.int(1)?))).collect()
    }

    /// One team.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn team(&mut self, id: Id) -> Result<Team> {
        let found = self.teams()?.into_iter().find(|team| team.id == id);
        found.ok_or_else(|| Error::not_found("teams", id))
    }

    /// Nobody tells two teams apart that differ by the size of a letter. Held together by the lock of rights.
    fn check_free(&mut self, name: &str, own: Option<Id>) -> Result<()> {
        let is_same = |team: &Team| Some(team.id) != own && fold(&team.name) == fold(name);
        if self.teams()?.iter().any(is_same) { Err(taken(name)) } else { Ok(()) }
    }

    pub(super) fn change_members(&mut self, pairs: impl Iterator<Item = (Id, Id)>, join: bool) -> Result<()> {
        for (team, user) in pairs {
            let sql = if join {
                "insert into team_members (team_id, user_id) values ($1, $2) on conflict do nothing"
            } else {
                "delete from team_members where team_id = $1 and user_id = $2"
            };
            self.run(sql, params![team.0, user.0])?;
        }
        Ok(())
    }
}

/// Ids in the form of the API.
pub(super) fn shown(ids: &BTreeSet<Id>) -> Json {
    ids.iter().map(ToString::to_string).collect()
}

fn taken(name: &str) -> Error {
    let message = format!("there is already a team {name:?}");
    let errors = vec![FieldError::new("name", "team_exists", message.clone())];
    Error::Conflict { code: "duplicate", message, errors }
}

fn in_use(name: &str) -> Error {
    Error::conflict("team_in_use", format!("views are shared with {name:?}: share them otherwise first"))
}
