//! Everybody does one thing to many records at a time: a second act would run between the turns of the first, and each
//! holds up the others for a moment. How far it is can be asked, and it can be told to stop. What came of an act whose
//! author went away is kept until they ask.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use model::Id;

use crate::problem::Problem;

/// Acts on many records, by user.
#[derive(Clone, Debug, Default)]
pub(crate) struct Acting(Arc<Mutex<Acts>>);

#[derive(Debug, Default)]
struct Acts {
    /// How far those are that are under way.
    under_way: BTreeMap<Id, Arc<Progress>>,
    /// What came of those that ended while nobody waited for them.
    ended: BTreeMap<Id, Ended>,
}

/// What came of an act.
#[derive(Clone, Debug)]
pub(crate) struct Ended {
    /// What the log calls it.
    pub(crate) operation: &'static str,
    /// Records that were changed, and that were refused.
    pub(crate) done: usize,
    pub(crate) refused: usize,
    /// Whether it came to its end.
    pub(crate) is_whole: bool,
    /// Why it ended before its end, where it was not told to.
    pub(crate) why: Option<Problem>,
    /// The change set; nothing where nothing was written.
    pub(crate) set: Option<Id>,
}

/// How far an act is.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    all: usize,
    done: AtomicUsize,
    stops: AtomicBool,
}

impl Progress {
    /// Records that it has gone through, and how many there were when it began.
    pub(crate) fn done_of(&self) -> (usize, usize) {
        (self.done.load(Ordering::Relaxed).min(self.all), self.all)
    }

    /// Some more were gone through.
    pub(crate) fn add(&self, records: usize) {
        self.done.fetch_add(records, Ordering::Relaxed);
    }

    /// Lets the turn that is under way be the last one.
    pub(crate) fn stop(&self) {
        self.stops.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.stops.load(Ordering::Relaxed)
    }
}

/// That an act is under way; gone with it, however it ends.
#[derive(Debug)]
pub(crate) struct Alone {
    acting: Acting,
    user: Id,
    /// How far it is.
    pub(crate) progress: Arc<Progress>,
}

impl Acting {
    /// Begins an act on so many records; nothing while another act of the user's is under way.
    pub(crate) fn begin(&self, user: Id, all: usize) -> Option<Alone> {
        let progress = Arc::new(Progress { all, ..Progress::default() });
        let mut acts = self.acts();
        if acts.under_way.contains_key(&user) {
            return None;
        }
        acts.under_way.insert(user, progress.clone());
        Some(Alone { acting: self.clone(), user, progress })
    }

    /// How far the act of the user's is that is under way.
    pub(crate) fn progress(&self, user: Id) -> Option<Arc<Progress>> {
        self.acts().under_way.get(&user).cloned()
    }

    /// Whether there is something to be told about an act of the user's.
    pub(crate) fn has_any(&self, user: Id) -> bool {
        let acts = self.acts();
        acts.under_way.contains_key(&user) || acts.ended.contains_key(&user)
    }

    /// What came of an act of the user's that nobody waited for: told once.
    pub(crate) fn ended(&self, user: Id) -> Option<Ended> {
        self.acts().ended.remove(&user)
    }

    /// Keeps what came of an act for whoever began it and went away.
    pub(crate) fn keep(&self, user: Id, ended: Ended) {
        self.acts().ended.insert(user, ended);
    }

    fn acts(&self) -> MutexGuard<'_, Acts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Alone {
    fn drop(&mut self) {
        self.acting.acts().under_way.remove(&self.user);
    }
}

#[cfg(test)]
mod tests {
    use model::Id;

    use super::{Acting, Ended};

    #[test]
    fn a_second_act_waits_for_the_first_and_for_nobody_elses() {
        let (acting, me) = (Acting::default(), Id(uuid::Uuid::from_u128(1)));
        let first = acting.begin(me, 3);
        assert!(first.is_some() && acting.begin(me, 3).is_none());
        assert!(acting.begin(Id(uuid::Uuid::from_u128(2)), 3).is_some());
        drop(first);
        assert!(acting.begin(me, 3).is_some());
    }

    #[test]
    fn how_far_an_act_is_can_be_asked_while_it_lasts() {
        let (acting, me) = (Acting::default(), Id(uuid::Uuid::from_u128(1)));
        let alone = acting.begin(me, 3).unwrap();
        alone.progress.add(2);
        let seen = acting.progress(me).unwrap();
        assert_eq!((seen.done_of(), alone.progress.is_stopped()), ((2, 3), false));
        seen.stop();
        alone.progress.add(2);
        assert_eq!(
            (seen.done_of(), alone.progress.is_stopped()),
            ((3, 3), true),
            "what came in meanwhile is not counted"
        );
        assert!(acting.progress(Id(uuid::Uuid::from_u128(2))).is_none());
        drop(alone);
        assert!(acting.progress(me).is_none());
    }

    #[test]
    fn what_came_of_an_act_that_was_left_is_told_once() {
        let (acting, me) = (Acting::default(), Id(uuid::Uuid::from_u128(1)));
        acting.keep(me, Ended { operation: "update", done: 3, refused: 0, is_whole: true, why: None, set: None });
        assert!(acting.has_any(me) && !acting.has_any(Id(uuid::Uuid::from_u128(2))));
        assert_eq!(acting.ended(me).map(|ended| ended.done), Some(3));
        assert!(!acting.has_any(me) && acting.ended(me).is_none());
    }
}
