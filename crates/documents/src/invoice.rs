//! The data of `invoice.typ`: what an invoice says, already worded and formatted for its reader.

use std::collections::BTreeMap;

use serde::Serialize;

/// An invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InvoiceDocument {
    /// Language of the reader (`ru`, `en`).
    pub language: String,
    /// Its number.
    pub number: String,
    /// Its day, e.g. `22 ноября 2026`.
    pub date: String,
    /// Whether nobody is to pay by it any more.
    pub is_void: bool,
    /// Bank of the seller; empty texts are what is not known.
    pub bank_name: String,
    /// Code of that bank.
    pub bik: String,
    /// Account of that bank.
    pub corr_account: String,
    /// Account of the seller.
    pub bank_account: String,
    /// Who asks.
    pub seller: InvoiceParty,
    /// Who pays.
    pub buyer: InvoiceParty,
    /// Number of the order.
    pub order: String,
    /// Name of the event.
    pub event: String,
    /// On what it stands where there is no order; empty where there is one.
    pub basis: String,
    /// For what.
    pub lines: Vec<InvoiceLine>,
    /// The sum.
    pub total: String,
    /// The sum in words.
    pub total_in_words: String,
    /// The VAT in it; none: without VAT.
    pub vat: Option<String>,
    /// Content of the QR code for a bank's application; none: no code.
    pub payment_code: Option<String>,
    /// The fixed texts, from `invoice.ru.toml` or `invoice.en.toml` beside the template.
    pub labels: BTreeMap<String, String>,
}

/// A party of an invoice; empty texts are what is not known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct InvoiceParty {
    /// Full name.
    pub name: String,
    /// Number of the taxpayer.
    pub inn: String,
    /// Place in a tax office.
    pub kpp: String,
    /// Legal address.
    pub address: String,
}

/// A line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InvoiceLine {
    /// What.
    pub name: String,
    /// How many.
    pub quantity: String,
    /// Name of the unit's label: `ticket` for `unit_ticket`.
    pub unit: String,
    /// Of one, with tax.
    pub price: String,
    /// Of all.
    pub sum: String,
    /// Percent of VAT; none: without.
    pub vat_rate: Option<String>,
}
