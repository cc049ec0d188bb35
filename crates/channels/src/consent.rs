//! Who agreed to letters that advertise (H1). A consent is a record, one of an address and a purpose; without one that stands no
//! such letter goes.

use model::Record;
use model::expr::Plan;
use model::identity::email;
use store::{Error, Result, Work};

/// The module of consents.
pub const CONSENTS: &str = "consents";
/// The purpose of letters that advertise: an option of `consents.purpose` and of `messages.purpose`.
pub const MARKETING: &str = "marketing";

/// How an address stands to letters that advertise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It agreed; with the secret of the link by which that is taken back.
    Agreed(String),
    /// It never did.
    Never,
    /// It took that back.
    OptedOut,
}

/// Why a letter that advertises does not go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Withheld {
    /// The address never agreed.
    NoConsent,
    /// It took that back.
    OptedOut,
}

impl Withheld {
    /// A stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NoConsent => "no_consent",
            Self::OptedOut => "opted_out",
        }
    }

    /// In English, as it is kept with the letter.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::NoConsent => "not sent: this address never agreed to news and offers",
            Self::OptedOut => "not sent: this address does not want news and offers any more",
        }
    }

    /// Why the letter in this record was withheld; nothing of any other.
    #[must_use]
    pub fn of(letter: &Record) -> Option<Self> {
        let is_withheld = letter.text("status") == Some("withheld");
        let is_said = |why: &Self| letter.text("error") == Some(why.words());
        [Self::OptedOut, Self::NoConsent].into_iter().find(|why| is_withheld && is_said(why))
    }
}

impl Standing {
    /// Why a letter that advertises does not go; nothing where it does.
    #[must_use]
    pub fn withheld(&self) -> Option<Withheld> {
        match self {
            Self::Agreed(_) => None,
            Self::Never => Some(Withheld::NoConsent),
            Self::OptedOut => Some(Withheld::OptedOut),
        }
    }
}

/// What tells the consent of an address to a purpose from every other.
#[must_use]
pub fn key(purpose: &str, address: &str) -> String {
    let address = email::normalise(address).map_or_else(|_| address.trim().to_lowercase(), String::from);
    format!("{purpose} {address}")
}

/// The consent of an address to a purpose, given or taken back; nothing where there is none.
///
/// # Errors
/// When the database fails.
pub fn of(work: &mut Work<'_>, purpose: &str, address: &str) -> Result<Option<Record>> {
    // Packs of older workspaces know of no consents.
    let Ok(module) = work.module(CONSENTS) else { return Ok(None) };
    let filter = Plan::field(&module, "key").and_then(|field| field.eq(key(purpose, address)));
    let filter = filter.map_err(|error| Error::bad_query("invalid_filter", error.to_string()))?;
    Ok(work.as_process(|work| work.find(CONSENTS, filter))?.into_iter().next())
}

/// How an address stands to letters that advertise.
///
/// # Errors
/// When the database fails.
pub fn standing(work: &mut Work<'_>, address: &str) -> Result<Standing> {
    let Some(consent) = of(work, MARKETING, address)? else { return Ok(Standing::Never) };
    Ok(match (consent.text("status"), consent.text("token")) {
        (Some("given"), Some(token)) => Standing::Agreed(token.to_owned()),
        _ => Standing::OptedOut,
    })
}
