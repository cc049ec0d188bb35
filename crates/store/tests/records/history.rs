//! The change log: replayed, it gives every record as it stands; and the index of words and the identities stand in line.

use std::collections::{BTreeMap, BTreeSet};

use model::Id;
use serde_json::{Value as Json, json};
use store::Result;
use store::db::Sql;

use crate::dice::Dice;
use crate::world::{World, in_both};

/// One line of the log, as the table has it.
struct Line {
    record: Id,
    operation: String,
    version: i64,
    delta: Json,
}

fn lines(world: &World) -> Vec<Line> {
    let sql = Sql::new("select record, operation, version, delta from changes where module = 'companies' order by seq");
    let read = world.workspace.db().read_blocking(move |tx| {
        tx.query(&sql)?
            .iter()
            .map(|row| {
                Ok(Line {
                    record: Id(row.uuid(0)?),
                    operation: row.text(1)?,
                    version: row.int(2)?,
                    delta: row.json(3)?,
                })
            })
            .collect::<Result<Vec<_>, store::db::DbError>>()
    });
    read.unwrap()
}

fn some_company(dice: &mut Dice, world: &World) -> Json {
    let mut json = json!({});
    let number = dice.below(1_000_000);
    let mut some = |name: &str, value: Json| {
        if dice.one_in(2) {
            json[name] = value;
        }
    };
    some("name", json!(format!("Фирма {}", number % 7)));
    some("city", if number.is_multiple_of(3) { Json::Null } else { json!(format!("Город {}", number % 4)) });
    some("email", if number.is_multiple_of(4) { Json::Null } else { json!(format!("a{}@example.org", number % 9)) });
    some("phone", if number.is_multiple_of(5) { Json::Null } else { json!(format!("+7916123456{}", number % 10)) });
    some("owner", if number.is_multiple_of(2) { Json::Null } else { json!(world.me) });
    some("inn", json!(format!("{number}")));
    json
}

/// What people do to some companies.
fn live(world: &World, dice: &mut Dice) {
    let mut ids: Vec<Id> = Vec::new();
    for step in 0..250 {
        let Some(id) = (!ids.is_empty()).then(|| *dice.pick(&ids)).filter(|_| !dice.one_in(4)) else {
            let mut json = some_company(dice, world);
            json["name"] = json!(format!("Начало {step}"));
            ids.push(world.make("companies", &json));
            continue;
        };
        let done = match dice.below(8) {
            0 => world.run(move |work| work.delete("companies", id, None).map(drop)),
            1 => world.run(move |work| work.restore("companies", id).map(drop)),
            2 if dice.one_in(3) => world.run(move |work| work.purge("companies", id, None)),
            _ => world.change("companies", id, &some_company(dice, world)).map(drop),
        };
        // What is in the bin or gone refuses to be changed.
        if let Err(error) = done {
            assert!(matches!(error, store::Error::Conflict { .. } | store::Error::NotFound { .. }), "{error:?}");
        }
    }
}

/// What the log says of each record: values by field, nothing where it is empty.
fn replay(world: &World) -> BTreeMap<Id, (i64, String, BTreeMap<String, Json>)> {
    let mut states: BTreeMap<Id, (i64, String, BTreeMap<String, Json>)> = BTreeMap::new();
    for line in lines(world) {
        let (version, operation, state) = states.entry(line.record).or_default();
        assert_eq!(line.version, *version + 1, "versions follow each other");
        (*version, *operation) = (line.version, line.operation.clone());
        for (field, pair) in line.delta.as_object().unwrap() {
            let before = state.remove(field).unwrap_or(Json::Null);
            assert_eq!(before, pair[0], "{} of {field}: what was before is what had been after", line.operation);
            assert!(pair[0] != pair[1], "{field} did change");
            if !pair[1].is_null() {
                state.insert(field.clone(), pair[1].clone());
            }
        }
        if line.operation == "purge" {
            state.remove("deleted_at");
            assert_eq!(*state, BTreeMap::new(), "the last image is whole");
        }
    }
    states
}

