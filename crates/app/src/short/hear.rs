//! What is told at the door of a line: what became of a message, and what somebody wrote. The first belongs to the message, the
//! second to whatever its writer was talking about, or to whoever has shown their number; else it waits in the queue.

use channels::outbox::{self, kept, title};
use channels::short::{Came, Carrier, Report, Told};
use jiff::{SignedDuration, Timestamp};
use model::expr::Plan;
use model::identity::phone;
use model::{Id, Record, Value};
use serde_json::json;
use store::{Draft, Error, Line, List, Result, Sort, Work};

use crate::App;
use crate::cases::{CASES, take_up};
use crate::queue::{self, MESSAGES, hand, turns};

/// Under what messages are taken in, with the line behind it: each once.
const SOURCE: &str = "message";
/// Messages of a chat that are looked through for what it is about, the newest ones.
const LOOKED_AT: usize = 50;
/// A moment that lies further ahead is a mistake of whoever tells it.
const AHEAD: SignedDuration = SignedDuration::from_hours(48);

impl App {
    /// Takes what is told at the door of a line. What is told twice changes nothing.
    ///
    /// # Errors
    /// When the database fails.
    pub fn take_told(&self, work: &mut Work<'_>, line: &Line, told: &Told) -> Result<()> {
        work.as_process(|work| match told {
            Told::Fate(report) => note(work, line, report),
            Told::Came(came) => take(work, line, came),
        })
    }
}

/// Notes what became of a message that went out through this line; of any other it tells nothing.
fn note(work: &mut Work<'_>, line: &Line, report: &Report) -> Result<()> {
    let own = line.id.to_string();
    let known = match (report.message, report.known_as.as_deref()) {
        (Some(message), _) => {
            let module = work.module(MESSAGES)?;
            work.several(&module, &[message].into())?
        }
        (None, Some(name)) => with(work, "message_id", name)?,
        (None, None) => Vec::new(),
    };
    let Some(message) = known.into_iter().find(|message| message.text("line_id") == Some(own.as_str())) else {
        return Ok(());
    };
    if is_of_erased(work, &message) {
        return Ok(());
    }
    outbox::report(work, message.id, report).map(drop)
}

/// Makes the message that somebody wrote.
fn take(work: &mut Work<'_>, line: &Line, came: &Came) -> Result<()> {
    // Before the first write, as all who take turns on who it is.
    let source = format!("{SOURCE}:{}", line.id);
    if work.taken_in(&source, &came.name)?.is_some() {
        return Ok(());
    }
    let region = work.settings().reading().region;
    let number = came.phone.as_deref().and_then(|number| phone::normalise(number, region).ok()).map(String::from);
    let channel = Carrier::parse(&line.setup.kind).map_or("sms", Carrier::channel);
    let from = match &number {
        Some(number) if channel == "sms" => number.clone(),
        _ => came.from.clone(),
    };
    let whose = number.as_deref().map(|number| queue::caller(work, number)).transpose()?.flatten();
    let earlier = talk(work, line.id, &from)?;
    let about = match talked_about(work, &earlier)? {
        Some(about) => {
            let owner = about.owner;
            Some((about, owner))
        }
        None => whose,
    };
    // Nothing is written down again of somebody who was erased: what they write waits as anybody's.
    let about = about.filter(|(record, _)| work.expect_not_erased(record).is_ok());
    let case = match &about {
        Some((record, _)) if record.module.name == CASES => Some(work.hold_for_process(CASES, record.id)?),
        _ => None,
    };
    // What goes on is in the hands in which it was.
    let before = earlier.first();
    let holder = match before {
        Some(before) if about.is_none() => hand::of(work, before)?,
        _ => None,
    };
    let owner = about.as_ref().and_then(|(_, owner)| *owner).or(holder);
    let now = work.now();
    let latest = now.checked_add(AHEAD).unwrap_or(Timestamp::MAX);
    let written = came.at.filter(|at| (Timestamp::UNIX_EPOCH..=latest).contains(at));
    let said = Some(came.text.trim()).filter(|text| !text.is_empty());
    let link = about.as_ref().map(|(record, _)| of(record));
    // What a lead begins with that is made of it: a chat is no number.
    let shown =
        number.filter(|_| channel != "sms").map(|number| json!({"module": "leads", "fields": {"phone": number}}));
    let draft = Draft::new()
        .set("channel", channel)
        .set("direction", "in")
        .set("status", "received")
        .set("line", line.setup.name.as_str())
        .set("line_id", line.id.to_string())
        .set("from", from)
        .set("from_name", came.from_name.clone())
        .set("to", line.setup.sender.clone())
        .set("subject", title(&came.text).or_else(|| came.from_name.clone()))
        .set("text", said.map(str::to_owned))
        .set("locale", came.locale.map(|locale| locale.tag().to_owned()))
        .set("message_id", came.name.as_str())
        .set("sent_at", written)
        .set("raw", json!({"received": kept(&came.raw)}))
        .set("content", shown)
        .set("about", link.clone())
        .set("conversation", goes_on_with(&earlier))
        .set("turn", turns::of_incoming(about.as_ref().map(|(record, _)| record)))
        .set("sorted", holder.map(|_| "passed"))
        .owned_by(owner);
    let draft = draft.fitting(&*work.module(MESSAGES)?);
    let message = work.create(MESSAGES, draft)?;
    work.keep_taken_in(&source, &came.name, (MESSAGES, message.id))?;
    if let Some(before) = before {
        turns::goes_on(work, before, message.id, None)?;
    }
    if let Some(case) = case {
        take_up(work, &case)?;
    }
    // They have shown who they are: what they wrote before is theirs, too.
    if let (Some(link), Some((_, owner))) = (link, &about) {
        for waiting in earlier.iter().filter(|message| queue::is_waiting(message)) {
            let draft = Draft::new().set("about", link.clone());
            let draft = if owner.is_some() && waiting.owner.is_none() { draft.owned_by(*owner) } else { draft };
            work.update(MESSAGES, waiting.id, draft, None)?;
        }
    }
    Ok(())
}

