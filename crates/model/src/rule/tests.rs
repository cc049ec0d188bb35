//! Rules as text, and what sets them off.

use super::{Action, Addressee, Happened, Pool, Rule, Share, When, Worth};
use crate::Label;
use crate::process::Transition;

const TEXT: &str = r#"
name = "hot"
label = { ru = "Горячий", en = "Hot" }
module = "leads"
if = 'readiness == "hot"'
budget = 5

[when]
event = "changed"
fields = ["readiness", "owner"]

[[then]]
do = "create"
module = "activities"
owner = { team = "Sales" }
by = "load"
[then.fields]
kind = '"call"'
subject = { ru = "Звонок", en = "Call" }

[[then]]
do = "notify"
to = ["owner", { role = "head_of_sales" }, { team = "Sales" }]

[[then]]
do = "notify"
to = [{ role = "head_of_sales" }]
"#;

#[test]
fn a_rule_is_written_as_it_is_read() {
    let rule: Rule = toml::from_str(TEXT).unwrap();
    assert!(rule.active && rule.hourly() == 5);
    let Some(Action::Create { fields, owner, by, .. }) = rule.then.first() else { panic!("{rule:?}") };
    assert_eq!((owner, by), (&Some(Pool::Team("Sales".to_owned())), &Share::Load));
    let words = Label { ru: "Звонок".to_owned(), en: "Call".to_owned() };
    assert_eq!(fields.get("subject"), Some(&Worth::Words(words)));
    assert_eq!(fields.get("kind"), Some(&Worth::Expression("\"call\"".to_owned())));
    let told = vec![Addressee::Owner, Addressee::Role("head_of_sales".to_owned()), Addressee::Team("Sales".to_owned())];
    assert_eq!(rule.then.get(1), Some(&Action::Notify { to: told }));
    let written = toml::to_string(&rule).unwrap();
    assert_eq!(toml::from_str::<Rule>(&written).unwrap(), rule, "{written}");
    let json = serde_json::to_value(&rule).unwrap();
    assert_eq!(serde_json::from_value::<Rule>(json).unwrap(), rule);
    assert!(toml::from_str::<Rule>(&TEXT.replace("fields = [\"readiness\"", "field = [\"readiness\"")).is_err());
}

#[test]
fn a_run_sends_what_stands_before_the_next_wait() {
    let mut rule: Rule = toml::from_str(TEXT).unwrap();
    let letter = Action::Letter { template: "a".to_owned(), to: "email".to_owned(), name: None };
    let wait = || Action::Wait { after: "P1D".to_owned(), working: false };
    let paper = |send| Action::Issue { papers: Vec::new(), send };
    let survey = Action::Survey { survey: None };
    rule.then = vec![letter.clone(), wait(), paper(true), paper(false), letter, survey, wait(), paper(false)];
    let from = |step| rule.letters_from(step);
    assert_eq!((from(0), from(2), from(3), from(7), from(99)), (1, 3, 2, 0, 0));
    assert_eq!(rule.letters_at_once(), 3);
}

#[test]
fn what_happened_sets_off_what_waits_for_it() {
    let mut rule: Rule = toml::from_str(TEXT).unwrap();
    let changed = |changed| Happened { is_new: false, changed, entered: None, left: None, moved: None, called: None };
    let made = Happened { is_new: true, changed: &[], entered: Some("new"), left: None, moved: None, called: None };
    assert!(rule.is_set_off(&changed(&["name", "owner"])) && !rule.is_set_off(&changed(&["name"])));
    assert!(!rule.is_set_off(&made));
    rule.when = When::Changed { fields: Vec::new(), made: false };
    assert!(rule.is_set_off(&changed(&["name"])) && !rule.is_set_off(&made));
    rule.when = When::Created;
    assert!(rule.is_set_off(&made) && !rule.is_set_off(&changed(&["name"])));
    rule.when = When::Entered { states: vec!["new".to_owned(), "lost".to_owned()] };
    let lost = Happened {
        is_new: false,
        changed: &["status"],
        entered: Some("lost"),
        left: Some("new"),
        moved: None,
        called: None,
    };
    assert!(rule.is_set_off(&made) && rule.is_set_off(&lost) && !rule.is_set_off(&changed(&["status"])));
    rule.when = When::Left { states: vec!["new".to_owned()] };
    assert!(rule.is_set_off(&lost) && !rule.is_set_off(&made));
}

#[test]
fn a_move_sets_off_what_waits_for_it_by_its_address_or_its_name() {
    let mut rule: Rule = toml::from_str(TEXT).unwrap();
    let step = |name: &str, key: &str| {
        let text = format!("name = {name:?}\nlabel = {{ ru = \"а\", en = \"a\" }}\nfrom = [\"a\"]\nto = \"b\"");
        Transition { key: key.to_owned(), ..toml::from_str(&text).unwrap() }
    };
    let (annul, decline) = (step("annul", "annul"), step("decline", "decline"));
    let (first, second) = (step("advance", "advance.a"), step("advance", "advance.b"));
    let moved = |moved| Happened { is_new: false, changed: &[], entered: None, left: None, moved, called: None };
    for (said, step, is_it) in [
        ("annul", &annul, true),
        ("annul", &decline, false),
        ("advance.a", &first, true),
        ("advance.a", &second, false),
        ("advance", &second, true),
    ] {
        rule.when = When::Moved { transitions: vec![said.to_owned()] };
        assert_eq!(rule.is_set_off(&moved(Some(step))), is_it, "{said}");
    }
    assert!(!rule.is_set_off(&moved(None)));
}

#[test]
fn offsets_lead_both_ways() {
    assert_eq!(super::read_offset("-P7D").unwrap().get_days(), -7);
    assert_eq!(super::read_offset("P1M").unwrap().get_months(), 1);
    assert!(super::read_offset("soon").is_err() && super::read_offset("-").is_err());
    assert!(super::read_offset("--P1D").is_err() && super::read_offset("-+P1D").is_err());
}
