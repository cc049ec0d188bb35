//! What must come out of an undo, said without the product: from what stood before a change set, what it left, and what
//! stands now.

use store::Conflicts;

use super::generated::State;

/// What a change set did to a record.
pub(super) struct Touched {
    pub(super) was: State,
    pub(super) became: State,
    /// Whether it had been there at some time before.
    pub(super) is_again: bool,
}

/// What a record is when the set is taken back that did this to it. Nothing stands in the way that the choice does not
/// decide, and the record was not left.
pub(super) fn brought_back(choice: Conflicts, touched: &Touched, now: &State) -> State {
    match (&touched.was, &touched.became, now) {
        // It is gone, as it was before it was made.
        (None, _, None) => None,
        // It was made: away with it, unless somebody has worked on it since and that is kept.
        (None, Some((became, _)), Some((values, in_bin))) => {
            let stays = choice == Conflicts::Keep && values != became;
            let is_gone = touched.is_again && !stays;
            (!is_gone).then(|| (values.clone(), *in_bin || !stays))
        }
        (Some((was, was_in_bin)), Some((became, _)), Some((now, _))) => {
            let field = |name: &String| {
                let (was, became, now) = (&was[name], &became[name], &now[name]);
                let is_changed = now != became && now != was;
                let stays = was == became || choice == Conflicts::Keep && is_changed;
                (name.clone(), if stays { now.clone() } else { was.clone() })
            };
            Some((was.keys().map(field).collect(), *was_in_bin))
        }
        // It was removed for good.
        _ => touched.was.clone(),
    }
}
