//! What the form writes is read back: over all kinds of fields, operators and values, and over filters made of them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::tz::TimeZone;
use model::expr::{Want, compile};
use model::pack::Pack;
use model::rights::{Grant, Scope};
use model::{Definitions, Module};

use super::condition::{Condition, Operator};
use super::fields::Fields;
use super::reading;
use super::sent;
use super::sort::{Sort, Values, sort};
use super::stretch::Stretch;
use super::tree::{Filter, Item, Part, Place};
use crate::pages::list::conjuncts::Joint;
use crate::ui::typed;

const ID: &str = "0190163d-8694-739b-aea5-966c26f8ad91";
const OTHER: &str = "0190163d-8694-739b-aea5-966c26f8ad92";

/// A module with a field of every kind that conditions know.
const DEALS: &str = r#"
name = "deals"
label = { ru = "", en = "" }
one = { ru = "", en = "" }
title = "name"
owners = true
fields = [
  { name = "name", type = "text" },
  { name = "a_text", type = "text" },
  { name = "a_long_text", type = "long_text" },
  { name = "a_number", type = "number" },
  { name = "a_decimal", type = "decimal", scale = 2 },
  { name = "a_money", type = "money" },
  { name = "a_date", type = "date" },
  { name = "a_time", type = "time" },
  { name = "a_datetime", type = "datetime" },
  { name = "a_duration", type = "duration" },
  { name = "a_record", type = "record" },
  { name = "a_person", type = "person" },
  { name = "a_email", type = "email" },
  { name = "a_phone", type = "phone" },
  { name = "a_url", type = "url" },
  { name = "a_address", type = "address" },
  { name = "a_checkbox", type = "checkbox" },
  { name = "a_rating", type = "rating" },
  { name = "a_colour", type = "colour" },
  { name = "a_json", type = "json" },
  { name = "a_choice", type = "choice", options = [{ value = "new", label = { ru = "", en = "" } }, { value = "won", label = { ru = "", en = "" } }] },
  { name = "a_multi_choice", type = "multi_choice", options = [{ value = "new", label = { ru = "", en = "" } }] },
  { name = "tags", type = "multi_choice", open = true },
  { name = "a_link", type = "link", module = "deals" },
  { name = "links", type = "links", module = "deals" },
  { name = "a_formula", type = "formula", expression = "a_number + 1" },
]
"#;

fn definitions() -> Definitions {
    let files = [
        ("pack.toml", "name = \"test\"\nlabel = { ru = \"\", en = \"\" }\nversion = 1\n"),
        ("modules/deals.toml", DEALS),
    ];
    let files: BTreeMap<_, _> = files.into_iter().map(|(path, text)| (path.to_owned(), text.to_owned())).collect();
    Definitions::from_packs(&[Pack::read(files).unwrap()]).unwrap()
}

fn module() -> Arc<Module> {
    definitions().module("deals").unwrap().clone()
}

/// The fields of the module for who sees everything: also those one link further, which are fields of every kind again.
fn fields() -> Fields {
    seen(|_| Grant { read: Scope::All, ..Grant::default() })
}

fn seen(grant: impl Fn(&Module) -> Grant) -> Fields {
    let definitions = definitions();
    Fields::seen(&definitions, definitions.module("deals").unwrap(), grant)
}

/// All that the form offers, one link further included.
fn offered(fields: &Fields) -> Vec<String> {
    let further = fields.links().flat_map(|link| fields.offered(Some(link)));
    fields.offered(None).into_iter().chain(further).collect()
}

/// Values of a field: the plain and the tricky.
fn values(fields: &Fields, name: &str) -> Vec<String> {
    let some: &[&str] = match sort(&fields.field(name).unwrap()) {
        Sort::Text | Sort::Exact => &["Волга", "a\"b\\c && d == (e", "in", "// me() || ]", "'"],
        Sort::Number { whole: true } => &["0", "-7", "9007199254740993"],
        Sort::Number { whole: false } => &["0.5", "-100000.50", "12", "9007199254740.9931"],
        Sort::Date => &["2026-11-21", "2024-02-29"],
        Sort::Moment => &["2026-11-21", "2026-12-31"],
        Sort::Time => &["00:00", "23:59"],
        Sort::YesNo => &["true", "false"],
        Sort::One(Values::People) => &["me()", ID, OTHER],
        Sort::One(Values::Words) | Sort::Many(Values::Words) => &["new", "won", "a, b", "\") || (\"", "я in тут"],
        Sort::One(_) | Sort::Many(_) => &[ID, OTHER],
        Sort::About => &["leads/0190163d-8694-739b-aea5-966c26f8ad91"],
        Sort::Opaque => &[],
    };
    some.iter().map(|value| (*value).to_owned()).collect()
}

