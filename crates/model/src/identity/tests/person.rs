//! Whom a request belongs to.
use jiff::Timestamp;
use proptest::prelude::*;

use crate::Id;
use crate::identity::{Candidate, Decision, NameMatch, PersonKind, Reason, match_person, name};

fn person(kind: PersonKind, id: u128, name: &str, updated: i64) -> Candidate<'_> {
    Candidate {
        kind,
        id: Id(uuid::Uuid::from_u128(id)),
        name: (!name.is_empty()).then_some(name),
        same_email: true,
        same_phone: false,
        updated_at: Timestamp::from_second(updated).unwrap(),
        open: true,
    }
}

fn contact(id: u128, name: &str, updated: i64) -> Candidate<'_> {
    person(PersonKind::Contact, id, name, updated)
}

fn lead(id: u128, name: &str, updated: i64) -> Candidate<'_> {
    person(PersonKind::Lead, id, name, updated)
}

#[test]
fn nobody_known_is_somebody_new() {
    assert_eq!(match_person(Some("Иванов Иван"), &[]), Decision::New { possible_duplicates: vec![] });
}

#[test]
fn the_same_address_under_an_agreeing_name_is_the_same_person() {
    for known in ["Иванов Иван", "Иванов Иван Иванович", "Иванов И.", ""] {
        let known = lead(1, known, 0);
        assert_eq!(match_person(Some("Иван Иванов"), &[known]), Decision::Attach(known));
        assert_eq!(match_person(None, &[known]), Decision::Attach(known));
    }
    let by_phone = Candidate { same_email: false, same_phone: true, ..lead(1, "Иванов Иван", 0) };
    assert_eq!(match_person(Some("Иванов"), &[by_phone]), Decision::Attach(by_phone));
}

#[test]
fn a_contact_wins_over_a_later_lead() {
    let (older, later) = (contact(1, "Иванов", 10), lead(2, "Иванов", 20));
    assert_eq!(match_person(Some("Иванов"), &[later, older]), Decision::Attach(older));
}

#[test]
fn among_several_the_one_updated_last() {
    let (older, later) = (contact(2, "Иванов", 10), contact(1, "Иванов", 20));
    assert_eq!(match_person(Some("Иванов"), &[older, later]), Decision::Attach(later));
}

#[test]
fn an_open_lead_goes_before_a_closed_one() {
    let lost = Candidate { open: false, ..lead(2, "Иванов", 20) };
    let open = lead(1, "Иванов", 10);
    assert_eq!(match_person(Some("Иванов"), &[lost, open]), Decision::Attach(open));
    assert_eq!(match_person(Some("Иванов"), &[lost]), Decision::Attach(lost));
}

#[test]
fn a_contact_of_another_name_does_not_hide_a_lead() {
    let (stranger, known) = (contact(1, "Петрова Анна", 20), lead(2, "Иванов Иван", 10));
    assert_eq!(match_person(Some("Иванов Иван"), &[stranger, known]), Decision::Attach(known));
}

#[test]
fn contradicting_names_make_a_new_person_and_a_mark() {
    let colleague = lead(2, "Петров Пётр", 30);
    let both = Candidate { same_phone: true, ..contact(1, "Петрова Анна", 10) };
    let switchboard = Candidate { same_email: false, same_phone: true, ..lead(3, "Сидоров", 20) };
    let expected = vec![
        (both.id, Reason::SameEmailAndPhone),
        (colleague.id, Reason::SameEmail),
        (switchboard.id, Reason::SamePhone),
    ];
    assert_eq!(
        match_person(Some("Иванов Иван"), &[switchboard, colleague, both]),
        Decision::New { possible_duplicates: expected }
    );
}

#[test]
fn the_same_full_name_alone_is_a_mark() {
    let namesake = Candidate { same_email: false, ..contact(1, "Иван Иванов", 10) };
    let marked = Decision::New { possible_duplicates: vec![(namesake.id, Reason::SameName)] };
    assert_eq!(match_person(Some("ИВАНОВ ИВАН"), &[namesake]), marked);
    let unmarked = Decision::New { possible_duplicates: vec![] };
    assert_eq!(match_person(Some("Иванов Иван Иванович"), &[namesake]), unmarked);
    assert_eq!(match_person(None, &[namesake]), unmarked);
    let first_name = Candidate { name: Some("Иван"), ..namesake };
    assert_eq!(match_person(Some("Иван"), &[first_name]), unmarked);
}

const NAMES: [&str; 6] = ["", "Иванов", "Иванов Иван", "Иванов И. И.", "Иванов Иван Иванович", "Петрова Анна"];

fn candidates() -> impl Strategy<Value = Vec<Candidate<'static>>> {
    let one = (any::<bool>(), prop::sample::select(NAMES.to_vec()), any::<[bool; 3]>(), 0_i64..4);
    prop::collection::vec(one, 0..6).prop_map(|drawn| {
        let numbered = drawn.into_iter().zip(1_u128..);
        numbered
            .map(|((is_contact, name, [same_email, same_phone, open], updated), id)| {
                let kind = if is_contact { PersonKind::Contact } else { PersonKind::Lead };
                Candidate { same_email, same_phone, open: open || is_contact, ..person(kind, id, name, updated) }
            })
            .collect()
    })
}

fn incoming() -> impl Strategy<Value = Option<&'static str>> {
    prop::option::of(prop::sample::select(NAMES.to_vec()))
}

proptest! {
    #[test]
    fn the_order_of_candidates_is_irrelevant(
        name in incoming(),
        (given, shuffled) in candidates().prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
    ) {
        prop_assert_eq!(match_person(name, &given), match_person(name, &shuffled));
    }

    #[test]
    fn attaches_exactly_when_an_address_agrees_and_no_name_contradicts(name in incoming(), known in candidates()) {
        let is_same = |c: &Candidate<'_>| {
            (c.same_email || c.same_phone) && name::compare(name, c.name) != NameMatch::Contradicts
        };
        match match_person(name, &known) {
            Decision::Attach(chosen) => {
                prop_assert!(is_same(&chosen));
                let rivals = known.iter().filter(|c| is_same(c) && c.kind <= chosen.kind);
                for rival in rivals {
                    prop_assert_eq!(rival.kind, chosen.kind);
                    prop_assert!(rival.updated_at <= chosen.updated_at || (chosen.open && !rival.open));
                }
            }
            Decision::New { possible_duplicates } => {
                prop_assert!(!known.iter().any(is_same));
                let sharing_an_address = known.iter().filter(|c| c.same_email || c.same_phone);
                for sharing in sharing_an_address {
                    prop_assert!(possible_duplicates.iter().any(|(id, reason)| *id == sharing.id && *reason != Reason::SameName));
                }
            }
        }
    }

    #[test]
    fn a_stranger_among_candidates_changes_no_attachment(name in incoming(), mut known in candidates(), updated in 0_i64..9) {
        let before = match_person(name, &known);
        known.push(Candidate { same_email: false, ..contact(99, "Иванов Иван", updated) });
        let after = match_person(name, &known);
        match before {
            Decision::Attach(_) => prop_assert_eq!(after, before),
            Decision::New { .. } => {
                let still_new = matches!(after, Decision::New { .. });
                prop_assert!(still_new);
            }
        }
    }
}
