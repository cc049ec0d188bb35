//! What people agreed to, by address and purpose (H1): said on forms, noted by staff and programs, taken back by a press of whoever
//! has the link. There is one record of an address and a purpose; what it said before stands in its history.

use channels::consent::{self, CONSENTS, MARKETING, Standing};
use jiff::Timestamp;
use model::expr::Plan;
use model::identity::email;
use model::{Record, Value};
use serde_json::Value as Json;
use store::{Draft, Error, Result, Work};

use crate::App;
use crate::writing::Subject;

/// What every form asks its visitors to agree to.
const PROCESSING: &str = "processing";
/// The length of a link's secret at least, and at most.
const TOKEN: std::ops::RangeInclusive<usize> = 22..=64;

/// What somebody agreed to.
struct Given<'a> {
    purpose: &'static str,
    /// A normalised address.
    address: &'a str,
    /// The wording.
    text: &'a str,
    policy: Option<&'a str>,
    form: Option<&'a str>,
    about: &'a Value,
    at: Timestamp,
}

/// Keeps what somebody agreed to who filled in a form, as its message says it. What they took back since stays so.
pub(crate) fn of_message(work: &mut Work<'_>, message: &Record) -> Result<()> {
    // Packs of older workspaces know of no consents.
    if work.module(CONSENTS).is_err() {
        return Ok(());
    }
    let Value::Json(said) = message.get("consent") else { return Ok(()) };
    let Some(Ok(address)) = message.text("from").map(email::normalise) else { return Ok(()) };
    let text = |at: &str| said.pointer(at).and_then(Json::as_str).filter(|text| !text.is_empty());
    let at = text("/given_at").and_then(|at| at.parse().ok()).unwrap_or_else(|| work.now());
    let agreed = [(PROCESSING, text("/text")), (MARKETING, text("/marketing"))];
    for (purpose, words) in agreed {
        let Some(words) = words else { continue };
        let given = Given {
            purpose,
            address: address.as_str(),
            text: words,
            policy: text("/policy"),
            form: message.text("form"),
            about: message.get("about"),
            at,
        };
        work.as_process(|work| give(work, &given))?;
    }
    Ok(())
}

fn give(work: &mut Work<'_>, given: &Given<'_>) -> Result<()> {
    if let Some(known) = consent::of(work, given.purpose, given.address)? {
        return renew(work, &known, given);
    }
    let new = agreed(given)
        .set("email", given.address)
        .set("purpose", given.purpose)
        .set("about", given.about.clone())
        .set("key", consent::key(given.purpose, given.address))
        .set("token", token()?);
    match work.attempt(|work| work.create(CONSENTS, new.clone())) {
        // Somebody else wrote it at the same moment and was first.
        Err(Error::Conflict { code: "duplicate", message, errors }) => {
            let known = consent::of(work, given.purpose, given.address)?;
            let known = known.ok_or(Error::Conflict { code: "duplicate", message, errors })?;
            renew(work, &known, given)
        }
        other => other.map(drop),
    }
}

fn renew(work: &mut Work<'_>, known: &Record, given: &Given<'_>) -> Result<()> {
    let held = work.hold_for_process(CONSENTS, known.id)?;
    if held.get("withdrawn_at").as_instant().is_some_and(|withdrawn| withdrawn > given.at) {
        return Ok(());
    }
    let draft = agreed(given);
    let draft = if held.get("about").is_null() { draft.set("about", given.about.clone()) } else { draft };
    work.update(CONSENTS, held.id, draft, None).map(drop)
}

fn agreed(given: &Given<'_>) -> Draft {
    Draft::new()
        .set("status", "given")
        .set("text", given.text)
        .set("policy", given.policy)
        .set("source", "form")
        .set("form", given.form)
        .set("given_at", given.at)
}

