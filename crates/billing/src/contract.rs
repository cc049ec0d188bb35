//! Contracts: what was agreed is kept as it was drawn up, under a number that stays used.

use jiff::civil::Date;
use model::requisites::LegalEntity;
use model::{Id, Locale, Money, Record, Value};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Draft, Result, Work};

use crate::Requisites;
use crate::invoice::{ISSUED, number, vat_in};

pub(crate) const MODULE: &str = "contracts";
/// Both sides have signed.
pub const SIGNED: &str = "signed";

/// What somebody is to sign.
#[derive(Clone, Debug)]
pub struct NewContract {
    /// The deal.
    pub deal: Id,
    /// The other side.
    pub account: Id,
    /// What is paid, with tax.
    pub total: Money,
    /// What is printed.
    pub terms: ContractTerms,
}

/// Parties and terms as they stood on the day: `contracts.printed`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ContractTerms {
    /// Who sells.
    pub seller: LegalEntity,
    /// Who buys.
    pub buyer: Requisites,
    /// What is sold.
    pub subject: String,
    /// At which event.
    pub event: String,
    /// First and last day of that event.
    pub days: Option<(Date, Date)>,
    /// How it is paid: `prepaid`, `partial`, `postpaid`; empty where nothing is agreed.
    pub payment_terms: String,
    /// Percent in advance where a part is.
    pub prepayment_share: Option<i64>,
    /// What each side does, in its own words.
    pub obligations: String,
    /// Language of the document.
    pub locale: Locale,
}

/// Draws a contract up: it takes the next number of its legal entity and year, and what it says is kept as it is now.
///
/// # Errors
/// When the database fails.
pub fn draw_up(work: &mut Work<'_>, new: &NewContract) -> Result<Record> {
    let seller = &new.terms.seller;
    let vat = seller.vat().and_then(|rate| vat_in(new.total, rate));
    let date = work.settings().zone().to_datetime(work.now()).date();
    work.as_process(|work| {
        let number = number(work, MODULE, &seller.inn, date.year())?;
        let draft = Draft::new()
            .set("number", number)
            .set("date", date)
            .set("status", ISSUED)
            .set("deal", new.deal)
            .set("account", new.account)
            .set("legal_entity", Some(seller.inn.clone()).filter(|inn| !inn.is_empty()))
            .set("subject", new.terms.subject.clone())
            .set("total", new.total)
            .set("vat", vat)
            .set("printed", Value::Json(json!(new.terms)));
        work.create(MODULE, draft)
    })
}
