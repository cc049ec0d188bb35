//! Full names.

use proptest::prelude::*;
use rstest::rstest;

use crate::identity::NameMatch::{Compatible, Contradicts, Same};
use crate::identity::{NameMatch, name};

#[rstest]
#[case("Иванов Иван Иванович", "иван иванов иванович")]
#[case("  иван   ИВАНОВ  ", "иван иванов")]
#[case("Семён", "семен")]
#[case("Иванов, И.И.", "и и иванов")]
#[case("«Петров» (Пётр)", "петр петров")]
#[case("Салтыков-Щедрин М. Е.", "е м салтыков-щедрин")]
#[case("Салтыков‑Щедрин", "салтыков-щедрин")]
#[case("O’Hara Scarlett", "o'hara scarlett")]
#[case("—", "")]
#[case("", "")]
fn key_of(#[case] written: &str, #[case] key: &str) {
    assert_eq!(name::key(written), key);
}

#[rstest]
#[case("Иванов Иван", "Иван ИВАНОВ", Same)]
#[case("Королёв Семён", "Семен Королев", Same)]
#[case("Иванов Иван", "Иванов Иван Иванович", Compatible)]
#[case("Иван", "Иванов Иван", Compatible)]
#[case("Иванов И. И.", "Иванов Иван Иванович", Compatible)]
#[case("Иванов И.И.", "Иван Иванов", Compatible)]
#[case("И. Иванов", "Иванов Илья", Compatible)]
#[case("И. Иван", "И. Игорь", Compatible)]
#[case("", "Иванов Иван", Compatible)]
#[case("  — ", "Иванов Иван", Compatible)]
#[case("Иванов П. И.", "Иванов Иван Иванович", Contradicts)]
#[case("Иванов Иван", "Иванов Пётр", Contradicts)]
#[case("Иванов Иван Иванович", "Иванов Иван Петрович", Contradicts)]
#[case("Иван Иван", "Иван Петров", Contradicts)]
#[case("И. И. И.", "Иванов Пётр Ильич", Contradicts)]
#[case("Иванова Анна", "Петрова Анна", Contradicts)]
#[case("Ивано", "Иванов", Contradicts)]
fn comparison(#[case] a: &str, #[case] b: &str, #[case] expected: NameMatch) {
    assert_eq!(name::compare(Some(a), Some(b)), expected);
    assert_eq!(name::compare(Some(b), Some(a)), expected);
}

#[test]
fn a_missing_name_contradicts_nothing() {
    assert_eq!(name::compare(None, None), Compatible);
    assert_eq!(name::compare(None, Some("Иванов")), Compatible);
    assert_eq!(name::compare(Some("Иванов"), None), Compatible);
}

/// Few words and initials, so that generated names collide often.
fn words() -> impl Strategy<Value = Vec<&'static str>> {
    prop::collection::vec(prop::sample::select(vec!["Иван", "Игорь", "Анна", "И.", "А.", "Ёлкин"]), 0..5)
}

/// The rule as it is said, by trying every way of giving each word of `short` its own word of `long`.
fn fits_by_search(short: &[&str], long: &[&str]) -> bool {
    let Some((word, others)) = short.split_first() else {
        return true;
    };
    (0..long.len()).any(|at| {
        let mut left = long.to_vec();
        let other = left.remove(at);
        let initial = |a: &str, b: &str| a.strip_suffix('.').is_some_and(|letter| b.starts_with(letter));
        (*word == other || initial(word, other) || initial(other, word)) && fits_by_search(others, &left)
    })
}

#[test]
fn a_name_is_no_link() {
    for link in [
        "casino.com",
        "Зайди на bit.ly/x",
        "anna@casino.org",
        "выигрыш.рф",
        "cas\u{200b}ino.com",
        "casino。com",
        "HTTP://x",
        "www.x",
    ] {
        assert!(name::names_a_page(link), "{link}");
    }
    for real in
        ["Anna Reed", "И.И. Иванов", "Иванов И. И.", "И.Иванов", "St.John", "Dr. Smith Jr.", "О'Нил-Фокс", "Mr.Com"]
    {
        assert_eq!(name::names_a_page(real), real == "Mr.Com", "{real}");
    }
}

proptest! {
    #[test]
    fn comparison_is_symmetric_and_knows_no_order(mut a in words(), b in words()) {
        let forwards = name::compare(Some(&a.join(" ")), Some(&b.join(" ")));
        prop_assert_eq!(name::compare(Some(&b.join(" ")), Some(&a.join(" "))), forwards);
        a.reverse();
        prop_assert_eq!(name::compare(Some(&a.join(" ")), Some(&b.join(" "))), forwards);
    }

    #[test]
    fn comparison_agrees_with_a_search_of_all_pairings(a in words(), b in words()) {
        let contradicts = name::compare(Some(&a.join(" ")), Some(&b.join(" "))) == Contradicts;
        prop_assert_eq!(!contradicts, fits_by_search(&a, &b) || fits_by_search(&b, &a));
    }

    #[test]
    fn same_is_the_same_key(a in words(), b in words()) {
        let (a, b) = (a.join(" "), b.join(" "));
        let same_key = name::key(&a) == name::key(&b) && !name::key(&a).is_empty();
        prop_assert_eq!(name::compare(Some(&a), Some(&b)) == Same, same_key);
    }

    #[test]
    fn a_key_is_its_own_key(text in "\\PC{0,40}") {
        prop_assert_eq!(name::key(&name::key(&text)), name::key(&text));
    }
}