/// The conversation that a message goes on with: what was exchanged with a number or chat is one, which begins anew once it is
/// so long that whoever writes without an end would slow down what is looked through for each message.
fn goes_on_with(earlier: &[Record]) -> Option<String> {
    let last = turns::conversation(earlier.first()?);
    let is_long = earlier.len() == LOOKED_AT && earlier.iter().all(|message| turns::conversation(message) == last);
    (!is_long).then_some(last)
}

/// The messages that were exchanged with a number or chat through a line, the newest first.
pub(crate) fn talk(work: &mut Work<'_>, line: Id, with: &str) -> Result<Vec<Record>> {
    let module = work.module(MESSAGES)?;
    let filter = Plan::field(&module, "from").and_then(|from| from.eq(with));
    let filter = filter.and_then(|from| Ok(from.or(Plan::field(&module, "to")?.eq(with)?)));
    let filter = filter.map_err(|error| Error::bad_query("invalid_filter", error.to_string()))?;
    let sort = vec![Sort { field: "id".to_owned(), descending: true }];
    let own = line.to_string();
    let mut found =
        work.list(MESSAGES, &List { filter: Some(filter), sort, limit: LOOKED_AT, ..List::default() })?.records;
    found.retain(|message| message.text("line_id") == Some(own.as_str()));
    Ok(found)
}

/// What the newest of the messages is about that is about anything that is still there.
fn talked_about(work: &mut Work<'_>, messages: &[Record]) -> Result<Option<Record>> {
    for message in messages {
        let Value::Record { module, id } = message.get("about") else { continue };
        let Ok(module) = work.module(module) else { continue };
        let found = work.several(&module, &[*id].into())?.into_iter().next();
        if let Some(record) = found.filter(|record| record.deleted_at.is_none()) {
            return Ok(Some(record));
        }
    }
    Ok(None)
}

/// The messages whose field says this.
fn with(work: &mut Work<'_>, field: &str, text: &str) -> Result<Vec<Record>> {
    let module = work.module(MESSAGES)?;
    let filter = Plan::field(&module, field).and_then(|field| field.eq(text));
    let filter = filter.map_err(|error| Error::bad_query("invalid_filter", error.to_string()))?;
    work.find(MESSAGES, filter)
}

/// Whether a message is of somebody who was erased, of whom nothing is written down again.
fn is_of_erased(work: &mut Work<'_>, message: &Record) -> bool {
    let Value::Record { module, id } = message.get("about") else { return false };
    work.get(module, *id).is_ok_and(|person| work.expect_not_erased(&person).is_err())
}

fn of(record: &Record) -> Value {
    let id: Id = record.id;
    Value::Record { module: record.module.name.clone(), id }
}
