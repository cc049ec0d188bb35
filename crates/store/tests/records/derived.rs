//! Formulas and roll-ups, read, filtered, sorted and paged under rights, against sums made by hand of what the same
//! reader sees.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use model::expr::{compare, rescale};
use model::{Actor, Id, Record, Value};
use serde_json::{Value as Json, json};
use store::{Error, List, OpenError};

use crate::dice::{Dice, seed};
use crate::pack::{changed, read};
use crate::world::{World, create, faults, ids, in_both, sort};

const COMPANIES: &str = r#"
extends = "companies"
fields = [
  { name = "double", type = "formula", expression = "worth * 2" },
  { name = "busy", type = "formula", expression = "visited > 1 && double > 4" },
  { name = "place", type = "formula", expression = "city" },
  { name = "named", type = "formula", expression = "name + \" / \" + city" },
  { name = "open", type = "formula", expression = "remark" },
  { name = "left", type = "formula", expression = "double - seats" },
  { name = "visited", type = "roll_up", via = "visits.company", measure = "count()" },
  { name = "large", type = "roll_up", via = "visits.company", measure = "count()", filter = "seats >= 50" },
  { name = "seats", type = "roll_up", via = "visits.company", measure = "sum(seats)" },
  { name = "mean", type = "roll_up", via = "visits.company", measure = "avg(share)" },
  { name = "income", type = "roll_up", via = "visits.company", measure = "sum(price)" },
  { name = "usual", type = "roll_up", via = "visits.company", measure = "avg(price)" },
  { name = "dearest", type = "roll_up", via = "visits.company", measure = "max(price)" },
  { name = "last", type = "roll_up", via = "visits.company", measure = "max(day)" },
  { name = "first", type = "roll_up", via = "visits.company", measure = "min(moment)" },
]
[[changes]]
field = "worth"
validation = "worth > 3 || visited < 2"
"#;

const VISITS: &str = r#"
extends = "visits"
fields = [
  { name = "half", type = "formula", expression = "share + 0.5" },
  { name = "twice", type = "formula", expression = "price * 2" },
  { name = "where", type = "formula", expression = "company.city" },
  { name = "others", type = "formula", expression = "company.visited - 1" },
  { name = "length", type = "formula", expression = "moment - timestamp(\"2026-01-01T00:00:00Z\")" },
]
"#;

/// The small pack with the derived fields, and a hundred visits.
fn populate(world: &World, dice: &mut Dice) {
    let manifest = "name = \"derived\"\nlabel = { ru = \"П\", en = \"P\" }\nversion = 1\n";
    let files = [("pack.toml", manifest), ("modules/companies.toml", COMPANIES), ("modules/visits.toml", VISITS)];
    let files = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    world.workspace.apply_pack(&read(files)).unwrap();
    let owners = [Some(world.me), Some(world.mate), Some(world.stranger), None];
    let mut companies = Vec::new();
    for number in 0..12 {
        let city = dice.pick(&[json!("Казань"), json!("Ижевск"), Json::Null]).clone();
        let company = json!({"name": format!("c{number}"), "city": city, "owner": dice.pick(&owners), "remark": "r"});
        companies.push(world.make("companies", &company));
    }
    for number in 0..100 {
        let currency = if dice.one_in(40) { "EUR" } else { "RUB" };
        let share = json!(format!("{}.{:03}", dice.below(9), dice.below(1000)));
        let amount = format!("{}.{:02}", dice.below(900), dice.below(100));
        let day = json!(format!("2026-{:02}-{:02}", 1 + dice.below(12), 1 + dice.below(28)));
        let mut or_null = |value: Json| if dice.one_in(5) { Json::Null } else { value };
        let (seats, share, day) = (or_null(json!(number % 101)), or_null(share), or_null(day));
        let price = or_null(json!({"amount": amount, "currency": currency}));
        let moment = format!("2026-03-{:02}T10:00:00Z", 1 + dice.below(28));
        let visit = json!({
            "name": format!("v{number}"), "company": dice.pick(&companies), "seats": seats, "share": share, "price": price,
            "day": day, "moment": moment,
        });
        let id = world.make("visits", &visit);
        if dice.one_in(10) {
            world.run(move |work| work.delete("visits", id, None)).unwrap();
        }
    }
    for (at, id) in companies.into_iter().enumerate() {
        let worth = i64::try_from(at).unwrap() + 4;
        world.change("companies", id, &json!({"worth": worth})).unwrap();
    }
}

