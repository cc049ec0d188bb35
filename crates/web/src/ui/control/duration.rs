//! Lengths of time as people write them: `1 день`, `1 ч 30 мин`, `4 hours`, or ISO 8601 as the API has them.

use jiff::Span;
use model::{Locale, l10n};

/// How units begin in Russian, in the order in which they are asked, and what they are called where they are read.
const UNITS: [(&str, &str); 10] = [
    ("мес", "months"),
    ("м", "minutes"),
    ("г", "years"),
    ("лет", "years"),
    ("н", "weeks"),
    ("д", "days"),
    ("сут", "days"),
    ("ч", "hours"),
    ("с", "seconds"),
    ("и", ""),
];

/// What is kept, in words, where these are read back as the same.
pub(crate) fn shown(locale: Locale, text: &str) -> String {
    let words = text.parse::<Span>().map(|span| l10n::duration(locale, &span));
    words.ok().filter(|words| read(words) == text).unwrap_or_else(|| text.to_owned())
}

/// What was typed, as it is kept; what cannot be read stays as it is, to be refused.
pub(crate) fn read(text: &str) -> String {
    translated(text).trim().parse::<Span>().map_or_else(|_| text.to_owned(), |span| span.to_string())
}

fn translated(text: &str) -> String {
    let (mut whole, mut word) = (String::new(), String::new());
    for letter in text.chars().chain([' ']) {
        if letter.is_alphabetic() {
            word.push(letter);
            continue;
        }
        let is_shortened = letter == '.' && !word.is_empty();
        whole.push_str(&unit(&std::mem::take(&mut word)));
        // A space that is not broken parts the digits of long numbers.
        if !is_shortened && letter != '\u{a0}' {
            whole.push(letter);
        }
    }
    whole
}

fn unit(word: &str) -> String {
    let small = word.to_lowercase();
    let known = UNITS.iter().find(|(begin, _)| small.starts_with(begin));
    known.map_or_else(|| word.to_owned(), |(_, unit)| (*unit).to_owned())
}

#[cfg(test)]
mod tests {
    use model::Locale;

    use super::{read, shown};

    #[test]
    fn lengths_are_read_as_people_write_them() {
        for (typed, kept) in [
            ("1 день", "P1D"),
            ("4 часа", "PT4H"),
            ("1 ч 30 мин", "PT1H30M"),
            ("1ч30м", "PT1H30M"),
            ("2 недели и 3 дня", "P2W3D"),
            ("2 сут.", "P2D"),
            ("1,5 ч.", "PT1H30M"),
            ("90\u{a0}минут", "PT90M"),
            ("1h 30m", "PT1H30M"),
            ("2 days 12 hours", "P2DT12H"),
            ("PT4H", "PT4H"),
            ("скоро", "скоро"),
            ("", ""),
        ] {
            assert_eq!(read(typed), kept, "{typed}");
        }
    }

    #[test]
    fn what_is_kept_is_shown_in_words_that_are_read_back() {
        assert_eq!(shown(Locale::Ru, "PT1H30M"), "1 час 30 минут");
        assert_eq!(shown(Locale::En, "P1D"), "1 day");
        for kept in ["P1D", "PT4H", "P1Y2M3W4DT5H6M7S", "PT90M"] {
            for locale in Locale::ALL {
                let words = shown(locale, kept);
                assert!(words != kept && read(&words) == kept, "{kept}: {words}");
            }
        }
        for odd in ["PT0.5S", "soon", ""] {
            assert_eq!(shown(Locale::En, odd), odd, "what words would lose is shown as it is");
        }
    }
}
