//! Users.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use model::actor::User;
use model::rights::Capability;
use model::{Id, Locale};
use serde_json::{Value as Json, json};

use crate::counters::space;
use crate::db::{DbError, LockKey, Row, Sql};
use crate::error::{Error, FieldError, Result};
use crate::notices::{MailChoice, called};
use crate::params;
use crate::work::Work;
use crate::write::{Operation, Setup};

/// A user as kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Who.
    pub id: Id,
    /// The name to sign in by, normalised.
    pub email: String,
    /// What people call them.
    pub name: String,
    /// Names of their roles.
    pub roles: Vec<String>,
    /// Their language.
    pub locale: Locale,
    /// What of their notices goes to them by letter.
    pub mail: MailChoice,
    /// Whether they may come in.
    pub active: bool,
    /// Since when.
    pub created_at: Timestamp,
}

/// A user to be made.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// The name to sign in by, normalised.
    pub email: String,
    /// What people call them.
    pub name: String,
    /// The password as a PHC string.
    pub password_hash: String,
    /// Names of their roles.
    pub roles: Vec<String>,
    /// Their language.
    pub locale: Locale,
}

/// Everything of a user but the password.
const COLUMNS: &str = "select id, email, name, roles, locale, active, created_at, mail from users ";

/// The longest names of users and teams, in characters: they stand in lists, menus and mentions.
const NAME_LIMIT: usize = 200;

/// Judges what somebody or a team is to be called.
pub(super) fn named(name: &str) -> Result<()> {
    if name.chars().count() > NAME_LIMIT {
        return Err(Error::field("name", "too_long", format!("at most {NAME_LIMIT} characters")));
    }
    Ok(())
}

/// Somebody else has the address.
pub(super) fn taken(email: &str) -> Error {
    let message = format!("there is already a user {email}");
    let errors = vec![FieldError::new("email", "user_exists", message.clone())];
    Error::Conflict { code: "duplicate", message, errors }
}

fn account(row: &Row) -> Result<Account> {
    Ok(Account {
        id: Id(row.uuid(0)?),
        email: row.text(1)?,
        name: row.text(2)?,
        roles: serde_json::from_value(row.json(3)?).unwrap_or_default(),
        locale: Locale::parse(&row.text(4)?).unwrap_or(Locale::Ru),
        active: row.bool(5)?,
        created_at: row.instant(6)?,
        mail: MailChoice::parse(&row.text(7)?).unwrap_or_default(),
    })
}

