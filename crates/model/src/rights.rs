//! Roles and what they allow. Rights of several roles add up; nothing is allowed that no role allows.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::pack::PackError;
use crate::{Label, Locale};

/// What stands for every module that a role does not name.
pub const EVERY: &str = "*";

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

/// What one pack says of a role that another one defines (`extends = "salesperson"`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RoleChange {
    /// The role.
    pub extends: String,
    /// What people read instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<Label>,
    /// All rights that are about no module, where it says anything of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub capabilities: Option<Vec<Capability>>,
    /// Rights by module; each stands in place of the one that is there, modules that are not named keep theirs.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub modules: BTreeMap<String, Grant>,
    /// The file it was read from, for messages.
    #[serde(skip)]
    pub file: String,
}

impl RoleChange {
    /// A change of `role` that says nothing yet.
    #[must_use]
    pub fn of(role: &str) -> Self {
        Self { extends: role.to_owned(), ..Self::default() }
    }

    /// Whether it says nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.label.is_none() && self.capabilities.is_none() && self.modules.is_empty()
    }

    /// Makes the role what the change wants; `pack` is whose change it is.
    pub(crate) fn apply(&self, roles: &mut BTreeMap<String, Role>, pack: &str, errors: &mut Vec<PackError>) {
        let Some(role) = roles.get_mut(&self.extends) else {
            let message = format!("(pack {pack}) extends {:?}, which is not a role", self.extends);
            errors.push(PackError::new(&self.file, &message).coded("unknown_role"));
            return;
        };
        if let Some(label) = &self.label {
            role.label.clone_from(label);
        }
        if let Some(capabilities) = &self.capabilities {
            role.capabilities.clone_from(capabilities);
        }
        role.modules.extend(self.modules.iter().map(|(module, grant)| (module.clone(), grant.clone())));
    }
}

impl Role {
    /// What people read; the bare name where nobody gave it a label.
    #[must_use]
    pub fn called(&self, locale: Locale) -> &str {
        self.label.or(locale, &self.name)
    }

    /// What it may do with `module`.
    #[must_use]
    pub fn grant(&self, module: &str) -> Option<&Grant> {
        self.modules.get(module).or_else(|| self.modules.get(EVERY))
    }
}

/// What somebody's roles together allow in one module. Roles add up, but never cross: with the fields of one nobody sees or
/// changes the records of another. As there is one answer for all records of a module, the roles that reach furthest decide
/// about fields (`docs/decisions/009`): a field is hidden where each of those that read furthest hides it, and locked where
/// each of those that write furthest locks or hides it. In the same way exporting and purging go as far as a role that has
/// them.
#[must_use]
pub fn combine<'a>(grants: impl IntoIterator<Item = &'a Grant>) -> Grant {
    // What a role does not read it neither changes nor deletes.
    let own = |grant: &Grant| Grant {
        update: grant.update.min(grant.read),
        delete: grant.delete.min(grant.read),
        ..grant.clone()
    };
    let grants: Vec<Grant> = grants.into_iter().map(own).collect();
    let furthest = |scope: fn(&Grant) -> Scope| grants.iter().map(scope).max().unwrap_or_default();
    let (read, update, delete) =
        (furthest(|grant| grant.read), furthest(|grant| grant.update), furthest(|grant| grant.delete));
    let readers = || grants.iter().filter(|grant| grant.read == read && read != Scope::None);
    let writers =
        grants.iter().filter(|grant| if update == Scope::None { grant.create } else { grant.update == update });
    Grant {
        read,
        create: grants.iter().any(|grant| grant.create),
        update,
        delete,
        purge: grants.iter().any(|grant| grant.purge && grant.delete == delete),
        export: readers().any(|grant| grant.export),
        hidden: in_every(readers().map(|grant| grant.hidden.iter().collect())),
        read_only: in_every(writers.map(|grant| grant.hidden.iter().chain(&grant.read_only).collect())),
    }
}

/// The fields that stand in every one of the sets.
fn in_every<'a>(mut sets: impl Iterator<Item = BTreeSet<&'a String>>) -> Vec<String> {
    let first = sets.next().unwrap_or_default();
    sets.fold(first, |common, set| &common & &set).into_iter().cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grant(read: Scope, update: Scope, hidden: &[&str], read_only: &[&str]) -> Grant {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Grant { read, update, hidden: names(hidden), read_only: names(read_only), ..Grant::default() }
    }

    #[test]
    fn roles_add_up_in_any_order() {
        let hides = grant(Scope::Own, Scope::Own, &["inn"], &[]);
        let locks = grant(Scope::All, Scope::Own, &[], &["inn"]);
        let reads_nothing = grant(Scope::None, Scope::None, &[], &[]);
        for order in
            [[&hides, &locks, &reads_nothing], [&reads_nothing, &locks, &hides], [&locks, &reads_nothing, &hides]]
        {
            let both = combine(order);
            assert_eq!(both.read, Scope::All);
            assert!(both.hidden.is_empty(), "one role shows it");
            assert_eq!(both.read_only, ["inn"], "no role lets it be changed");
        }
        assert_eq!(combine([&hides, &reads_nothing]).hidden, ["inn"], "a role that reads nothing shows nothing");
    }

    #[test]
    fn a_change_speaks_of_what_it_names_and_of_nothing_else() {
        let all = grant(Scope::All, Scope::All, &[], &[]);
        let role = Role {
            name: "door".to_owned(),
            label: Label::default(),
            capabilities: vec![Capability::CheckIn],
            modules: BTreeMap::from([("events".to_owned(), all.clone()), ("tickets".to_owned(), all)]),
        };
        let mut roles = BTreeMap::from([(role.name.clone(), role.clone())]);
        let none = BTreeMap::from([("events".to_owned(), Grant::default())]);
        let (mut errors, change) = (Vec::new(), RoleChange { modules: none, ..RoleChange::of("door") });
        assert!(RoleChange::of("door").is_empty() && !change.is_empty());
        change.apply(&mut roles, "own", &mut errors);
        assert_eq!(roles["door"].modules["events"], Grant::default());
        assert_eq!(
            (&roles["door"].modules["tickets"], &roles["door"].capabilities),
            (&role.modules["tickets"], &role.capabilities)
        );
        assert!(errors.is_empty());
        RoleChange::of("nobody").apply(&mut roles, "own", &mut errors);
        assert!(errors.iter().any(|error| error.message.contains("\"nobody\", which is not a role")), "{errors:?}");
    }

    #[test]
    fn roles_never_cross() {
        let door = grant(Scope::All, Scope::All, &["email"], &["name"]);
        let seller = Grant { export: true, purge: true, delete: Scope::Own, ..grant(Scope::Own, Scope::Own, &[], &[]) };
        let cleaner = Grant { delete: Scope::All, ..grant(Scope::All, Scope::None, &["email"], &[]) };
        let both = combine([&door, &seller]);
        assert_eq!((both.read, both.update), (Scope::All, Scope::All));
        assert_eq!(both.hidden, ["email"], "the seller sees it on their own records only");
        assert_eq!(both.read_only, ["email", "name"]);
        assert!(!both.export, "the door may not take foreign records away");
        assert!(both.purge && both.delete == Scope::Own);
        let three = combine([&door, &seller, &cleaner]);
        assert!(three.delete == Scope::All && !three.purge, "purging stays where it was allowed");
        let blind = grant(Scope::Own, Scope::All, &[], &[]);
        let reader = grant(Scope::All, Scope::None, &[], &[]);
        assert_eq!(combine([&blind, &reader]).update, Scope::Own, "nobody changes what the same role does not read");
    }
}
