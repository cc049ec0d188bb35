//! Folding.

use proptest::prelude::*;
use rstest::rstest;

use crate::identity::fold;

#[rstest]
#[case("Ёлка", "елка")]
#[case("Е\u{308}лка", "елка")]
#[case("  Иванов\u{A0}\t Иван\n", "иванов иван")]
#[case("ЙОД", "йод")]
#[case("И\u{306}од", "йод")]
#[case("Café", "café")]
#[case("ＰＬＥＮＡＲＹ №５", "plenary no5")]
#[case("ﬁnal", "final")]
#[case("кон\u{AD}фе\u{200B}ренция", "конференция")]
#[case("ΟΔΟΣ", "οδοσ")]
#[case("İ", "i\u{307}")]
#[case("", "")]
#[case(" \u{3000} ", "")]
fn one_form(#[case] written: &str, #[case] folded: &str) {
    assert_eq!(fold(written), folded);
}

#[test]
fn different_letters_stay_different() {
    for (a, b) in [("и", "й"), ("е", "э"), ("e", "é"), ("c", "с"), ("ъ", "ь")] {
        assert_ne!(fold(a), fold(b));
    }
}

#[test]
fn sorts_russian_by_the_alphabet() {
    let mut words = ["Яблоко", "ёж", "Ель", "жук", "езда", "Zeta", "арка", "Ёлка"];
    words.sort_by_key(|word| fold(word));
    assert_eq!(words, ["Zeta", "арка", "ёж", "езда", "Ёлка", "Ель", "жук", "Яблоко"]);
}

#[test]
fn every_character_folds_to_a_fixed_point() {
    for c in '\0'..=char::MAX {
        let once = fold(&format!("a{c}b"));
        assert_eq!(fold(&once), once, "U+{:04X}", u32::from(c));
    }
}

proptest! {
    #[test]
    fn folding_twice_changes_nothing(text in "\\PC{0,40}|[еёЕЁ\u{308}\u{300}\u{323} \u{AD}\u{200B}a]{0,12}") {
        let once = fold(&text);
        prop_assert_eq!(fold(&once), once);
    }

    #[test]
    fn the_fold_of_a_beginning_begins_the_fold(start in "[A-Za-zА-Яа-яЁё0-9ΣςÀ-ÿ .,№-]{0,20}", rest in "[A-Za-zА-Яа-яЁё0-9ΣςÀ-ÿ .,№-]{0,20}") {
        let whole = fold(&format!("{start}{rest}"));
        prop_assert!(whole.starts_with(&fold(&start)), "{}", whole);
    }
}
