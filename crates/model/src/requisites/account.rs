//! Bank accounts and the key that ties them to their bank (order of the Bank of Russia of 08.09.1997 № 515).

use super::{checked, digits};
use crate::value::ValueError;

/// A BIK: nine digits. It has no check digit.
///
/// # Errors
/// `invalid_bik` for another form.
pub fn check_bik(text: &str) -> Result<(), ValueError> {
    digits(text, &[9], "invalid_bik").map(drop)
}

/// A client's account with the bank of `bik`. Accounts of the treasury follow other rules: only their length is judged.
///
/// # Errors
/// `invalid_account` for another form or a wrong key.
pub fn check_bank_account(account: &str, bik: &str) -> Result<(), ValueError> {
    check_bik(bik)?;
    let account = normal(account)?;
    if account.starts_with(&[0, 3]) {
        return Ok(());
    }
    let bank: Vec<u32> = bik.chars().skip(6).filter_map(|digit| digit.to_digit(10)).collect();
    checked(has_key(&bank, &account), "invalid_account")
}

/// The account of the bank of `bik` with the Bank of Russia. The treasury's single account is judged by its length only.
///
/// # Errors
/// `invalid_account` for another form or a wrong key.
pub fn check_correspondent_account(account: &str, bik: &str) -> Result<(), ValueError> {
    check_bik(bik)?;
    let account = normal(account)?;
    if account.starts_with(&[4, 0, 1, 0, 2]) {
        return Ok(());
    }
    let centre = bik.chars().skip(4).take(2).filter_map(|digit| digit.to_digit(10));
    let bank: Vec<u32> = std::iter::once(0).chain(centre).collect();
    checked(has_key(&bank, &account), "invalid_account")
}

/// The twenty digits of an account. A letter in the sixth place, a clearing currency, stands for a digit.
fn normal(account: &str) -> Result<Vec<u32>, ValueError> {
    const CLEARING: [char; 10] = ['A', 'B', 'C', 'E', 'H', 'K', 'M', 'P', 'T', 'X'];
    let digit = |(place, character): (usize, char)| {
        let letter = CLEARING.iter().position(|letter| *letter == character).filter(|_| place == 5);
        letter.and_then(|value| char::from_digit(u32::try_from(value).ok()?, 10)).unwrap_or(character)
    };
    digits(&account.chars().enumerate().map(digit).collect::<String>(), &[20], "invalid_account")
}

/// Whether the last digits of the products with 7, 1, 3, 7, 1, 3 … add up to a multiple of ten.
fn has_key(bank: &[u32], account: &[u32]) -> bool {
    let weights = [7, 1, 3].into_iter().cycle();
    let sum: u32 = bank.iter().chain(account).zip(weights).map(|(digit, weight)| digit * weight % 10).sum();
    sum.is_multiple_of(10)
}
