//! Texts as readers of Russian and English expect them.
use jiff::civil::{Date, Weekday, date as on};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use proptest::prelude::*;
use rstest::rstest;

use crate::l10n::Locale::{self, En, Ru};
use crate::l10n::{self, PluralCategory};
use crate::{Currency, Money};

#[rstest]
#[case("ru", Some(Ru))]
#[case("ru-RU", Some(Ru))]
#[case("RU_ru", Some(Ru))]
#[case("en-GB", Some(En))]
#[case(" en ", Some(En))]
#[case("de", None)]
#[case("rus", None)]
#[case("", None)]
fn tags(#[case] tag: &str, #[case] expected: Option<Locale>) {
    assert_eq!(Locale::parse(tag), expected);
}

#[rstest]
#[case("ru-RU,ru;q=0.9,en-US;q=0.8,en;q=0.7", Some(Ru))]
#[case("de-DE,de;q=0.9,en;q=0.8", Some(En))]
#[case("en;q=0.5, ru;q=0.51", Some(Ru))]
#[case("en ; q=0.5,ru;Q=0.501", Some(Ru))]
#[case("en,ru", Some(En))]
#[case("ru;q=0,en;q=0.001", Some(En))]
#[case("ru;q=0", None)]
#[case("ru;q=2,en;q=0.1", Some(En))]
#[case("ru;q=x,en;q=1.001", None)]
#[case("ru;q=0.+1", None)]
#[case("*", None)]
#[case("", None)]
#[case(",,;;q=,ru", Some(Ru))]
fn accept_language(#[case] header: &str, #[case] expected: Option<Locale>) {
    assert_eq!(Locale::from_accept_language(header), expected);
}

#[test]
fn locales_are_tags_in_json() {
    for locale in Locale::ALL {
        assert_eq!(serde_json::to_string(&locale).unwrap(), format!("\"{locale}\""));
        assert_eq!(Locale::parse(locale.tag()), Some(locale));
    }
}

/// The forms of the counts 0 to 21, written out; the hundreds go the same way.
#[test]
fn russian_plurals() {
    use PluralCategory::{Few, Many, One};
    let mut expected = vec![Many, One, Few, Few, Few];
    expected.extend([Many; 16]);
    expected.push(One);
    assert_eq!(expected.len(), 22);
    for (count, category) in (0_i64..).zip(expected) {
        for same in [count, count + 100, count + 1_000_000, -count] {
            assert_eq!(l10n::plural_category(Ru, same), category, "{same}");
        }
    }
    for (tens, count) in [(20, One), (30, One), (90, One)].into_iter().map(|(tens, one)| (tens + 1, one)) {
        assert_eq!(l10n::plural_category(Ru, tens), count);
    }
}

#[test]
fn english_plurals() {
    for count in (0..=21).chain(100..=121) {
        let expected = if count == 1 { PluralCategory::One } else { PluralCategory::Other };
        assert_eq!(l10n::plural_category(En, count), expected, "{count}");
    }
}

#[test]
fn forms_go_with_counts() {
    let tickets = ["билет", "билета", "билетов"];
    for (count, form) in
        [(1, "билет"), (2, "билета"), (5, "билетов"), (11, "билетов"), (22, "билета"), (i64::MIN, "билетов")]
    {
        assert_eq!(l10n::plural(Ru, count, &tickets), form, "{count}");
    }
    assert_eq!(l10n::plural(En, 1, &["ticket", "tickets"]), "ticket");
    assert_eq!(l10n::plural(En, 21, &["ticket", "tickets"]), "tickets");
    assert_eq!(l10n::plural(Ru, 5, &["пальто"]), "пальто");
    assert_eq!(l10n::plural(Ru, 5, &[]), "");
}

#[rstest]
#[case("RUB", "15000", "15 000 ₽", "RUB 15,000")]
#[case("RUB", "15000.50", "15 000,50 ₽", "RUB 15,000.50")]
#[case("RUB", "0.05", "0,05 ₽", "RUB 0.05")]
#[case("RUB", "0", "0 ₽", "RUB 0")]
#[case("RUB", "-1234567.8", "−1 234 567,80 ₽", "−RUB 1,234,567.80")]
#[case("USD", "1500", "1 500 $", "$1,500.00")]
#[case("EUR", "-99.9", "−99,90 €", "−€99.90")]
#[case("JPY", "15000", "15 000 ¥", "¥15,000")]
#[case("KZT", "250000", "250 000 ₸", "KZT 250,000")]
#[case("KWD", "1.5", "1,500 KWD", "KWD 1.500")]
fn money(#[case] code: &str, #[case] amount: &str, #[case] russian: &str, #[case] english: &str) {
    let amount = Money::parse(amount, Currency::parse(code).unwrap()).unwrap();
    // Written with plain blanks here to be read; all of them have to be no-break ones.
    assert_eq!(l10n::money(Ru, amount), russian.replace(' ', "\u{A0}"));
    assert_eq!(l10n::money(En, amount), english.replace(' ', "\u{A0}"));
}

