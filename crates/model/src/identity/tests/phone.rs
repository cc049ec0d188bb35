//! Telephone numbers.
use proptest::prelude::*;
use rstest::rstest;

use crate::identity::IdentityError;
use crate::identity::phone::{self, Region};

#[rstest]
#[case("+7 921 123-45-67", "+79211234567")]
#[case("8 (921) 123-45-67", "+79211234567")]
#[case("89211234567", "+79211234567")]
#[case("921 123 45 67", "+79211234567")]
#[case("7 921 123 45 67", "+79211234567")]
#[case("007 921 1234567", "+79211234567")]
#[case("\u{202A}+7\u{A0}921\u{A0}123\u{2011}45\u{2011}67\u{202C}", "+79211234567")]
#[case("＋７ ９２１ １２３ ４５ ６７", "+79211234567")]
#[case("+7.921.123.45.67", "+79211234567")]
#[case("8-800-555-35-35", "+78005553535")]
#[case("8 (812) 320-00-00", "+78123200000")]
#[case("(812) 320-00-00", "+78123200000")]
#[case("7 812 320 00 00", "+78123200000")]
#[case("+7 812 320 00 00", "+78123200000")]
#[case("800 555 35 35", "+78005553535")]
#[case("8 701 234 56 78", "+77012345678")]
#[case("+375 29 123-45-67", "+375291234567")]
#[case("+1 650 253 0000", "+16502530000")]
#[case("+44 7911 123456", "+447911123456")]
#[case("+44 (0)20 7946 0958", "+442079460958")]
#[case("+39 02 3661 8300", "+390236618300")]
#[case("8 10 49 30 901820", "+4930901820")]
#[case("8 (495) 123-45-67 доб. 12", "+74951234567")]
#[case("8 (495) 123-45-67 (доб. 12)", "+74951234567")]
#[case("8 (495) 123-45-67, вн. 7", "+74951234567")]
#[case("+7 495 123-45-67 ext. 12", "+74951234567")]
#[case("+7 495 123-45-67x12", "+74951234567")]
#[case("+7 495 123-45-67 #12", "+74951234567")]
#[case("+74951234567;ext=12", "+74951234567")]
fn one_form(#[case] written: &str, #[case] stored: &str) {
    assert_eq!(phone::normalise(written, Region::default()).unwrap().as_str(), stored);
}

#[rstest]
#[case("", IdentityError::PhoneEmpty)]
#[case(" \u{200B} ", IdentityError::PhoneEmpty)]
#[case("8-800-CALL-NOW", IdentityError::PhoneLetters)]
#[case("позвоните 8 921 123-45-67", IdentityError::PhoneLetters)]
#[case("ivan@example.org", IdentityError::PhoneLetters)]
#[case("+7 921 123-45-67, +7 921 765-43-21", IdentityError::PhoneMalformed)]
#[case("7+9211234567", IdentityError::PhoneMalformed)]
#[case("*100#", IdentityError::PhoneMalformed)]
#[case("12345", IdentityError::PhoneInvalid)]
#[case("+7 921 123-45-6", IdentityError::PhoneInvalid)]
#[case("+7 921 123-45-678", IdentityError::PhoneInvalid)]
#[case("+7 000 000-00-00", IdentityError::PhoneInvalid)]
#[case("+8 921 123-45-67", IdentityError::PhoneInvalid)]
#[case("+", IdentityError::PhoneInvalid)]
#[case("---", IdentityError::PhoneInvalid)]
#[case("99999999999999999999999999999999", IdentityError::PhoneInvalid)]
fn refused(#[case] written: &str, #[case] reason: IdentityError) {
    assert_eq!(phone::normalise(written, Region::default()), Err(reason));
}

#[test]
fn a_national_number_is_of_its_region() {
    let london = phone::normalise("020 7946 0958", Region::parse("GB").unwrap()).unwrap();
    assert_eq!(london.as_str(), "+442079460958");
    assert_eq!(phone::normalise("020 7946 0958", Region::default()), Err(IdentityError::PhoneInvalid));
    assert_eq!(Region::parse("XX"), Err(IdentityError::RegionUnknown));
    assert_eq!(Region::parse("RU"), Ok(Region::default()));
}

#[rstest]
#[case("+79211234567", "+7 921 123-45-67")]
#[case("+78123200000", "+7 812 320-00-00")]
#[case("+77012345678", "+7 701 234 5678")]
#[case("+375291234567", "+375 29 123-45-67")]
#[case("+442079460958", "+44 20 7946 0958")]
#[case("8 921", "8 921")]
#[case("", "")]
fn shown_in_international_form(#[case] stored: &str, #[case] shown: &str) {
    assert_eq!(phone::display(stored), shown);
}

proptest! {
    #[test]
    fn any_number_has_one_form(digits in "9[0-9]{9}|(812|495|800|843|861)[2-6][0-9]{6}") {
        let stored = format!("+7{digits}");
        let (code, rest) = digits.split_at(3);
        for written in [stored.clone(), format!("8{digits}"), format!("8 ({code}) {rest}"), phone::display(&stored)] {
            let read = phone::normalise(&written, Region::default()).unwrap();
            prop_assert_eq!(read.as_str(), &stored);
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in "[+0-9 ()xдоб.#-]{0,24}|\\PC{0,30}") {
        if let Ok(once) = phone::normalise(&text, Region::default()) {
            prop_assert_eq!(phone::normalise(once.as_str(), Region::default()).unwrap(), once.clone());
            prop_assert_eq!(phone::normalise(&phone::display(once.as_str()), Region::default()).unwrap(), once);
        }
        let _ = phone::display(&text);
    }
}
