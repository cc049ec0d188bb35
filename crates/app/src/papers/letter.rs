//! The letter with the papers of a deal.

use model::Paper;
use model::l10n::date;
use model::{Id, Locale, Record};
use serde_json::{Value as Json, json};
use store::{Error, Result, Work};
use ticketing::{Letters as _, OutgoingLetter};

use super::{DEALS, language, worded};
use crate::App;
use crate::letters::LettersByTemplate;

/// Name of the letter.
pub const TEMPLATE: &str = "deal_papers";

/// What went out.
#[derive(Clone, Debug)]
pub struct Sent {
    /// Where to.
    pub to: String,
    /// The contract that went along.
    pub contract: Option<Id>,
    /// The invoice that went along.
    pub invoice: Option<Id>,
}

impl App {
    /// Sends the papers of a deal that stand to its contact, else to its account; each press is a letter.
    ///
    /// # Errors
    /// [`Error::NotFound`] and [`Error::Forbidden`] for whoever may not; [`Error::Conflict`] `nothing_issued`; [`Error::Invalid`]
    /// without an address.
    pub fn send_standing_papers(&self, work: &mut Work<'_>, deal: Id, papers: &[Paper]) -> Result<Sent> {
        work.get(DEALS, deal)?;
        work.check_may_update(DEALS, deal)?;
        let cause = format!("{DEALS}/{deal}/papers/{}", work.new_id());
        self.send_papers(work, deal, papers, cause)
    }

    /// Where the papers of a deal would go.
    ///
    /// # Errors
    /// When the database fails.
    pub fn papers_go_to(&self, work: &mut Work<'_>, deal: &Record) -> Result<Option<String>> {
        let deal = work.as_process(|work| work.get(DEALS, deal.id))?;
        Ok(addressee(work, &deal)?.map(|(_, email)| email))
    }

    /// The same for a cause that is told once.
    pub(crate) fn send_papers(&self, work: &mut Work<'_>, deal: Id, papers: &[Paper], cause: String) -> Result<Sent> {
        work.as_process(|work| {
            let deal = work.get(DEALS, deal)?;
            let stands = billing::kept(work, deal.id)?.into_iter();
            let stands = stands.filter(|(is, _)| papers.contains(is)).collect::<Vec<_>>();
            let of = |wanted: Paper| stands.iter().find(|(is, _)| *is == wanted).map(|(_, paper)| paper);
            let (contract, invoice) = (of(Paper::Contract), of(Paper::Invoice).filter(|it| billing::is_of_deal(it)));
            if contract.is_none() && invoice.is_none() {
                return Err(Error::conflict("nothing_issued", "no contract and no invoice of this deal stands"));
            }
            let Some((name, email)) = addressee(work, &deal)? else {
                let message = "neither the contact nor the account has an e-mail address";
                return Err(Error::field("contact.email", "required", message));
            };
            let account = deal.link("account").map(|account| work.get("accounts", account)).transpose()?;
            let locale = language(work, &deal, account.as_ref().unwrap_or(&deal));
            let paper = |paper: &Record| {
                let day = paper.get("date").as_date().map(|day| date(locale, day));
                json!({
                    "number": paper.text("number"), "date": day, "total": worded(locale, paper.get("total").as_money()),
                })
            };
            let data = json!({
                "organiser": work.settings().name,
                "buyer": {"name": name},
                "deal": {"name": deal.text("name"), "amount": worded(locale, deal.get("amount").as_money())},
                "contract": contract.map(paper),
                "invoice": invoice.map(paper),
            });
            let (contract, invoice) = (contract.map(|it| it.id), invoice.map(|it| it.id));
            let letter = OutgoingLetter {
                template: TEMPLATE,
                to_name: name,
                to_email: email.clone(),
                locale,
                about: (DEALS.to_owned(), deal.id),
                cause,
                data,
                tickets: Vec::new(),
                invoice,
                contract,
            };
            LettersByTemplate.send(work, letter)?;
            Ok(Sent { to: email, contract, invoice })
        })
    }
}

/// Whom the papers go to: the contact, else the account.
fn addressee(work: &mut Work<'_>, deal: &Record) -> Result<Option<(String, String)>> {
    work.as_process(|work| {
        for (field, module) in [("contact", "contacts"), ("account", "accounts")] {
            let Some(id) = deal.link(field) else { continue };
            let person = match work.get(module, id) {
                Ok(person) if person.deleted_at.is_none() => person,
                Ok(_) | Err(Error::NotFound { .. }) => continue,
                Err(error) => return Err(error),
            };
            if let Some(email) = person.text("email") {
                return Ok(Some((person.title(), email.to_owned())));
            }
        }
        Ok(None)
    })
}

/// What the letter reads, made up: with both papers, and with one.
pub(crate) fn letter_samples(locale: Locale) -> Vec<Json> {
    let (sum, day, deal, name) = match locale {
        Locale::Ru => ("300\u{a0}000,00\u{a0}₽", "22 ноября 2026", "Золотой спонсор", "Анна Белова"),
        Locale::En => ("£3,000.00", "22 November 2026", "Gold sponsor", "Anna Belova"),
    };
    let paper = json!({"number": "17", "date": day, "total": sum});
    let sample = |contract: Option<&Json>, invoice: Option<&Json>| {
        json!({
            "organiser": "Plenary", "buyer": {"name": name}, "deal": {"name": deal, "amount": sum},
            "contract": contract, "invoice": invoice,
        })
    };
    vec![sample(Some(&paper), Some(&paper)), sample(None, Some(&paper)), sample(Some(&paper), None)]
}
