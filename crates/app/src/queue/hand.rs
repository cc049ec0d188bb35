//! Who has a message of the inbox. Nothing is in two hands: whoever sorts or answers has it or takes it, and is told where
//! somebody else was faster.

use model::{Id, Record, User};
use store::{Error, FieldError, Result, Work};

use super::{Way, comes_back, is_live, is_waiting};

/// Judges whether that can be made of a message, which is held until `work` ends.
pub(super) fn expect_open(work: &mut Work<'_>, held: &Record, way: &Way) -> Result<()> {
    let is_open = match way {
        Way::Queue => comes_back(held),
        Way::Person { .. } | Way::Mine { .. } | Way::Done => is_live(held) || is_waiting(held),
        Way::Case(_) | Way::Lead(_) | Way::Nothing(_) => is_waiting(held),
    };
    // Whoever was faster than a rule has decided.
    let is_rules = work.actor().id().is_none() && !matches!(way, Way::Queue);
    if !is_open || is_rules && held.text("sorted") == Some("passed") {
        return Err(Error::conflict("already_sorted", "something has been made of this message already"));
    }
    match way {
        Way::Queue | Way::Person { from: None, .. } => Ok(()),
        Way::Person { to, from: Some(from) } => expect_one_of(work, held, &[*to, *from]),
        Way::Mine { from } => {
            let Some(me) = work.actor().id() else {
                return Err(Error::forbidden("not_a_person", "only people take messages"));
            };
            let seen = from.iter().copied().chain([me]).collect::<Vec<_>>();
            expect_one_of(work, held, &seen)
        }
        Way::Done if !held.get("about").is_null() => Ok(()),
        Way::Case(_) | Way::Lead(_) | Way::Nothing(_) | Way::Done => expect_own(work, held),
    }
}

/// That a message, which is held, is in nobody else's hands. What is about a record is the business of whoever may change the
/// record, and services are nobody.
pub(crate) fn expect_own(work: &mut Work<'_>, held: &Record) -> Result<()> {
    match work.actor().id() {
        Some(me) if held.get("about").is_null() => expect_one_of(work, held, &[me]),
        _ => Ok(()),
    }
}

/// Who has a message, of those who are still here.
fn holder(work: &mut Work<'_>, message: &Record) -> Result<Option<User>> {
    match message.owner {
        Some(owner) => work.user(owner),
        None => Ok(None),
    }
}

/// Who has a message that is about nothing, and so the next of its conversation.
pub(crate) fn of(work: &mut Work<'_>, message: &Record) -> Result<Option<Id>> {
    if !message.get("about").is_null() {
        return Ok(None);
    }
    Ok(holder(work, message)?.map(|user| user.id))
}

fn expect_one_of(work: &mut Work<'_>, held: &Record, allowed: &[Id]) -> Result<()> {
    match holder(work, held)? {
        Some(holder) if !allowed.contains(&holder.id) => Err(Error::Conflict {
            code: "in_hand",
            message: format!("{} has this message", holder.name),
            errors: vec![FieldError::new("owner", "in_hand", holder.name)],
        }),
        _ => Ok(()),
    }
}