#[test]
fn exact_money_keeps_its_zeros() {
    let amount = Money::new(1_500_000, Currency::RUB);
    assert_eq!(l10n::money_exact(Ru, amount), "15\u{A0}000,00\u{A0}₽");
    assert_eq!(l10n::money_exact(En, amount), "RUB\u{A0}15,000.00");
    let least = Money::new(i64::MIN, Currency::RUB);
    assert_eq!(l10n::money_exact(En, least), "−RUB\u{A0}92,233,720,368,547,758.08");
}

#[test]
fn numbers() {
    let cases =
        [(0, "0"), (999, "999"), (1_000, "1,000"), (-15_000, "−15,000"), (i64::MAX, "9,223,372,036,854,775,807")];
    for (value, english) in cases {
        assert_eq!(l10n::number(En, value), english);
        assert_eq!(l10n::number(Ru, value), english.replace(',', "\u{A0}"));
    }
    assert_eq!(l10n::decimal(Ru, 123_450, 2), "1\u{A0}234,50");
    assert_eq!(l10n::decimal(En, -5, 3), "−0.005");
}

#[test]
fn dates() {
    let (day, today) = (on(2026, 11, 21), on(2026, 3, 1));
    assert_eq!(l10n::date(Ru, day), "21 ноября 2026");
    assert_eq!(l10n::date(En, day), "21 November 2026");
    assert_eq!(l10n::day(Ru, day, today), "21 ноября");
    assert_eq!(l10n::day(En, day, today), "21 November");
    assert_eq!(l10n::day(Ru, on(2025, 5, 9), today), "9 мая 2025");
    assert_eq!(l10n::month_and_year(Ru, day), "ноябрь 2026");
    assert_eq!(l10n::month_and_year(En, day), "November 2026");
    assert_eq!(l10n::weekday(Ru, Weekday::Monday), "понедельник");
    assert_eq!(l10n::weekday(En, day.weekday()), "Saturday");
    assert_eq!(l10n::weekday_short(Ru, Weekday::Sunday), "вс");
}

#[rstest]
#[case(on(2027, 4, 13), on(2027, 4, 14), "13–14 апреля 2027", "13–14 April 2027")]
#[case(on(2027, 4, 14), on(2027, 4, 13), "13–14 апреля 2027", "13–14 April 2027")]
#[case(on(2027, 4, 13), on(2027, 4, 13), "13 апреля 2027", "13 April 2027")]
#[case(on(2027, 4, 30), on(2027, 5, 2), "30 апреля – 2 мая 2027", "30 April – 2 May 2027")]
#[case(on(2026, 12, 30), on(2027, 12, 2), "30 декабря 2026 – 2 декабря 2027", "30 December 2026 – 2 December 2027")]
fn ranges(#[case] first: Date, #[case] last: Date, #[case] russian: &str, #[case] english: &str) {
    assert_eq!(l10n::date_range(Ru, first, last), russian);
    assert_eq!(l10n::date_range(En, first, last), english);
}

/// Now is 21 November 2026, 00:30 in Moscow, which is still the 20th in UTC.
#[rstest]
#[case("2026-11-20T21:05:00Z", "сегодня, 00:05", "today, 00:05")]
#[case("2026-11-21T11:20:59Z", "сегодня, 14:20", "today, 14:20")]
#[case("2026-11-20T16:30:00Z", "вчера, 19:30", "yesterday, 19:30")]
#[case("2026-11-22T07:00:00Z", "завтра, 10:00", "tomorrow, 10:00")]
#[case("2026-11-19T20:59:00Z", "19 ноября, 23:59", "19 November, 23:59")]
#[case("2026-11-22T21:00:00Z", "23 ноября, 00:00", "23 November, 00:00")]
#[case("2025-11-20T21:05:00Z", "21 ноября 2025, 00:05", "21 November 2025, 00:05")]
fn moments(#[case] at: Timestamp, #[case] russian: &str, #[case] english: &str) {
    let zone = TimeZone::fixed(jiff::tz::offset(3));
    let now: Timestamp = "2026-11-20T21:30:00Z".parse().unwrap();
    assert_eq!(l10n::moment(Ru, at, now, &zone), russian);
    assert_eq!(l10n::moment(En, at, now, &zone), english);
}

