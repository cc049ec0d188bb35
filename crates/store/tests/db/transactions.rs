//! Savepoints, snapshots, changes of the schema, many workspaces.

use store::db::{Db, DbError, Dialect};
use store::testing::{databases, on_both, postgres};

use super::{add, ddl, number, pairs, write};

#[test]
fn a_savepoint_undoes_its_own_work_only() {
    on_both(|db| {
        pairs(db);
        let done = db.write_blocking(|tx| {
            add(tx, 1, "one")?;
            let failed = tx.savepoint(|tx| {
                add(tx, 2, "two")?;
                let deeper = tx.savepoint(|tx| {
                    add(tx, 3, "three")?;
                    add(tx, 1, "again")
                });
                assert!(matches!(deeper, Err(DbError::Unique { .. })), "{deeper:?}");
                add(tx, 4, "four")?;
                Err::<(), _>(DbError::NoRow)
            });
            assert_eq!(failed, Err(DbError::NoRow));
            tx.savepoint(|tx| add(tx, 5, "five"))?;
            add(tx, 6, "six")
        });
        assert_eq!(done, Ok(1));
        assert_eq!(number(db, "select sum(id) from pair"), 12);
    });
}

#[test]
fn a_read_sees_one_snapshot() {
    on_both(|db| {
        pairs(db);
        write(db, "insert into pair (id) values (1)".into()).unwrap();
        let (inside, entered) = flume::bounded::<()>(0);
        let (written, go_on) = flume::bounded::<()>(0);
        let reader = db.clone();
        let reader = std::thread::spawn(move || {
            reader.read_blocking(move |tx| {
                let before = tx.one(&"select count(*) from pair".into())?.int(0)?;
                inside.send(()).unwrap();
                go_on.recv().unwrap();
                Ok::<_, DbError>((before, tx.one(&"select count(*) from pair".into())?.int(0)?))
            })
        });
        entered.recv().unwrap();
        write(db, "insert into pair (id) values (2)".into()).unwrap();
        assert_eq!(number(db, "select count(*) from pair"), 2);
        written.send(()).unwrap();
        assert_eq!(reader.join().unwrap(), Ok((1, 1)));
    });
}

#[test]
fn a_glance_is_one_statement_or_one_snapshot() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    on_both(|db| {
        pairs(db);
        write(db, "insert into pair (id) values (1)".into()).unwrap();
        let count = |tx: &mut store::db::Tx| tx.one(&"select count(*) from pair".into())?.int(0);
        assert_eq!(runtime.block_on(db.glance(count)), Ok(1));
        let (writer, mut id) = (db.clone(), 1);
        let twice = runtime.block_on(db.glance(move |tx| {
            let before = count(tx)?;
            id += 1;
            let (writer, id) = (writer.clone(), id);
            std::thread::spawn(move || writer.write_blocking(move |tx| add(tx, id, &id.to_string())).unwrap())
                .join()
                .unwrap();
            Ok::<_, DbError>((before, count(tx)?))
        }));
        let (before, after) = twice.unwrap();
        assert_eq!(before, after, "both statements see one moment");
        // Passing over the refusal of a second statement does not make the first one count alone.
        let passed_over = runtime.block_on(db.glance(move |tx| Ok::<_, DbError>((count(tx)?, count(tx).ok()))));
        let (first, second) = passed_over.unwrap();
        assert_eq!(Some(first), second);
        assert_eq!(runtime.block_on(db.glance(|tx| add(tx, 100, "hundred"))), Err(DbError::ReadOnly));
        let inserting = |tx: &mut store::db::Tx| tx.query(&"insert into pair (id) values (101) returning id".into());
        assert_eq!(runtime.block_on(db.glance(inserting)), Err(DbError::ReadOnly));
        assert_eq!(number(db, "select count(*) from pair where id > 99"), 0);
    });
}

#[test]
fn a_change_of_the_schema_is_whole_or_not_at_all() {
    on_both(|db| {
        pairs(db);
        let failed = db.ddl_blocking(|tx| {
            tx.batch("create table other (id bigint); alter table pair add column more text")?;
            tx.batch("create table pair (id bigint)")
        });
        assert!(failed.is_err());
        assert!(db.read_blocking(|tx| tx.query(&"select * from other".into())).is_err());
        write(db, "insert into pair (id) values (1)".into()).unwrap();
        assert_eq!(db.read_blocking(|tx| tx.one(&"select * from pair".into())).map(|row| row.len()), Ok(3));
    });
}

#[test]
fn a_rebuilt_table_keeps_its_links() {
    let database = databases().swap_remove(0);
    let db = database.open();
    ddl(
        &db,
        "create table event (id bigint primary key); create table visit (event bigint references event (id) on delete cascade)",
    );
    ddl(&db, "insert into event values (1); insert into visit values (1)");
    let rebuilt = |keep: &'static str| {
        db.ddl_blocking(move |tx| {
            tx.batch("create table event_new (id bigint primary key, name text)")?;
            tx.batch(keep)?;
            tx.batch("drop table event; alter table event_new rename to event")
        })
    };
    assert!(matches!(rebuilt("select 1"), Err(DbError::ForeignKey { .. })), "a visit would point at nothing");
    assert_eq!(rebuilt("insert into event_new (id) select id from event"), Ok(()));
    assert_eq!(number(&db, "select count(*) from visit"), 1);
    assert!(matches!(write(&db, "insert into visit values (2)".into()), Err(DbError::ForeignKey { .. })));
}

#[test]
fn data_is_there_after_opening_again() {
    for database in databases() {
        let db = database.open();
        pairs(&db);
        db.write_blocking(|tx| add(tx, 1, "one")).unwrap();
        drop(db);
        assert_eq!(number(&database.open(), "select count(*) from pair"), 1, "{}", database.name);
    }
}

#[test]
fn schemas_of_one_pool_are_apart() {
    let db = Db::open(&postgres().fresh_schema()).unwrap();
    let schemas: Vec<_> = ["ws_one", "ws_two"].into_iter().map(|name| db.in_schema(name).unwrap()).collect();
    for (id, schema) in schemas.iter().enumerate() {
        pairs(schema);
        let id = i64::try_from(id).unwrap() + 10;
        schema.write_blocking(move |tx| add(tx, id, "same name")).unwrap();
    }
    for _ in 0..30 {
        let sums: Vec<_> = schemas.iter().map(|schema| number(schema, "select sum(id) from pair")).collect();
        assert_eq!(sums, [10, 11]);
    }
    assert!(matches!(db.in_schema("bad name"), Err(DbError::Identifier(_))));
}

#[test]
fn statements_run_outside_a_transaction() {
    on_both(|db| {
        pairs(db);
        let index = match db.dialect() {
            Dialect::Sqlite => "vacuum",
            Dialect::Postgres => "create index concurrently pair_even on pair (even)",
        };
        assert_eq!(db.standalone_blocking(index), Ok(()));
        assert!(db.standalone_blocking("nonsense").is_err());
        assert_eq!(number(db, "select count(*) from pair"), 0);
    });
}

#[test]
fn a_fresh_database_is_empty() {
    let name = postgres().fresh_database();
    let db = Db::open(&store::db::DbOptions::postgres(postgres().tcp_url(&name), "main")).unwrap();
    pairs(&db);
    assert_eq!(number(&db, "select count(*) from pair"), 0);
}
