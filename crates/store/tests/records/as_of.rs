//! Records as they stood: whatever happened since, each moment gives what was there then.

use std::time::Instant;

use jiff::{SignedDuration, Timestamp};
use model::{Actor, Id, Record, Value};
use serde_json::{Value as Json, json};
use store::{Draft, Error, Result, Work};

use crate::dice::{Dice, rounds, seed, turns};
use crate::pack::changed;
use crate::people_of::people;
use crate::world::{World, create, draft, in_both};

/// A microsecond: the log's finest.
const TICK: SignedDuration = SignedDuration::from_micros(1);

/// What was written down about a record whenever it changed; nothing once it was gone.
struct Diary {
    id: Id,
    lines: Vec<(Timestamp, Option<Record>)>,
}

/// Some values of a visit, every type of field among them.
pub(crate) fn some_visit(dice: &mut Dice, world: &World, companies: &[Id]) -> Json {
    let mut json = json!({});
    let number = dice.below(1_000);
    let mut some = |name: &str, value: Json| {
        if dice.one_in(4) {
            json[name] = if dice.one_in(4) { Json::Null } else { value };
        }
    };
    some("story", json!(format!("  Долгий рассказ № {number}\n")));
    some("seats", json!(number % 101));
    some("share", json!(format!("-{}.{:03}", number % 7, number)));
    some(
        "price",
        json!({"amount": format!("{number}.50"), "currency": if number.is_multiple_of(2) { "RUB" } else { "EUR" }}),
    );
    some("day", json!(format!("20{:02}-02-28", number % 90 + 10)));
    some("hour", json!(format!("{:02}:30:15", number % 24)));
    some("moment", json!(format!("2027-04-13T09:00:00.{number:06}Z")));
    some("lasts", json!("P1DT4H"));
    some("mood", json!(["calm", "wild"][number % 2]));
    some("kinds", json!([["a"].as_slice(), &["b"], &["a", "b"]][number % 3]));
    some("company", json!(companies[number % companies.len()]));
    some("thing", json!({"module": "companies", "id": companies[number % companies.len()]}));
    some("host", json!([world.me, world.mate, world.stranger][number % 3]));
    some("email", json!(format!("Guest{number}@Example.org")));
    some("phone", json!(format!("8 916 123-4{:03}", number)));
    some("place", json!(format!("Казань, дом {number}")));
    some("done", json!(number.is_multiple_of(2)));
    some("stars", json!(number % 5 + 1));
    some("paint", json!("#3c58c9"));
    some("extra", json!({"deep": [number, null, {"text": "ё"}], "number": 1.5}));
    json
}

fn some_company(dice: &mut Dice, world: &World) -> Json {
    let mut json = json!({});
    let number = dice.below(1_000);
    let mut some = |name: &str, value: Json| {
        if dice.one_in(3) {
            json[name] = if dice.one_in(4) { Json::Null } else { value };
        }
    };
    some("city", json!(format!("Город {number}")));
    some("worth", json!(number));
    some("remark", json!(format!("между нами {number}")));
    some("owner", json!([world.me, world.mate, world.stranger][number % 3]));
    json
}