/// Everything of a module that `actor` sees.
fn all(world: &World, actor: &Actor, module: &'static str) -> Vec<Record> {
    let list = || List { limit: 500, ..List::default() };
    world.see(actor.clone(), move |work| Ok(work.list(module, &list())?.records)).unwrap()
}

/// A number as digits at a common scale.
fn digits(value: &Value) -> Option<i128> {
    match value {
        Value::Int(number) => Some(i128::from(*number) * 1_000_000),
        Value::Decimal { unscaled, scale } => rescale((*unscaled, *scale), 6).map(i128::from),
        Value::Money(money) => rescale((money.minor, money.currency.digits()), 6).map(i128::from),
        _ => None,
    }
}

fn mean(values: &[i128], unit: i128) -> Option<i128> {
    let count = i128::try_from(values.len()).ok().filter(|count| *count > 0)? * unit;
    let sum: i128 = values.iter().sum();
    Some(sum.signum() * ((sum.abs() * 2 + count) / (2 * count)) * unit)
}

/// What the roll-ups of a company are, of the visits that the reader sees.
fn expected(company: &Record, visits: &[Record]) -> BTreeMap<&'static str, Option<i128>> {
    let of: Vec<&Record> = visits.iter().filter(|visit| visit.link("company") == Some(company.id)).collect();
    let values = |name: &str| -> Vec<i128> { of.iter().filter_map(|visit| digits(visit.get(name))).collect() };
    let count = |count: usize| Some(i128::try_from(count).unwrap() * 1_000_000);
    let money: Vec<_> = of.iter().filter_map(|visit| visit.get("price").as_money()).collect();
    let one = money.windows(2).all(|pair| pair[0].currency == pair[1].currency) && !money.is_empty();
    let seats = values("seats");
    let seats = (!seats.is_empty()).then(|| seats.iter().sum::<i128>());
    let double = digits(company.get("worth")).map(|worth| worth * 2);
    BTreeMap::from([
        ("visited", count(of.len())),
        (
            "large",
            count(of.iter().filter(|visit| visit.get("seats").as_int().is_some_and(|seats| seats >= 50)).count()),
        ),
        ("seats", seats),
        ("mean", mean(&values("share"), 10)),
        ("income", one.then(|| values("price").iter().sum())),
        ("usual", if one { mean(&values("price"), 10_000) } else { None }),
        ("dearest", if one { values("price").into_iter().max() } else { None }),
        ("double", double),
        ("left", double.zip(seats).map(|(double, seats)| double - seats)),
    ])
}

#[test]
fn derived_values_are_those_of_what_the_reader_sees() {
    in_both(|world| {
        populate(world, &mut Dice::new(seed(11)));
        for role in ["all_all", "team_team", "own_own", "chief"] {
            let actor = world.as_role(&[role]);
            let (companies, visits) = (all(world, &actor, "companies"), all(world, &actor, "visits"));
            assert!(companies.len() >= 3 && !visits.is_empty(), "{role}");
            for company in &companies {
                for (name, value) in expected(company, &visits) {
                    assert_eq!(digits(company.get(name)), value, "{role}: {name} of {}", company.title());
                }
                let of: Vec<_> = visits.iter().filter(|visit| visit.link("company") == Some(company.id)).collect();
                let last = of.iter().filter_map(|visit| visit.get("day").as_date()).max();
                let first = of.iter().filter_map(|visit| visit.get("moment").as_instant()).min();
                assert_eq!((company.get("last").as_date(), company.get("first").as_instant()), (last, first));
                assert_eq!(company.get("place"), company.get("city"));
                let busy = of.len() > 1 && company.get("worth").as_int().is_some_and(|worth| worth * 2 > 4);
                assert_eq!(*company.get("busy"), Value::Bool(busy), "{role}: {}", company.title());
                let named = company.text("city").map(|city| format!("{} / {city}", company.title()));
                assert_eq!(company.text("named"), named.as_deref());
                for visit in of {
                    assert_eq!(visit.get("where"), company.get("city"));
                    assert_eq!(
                        digits(visit.get("others")),
                        digits(company.get("visited")).map(|count| count - 1_000_000)
                    );
                    assert_eq!(digits(visit.get("twice")), digits(visit.get("price")).map(|price| price * 2));
                    assert_eq!(digits(visit.get("half")), digits(visit.get("share")).map(|share| share + 500_000));
                    assert!(visit.text("length").is_some_and(|length| length.starts_with("PT")), "{visit:?}");
                }
            }
        }
        let clerk = world.as_role(&["clerk"]);
        assert!(all(world, &clerk, "companies").iter().all(|company| company.get("open").is_null()), "a hidden field");
    });
}

