//! Pages: whatever the order, every record comes exactly once, though others are made and binned meanwhile.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use model::expr::folded_key;
use model::{Id, Record, Value};
use serde_json::{Value as Json, json};
use store::{Error, List, Sort};

use crate::dice::Dice;
use crate::world::{World, create, in_both, sort};

const SORTABLE: [&str; 19] = [
    "name",
    "seats",
    "share",
    "price",
    "day",
    "hour",
    "moment",
    "lasts",
    "mood",
    "place",
    "done",
    "stars",
    "paint",
    "code",
    "company",
    "host",
    "email",
    "created_at",
    "version",
];

/// A visit with few different values, so that many are equal, and many empty ones.
fn visit(dice: &mut Dice, code: usize) -> Json {
    let few = code % 5;
    let price = if few == 3 {
        json!({"amount": "3", "currency": "JPY"})
    } else {
        json!({"amount": format!("{few}.50"), "currency": "RUB"})
    };
    let values = [
        ("seats", json!(few)),
        ("share", json!(["-2.125", "-0.125", "0.000", "0.125", "10.000"][few])),
        ("price", price),
        ("day", json!(format!("2026-01-0{}", few + 1))),
        ("hour", json!(format!("0{few}:30:00"))),
        ("moment", json!(format!("2026-01-01T00:00:0{few}.00000{few}Z"))),
        ("lasts", json!(format!("PT{}H", few + 1))),
        ("mood", json!(if few == 0 { "wild" } else { "calm" })),
        ("place", json!(["Казань", "казань", "Уфа", "ялта", "Ижевск"][few])),
        ("done", json!(few > 2)),
        ("stars", json!(few.max(1))),
        ("paint", json!(format!("#00000{few}"))),
        ("code", json!(format!("c{code:04}"))),
        ("email", json!(format!("p{few}@example.org"))),
    ];
    let mut json = json!({"name": *dice.pick(&["Ёлка", "елка", "Яр", "apple", "Zed", "АБВ"]), "mood": null});
    for (name, value) in values {
        if !dice.one_in(3) {
            json[name] = value;
        }
    }
    json
}

/// What two records are compared by; nothing comes first.
fn compare(left: &Value, right: &Value) -> Ordering {
    match (left, right) {
        (Value::Null, Value::Null) => Ordering::Equal,
        (Value::Null, _) => Ordering::Less,
        (_, Value::Null) => Ordering::Greater,
        (Value::Int(left), Value::Int(right)) => left.cmp(right),
        (Value::Decimal { unscaled: left, .. }, Value::Decimal { unscaled: right, .. }) => left.cmp(right),
        (Value::Bool(left), Value::Bool(right)) => left.cmp(right),
        (Value::Date(left), Value::Date(right)) => left.cmp(right),
        (Value::Time(left), Value::Time(right)) => left.cmp(right),
        (Value::Instant(left), Value::Instant(right)) => left.cmp(right),
        (Value::Id(left), Value::Id(right)) => left.cmp(right),
        (Value::Money(left), Value::Money(right)) => {
            let amount =
                |money: &model::Money| i128::from(money.minor) * 10_i128.pow(4 - u32::from(money.currency.digits()));
            amount(left).cmp(&amount(right))
        }
        (Value::Text(left), Value::Text(right)) => left.cmp(right),
        other => panic!("{other:?} are not compared"),
    }
}

fn key(record: &Record, field: &str) -> Value {
    match (field, record.get(field)) {
        ("created_at", _) => Value::Instant(record.created_at),
        ("version", _) => Value::Int(record.version),
        ("name" | "place" | "code", Value::Text(text)) => Value::Text(folded_key(text)),
        (_, value) => value.clone(),
    }
}

/// In the order asked for, and by id in the direction of the last key where all keys are equal.
fn in_order(left: &Record, right: &Record, sorts: &[Sort]) -> bool {
    for sort in sorts {
        let order = compare(&key(left, &sort.field), &key(right, &sort.field));
        match if sort.descending { order.reverse() } else { order } {
            Ordering::Less => return true,
            Ordering::Greater => return false,
            Ordering::Equal => {}
        }
    }
    if sorts.last().is_none_or(|last| last.descending) { left.id > right.id } else { left.id < right.id }
}

