//! Everybody does one thing to many records at a time: a second act would run between the turns of the first, and each
//! holds up the others for a moment.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use model::Id;

/// Users whose act on many records is under way.
#[derive(Clone, Debug, Default)]
pub(crate) struct Acting(Arc<Mutex<BTreeSet<Id>>>);

/// That it is; gone with the act, however it ends.
#[derive(Debug)]
pub(crate) struct Alone {
    acting: Acting,
    user: Id,
}

impl Acting {
    /// Nothing while another act of the user's is under way.
    pub(crate) fn begin(&self, user: Id) -> Option<Alone> {
        let is_first = self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(user);
        is_first.then(|| Alone { acting: self.clone(), user })
    }
}

impl Drop for Alone {
    fn drop(&mut self) {
        self.acting.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.user);
    }
}

#[cfg(test)]
mod tests {
    use model::Id;

    use super::Acting;

    #[test]
    fn a_second_act_waits_for_the_first_and_for_nobody_elses() {
        let (acting, me) = (Acting::default(), Id(uuid::Uuid::from_u128(1)));
        let first = acting.begin(me);
        assert!(first.is_some() && acting.begin(me).is_none());
        assert!(acting.begin(Id(uuid::Uuid::from_u128(2))).is_some());
        drop(first);
        assert!(acting.begin(me).is_some());
    }
}