#[test]
fn lists_are_filtered_sorted_paged_and_grouped_by_them() {
    in_both(|world| {
        populate(world, &mut Dice::new(seed(12)));
        for role in ["all_all", "own_own"] {
            let actor = world.as_role(&[role]);
            let companies = all(world, &actor, "companies");
            for name in ["visited", "seats", "mean", "income", "double", "left", "last", "first", "place", "busy"] {
                for descending in [false, true] {
                    let list = move || List { sort: vec![sort(name, descending)], limit: 2, ..List::default() };
                    let found = world.see(actor.clone(), move |work| ids(work, "companies", list())).unwrap();
                    let mut wanted: Vec<&Record> = companies.iter().collect();
                    wanted.sort_by(|left, right| {
                        let order = order(left.get(name), right.get(name)).then(left.id.cmp(&right.id));
                        if descending { order.reverse() } else { order }
                    });
                    let wanted: Vec<Id> = wanted.into_iter().map(|company| company.id).collect();
                    assert_eq!(found, wanted, "{role}: by {name}, descending {descending}");
                }
            }
            for (text, holds) in [
                ("visited > 3", filter(|it| digits(it.get("visited")) > Some(3_000_000))),
                ("busy && has(income)", filter(|it| it.get("busy").is_true() && !it.get("income").is_null())),
                (
                    "income >= 500 || seats == null",
                    filter(|it| digits(it.get("income")) >= Some(500_000_000) || it.get("seats").is_null()),
                ),
                (
                    "place == \"Казань\" && left < 0",
                    filter(|it| {
                        it.text("place") == Some("Казань") && digits(it.get("left")).is_some_and(|left| left < 0)
                    }),
                ),
                (
                    "last > \"2026-06-01\"",
                    filter(|it| it.get("last").as_date().is_some_and(|day| day > jiff::civil::date(2026, 6, 1))),
                ),
            ] {
                let found = world.see(actor.clone(), move |work| {
                    let list = List { filter: Some(work.filter("companies", text)?), limit: 500, ..List::default() };
                    Ok(work.list("companies", &list)?.records.into_iter().map(|it| it.id).collect::<Vec<_>>())
                });
                let wanted: Vec<Id> = companies.iter().filter(|it| holds(it)).map(|it| it.id).collect();
                assert_eq!(found.unwrap(), wanted, "{role}: {text}");
                // In memory, as guards see it: by the product, so only where the reader sees everything is it the same.
                if role == "all_all" {
                    let records = companies.clone();
                    let judged = world.run(move |work| {
                        records
                            .iter()
                            .filter_map(|it| work.holds(text, it).map(|holds| holds.then_some(it.id)).transpose())
                            .collect()
                    });
                    let judged: Vec<Id> = judged.unwrap();
                    assert_eq!(judged, wanted, "in memory: {text}");
                }
            }
            let groups = world.see(actor.clone(), |work| work.counts("companies", None, &["busy"]));
            let counted: i64 = groups.unwrap().iter().map(|group| group.count).sum();
            let whole = world.see(actor, |work| work.totals("companies", &List::default(), &["visited"]));
            assert_eq!(whole.unwrap()[0].count, counted);
            assert_eq!(counted, i64::try_from(companies.len()).unwrap());
        }
        let list = || List { sort: vec![sort("named", false)], ..List::default() };
        let error = world.run(move |work| work.list("companies", &list())).unwrap_err();
        assert!(matches!(error, Error::BadQuery { .. }), "joined texts have no order: {error:?}");
    });
}

fn filter(holds: impl Fn(&Record) -> bool + 'static) -> Box<dyn Fn(&Record) -> bool> {
    Box::new(holds)
}

