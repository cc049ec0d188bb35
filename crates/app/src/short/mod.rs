//! Short messages: SMS and chat, by the lines that carry them. Who may be written to and what is sent stands in the outbox as
//! letters do; what is told of it, and what people write, comes in by the door of the line.

mod deliver;
mod hear;

use channels::outbox::{self, NewShort};
use channels::short::{Account, Carrier, Told, Unsent, read};
use channels::telephone::{Knock, Refused};
use channels::webhook::Loopback;
use model::identity::phone;
use model::{Actor, Id, Locale, Record};
use store::{Error, Line, LineSecrets, Result, Work};

use crate::App;
use crate::queue::MESSAGES;

pub(crate) use hear::talk;

/// Short messages that are on their way at once.
pub(crate) const AT_ONCE: usize = 4;

/// A line that carries messages.
#[derive(Clone, Debug)]
pub struct Way {
    /// The line.
    pub line: Line,
    /// What carries them.
    pub carrier: Carrier,
}

/// What a rule sends.
pub(crate) struct Written {
    /// The name of the line; the first that carries SMS where nothing is said.
    pub(crate) through: Option<String>,
    pub(crate) to: String,
    pub(crate) text: String,
    pub(crate) locale: Locale,
    pub(crate) is_strangers: bool,
}

/// The lines that messages go out through now, by name.
///
/// # Errors
/// When the database fails.
pub fn ways(work: &mut Work<'_>) -> Result<Vec<Way>> {
    // Messages of packs of before lines do not say by which they go.
    if work.module(MESSAGES)?.field("line_id").is_none() {
        return Ok(Vec::new());
    }
    let lines = work.active_lines()?.into_iter();
    let way = |line: Line| {
        let carrier = Carrier::parse(&line.setup.kind)?;
        // A telephone line of Twilio carries messages where it has a number for them.
        let sends = carrier != Carrier::Twilio || line.setup.account.is_some() && line.setup.sender.is_some();
        sends.then_some(Way { line, carrier })
    };
    Ok(lines.filter_map(way).collect())
}

/// What is told at the door of a line that carries messages; nothing where it is of no interest.
///
/// # Errors
/// [`Refused`]; so of a line that carries none.
pub fn heard(line: &Line, secrets: &LineSecrets, knock: &Knock<'_>) -> std::result::Result<Option<Told>, Refused> {
    let carrier = Carrier::parse(&line.setup.kind).ok_or(Refused::Signature)?;
    read(carrier, &account(line, secrets), knock)
}

fn account<'a>(line: &'a Line, secrets: &'a LineSecrets) -> Account<'a> {
    let setup = &line.setup;
    Account {
        name: setup.account.as_deref(),
        secret: &secrets.secret,
        hook: secrets.hook.as_deref(),
        sender: setup.sender.as_deref(),
        url: setup.url.as_deref(),
        body: setup.body.as_deref(),
    }
}

impl App {
    /// The address at which a line is told of messages.
    #[must_use]
    pub fn message_url(&self, line: Id) -> String {
        self.ticketing().page_url(&format!("api/hooks/messages/{line}"))
    }

    pub(crate) fn loopback(&self) -> Loopback {
        Loopback(self.0.loopback.load(std::sync::atomic::Ordering::Relaxed))
    }

    /// Why an address is none that messages are handed over to, as far as it says so itself.
    #[must_use]
    pub fn refuses_address(&self, url: &str) -> Option<&'static str> {
        let is_secure = url.starts_with("https://") || self.loopback().0 && url.starts_with("http://");
        if is_secure { self.refuses_webhook(url) } else { Some("an address begins with https://") }
    }

    /// Tells the bot of a line where it tells of what is written to it; why not, where it does not take that.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without the right to administer, [`Error::NotFound`]; [`Error::Conflict`] `no_bot`, `sandbox`.
    pub async fn connect_line(&self, actor: Actor, id: Id) -> Result<Option<String>> {
        let find = move |work: &mut Work<'_>| {
            let line = work.line(id)?;
            if line.setup.kind != Carrier::Telegram.name() {
                return Err(Error::conflict("no_bot", "only a bot is told where it tells of messages"));
            }
            if work.settings().sandbox {
                return Err(Error::conflict("sandbox", "nothing leaves a sandbox"));
            }
            let known = work.line_at_door(id)?;
            known.ok_or_else(|| Error::conflict("no_bot", "the line is switched off"))
        };
        let (line, secrets) = self.workspace().read(actor, find).await?;
        let told = channels::short::connect(&account(&line, &secrets), &self.message_url(id), self.loopback()).await;
        Ok(told.err().map(|(Unsent::Later(why) | Unsent::Never(why))| why))
    }

    /// Sends an SMS for a rule; the same cause sends one, however often it is told.
    pub(crate) fn send_short(
        &self,
        work: &mut Work<'_>,
        written: Written,
        about: &Record,
        cause: String,
    ) -> Result<()> {
        let Way { line, carrier } = way_of(work, written.through.as_deref())?;
        let region = work.settings().reading().region;
        let to = phone::normalise(&written.to, region).map(String::from);
        let to = to.map_err(|error| Error::conflict("no_number", format!("the record has no number: {error}")))?;
        let text = fitting(carrier, &written.text)?;
        let new = NewShort {
            channel: carrier.channel(),
            line: (line.id, line.setup.name),
            from: line.setup.sender,
            to,
            to_name: None,
            text,
            locale: written.locale,
            about: Some((about.module.name.clone(), about.id)),
            cause: Some(cause),
            writer: None,
            owner: None,
            conversation: None,
            turn: None,
            goes_at: None,
            is_strangers: written.is_strangers,
        };
        outbox::queue_short(work, new).map(drop)
    }
}

/// The line of that name that carries SMS; the first of them where none is named.
fn way_of(work: &mut Work<'_>, name: Option<&str>) -> Result<Way> {
    let mut sms = ways(work)?.into_iter().filter(|way| way.carrier.channel() == "sms");
    let found = match name {
        Some(name) => sms.find(|way| way.line.setup.name == name),
        None => sms.next(),
    };
    found.ok_or_else(|| Error::conflict("no_line", "there is no line through which an SMS could go"))
}

/// A text that a carrier takes.
///
/// # Errors
/// [`Error::Invalid`] for `text`.
pub(crate) fn fitting(carrier: Carrier, text: &str) -> Result<String> {
    let text = text.replace("\r\n", "\n").trim().to_owned();
    let most = carrier.longest();
    if text.is_empty() {
        return Err(Error::field("text", "required", "what does the message say?"));
    }
    if text.chars().count() > most {
        return Err(Error::field("text", "too_long", format!("at most {most} characters")));
    }
    if text.contains('\0') {
        return Err(Error::field("text", "invalid_text", "the character U+0000 cannot be kept"));
    }
    Ok(text)
}
