//! Numbers that exist, those with a digit changed, and the examples of the orders that define the keys.

use rstest::rstest;

use super::*;
use crate::value::TEXT_LIMIT;

#[rstest]
#[case("7707083893", true)]
#[case("7736207543", true)]
#[case("7736050003", true)]
#[case("7710140679", true)]
#[case("7702235133", true)]
#[case("7707083894", false)]
#[case("0000000000", false)]
#[case("500100732259", true)]
#[case("526317984689", true)]
#[case("784806113663", true)]
#[case("500100732250", false)]
#[case("773002882006", false)]
#[case("770123456789", false)]
#[case("000000000000", false)]
#[case("77070838931", false)]
#[case("770708389٣", false)]
#[case("", false)]
fn inn(#[case] text: &str, #[case] right: bool) {
    assert_eq!(check_inn(text).is_ok(), right, "{text}");
}

#[rstest]
#[case("1027700132195", true)]
#[case("1027700229193", true)]
#[case("1037739010891", true)]
#[case("304500116000157", true)]
#[case("1027700132196", false)]
#[case("315774600002662", false)]
#[case("0000000000000", false)]
#[case("10277001321951", false)]
fn ogrn(#[case] text: &str, #[case] right: bool) {
    assert_eq!(check_ogrn(text).is_ok(), right, "{text}");
}

#[rstest]
#[case("773601001", true)]
#[case("667101001", true)]
#[case("7736AB001", true)]
#[case("7736ab001", false)]
#[case("A73601001", false)]
#[case("77360100", false)]
#[case("0", false)]
fn kpp(#[case] text: &str, #[case] right: bool) {
    assert_eq!(check_kpp(text).is_ok(), right, "{text}");
}

#[rstest]
#[case("30101810400000000225", "044525225", true)]
#[case("30101810145250000974", "044525974", true)]
#[case("30101810800000000746", "049805000", true)]
#[case("30101810700000000187", "044525187", true)]
#[case("30101810400000000187", "044525187", false)]
#[case("40102810545370000003", "044525225", true)]
#[case("3010181040000000022", "044525225", false)]
fn correspondent_account(#[case] account: &str, #[case] bik: &str, #[case] right: bool) {
    assert_eq!(check_correspondent_account(account, bik).is_ok(), right, "{account} {bik}");
}

#[rstest]
#[case("40602810700000000025", "049805746", true)]
#[case("40702810455000024248", "044030653", true)]
#[case("40702810138250123017", "044525225", true)]
#[case("40702810455000024249", "044030653", false)]
#[case("40702810455000024248", "044030654", false)]
#[case("40702810455000024248", "04403065", false)]
#[case("03214643000000017300", "044525225", true)]
#[case("407028X0455000024248", "044030653", false)]
fn bank_account(#[case] account: &str, #[case] bik: &str, #[case] right: bool) {
    assert_eq!(check_bank_account(account, bik).is_ok(), right, "{account} {bik}");
}

fn harbour() -> LegalEntity {
    LegalEntity {
        name: "ООО «Гавань»".to_owned(),
        inn: "7707083893".to_owned(),
        kpp: "773601001".to_owned(),
        ogrn: "1027700132195".to_owned(),
        bik: "044525225".to_owned(),
        bank_account: "40702810138250123017".to_owned(),
        corr_account: "30101810400000000225".to_owned(),
        ..LegalEntity::default()
    }
}

#[test]
fn an_entity_is_judged_field_by_field() {
    let fields = |entity: &LegalEntity| entity.faults().into_iter().map(|(field, _)| field).collect::<Vec<_>>();
    assert!(harbour().faults().is_empty());
    assert!(LegalEntity { name: "ИП Ли".to_owned(), ..LegalEntity::default() }.faults().is_empty());
    assert_eq!(fields(&LegalEntity { bik: String::new(), ..harbour() }), ["bik"], "accounts need their bank");
    assert_eq!(fields(&LegalEntity { bik: "044030653".to_owned(), ..harbour() }), ["bank_account", "corr_account"]);
    assert_eq!(fields(&LegalEntity { inn: "500100732259".to_owned(), ..harbour() }), ["kpp"], "of a person");
    assert_eq!(fields(&LegalEntity { name: String::new(), inn: "1".to_owned(), ..harbour() }), ["inn", "name"]);
    assert_eq!(fields(&LegalEntity { address: "я".repeat(TEXT_LIMIT + 1), ..harbour() }), ["address"]);
    let mut entity = harbour();
    assert!(LegalEntity::FIELDS.iter().all(|name| entity.field_mut(name).is_some()) && entity.field_mut("x").is_none());
}
