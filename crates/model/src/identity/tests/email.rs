//! E-mail addresses.
use proptest::prelude::*;
use rstest::rstest;

use crate::identity::{IdentityError, email};

#[rstest]
#[case("ivan@example.org", "ivan@example.org")]
#[case("  Ivan.Petrov@Example.ORG \n", "ivan.petrov@example.org")]
#[case("\u{FEFF}\u{200B}ivan@example.org\u{A0}", "ivan@example.org")]
#[case("ivan+tag@mail.example.org", "ivan+tag@mail.example.org")]
#[case("o'hara!#$%&*-/=?^_`{|}~@x.io", "o'hara!#$%&*-/=?^_`{|}~@x.io")]
#[case("info@ПОЧТА.рф", "info@xn--80a1acny.xn--p1ai")]
#[case("info@xn--80a1acny.xn--p1ai", "info@xn--80a1acny.xn--p1ai")]
#[case("ИВАН@почта.рф", "иван@xn--80a1acny.xn--p1ai")]
#[case("Anna@bücher.example", "anna@xn--bcher-kva.example")]
// A decomposed and a composed letter are one address.
#[case("jose\u{301}@example.org", "jos\u{e9}@example.org")]
fn one_form(#[case] written: &str, #[case] stored: &str) {
    assert_eq!(email::normalise(written).unwrap().as_str(), stored);
}

#[rstest]
#[case("", IdentityError::EmailEmpty)]
#[case(" \t\u{A0}", IdentityError::EmailEmpty)]
#[case("ivan.example.org", IdentityError::EmailNoAt)]
#[case("\"ivan petrov\"@example.org", IdentityError::EmailQuoted)]
#[case("@example.org", IdentityError::EmailLocalPart)]
#[case(".ivan@example.org", IdentityError::EmailLocalPart)]
#[case("ivan.@example.org", IdentityError::EmailLocalPart)]
#[case("iv..an@example.org", IdentityError::EmailLocalPart)]
#[case("ivan petrov@example.org", IdentityError::EmailLocalPart)]
#[case("ivan\u{0}@example.org", IdentityError::EmailLocalPart)]
#[case("ivan\u{200B}p@example.org", IdentityError::EmailLocalPart)]
#[case("ivan@petrov@example.org", IdentityError::EmailLocalPart)]
#[case("Ivan <ivan@example.org>", IdentityError::EmailLocalPart)]
#[case("a@b.ru, c@d.ru", IdentityError::EmailLocalPart)]
#[case("ivan@", IdentityError::EmailDomain)]
#[case("ivan@localhost", IdentityError::EmailDomain)]
#[case("ivan@example.", IdentityError::EmailDomain)]
#[case("ivan@.org", IdentityError::EmailDomain)]
#[case("ivan@exa mple.org", IdentityError::EmailDomain)]
#[case("ivan@exam_ple.org", IdentityError::EmailDomain)]
#[case("ivan@-example.org", IdentityError::EmailDomain)]
#[case("ivan@example..org", IdentityError::EmailDomain)]
#[case("ivan@example.org\nBcc: x@y.ru", IdentityError::EmailLocalPart)]
#[case("ivan@127.0.0.1", IdentityError::EmailDomain)]
#[case("ivan@[127.0.0.1]", IdentityError::EmailDomain)]
#[case("ivan@example.c", IdentityError::EmailDomain)]
fn refused(#[case] written: &str, #[case] reason: IdentityError) {
    assert_eq!(email::normalise(written), Err(reason));
}

#[test]
fn lengths_of_rfc_5321() {
    let local = |length: usize| format!("{}@example.org", "a".repeat(length));
    assert!(email::normalise(&local(64)).is_ok());
    assert_eq!(email::normalise(&local(65)), Err(IdentityError::EmailTooLong));
    // 64 + @ + three labels of 61 and one of the rest, with dots.
    let whole = |last: usize| {
        let label = "b".repeat(61);
        format!("{}@{label}.{label}.{}.ru", "a".repeat(64), "c".repeat(last))
    };
    assert_eq!(whole(62).len(), 254);
    assert!(email::normalise(&whole(62)).is_ok());
    assert_eq!(email::normalise(&whole(63)), Err(IdentityError::EmailTooLong));
}

#[test]
fn shown_in_its_own_letters() {
    assert_eq!(email::display("info@xn--80a1acny.xn--p1ai"), "info@почта.рф");
    assert_eq!(email::display("ivan@example.org"), "ivan@example.org");
    assert_eq!(email::display("not an address"), "not an address");
    assert_eq!(email::normalise("ivan@Example.org").unwrap().domain(), "example.org");
}

proptest! {
    #[test]
    fn normalising_twice_changes_nothing(text in "[\\w.+-]{1,12}@[\\w-]{1,12}\\.(ru|рф|org)|\\PC{0,40}@\\PC{0,20}") {
        if let Ok(once) = email::normalise(&text) {
            prop_assert!(!once.as_str().chars().any(|c| c.is_whitespace() || c.is_control()), "{once}");
            prop_assert_eq!(email::normalise(once.as_str()).unwrap(), once);
        }
    }

    #[test]
    fn letter_case_and_blanks_are_no_difference(local in "[a-zа-я]{1,10}(\\.[a-z0-9]{1,5})?", domain in "[a-zа-я]{1,10}\\.(ru|рф)") {
        let plain = email::normalise(&format!("{local}@{domain}")).unwrap();
        let shouted = format!(" {}@{} ", local.to_uppercase(), domain.to_uppercase());
        prop_assert_eq!(email::normalise(&shouted).unwrap(), plain);
    }
}
