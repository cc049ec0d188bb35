//! Letters of a site: read as `model::site_letter` says, made by the very services that the site's API asks, under their checks
//! and refusals (processes.md, 2.1). What cannot be made waits among the rejected requests with its text.

mod fields;
mod kept;
mod order;
mod trial;

use std::sync::Arc;

use channels::mime::{Letter, rows, vouches};
use model::site_letter::SiteLetter;
use model::{Actor, Definitions, Record};
use store::{Error, FieldError, Result, Work};

use crate::App;
use crate::queue::lead_of;

pub use kept::{Kept, kept};
pub(crate) use kept::{as_kept, goes_along};
pub use trial::{Tried, WouldBe, WouldBeTicket};

/// How much of a letter is read, in characters.
const LONGEST: usize = 50_000;

/// Which letters of a site a letter is.
pub(crate) enum Standing {
    /// None.
    None,
    /// These.
    Known(Arc<SiteLetter>),
    /// It says that it is, and the own mail server does not vouch for its sender.
    Unproven,
}

/// Which letters of a site a letter with that sender is; of several the one whose subject says the most.
pub(crate) fn standing(definitions: &Definitions, letter: &Letter, from: &str) -> Standing {
    // A report of a letter that did not arrive tells of no order.
    if letter.undelivered.is_some() {
        return Standing::None;
    }
    let (mut known, mut unproven) = (None::<&Arc<SiteLetter>>, false);
    for (site, _) in definitions.site_letters() {
        if !site.active || !site.is_it(from, letter.subject.as_deref()) {
            continue;
        }
        if site.vouched_by.as_deref().is_some_and(|server| !vouches(&letter.results, server, from)) {
            unproven = true;
            continue;
        }
        if known.is_none_or(|known| says(site) > says(known)) {
            known = Some(site);
        }
    }
    match known {
        Some(site) => Standing::Known(site.clone()),
        None if unproven => Standing::Unproven,
        None => Standing::None,
    }
}

/// The text of a letter in which most is found: its words, or its formatted text line by line.
pub(crate) fn text_of(site: &SiteLetter, letter: &Letter) -> String {
    let cut = |text: &str| text.chars().take(LONGEST).collect::<String>();
    let words = cut(letter.text.as_deref().unwrap_or_default());
    let Some(html) = letter.html.as_deref() else { return words };
    let lines = cut(&rows(html));
    if site.read(&lines).len() > site.read(&words).len() { lines } else { words }
}

/// How much of a subject letters of a site ask for.
fn says(site: &SiteLetter) -> usize {
    site.subject.as_deref().map_or(0, str::len)
}

impl App {
    /// Makes what a letter of a site asks for, as whoever works: the site itself, or who corrects it.
    ///
    /// # Errors
    /// As [`ticketing::Ticketing::place`]; [`Error::Invalid`] by field; [`Error::Forbidden`] for whoever may not make it.
    pub(crate) fn make_of_site(&self, work: &mut Work<'_>, site: &SiteLetter, text: &str) -> Result<Record> {
        let found = site.read(text);
        if found.is_empty() {
            return Err(Error::field("text", "site_letter_unread", "none of the labels stands in the letter"));
        }
        if site.module == "orders" {
            return self.order_of_site(work, site, &found);
        }
        let module = work.module(&site.module)?;
        if !matches!(work.actor(), Actor::Public) && !work.grant(&module).create {
            return Err(Error::forbidden("create_forbidden", format!("your roles may not create {}", module.name)));
        }
        let fields = fields::of(work, site, &module, &found)?;
        work.as_process(|work| match module.name.as_str() {
            "leads" => lead_of(self, work, &fields),
            name => self.create(work, name, &fields).map(|(record, _)| record),
        })
    }
}

/// Why a letter cannot be made what it asks for, by field; any other failure is none of the letter's.
pub(crate) fn refused(error: Error) -> Result<Vec<FieldError>> {
    match error {
        Error::Invalid(faults) => Ok(faults),
        Error::Conflict { code, message, errors } if errors.is_empty() => {
            Ok(vec![FieldError::new("tickets", code, message)])
        }
        Error::Conflict { errors, .. } => Ok(errors),
        Error::NotFound { module, .. } if module == "events" => Ok(vec![no_event()]),
        error => Err(error),
    }
}

pub(crate) fn no_event() -> FieldError {
    FieldError::new(
        "event",
        "site_letter_event",
        "there is no such event here: give its address, or its name, or a word for it",
    )
}