impl Work<'_> {
    /// Whether there is any user at all: the set-up page is open only until there is.
    ///
    /// # Errors
    /// When the database fails.
    pub fn has_users(&mut self) -> Result<bool> {
        if self.any_user()? {
            return Ok(true);
        }
        // Two set-ups at once: the second one waits here and then sees the user of the first.
        self.lock(&[LockKey::new(space::WORKSPACE, "first user")])?;
        self.any_user()
    }

    /// Who administers.
    pub(crate) fn administrators(&mut self) -> Result<BTreeSet<Id>> {
        let definitions = self.definitions().clone();
        let administers = |name: &String| {
            definitions.role(name).is_some_and(|role| role.capabilities.contains(&Capability::Administer))
        };
        let mut found = BTreeSet::new();
        for row in self.rows(&Sql::new("select id, roles from users where active"))? {
            let roles: Vec<String> = serde_json::from_value(row.json(1)?).unwrap_or_default();
            if roles.iter().any(administers) {
                found.insert(Id(row.uuid(0)?));
            }
        }
        Ok(found)
    }

    fn any_user(&mut self) -> Result<bool> {
        Ok(!self.rows(&Sql::new("select 1 from users limit 1"))?.is_empty())
    }

    /// Makes a user.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without the right to administer, [`Error::Conflict`] where the e-mail is taken,
    /// [`Error::Invalid`] for a role that does not exist.
    pub fn add_user(&mut self, new: &NewUser) -> Result<Id> {
        self.hold_rights()?;
        named(&new.name)?;
        self.check_roles(&new.roles)?;
        if self.account_by_email(&new.email)?.is_some() {
            return Err(taken(&new.email));
        }
        let (id, now) = (self.new_id(), self.now());
        self.run(
            "insert into users (id, email, name, password_hash, roles, locale, active, created_at, called) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            params![
                id.0,
                new.email.as_str(),
                new.name.as_str(),
                new.password_hash.as_str(),
                json!(new.roles),
                new.locale.tag(),
                true,
                now,
                called(&new.name, &new.email)
            ],
        )
        .map_err(|error| if matches!(error, DbError::Unique { .. }) { taken(&new.email) } else { error.into() })?;
        let fields = [("email", json!(new.email)), ("name", json!(new.name)), ("roles", json!(new.roles))];
        let delta = fields.into_iter().map(|(name, after)| (name, Json::Null, after));
        self.log_setup(Setup::User, id, Operation::Create, delta)?;
        Ok(id)
    }

    /// All users, by name.
    ///
    /// # Errors
    /// When the database fails.
    pub fn accounts(&mut self) -> Result<Vec<Account>> {
        self.rows(&Sql::new(COLUMNS).push("order by name, id"))?.iter().map(account).collect()
    }

    /// The user with this e-mail, active or not.
    ///
    /// # Errors
    /// When the database fails.
    pub fn account_by_email(&mut self, email: &str) -> Result<Option<Account>> {
        self.rows(&Sql::new(COLUMNS).push("where email = ").bind(email))?.first().map(account).transpose()
    }

    /// The user with this id, active or not.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn account(&mut self, id: Id) -> Result<Account> {
        let sql = Sql::new(COLUMNS).push("where id = ").bind(id.0);
        let found = self.rows(&sql)?.first().map(account).transpose()?;
        found.ok_or_else(|| Error::not_found("users", id))
    }

    /// The active user as an actor, with everybody who shares a team with them.
    ///
    /// # Errors
    /// When the database fails.
    pub fn user(&mut self, id: Id) -> Result<Option<User>> {
        Ok(self.users_of(&BTreeSet::from([id]))?.pop())
    }

    /// Those of `ids` who may come in, with their teammates: two statements, however many they are.
    pub(crate) fn users_of(&mut self, ids: &BTreeSet<Id>) -> Result<Vec<User>> {
        let all = || ids.iter().map(|id| id.0);
        let sql = Sql::new(COLUMNS).push("where active and id in ").bind_list(all());
        let accounts = self.rows(&sql)?.iter().map(account).collect::<Result<Vec<_>>>()?;
        if accounts.is_empty() {
            return Ok(Vec::new());
        }
        let team = Sql::new(
            "select distinct m.user_id, o.user_id from team_members m join team_members o on o.team_id = m.team_id \
             where m.user_id in ",
        );
        let mut teams: BTreeMap<Id, BTreeSet<Id>> = BTreeMap::new();
        for row in self.rows(&team.bind_list(all()))? {
            teams.entry(Id(row.uuid(0)?)).or_default().insert(Id(row.uuid(1)?));
        }
        let user = |Account { id, email, name, roles, locale, .. }| {
            let teammates = teams.remove(&id).unwrap_or_default();
            User { id, name, email, roles, teammates, locale, scopes: Vec::new(), looker: None }
        };
        Ok(accounts.into_iter().map(user).collect())
    }

    pub(super) fn check_roles(&self, roles: &[String]) -> Result<()> {
        match roles.iter().find(|role| self.definitions().role(role).is_none()) {
            Some(unknown) => {
                let known: Vec<_> = self.definitions().roles().map(|role| role.name.as_str()).collect();
                Err(Error::field(
                    "roles",
                    "invalid_choice",
                    format!("there is no role {unknown:?}; there are {}", known.join(", ")),
                ))
            }
            None if roles.is_empty() => Err(Error::field("roles", "required", "a user has at least one role")),
            None => Ok(()),
        }
    }
}
