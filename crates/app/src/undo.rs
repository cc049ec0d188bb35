//! Undo of a change set. Records are restored by the store; seats and money are taken back by the operations that made
//! them, and what has no way back is refused with the operation that does instead.

mod money;
mod orders;
mod outlook;
mod tickets;

use model::survey::SENT;
use model::{Id, Record};
use serde_json::{Map, Value as Json};
use store::{Conflicts, Draft, Error, FieldError, Result, Services, Stage, Touched, Undo, Undoing, Work, by_operation};

use crate::App;

/// Why something has no way back.
struct Refusal {
    code: &'static str,
    /// What does instead.
    how: &'static str,
}

impl Refusal {
    fn of(self, module: &str) -> Error {
        by_operation(module, self.code, self.how)
    }
}

const BOOKED: Refusal = Refusal {
    code: "payment_booked",
    how: "a booked payment stays booked: take it off its order (POST /payments/{id}/transitions/unassign) or note that it was \
          returned (…/refund)",
};
const NOTED: Refusal =
    Refusal { code: "letter_sent", how: "letters and what the process noted of them are not taken back" };

const ISSUED: Refusal = Refusal {
    code: "paper_issued",
    how: "a number that was given stays used: void the paper (POST /invoices/{id}/transitions/void, /contracts/{id}/transitions/void)",
};

/// Fields that say where a message stands among us, and nothing of what was sent.
const STANDING: [&str; 5] = ["about", "owner", "sorted", "turn", "conversation"];
/// Changes that are taken back in one turn of the writer, while everybody else who writes waits.
const TURN: usize = 100;

impl App {
    /// Takes a change set back under a new one.
    ///
    /// # Errors
    /// As [`Work::undo`]; `undo_by_operation` names the operation to use instead.
    pub fn undo(&self, work: &mut Work<'_>, set: Id, conflicts: Conflicts) -> Result<Undo> {
        work.undo(set, conflicts, self)
    }

    /// Goes on with the undo of a large change set.
    pub(crate) fn go_on_undoing(&self, work: &mut Work<'_>, set: Id) -> Result<()> {
        work.undo_turn(set, TURN, self).map(drop)
    }
}

impl Services for App {
    /// A letter that was handed over to be sent stays what it is, and the survey that it asks to answer; a draft is a record
    /// like others.
    fn stays(&self, work: &mut Work<'_>, touched: &Touched) -> Result<bool> {
        let is_written = matches!((touched.begin, touched.end), (Stage::Unmade | Stage::InUse, Stage::InUse));
        // What only went along with the record it was about, or with its conversation, goes back with it.
        let only_went_along = touched.fields.keys().all(|name| STANDING.contains(&name.as_str()));
        if touched.module.name == SENT && matches!((touched.begin, touched.end), (Stage::Unmade, Stage::InUse)) {
            // Its link is in somebody's mailbox.
            return Ok(true);
        }
        if touched.module.name != "messages" || !is_written || only_went_along {
            return Ok(false);
        }
        match work.as_process(|work| work.get("messages", touched.id)) {
            Ok(letter) => Ok(letter.text("direction") == Some("out") && letter.text("status") != Some("draft")),
            Err(Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn check(&self, work: &mut Work<'_>, module: &str, draft: &mut Draft, before: Option<&Record>) -> Result<()> {
        if before.is_none() {
            self.has_bytes(work, module, draft)?;
        } else if module == "messages" && draft.values.keys().all(|name| STANDING.contains(&name.as_str())) {
            return Ok(());
        }
        self.check_draft(work, module, draft, before)
    }

    fn binned(&self, work: &mut Work<'_>, module: &str, id: Id) -> Result<()> {
        self.ticketing().binned(work, module, id)
    }

    /// Asks the service for the way back: first of orders that moved, else of money, else of tickets. The other changes
    /// of the set followed from those, and follow the way back in turn.
    fn take_back(&self, work: &mut Work<'_>, undoing: &Undoing) -> Result<()> {
        let of = |module: &str| {
            let all = undoing.touched.iter().filter(move |touched| touched.module.name == module);
            all.rev().collect::<Vec<_>>()
        };
        let (orders, payments, tickets) = (of("orders"), of("payments"), of("tickets"));
        if payments.iter().any(|payment| payment.begin == Stage::Unmade) {
            return Err(BOOKED.of("payments"));
        }
        if orders.iter().any(|order| orders::moved(order)) {
            return orders.into_iter().try_for_each(|order| orders::take_back(self, work, order));
        }
        if !payments.is_empty() {
            return payments.into_iter().try_for_each(|payment| money::take_back(self, work, payment));
        }
        if of("invoices").into_iter().chain(of("contracts")).next().is_some() {
            return Err(ISSUED.of("invoices"));
        }
        if tickets.iter().any(|ticket| ticket.change("status").is_some()) {
            return tickets.into_iter().try_for_each(|ticket| tickets::take_back(self, work, ticket));
        }
        Err(NOTED.of("messages"))
    }
}

/// A record as the process sees it.
fn present(work: &mut Work<'_>, touched: &Touched) -> Result<Record> {
    work.as_process(|work| work.get(&touched.module.name, touched.id))
}

/// Fails unless a field still says what the change set made of it.
fn still(touched: &Touched, present: &Record, field: &str) -> Result<()> {
    let now = present.get(field).to_json();
    match touched.fields.get(field) {
        Some((_, after)) if *after != now => Err(changed_since(touched, field, &now, after)),
        _ => Ok(()),
    }
}

/// Fails unless the named fields are what they were before the change set; `was` is the record before it was taken back,
/// for fields that the change set left alone.
fn is_back(work: &mut Work<'_>, touched: &Touched, was: &Record, fields: &[&str]) -> Result<()> {
    let present = present(work, touched)?;
    for field in fields {
        let now = present.get(field).to_json();
        let wanted = touched.fields.get(*field).map_or_else(|| was.get(field).to_json(), |(before, _)| before.clone());
        if now != wanted {
            return Err(changed_since(touched, field, &now, &wanted));
        }
    }
    Ok(())
}

fn changed_since(touched: &Touched, field: &str, now: &Json, other: &Json) -> Error {
    let place = format!("{}/{}.{field}", touched.module.name, touched.id);
    Error::Conflict {
        code: "undo_conflict",
        message: "what this change left has changed since".to_owned(),
        errors: vec![FieldError::new(place, "changed_since", format!("{now} instead of {other}"))],
    }
}

/// Makes a move under the actor's rights, as when they press it.
fn press(app: &App, work: &mut Work<'_>, touched: &Touched, name: &str, fields: Json) -> Result<()> {
    let fields = match fields {
        Json::Object(fields) => fields,
        _ => Map::new(),
    };
    app.transition(work, &touched.module.name, touched.id, name, &fields).map(drop)
}