fn noted(work: &mut Work<'_>, module: &str, id: Id) -> Result<Option<Record>> {
    match work.get(module, id) {
        Ok(record) => Ok(Some(record)),
        Err(Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// One thing that somebody does to a record, or refuses to.
fn act(world: &World, dice: &mut Dice, module: &'static str, diary: &mut Diary, companies: &[Id]) {
    let (id, kind) = (diary.id, dice.below(10));
    let json = if module == "visits" { some_visit(dice, world, companies) } else { some_company(dice, world) };
    let actor = dice.pick(&people(world)).clone();
    let done = world.by(actor, move |work| {
        match kind {
            0 => work.delete(module, id, None).map(drop)?,
            1 | 2 => work.restore(module, id).map(drop)?,
            3 if json.as_object().is_some_and(|fields| fields.len() % 3 == 0) => work.purge(module, id, None)?,
            _ => {
                let draft = draft(work, module, &json)?;
                work.update(module, id, draft, None)?;
            }
        }
        Ok((work.now(), work.change_set().is_some()))
    });
    // What is in the bin, gone or linked refuses.
    let Ok((at, true)) = done else { return };
    let now = world.run(move |work| noted(work, module, id)).unwrap();
    diary.lines.push((at, now));
}

fn begin(world: &World, dice: &mut Dice, module: &'static str, companies: &[Id]) -> Diary {
    let mut json = if module == "visits" { some_visit(dice, world, companies) } else { some_company(dice, world) };
    json["name"] = json!(format!("Начало {}", dice.below(1_000)));
    let actor = dice.pick(&people(world)).clone();
    let (id, at) = world.by(actor, move |work| Ok((create(work, module, &json)?, work.now()))).unwrap();
    let made = world.run(move |work| noted(work, module, id)).unwrap();
    Diary { id, lines: vec![(at, made)] }
}

fn same(found: Result<Record>, wanted: Option<&Record>, what: &str) {
    match (found, wanted) {
        (Err(Error::NotFound { .. }), None) => {}
        (Ok(found), Some(wanted)) => assert_eq!(whole(&found), whole(wanted), "{what}"),
        (found, wanted) => panic!("{what}: {found:?}, and there stood {wanted:?}"),
    }
}

/// Everything about a record, to be compared.
fn whole(record: &Record) -> Json {
    let values: Vec<_> = record.values.iter().map(Value::to_json).collect();
    let instants = [Some(record.created_at), Some(record.updated_at), record.deleted_at];
    json!([
        record.id,
        record.version,
        instants.map(|at| at.map(|at| at.to_string())),
        record.created_by,
        record.owner,
        values
    ])
}

fn check(world: &World, module: &'static str, diary: &Diary) {
    let id = diary.id;
    let as_of = |at: Timestamp| world.see(Actor::System("test"), move |work| work.get_as_of(module, id, at));
    let mut before = None;
    for (index, (at, state)) in diary.lines.iter().enumerate() {
        let what = format!("{} of {module} {id}, change {index} at {at}", world.database.name);
        same(as_of(*at - TICK), before.as_ref(), &format!("just before {what}"));
        same(as_of(*at), state.as_ref(), &what);
        before = state.clone();
    }
    same(as_of(Timestamp::MAX), before.as_ref(), "at the end");
    assert!(as_of(Timestamp::MIN).is_err(), "before everything");
}

#[test]
fn every_moment_gives_what_stood_there() {
    let (seed, started) = (seed(41), Instant::now());
    for turn in turns(40) {
        in_both(|world| turn.clone().for_each(|round| live_and_look_back(world, seed, round)));
    }
    eprintln!("proved: the past: {} rounds on each database in {:.1?}", rounds(40), started.elapsed());
}

fn live_and_look_back(world: &World, seed: u64, round: u64) {
    let mut dice = Dice::new(seed.wrapping_add(round));
    let companies: Vec<_> = (0..3).map(|_| begin(world, &mut dice, "companies", &[]).id).collect();
    let mut diaries: Vec<_> = (0..5)
        .map(|number| {
            let module = if number % 2 == 0 { "visits" } else { "companies" };
            (module, begin(world, &mut dice, module, &companies))
        })
        .collect();
    for _ in 0..30 {
        let at = dice.below(diaries.len());
        let (module, diary) = &mut diaries[at];
        act(world, &mut dice, module, diary, &companies);
    }
    eprintln!("seed {seed}, round {round}");
    diaries.iter().for_each(|(module, diary)| check(world, module, diary));
}

#[test]
fn the_past_is_shown_under_the_rights_of_today() {
    in_both(|world| {
        let (me, stranger) = (world.me, world.stranger);
        let id = world.make("companies", &json!({"name": "x", "remark": "между нами", "owner": me}));
        world.change("companies", id, &json!({"name": "y", "owner": stranger})).unwrap();
        let first = world.run(move |work| work.get("companies", id)).unwrap().created_at;
        let seen = |role: &str| world.see(world.as_role(&[role]), move |work| work.get_as_of("companies", id, first));
        assert!(matches!(seen("own_own"), Err(Error::NotFound { .. })), "it was mine then, and is not now");
        let clerk = seen("clerk").unwrap();
        assert_eq!((clerk.text("name"), clerk.text("remark"), clerk.text("token")), (Some("x"), None, None));
        assert_eq!(clerk.owner, Some(me));
        assert_eq!(seen("chief").unwrap().text("remark"), Some("между нами"));

        world.run(move |work| work.delete("companies", id, None).map(drop)).unwrap();
        assert_eq!(seen("chief").unwrap().deleted_at, None, "from the bin");
        world.run(move |work| work.purge("companies", id, None)).unwrap();
        assert_eq!(seen("chief").unwrap().text("name"), Some("x"), "gone for good, and the log has it");
        assert!(matches!(seen("team_own"), Err(Error::NotFound { .. })), "whose it was is not known any more");
        assert!(matches!(seen("none_none"), Err(Error::NotFound { .. })));
    });
}

#[test]
fn an_option_that_has_gone_is_still_what_stood_there() {
    in_both(|world| {
        let id = world.make("visits", &json!({"name": "x", "mood": "wild", "kinds": ["a", "b"]}));
        let then = world.run(move |work| Ok(work.now())).unwrap();
        world.change("visits", id, &json!({"mood": "calm", "kinds": ["a"]})).unwrap();
        let calm = ", { value = \"wild\", label = { ru = \"Бурно\", en = \"Wild\" } }";
        world.workspace.apply_pack(&changed("modules/visits.toml", calm, "")).unwrap();
        let record = world.run(move |work| work.get_as_of("visits", id, then)).unwrap();
        assert_eq!(record.text("mood"), Some("wild"));
        assert_eq!(*record.get("kinds"), Value::List(vec!["a".to_owned(), "b".to_owned()]));
    });
}

#[test]
fn the_life_of_one_field_is_paged_and_hides_what_is_hidden() {
    in_both(|world| {
        let id = world.make("companies", &json!({"name": "n0", "remark": "r"}));
        for number in 1..6 {
            world.change("companies", id, &json!({"worth": number})).unwrap();
            world.change("companies", id, &json!({"name": format!("n{number}")})).unwrap();
        }
        let page = |role: &'static str, field: Option<&'static str>, before: Option<i64>| {
            world.see(world.as_role(&[role]), move |work| {
                let module = work.module("companies")?;
                work.field_history(&module, id, field, before, 4)
            })
        };
        let first = page("clerk", Some("name"), None).unwrap();
        let pairs = |entries: &[store::ChangeEntry]| -> Vec<(Json, Json)> {
            entries.iter().flat_map(|entry| &entry.fields).map(|it| (it.before.clone(), it.after.clone())).collect()
        };
        assert_eq!(
            pairs(&first),
            [("n4", "n5"), ("n3", "n4"), ("n2", "n3"), ("n1", "n2")].map(|(a, b)| (json!(a), json!(b)))
        );
        let rest = page("clerk", Some("name"), Some(first[3].sequence)).unwrap();
        assert_eq!(pairs(&rest), [(json!("n0"), json!("n1")), (Json::Null, json!("n0"))]);
        assert_eq!(page("clerk", None, None).unwrap().len(), 4);
        for (role, field) in [("clerk", "remark"), ("chief", "token"), ("chief", "nothing"), ("chief", "id")] {
            assert!(matches!(page(role, Some(field), None), Err(Error::BadQuery { .. })), "{field}");
        }
        assert_eq!(page("chief", Some("remark"), None).unwrap().len(), 1);
        assert!(matches!(page("none_none", Some("name"), None), Err(Error::NotFound { .. })));
        let set = Draft::new().set("name", "z");
        world.by(world.as_role(&["chief"]), move |work| work.update("companies", id, set.clone(), None)).unwrap();
        let last = page("chief", Some("name"), None).unwrap().remove(0);
        assert_eq!((last.actor, last.source.as_str(), last.operation.as_str()), (Some(world.me), "api", "update"));
    });
}