#[test]
fn the_log_replayed_gives_every_record() {
    in_both(|world| {
        live(world, &mut Dice::new(11));
        let states = replay(world);
        assert!(states.len() > 40);
        let mut present = BTreeSet::new();
        for (id, (version, operation, mut state)) in states {
            let got = world.run(move |work| work.get("companies", id));
            if operation == "purge" {
                assert!(got.is_err());
                continue;
            }
            let record = got.unwrap();
            assert_eq!(record.version, version);
            assert_eq!(state.remove("owner"), record.owner.map(|owner| json!(owner)));
            assert_eq!(state.remove("deleted_at").is_some(), record.deleted_at.is_some());
            for field in &record.module.fields {
                assert_eq!(
                    state.remove(&field.name).unwrap_or(Json::Null),
                    record.get(&field.name).to_json(),
                    "{}",
                    field.name
                );
            }
            assert_eq!(state, BTreeMap::new());
            if record.deleted_at.is_none() {
                present.insert(id);
            }
            check_indexes(world, &record);
        }
        let rows = "select record from search_rows where id / 1099511627776 = \
                    (select number from search_modules where module = 'companies')";
        let indexed = column(world, rows, &[]);
        assert_eq!(indexed.len(), present.len(), "one row for each record, none for what is in the bin or gone");
        let identified: BTreeSet<_> =
            column(world, "select distinct record from identities", &[]).into_iter().collect();
        assert_eq!(identified, present.iter().map(ToString::to_string).collect());
    });
}

/// Words and identities of one record are those of its values.
fn check_indexes(world: &World, record: &model::Record) {
    let deleted = record.deleted_at.is_some();
    let identities = "select kind || ':' || value from identities where kind <> 'name' and record = $1 order by 1";
    let given = [("email", record.text("email")), ("phone", record.text("phone"))];
    let wanted: Vec<_> =
        given.into_iter().filter_map(|(kind, value)| value.map(|value| format!("{kind}:{value}"))).collect();
    assert_eq!(column(world, identities, &[record.id]), if deleted { Vec::new() } else { wanted });
    let row = column(world, "select title || '|' || subtitle from search_rows where record = $1", &[record.id]);
    let wanted = format!("{}|{}", record.title(), record.text("city").unwrap_or_default());
    assert_eq!(row, if deleted { Vec::new() } else { vec![wanted] });
}

/// One column of text or ids.
fn column(world: &World, text: &'static str, ids: &[Id]) -> Vec<String> {
    let sql = Sql::with(text, ids.iter().map(|id| id.0.into()).collect());
    let rows = world.workspace.db().read_blocking(move |tx| tx.query(&sql)).unwrap();
    rows.iter().map(|row| row.text(0).or_else(|_| row.uuid(0).map(|id| id.to_string())).unwrap()).collect()
}

#[test]
fn history_names_who_when_and_from_where() {
    in_both(|world| {
        let id = world
            .by(world.as_role(&["chief"]), |work| crate::world::create(work, "companies", &json!({"name": "x"})))
            .unwrap();
        world.change("companies", id, &json!({"name": "y", "owner": world.me})).unwrap();
        let entries = world
            .run(move |work| {
                let module = work.module("companies")?;
                work.history(&module, id, None, 10)
            })
            .unwrap();
        let [changed, made] = &entries[..] else { panic!("{entries:?}") };
        assert_eq!(
            (made.operation.as_str(), made.actor, made.source.as_str(), made.version),
            ("create", Some(world.me), "api", 1)
        );
        assert_eq!((changed.operation.as_str(), changed.actor, changed.version), ("update", None, 2));
        let fields: Vec<_> =
            changed.fields.iter().map(|field| (field.field.as_str(), &field.before, &field.after)).collect();
        assert_eq!(fields, [("name", &json!("x"), &json!("y")), ("owner", &Json::Null, &json!(world.me))]);
        let older = changed.sequence;
        let rest = world.run(move |work| {
            let module = work.module("companies")?;
            work.history(&module, id, Some(older), 10)
        });
        assert_eq!(rest.unwrap(), std::slice::from_ref(made));
    });
}
