//! A workspace in which something of everything happened.

use jiff::Timestamp;
use model::{Actor, Id};
use serde_json::{Value as Json, json};
use store::db::{DbError, Dialect, Param, Sql, params};
use store::{Origin, Workspace};

use crate::dice::Dice;
use crate::pack;
use crate::world::{World, create};

const TEXTS: [&str; 6] = ["Ёлки-палки, «съезд»", "O'Reilly \\ \"x\"", "日本 ҐЄ é́", "простой", "a\tb", "−1 €"];
const DAYS: [&str; 5] = ["0001-01-01", "1582-10-10", "1969-12-31", "2024-02-29", "9999-12-31"];
const MOMENTS: [&str; 4] =
    ["0001-01-01T00:00:00Z", "1969-12-31T23:59:59.999999Z", "2026-03-29T00:30:00.000001Z", "9999-12-30T20:00:00Z"];

/// Makes, changes, bins, restores and purges records, and fills what no module keeps.
pub(crate) fn live(world: &World, seed: u64, steps: usize) {
    let mut dice = Dice::new(seed);
    let mut companies: Vec<Id> = Vec::new();
    let mut visits: Vec<Id> = Vec::new();
    for step in 0..steps {
        match dice.below(10) {
            0..3 => companies.push(world.make("companies", &company(&mut dice, step))),
            3..6 => visits.push(world.make("visits", &visit(world, &mut dice, step, &companies))),
            6 if !visits.is_empty() => {
                let id = *dice.pick(&visits);
                let json = visit(world, &mut dice, step, &companies);
                let _binned = world.change("visits", id, &json);
            }
            // The first few are linked to and stay.
            7 if companies.len() > 3 => {
                let id = companies[3 + dice.below(companies.len() - 3)];
                let _linked = world.run(move |work| match work.delete("companies", id, None)?.version % 2 {
                    0 => Ok(()),
                    _ => work.restore("companies", id).map(drop),
                });
            }
            8 if !visits.is_empty() => {
                let id = *dice.pick(&visits);
                let _gone = world.run(move |work| work.purge("visits", id, None));
            }
            _ => {
                world.run(|work| work.next_number("some")).unwrap();
            }
        }
    }
    system(world);
}

fn company(dice: &mut Dice, step: usize) -> Json {
    json!({
        "name": format!("{} {step}", dice.pick(&TEXTS)), "city": if dice.one_in(2) { Json::Null } else { json!(dice.pick(&TEXTS)) },
        "inn": format!("{step}"), "email": format!("a{}@example.org", dice.below(9)),
        "phone": if dice.one_in(2) { Json::Null } else { json!(format!("+7916123456{}", dice.below(10))) },
        "worth": if dice.one_in(2) { i64::MAX } else { i64::MIN },
    })
}

fn visit(world: &World, dice: &mut Dice, step: usize, companies: &[Id]) -> Json {
    let mut json = json!({"name": format!("{} {step}", dice.pick(&TEXTS))});
    let linked = companies.get(dice.below(3));
    let company = linked.map_or(Json::Null, |id| json!(id));
    let thing = linked.map_or(Json::Null, |id| json!({"module": "companies", "id": id}));
    let guests = json!(companies.iter().take(3).rev().collect::<Vec<_>>());
    let values = [
        ("story", json!(TEXTS.join("\n"))),
        ("seats", json!(dice.below(100))),
        ("share", json!(["0.125", "-7.5", "123456789.001"][dice.below(3)])),
        (
            "price",
            [json!({"amount": "1234567.89", "currency": "RUB"}), json!({"amount": "5", "currency": "JPY"})]
                [dice.below(2)]
            .clone(),
        ),
        ("day", json!(dice.pick(&DAYS))),
        ("hour", json!("23:59:59")),
        ("moment", json!(dice.pick(&MOMENTS))),
        ("lasts", json!("P1DT2H")),
        ("kinds", json!([["a", "b"], ["b", "a"]][dice.below(2)])),
        ("thing", thing),
        ("host", json!(world.me)),
        ("email", json!("Ё@example.org".replace('Ё', "e"))),
        ("phone", json!("+79161234567")),
        ("site", json!("https://пример.рф/?q=1")),
        ("place", json!("Москва, ул. Ёлкина, 1")),
        ("done", json!(dice.one_in(2))),
        ("stars", json!(dice.below(5) + 1)),
        ("paint", json!("#a0B1c2")),
        (
            "extra",
            json!({"ж": [1.5, -0.25, 1e17, 1e300, null, true, {"b": 1, "a": 2}], "i": 9_007_199_254_740_993_i64, "e": 1e-7}),
        ),
        ("code", json!(format!("code {step}"))),
        ("company", company),
        ("guests", guests),
    ];
    for (name, value) in values {
        if dice.below(3) > 0 {
            json[name] = value;
        }
    }
    json
}

