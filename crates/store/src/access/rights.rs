//! Who may change who may do what. The roles of users and what roles allow are two halves of one answer: whoever changes
//! either half waits for whoever changes the other, and is judged by both as they stand then.

use std::collections::{BTreeMap, BTreeSet};

use model::rights::Capability;
use model::{Definitions, Id};
use serde_json::{Value as Json, json};

use crate::counters::space;
use crate::db::{DbError, LockKey, Sql, Tx};
use crate::error::{Error, FieldError, Result};
use crate::params;
use crate::work::Work;
use crate::write::{Operation, Setup};

/// A role that goes, and the one that those who had it are given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handover {
    /// The role that goes.
    pub from: String,
    /// The role that they are given.
    pub to: String,
}

/// Takes turns with everybody who changes rights, until the transaction ends.
pub(crate) fn hold(tx: &mut Tx) -> Result<(), DbError> {
    tx.lock(&[LockKey::new(space::WORKSPACE, "rights")])
}

/// Users with their roles before and after.
pub(crate) type Moved = BTreeMap<Id, [Vec<String>; 2]>;

/// A user as somebody who has roles.
struct Holder {
    id: Id,
    name: String,
    is_active: bool,
    roles: Vec<String>,
}

/// Every user with their roles.
pub(crate) struct Holders(Vec<Holder>);

/// Everybody with their roles, as they are kept now.
pub(crate) fn holders(tx: &mut Tx) -> Result<Holders, DbError> {
    let rows = tx.query(&Sql::new("select id, name, active, roles from users order by name, id"))?;
    let holder = |row: &crate::db::Row| -> Result<Holder, DbError> {
        let roles = serde_json::from_value(row.json(3)?).unwrap_or_default();
        Ok(Holder { id: Id(row.uuid(0)?), name: row.text(1)?, is_active: row.bool(2)?, roles })
    };
    rows.iter().map(holder).collect::<Result<_, _>>().map(Holders)
}

impl Holders {
    /// Whether any of them may come in and administer.
    pub(crate) fn administer(&self, definitions: &Definitions) -> bool {
        self.0.iter().any(|holder| holder.is_active && administers(&holder.roles, definitions))
    }

    /// Whether this one may.
    pub(crate) fn administers(&self, id: Id, definitions: &Definitions) -> bool {
        let holder = self.0.iter().find(|holder| holder.id == id);
        holder.is_some_and(|holder| holder.is_active && administers(&holder.roles, definitions))
    }

    /// The same with another role for those who have the one that goes, and who they are: their roles before and after.
    pub(crate) fn hand_over(&mut self, handover: &Handover) -> Moved {
        let mut moved = Moved::new();
        for holder in self.0.iter_mut().filter(|holder| holder.roles.contains(&handover.from)) {
            let before = holder.roles.clone();
            let mut seen = BTreeSet::new();
            let after = |role: &String| if *role == handover.from { handover.to.clone() } else { role.clone() };
            holder.roles = before.iter().map(after).filter(|role| seen.insert(role.clone())).collect();
            moved.insert(holder.id, [before, holder.roles.clone()]);
        }
        moved
    }

    /// Fails where a role goes that somebody has, whether they may come in or not.
    pub(crate) fn keep_their_roles(&self, present: &Definitions, wanted: &Definitions) -> Result<()> {
        let goes = |role: &&String| present.role(role).is_some() && wanted.role(role).is_none();
        let lost = |holder: &Holder| holder.roles.iter().find(goes).map(|role| (role.clone(), holder.name.clone()));
        let lost: Vec<(String, String)> = self.0.iter().filter_map(lost).collect();
        let Some((role, _)) = lost.first() else { return Ok(()) };
        let names: Vec<&str> = lost.iter().filter(|it| it.0 == *role).map(|(_, name)| name.as_str()).collect();
        let message = format!("{} have the role {role:?}: give them another one first", names.join(", "));
        let errors = lost.iter().map(|(role, name)| FieldError::new(role, "has_role", name)).collect();
        Err(Error::Conflict { code: "role_in_use", message, errors })
    }
}

fn administers(roles: &[String], definitions: &Definitions) -> bool {
    let mut roles = roles.iter().filter_map(|name| definitions.role(name));
    roles.any(|role| role.capabilities.contains(&Capability::Administer))
}

impl Work<'_> {
    /// Begins a change of who may do what: behind the lock of all such changes it is judged whether the actor administers,
    /// by the roles that they have and by what roles allow in that moment.
    pub(crate) fn hold_rights(&mut self) -> Result<()> {
        self.require(Capability::Administer)?;
        hold(self.tx)?;
        self.catch_up()?;
        self.require(Capability::Administer)
    }

    /// The roles of a user who may come in.
    pub(crate) fn present_roles(&mut self, user: Id) -> Result<Option<Vec<String>>> {
        let sql = Sql::new("select roles from users where active and id = ").bind(user.0);
        let roles = self.rows(&sql)?.first().map(|row| row.json(0)).transpose()?;
        Ok(roles.map(|roles| serde_json::from_value(roles).unwrap_or_default()))
    }

    /// Keeps the roles that users were given in place of one that goes.
    pub(crate) fn keep_roles(&mut self, moved: &Moved) -> Result<()> {
        for (user, [before, after]) in moved {
            self.run("update users set roles = $1 where id = $2", params![json!(after), user.0])?;
            let delta: [(&str, Json, Json); 1] = [("roles", json!(before), json!(after))];
            self.log_setup(Setup::User, *user, Operation::Update, delta)?;
        }
        Ok(())
    }
}
