//! Money is exact: what is read is what is written, and nothing overflows or mixes in silence.
use std::cmp::Ordering;

use proptest::prelude::*;
use rstest::rstest;
use serde_json::json;

use crate::money::{Currency, Money, MoneyError};

fn currency(code: &str) -> Currency {
    Currency::parse(code).unwrap()
}

#[rstest]
#[case("RUB", "15000.00", 1_500_000, "15000.00")]
#[case("RUB", "15000", 1_500_000, "15000.00")]
#[case("RUB", "0.5", 50, "0.50")]
#[case("RUB", "0007.01", 701, "7.01")]
#[case("RUB", "-0.05", -5, "-0.05")]
#[case("RUB", "-0", 0, "0.00")]
#[case("RUB", "92233720368547758.07", i64::MAX, "92233720368547758.07")]
#[case("RUB", "-92233720368547758.08", i64::MIN, "-92233720368547758.08")]
#[case("JPY", "15000", 15_000, "15000")]
#[case("KWD", "1.5", 1_500, "1.500")]
#[case("CLF", "1.0001", 10_001, "1.0001")]
fn reads_and_writes(#[case] code: &str, #[case] text: &str, #[case] minor: i64, #[case] written: &str) {
    let money = Money::parse(text, currency(code)).unwrap();
    assert_eq!(money, Money::new(minor, currency(code)));
    assert_eq!(money.amount_text(), written);
}

#[rstest]
fn refuses_what_is_no_amount(
    #[values(
        "", " ", "-", ".", "5.", ".5", "+5", "1e3", "1E3", "NaN", "inf", "--1", "1.2.3", "1 000", " 5", "5 ", "1,50",
        "0x10", "\u{665}", "\u{FF15}", "5₽", "-.5"
    )]
    text: &str,
) {
    assert_eq!(Money::parse(text, Currency::RUB), Err(MoneyError::NotAnAmount(text.to_owned())));
}

#[rstest]
#[case("RUB", "1.005")]
#[case("RUB", "1.000")]
#[case("JPY", "1.0")]
#[case("KWD", "1.0001")]
fn refuses_more_decimals_than_the_currency_has(#[case] code: &str, #[case] text: &str) {
    let refused = Money::parse(text, currency(code)).unwrap_err();
    assert_eq!(refused, MoneyError::TooManyDecimals { currency: currency(code) });
    assert!(refused.to_string().starts_with(&format!("{code} has {} decimals", currency(code).digits())));
}

#[rstest]
fn refuses_what_does_not_fit(
    #[values("92233720368547758.08", "-92233720368547758.09", "92233720368547759", "99999999999999999999999")]
    text: &str,
) {
    assert_eq!(Money::parse(text, Currency::RUB), Err(MoneyError::TooLarge));
}

#[test]
fn currencies_are_found_by_code_and_have_their_decimals() {
    let decimals =
        [("RUB", 2), ("USD", 2), ("EUR", 2), ("KZT", 2), ("BYN", 2), ("JPY", 0), ("KRW", 0), ("KWD", 3), ("UYW", 4)];
    for (code, digits) in decimals {
        assert_eq!(currency(code).digits(), digits, "{code}");
    }
    for unknown in ["", "rub", "RUR", "XXX", "XAU", "RU", "RUBL", "РУБ"] {
        assert_eq!(Currency::parse(unknown), Err(MoneyError::UnknownCurrency(unknown.to_owned())));
    }
    let codes: Vec<_> = Currency::all().map(Currency::code).collect();
    assert!(codes.is_sorted_by(|a, b| a < b), "the look-up relies on the order");
    assert!(Currency::all().all(|known| Currency::parse(known.code()) == Ok(known)));
    for constant in [Currency::RUB, Currency::USD, Currency::EUR] {
        assert_eq!(currency(constant.code()), constant);
    }
}

#[test]
fn never_mixes_currencies() {
    let (roubles, dollars) = (Money::new(100, Currency::RUB), Money::new(100, Currency::USD));
    assert_eq!(roubles.checked_add(dollars), None);
    assert_eq!(roubles.checked_sub(dollars), None);
    assert_eq!(roubles.checked_cmp(dollars), None);
    assert_eq!(Money::checked_sum(Currency::RUB, [roubles, dollars]), None);
    assert_eq!(roubles.checked_cmp(Money::zero(Currency::RUB)), Some(Ordering::Greater));
    assert_eq!(Money::checked_sum(Currency::RUB, [roubles, roubles]), Some(Money::new(200, Currency::RUB)));
}

