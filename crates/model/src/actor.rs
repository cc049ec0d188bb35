//! Who acts. Nothing is read or written without one.

use std::collections::BTreeSet;

use crate::definitions::Definitions;
use crate::rights::{Capability, Grant, Scope, combine};
use crate::{Id, Locale};

/// Somebody who signed in, or whose token was shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Who.
    pub id: Id,
    /// What people call them.
    pub name: String,
    /// Where their letters go; the name to sign in by.
    pub email: String,
    /// Names of their roles.
    pub roles: Vec<String>,
    /// Everybody who shares a team with them, themselves included.
    pub teammates: BTreeSet<Id>,
    /// Their language.
    pub locale: Locale,
    /// What their token is narrowed to: `read` or `module:read|write`; empty = everything they may.
    pub scopes: Vec<String>,
    /// The administrator who looks through their eyes: whatever is begun for them then reads and never writes.
    pub looker: Option<Id>,
}

/// Who acts.
#[derive(Clone, Debug)]
pub enum Actor {
    /// A user, under their rights.
    User(Box<User>),
    /// The product itself: timers, processes, set-up. Says what for.
    System(&'static str),
    /// Somebody outside, through a public page or endpoint: may only what the called service lets them.
    Public,
}

impl Actor {
    /// The user's id, where it is one.
    #[must_use]
    pub fn id(&self) -> Option<Id> {
        match self {
            Self::User(user) => Some(user.id),
            Self::System(_) | Self::Public => None,
        }
    }

    /// Whether somebody only looks through their eyes: nothing is written for them.
    #[must_use]
    pub fn only_looks(&self) -> bool {
        matches!(self, Self::User(user) if user.looker.is_some())
    }

    /// Their language.
    #[must_use]
    pub fn locale(&self) -> Option<Locale> {
        match self {
            Self::User(user) => Some(user.locale),
            Self::System(_) | Self::Public => None,
        }
    }

    /// What they may do with the records of `module`.
    #[must_use]
    pub fn grant(&self, definitions: &Definitions, module: &str) -> Grant {
        match self {
            Self::System(_) => Grant {
                read: Scope::All,
                create: true,
                update: Scope::All,
                delete: Scope::All,
                purge: true,
                export: true,
                hidden: Vec::new(),
                read_only: Vec::new(),
            },
            Self::Public => Grant::default(),
            Self::User(user) => {
                let roles = user.roles.iter().filter_map(|name| definitions.role(name));
                let mut grant = combine(roles.filter_map(|role| role.grant(module)));
                let fields = definitions.module(module).map(|module| module.fields.iter()).into_iter().flatten();
                grant.hidden.extend(fields.filter(|field| field.secret).map(|field| field.name.clone()));
                user.narrow(module, grant)
            }
        }
    }

    /// Whether some role of theirs gives `capability`.
    #[must_use]
    pub fn can(&self, definitions: &Definitions, capability: Capability) -> bool {
        match self {
            Self::System(_) => true,
            Self::Public => false,
            Self::User(user) => {
                user.scopes.is_empty()
                    && user
                        .roles
                        .iter()
                        .filter_map(|name| definitions.role(name))
                        .any(|role| role.capabilities.contains(&capability))
            }
        }
    }

    /// The same with no other roles than `roles`.
    #[must_use]
    pub fn within(&self, roles: &[String]) -> Self {
        match self {
            Self::User(user) => {
                let mut user = user.clone();
                user.roles.retain(|role| roles.contains(role));
                Self::User(user)
            }
            other => other.clone(),
        }
    }

    /// Whether they have the role called `name`.
    #[must_use]
    pub fn has_role(&self, name: &str) -> bool {
        match self {
            Self::System(_) => true,
            Self::Public => false,
            Self::User(user) => user.roles.iter().any(|role| role == name),
        }
    }
}

impl User {
    /// What is left of `grant` under the scopes of the token.
    fn narrow(&self, module: &str, mut grant: Grant) -> Grant {
        if self.scopes.is_empty() {
            return grant;
        }
        let has = |wanted: &str| {
            self.scopes.iter().any(|scope| scope == wanted || scope.split_once(':') == Some((module, wanted)))
        };
        if !has("write") {
            grant = Grant { read: grant.read, export: grant.export, hidden: grant.hidden, ..Grant::default() };
        }
        if !has("read") && !has("write") {
            grant = Grant::default();
        }
        grant
    }
}
