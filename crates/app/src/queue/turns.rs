//! Whose turn it is in a conversation: in messages that answer one another. The last of them says it, those before it are past.
//! Where a letter that came in says nothing it waits to be sorted; in the conversation of a case the case says it.

use model::expr::Plan;
use model::{Id, Record, Value};
use store::{Draft, Result, Work};

use super::{MESSAGES, Way, is_incoming, is_live, is_waiting};
use crate::cases::CASES;

/// It waits for us.
pub(crate) const OURS: &str = "ours";
/// It waits for the client.
pub(crate) const THEIRS: &str = "theirs";
/// Another message followed, or no answer is needed.
pub(crate) const PAST: &str = "past";

/// The conversation of a message. It is called by the id of the message that it began with.
pub(crate) fn conversation(message: &Record) -> String {
    message.text("conversation").map_or_else(|| message.id.to_string(), str::to_owned)
}

/// What a letter says that comes in about a record.
pub(crate) fn of_incoming(about: Option<&Record>) -> Option<&'static str> {
    about.filter(|about| about.module.name != CASES).map(|_| OURS)
}

/// What a letter says that one of us writes.
pub(crate) fn of_written(about: Option<&Record>) -> Option<&'static str> {
    about.is_none_or(|about| about.module.name != CASES).then_some(THEIRS)
}

/// Notes that a conversation went on from the message `before` to `last`: nothing else in it waits any more. Where somebody
/// answered, what is about nothing is in their hands from now on.
///
/// # Errors
/// When the database fails.
pub(crate) fn goes_on(work: &mut Work<'_>, before: &Record, last: Id, hand: Option<Id>) -> Result<()> {
    // Two letters that go on from one message find each other.
    let before = work.hold_for_process(MESSAGES, before.id)?;
    let key = conversation(&before);
    let mut all = messages(work, &key)?;
    if before.text("conversation").is_none() {
        all.push(before);
    }
    for message in all.iter().filter(|message| message.id != last) {
        let mut draft = Draft::new();
        if message.text("conversation").is_none() {
            draft = draft.set("conversation", key.clone());
        }
        if is_live(message) {
            draft = draft.set("turn", PAST);
        }
        if hand.is_some() && message.get("about").is_null() {
            if message.owner != hand {
                draft = draft.owned_by(hand);
            }
            if is_waiting(message) && message.text("sorted").is_none() {
                draft = draft.set("sorted", "passed");
            }
        }
        change(work, message.id, draft)?;
    }
    Ok(())
}

/// Notes that a letter that was taken back goes after all.
///
/// # Errors
/// When the database fails.
pub(crate) fn goes_again(work: &mut Work<'_>, letter: &Record) -> Result<()> {
    for message in others(work, letter)?.iter().filter(|message| is_live(message)) {
        change(work, message.id, Draft::new().set("turn", PAST))?;
    }
    Ok(())
}

/// Notes that a letter was taken back: what it answered waits again, where nothing came meanwhile.
///
/// # Errors
/// When the database fails.
pub(crate) fn taken_back(work: &mut Work<'_>, letter: &Record) -> Result<()> {
    if letter.deleted_at.is_some() {
        return Ok(());
    }
    let others = others(work, letter)?;
    if others.iter().any(is_live) {
        return Ok(());
    }
    let answered = others.iter().rev().find(|message| is_incoming(message));
    let Some(answered) = answered.filter(|message| message.text("turn") == Some(PAST)) else { return Ok(()) };
    let turn = match answered.get("about") {
        Value::Record { .. } => Some(OURS),
        _ => None,
    };
    change(work, answered.id, Draft::new().set("turn", turn))
}

/// What was made of a message holds for the rest of its conversation.
pub(super) fn follow(work: &mut Work<'_>, sorted: &Record, way: &Way) -> Result<()> {
    for other in others(work, sorted)? {
        let is_loose = other.get("about").is_null();
        let mut draft = Draft::new();
        match way {
            Way::Case(_) | Way::Lead(_) if is_loose && other.text("status") != Some("set_aside") => {
                draft = draft.set("about", sorted.get("about").clone()).set("turn", Value::Null);
                if is_incoming(&other) {
                    draft = draft.set("sorted", way.name().map(str::to_owned));
                }
            }
            Way::Person { .. } | Way::Mine { .. } | Way::Queue if is_loose && other.owner != sorted.owner => {
                draft = draft.owned_by(sorted.owner);
            }
            _ => {}
        }
        // What is brought back waits instead of what followed it. What needs no answer ends nothing else: it may be a machine's.
        if matches!(way, Way::Queue) && is_live(&other) {
            draft = draft.set("turn", PAST);
        }
        change(work, other.id, draft)?;
    }
    Ok(())
}

/// The other messages of a conversation, the oldest first.
fn others(work: &mut Work<'_>, message: &Record) -> Result<Vec<Record>> {
    let Some(key) = message.text("conversation") else { return Ok(Vec::new()) };
    let mut all = messages(work, key)?;
    all.retain(|other| other.id != message.id);
    Ok(all)
}

/// The messages of a conversation, the oldest first. Those of people who were erased stay as they are.
fn messages(work: &mut Work<'_>, key: &str) -> Result<Vec<Record>> {
    let module = work.module(MESSAGES)?;
    let filter = Plan::field(&module, "conversation").and_then(|field| field.eq(Value::Text(key.to_owned())));
    let Ok(filter) = filter else { return Ok(Vec::new()) };
    let mut all = work.as_process(|work| work.find(MESSAGES, filter))?;
    all.retain(|message| message.deleted_at.is_none() && work.expect_not_erased(message).is_ok());
    Ok(all)
}

fn change(work: &mut Work<'_>, id: Id, draft: Draft) -> Result<()> {
    let draft = draft.fitting(&*work.module(MESSAGES)?);
    if draft == Draft::new() {
        return Ok(());
    }
    work.as_process(|work| work.update(MESSAGES, id, draft, None)).map(drop)
}
