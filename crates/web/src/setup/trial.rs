//! How a change of the workspace's shape is taken: made, planned, or rehearsed on a copy.

use app::App;
use app::rehearsal::{Rehearsal, Size};
use jiff::Span;
use jiff::civil::date;
use model::Actor;
use model::value::read_duration;
use store::{Error, FieldError, Result};

use crate::problem::Problem;
use crate::query::pairs;
use crate::state::Web;
use crate::ui::typed::Typed;

/// What is wanted of a change.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Trial {
    /// It is made.
    Make,
    /// It is told what it would mean.
    Plan,
    /// It is made in a copy, whose clock goes on for this long.
    Rehearse(Span),
}

impl Trial {
    /// As the query of an address says.
    pub(crate) fn asked(query: Option<&str>) -> Result<Self, Problem> {
        let (mut dry_run, mut ahead) = (false, None);
        for (name, value) in pairs(query)? {
            match (name.as_str(), value.as_str()) {
                ("dry_run", "true") => dry_run = true,
                ("dry_run", "false") => {}
                ("rehearse", length) => ahead = Some(read(length)?),
                _ => {
                    let message = format!("there is no parameter {name}={value}");
                    return Err(Problem::bad_request("unknown_parameter", message));
                }
            }
        }
        match (dry_run, ahead) {
            (true, Some(_)) => Err(Problem::bad_request("invalid_parameter", "send either dry_run or rehearse")),
            (_, Some(ahead)) => Ok(Self::Rehearse(ahead)),
            (true, None) => Ok(Self::Plan),
            (false, None) => Ok(Self::Make),
        }
    }

    /// As the button says that was pressed.
    pub(crate) fn typed(typed: &Typed) -> Result<Self> {
        match (typed.has("rehearse"), typed.has("dry_run")) {
            (true, _) => Ok(Self::Rehearse(read(typed.text("ahead"))?)),
            (false, true) => Ok(Self::Plan),
            (false, false) => Ok(Self::Make),
        }
    }
}

/// How far ahead.
pub(crate) fn read(length: &str) -> Result<Span> {
    let span = read_duration(length).map_err(|error| Error::Invalid(vec![FieldError::of("rehearse", error)]))?;
    // From a day from which on a leap year lies: whatever units it is said in.
    let from = date(2024, 1, 1);
    let is_fit = from.checked_add(span).is_ok_and(|to| to <= date(2025, 1, 1));
    let refused = || Error::field("rehearse", "out_of_range", "a rehearsal goes ahead for a year at most: P7D");
    if is_fit && !span.is_negative() { Ok(span) } else { Err(refused()) }
}

/// Rehearses a change while somebody waits for the answer.
pub(crate) async fn rehearse(
    web: &Web,
    actor: &Actor,
    ahead: Span,
    change: impl FnOnce(&App) -> Result<()> + Send + 'static,
) -> Result<Rehearsal> {
    web.app.rehearse(actor, ahead, Size::Modest, change).await
}
