//! Roles and what they allow. Rights of several roles add up; nothing is allowed that no role allows.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::Label;

/// Which records of a module.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// None.
    #[default]
    None,
    /// Those one owns and those nobody owns.
    Own,
    /// Those, and those of the members of one's teams.
    Team,
    /// All.
    All,
}

/// What one role may do with one module.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Grant {
    /// Which records it reads.
    pub read: Scope,
    /// Whether it makes new ones.
    pub create: bool,
    /// Which records it changes.
    pub update: Scope,
    /// Which records it moves to the bin and back.
    pub delete: Scope,
    /// Whether it removes for good.
    pub purge: bool,
    /// Whether it exports.
    pub export: bool,
    /// Fields it never sees.
    pub hidden: Vec<String>,
    /// Fields it sees and does not change.
    pub read_only: Vec<String>,
}

/// A right that is about no module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Capability {
    /// Shapes modules, processes, roles, users.
    Administer,
    /// Moves the sandbox's clock and reads its outbox.
    Rehearse,
    /// Revives, refunds, re-prices orders.
    ManageOrders,
    /// Books and assigns payments.
    BookPayments,
    /// Lets people in at the door.
    CheckIn,
}

/// A named set of rights.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// Stable name.
    pub name: String,
    /// What people read.
    pub label: Label,
    /// Rights that are about no module.
    #[serde(default)]
    pub capabilities: Vec<Capability>,
    /// Rights by module; `*` stands for every module that is not named.
    #[serde(default)]
    pub modules: BTreeMap<String, Grant>,
}

impl Role {
    /// What it may do with `module`.
    #[must_use]
    pub fn grant(&self, module: &str) -> Option<&Grant> {
        self.modules.get(module).or_else(|| self.modules.get("*"))
    }
}

/// What somebody's roles together allow in one module.
#[must_use]
pub fn combine<'a>(grants: impl IntoIterator<Item = &'a Grant>) -> Grant {
    let mut grants = grants.into_iter();
    let Some(mut all) = grants.next().cloned() else { return Grant::default() };
    for grant in grants {
        all.read = all.read.max(grant.read);
        all.create |= grant.create;
        all.update = all.update.max(grant.update);
        all.delete = all.delete.max(grant.delete);
        all.purge |= grant.purge;
        all.export |= grant.export;
        // A field is hidden or locked only where every role says so.
        all.hidden.retain(|field| grant.hidden.contains(field));
        all.read_only.retain(|field| grant.read_only.contains(field) || grant.hidden.contains(field));
    }
    all
}
