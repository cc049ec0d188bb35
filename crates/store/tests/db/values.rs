//! Values come back as they went in, and what can't is refused.

use std::cell::RefCell;

use jiff::Timestamp;
use jiff::civil::Date;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use store::db::{Db, DbError, Dialect, Param, Row, Sql, Tx, params};
use store::testing::on_both;
use uuid::Uuid;

/// A value of every kind; each may be null.
#[derive(Debug, Clone, PartialEq)]
struct Sample {
    flag: Option<bool>,
    count: Option<i64>,
    ratio: Option<f64>,
    words: Option<String>,
    raw: Option<Vec<u8>>,
    id: Option<Uuid>,
    moment: Option<Timestamp>,
    day: Option<Date>,
    tree: Option<serde_json::Value>,
}

impl Sample {
    fn params(&self) -> Vec<Param> {
        let own = self.clone();
        params![own.flag, own.count, own.ratio, own.words, own.raw, own.id, own.moment, own.day, own.tree]
    }

    fn read(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            flag: row.opt_bool(0)?,
            count: row.opt_int(1)?,
            ratio: row.opt_float(2)?,
            words: row.opt_text(3)?,
            raw: row.opt_bytes(4)?,
            id: row.opt_uuid(5)?,
            moment: row.opt_instant(6)?,
            day: row.opt_date(7)?,
            tree: row.opt_json(8)?,
        })
    }
}

const INSERT: &str = "insert into sample values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
const COLUMNS: &str = "flag, count, ratio, words, raw, id, moment, day, tree";

fn make_table(db: &Db) {
    let table = match db.dialect() {
        Dialect::Sqlite => {
            "create table sample (flag integer, count integer, ratio real, words text, raw blob, id blob,
             moment integer, day text, tree text) strict"
        }
        Dialect::Postgres => {
            "create table sample (flag boolean, count bigint, ratio float8, words text, raw bytea, id uuid,
             moment timestamptz, day date, tree jsonb)"
        }
    };
    super::ddl(db, table);
}

fn words() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), "[а-яёА-ЯЁ ]{0,40}", "[😀-🙏👩🏽‍🚀]{0,8}", Just("'; drop table sample; --".to_owned())]
        .prop_map(|text| text.replace('\0', ""))
}

fn tree() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        words().prop_map(Into::into),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
            prop::collection::hash_map(words(), inner, 0..4)
                .prop_map(|fields| serde_json::Value::Object(fields.into_iter().collect())),
        ]
    })
}

prop_compose! {
    fn sample()(
        flag: Option<bool>,
        count in prop::option::of(prop_oneof![any::<i64>(), Just(i64::MIN), Just(i64::MAX)]),
        ratio in prop::option::of(prop::num::f64::NORMAL | prop::num::f64::ZERO),
        words in prop::option::of(words()),
        raw: Option<Vec<u8>>,
        id in prop::option::of(any::<u128>().prop_map(Uuid::from_u128)),
        moment in prop::option::of((-62_135_596_800_000_000..=253_402_207_200_999_999_i64)
            .prop_map(|micros| Timestamp::from_microsecond(micros).expect("in range"))),
        day in prop::option::of((1_i16..=9999, 1_i8..=12, 1_i8..=28)
            .prop_map(|(year, month, day)| Date::new(year, month, day).expect("a date"))),
        tree in prop::option::of(tree()),
    ) -> Sample {
        Sample { flag, count, ratio, words, raw, id, moment, day, tree }
    }
}

/// What was written is read, by way of one row, of many rows, and of a comparison in SQL.
fn round_trip(tx: &mut Tx, sample: &Sample) -> Result<[Sample; 2], DbError> {
    tx.execute(&"delete from sample".into())?;
    tx.execute(&Sql::with(INSERT, sample.params()))?;
    tx.execute_many(INSERT, [sample.params()])?;
    let rows = tx.query(&Sql::new(format!("select {COLUMNS} from sample")))?;
    match rows.as_slice() {
        [one, two] => Ok([Sample::read(one)?, Sample::read(two)?]),
        _ => Err(DbError::NoRow),
    }
}

#[test]
fn every_value_comes_back() {
    on_both(|db| {
        make_table(db);
        let db = RefCell::new(db.clone());
        let mut runner =
            TestRunner::new(ProptestConfig { cases: 200, failure_persistence: None, ..Default::default() });
        let result = runner.run(&sample(), |sample| {
            let given = sample.clone();
            let read = db.borrow().write_blocking(move |tx| round_trip(tx, &given));
            prop_assert_eq!(read, Ok([sample.clone(), sample]));
            Ok(())
        });
        result.unwrap_or_else(|failure| panic!("{failure}"));
    });
}

