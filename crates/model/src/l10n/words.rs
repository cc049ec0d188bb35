//! Sums of money in words, as invoices say them.

use super::{Locale, plural};
use crate::Money;

/// Code of a currency with the forms of its name and of its hundredth, in the order of the language's plural categories.
type Named = (&'static str, &'static [&'static str], &'static [&'static str]);

/// All of them are masculine, as «рубль» is.
const RU: [Named; 4] = [
    ("RUB", &["рубль", "рубля", "рублей"], &["копейка", "копейки", "копеек"]),
    ("USD", &["доллар США", "доллара США", "долларов США"], &["цент", "цента", "центов"]),
    ("EUR", &["евро"], &["цент", "цента", "центов"]),
    ("KZT", &["тенге"], &["тиын", "тиына", "тиынов"]),
];

const EN: [Named; 4] = [
    ("RUB", &["rouble", "roubles"], &["kopeck", "kopecks"]),
    ("USD", &["dollar", "dollars"], &["cent", "cents"]),
    ("EUR", &["euro", "euros"], &["cent", "cents"]),
    ("GBP", &["pound", "pounds"], &["penny", "pence"]),
];

/// Thousands and more, by plural form.
const RU_SCALES: [&[&str]; 6] = [
    &["тысяча", "тысячи", "тысяч"],
    &["миллион", "миллиона", "миллионов"],
    &["миллиард", "миллиарда", "миллиардов"],
    &["триллион", "триллиона", "триллионов"],
    &["квадриллион", "квадриллиона", "квадриллионов"],
    &["квинтиллион", "квинтиллиона", "квинтиллионов"],
];
const EN_SCALES: [&str; 6] = ["thousand", "million", "billion", "trillion", "quadrillion", "quintillion"];

const RU_SMALL: [&str; 20] = [
    "",
    "один",
    "два",
    "три",
    "четыре",
    "пять",
    "шесть",
    "семь",
    "восемь",
    "девять",
    "десять",
    "одиннадцать",
    "двенадцать",
    "тринадцать",
    "четырнадцать",
    "пятнадцать",
    "шестнадцать",
    "семнадцать",
    "восемнадцать",
    "девятнадцать",
];
const RU_TENS: [&str; 10] =
    ["", "", "двадцать", "тридцать", "сорок", "пятьдесят", "шестьдесят", "семьдесят", "восемьдесят", "девяносто"];
const RU_HUNDREDS: [&str; 10] =
    ["", "сто", "двести", "триста", "четыреста", "пятьсот", "шестьсот", "семьсот", "восемьсот", "девятьсот"];
const EN_SMALL: [&str; 20] = [
    "",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const EN_TENS: [&str; 10] = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

/// The amount's magnitude in words with its hundredths in figures: `Двадцать одна тысяча рублей 05 копеек`,
/// `Twenty-one thousand roubles 05 kopecks`. A currency that has no words here is named by its code.
#[must_use]
pub fn money_in_words(locale: Locale, amount: Money) -> String {
    let (whole, rest) = amount.major_and_minor();
    let (named, words, zero) = match locale {
        Locale::Ru => (&RU, russian(whole), "ноль"),
        Locale::En => (&EN, english(whole), "zero"),
    };
    let words = if words.is_empty() { zero.to_owned() } else { words.join(" ") };
    let code = amount.currency.code();
    let text = match named.iter().find(|(known, ..)| *known == code) {
        Some((_, major, minor)) => {
            format!("{words} {} {rest:02} {}", form(locale, whole, major), form(locale, rest, minor))
        }
        None if amount.currency.digits() == 0 => format!("{words} {code}"),
        None => format!("{words} {code} {rest:02}"),
    };
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// The form that goes with a count: it depends on the last two digits alone, in English on whether it is one.
fn form(locale: Locale, count: u64, forms: &[&'static str]) -> &'static str {
    let count = if count == 1 { 1 } else { 100 + count % 100 };
    plural(locale, i64::try_from(count).unwrap_or(100), forms)
}

/// Groups of three digits that are not zero, the greatest first, with their power of a thousand.
fn groups(number: u64) -> impl Iterator<Item = (usize, usize)> {
    let group = move |power: u32| usize::try_from(number / 1000_u64.pow(power) % 1000).unwrap_or(0);
    (0..7).rev().map(move |power| (power as usize, group(power))).filter(|(_, group)| *group > 0)
}

fn russian(number: u64) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for (power, group) in groups(number) {
        let (hundreds, rest) = (group / 100, group % 100);
        let (tens, ones) = if rest < 20 { (0, rest) } else { (rest / 10, rest % 10) };
        // A thousand is feminine.
        let ones = match (power, ones) {
            (1, 1) => "одна",
            (1, 2) => "две",
            _ => RU_SMALL[ones],
        };
        let scale = power.checked_sub(1).map(|at| form(Locale::Ru, group as u64, RU_SCALES[at]));
        let said = [RU_HUNDREDS[hundreds], RU_TENS[tens], ones, scale.unwrap_or_default()];
        words.extend(said.into_iter().filter(|word| !word.is_empty()).map(str::to_owned));
    }
    words
}

fn english(number: u64) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for (power, group) in groups(number) {
        let (hundreds, rest) = (group / 100, group % 100);
        if hundreds > 0 {
            words.push(format!("{} hundred", EN_SMALL[hundreds]));
        }
        match (rest / 10, rest % 10) {
            _ if rest == 0 => {}
            _ if rest < 20 => words.push(EN_SMALL[rest].to_owned()),
            (tens, 0) => words.push(EN_TENS[tens].to_owned()),
            (tens, ones) => words.push(format!("{}-{}", EN_TENS[tens], EN_SMALL[ones])),
        }
        words.extend(power.checked_sub(1).map(|at| EN_SCALES[at].to_owned()));
    }
    words
}
