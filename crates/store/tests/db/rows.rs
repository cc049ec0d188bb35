//! Statements and their rows: parameters, counts, streaming, many rows.

use store::db::{DbError, Param, Sql, params};
use store::testing::on_both;

use super::{add, number, pairs};

#[test]
fn parameters_may_be_reused_and_come_in_any_order() {
    on_both(|db| {
        let row = db.read_blocking(|tx| {
            let sql = Sql::with("select $2 || $1 || $2, $3 + 1", params!["б", "а", 4_999_999_999_i64]);
            tx.one(&sql)
        });
        let row = row.expect("a row");
        assert_eq!((row.text(0), row.int(1)), (Ok("аба".to_owned()), Ok(5_000_000_000)));
    });
}

#[test]
fn twelve_parameters_are_told_apart() {
    on_both(|db| {
        let list = (1..=12).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ");
        let row = db.read_blocking(move |tx| {
            let params = (1..=12_i64).map(Param::from).collect();
            tx.one(&Sql::with(format!("select {list}"), params))
        });
        let row = row.expect("a row");
        assert_eq!((0..12).map(|column| row.int(column)).collect::<Result<Vec<_>, _>>(), Ok((1..=12).collect()));
    });
}

#[test]
fn statements_are_put_together_from_pieces() {
    on_both(|db| {
        pairs(db);
        db.write_blocking(|tx| (1..=5).try_for_each(|id| add(tx, id, &format!("name {id}")).map(drop))).unwrap();
        let named = db.read_blocking(|tx| {
            let condition = Sql::with("name <> $1 and '$1' <> $1", params!["name 2"]);
            let sql = Sql::new("select count(*) from ").push_ident("pair")?.push(" where id > ").bind(1);
            let sql = sql.push(" and ").append(condition).push(" and id in ").bind_list([1, 2, 3, 4]);
            tx.one(&sql)?.int(0)
        });
        assert_eq!(named, Ok(2));
        let none =
            db.read_blocking(|tx| tx.query(&Sql::new("select 1 from pair where id in ").bind_list(Vec::<i64>::new())));
        assert_eq!(none, Ok(vec![]));
        for bad in ["", "Pair", "a b", "a\"b", "1a", "ё"] {
            assert_eq!(Sql::new("").push_ident(bad), Err(DbError::Identifier(bad.to_owned())));
        }
    });
}

#[test]
fn wrong_parameters_are_an_error() {
    on_both(|db| {
        let missing = db.read_blocking(|tx| tx.query(&Sql::with("select $1, $2", params![1])));
        assert!(missing.is_err(), "{missing:?}");
    });
}

#[test]
fn rows_are_counted_and_typed() {
    on_both(|db| {
        pairs(db);
        let written = db.write_blocking(|tx| (1..=3).map(|id| add(tx, id, &id.to_string())).sum::<Result<u64, _>>());
        assert_eq!(written, Ok(3));
        db.read_blocking(|tx| {
            assert_eq!(tx.one(&"select id from pair where id > 9".into()), Err(DbError::NoRow));
            assert_eq!(tx.opt(&"select id from pair where id > 9".into()), Ok(None));
            assert_eq!(tx.one(&"select id from pair".into()), Err(DbError::ManyRows));
            let row = tx.one(&"select id, name, even from pair where id = 1".into())?;
            assert_eq!(row.len(), 3);
            assert!(matches!(row.uuid(1), Err(DbError::Kind { column: 1, expected: "uuid", .. })));
            assert!(matches!(row.text(2), Err(DbError::Kind { found: "null", .. })));
            assert!(matches!(row.opt_int(3), Err(DbError::Kind { column: 3, .. })));
            Ok::<_, DbError>(())
        })
        .unwrap();
        let returned =
            db.write_blocking(|tx| tx.one(&"update pair set name = 'x' where id = 2 returning name, id".into()));
        assert_eq!(returned.and_then(|row| row.int(1)), Ok(2));
        assert_eq!(super::write(db, "update pair set even = 2 where id > 1".into()), Ok(2));
    });
}

#[test]
fn rows_are_streamed_until_enough() {
    on_both(|db| {
        pairs(db);
        let rows = (0..5_000_i64).map(|id| params![id, None::<String>]);
        let rows: Vec<_> = rows.collect();
        db.write_blocking(move |tx| tx.execute_many("insert into pair (id, name) values ($1, $2)", rows.clone()))
            .unwrap();
        let seen = db.read_blocking(|tx| {
            let mut seen = 0;
            let ended = tx.each(&"select id from pair order by id".into(), |row| {
                seen += 1;
                if row.int(0)? == 99 { Err(DbError::NoRow) } else { Ok(()) }
            });
            assert_eq!(ended, Err(DbError::NoRow));
            // Enough of one answer is no failure of the transaction.
            Ok::<_, DbError>((seen, tx.one(&"select count(*) from pair".into())?.int(0)?))
        });
        assert_eq!(seen, Ok((100, 5_000)));
    });
}

#[test]
fn ten_thousand_rows_go_in_at_once_and_in_order() {
    on_both(|db| {
        super::ddl(db, "create table many (id bigint primary key, name text, half float8)");
        let written = db.write_blocking(|tx| {
            let rows = (0..10_000_i64).map(|id| {
                // The first value of a column may be null: it must not decide on the type.
                params![id, (id % 3 == 1).then(|| format!("строка {id}")), (id > 1_500).then_some(id as f64 / 2.0)]
            });
            tx.execute_many("insert into many values ($1, $2, $3)", rows)
        });
        assert_eq!(written, Ok(10_000));
        assert_eq!(number(db, "select count(name) from many"), 3_333);
        let failed = db.write_blocking(|tx| {
            tx.execute_many("insert into many (id) values ($1)", (9_990..20_000_i64).map(|id| params![id]))
        });
        assert!(matches!(failed, Err(DbError::Unique { .. })), "{failed:?}");
        assert_eq!(number(db, "select count(*) from many"), 10_000);
    });
}

#[test]
fn a_statement_outlives_a_change_of_its_table() {
    on_both(|db| {
        pairs(db);
        db.write_blocking(|tx| add(tx, 1, "one")).unwrap();
        let all = || db.read_blocking(|tx| tx.one(&"select * from pair".into())).expect("a row").len();
        for _ in 0..20 {
            assert_eq!(all(), 3);
        }
        super::ddl(db, "alter table pair add column more text");
        for _ in 0..20 {
            assert_eq!(all(), 4);
        }
    });
}
