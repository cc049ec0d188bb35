//! Whether a record is late: it still goes on, and the day by which it was to be done is over.

use jiff::civil::Date;
use model::process::{Phase, Process};
use model::{Module, Record, Value};

use crate::ui::Lens;

/// Fields that say by when something is to be done.
const DEADLINES: [&str; 6] = ["due_at", "due_on", "answer_due", "close_date", "deadline", "valid_until"];

/// The day that has passed; nothing where the record is not late, has ended, or the reader may not see its deadline.
pub(super) fn since(lens: &Lens, process: Option<&Process>, record: &Record) -> Option<Date> {
    let phase = |process: &Process| Some(process.state(record.text(&process.field)?)?.phase);
    if process.and_then(phase).is_some_and(|phase| phase != Phase::Open) {
        return None;
    }
    let of = |module: &Module, name: &str| module.field(name).map(|_| record.get(name).clone());
    match DEADLINES.iter().find_map(|name| of(&record.module, name))? {
        Value::Date(day) => (day < lens.today()).then_some(day),
        Value::Instant(at) => (at < lens.now).then(|| lens.zone.to_datetime(at).date()),
        _ => None,
    }
}
