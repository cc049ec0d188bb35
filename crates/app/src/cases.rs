//! The page of a case for whoever asked: where it stands, where it stood, by when it is answered; and what they add to it.

use std::sync::Arc;

use jiff::Timestamp;
use model::expr::Plan;
use model::process::{Process, Transition};
use model::{Record, Value};
use store::{Draft, Error, Result, Work};

use crate::App;
use crate::queue::MESSAGES;

/// The module of cases.
pub(crate) const CASES: &str = "cases";
/// How long what somebody adds may be.
const LONGEST: usize = 10_000;
/// The length of a link's secret at least.
const TOKEN_LENGTH: usize = 22;
/// Moves that an answer of the client makes, where the case stands so that one of them is open.
const BACK: [&str; 2] = ["start", "reopen"];
/// States in which it goes on by itself.
const WAITS: [&str; 3] = ["waiting_for_client", "answered", "closed"];

/// A case as whoever asked sees it.
#[derive(Clone, Debug)]
pub struct OpenCase {
    /// The case.
    pub case: Record,
    /// Its process.
    pub process: Arc<Process>,
    /// The states in which it has stood, in order, each with when it came there.
    pub way: Vec<(String, Timestamp)>,
}

impl OpenCase {
    /// Until when it is answered; nothing while time stands still and once it was.
    #[must_use]
    pub fn promised(&self) -> Option<Timestamp> {
        let state = self.case.text(&self.process.field).unwrap_or_default();
        self.case.get("answer_due").as_instant().filter(|_| !WAITS.contains(&state))
    }
}

impl App {
    /// Where whoever asked finds their case.
    #[must_use]
    pub fn case_url(&self, token: &str) -> String {
        self.ticketing().page_url(&format!("p/c/{token}"))
    }

    /// The case behind a link.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is none, or none that is in use.
    pub fn open_case(&self, work: &mut Work<'_>, token: &str) -> Result<OpenCase> {
        let unknown = || Error::NotFound { module: CASES.to_owned(), id: "by its link".to_owned() };
        let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        if !(TOKEN_LENGTH..=64).contains(&token.len()) || !token.bytes().all(is_token) {
            return Err(unknown());
        }
        let module = work.module(CASES).map_err(|_| unknown())?;
        let process = work.definitions().process(CASES).cloned().ok_or_else(unknown)?;
        let filter = Plan::field(&module, "token").and_then(|field| field.eq(token)).map_err(|_| unknown())?;
        work.as_process(|work| {
            let case = work.find(CASES, filter)?.into_iter().next().filter(|case| case.deleted_at.is_none());
            let case = case.ok_or_else(unknown)?;
            let way = work.way_of(&case, &process)?;
            Ok(OpenCase { case, process, way })
        })
    }

    /// Keeps what whoever asked adds as a message of the case, and takes a case that waited for them, or was done, up again.
    ///
    /// # Errors
    /// [`Error::Invalid`] for nothing and for too much; as [`App::open_case`].
    pub fn answer_case(&self, work: &mut Work<'_>, token: &str, text: &str) -> Result<()> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Error::field("text", "required", "what is to be added?"));
        }
        if text.chars().count() > LONGEST {
            return Err(Error::field("text", "too_long", format!("at most {LONGEST} characters")));
        }
        if text.contains('\0') {
            return Err(Error::field("text", "invalid_text", "the character U+0000 cannot be kept"));
        }
        let found = self.open_case(work, token)?;
        let case = work.hold_for_process(CASES, found.case.id)?;
        let said = |name: &str| case.text(name).map(str::to_owned);
        let message = Draft::new()
            .set("channel", "web_form")
            .set("direction", "in")
            .set("status", "received")
            .set("from", said("email").or_else(|| said("phone")))
            .set("from_name", said("from_name"))
            .set("locale", said("locale"))
            .set("subject", case.text("subject").unwrap_or("—").to_owned())
            .set("text", text.to_owned())
            .set("about", Value::Record { module: CASES.to_owned(), id: case.id })
            .owned_by(case.owner);
        work.as_process(|work| work.create(MESSAGES, message))?;
        take_up(work, &case)
    }
}

/// Takes a case that waited for whoever asked, or was done, up again: they have answered.
pub(crate) fn take_up(work: &mut Work<'_>, case: &Record) -> Result<()> {
    let Some(process) = work.definitions().process(CASES).cloned() else { return Ok(()) };
    let Some(step) = back(work, &process, case)? else { return Ok(()) };
    let now = work.now();
    let draft = Draft::new().set(&process.field, step.to.clone());
    let draft = step.stamps.iter().fold(draft, |draft, name| draft.set(name, Value::Instant(now)));
    work.as_process(|work| work.update(CASES, case.id, draft, None)).map(drop)
}

/// The move that an answer makes, where the case waits for one, or is over.
fn back<'p>(work: &mut Work<'_>, process: &'p Process, case: &Record) -> Result<Option<&'p Transition>> {
    let state = case.text(&process.field).unwrap_or_default();
    if !WAITS.contains(&state) {
        return Ok(None);
    }
    for step in process.transitions_from(state) {
        let is_meant = BACK.contains(&step.name.as_str()) && !step.four_eyes;
        if is_meant && work.as_process(|work| work.guard_holds(step, case))? {
            return Ok(Some(step));
        }
    }
    Ok(None)
}
