//! The door: a code is shown, somebody comes in, once.

use jiff::Timestamp;
use model::rights::Capability;
use model::{Record, Value};
use store::{Draft, Result, Work};

use crate::condition::by_field;
use crate::participants::follow_tickets;
use crate::press::expect_asked;
use crate::{Refusal, Ticketing};

/// What the door is told about a code.
#[derive(Clone, Debug)]
pub enum CheckIn {
    /// Come in. The ticket as it is now.
    Admitted(Record),
    /// Somebody came in with it before.
    AlreadyCheckedIn {
        /// The ticket.
        ticket: Record,
        /// When.
        at: Option<Timestamp>,
        /// Where, if the door said so.
        point: Option<String>,
    },
    /// The order is not paid yet.
    NotPaid(Record),
    /// The ticket was cancelled, or passed to somebody else: then this is a code that it had before.
    Cancelled(Record),
    /// No ticket has this code.
    Unknown,
}

impl Ticketing {
    /// Checks a code in at `point`. Of two doors that scan one code at once, one lets in.
    ///
    /// # Errors
    /// [`store::Error::Forbidden`] without the right to check in.
    pub fn check_in(&self, work: &mut Work<'_>, code: &str, point: Option<&str>) -> Result<CheckIn> {
        work.require(Capability::CheckIn)?;
        let ticket = match work.as_process(|work| shown(work, &spoken_code(code)))? {
            Shown::Ticket(ticket) => ticket,
            Shown::Nothing(why) => return Ok(why),
        };
        Ok(match ticket.text("status") {
            Some("issued") => {
                expect_asked(work, &ticket, "check_in")?;
                CheckIn::Admitted(work.as_process(|work| admit(work, &ticket, point))?)
            }
            Some("checked_in") => CheckIn::AlreadyCheckedIn {
                at: ticket.get("checked_in_at").as_instant(),
                point: ticket.text("check_in_point").map(str::to_owned),
                ticket,
            },
            Some("reserved") => CheckIn::NotPaid(ticket),
            _ => CheckIn::Cancelled(ticket),
        })
    }
}

/// What a code stands for.
enum Shown {
    /// The ticket that has it, which is held.
    Ticket(Record),
    /// None that lets anybody in.
    Nothing(CheckIn),
}

fn shown(work: &mut Work<'_>, code: &str) -> Result<Shown> {
    let found = by_field(work, "tickets", "code", [code])?.into_iter().next();
    let Some(found) = found else {
        let replaced = by_field(work, "tickets", "former_code", [code])?.into_iter().next();
        return Ok(Shown::Nothing(replaced.map_or(CheckIn::Unknown, CheckIn::Cancelled)));
    };
    // Read again behind the lock of its row: another door may have been faster.
    let ticket = work.hold_for_process("tickets", found.id)?;
    let is_it = ticket.text("code") == Some(code);
    Ok(if is_it { Shown::Ticket(ticket) } else { Shown::Nothing(CheckIn::Cancelled(ticket)) })
}

/// Lets somebody in with an issued ticket that is held.
pub(crate) fn admit(work: &mut Work<'_>, ticket: &Record, point: Option<&str>) -> Result<Record> {
    if ticket.text("attendee_name").is_none() {
        let event = ticket.link("event").map(|event| work.get("events", event)).transpose()?;
        if event.is_some_and(|event| *event.get("allow_unnamed") == Value::Bool(false)) {
            return Err(Refusal::Unnamed.into());
        }
    }
    let point = point.map(|point| point.chars().filter(|c| !c.is_control()).take(200).collect::<String>());
    let point = point.filter(|point| !point.trim().is_empty());
    let draft = Draft::new()
        .set("status", "checked_in")
        .set("checked_in_at", work.now())
        .set("checked_in_by", work.actor().id())
        .set("check_in_point", point);
    let ticket = work.update("tickets", ticket.id, draft, None)?;
    follow_tickets(work, ticket.link("participant"))?;
    Ok(ticket)
}

/// A code as somebody typed or read it out: capitals, no blanks or hyphens, Cyrillic letters that look like Latin ones
/// taken for them.
#[must_use]
pub fn spoken_code(text: &str) -> String {
    let letters = text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).take(64);
    letters
        .map(|letter| match letter {
            'А' => 'A',
            'В' => 'B',
            'Е' => 'E',
            'К' => 'K',
            'М' => 'M',
            'Н' => 'H',
            'О' => 'O',
            'Р' => 'P',
            'С' => 'C',
            'Т' => 'T',
            'У' => 'Y',
            'Х' => 'X',
            other => other,
        })
        .collect()
}