#[test]
fn instants_are_told_in_the_zone_of_the_reader() {
    let at: Timestamp = "2026-12-31T21:00:00Z".parse().unwrap();
    assert_eq!(l10n::date_time(Ru, at, &TimeZone::UTC), "31 декабря 2026, 21:00");
    assert_eq!(l10n::date_time(Ru, at, &TimeZone::fixed(jiff::tz::offset(3))), "1 января 2027, 00:00");
}

#[rstest]
#[case("P1D", "1 день", "1 day")]
#[case("PT4H", "4 часа", "4 hours")]
#[case("P1DT12H", "1 день 12 часов", "1 day 12 hours")]
#[case("P2W", "2 недели", "2 weeks")]
#[case("P1Y2M", "1 год 2 месяца", "1 year 2 months")]
#[case("PT90M", "90 минут", "90 minutes")]
#[case("PT1.5S", "1 секунда", "1 second")]
#[case("PT0S", "0 минут", "0 minutes")]
#[case("-P3D", "−3 дня", "−3 days")]
fn durations(#[case] span: Span, #[case] russian: &str, #[case] english: &str) {
    assert_eq!(l10n::duration(Ru, &span), russian);
    assert_eq!(l10n::duration(En, &span), english);
}

proptest! {
    #[test]
    fn any_number_reads_back_without_its_groups(value in any::<i64>()) {
        for locale in Locale::ALL {
            let plain: String = l10n::number(locale, value).replace('\u{2212}', "-").chars().filter(|c| !matches!(c, ',' | '\u{A0}')).collect();
            prop_assert_eq!(plain.parse::<i64>(), Ok(value));
        }
    }

    #[test]
    fn any_day_has_a_name(days in -700_000_i64..700_000) {
        let day = on(1970, 1, 1).checked_add(Span::new().days(days)).unwrap();
        for locale in Locale::ALL {
            let text = l10n::date(locale, day);
            prop_assert!(text.split(' ').count() == 3 && text.split(' ').all(|part| !part.is_empty()), "{}", text);
            prop_assert!(!l10n::weekday(locale, day.weekday()).is_empty());
        }
    }
}

#[rstest]
#[case(0, "Ноль рублей 00 копеек", "Zero roubles 00 kopecks")]
#[case(100, "Один рубль 00 копеек", "One rouble 00 kopecks")]
#[case(202, "Два рубля 02 копейки", "Two roubles 02 kopecks")]
#[case(1_111, "Одиннадцать рублей 11 копеек", "Eleven roubles 11 kopecks")]
#[case(2_121, "Двадцать один рубль 21 копейка", "Twenty-one roubles 21 kopecks")]
#[case(11_200, "Сто двенадцать рублей 00 копеек", "One hundred twelve roubles 00 kopecks")]
#[case(100_000, "Одна тысяча рублей 00 копеек", "One thousand roubles 00 kopecks")]
#[case(100_101, "Одна тысяча один рубль 01 копейка", "One thousand one roubles 01 kopeck")]
#[case(501_100, "Пять тысяч одиннадцать рублей 00 копеек", "Five thousand eleven roubles 00 kopecks")]
#[case(2_100_000, "Двадцать одна тысяча рублей 00 копеек", "Twenty-one thousand roubles 00 kopecks")]
#[case(100_000_000, "Один миллион рублей 00 копеек", "One million roubles 00 kopecks")]
#[case(200_200_202, "Два миллиона две тысячи два рубля 02 копейки", "Two million two thousand two roubles 02 kopecks")]
#[case(
    123_456_789,
    "Один миллион двести тридцать четыре тысячи пятьсот шестьдесят семь рублей 89 копеек",
    "One million two hundred thirty-four thousand five hundred sixty-seven roubles 89 kopecks"
)]
fn sums_in_words(#[case] minor: i64, #[case] ru: &str, #[case] en: &str) {
    let amount = Money::new(minor, Currency::RUB);
    assert_eq!((l10n::money_in_words(Ru, amount).as_str(), l10n::money_in_words(En, amount).as_str()), (ru, en));
}
