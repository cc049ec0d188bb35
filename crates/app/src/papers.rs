//! The papers of a deal: what the program issues for it, what they want first, and the letter that takes them to the client.

mod contract;
mod letter;

use std::sync::Arc;

use billing::{ContractTerms, InvoiceLine, InvoiceParties, NewContract, NewInvoice, Requisites};
use model::Paper;
use model::l10n::date;
use model::process::Phase;
use model::requisites::LegalEntity;
use model::{Id, Locale, Module, Money, Record};
use store::{Error, FieldError, Result, Work};

use crate::App;

pub use billing::due_on;
pub(crate) use contract::{CONTRACT, printed_contract};
pub(crate) use letter::letter_samples;
pub use letter::{Sent, TEMPLATE};

const DEALS: &str = "deals";

/// A paper as the page of a deal offers it.
#[derive(Clone, Debug)]
pub struct Offer {
    /// Which.
    pub paper: Paper,
    /// The one that stands.
    pub standing: Option<Record>,
    /// What is missing: fields of the deal, of its account (`account.inn`), or `seller`.
    pub lacking: Vec<FieldError>,
}

impl App {
    /// What may be issued for a deal by whoever works, with what stands already and what is missing; nothing where they may not, or where
    /// the deal's order is invoiced by itself.
    ///
    /// # Errors
    /// When the database fails.
    pub fn papers_of(&self, work: &mut Work<'_>, deal: &Record) -> Result<Vec<Offer>> {
        let mut offers = Vec::new();
        if deal.module.name != DEALS || deal.deleted_at.is_some() || phase(work, deal) == Phase::Lost {
            return Ok(offers);
        }
        for paper in Paper::ALL {
            match may_issue(work, deal.id, paper) {
                Ok(()) => {}
                Err(Error::Forbidden { .. } | Error::NoModule(_) | Error::Conflict { .. }) => continue,
                Err(error) => return Err(error),
            }
            if paper == Paper::Invoice && is_by_order(deal) {
                continue;
            }
            let standing = billing::standing(work, deal.id, paper)?;
            // As the process sees it: what is hidden is not missing.
            let lacking = work.as_process(|work| {
                let whole = work.get(DEALS, deal.id)?;
                lacking(work, &whole)
            })?;
            offers.push(Offer { paper, standing, lacking });
        }
        Ok(offers)
    }

    /// Issues a paper of a deal: it takes the next number, says what is agreed now, and its document on the check list is there.
    ///
    /// # Errors
    /// [`Error::NotFound`] and [`Error::Forbidden`] for whoever may not; [`Error::Invalid`] with everything that is missing;
    /// [`Error::Conflict`] `already_issued` where one stands, `invoiced_by_order`, `deal_lost`.
    pub fn issue_paper(&self, work: &mut Work<'_>, deal: Id, paper: Paper) -> Result<Record> {
        work.get(DEALS, deal)?;
        may_issue(work, deal, paper)?;
        let issued = work.as_process(|work| issue(work, deal, paper))?;
        self.shown(work, issued)
    }

    /// Issues those papers of a deal that do not stand.
    pub(crate) fn issue_missing(&self, work: &mut Work<'_>, deal: Id, papers: &[Paper]) -> Result<()> {
        for paper in Paper::ALL.into_iter().filter(|paper| papers.contains(paper)) {
            kept_in(work, paper)?;
            work.lock(&[billing::deal_lock(deal)])?;
            if billing::standing(work, deal, paper)?.is_none() {
                work.as_process(|work| issue(work, deal, paper))?;
            }
        }
        Ok(())
    }
}

/// Where such papers are kept. Packs of before have none, or invoices of orders alone.
fn kept_in(work: &Work<'_>, paper: Paper) -> Result<Arc<Module>> {
    match work.module(paper.module()) {
        Ok(module) if paper == Paper::Contract || module.field("paid").is_some() => Ok(module),
        Ok(_) | Err(Error::NoModule(_)) => {
            let message = format!(
                "there are no {} of deals here: apply the pack crm that ships with this program",
                paper.module()
            );
            Err(Error::conflict("no_papers", message))
        }
        Err(error) => Err(error),
    }
}

/// Whether whoever works may issue such a paper for the deal.
fn may_issue(work: &mut Work<'_>, deal: Id, paper: Paper) -> Result<()> {
    let module = kept_in(work, paper)?;
    work.check_may_update(DEALS, deal)?;
    if work.grant(&module).create {
        return Ok(());
    }
    Err(Error::forbidden("create_forbidden", format!("your roles may not create {}", module.name)))
}

