//! The SQL itself: indexes can serve it, users' texts stay out of it, and what cannot be written is refused.

use model::expr::{ErrorCode, Plan, Want, compile};

use super::generator::Dice;
use super::world::World;
use crate::db::{DbError, Dialect, Sql};
use crate::query::expression::condition;
use crate::query::functions;
use crate::testing::databases;

fn written(world: &World, text: &str, dialect: Dialect) -> Sql {
    let plan = compile(text, &world.module, &world.definitions, Want::Bool).unwrap();
    world.context(dialect, |cx| condition(&plan, cx).unwrap())
}

#[test]
fn chains_are_plain_comparisons() {
    let world = World::new(&mut Dice(1), "Europe/Moscow");
    for (text, sql) in [
        ("stage == \"won\" && owner == me()", "((\"t\".\"stage\" = $1) and (\"t\".\"owner\" = $2))"),
        ("amount >= 1500.5", "(\"t\".\"amount\" >= $1)"),
        ("stage in [\"a\", \"b\"]", "(\"t\".\"stage\" in ($1, $2))"),
        ("!(seats < 3)", "(not coalesce((\"t\".\"seats\" < $1), false))"),
        ("stage != \"won\"", "(\"t\".\"stage\" is distinct from $1)"),
        ("place == null", "(\"t\".\"place\" is null)"),
        ("name.startsWith(\"Ка\")", "(\"t\".\"name_key\" >= $1 and \"t\".\"name_key\" < $2)"),
        ("name == \"Казань\"", "(\"t\".\"name_key\" = $1 and (\"t\".\"name\" = $2))"),
        (
            "name in [\"Тула\", \"Казань\", \"КАЗАНЬ\", null]",
            "((\"t\".\"name_key\" in ($1, $2) and (\"t\".\"name\" in ($3, $4, $5))) or (\"t\".\"name\" is null))",
        ),
        ("!(name in [\"Казань\"])", "(not coalesce((\"t\".\"name\" in ($1)), false))"),
        ("discount < 10.501", "(\"t\".\"discount\" <= $1)"),
        ("discount == 10.501", "false"),
        ("rate < 922337203685477580.7", "(\"t\".\"rate\" is not null)"),
        ("rate > 922337203685477580.7", "false"),
        ("seats < 9223372036854775807 * 2", "false"),
        ("(paid ? null : null) in [1, null]", "(false or false or true)"),
        (
            "place.city == \"Казань\"",
            "((select \"t_1\".\"city\" from \"places\" as \"t_1\" where \"t_1\".\"id\" = \"t\".\"place\" and \
             \"t_1\".\"deleted_at\" is null and (\"t_1\".\"shut\" is not true)) = $1)",
        ),
        ("labels.exists(t, t == \"vip\")", "(\"t\".\"labels\" @> jsonb_build_array($1))"),
        ("!labels.exists(t, \"vip\" == t)", "(not coalesce((\"t\".\"labels\" @> jsonb_build_array($1)), false))"),
        ("covert == \"x\" && paid", "((null::text = $1) and (\"t\".\"paid\" = true))"),
    ] {
        assert_eq!(written(&world, text, Dialect::Postgres).text(), sql, "{text}");
    }
}