/// Rows of tables that no module has, with bytes and moments; and what definitions no longer want.
fn system(world: &World) {
    let (me, now) = (world.me, Timestamp::from_microsecond(1_700_000_000_123_456).unwrap());
    world
        .run(move |work| {
            work.add_token(me, "site", "plenary_secret", &["read".to_owned()])?;
            work.enqueue("letters.deliver", Some("letters.deliver:1"), now, json!({"message": Id::new(), "ё": [1]}))?;
            work.enqueue("orders.look", None, now, json!({}))
        })
        .unwrap();
    let bytes: Vec<u8> = (0..=255).collect();
    let rows = move |tx: &mut store::db::Tx| {
        let session: Vec<Param> = params![bytes.clone(), me.0, now, now, None::<&str>];
        tx.execute(&Sql::with(
            "insert into sessions (digest, user_id, created_at, expires_at, agent) values ($1, $2, $3, $4, $5)",
            session,
        ))?;
        tx.execute(&Sql::with(
            "insert into idempotency (caller, key, request, status, headers, body, created_at) values ($1, $2, $3, $4, $5, $6, $7)",
            params!["кто", "key", bytes.clone(), 201_i64, json!({"h": 1}), Vec::<u8>::new(), now],
        ))
    };
    world.workspace.db().write_blocking(rows).unwrap();
    world
        .workspace
        .db()
        .ddl_blocking(|tx| {
            tx.batch(
                "alter table companies add column faded text; update companies set faded = 'было' where worth > 0;",
            )?;
            let whole = if tx.dialect() == Dialect::Sqlite { "integer" } else { "bigint" };
            tx.batch(&format!("create table faded_module (id text primary key, amount {whole})"))?;
            tx.execute(&Sql::with("insert into faded_module (id, amount) values ($1, $2)", params!["x", 7_i64]))?;
            Ok::<_, DbError>(())
        })
        .unwrap();
}

/// Another record is made as ever: numbers of the log go on, uniqueness and links hold.
pub(crate) fn goes_on(workspace: &Workspace) {
    let write = |work: &mut store::Work<'_>| {
        let company = create(work, "companies", &json!({"name": "после", "inn": "once"}))?;
        create(work, "visits", &json!({"name": "после", "guests": [company]}))?;
        Ok(company)
    };
    let origin = || Origin::from("api");
    let company = workspace.write_blocking(Actor::System("test"), origin(), write).unwrap();
    let twice = workspace.write_blocking(Actor::System("test"), origin(), write);
    assert!(matches!(twice, Err(store::Error::Conflict { code: "duplicate", .. })), "{twice:?}");
    let purged =
        workspace.write_blocking(Actor::System("test"), origin(), move |work| work.purge("companies", company, None));
    assert!(matches!(purged, Err(store::Error::Conflict { code: "linked", .. })), "{purged:?}");
    assert!(workspace.plan_pack(&pack::pack()).unwrap().steps.is_empty());
    let report = workspace.check(None).unwrap();
    assert!(report.is_fine(), "{report:#?}");
}
