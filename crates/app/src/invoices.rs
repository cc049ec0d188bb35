//! Invoices as PDF: drawn from what was kept when they were issued, whatever seller and buyer are called today.

use std::collections::BTreeMap;

use billing::InvoiceParties;
use channels::outbox::Attachment;
use documents::{InvoiceDocument, InvoiceLine, InvoiceParty};
use model::l10n::{date, money_exact, money_in_words};
use model::requisites::LegalEntity;
use model::{Actor, Currency, Id, Locale, Money, Record};
use serde_json::{Value as Json, json};
use store::{Error, Result, Settings, Work};
use ticketing::INVOICE_JOB;

use crate::App;
use crate::tickets::{Printed, TicketFile, TicketFileError};

/// Name of the template.
pub(crate) const INVOICE: &str = "invoice";

/// Whether the caller may see an invoice or contract that went along with a letter.
pub(crate) fn is_paper_seen(work: &mut Work<'_>, module: &str, document: &Attachment) -> Result<bool> {
    let id = document.data.get("id").and_then(Json::as_str).and_then(|id| id.parse::<Id>().ok());
    match id.map(|id| work.get(module, id)).transpose() {
        Ok(invoice) => Ok(invoice.is_some()),
        Err(Error::NotFound { .. } | Error::NoModule(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

impl App {
    /// Puts invoices that waited for a seller on the queue, where the settings that were just kept name one.
    ///
    /// # Errors
    /// When the database fails.
    pub fn issue_waiting_invoices(&self, work: &mut Work<'_>, settings: &Settings) -> Result<()> {
        if settings.legal_entities.is_empty() || work.definitions().module("invoices").is_none() {
            return Ok(());
        }
        let now = work.now();
        for order in billing::without_seller(work)? {
            work.enqueue(
                INVOICE_JOB,
                Some(&format!("{INVOICE_JOB}:{order}")),
                now,
                json!({"order": order.to_string()}),
            )?;
        }
        Ok(())
    }

    /// Draws an invoice that the caller may see.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`] for one that was never issued.
    pub async fn invoice_pdf(&self, actor: Actor, id: Id) -> std::result::Result<TicketFile, TicketFileError> {
        let Printed { name, data } = self.workspace().read(actor, move |work| printed_invoice(work, id)).await?;
        Ok(TicketFile { name, bytes: self.draw(INVOICE, data).await? })
    }
}

/// What an invoice says on paper.
pub(crate) fn printed_invoice(work: &mut Work<'_>, id: Id) -> Result<Printed> {
    let invoice = work.get("invoices", id)?;
    // Whoever sees the invoice sees what is printed on it.
    let invoice = work.as_process(|work| work.get("invoices", invoice.id))?;
    let parties = serde_json::from_value::<InvoiceParties>(invoice.get("printed").to_json());
    let not_issued = |_| Error::conflict("not_issued", "only an invoice that was issued can be printed");
    let parties = parties.map_err(not_issued)?;
    let locale = parties.locale;
    let labels = work.definitions().document(INVOICE).and_then(|template| template.labels.get(&locale).cloned());
    let labels: BTreeMap<String, String> = serde_json::from_value(labels.unwrap_or_default()).unwrap_or_default();
    let number = invoice.text("number").unwrap_or_default().to_owned();
    let document = document(&invoice, parties, &number, locale, labels);
    let broken = |error: serde_json::Error| Error::conflict("broken_template", error.to_string());
    let mut data = serde_json::to_value(&document).map_err(broken)?;
    if let Some(object) = data.as_object_mut() {
        object.insert("id".to_owned(), json!(id));
    }
    Ok(Printed { name: format!("invoice-{number}.pdf"), data })
}

fn document(
    invoice: &Record,
    parties: InvoiceParties,
    number: &str,
    locale: Locale,
    labels: BTreeMap<String, String>,
) -> InvoiceDocument {
    let InvoiceParties { seller, buyer, order, event, basis, .. } = parties;
    let total = invoice.get("total").as_money();
    let words = |amount: Money| money_exact(locale, amount);
    let lines = match invoice.get("lines").to_json() {
        Json::Array(lines) => lines.iter().filter_map(|line| drawn(line, locale)).collect(),
        _ => Vec::new(),
    };
    let day = invoice.get("date").as_date().map(|day| date(locale, day)).unwrap_or_default();
    let payment_code = total.and_then(|total| payment_code(&seller, total, number, &day));
    InvoiceDocument {
        language: locale.tag().to_owned(),
        number: number.to_owned(),
        date: day,
        is_void: invoice.text("status") == Some("void"),
        bank_name: seller.bank_name,
        bik: seller.bik,
        corr_account: seller.corr_account,
        bank_account: seller.bank_account,
        seller: InvoiceParty { name: seller.name, inn: seller.inn, kpp: seller.kpp, address: seller.address },
        buyer: InvoiceParty { name: buyer.name, inn: buyer.inn, kpp: buyer.kpp, address: buyer.address },
        order,
        event,
        basis,
        lines,
        total: total.map(words).unwrap_or_default(),
        total_in_words: total.map(|total| money_in_words(locale, total)).unwrap_or_default(),
        vat: invoice.get("vat").as_money().map(words),
        payment_code,
        labels,
    }
}

fn drawn(line: &Json, locale: Locale) -> Option<InvoiceLine> {
    let price = line.get("price")?;
    let currency = Currency::parse(price.get("currency")?.as_str()?).ok()?;
    let price = Money::parse(price.get("amount")?.as_str()?, currency).ok()?;
    let quantity = line.get("quantity")?.as_i64()?;
    Some(InvoiceLine {
        name: line.get("name")?.as_str()?.to_owned(),
        quantity: quantity.to_string(),
        unit: line.get("unit").and_then(Json::as_str).unwrap_or_default().to_owned(),
        price: money_exact(locale, price),
        sum: price.checked_mul(quantity).map(|sum| money_exact(locale, sum)).unwrap_or_default(),
        vat_rate: line.get("vat_rate").and_then(Json::as_i64).map(|rate| rate.to_string()),
    })
}

/// What a bank's application reads off the paper (ГОСТ Р 56042-2014); nothing while the seller's account is not known.
fn payment_code(seller: &LegalEntity, total: Money, number: &str, day: &str) -> Option<String> {
    let mandatory = [
        ("Name", &seller.name),
        ("PersonalAcc", &seller.bank_account),
        ("BankName", &seller.bank_name),
        ("BIC", &seller.bik),
        ("CorrespAcc", &seller.corr_account),
    ];
    if total.currency != Currency::RUB || mandatory.iter().any(|(_, value)| value.is_empty()) {
        return None;
    }
    let mut pairs: Vec<String> = mandatory.iter().map(|(key, value)| format!("{key}={value}")).collect();
    // In kopecks.
    pairs.push(format!("Sum={}", total.minor));
    pairs.push(format!("Purpose=Оплата по счету № {number} от {day}"));
    let known = [("PayeeINN", &seller.inn), ("KPP", &seller.kpp)].into_iter().filter(|(_, value)| !value.is_empty());
    pairs.extend(known.map(|(key, value)| format!("{key}={value}")));
    let separator = ['|', ';', '~', '^', '#'].into_iter().find(|it| !pairs.iter().any(|pair| pair.contains(*it)))?;
    let parts: String = pairs.iter().flat_map(|pair| [separator.to_string(), pair.clone()]).collect();
    Some(format!("ST00012{parts}"))
}
