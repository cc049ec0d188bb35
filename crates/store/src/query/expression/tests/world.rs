//! Two modules with every type of field, a few dozen records of generated values, kept in both databases.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use model::expr::{Env, Linked};
use model::field::FieldType;
use model::pack::Pack;
use model::{Currency, Definitions, Id, Module, Money, Record, Value};

use super::generator::Dice;
use crate::db::{Db, DbError, Dialect, Param, Sql};
use crate::query::expression::SqlContext;
use crate::schema::columns::{ColumnType, columns, params};
use crate::schema::link_table;

const FIELDS: &str = r#"
  { name = "name", type = "text" },
  { name = "city", type = "address" },
  { name = "covert", type = "text" },
  { name = "notes", type = "long_text" },
  { name = "seats", type = "number" },
  { name = "stars", type = "rating" },
  { name = "discount", type = "decimal", scale = 2 },
  { name = "rate", type = "decimal", scale = 4 },
  { name = "amount", type = "money" },
  { name = "fee", type = "money" },
  { name = "starts_on", type = "date" },
  { name = "ends_on", type = "date" },
  { name = "opens", type = "time" },
  { name = "called_at", type = "datetime" },
  { name = "due_at", type = "datetime" },
  { name = "wait", type = "duration" },
  { name = "stage", type = "choice", options = [{ value = "x", label = { ru = "", en = "" } }] },
  { name = "labels", type = "multi_choice", options = [{ value = "x", label = { ru = "", en = "" } }] },
  { name = "place", type = "link", module = "places" },
  { name = "guests", type = "links", module = "places" },
  { name = "veiled", type = "links", module = "places" },
  { name = "about", type = "record" },
  { name = "helper", type = "person" },
  { name = "email", type = "email" },
  { name = "url", type = "url" },
  { name = "paid", type = "checkbox" },
  { name = "shut", type = "checkbox" },
  { name = "f_seats", type = "formula", expression = "seats * 2 + stars" },
  { name = "f_rate", type = "formula", expression = "f_seats + rate" },
  { name = "f_money", type = "formula", expression = "amount + fee" },
  { name = "f_near", type = "formula", expression = "place.amount * 2" },
  { name = "f_covert", type = "formula", expression = "covert" },
  { name = "f_guests", type = "formula", expression = 'guests.exists(g, g.city == city || g.f_list)' },
  { name = "f_list", type = "formula", expression = 'labels.exists(t, t == "vip") && f_seats > 1' },
"#;

/// Both modules have the same fields; `place` leads from things to places and from places to places.
fn definitions() -> Definitions {
    let module = |name: &str| {
        let head = format!("name = \"{name}\"\nlabel = {{ ru = \"\", en = \"\" }}\none = {{ ru = \"\", en = \"\" }}\n");
        format!("{head}title = \"name\"\nowners = true\nfields = [{FIELDS}]\n")
    };
    let manifest = "name = \"test\"\nlabel = { ru = \"\", en = \"\" }\nversion = 1\n".to_owned();
    let files = BTreeMap::from([
        ("pack.toml".to_owned(), manifest),
        ("modules/things.toml".to_owned(), module("things")),
        ("modules/places.toml".to_owned(), module("places")),
    ]);
    Definitions::from_packs(&[Pack::read(files).unwrap()]).unwrap()
}

/// The reader never sees this field.
pub(super) fn is_hidden(_: &Module, field: &str) -> bool {
    matches!(field, "covert" | "veiled")
}

/// The reader does not see places that are shut.
pub(super) fn rights(_: &Module, alias: &str) -> Option<Sql> {
    Some(Sql::new(format!("\"{alias}\".\"shut\" is not true")))
}

pub(super) fn id(number: u64) -> Id {
    Id(uuid::Uuid::from_u128(u128::from(number)))
}

pub(super) struct World {
    pub(super) definitions: Definitions,
    pub(super) module: Arc<Module>,
    pub(super) things: Vec<Record>,
    places: BTreeMap<Id, Arc<Record>>,
    pub(super) env: Env,
}

impl World {
    pub(super) fn new(dice: &mut Dice, zone: &str) -> Self {
        let definitions = definitions();
        let module = definitions.module("things").unwrap().clone();
        let places = definitions.module("places").unwrap();
        let things = (100..160).map(|number| record(dice, &module, number)).collect();
        let places = (0..12).map(|number| Arc::new(record(dice, places, number)));
        Self {
            things,
            places: places.map(|place| (place.id, place)).collect(),
            module,
            definitions,
            env: Env {
                now: "2026-11-05T21:30:00Z".parse().unwrap(),
                zone: TimeZone::get(zone).unwrap(),
                me: Some(id(201)),
                my_team: BTreeSet::from([id(201), id(202)]),
            },
        }
    }

