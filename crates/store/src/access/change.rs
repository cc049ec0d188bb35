//! Changes of users: by administrators, who may not lock themselves out, and by users of themselves.

use std::collections::BTreeSet;

use model::{Actor, Id, Locale};
use serde_json::{Value as Json, json};

use super::rights::holders;
use super::secrets::digest;
use super::teams::shown;
use super::users::{named, taken};
use crate::counters::space;
use crate::db::{DbError, LockKey, Sql};
use crate::error::{Error, Result};
use crate::notices::{MailChoice, called};
use crate::params;
use crate::work::Work;
use crate::write::{Operation, Setup};

/// What is to change of a user; what is not named stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserChange {
    /// The name to sign in by, normalised.
    pub email: Option<String>,
    /// What people call them.
    pub name: Option<String>,
    /// Names of their roles.
    pub roles: Option<Vec<String>>,
    /// The teams that they are in, and no others.
    pub teams: Option<BTreeSet<Id>>,
    /// Their language.
    pub locale: Option<Locale>,
    /// What of their notices goes to them by letter.
    pub mail: Option<MailChoice>,
    /// Whether they may come in. Whoever is kept out loses sessions and tokens for good.
    pub active: Option<bool>,
    /// The password as a PHC string. Ends every session; set by an administrator, also every token.
    pub password_hash: Option<String>,
}

impl Work<'_> {
    /// Changes a user.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without the right to administer, [`Error::NotFound`], [`Error::Invalid`] for roles and teams
    /// that do not exist, [`Error::Conflict`] `duplicate` for somebody else's address, `last_administrator` where nobody would be left to administer.
    pub fn change_user(&mut self, id: Id, change: &UserChange) -> Result<()> {
        self.hold_rights()?;
        if let Some(roles) = &change.roles {
            self.check_roles(roles)?;
        }
        self.apply_change(id, change, None)?;
        if change.password_hash.is_some() {
            // Whoever forgot it, or lost it to somebody: what was opened with it is closed, tokens too.
            self.run("delete from tokens where user_id = $1", params![id.0])?;
        }
        let is_weaker = change.roles.is_some() || change.active == Some(false);
        if is_weaker && !holders(self.tx)?.administer(self.definitions()) {
            let message = "this is the last administrator: make another one first";
            return Err(Error::conflict("last_administrator", message));
        }
        Ok(())
    }

    /// Changes name, language or password of the user who works. With a new password every session ends but the one whose
    /// secret is given; that the old password was shown is for the caller to judge.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for whoever is no user, or came with a narrowed token.
    pub fn change_self(&mut self, change: &UserChange, session: Option<&str>) -> Result<()> {
        let own = match self.actor() {
            Actor::User(user) if user.scopes.is_empty() => user.id,
            _ => return Err(Error::forbidden("missing_right", "this token may not change its user")),
        };
        let UserChange { name, locale, mail, password_hash, .. } = change.clone();
        self.apply_change(own, &UserChange { name, locale, mail, password_hash, ..UserChange::default() }, session)
    }

    /// Changes roles.
    ///
    /// # Errors
    /// As [`Work::change_user`].
    pub fn set_roles(&mut self, id: Id, roles: &[String]) -> Result<()> {
        self.change_user(id, &UserChange { roles: Some(roles.to_vec()), ..UserChange::default() })
    }

    /// Lets a user in or keeps them out.
    ///
    /// # Errors
    /// As [`Work::change_user`].
    pub fn set_active(&mut self, id: Id, active: bool) -> Result<()> {
        self.change_user(id, &UserChange { active: Some(active), ..UserChange::default() })
    }

    /// Sets a password, and ends every session and token.
    ///
    /// # Errors
    /// As [`Work::change_user`].
    pub fn set_password_hash(&mut self, id: Id, hash: &str) -> Result<()> {
        self.change_user(id, &UserChange { password_hash: Some(hash.to_owned()), ..UserChange::default() })
    }

    fn apply_change(&mut self, id: Id, change: &UserChange, session: Option<&str>) -> Result<()> {
        // Two who change it at once do so one after the other.
        self.lock(&[LockKey::new(space::WORKSPACE, format!("user {id}"))])?;
        let before = self.account(id)?;
        let mut delta = Vec::new();
        let mut note = |name, before: Json, after: Json| {
            let is_new = before != after;
            if is_new {
                delta.push((name, before, after));
            }
            is_new
        };
        let email = change.email.as_deref().unwrap_or(&before.email);
        let name = change.name.as_deref().unwrap_or(&before.name);
        let is_called_otherwise = note("name", json!(before.name), json!(name));
        if note("email", json!(before.email), json!(email)) || is_called_otherwise {
            named(name)?;
            self.run(
                "update users set name = $1, email = $2, called = $3 where id = $4",
                params![name, email, called(name, email), id.0],
            )
            .map_err(|error| if matches!(error, DbError::Unique { .. }) { taken(email) } else { error.into() })?;
        }
        if let Some(roles) = &change.roles
            && note("roles", json!(before.roles), json!(roles))
        {
            self.run("update users set roles = $1 where id = $2", params![json!(roles), id.0])?;
        }
        if let Some(locale) = change.locale
            && note("locale", json!(before.locale), json!(locale))
        {
            self.run("update users set locale = $1 where id = $2", params![locale.tag(), id.0])?;
        }
        if let Some(mail) = change.mail
            && note("mail", json!(before.mail.name()), json!(mail.name()))
        {
            self.run("update users set mail = $1 where id = $2", params![mail.name(), id.0])?;
        }
        if let Some(active) = change.active
            && note("active", json!(before.active), json!(active))
        {
            self.run("update users set active = $1 where id = $2", params![active, id.0])?;
        }
        if let Some(teams) = &change.teams {
            let present = self.teams_of(id)?;
            if note("teams", shown(&present), shown(teams)) {
                self.check_teams(teams)?;
                self.change_members(present.difference(teams).map(|team| (*team, id)), false)?;
                self.change_members(teams.difference(&present).map(|team| (*team, id)), true)?;
            }
        }
        if let Some(hash) = &change.password_hash {
            // That it changed is for the log, what it is for nobody.
            note("password", Json::Null, json!("changed"));
            self.run("update users set password_hash = $1 where id = $2", params![hash.as_str(), id.0])?;
            let kept = session.map(digest).unwrap_or_default();
            self.run("delete from sessions where user_id = $1 and digest <> $2", params![id.0, kept])?;
        }
        if change.active == Some(false) {
            self.run("delete from sessions where user_id = $1", params![id.0])?;
            self.run("delete from tokens where user_id = $1", params![id.0])?;
        }
        self.log_setup(Setup::User, id, Operation::Update, delta)
    }

    /// The teams that a user is in.
    ///
    /// # Errors
    /// When the database fails.
    pub fn teams_of(&mut self, user: Id) -> Result<BTreeSet<Id>> {
        let sql = Sql::new("select team_id from team_members where user_id = ").bind(user.0);
        Ok(self.rows(&sql)?.iter().map(|row| row.uuid(0).map(Id)).collect::<Result<_, _>>()?)
    }

    fn check_teams(&mut self, wanted: &BTreeSet<Id>) -> Result<()> {
        let known: BTreeSet<Id> = self.teams()?.into_iter().map(|team| team.id).collect();
        match wanted.difference(&known).next() {
            Some(unknown) => Err(Error::field("teams", "not_found", format!("there is no team {unknown}"))),
            None => Ok(()),
        }
    }
}
