//! Thousands of generated expressions and records: memory, SQLite and PostgreSQL must say the same.

use std::collections::BTreeMap;
use std::time::Instant;

use model::expr::{ErrorCode, Plan, Type, Want, compile};
use model::{Id, Record, Value};

use super::generator::Dice;
use super::tally::Tally;
use super::world::World;
use crate::db::{Db, DbError, Row, Sql};
use crate::query::expression::{condition, sort_key, value};
use crate::query::functions;
use crate::testing::{TestDatabase, databases, rounds, seed};

/// Expressions of each world.
const CONDITIONS: usize = 250;
const VALUES: usize = 120;

/// Where clocks stand still, change by an hour and by half an hour, and once skipped a whole day.
const ZONES: [&str; 5] = ["Europe/Moscow", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu"];

/// Pairs of an expression and a record that every run must have compared in all three.
const PAIRS: usize = 50_000;

/// Both databases filled with the world, with the folders that keep them.
fn open(world: &World) -> (Vec<TestDatabase>, Vec<Db>) {
    let mut all = databases();
    let open = |database: &mut TestDatabase| {
        database.options.register = Some(functions::register);
        let db = database.open();
        world.keep(&db);
        db
    };
    let dbs = all.iter_mut().map(open).collect();
    (all, dbs)
}

/// Plans of generated texts that can be compiled and become SQL in both languages.
fn plans(world: &World, dbs: &[Db], count: usize, want: Want, mut text: impl FnMut() -> String) -> Vec<(String, Plan)> {
    let mut made = Vec::new();
    let mut tried = 0;
    while made.len() < count {
        tried += 1;
        assert!(tried < count * 3, "most generated expressions are refused");
        let text = text();
        let Ok(plan) = compile(&text, &world.module, &world.definitions, want) else { continue };
        let written: Vec<_> = dbs.iter().map(|db| world.context(db.dialect(), |cx| value(&plan, cx))).collect();
        match written.iter().find_map(|sql| sql.as_ref().err()) {
            Some(error) => {
                assert!(matches!(error.code, ErrorCode::NotInSql | ErrorCode::TooComplex), "{text}: {error}")
            }
            None => made.push((text, plan)),
        }
    }
    made
}

fn rows(db: &Db, sql: &Sql, text: &str) -> Vec<Row> {
    let statement = sql.clone();
    let read: Result<Vec<Row>, DbError> = db.read_blocking(move |tx| tx.query(&statement));
    read.unwrap_or_else(|error| panic!("{text}\n{:?}: {}\n{:?}\n{error}", db.dialect(), sql.text(), sql.params()))
}

fn fail(world: &World, db: &Db, text: &str, sql: &Sql, record: &Record, expected: &str, found: &str) -> ! {
    let names: Vec<_> = world.module.fields.iter().map(|field| &field.name).zip(&record.values).collect();
    panic!("{text}\nmemory: {expected}, {:?}: {found}\n{}\n{:?}\n{names:?}", db.dialect(), sql.text(), sql.params())
}

fn conditions_agree(seed: u64, zone: &str, tally: &mut Tally) {
    let mut dice = Dice(seed);
    let world = World::new(&mut dice, zone);
    let (_kept, dbs) = open(&world);
    // What says the same of every record is kept now and then: it must be the same in all three, too.
    let mut text = || {
        let mut text = dice.condition(3);
        for _ in 0..2 {
            if parts(&world, &text) {
                break;
            }
            text = dice.condition(3);
        }
        text
    };
    for (text, plan) in plans(&world, &dbs, CONDITIONS, Want::Bool, &mut text) {
        let expected: BTreeMap<Id, bool> = world
            .things
            .iter()
            .map(|record| (record.id, world.seen(record, |scope| plan.test(scope, &world.env))))
            .collect();
        for db in &dbs {
            let (loose, exact) =
                world.context(db.dialect(), |cx| (condition(&plan, cx).unwrap(), value(&plan, cx).unwrap()));
            let selected = Sql::new("select t.\"id\" from \"things\" as t where ").append(loose);
            let selected_ids: Vec<_> = rows(db, &selected, &text).iter().map(|row| Id(row.uuid(0).unwrap())).collect();
            let exact = Sql::new("select t.\"id\", ").append(exact).push(" from \"things\" as t");
            let compared = rows(db, &exact, &text);
            assert_eq!(compared.len(), expected.len(), "every record is compared: {text}");
            for row in compared {
                let id = Id(row.uuid(0).unwrap());
                let record = world.things.iter().find(|record| record.id == id).unwrap();
                let wanted = expected[&id];
                if plan.kind == Type::Bool && !is_bare(&plan) && row.opt_bool(1).unwrap() != Some(wanted) {
                    fail(&world, db, &text, &exact, record, &wanted.to_string(), &format!("{:?}", row.get(1)));
                }
                if selected_ids.contains(&id) != wanted {
                    fail(&world, db, &text, &selected, record, &wanted.to_string(), "where says otherwise");
                }
            }
        }
        tally.condition(&text, expected.values().copied());
    }
}

/// Whether a condition is true of some records and false of others.
fn parts(world: &World, text: &str) -> bool {
    let Ok(plan) = compile(text, &world.module, &world.definitions, Want::Bool) else { return false };
    let yes = world.things.iter().filter(|record| world.seen(record, |scope| plan.test(scope, &world.env))).count();
    (1..world.things.len()).contains(&yes)
}

/// A checkbox alone, or one of two by a condition, may be null.
fn is_bare(plan: &Plan) -> bool {
    use model::expr::Node;
    matches!(plan.node, Node::Field(_) | Node::If(_) | Node::Literal(_))
}

#[test]
fn conditions_agree_in_every_zone() {
    let (started, seed, mut tally) = (Instant::now(), seed(1), Tally::default());
    for round in 0..rounds(ZONES.len() as u64) {
        let (world, zone) = (seed.wrapping_add(round), ZONES[(round % ZONES.len() as u64) as usize]);
        eprintln!("seed {world}, {zone}");
        conditions_agree(world, zone, &mut tally);
    }
    println!("proved: conditions: {tally} in {:.1?}", started.elapsed());
    tally.is_varied(PAIRS);
}

fn read(row: &Row, kind: Type) -> Result<Value, DbError> {
    Ok(match kind {
        Type::Bool => row.opt_bool(1)?.map_or(Value::Null, Value::Bool),
        Type::Int | Type::Duration | Type::Money => row.opt_int(1)?.map_or(Value::Null, Value::Int),
        Type::Decimal { scale } => row.opt_int(1)?.map_or(Value::Null, |unscaled| Value::Decimal { unscaled, scale }),
        Type::Date => row.opt_date(1)?.map_or(Value::Null, Value::Date),
        Type::Instant => row.opt_instant(1)?.map_or(Value::Null, Value::Instant),
        Type::Id => row.opt_uuid(1)?.map_or(Value::Null, |id| Value::Id(Id(id))),
        _ => row.opt_text(1)?.map_or(Value::Null, Value::Text),
    })
}

#[test]
fn values_agree() {
    let (started, seed, mut tally) = (Instant::now(), seed(3), Tally::default());
    for round in 0..rounds(2) {
        values_agree_in(seed.wrapping_add(round), ZONES[(round % ZONES.len() as u64) as usize], &mut tally);
    }
    println!("proved: values: {tally} in {:.1?}", started.elapsed());
    tally.has_all_kinds();
}

fn values_agree_in(seed: u64, zone: &str, tally: &mut Tally) {
    let mut dice = Dice(seed);
    let world = World::new(&mut dice, zone);
    let (_kept, dbs) = open(&world);
    let mut turn = 0;
    let text = || {
        turn += 1;
        match turn % 7 {
            0 => dice.number(4),
            1 => dice.money(3),
            2 => dice.text(3),
            3 => dice.plain(2),
            4 => dice.date(3),
            5 => dice.instant(3),
            _ => dice.duration(3),
        }
    };
    for (text, plan) in plans(&world, &dbs, VALUES, Want::Any, text) {
        let expected: BTreeMap<Id, Value> = world
            .things
            .iter()
            .map(|record| (record.id, world.seen(record, |scope| plan.raw(scope, &world.env))))
            .collect();
        for db in &dbs {
            let sql = world.context(db.dialect(), |cx| value(&plan, cx).unwrap());
            let sql = Sql::new("select t.\"id\", ").append(sql).push(" from \"things\" as t");
            let compared = rows(db, &sql, &text);
            assert_eq!(compared.len(), expected.len(), "every record is compared: {text}");
            for row in compared {
                let id = Id(row.uuid(0).unwrap());
                let record = world.things.iter().find(|record| record.id == id).unwrap();
                let expected = match &expected[&id] {
                    Value::Money(money) => Value::Int(crate::schema::columns::scaled(*money).unwrap()),
                    expected => expected.clone(),
                };
                let found = read(&row, plan.kind).unwrap();
                if found != expected {
                    fail(&world, db, &text, &sql, record, &format!("{expected:?}"), &format!("{found:?}"));
                }
            }
        }
        tally.value(&text, plan.kind, expected.into_values());
    }
}

#[test]
fn texts_sort_alike_on_both() {
    let mut dice = Dice(4);
    let world = World::new(&mut dice, "Europe/Moscow");
    let (_kept, dbs) = open(&world);
    for text in
        ["name", "place.city", "email", "paid ? name : city", "month(called_at)", "amount", "place.starts_on", "wait"]
    {
        let plan = compile(text, &world.module, &world.definitions, Want::Any).unwrap();
        let orders: Vec<Vec<_>> = dbs
            .iter()
            .map(|db| {
                let key = world.context(db.dialect(), |cx| sort_key(&plan, cx).unwrap());
                let sql = Sql::new("select t.\"id\" from \"things\" as t order by ")
                    .append(key)
                    .push(" nulls first, t.\"id\"");
                rows(db, &sql, text).iter().map(|row| row.uuid(0).unwrap()).collect()
            })
            .collect();
        assert_eq!(orders[0], orders[1], "{text}");
    }
}