/// With the powers of a process, behind the lock of the deal.
fn issue(work: &mut Work<'_>, deal: Id, paper: Paper) -> Result<Record> {
    work.lock(&[billing::deal_lock(deal)])?;
    let deal = work.hold_for_process(DEALS, deal)?;
    if deal.deleted_at.is_some() {
        return Err(Error::not_found(DEALS, deal.id));
    }
    if phase(work, &deal) == Phase::Lost {
        return Err(Error::conflict("deal_lost", "the deal is lost: take it up again first"));
    }
    if paper == Paper::Invoice && is_by_order(&deal) {
        let message = "the order of this deal is invoiced by itself: enter its questionnaire";
        return Err(Error::conflict("invoiced_by_order", message));
    }
    if let Some(standing) = billing::standing(work, deal.id, paper)? {
        let number = standing.text("number").unwrap_or_default();
        let message = format!("the {} {number} stands: void it first", paper.name());
        return Err(Error::conflict("already_issued", message));
    }
    let lacking = lacking(work, &deal)?;
    let (Some(account), Some(total), Some(seller), true) =
        (deal.link("account"), deal.get("amount").as_money(), seller(work), lacking.is_empty())
    else {
        return Err(Error::Invalid(lacking));
    };
    let account = work.get("accounts", account)?;
    let event = deal.link("event").map(|event| work.get("events", event)).transpose()?;
    let name = deal.text("name").unwrap_or_default().to_owned();
    let locale = language(work, &deal, &account);
    let buyer = Requisites::of(&account);
    let issued = match paper {
        Paper::Contract => {
            let own = |field: &str| deal.text(field).or_else(|| account.text(field)).map(str::to_owned);
            let share = deal.get("prepayment_share").as_int().or_else(|| account.get("prepayment_share").as_int());
            let settings = work.settings();
            let payment_terms = own("payment_terms").or_else(|| settings.payment_terms.clone()).unwrap_or_default();
            let day = |name: &str| event.as_ref().and_then(|event| event.get(name).as_date());
            let terms = ContractTerms {
                seller,
                buyer,
                subject: name,
                event: event.as_ref().map(Record::title).unwrap_or_default(),
                days: day("starts_on").map(|first| (first, day("ends_on").unwrap_or(first))),
                payment_terms,
                prepayment_share: share.or(settings.prepayment_share),
                obligations: deal.text("obligations").unwrap_or_default().to_owned(),
                locale,
            };
            billing::draw_up(work, &NewContract { deal: deal.id, account: account.id, total, terms })?
        }
        Paper::Invoice => {
            let line = InvoiceLine { name, quantity: 1, unit: "service", price: total, vat_rate: seller.vat() };
            let printed = InvoiceParties {
                seller,
                buyer,
                order: String::new(),
                event: event.as_ref().map(Record::title).unwrap_or_default(),
                basis: basis(work, &deal, locale)?,
                locale,
            };
            let (deal, account) = (Some(deal.id), Some(account.id));
            let currency = total.currency;
            billing::issue(work, NewInvoice { order: None, deal, account, lines: vec![line], currency, printed })?
        }
    };
    billing::mark(work, deal.id, paper)?;
    Ok(issued)
}

/// On what the invoice of a deal stands: its contract, else the deal by its name.
fn basis(work: &mut Work<'_>, deal: &Record, locale: Locale) -> Result<String> {
    let name = deal.text("name").unwrap_or_default().to_owned();
    if work.definitions().module(Paper::Contract.module()).is_none() {
        return Ok(name);
    }
    let Some(contract) = billing::standing(work, deal.id, Paper::Contract)? else { return Ok(name) };
    let template = work.definitions().document(crate::invoices::INVOICE);
    let words = template.and_then(|template| template.labels.get(&locale)?.get("basis_contract"));
    let Some(words) = words.and_then(|words| words.as_str()) else { return Ok(name) };
    let day = contract.get("date").as_date().map(|day| date(locale, day)).unwrap_or_default();
    Ok(words.replace("{number}", contract.text("number").unwrap_or_default()).replace("{date}", &day))
}

/// Everything that a paper wants of the deal, its account and the organisation, and that is missing.
fn lacking(work: &mut Work<'_>, deal: &Record) -> Result<Vec<FieldError>> {
    let mut lacking = Vec::new();
    let mut want = |field: &str, message: &str| lacking.push(FieldError::new(field, "required", message));
    if deal.get("amount").as_money().is_none_or(|amount| amount.minor <= 0) {
        want("amount", "a sum above zero is agreed first");
    }
    match deal.link("account").map(|account| work.get("accounts", account)).transpose() {
        Ok(Some(account)) if account.deleted_at.is_none() => {
            let is_empty = |field: &str| account.text(field).is_none_or(|text| text.trim().is_empty());
            let is_russian = account.text("country").is_none_or(|country| country == "RU");
            // A private person has neither number nor office of a tax payer to show.
            let is_person = account.text("kind") == Some("person");
            let is_company = account.text("inn").is_some_and(|inn| inn.len() == 10);
            let asked = [
                ("inn", is_russian && !is_person),
                ("tax_id", !is_russian && !is_person),
                ("kpp", is_russian && is_company),
                ("legal_address", true),
            ];
            for (field, _) in asked.into_iter().filter(|(field, is_asked)| *is_asked && is_empty(field)) {
                want(&format!("account.{field}"), "the paper prints it: fill it in on the account");
            }
        }
        Ok(_) | Err(Error::NotFound { .. }) => want("account", "who is it for?"),
        Err(error) => return Err(error),
    }
    if seller(work).is_none() {
        want("seller", "say who sells: the first legal entity of the organisation");
    }
    Ok(lacking)
}

fn seller(work: &Work<'_>) -> Option<LegalEntity> {
    work.settings().legal_entities.first().filter(|seller| !seller.name.is_empty()).cloned()
}

/// The language that a client's papers are in: the deal's, else that of the country.
fn language(work: &Work<'_>, deal: &Record, account: &Record) -> Locale {
    let said = deal.text("locale").and_then(Locale::parse);
    let is_foreign = account.text("country").is_some_and(|country| country != "RU");
    said.unwrap_or(if is_foreign { Locale::En } else { work.settings().locale })
}

/// Whether the deal is that of an organisation's order, which is invoiced with its seats.
fn is_by_order(deal: &Record) -> bool {
    deal.text("pipeline") == Some("group_tickets")
}

fn phase(work: &Work<'_>, deal: &Record) -> Phase {
    let process = work.definitions().process(DEALS);
    let state = process.and_then(|process| process.state(deal.text(&process.field)?));
    state.map_or(Phase::Open, |state| state.phase)
}

/// A sum as papers and their letters say it.
fn worded(locale: Locale, sum: Option<Money>) -> String {
    sum.map(|sum| model::l10n::money_exact(locale, sum)).unwrap_or_default()
}