#[test]
fn reports_overflow() {
    let (most, least) = (Money::new(i64::MAX, Currency::RUB), Money::new(i64::MIN, Currency::RUB));
    let one = Money::new(1, Currency::RUB);
    assert_eq!(most.checked_add(one), None);
    assert_eq!(least.checked_sub(one), None);
    assert_eq!(most.checked_mul(2), None);
    assert_eq!(least.checked_neg(), None);
    assert_eq!(most.percent(10_001), None);
    assert_eq!(most.percent(10_000), Some(most));
    assert_eq!(one.ratio(1, 0), None);
    assert_eq!(least.ratio(1, -1), None);
}

#[rstest]
#[case(10_000, 3_000, 3_000)]
#[case(5, 1_000, 1)]
#[case(4, 1_000, 0)]
#[case(-5, 1_000, -1)]
#[case(333, 5_000, 167)]
#[case(100, 0, 0)]
#[case(100, 15_000, 150)]
fn a_share_is_rounded_half_up(#[case] minor: i64, #[case] basis_points: u32, #[case] share: i64) {
    assert_eq!(Money::new(minor, Currency::RUB).percent(basis_points), Some(Money::new(share, Currency::RUB)));
}

#[test]
fn the_vat_inside_a_price_is_a_ratio() {
    let price = Money::parse("15000.00", Currency::RUB).unwrap();
    assert_eq!(price.ratio(20, 120).map(Money::amount_text).as_deref(), Some("2500.00"));
    assert_eq!(price.ratio(22, 122).map(Money::amount_text).as_deref(), Some("2704.92"));
}

#[test]
fn json_is_the_form_of_the_api() {
    let money = Money::parse("15000.00", Currency::RUB).unwrap();
    assert_eq!(serde_json::to_string(&money).unwrap(), r#"{"amount":"15000.00","currency":"RUB"}"#);
    for written in [json!("15000.00"), json!("15000")] {
        let read: Money = serde_json::from_value(json!({"amount": written, "currency": "RUB"})).unwrap();
        assert_eq!(read, money);
    }
}

#[rstest]
#[case(r#"{"amount":15000.0,"currency":"RUB"}"#, "expected a string")]
#[case(r#"{"amount":1e3,"currency":"RUB"}"#, "expected a string")]
#[case(r#"{"amount":null,"currency":"RUB"}"#, "expected a string")]
#[case(r#"{"amount":true,"currency":"RUB"}"#, "expected a string")]
#[case(r#"{"amount":"15000.001","currency":"RUB"}"#, "RUB has 2 decimals")]
#[case(r#"{"amount":15000,"currency":"RUB"}"#, "expected a string")]
#[case(r#"{"amount":"18446744073709551615","currency":"RUB"}"#, "too large")]
#[case(r#"{"amount":"1","currency":"RUB","rate":1}"#, "unknown field")]
#[case(r#"{"amount":"1","currency":"RUR"}"#, "unknown currency")]
#[case(r#"{"amount":"1"}"#, "currency")]
#[case(r#""15000.00""#, "money")]
fn json_of_anything_else_is_refused(#[case] written: &str, #[case] reason: &str) {
    let refused = serde_json::from_str::<Money>(written).unwrap_err().to_string();
    assert!(refused.contains(reason), "{refused}");
}

fn any_money() -> impl Strategy<Value = Money> {
    let currencies: Vec<_> = Currency::all().collect();
    (any::<i64>(), prop::sample::select(currencies)).prop_map(|(minor, currency)| Money::new(minor, currency))
}

proptest! {
    #[test]
    fn text_and_json_lose_nothing(money in any_money()) {
        prop_assert_eq!(Money::parse(&money.amount_text(), money.currency), Ok(money));
        let json = serde_json::to_string(&money).unwrap();
        prop_assert_eq!(serde_json::from_str::<Money>(&json).unwrap(), money);
    }

    #[test]
    fn any_text_is_read_or_refused(text in "[-+0-9.eE \u{a0},]{0,24}|\\PC*") {
        if let Ok(money) = Money::parse(&text, Currency::RUB) {
            prop_assert_eq!(Money::parse(&money.amount_text(), Currency::RUB), Ok(money));
        }
    }

    #[test]
    fn a_share_and_the_rest_are_the_whole(minor in -1_000_000_000_000_i64..1_000_000_000_000, points in 0_u32..=10_000) {
        let whole = Money::new(minor, Currency::RUB);
        let share = whole.percent(points).unwrap();
        prop_assert_eq!(whole.checked_sub(share).and_then(|rest| rest.checked_add(share)), Some(whole));
        // Within half a kopeck of the exact share, and the same for a refund with the other sign.
        let exact = i128::from(minor) * i128::from(points);
        prop_assert!((i128::from(share.minor) * 10_000 - exact).abs() <= 5_000);
        prop_assert_eq!(whole.checked_neg().unwrap().percent(points), share.checked_neg());
    }
}
