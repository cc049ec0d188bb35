//! How many listen: streams hold a connection each, so they are counted, in all and for each user.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use model::Id;

/// Streams in all. Far below the connections that are taken.
const ALL: usize = 400;
/// Streams of one user: several windows on several devices.
const OF_ONE: usize = 24;

/// Who listens, and how many times.
#[derive(Clone, Debug, Default)]
pub(crate) struct Places(Arc<Mutex<BTreeMap<Id, usize>>>);

/// A place that is given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    places: Places,
    user: Id,
}

impl Places {
    /// A place for `user`, unless all are taken.
    pub(crate) fn take(&self, user: Id) -> Option<Place> {
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of_user = taken.get(&user).copied().unwrap_or(0);
        if of_user >= OF_ONE || taken.values().sum::<usize>() >= ALL {
            return None;
        }
        taken.insert(user, of_user + 1);
        Some(Place { places: self.clone(), user })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.0.lock().unwrap_or_else(PoisonError::into_inner);
        let left = taken.get(&self.user).copied().unwrap_or(0).saturating_sub(1);
        if left == 0 {
            taken.remove(&self.user);
        } else {
            taken.insert(self.user, left);
        }
    }
}

#[cfg(test)]
mod tests {
    use model::Id;

    use super::{OF_ONE, Places};

    #[test]
    fn places_are_counted_for_each_and_given_back() {
        let (places, one, other) = (Places::default(), Id::new(), Id::new());
        let held: Vec<_> = (0..OF_ONE).map(|_| places.take(one).unwrap()).collect();
        assert!(places.take(one).is_none());
        assert!(places.take(other).is_some());
        drop(held);
        assert!(places.take(one).is_some());
    }
}
