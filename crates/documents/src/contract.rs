//! The data of `contract.typ`: what a contract says, already worded and formatted for its reader.

use std::collections::BTreeMap;

use serde::Serialize;

/// A contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ContractDocument {
    /// Language of the reader (`ru`, `en`).
    pub language: String,
    /// Its number.
    pub number: String,
    /// Its day, e.g. `22 ноября 2026`.
    pub date: String,
    /// Whether it holds no more.
    pub is_void: bool,
    /// Who sells.
    pub seller: ContractParty,
    /// Who buys.
    pub buyer: ContractParty,
    /// What is sold.
    pub subject: String,
    /// At which event; empty texts are what is not known.
    pub event: String,
    /// Its days.
    pub days: String,
    /// What is paid.
    pub total: String,
    /// The same in words.
    pub total_in_words: String,
    /// The VAT in it; none: without VAT.
    pub vat: Option<String>,
    /// Its rate in percent.
    pub vat_rate: Option<String>,
    /// How it is paid: `prepaid`, `partial`, `postpaid`; empty where nothing is agreed.
    pub payment_terms: String,
    /// Percent in advance; none where nobody said how much.
    pub share: Option<String>,
    /// What each side does, in its own words.
    pub obligations: String,
    /// The fixed texts, from `contract.ru.toml` or `contract.en.toml` beside the template.
    pub labels: BTreeMap<String, String>,
}

/// A party of a contract; empty texts are what is not known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ContractParty {
    /// Full name.
    pub name: String,
    /// Number of the taxpayer.
    pub inn: String,
    /// Place in a tax office.
    pub kpp: String,
    /// Number in the state register.
    pub ogrn: String,
    /// Legal address.
    pub address: String,
    /// Name of the bank.
    pub bank_name: String,
    /// Code of the bank.
    pub bik: String,
    /// The account.
    pub bank_account: String,
    /// The bank's own account.
    pub corr_account: String,
}
