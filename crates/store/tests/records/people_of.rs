//! Who does things in generated histories: me, my mate, a stranger, the product.

use std::collections::BTreeSet;

use model::actor::User;
use model::{Actor, Id, Locale};

use crate::world::World;

/// Everybody, each with every right.
pub(crate) fn people(world: &World) -> [Actor; 4] {
    [
        somebody(world.me, "chief"),
        somebody(world.mate, "chief"),
        somebody(world.stranger, "chief"),
        Actor::System("test"),
    ]
}

/// A user who is in no team.
pub(crate) fn somebody(id: Id, role: &str) -> Actor {
    Actor::User(Box::new(User {
        id,
        name: role.to_owned(),
        email: format!("{role}@example.org"),
        roles: vec![role.to_owned()],
        teammates: BTreeSet::from([id]),
        locale: Locale::Ru,
        scopes: Vec::new(),
        looker: None,
    }))
}
