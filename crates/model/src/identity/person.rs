//! The decision whom a request belongs to: somebody known, or a new person who may be a duplicate.

use std::cmp::Reverse;

use jiff::Timestamp;

use super::name::{self, NameMatch};
use crate::Id;

/// What kind of record a person is kept in. In the order of preference: a contact wins over a lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PersonKind {
    /// A person one talks to.
    Contact,
    /// Somebody who showed interest and has not decided yet.
    Lead,
}

/// A known person with the same e-mail, the same phone or the same name as the incoming one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate<'a> {
    /// Contact or lead.
    pub kind: PersonKind,
    /// The record.
    pub id: Id,
    /// The full name, if known.
    pub name: Option<&'a str>,
    /// Whether the normalised e-mail is one of this person's.
    pub same_email: bool,
    /// Whether the normalised phone is one of this person's.
    pub same_phone: bool,
    /// When the record was last changed.
    pub updated_at: Timestamp,
    /// Whether the record is live: a lead that is neither converted, lost nor disqualified; always for a contact.
    pub open: bool,
}

/// Why a known person may be the same as a new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The same e-mail under a contradicting name.
    SameEmail,
    /// The same phone under a contradicting name.
    SamePhone,
    /// The same e-mail and phone under a contradicting name.
    SameEmailAndPhone,
    /// The same full name with neither e-mail nor phone in common.
    SameName,
}

impl Reason {
    /// The stable code, key of its translation.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::SameEmail => "same_email",
            Self::SamePhone => "same_phone",
            Self::SameEmailAndPhone => "same_email_and_phone",
            Self::SameName => "same_name",
        }
    }
}

/// Whom a request belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision<'a> {
    /// The same person.
    Attach(Candidate<'a>),
    /// Nobody known; those who may be the same after all are for the owner to look at, likeliest first.
    New {
        /// Who, and why.
        possible_duplicates: Vec<(Id, Reason)>,
    },
}

/// Decides whom a request with this full name belongs to, given every person who shares its e-mail, its phone or its
/// name, each once, in any order.
///
/// The same e-mail or phone under a name that doesn't contradict is the same person: a contact rather than a lead, an
/// open lead rather than a closed one, then the one updated last (of one instant, the one made last). Otherwise the
/// person is new, and those of a contradicting name, or of the same name alone, are possible duplicates. A single word
/// is not a full name: not every Иван is a possible duplicate of every other.
#[must_use]
pub fn match_person<'a>(incoming_name: Option<&str>, candidates: &[Candidate<'a>]) -> Decision<'a> {
    let mut ranked: Vec<&Candidate<'a>> = candidates.iter().collect();
    ranked.sort_by_key(|c| (c.kind, Reverse(c.open), Reverse(c.updated_at), Reverse(c.id)));
    let same = ranked
        .iter()
        .find(|c| (c.same_email || c.same_phone) && name::compare(incoming_name, c.name) != NameMatch::Contradicts);
    match same {
        Some(&&candidate) => Decision::Attach(candidate),
        None => Decision::New {
            possible_duplicates: ranked.into_iter().filter_map(|c| Some((c.id, doubt(incoming_name, c)?))).collect(),
        },
    }
}

/// Why a candidate who is not attached to may be the same person.
fn doubt(incoming_name: Option<&str>, candidate: &Candidate<'_>) -> Option<Reason> {
    match (candidate.same_email, candidate.same_phone) {
        (true, true) => Some(Reason::SameEmailAndPhone),
        (true, false) => Some(Reason::SameEmail),
        (false, true) => Some(Reason::SamePhone),
        (false, false) => {
            let full = name::word_count(incoming_name.unwrap_or_default()) > 1;
            let same = name::compare(incoming_name, candidate.name) == NameMatch::Same;
            (full && same).then_some(Reason::SameName)
        }
    }
}
