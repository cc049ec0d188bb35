//! The form of a requisite, as a module's field names it (`format = "inn"`). What is of Russia is judged for clients from
//! Russia; a tax number of another country by what that country issues.

use serde::{Deserialize, Serialize};

use super::{check_bank_account, check_bik, check_correspondent_account, check_inn, check_kpp, check_ogrn};
use crate::value::ValueError;

/// What a field of text holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// The country, two letters (ISO 3166-1 alpha-2); nothing is Russia.
    Country,
    /// Number of a Russian taxpayer.
    Inn,
    /// Its place in a tax office.
    Kpp,
    /// Number in the Russian state register.
    Ogrn,
    /// Number of a taxpayer of another country.
    TaxId,
    /// Code of a Russian bank.
    Bik,
    /// An account with the bank of the record's BIK.
    BankAccount,
    /// That bank's account with the Bank of Russia.
    CorrAccount,
}

/// The values of the same record by which a requisite is judged.
#[derive(Clone, Copy, Debug, Default)]
pub struct Beside<'a> {
    /// The country.
    pub country: Option<&'a str>,
    /// The bank's BIK.
    pub bik: Option<&'a str>,
}

/// Countries with the lengths of their tax numbers: УНП, ИИН and БИН, ИНН, СТИР and ПИНФЛ, ՀՎՀՀ, VÖEN, საიდენტიფიკაციო კოდი,
/// IDNO.
const TAX_NUMBERS: [(&str, &[usize]); 9] = [
    ("AM", &[8]),
    ("AZ", &[10]),
    ("BY", &[9]),
    ("GE", &[9, 11]),
    ("KG", &[14]),
    ("KZ", &[12]),
    ("MD", &[13]),
    ("TJ", &[9]),
    ("UZ", &[9, 14]),
];

impl Format {
    /// Which other formats decide whether a value of this one is right.
    #[must_use]
    pub fn judged_by(self) -> &'static [Self] {
        match self {
            Self::Country => &[],
            Self::BankAccount | Self::CorrAccount => &[Self::Country, Self::Bik],
            Self::Inn | Self::Kpp | Self::Ogrn | Self::TaxId | Self::Bik => &[Self::Country],
        }
    }

    /// Judges a value. An account without a BIK beside it cannot be judged and passes.
    ///
    /// # Errors
    /// A code of the requisite: `invalid_inn`, `invalid_account`, `invalid_tax_id` …
    pub fn check(self, text: &str, beside: Beside<'_>) -> Result<(), ValueError> {
        let country = beside.country.unwrap_or("RU");
        if country != "RU" && !matches!(self, Self::Country | Self::TaxId) {
            return Ok(());
        }
        match self {
            Self::Country => check_country(text),
            Self::TaxId => check_tax_id(text, country),
            Self::Inn => check_inn(text),
            Self::Kpp => check_kpp(text),
            Self::Ogrn => check_ogrn(text),
            Self::Bik => check_bik(text),
            Self::BankAccount => beside.bik.map_or(Ok(()), |bik| check_bank_account(text, bik)),
            Self::CorrAccount => beside.bik.map_or(Ok(()), |bik| check_correspondent_account(text, bik)),
        }
    }
}

fn check_country(text: &str) -> Result<(), ValueError> {
    if text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Ok(());
    }
    Err(ValueError::new("invalid_country", format!("a country is two capital letters, for instance RU, not {text:?}")))
}

fn check_tax_id(text: &str, country: &str) -> Result<(), ValueError> {
    let Some((_, lengths)) = TAX_NUMBERS.iter().find(|(listed, _)| *listed == country) else { return Ok(()) };
    // In Belarus the number of a person begins with two letters.
    let letters = if country == "BY" { 2 } else { 0 };
    let fits = |(place, byte): (usize, u8)| byte.is_ascii_digit() || place < letters && byte.is_ascii_uppercase();
    if lengths.contains(&text.len()) && text.bytes().enumerate().all(fits) {
        return Ok(());
    }
    let lengths: Vec<_> = lengths.iter().map(usize::to_string).collect();
    let message = format!("a tax number of {country} has {} digits, not {text:?}", lengths.join(" or "));
    Err(ValueError::new("invalid_tax_id", message))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(Format::Inn, "7707083893", None, None, true)]
    #[case(Format::Inn, "7707083894", None, None, false)]
    #[case(Format::Inn, "7707083894", Some("KZ"), None, true)]
    #[case(Format::BankAccount, "40702810138000000001", Some("RU"), Some("044525225"), false)]
    #[case(Format::BankAccount, "40702810138000000001", Some("RU"), None, true)]
    #[case(Format::BankAccount, "DE89370400440532013000", Some("DE"), None, true)]
    #[case(Format::Country, "RU", None, None, true)]
    #[case(Format::Country, "ru", None, None, false)]
    #[case(Format::Country, "Россия", None, None, false)]
    #[case(Format::TaxId, "191234567", Some("BY"), None, true)]
    #[case(Format::TaxId, "AB1234567", Some("BY"), None, true)]
    #[case(Format::TaxId, "19123456A", Some("BY"), None, false)]
    #[case(Format::TaxId, "123456789012", Some("KZ"), None, true)]
    #[case(Format::TaxId, "12345678901", Some("KZ"), None, false)]
    #[case(Format::TaxId, "DE 123", Some("DE"), None, true)]
    fn requisites(
        #[case] format: Format,
        #[case] text: &str,
        #[case] country: Option<&str>,
        #[case] bik: Option<&str>,
        #[case] right: bool,
    ) {
        assert_eq!(format.check(text, Beside { country, bik }).is_ok(), right, "{format:?} {text} {country:?}");
    }
}