/// Nothing first, as lists have it.
fn order(left: &Value, right: &Value) -> Ordering {
    match (left, right) {
        (Value::Null, Value::Null) => Ordering::Equal,
        (Value::Null, _) => Ordering::Less,
        (_, Value::Null) => Ordering::Greater,
        (Value::Date(left), Value::Date(right)) => left.cmp(right),
        (Value::Instant(left), Value::Instant(right)) => left.cmp(right),
        (Value::Bool(left), Value::Bool(right)) => left.cmp(right),
        (Value::Text(left), Value::Text(right)) => left.cmp(right),
        (Value::Int(left), Value::Int(right)) => compare((*left, 0), (*right, 0)),
        _ => digits(left).cmp(&digits(right)),
    }
}

#[test]
fn they_are_not_written_and_guard_what_is() {
    in_both(|world| {
        populate(world, &mut Dice::new(seed(13)));
        for json in
            [json!({"double": 4}), json!({"visited": null}), json!({"income": {"amount": "1.00", "currency": "RUB"}})]
        {
            let id = world.make("companies", &json!({"name": "new"}));
            let error = world.change("companies", id, &json).unwrap_err();
            assert_eq!(faults(&error).first().map(|(_, code)| code.as_str()), Some("read_only"), "{json}");
        }
        // The validation counts the visits: nobody has come yet to a company that is being made.
        let id = world.run(|work| create(work, "companies", &json!({"name": "v", "worth": 1}))).unwrap();
        for name in ["one", "two"] {
            world.make("visits", &json!({"name": name, "company": id}));
        }
        let error = world.change("companies", id, &json!({"worth": 2})).unwrap_err();
        assert_eq!(faults(&error), [("worth".to_owned(), "validation_failed".to_owned())]);
        world.change("companies", id, &json!({"worth": 4})).unwrap();
        // What is worked out stands in no log.
        let module = world.run(|work| work.module("companies")).unwrap();
        let told = world.run(move |work| work.history(&module, id, None, 10)).unwrap();
        assert!(
            told.iter()
                .all(|entry| entry.fields.iter().all(|field| field.field != "double" && field.field != "visited"))
        );
    });
}

#[test]
fn sums_beyond_all_bounds_are_nothing() {
    in_both(|world| {
        populate(world, &mut Dice::new(seed(14)));
        let id = world.make("companies", &json!({"name": "rich"}));
        world.change("companies", id, &json!({"worth": i64::MAX})).unwrap();
        for name in ["one", "two"] {
            let price = json!({"amount": "900000000000000.00", "currency": "RUB"});
            world.make("visits", &json!({"name": name, "company": id, "price": price}));
        }
        let record = world.run(move |work| work.get("companies", id)).unwrap();
        assert!(record.get("double").is_null() && record.get("income").is_null(), "{record:?}");
        assert_eq!(digits(record.get("visited")), Some(2_000_000));
        assert_eq!(record.get("usual").as_money().map(|money| money.minor), Some(90_000_000_000_000_000));
    });
}

/// A mean is rounded to the least part of its own currency, whatever stands beside it empty.
#[test]
fn the_mean_of_thousandths_is_in_thousandths() {
    in_both(|world| {
        populate(world, &mut Dice::new(seed(15)));
        let id = world.make("companies", &json!({"name": "gulf"}));
        for price in
            [json!({"amount": "1.001", "currency": "KWD"}), json!({"amount": "1.003", "currency": "KWD"}), Json::Null]
        {
            world.make("visits", &json!({"name": "v", "company": id, "price": price}));
        }
        let record = world.run(move |work| work.get("companies", id)).unwrap();
        assert_eq!(record.get("usual").as_money().map(|money| money.minor), Some(1_002), "{record:?}");
    });
}

#[test]
fn a_stored_field_does_not_become_a_formula() {
    in_both(|world| {
        let pack = changed(
            "modules/companies.toml",
            "{ name = \"worth\", type = \"number\" }",
            "{ name = \"worth\", type = \"formula\", expression = \"1\" }",
        );
        let error = world.workspace.apply_pack(&pack).unwrap_err();
        assert!(matches!(&error, OpenError::Packs(errors) if errors[0].message.contains("another type")), "{error}");
    });
}