    /// A record as the reader sees it: hidden fields empty, places that are shut missing.
    pub(super) fn seen<T>(&self, record: &Record, work: impl FnOnce(&Linked<'_>) -> T) -> T {
        let without = |record: &Record| {
            let mut record = record.clone();
            record.set("covert", Value::Null);
            record.set("veiled", Value::Null);
            record
        };
        let load = |_: &Module, id: Id| {
            let place = self.places.get(&id).filter(|place| !place.get("shut").is_true());
            place.map(|place| Arc::new(without(place)))
        };
        work(&Linked { record: &without(record), load: &load })
    }

    pub(super) fn context<T>(&self, dialect: Dialect, work: impl FnOnce(&SqlContext<'_>) -> T) -> T {
        work(&SqlContext {
            dialect,
            module: &self.module,
            alias: "t",
            env: &self.env,
            rights: &rights,
            veiled: &|_, _, _| None,
            closed: &|_| None,
            hidden: &is_hidden,
        })
    }

    /// Makes the tables and fills them.
    pub(super) fn keep(&self, db: &Db) {
        let dialect = db.dialect();
        for name in ["things", "places"] {
            let module = self.definitions.module(name).unwrap();
            let mut all: Vec<(String, ColumnType)> = system_columns();
            all.extend(module.stored().flat_map(|(_, field)| columns(field)).map(|column| (column.name, column.kind)));
            let listed: Vec<String> =
                all.iter().map(|(name, kind)| format!("\"{name}\" {}", kind.sql(dialect))).collect();
            let ddl = format!("create table \"{name}\" ({})", listed.join(", "));
            db.ddl_blocking(move |tx| tx.batch(&ddl)).unwrap();
            let marks: Vec<String> = (1..=all.len()).map(|number| format!("${number}")).collect();
            let insert = format!("insert into \"{name}\" values ({})", marks.join(", "));
            let records: Vec<Record> = match name {
                "things" => self.things.clone(),
                _ => self.places.values().map(|place| place.as_ref().clone()).collect(),
            };
            keep_links(db, module, &records);
            db.write_blocking(move |tx| {
                for record in &records {
                    tx.execute(&Sql::with(insert.clone(), row(record)))?;
                }
                Ok::<_, DbError>(())
            })
            .unwrap();
        }
    }
}

/// The tables of links, bare: they may lead to nothing here.
fn keep_links(db: &Db, module: &Module, records: &[Record]) {
    let (uuid, int) = (ColumnType::Uuid.sql(db.dialect()), ColumnType::Int.sql(db.dialect()));
    for (at, field) in module.stored().filter(|(_, field)| field.kind == FieldType::Links) {
        let table = link_table(&module.name, &field.name);
        let ddl = format!(
            "create table \"{table}\" (record {uuid}, target {uuid}, position {int}, primary key (record, target))"
        );
        db.ddl_blocking(move |tx| tx.batch(&ddl)).unwrap();
        let insert = format!("insert into \"{table}\" values ($1, $2, $3)");
        let links = |record: &Record| {
            let ids = (0..).zip(record.values[at].as_ids().to_vec());
            ids.map(|(place, id): (i64, Id)| vec![Param::Uuid(record.id.0), Param::Uuid(id.0), Param::Int(place)])
                .collect::<Vec<_>>()
        };
        let rows: Vec<Vec<Param>> = records.iter().flat_map(links).collect();
        db.write_blocking(move |tx| tx.execute_many(&insert, rows.clone())).unwrap();
    }
}

fn system_columns() -> Vec<(String, ColumnType)> {
    [
        ("id", ColumnType::Uuid),
        ("version", ColumnType::Int),
        ("created_at", ColumnType::Instant),
        ("updated_at", ColumnType::Instant),
        ("created_by", ColumnType::Uuid),
        ("owner", ColumnType::Uuid),
        ("deleted_at", ColumnType::Instant),
    ]
    .map(|(name, kind)| (name.to_owned(), kind))
    .to_vec()
}

fn row(record: &Record) -> Vec<Param> {
    let uuid = |id: Option<Id>| Param::from(id.map(|id| id.0));
    let mut row = vec![
        Param::Uuid(record.id.0),
        Param::Int(record.version),
        Param::Instant(record.created_at),
        Param::Instant(record.updated_at),
        uuid(record.created_by),
        uuid(record.owner),
        Param::from(record.deleted_at),
    ];
    for (position, field) in record.module.stored() {
        row.extend(params(field, &record.values[position]).unwrap());
    }
    row
}

fn record(dice: &mut Dice, module: &Arc<Module>, number: u64) -> Record {
    let values = module.fields.iter().map(|field| value(dice, field.kind, field.scale)).collect();
    let deleted = number < 100 && dice.one_in(4);
    Record {
        module: module.clone(),
        id: id(number),
        version: dice.below(5) as i64,
        created_at: instant(dice),
        updated_at: instant(dice),
        created_by: dice.one_in(2).then(|| id(200 + dice.below(4))),
        owner: (!dice.one_in(4)).then(|| id(200 + dice.below(4))),
        deleted_at: deleted.then(|| instant(dice)),
        values,
        veiled: Vec::new(),
    }
}

fn instant(dice: &mut Dice) -> Timestamp {
    dice.pick(&[
        "2026-11-04T21:30:00Z",
        "2026-11-05T21:30:00Z",
        "2026-10-31T20:59:59.999999Z",
        "2026-10-31T21:00:00Z",
        "2026-03-29T00:30:00Z",
        "1969-12-31T23:59:59.999999Z",
        "2026-11-01T00:00:00Z",
        "0001-02-01T00:00:00Z",
        "9999-11-30T00:00:00.000001Z",
        "1990-07-01T12:34:56.789Z",
        "2026-11-01T05:30:00Z",
        "2026-01-01T03:00:00Z",
        // A day that Apia skipped, the half hour that Lord Howe lives twice, and the one that it leaves out.
        "2011-12-30T09:59:59.999999Z",
        "2011-12-30T10:00:00Z",
        "2026-04-04T15:15:00Z",
        "2026-10-03T15:30:00Z",
    ])
    .parse()
    .unwrap()
}

fn value(dice: &mut Dice, kind: FieldType, scale: u8) -> Value {
    if dice.one_in(4) {
        return Value::Null;
    }
    let text = |text: &str| Value::Text(text.to_owned());
    match kind {
        FieldType::Text | FieldType::Address | FieldType::LongText => text(dice.pick(super::generator::TEXTS)),
        FieldType::Email | FieldType::Phone | FieldType::Url | FieldType::Choice | FieldType::Colour => {
            text(dice.pick(super::generator::PLAIN))
        }
        FieldType::Number => {
            Value::Int(dice.pick(&[0, 1, 2, -3, 10, 1000, i64::MAX, i64::MIN, 4_611_686_018_427_387_904]))
        }
        FieldType::Rating => Value::Int(dice.pick(&[1, 2, 5])),
        FieldType::Decimal => {
            let unscaled = dice.pick(&[0, 1, -1, 100, 1050, 105_000, 10_000, -3_000, i64::MAX, i64::MIN]);
            Value::Decimal { unscaled, scale }
        }
        FieldType::Money => {
            let (minor, currency) = dice.pick(&[
                (0, Currency::RUB),
                (100, Currency::RUB),
                (150_050, Currency::RUB),
                (10_000_000, Currency::RUB),
                (100, Currency::USD),
                (150_050, Currency::USD),
                (-100, Currency::RUB),
                (92_233_720_368_547_758, Currency::RUB),
            ]);
            let yen = Currency::parse("JPY").unwrap();
            Value::Money(if dice.one_in(6) { Money::new(1, yen) } else { Money::new(minor, currency) })
        }
        FieldType::Date => Value::Date(dice.pick(super::generator::DATES).parse().unwrap()),
        FieldType::Time => Value::Time(dice.pick(&["00:00:00", "09:30:00", "23:59:59"]).parse().unwrap()),
        FieldType::Datetime => Value::Instant(instant(dice)),
        FieldType::Duration => text(dice.pick(&["P1D", "PT24H", "PT4H"])),
        FieldType::MultiChoice => {
            let items: Vec<String> =
                ["vip", "java", "Спам", "VIP"].iter().filter(|_| dice.one_in(2)).map(|&item| item.to_owned()).collect();
            if items.is_empty() { Value::Null } else { Value::List(items) }
        }
        FieldType::Link | FieldType::File => Value::Id(id(dice.below(14))),
        FieldType::Links => {
            let ids: Vec<Id> = (0..14).filter(|_| dice.one_in(5)).map(id).collect();
            if ids.is_empty() { Value::Null } else { Value::Ids(ids) }
        }
        FieldType::Person => Value::Id(id(200 + dice.below(4))),
        FieldType::Record => {
            let module = dice.pick(&["things", "places"]).to_owned();
            Value::Record { module, id: id(dice.below(14)) }
        }
        FieldType::Checkbox => Value::Bool(dice.one_in(2)),
        FieldType::Json | FieldType::Formula | FieldType::RollUp => Value::Null,
    }
}
