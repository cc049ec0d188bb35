//! Failures carry the same meaning on both engines.

use std::time::Duration;

use store::db::{DbError, Sql, Tx, params};
use store::testing::{databases, on_both};

use super::{add, ddl, number, pairs, write};

#[test]
fn a_taken_value_names_its_table_and_columns() {
    on_both(|db| {
        ddl(db, "create table ticket (event bigint, number bigint, unique (event, number))");
        let insert = || write(db, "insert into ticket values (1, 2)".into());
        assert_eq!(insert(), Ok(1));
        match insert() {
            Err(DbError::Unique { table, columns, .. }) => {
                assert_eq!((table.as_str(), columns), ("ticket", vec!["event".to_owned(), "number".to_owned()]));
            }
            other => panic!("{other:?}"),
        }
        pairs(db);
        write(db, "insert into pair (id) values (1)".into()).unwrap();
        match write(db, "insert into pair (id) values (1)".into()) {
            Err(DbError::Unique { table, columns, .. }) => {
                assert_eq!((table.as_str(), columns), ("pair", vec!["id".to_owned()]))
            }
            other => panic!("{other:?}"),
        }
    });
}

#[test]
fn broken_rules_are_told_apart() {
    on_both(|db| {
        ddl(
            db,
            "create table event (id bigint primary key, name text not null, seats bigint constraint has_seats check (seats > 0));
             create table visit (event bigint references event (id))",
        );
        write(db, "insert into event values (1, 'a', 1)".into()).unwrap();
        write(db, "insert into visit values (1)".into()).unwrap();
        let fails = |text: &'static str| write(db, text.into()).expect_err("a broken rule");
        assert!(matches!(fails("insert into visit values (2)"), DbError::ForeignKey { .. }));
        assert!(matches!(fails("delete from event"), DbError::ForeignKey { .. }));
        let unfilled = DbError::NotNull { table: "event".to_owned(), column: "name".to_owned() };
        assert_eq!(fails("insert into event (id) values (2)"), unfilled);
        assert_eq!(
            fails("insert into event values (2, 'b', 0)"),
            DbError::Check { constraint: "has_seats".to_owned() }
        );
        assert!(matches!(fails("insert into nothing values (1)"), DbError::Other { .. }));
        assert!(matches!(fails("insert into"), DbError::Other { .. }));
    });
}

#[test]
fn a_read_may_not_write() {
    on_both(|db| {
        pairs(db);
        let refused = db.read_blocking(|tx| add(tx, 1, "one"));
        assert_eq!(refused, Err(DbError::ReadOnly));
        assert_eq!(number(db, "select count(*) from pair"), 0);
    });
}

#[test]
fn a_failure_passed_over_fails_the_transaction() {
    on_both(|db| {
        pairs(db);
        let passed_over = db.write_blocking(|tx| {
            add(tx, 1, "one")?;
            assert!(add(tx, 1, "again").is_err());
            assert_eq!(add(tx, 2, "two"), Err(DbError::Aborted));
            Ok::<_, DbError>(())
        });
        assert_eq!(passed_over, Err(DbError::Aborted));
        assert_eq!(number(db, "select count(*) from pair"), 0);
    });
}

#[test]
fn a_panic_rolls_back_and_harms_nobody() {
    on_both(|db| {
        pairs(db);
        for _ in 0..20 {
            let panicked = db.write_blocking(|tx| {
                add(tx, 1, "one")?;
                tx.savepoint(|tx| {
                    add(tx, 2, "two")?;
                    if number_of_pairs(tx)? == 2 {
                        panic!("on purpose");
                    }
                    Ok::<_, DbError>(())
                })
            });
            assert_eq!(panicked, Err(DbError::Panicked("on purpose".to_owned())));
            let panicked = db.read_blocking(|_| -> Result<(), DbError> { panic!("on purpose {}", 2) });
            assert_eq!(panicked, Err(DbError::Panicked("on purpose 2".to_owned())));
        }
        db.write_blocking(|tx| add(tx, 3, "three")).unwrap();
        assert_eq!(number(db, "select sum(id) from pair"), 3);
    });
}

fn number_of_pairs(tx: &mut store::db::Tx) -> Result<i64, DbError> {
    tx.one(&"select count(*) from pair".into())?.int(0)
}

#[test]
fn a_transaction_inside_a_transaction_is_refused() {
    on_both(|db| {
        pairs(db);
        let inner = db.clone();
        let nested = db.write_blocking(move |tx| {
            add(tx, 1, "one")?;
            inner.write_blocking(|tx| add(tx, 2, "two"))
        });
        assert_eq!(nested, Err(DbError::Nested));
        assert_eq!(number(db, "select count(*) from pair"), 0);
    });
}

#[test]
fn errors_of_the_domain_pass_through() {
    #[derive(Debug, PartialEq, thiserror::Error)]
    enum Refusal {
        #[error("sold out")]
        SoldOut,
        #[error(transparent)]
        Db(#[from] DbError),
    }
    on_both(|db| {
        pairs(db);
        let refused = db.write_blocking(|tx| {
            add(tx, 1, "one")?;
            Err::<(), _>(Refusal::SoldOut)
        });
        assert_eq!(refused, Err(Refusal::SoldOut));
        let refused = db.write_blocking(|tx| {
            tx.execute(&Sql::with("insert into pair (even) values ($1)", params![1]))?;
            Ok::<_, Refusal>(())
        });
        assert!(matches!(refused, Err(Refusal::Db(_))));
        assert_eq!(number(db, "select count(*) from pair"), 0);
    });
}

#[test]
fn a_closed_database_says_so() {
    on_both(|db| {
        pairs(db);
        db.close_blocking();
        assert_eq!(db.write_blocking(|tx| add(tx, 1, "one")), Err(DbError::Closed));
        assert_eq!(db.read_blocking(|tx| tx.query(&"select 1".into())), Err(DbError::Closed));
    });
}

/// Counts for some seconds.
const LONG: &str =
    "with recursive n(i) as (select 1 union all select i + 1 from n where i < 3000000) select count(*) from n";

#[test]
fn whoever_takes_time_is_not_hurried_and_whoever_comes_next_is() {
    for mut database in databases() {
        (database.options.readers, database.options.connections) = (1, 1);
        database.options.statement_timeout = Duration::from_millis(100);
        let db = database.open();
        let count = |tx: &mut Tx| tx.one(&LONG.into())?.int(0);
        for _ in 0..2 {
            assert_eq!(db.read_blocking(count), Err(DbError::Timeout));
            let took_time = db.read_blocking(move |tx| {
                tx.take_time()?;
                count(tx)
            });
            assert_eq!(took_time, Ok(3_000_000));
        }
    }
}