/// What the process knows of a consent that somebody notes, or of one that they note as taken back.
///
/// # Errors
/// [`Error::Invalid`] `consent_known` where there is one of that address and purpose.
pub(crate) fn beginning(work: &mut Work<'_>, draft: &Draft) -> Result<Draft> {
    let text = |name: &str| draft.values.get(name).and_then(Value::as_text);
    let (purpose, status) = (text("purpose").unwrap_or(MARKETING), text("status").unwrap_or("given"));
    // Without an address it is refused all the same.
    let Some(address) = text("email") else { return Ok(Draft::new()) };
    if consent::of(work, purpose, address)?.is_some() {
        let message = "there is a consent of this address to this purpose already: change its status";
        return Err(Error::field("email", "consent_known", message));
    }
    let draft = Draft::new()
        .set("key", consent::key(purpose, address))
        .set("token", token()?)
        .set("source", "entered")
        .set(moment_of(status), work.now());
    Ok(draft)
}

/// Notes when somebody changed the status of a consent by hand, or a program did.
pub(crate) fn stamped(work: &mut Work<'_>, before: &Record, after: Record) -> Result<Record> {
    let status = match after.text("status") {
        Some(status) if before.text("status") != Some(status) => status,
        _ => return Ok(after),
    };
    let draft = Draft::new().set(moment_of(status), work.now()).set("source", "entered");
    work.as_process(|work| work.update(CONSENTS, after.id, draft, None))
}

fn moment_of(status: &str) -> &'static str {
    if status == "withdrawn" { "withdrawn_at" } else { "given_at" }
}

fn token() -> Result<String> {
    crate::secrets::new().map_err(|error| Error::conflict("no_randomness", error.to_string()))
}

impl App {
    /// Where somebody takes back that they want news and offers.
    #[must_use]
    pub fn consent_url(&self, token: &str) -> String {
        self.ticketing().page_url(&format!("p/u/{token}"))
    }

    /// The consent to news and offers behind a link.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn open_consent(&self, work: &mut Work<'_>, token: &str) -> Result<Record> {
        let unknown = || Error::NotFound { module: CONSENTS.to_owned(), id: "by its link".to_owned() };
        let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        if !TOKEN.contains(&token.len()) || !token.bytes().all(is_token) {
            return Err(unknown());
        }
        let module = work.module(CONSENTS).map_err(|_| unknown())?;
        let filter = Plan::field(&module, "token").and_then(|field| field.eq(token)).map_err(|_| unknown())?;
        let found = work.as_process(|work| work.find(CONSENTS, filter))?.into_iter().next();
        // Of somebody who was erased nothing is decided any more.
        let is_there = |consent: &Record| consent.text("purpose") == Some(MARKETING) && !consent.get("key").is_null();
        found.filter(is_there).ok_or_else(unknown)
    }

    /// Takes the consent behind a link back, or gives it again with the words that it was given with; once more changes nothing.
    ///
    /// # Errors
    /// As [`App::open_consent`].
    pub fn decide_consent(&self, work: &mut Work<'_>, token: &str, is_given: bool) -> Result<Record> {
        let found = self.open_consent(work, token)?;
        let held = work.hold_for_process(CONSENTS, found.id)?;
        let status = if is_given { "given" } else { "withdrawn" };
        if held.text("status") == Some(status) {
            return Ok(held);
        }
        let draft = Draft::new().set("status", status).set("source", "link").set(moment_of(status), work.now());
        work.as_process(|work| work.update(CONSENTS, held.id, draft, None))
    }

    /// Those to whom a letter may go and who want no news and offers any more.
    ///
    /// # Errors
    /// When the database fails.
    pub fn opted_out(&self, work: &mut Work<'_>, subject: &Subject) -> Result<Vec<String>> {
        let mut opted_out = Vec::new();
        for addressee in &subject.addressees {
            if consent::standing(work, &addressee.email)? == Standing::OptedOut {
                opted_out.push(addressee.email.clone());
            }
        }
        Ok(opted_out)
    }
}