/// Every condition that the form can make of these values.
fn conditions(fields: &Fields) -> Vec<Condition> {
    let mut all = Vec::new();
    for name in offered(fields) {
        let known = values(fields, &name);
        for operator in sort(&fields.field(&name).unwrap()).operators() {
            let mut make = |values: &[String]| {
                all.push(Condition { field: name.clone(), operator: *operator, values: values.to_vec() });
            };
            match operator {
                operator if operator.is_alone() => make(&[]),
                Operator::Within => Stretch::OFFERED
                    .into_iter()
                    .chain([Stretch::Last(2), Stretch::Next(365)])
                    .for_each(|stretch| make(&[stretch.to_string()])),
                Operator::Between => make(&[known[0].clone(), known[1].clone()]),
                _ => {
                    for value in &known {
                        make(std::slice::from_ref(value));
                    }
                    make(&known);
                }
            }
        }
    }
    all
}

#[test]
fn every_condition_is_read_back() {
    let fields = fields();
    let mut kinds = BTreeSet::new();
    let mut count = 0;
    for condition in conditions(&fields) {
        let Some(text) = condition.written(&fields) else { continue };
        assert_eq!(reading::condition(&text, &fields), Some(condition.clone()), "{text}");
        count += 1;
        kinds.insert((condition.field, condition.operator.name()));
    }
    let possible = offered(&fields).into_iter().flat_map(|name| {
        let operators = sort(&fields.field(&name).unwrap()).operators();
        operators.iter().map(move |operator| (name.clone(), operator.name())).collect::<Vec<_>>()
    });
    let silent: Vec<_> = possible.filter(|pair| !kinds.contains(pair)).collect();
    assert!(silent.is_empty(), "offered, and never written: {silent:?}");
    assert!(count > 400, "{count}");
}

#[test]
fn every_condition_is_one_of_the_language() {
    let (fields, module, definitions) = (fields(), module(), definitions());
    for condition in conditions(&fields) {
        let Some(text) = condition.written(&fields) else { continue };
        let plan = compile(&text, &module, &definitions, Want::Bool);
        assert!(plan.is_ok(), "{text}: {plan:?}");
    }
}

