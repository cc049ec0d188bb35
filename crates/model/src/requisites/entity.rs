//! A legal entity of the organisation, with what stands on its invoices.

use serde::{Deserialize, Serialize};

use super::{check_bank_account, check_bik, check_correspondent_account, check_inn, check_kpp, check_ogrn};
use crate::value::{TEXT_LIMIT, ValueError};

/// A legal entity; empty texts are what it does not have.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LegalEntity {
    /// Full name.
    pub name: String,
    /// Number of the taxpayer.
    pub inn: String,
    /// Its place in a tax office; sole proprietors have none.
    pub kpp: String,
    /// Number in the state register, OGRN or OGRNIP.
    pub ogrn: String,
    /// Legal address in one text.
    pub address: String,
    /// Code of its bank.
    pub bik: String,
    /// Name of its bank.
    pub bank_name: String,
    /// Its account.
    pub bank_account: String,
    /// Its bank's account with the Bank of Russia.
    pub corr_account: String,
    /// How it is taxed, in the words of the accountant (`general`, `simplified` …).
    pub tax_mode: String,
    /// The VAT in its prices, in whole percent; without VAT where nothing is said.
    pub vat_rate: String,
}

impl LegalEntity {
    /// The names of its fields, as the API has them.
    pub const FIELDS: [&str; 11] = [
        "name",
        "inn",
        "kpp",
        "ogrn",
        "address",
        "bik",
        "bank_name",
        "bank_account",
        "corr_account",
        "tax_mode",
        "vat_rate",
    ];

    /// The field called `name`.
    #[must_use]
    pub fn field_mut(&mut self, name: &str) -> Option<&mut String> {
        Some(match name {
            "name" => &mut self.name,
            "inn" => &mut self.inn,
            "kpp" => &mut self.kpp,
            "ogrn" => &mut self.ogrn,
            "address" => &mut self.address,
            "bik" => &mut self.bik,
            "bank_name" => &mut self.bank_name,
            "bank_account" => &mut self.bank_account,
            "corr_account" => &mut self.corr_account,
            "tax_mode" => &mut self.tax_mode,
            "vat_rate" => &mut self.vat_rate,
            _ => return None,
        })
    }

    /// The VAT in its prices, in whole percent; nothing where it sells without VAT.
    #[must_use]
    pub fn vat(&self) -> Option<u8> {
        self.vat_rate.parse().ok()
    }

    /// Everything that is wrong with it, by field. Only the name is needed: the rest is asked for where it is printed.
    #[must_use]
    pub fn faults(&self) -> Vec<(&'static str, ValueError)> {
        let mut faults = Vec::new();
        let mut judge = |field, text: &str, verdict: &dyn Fn(&str) -> Result<(), ValueError>| {
            if let (false, Err(error)) = (text.is_empty(), verdict(text)) {
                faults.push((field, error));
            }
        };
        judge("inn", &self.inn, &check_inn);
        judge("kpp", &self.kpp, &|kpp| match self.inn.len() {
            12 => Err(ValueError::new("invalid_kpp", "a sole proprietor has no KPP")),
            _ => check_kpp(kpp),
        });
        judge("ogrn", &self.ogrn, &check_ogrn);
        judge("bik", &self.bik, &check_bik);
        if check_bik(&self.bik).is_ok() {
            judge("bank_account", &self.bank_account, &|account| check_bank_account(account, &self.bik));
            judge("corr_account", &self.corr_account, &|account| check_correspondent_account(account, &self.bik));
        } else if self.bik.is_empty() && !(self.bank_account.is_empty() && self.corr_account.is_empty()) {
            faults.push(("bik", ValueError::new("required", "an account is checked with the BIK of its bank")));
        }
        if !self.vat_rate.is_empty() && self.vat().is_none_or(|rate| rate > 99) {
            let message = "whole percent such as 22, or nothing where prices are without VAT";
            faults.push(("vat_rate", ValueError::new("out_of_range", message)));
        }
        if self.name.is_empty() {
            faults.push(("name", ValueError::new("required", "a legal entity has a name")));
        }
        for (field, text) in [
            ("name", &self.name),
            ("address", &self.address),
            ("bank_name", &self.bank_name),
            ("tax_mode", &self.tax_mode),
        ] {
            if text.chars().count() > TEXT_LIMIT {
                faults.push((field, ValueError::new("too_long", format!("at most {TEXT_LIMIT} characters"))));
            }
        }
        faults
    }
}
