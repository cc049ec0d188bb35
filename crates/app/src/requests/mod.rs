//! Requests that lines bring: lead forms of VK and Meta, and whatever any program signs (B3, B5). Each is read by a form of ours
//! and made what that form makes, by the same checks; what cannot be made waits among the rejected requests.

mod fetch;
mod kept;
mod take;
mod trial;

use channels::requests::{Heard, Keys, Source, read, verify};
use channels::telephone::{Knock, Refused};
use model::Id;
use store::{Line, LineSecrets, Result, Work};

use crate::App;

pub use fetch::Waits;
pub(crate) use fetch::{AT_ONCE, FETCH_JOB};
pub use kept::{KEPT, Request, found, kept};
pub use take::Became;
pub use trial::Tried;

/// Under which name of a source requests of lines are taken in once.
const SOURCE: &str = "line_request";

/// What a line brings requests from; nothing where it brings none.
#[must_use]
pub fn source(line: &Line) -> Option<Source> {
    Source::parse(&line.setup.kind)
}

/// What is told at the door of a line that brings requests.
///
/// # Errors
/// [`Refused`]; so of a line that brings none.
pub fn heard(line: &Line, secrets: &LineSecrets, knock: &Knock<'_>) -> std::result::Result<Heard, Refused> {
    read(source(line).ok_or(Refused::Signature)?, &keys(line, secrets), knock)
}

/// What is answered where a source asks by the address whether this is the right door.
///
/// # Errors
/// [`Refused`].
pub fn verified(line: &Line, secrets: &LineSecrets, knock: &Knock<'_>) -> std::result::Result<String, Refused> {
    verify(source(line).ok_or(Refused::Signature)?, &keys(line, secrets), knock)
}

fn keys<'a>(line: &'a Line, secrets: &'a LineSecrets) -> Keys<'a> {
    let setup = &line.setup;
    Keys {
        account: setup.account.as_deref(),
        secret: &secrets.secret,
        hook: secrets.hook.as_deref(),
        confirmation: setup.confirmation.as_deref(),
        header: setup.header.as_deref(),
        id_path: setup.id_path.as_deref(),
        url: setup.url.as_deref(),
    }
}

impl App {
    /// The address at which a line is told of requests.
    #[must_use]
    pub fn request_url(&self, line: Id) -> String {
        self.ticketing().page_url(&format!("api/hooks/requests/{line}"))
    }

    /// The word that Meta says where it asks for the door of a line; nothing of other lines, of one that is switched off, and for
    /// whoever does not administer.
    ///
    /// # Errors
    /// When the database fails.
    pub fn verify_token(&self, work: &mut Work<'_>, line: &Line) -> Result<Option<String>> {
        if source(line) != Some(Source::Meta) || work.require(model::rights::Capability::Administer).is_err() {
            return Ok(None);
        }
        let hook = work.line_at_door(line.id)?.and_then(|(_, secrets)| secrets.hook);
        Ok(hook.map(|hook| channels::requests::verify_token(&hook)))
    }
}