#[test]
fn edges_come_back() {
    let first = Timestamp::from_microsecond(-62_135_596_800_000_000).expect("year 1");
    let edges = [
        Sample {
            flag: Some(false),
            count: Some(i64::MIN),
            ratio: Some(f64::MIN_POSITIVE),
            words: Some(String::new()),
            raw: Some(vec![]),
            id: Some(Uuid::nil()),
            moment: Some(first),
            day: Some(Date::constant(1, 1, 1)),
            tree: Some(serde_json::json!({"ёж": [null, "🦔"]})),
        },
        Sample {
            flag: Some(true),
            count: Some(i64::MAX),
            ratio: Some(f64::MAX),
            words: Some("Съешь ещё 🥖".to_owned()),
            raw: Some(vec![0, 255]),
            id: Some(Uuid::max()),
            moment: Some(Timestamp::from_microsecond(-1).expect("just before 1970")),
            day: Some(Date::constant(9999, 12, 31)),
            tree: Some(serde_json::Value::Null),
        },
    ];
    on_both(move |db| {
        make_table(db);
        for edge in edges.clone() {
            let given = edge.clone();
            let read = db.write_blocking(move |tx| round_trip(tx, &given));
            assert_eq!(read, Ok([edge.clone(), edge]));
        }
    });
}

#[test]
fn moments_are_rounded_down_to_the_microsecond() {
    on_both(|db| {
        make_table(db);
        for (nanos, micros) in [(1_999, 1), (-1, -1), (-1_000, -1), (-1_001, -2)] {
            let moment = Timestamp::from_nanosecond(nanos).expect("in range");
            let read = db.write_blocking(move |tx| {
                tx.execute(&"delete from sample".into())?;
                tx.execute(&Sql::with("insert into sample (moment) values ($1)", params![moment]))?;
                tx.one(&"select moment from sample".into())?.instant(0)
            });
            assert_eq!(read, Ok(Timestamp::from_microsecond(micros).expect("in range")), "{nanos} ns");
        }
    });
}

#[test]
fn null_fits_every_column() {
    on_both(|db| {
        make_table(db);
        let read = db.write_blocking(|tx| {
            tx.execute(&Sql::with(INSERT, vec![Param::Null; 9]))?;
            tx.execute_many(INSERT, [vec![Param::Null; 9]])?;
            for column in COLUMNS.split(", ") {
                tx.execute(&Sql::with(format!("update sample set {column} = $1"), params![None::<String>]))?;
                assert_eq!(
                    tx.opt(&Sql::with(format!("select 1 from sample where {column} = $1"), params![Param::Null])),
                    Ok(None)
                );
            }
            tx.query(&Sql::new(format!("select {COLUMNS} from sample")))
        });
        let rows = read.expect("nulls are stored");
        assert_eq!(rows.len(), 2);
        assert!(rows.iter().all(|row| (0..9).all(|column| row.is_null(column) == Ok(true))));
    });
}

#[test]
fn what_one_engine_would_mangle_is_refused_by_both() {
    on_both(|db| {
        make_table(db);
        let refused = [
            ("words", Param::from("a\0b")),
            ("tree", Param::from(serde_json::json!({"a": ["\0"]}))),
            ("tree", Param::from(serde_json::json!({"\0": 1}))),
            ("ratio", Param::from(f64::NAN)),
            ("ratio", Param::from(f64::INFINITY)),
            ("day", Param::from(Date::constant(0, 1, 1))),
            ("moment", Param::from(Timestamp::from_microsecond(-62_135_596_800_000_001).expect("year 0"))),
        ];
        for (column, value) in refused {
            let text = format!("insert into sample ({column}) values ($1)");
            let (one, many) = (Sql::with(text.clone(), vec![value.clone()]), value.clone());
            let answers =
                [super::write(db, one), db.write_blocking(move |tx| tx.execute_many(&text, [vec![many.clone()]]))];
            for answer in answers {
                assert!(matches!(answer, Err(DbError::Value(_))), "{column} {value:?}: {answer:?}");
            }
        }
        assert_eq!(super::number(db, "select count(*) from sample"), 0);
    });
}

#[test]
fn whole_numbers_fit_numeric_columns_of_every_width() {
    on_both(|db| {
        super::ddl(
            db,
            "create table width (small smallint, middle integer, wide bigint, exact numeric(20, 4), float float8)",
        );
        let row = db.write_blocking(|tx| {
            tx.execute(&Sql::with("insert into width values ($1, $1, $1, $1, $1)", params![12_345]))?;
            tx.execute_many("insert into width values ($1, $2, $3, $4, $5)", [params![5, 5, 5, 5, 5]])?;
            tx.one(&"select sum(small), sum(middle), sum(wide), sum(exact), sum(float), avg(wide), count(*) from width where middle < 5000000000".into())
        });
        let row = row.expect("numbers are stored");
        for column in 0..3 {
            assert_eq!(row.int(column), Ok(12_350));
        }
        assert_eq!((row.float(3), row.float(4), row.float(5)), (Ok(12_350.0), Ok(12_350.0), Ok(6_175.0)));
        let fraction = db
            .read_blocking(|tx| tx.one(&"select avg(x) from (select 1 as x union all select 2) as t".into())?.float(0));
        assert_eq!(fraction, Ok(1.5));
    });
}