#[test]
fn indexes_serve_them() {
    let world = World::new(&mut Dice(1), "Europe/Moscow");
    for mut database in databases() {
        database.options.register = Some(functions::register);
        let db = database.open();
        world.keep(&db);
        db.ddl_blocking(|tx| {
            tx.batch("create index things_by_stage on things (stage, owner); create index things_by_name on things (name_key)")?;
            // As the plan of the schema makes them for words that people put in themselves.
            tx.batch(match tx.dialect() {
                Dialect::Sqlite => "create index things_by_label on things (id, labels) where labels is not null",
                Dialect::Postgres => "create index things_by_label on things using gin (labels jsonb_path_ops)",
            })
        })
        .unwrap();
        for (text, index) in [
            ("stage == \"won\" && owner == me()", "things_by_stage"),
            ("stage in [\"won\", \"x\"] && owner == me()", "things_by_stage"),
            ("name.startsWith(\"каз\")", "things_by_name"),
            ("name >= \"п\"", "things_by_name"),
            ("name == \"Казань\"", "things_by_name"),
            ("name in [\"Казань\", \"Тула\"]", "things_by_name"),
            ("labels.exists(t, t == \"vip\")", "things_by_label"),
            ("\"vip\" in labels", "things_by_label"),
        ] {
            let explain = if db.dialect() == Dialect::Sqlite { "explain query plan " } else { "explain " };
            let sql = Sql::new(explain).push("select t.\"id\" from \"things\" as t where ");
            let sql = sql.append(written(&world, text, db.dialect()));
            let lines = db.write_blocking(move |tx| {
                if tx.dialect() == Dialect::Postgres {
                    tx.batch("set local enable_seqscan = off")?;
                }
                tx.query(&sql)
            });
            let lines: Result<Vec<_>, DbError> = lines;
            let plan: Vec<String> = lines.unwrap().iter().map(|row| format!("{row:?}")).collect();
            assert!(plan.iter().any(|line| line.contains(index)), "{} {text}: {plan:?}", database.name);
        }
    }
}

#[test]
fn what_is_nested_is_planned_once() {
    let world = World::new(&mut Dice(1), "Europe/Moscow");
    let nested = |begin: &str, more: &str| (0..12).fold(begin.to_owned(), |inner, _| format!("({inner} + {more})"));
    let texts = [
        format!("{} > 0", nested("seats", "place.seats")),
        format!("{} > now()", nested("called_at", "(place.due_at - created_at)")),
    ];
    for mut database in databases() {
        database.options.register = Some(functions::register);
        let db = database.open();
        world.keep(&db);
        for text in &texts {
            let sql = Sql::new("select t.\"id\" from \"things\" as t where ");
            let sql = sql.append(written(&world, text, db.dialect()));
            let read: Result<Vec<_>, DbError> = db.read_blocking(move |tx| tx.query(&sql));
            assert!(read.is_ok(), "{} {text}: {read:?}", database.name);
        }
    }
}

#[test]
fn texts_of_users_are_parameters() {
    let world = World::new(&mut Dice(1), "Europe/Moscow");
    let evil = "'; drop table things; --";
    for text in [
        format!("name == {evil:?}"),
        format!("name.contains({evil:?})"),
        format!("stage in [{evil:?}]"),
        format!("{evil:?} in labels"),
        format!("labels.exists(t, t == {evil:?})"),
    ] {
        for dialect in [Dialect::Sqlite, Dialect::Postgres] {
            assert!(!written(&world, &text, dialect).text().contains("drop"), "{text}");
        }
    }
}

#[test]
fn what_cannot_be_written_is_refused_with_its_place() {
    let world = World::new(&mut Dice(1), "Europe/Moscow");
    let refused = |text: &str, dialect| {
        let plan = compile(text, &world.module, &world.definitions, Want::Bool).unwrap();
        world.context(dialect, |cx| condition(&plan, cx).unwrap_err())
    };
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        let error = refused("paid && (name + city).contains(\"x\")", dialect);
        assert_eq!((error.code, error.position), (ErrorCode::NotInSql, Some(14)));
        let error = refused("name < email", dialect);
        assert_eq!((error.code, error.position), (ErrorCode::NotInSql, Some(7)));
    }
}

#[test]
fn doubling_parts_end_in_a_refusal() {
    let world = World::new(&mut Dice(1), "Europe/Moscow");
    let money = || Plan::field(&world.module, "amount").unwrap();
    let text = (0..14).fold("amount".to_owned(), |inner, _| format!("({inner} == fee ? {inner} : fee)"));
    assert!(compile(&text, &world.module, &world.definitions, Want::Any).is_err());
    let deep = (0..20).fold("amount".to_owned(), |inner, _| format!("({inner} == fee ? amount : fee)"));
    let plan = compile(&deep, &world.module, &world.definitions, Want::Any).unwrap().eq(money()).unwrap();
    world.context(Dialect::Postgres, |cx| assert_eq!(condition(&plan, cx).unwrap_err().code, ErrorCode::TooComplex));
}
