//! Numbers of the taxpayer (INN), of its place in a tax office (KPP) and in the state register (OGRN).

use super::{checked, digits, weighed};
use crate::value::ValueError;

/// An INN: ten digits of an organisation, twelve of a person.
///
/// # Errors
/// `invalid_inn` for another form or wrong check digits.
pub fn check_inn(text: &str) -> Result<(), ValueError> {
    const WEIGHTS: [u32; 11] = [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8];
    let digits = digits(text, &[10, 12], "invalid_inn")?;
    // Each check digit is made from all before it, under the weights that end with them.
    let is_right = |place: usize| {
        let weights = WEIGHTS.get(WEIGHTS.len().saturating_sub(place)..).unwrap_or_default();
        digits.get(place).copied() == Some(weighed(&digits, weights) % 11 % 10)
    };
    let all_zero = digits.iter().all(|digit| *digit == 0);
    let right = if digits.len() == 10 { is_right(9) } else { is_right(10) && is_right(11) };
    checked(right && !all_zero, "invalid_inn")
}

/// A KPP: tax office (four digits), reason (two digits or capital letters), number (three digits). It has no check digit.
///
/// # Errors
/// `invalid_kpp` for another form.
pub fn check_kpp(text: &str) -> Result<(), ValueError> {
    let fits =
        |(place, byte): (usize, u8)| byte.is_ascii_digit() || matches!(place, 4 | 5) && byte.is_ascii_uppercase();
    if text.len() == 9 && text.bytes().enumerate().all(fits) {
        return Ok(());
    }
    Err(ValueError::new("invalid_kpp", format!("a KPP has nine characters, for instance 773601001, not {text:?}")))
}

/// An OGRN of thirteen digits, or the OGRNIP of a sole proprietor of fifteen.
///
/// # Errors
/// `invalid_ogrn` for another form or a wrong check digit.
pub fn check_ogrn(text: &str) -> Result<(), ValueError> {
    let digits = digits(text, &[13, 15], "invalid_ogrn")?;
    let modulus = if digits.len() == 13 { 11 } else { 13 };
    let (last, number) = digits.split_last().map_or((0, &[][..]), |(last, number)| (*last, number));
    let rest = number.iter().fold(0, |rest, digit| (rest * 10 + digit) % modulus);
    checked(rest % 10 == last && number.iter().any(|digit| *digit != 0), "invalid_ogrn")
}
