//! Contracts as PDF: drawn from what was kept when they were drawn up.

use std::collections::BTreeMap;

use billing::{ContractTerms, Requisites};
use documents::{ContractDocument, ContractParty};
use model::l10n::{date, date_range, money_in_words};
use model::requisites::LegalEntity;
use model::{Actor, Id};
use serde_json::json;
use store::{Error, Result, Work};

use super::worded;
use crate::App;
use crate::tickets::{Printed, TicketFile, TicketFileError};

/// Name of the template.
pub(crate) const CONTRACT: &str = "contract";

impl App {
    /// Draws a contract that the caller may see.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn contract_pdf(&self, actor: Actor, id: Id) -> std::result::Result<TicketFile, TicketFileError> {
        let Printed { name, data } = self.workspace().read(actor, move |work| printed_contract(work, id)).await?;
        Ok(TicketFile { name, bytes: self.draw(CONTRACT, data).await? })
    }
}

/// What a contract says on paper.
pub(crate) fn printed_contract(work: &mut Work<'_>, id: Id) -> Result<Printed> {
    let contract = work.get("contracts", id)?;
    // Whoever sees the contract sees what is printed in it.
    let contract = work.as_process(|work| work.get("contracts", contract.id))?;
    let terms = serde_json::from_value::<ContractTerms>(contract.get("printed").to_json());
    let terms = terms.map_err(|_| Error::conflict("not_issued", "only a contract that was issued can be printed"))?;
    let locale = terms.locale;
    let labels = work.definitions().document(CONTRACT).and_then(|template| template.labels.get(&locale).cloned());
    let labels: BTreeMap<String, String> = serde_json::from_value(labels.unwrap_or_default()).unwrap_or_default();
    let number = contract.text("number").unwrap_or_default().to_owned();
    let total = contract.get("total").as_money();
    let document = ContractDocument {
        language: locale.tag().to_owned(),
        number: number.clone(),
        date: contract.get("date").as_date().map(|day| date(locale, day)).unwrap_or_default(),
        is_void: contract.text("status") == Some(billing::VOID),
        vat_rate: terms.seller.vat().map(|rate| rate.to_string()),
        seller: seller(terms.seller),
        buyer: buyer(terms.buyer),
        subject: terms.subject,
        event: terms.event,
        days: terms.days.map(|(first, last)| date_range(locale, first, last)).unwrap_or_default(),
        total: worded(locale, total),
        total_in_words: total.map(|total| money_in_words(locale, total)).unwrap_or_default(),
        vat: contract.get("vat").as_money().map(|vat| worded(locale, Some(vat))),
        payment_terms: terms.payment_terms,
        share: terms.prepayment_share.map(|share| share.to_string()),
        obligations: terms.obligations,
        labels,
    };
    let broken = |error: serde_json::Error| Error::conflict("broken_template", error.to_string());
    let mut data = serde_json::to_value(&document).map_err(broken)?;
    if let Some(object) = data.as_object_mut() {
        object.insert("id".to_owned(), json!(id));
    }
    Ok(Printed { name: format!("contract-{number}.pdf"), data })
}

fn seller(party: LegalEntity) -> ContractParty {
    ContractParty {
        name: party.name,
        inn: party.inn,
        kpp: party.kpp,
        ogrn: party.ogrn,
        address: party.address,
        bank_name: party.bank_name,
        bik: party.bik,
        bank_account: party.bank_account,
        corr_account: party.corr_account,
    }
}

fn buyer(party: Requisites) -> ContractParty {
    ContractParty {
        name: party.name,
        inn: party.inn,
        kpp: party.kpp,
        ogrn: party.ogrn,
        address: party.address,
        bank_name: party.bank_name,
        bik: party.bik,
        bank_account: party.bank_account,
        corr_account: party.corr_account,
    }
}