#[test]
fn what_the_reader_may_not_know_of_is_neither_offered_nor_read() {
    let hides = seen(|_| Grant { read: Scope::All, hidden: vec!["a_money".to_owned()], ..Grant::default() });
    let all = offered(&hides);
    assert!(all.iter().any(|path| path == "a_link.a_text"), "{all:?}");
    assert!(!all.iter().any(|path| path.ends_with("a_money")), "{all:?}");
    let barred = seen(|_| Grant { read: Scope::All, hidden: vec!["a_link".to_owned()], ..Grant::default() });
    let blind = seen(|_| Grant::default());
    for (fields, text) in [
        (&hides, r#"a_money >= "5""#),
        (&hides, r#"a_link.a_money >= "5""#),
        (&hides, r#"(a_link.a_money >= "5" && a_link.a_money <= "7")"#),
        (&barred, r#"a_link.a_text == "x""#),
        (&blind, r#"a_link.a_text == "x""#),
    ] {
        let form = typed::read(b"field=a_link.a_money&operator=filled").unwrap();
        assert_eq!(reading::condition(text, fields), None, "{text}");
        assert_eq!(sent::condition(fields, &form, &TimeZone::UTC), None);
    }
    assert!(barred.links().next().is_none() && blind.links().next().is_none());
}

#[test]
fn a_path_is_one_link_long_and_ends_at_a_field() {
    let fields = fields();
    for path in
        ["a_link.a_link.a_text", "links.a_text", "a_person.name", "a_link.no_such", "a_link.", ".a_text", "a_link.id"]
    {
        assert!(fields.field(path).is_none(), "{path}");
    }
    assert_eq!(fields.field("a_link.a_text").map(|field| field.name).as_deref(), Some("a_text"));
    assert_eq!((Fields::link("a_link.a_text"), Fields::link("a_text")), (Some("a_link"), None));
}

#[test]
fn filters_of_conditions_are_read_back() {
    let fields = fields();
    let items: Vec<Item> = conditions(&fields)
        .into_iter()
        .filter_map(|condition| Some(Item { text: condition.written(&fields)?, condition: Some(condition) }))
        .chain([
            other("a_text.size() > 3"),
            other("a_link.a_link.name == \"x\""),
            other("a_number == 1 ? true : false"),
        ])
        .collect();
    // Every neighbour of every kind, in all shapes.
    for (at, trio) in items.windows(3).enumerate() {
        for joint in [Joint::All, Joint::Any] {
            let one = |index: usize| Part::One(trio[index].clone());
            let far = items[(at * 7 + 11) % items.len()].clone();
            let group = Part::Group(vec![trio[1].clone(), far]);
            let shapes = [vec![one(0), one(1), one(2)], vec![one(0), group.clone()], vec![group, one(2)]];
            for parts in shapes {
                let filter = Filter { joint, parts };
                let text = filter.written();
                let read = Filter::read(&text, &fields);
                assert_eq!(read.written(), text);
                // What merges into one condition was known before.
                assert_eq!(unknown(&read), unknown(&filter), "{text}");
            }
        }
    }
}

fn unknown(filter: &Filter) -> usize {
    filter.parts.iter().flat_map(Part::items).filter(|item| item.condition.is_none()).count()
}

fn other(text: &str) -> Item {
    Item { text: text.to_owned(), condition: None }
}

#[test]
fn what_the_form_does_not_know_stays_as_it_is_written() {
    let fields = fields();
    for text in [
        "a_link.a_link.name == \"x\"",
        "a_link.size() > 3",
        "tags.exists(t, t == \"vip\")",
        "a_number * 2 > 3 && size(name) > 1",
        "((a_number == 1 || a_number == 2) && name == \"x\") || has(name) && !(has(tags) && has(name))",
        "name == name",
        "a_person == \"me()\"",
        "created_at < today()",
        "no_such == 1",
        "a_date == \"yesterday\"",
    ] {
        let filter = Filter::read(text, &fields);
        let longer = filter.with(Place::New, other("a_number == 5"));
        let shorter = longer.clone().without(longer.parts.len() - 1, 0);
        let plain = |text: &str| text.replace(['(', ')'], "");
        assert_eq!(plain(&shorter.written()), plain(text));
    }
    let broken = "name = && \"";
    assert_eq!(Filter::read(broken, &fields).written(), broken);
}

#[test]
fn what_people_write_is_read_as_well() {
    let fields = fields();
    let read = |text: &str| reading::condition(text, &fields).map(|found| (found.operator, found.values.join(";")));
    let is = |operator, values: &str| Some((operator, values.to_owned()));
    assert_eq!(read("a_money>=100000"), is(Operator::AtLeast, "100000"));
    assert_eq!(read("a_decimal < -1.50"), is(Operator::Less, "-1.50"));
    assert_eq!(read("a_choice in ['new', r'won']"), is(Operator::Is, "new;won"));
    assert_eq!(read("a_date == \"2026-11-21\" // a day"), is(Operator::Is, "2026-11-21"));
    assert_eq!(read("a_date == today()"), None);
    assert_eq!(read("month(a_date) == month(today())"), is(Operator::Within, "month"), "as it was written before");
    assert_eq!(read("year(created_at) == year(today())"), is(Operator::Within, "year"));
    assert_eq!(read("(a_date >= week_start(-1) && a_date < week_start(0))"), is(Operator::Within, "last_week"));
    assert_eq!(read("(a_date >= week_start(-1) && a_date < week_start(1))"), None, "two weeks");
    assert_eq!(read("(a_date >= week_start(0) && a_date < month_start(1))"), None);
    assert_eq!(read("a_link . a_text == 'x' // behind a link"), is(Operator::Is, "x"));
    assert_eq!(read("month(a_link.a_date) == month(today())"), is(Operator::Within, "month"));
    assert_eq!(read("a_text == me()"), None);
    assert_eq!(read("has(name) && has(tags)"), None);
}

#[test]
fn conditions_are_added_changed_and_taken_away() {
    let fields = fields();
    let read = |text: &str| Filter::read(text, &fields);
    let item = |text: &str| Item::read(text, &fields);
    let two = read("has(name) && a_number == 1");
    assert_eq!(two.clone().flipped().written(), "has(name) || a_number == 1");
    assert_eq!(two.clone().with(Place::New, item("has(tags)")).written(), "has(name) && a_number == 1 && has(tags)");
    assert_eq!(two.clone().with(Place::New, item("has(name)")).written(), "has(name) && a_number == 1");
    let group = two.clone().with(Place::In(1), item("a_number == 2"));
    assert_eq!(group.written(), "has(name) && (a_number == 1 || a_number == 2)");
    assert_eq!(
        group.clone().with(Place::At(1, 1), item("has(tags)")).written(),
        "has(name) && (a_number == 1 || has(tags))"
    );
    assert_eq!(group.clone().without(1, 0).written(), "has(name) && a_number == 2");
    assert_eq!(group.clone().without(0, 0).written(), "a_number == 1 || a_number == 2");
    assert_eq!(group.flipped().written(), "has(name) || (a_number == 1 && a_number == 2)");
    assert_eq!(read("has(name)").with(Place::In(0), item("has(tags)")).written(), "has(name) || has(tags)");
    assert_eq!(read("has(name)").without(0, 0).written(), "");
    assert_eq!(two.with(Place::At(9, 9), item("has(tags)")).parts.len(), 3);
    assert_eq!(
        [Place::New, Place::In(3), Place::At(1, 2)].map(|place| Place::read(&place.text())),
        [Place::New, Place::In(3), Place::At(1, 2)]
    );
}

#[test]
fn a_filter_is_narrowed_by_what_records_have_in_common() {
    let fields = fields();
    let narrowed = |text: &str, name: &str, value: Option<&str>| {
        let condition = Condition::that(&fields, name, value);
        Filter::read(text, &fields).narrowed(condition, &fields).written()
    };
    assert_eq!(narrowed("", "a_choice", Some("new")), r#"a_choice == "new""#);
    assert_eq!(narrowed("", "a_choice", None), "!has(a_choice)");
    assert_eq!(narrowed("has(name)", "a_checkbox", Some("false")), "has(name) && a_checkbox != true");
    assert_eq!(narrowed("has(name) && has(tags)", "a_number", Some("7")), "has(name) && has(tags) && a_number == 7");
    assert_eq!(
        narrowed("has(name) || has(tags)", "a_link", Some(ID)),
        format!("(has(name) || has(tags)) && a_link == \"{ID}\"")
    );
    assert_eq!(narrowed("a_choice == \"new\"", "a_choice", Some("new")), r#"a_choice == "new""#, "not said twice");
    let (first, last) = (jiff::civil::date(2026, 11, 1), jiff::civil::date(2026, 11, 30));
    let days = |name: &str| Condition::among(name, first, last).text(&fields);
    assert_eq!(days("a_date"), r#"(a_date >= "2026-11-01" && a_date <= "2026-11-30")"#);
    assert_eq!(days("created_at"), r#"(created_at >= "2026-11-01" && created_at < "2026-12-01")"#);
}

fn posted(form: &str) -> Option<String> {
    let fields = fields();
    let form = typed::read(form.as_bytes()).unwrap();
    sent::condition(&fields, &form, &TimeZone::get("Europe/Moscow").unwrap())?.written(&fields)
}

#[test]
fn forms_become_expressions() {
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(posted("field=a_text&operator=contains&value=Волга+\"Б\""), some(r#"a_text.contains("Волга \"Б\"")"#));
    assert_eq!(posted("field=a_money&operator=at_least&value=100 000,50"), some(r#"a_money >= "100000.50""#));
    assert_eq!(posted("field=a_number&operator=between&value=9&until=10"), some("(a_number >= 9 && a_number <= 10)"));
    assert_eq!(posted("field=a_number&operator=between&value=10&until=9"), some("(a_number >= 9 && a_number <= 10)"));
    assert_eq!(posted("field=owner&operator=is&value=me"), some("owner == me()"));
    assert_eq!(
        posted(&format!("field=owner&operator=is&value=me&value={ID}")),
        some(&format!("owner in [me(), \"{ID}\"]"))
    );
    assert_eq!(posted("field=a_choice&operator=is_not&value=new&value=won"), some(r#"!(a_choice in ["new", "won"])"#));
    assert_eq!(posted("field=tags&operator=all_of&value=a, b"), some(r#"("a" in tags && "b" in tags)"#));
    assert_eq!(posted("field=tags&operator=all_of&value=a,a"), some(r#""a" in tags"#));
    assert_eq!(posted("field=name&operator=empty&value=left"), some("!has(name)"));
    assert_eq!(posted("field=a_checkbox&operator=is&value=да"), some("a_checkbox == true"));
    assert_eq!(posted("field=a_checkbox&operator=is&value=false"), some("a_checkbox != true"));
    assert_eq!(posted("field=owner&operator=my_team"), some("owner in my_team()"));
    assert_eq!(posted("field=a_link.owner&operator=is&value=me"), some("a_link.owner == me()"));
    assert_eq!(posted("field=a_link.a_text&operator=starts&value=Во"), some(r#"a_link.a_text.startsWith("Во")"#));
    assert_eq!(
        posted("field=a_link.tags&operator=is_not&value=a,b"),
        some(r#"!("a" in a_link.tags || "b" in a_link.tags)"#)
    );
}

#[test]
fn days_and_periods_are_those_of_the_workspace() {
    let some = |text: &str| Some(text.to_owned());
    let day = r#"(created_at >= "2026-11-21" && created_at < "2026-11-22")"#;
    assert_eq!(posted("field=created_at&operator=is&value=2026-11-21"), some(day));
    assert_eq!(posted("field=created_at&operator=between&value=2026-11-21&until=2026-11-21"), some(day));
    assert_eq!(
        posted("field=a_datetime&operator=less&value=2026-11-21T10:00"),
        some(r#"a_datetime < "2026-11-21T07:00:00Z""#)
    );
    assert_eq!(
        posted("field=a_date&operator=within&within=last_7"),
        some(r#"(a_date >= today() - duration("P6D") && a_date < today() + duration("P1D"))"#)
    );
    for (within, from, to) in [
        ("week", "week_start(0)", "week_start(1)"),
        ("last_week", "week_start(-1)", "week_start(0)"),
        ("next_week", "week_start(1)", "week_start(2)"),
        ("month", "month_start(0)", "month_start(1)"),
        ("last_month", "month_start(-1)", "month_start(0)"),
        ("quarter", "quarter_start(0)", "quarter_start(1)"),
        ("next_quarter", "quarter_start(1)", "quarter_start(2)"),
        ("last_year", "year_start(-1)", "year_start(0)"),
    ] {
        let written = posted(&format!("field=created_at&operator=within&within={within}"));
        assert_eq!(written, Some(format!("(created_at >= {from} && created_at < {to})")), "{within}");
    }
    assert_eq!(posted("field=created_at&operator=within&within=last_day"), None);
    assert_eq!(posted("field=created_at&operator=within&within=past"), some("created_at < now()"));
    assert_eq!(posted("field=created_at&operator=within&within=last_0"), None);
}

#[test]
fn nothing_can_be_smuggled_in() {
    for form in [
        "field=no_such&operator=is&value=1",
        "field=a_link.no_such&operator=is&value=1",
        "field=a_link.a_link.name&operator=is&value=1",
        "field=a_link.a_number == 1 || a_number&operator=is&value=1",
        "field=a_number&operator=is&value=1 || true",
        "field=a_money&operator=is&value=\" || true",
        "field=a_money&operator=is&value=1e5",
        "field=a_date&operator=is&value=yesterday",
        "field=name&operator=at_least&value=a",
        "field=a_checkbox&operator=is&value=maybe",
        "field=owner&operator=is&value=somebody",
        "field=a_record&operator=is&value=leads",
        "field=a_long_text&operator=contains&value=a",
        "field=a_date&operator=within&within=today() || true",
        "field=a_text&operator=is&value=",
    ] {
        assert_eq!(posted(form), None, "{form}");
    }
}
