//! Where the parts of the inbox stand, and the way back to the one from which something was done.

use app::queue::Part;
use model::Id;

use super::QUEUE;
use crate::pages::done::DONE;

/// What a part is called in addresses.
fn name(part: Part) -> &'static str {
    match part {
        Part::Unassigned => "queue",
        Part::Mine => "mine",
        Part::Ours => "ours",
        Part::Theirs => "theirs",
        Part::SetAside => "aside",
    }
}

/// The part that an address asks for.
pub(super) fn asked(name_asked: &str) -> Part {
    Part::ALL.into_iter().find(|part| name(*part) == name_asked).unwrap_or(Part::Unassigned)
}

/// Where a part stands.
pub(super) fn address(part: Part) -> String {
    match part {
        Part::Unassigned => QUEUE.to_owned(),
        _ => format!("{QUEUE}?part={}", name(part)),
    }
}

/// What a form says that comes back to a part. What is brought back from ignored mail is looked at.
pub(super) fn from(part: Option<Part>) -> &'static str {
    part.filter(|part| *part != Part::SetAside).map_or("", name)
}

/// The part from which something was done; nothing where that was the message itself.
pub(super) fn back(from_where: &str) -> Option<Part> {
    Part::ALL.into_iter().find(|part| !from_where.is_empty() && from(Some(*part)) == from_where)
}

/// The part from which something was done, with what was done told there.
pub(in crate::pages) fn after(from_where: &str, set: Option<Id>) -> Option<String> {
    let at = address(back(from_where)?);
    let Some(set) = set else { return Some(at) };
    let joint = if at.contains('?') { '&' } else { '?' };
    Some(format!("{at}{joint}{DONE}={set}"))
}