fn fill(world: &World, dice: &mut Dice, count: usize) -> Vec<Id> {
    let companies: Vec<Id> =
        (0..3).map(|number| world.make("companies", &json!({"name": format!("c{number}")}))).collect();
    let hosts = [world.me, world.mate];
    let visits: Vec<Json> = (0..count)
        .map(|code| {
            let mut json = visit(dice, code);
            if !dice.one_in(3) {
                json["company"] = json!(dice.pick(&companies));
            }
            if !dice.one_in(3) {
                json["host"] = json!(dice.pick(&hosts));
            }
            json
        })
        .collect();
    world.run(move |work| visits.iter().map(|json| create(work, "visits", json)).collect()).unwrap()
}

#[test]
fn every_record_comes_once_in_any_order() {
    in_both(|world| {
        let mut dice = Dice::new(7);
        let mut code = 1_000;
        let mut there = fill(world, &mut dice, 60);
        let mut orders: Vec<Vec<Sort>> =
            SORTABLE.iter().flat_map(|field| [vec![sort(field, false)], vec![sort(field, true)]]).collect();
        for _ in 0..20 {
            let keys = 2 + dice.below(3);
            orders.push((0..keys).map(|_| sort(dice.pick::<&str>(&SORTABLE), dice.one_in(2))).collect());
        }
        orders.push(Vec::new());
        for sorts in orders {
            let mut list = List { sort: sorts.clone(), limit: 1 + dice.below(13), ..List::default() };
            let mut seen: Vec<Record> = Vec::new();
            loop {
                let asked = list.clone();
                let page = world.run(move |work| work.list("visits", &asked)).unwrap();
                assert!(page.records.len() <= list.limit);
                seen.extend(page.records);
                list.cursor = page.next;
                if list.cursor.is_none() {
                    break;
                }
                // Somebody makes a record meanwhile, and somebody bins one.
                if dice.one_in(12) {
                    code += 1;
                    world.make("visits", &visit(&mut dice, code));
                    let gone = there.swap_remove(dice.below(there.len()));
                    world.run(move |work| work.delete("visits", gone, None)).unwrap();
                }
            }
            let named: Vec<_> =
                sorts.iter().map(|sort| format!("{}{}", if sort.descending { "-" } else { "" }, sort.field)).collect();
            let mut counts: BTreeMap<Id, usize> = BTreeMap::new();
            seen.iter().for_each(|record| *counts.entry(record.id).or_default() += 1);
            assert!(counts.values().all(|count| *count == 1), "{named:?}: a record came twice");
            assert!(there.iter().all(|id| counts.contains_key(id)), "{named:?}: a record was left out");
            for pair in seen.windows(2) {
                assert!(
                    in_order(&pair[0], &pair[1], &sorts),
                    "{named:?}: {:?} before {:?}",
                    pair[0].values,
                    pair[1].values
                );
            }
            there = world
                .run(|work| {
                    let everything = work.filter("visits", "true")?;
                    Ok(work.find("visits", everything)?.into_iter().map(|record| record.id).collect())
                })
                .unwrap();
        }
    });
}

#[test]
fn what_no_list_has_is_refused() {
    in_both(|world| {
        world.make("visits", &json!({"name": "a"}));
        world.make("visits", &json!({"name": "b"}));
        let page = |sort: Vec<Sort>, cursor: Option<String>| {
            world.run(move |work| {
                work.list("visits", &List { sort: sort.clone(), cursor: cursor.clone(), limit: 1, ..List::default() })
            })
        };
        let next = page(vec![sort("name", false)], None).unwrap().next.unwrap();
        assert_eq!(page(vec![sort("name", false)], Some(next.clone())).unwrap().records.len(), 1);
        let code = |result| match result {
            Err(Error::BadQuery { code, .. }) => code,
            other => panic!("{other:?}"),
        };
        assert_eq!(code(page(vec![sort("name", true)], Some(next.clone()))), "invalid_cursor");
        assert_eq!(code(page(vec![sort("seats", false)], Some(next))), "invalid_cursor");
        for nonsense in ["", "x", "!!!", "W10", "WyIrdC5pZCIsW251bGxdXQ"] {
            assert_eq!(code(page(Vec::new(), Some(nonsense.to_owned()))), "invalid_cursor", "{nonsense}");
        }
        for field in ["story", "extra", "kinds", "thing", "total", "nothing", "deleted_at; drop table visits"] {
            assert_eq!(code(page(vec![sort(field, false)], None)), "invalid_sort", "{field}");
        }
        let five = ["name", "seats", "share", "day", "hour"].map(|field| sort(field, false)).to_vec();
        assert_eq!(code(page(five, None)), "invalid_sort");
    });
}
