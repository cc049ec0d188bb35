//! What transactions take turns on, in the order in which everybody takes it.

use model::Id;
use store::{IdentityKind, LockKey, Person, space};

/// Keys of one call; the store sorts them by space, which is the order of the architecture.
#[derive(Default)]
pub(crate) struct Locks(Vec<LockKey>);

impl Locks {
    pub(crate) fn people<'a>(mut self, people: impl IntoIterator<Item = &'a Person>) -> Self {
        for person in people {
            let email = person.email.as_ref().map(|value| (IdentityKind::Email, value));
            let phone = person.phone.as_ref().map(|value| (IdentityKind::Phone, value));
            for (kind, value) in email.into_iter().chain(phone) {
                self.0.push(LockKey::new(space::IDENTITY, format!("{}:{value}", kind.name())));
            }
        }
        self
    }

    /// Two requests of one company at once make one account.
    pub(crate) fn company(mut self, number: Option<&str>) -> Self {
        self.0.extend(number.map(|number| LockKey::new(space::IDENTITY, format!("company:{number}"))));
        self
    }

    pub(crate) fn event(mut self, event: Id) -> Self {
        self.0.push(LockKey::new(space::EVENT, event.0.as_bytes()));
        self
    }

    pub(crate) fn types(mut self, types: impl IntoIterator<Item = Id>) -> Self {
        self.0.extend(types.into_iter().map(|id| LockKey::new(space::TICKET_TYPE, id.0.as_bytes())));
        self
    }

    pub(crate) fn order(mut self, order: Id) -> Self {
        self.0.push(LockKey::new(space::ORDER, order.0.as_bytes()));
        self
    }

    pub(crate) fn key(mut self, key: LockKey) -> Self {
        self.0.push(key);
        self
    }

    pub(crate) fn keys(mut self) -> Vec<LockKey> {
        self.0.sort_unstable();
        self.0.dedup();
        self.0
    }
}
