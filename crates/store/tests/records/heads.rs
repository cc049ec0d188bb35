//! The first of each group against the lists themselves, since when they are there, and what many records are open to.

use std::collections::BTreeSet;

use model::{Actor, Id, Value};
use serde_json::{Value as Json, json};
use store::{Error, List, Sort, Work};

use crate::dice::Dice;
use crate::world::{World, create, ids, in_both, sort};

const MOODS: [Option<&str>; 3] = [None, Some("calm"), Some("wild")];

fn fill(world: &World, count: usize) -> Id {
    let mut dice = Dice::new(11);
    let mine = world.make("companies", &json!({"name": "mine", "owner": world.me.to_string()}));
    let theirs = world.make("companies", &json!({"name": "theirs", "owner": world.stranger.to_string()}));
    let visits: Vec<Json> = (0..count)
        .map(|number| {
            let mut json = json!({
                "name": format!("visit {}", dice.below(count)), "mood": *dice.pick(&MOODS),
                "company": *dice.pick(&[mine, theirs]), "done": number % 7 == 0, "story": "about trains",
            });
            if !dice.one_in(4) {
                let currency = *dice.pick(&["RUB", "EUR"]);
                json["price"] = json!({"amount": format!("{}.50", dice.below(900)), "currency": currency});
            }
            if !dice.one_in(3) {
                json["seats"] = json!(dice.below(5));
            }
            json
        })
        .collect();
    world.run(move |work| visits.iter().try_for_each(|json| create(work, "visits", json).map(drop))).unwrap();
    mine
}

fn value(mood: Option<&str>) -> Value {
    mood.map_or(Value::Null, |mood| Value::Text(mood.to_owned()))
}

/// The records of a group, all of them.
fn members(work: &mut Work<'_>, list: &List, mood: Option<&str>) -> store::Result<Vec<model::Record>> {
    let all = List { limit: 500, ..list.clone() };
    Ok(work.list("visits", &all)?.records.into_iter().filter(|record| record.text("mood") == mood).collect())
}

#[test]
fn the_first_of_each_group_begin_its_list() {
    in_both(|world| {
        fill(world, 90);
        let orders: [Vec<Sort>; 4] = [
            vec![sort("id", true)],
            vec![sort("seats", false)],
            vec![sort("seats", true), sort("name", false)],
            vec![sort("price", true)],
        ];
        for (role, order) in
            ["chief", "own_own"].into_iter().flat_map(|role| orders.iter().map(move |order| (role, order)))
        {
            let order = order.clone();
            world
                .see(world.as_role(&[role]), move |work| {
                    let list = List { sort: order.clone(), limit: 4, ..List::default() };
                    let moods = [Some("wild"), Some("nobody"), None, Some("calm")];
                    let heads = work.first_of_each("visits", &list, "mood", &moods.map(value))?;
                    assert_eq!(heads.len(), moods.len());
                    for (mood, head) in moods.into_iter().zip(heads) {
                        let expected: Vec<Id> = members(work, &list, mood)?.iter().map(|visit| visit.id).collect();
                        let mut found: Vec<Id> = head.records.iter().map(|visit| visit.id).collect();
                        assert!(found.len() <= 4);
                        if let Some(cursor) = head.next {
                            let text = mood.map_or("!has(mood)".to_owned(), |mood| format!("mood == \"{mood}\""));
                            let filter = Some(work.filter("visits", &text)?);
                            found.extend(ids(work, "visits", List { filter, cursor: Some(cursor), ..list.clone() })?);
                        }
                        assert_eq!(found, expected, "{mood:?} by {order:?}");
                    }
                    Ok(())
                })
                .unwrap();
        }
    });
}

#[test]
fn a_long_filter_is_sent_once_however_many_groups_there_are() {
    in_both(|world| {
        let chosen = world.make("visits", &json!({"name": "chosen", "mood": "calm", "seats": 7}));
        world.make("visits", &json!({"name": "other", "mood": "calm"}));
        let found = world.run(move |work| {
            let seats: Vec<String> = (0..1_000).map(|seats| (seats % 100).to_string()).collect();
            let filter = Some(work.filter("visits", &format!("seats in [{}]", seats.join(",")))?);
            let moods = (0..40).map(|mood| Value::Text(format!("mood{mood}")));
            let moods: Vec<Value> = moods.chain([value(Some("calm"))]).collect();
            let heads = work.first_of_each("visits", &List { filter, limit: 5, ..List::default() }, "mood", &moods)?;
            Ok(heads.last().map(|page| page.records.iter().map(|visit| visit.id).collect::<Vec<_>>()))
        });
        assert_eq!(found.unwrap(), Some(vec![chosen]));
    });
}

#[test]
fn links_to_many_come_along() {
    in_both(|world| {
        let guest = fill(world, 3);
        let visit = world.make("visits", &json!({"name": "party", "mood": "wild", "guests": [guest.to_string()]}));
        let heads = world.run(move |work| {
            let list = List { limit: 1, ..List::default() };
            work.first_of_each("visits", &list, "mood", &[Value::Null, value(Some("wild"))])
        });
        let party = heads.unwrap().pop().unwrap().records.pop().unwrap();
        assert_eq!((party.id, party.get("guests")), (visit, &Value::Ids(vec![guest])));
    });
}

#[test]
fn what_does_not_group_is_refused() {
    in_both(|world| {
        fill(world, 1);
        for by in ["price", "story", "guests", "nothing"] {
            let refused = world.run(move |work| work.first_of_each("visits", &List::default(), by, &[Value::Null]));
            assert!(matches!(refused, Err(Error::BadQuery { .. })), "{by}");
        }
        let none = world.run(|work| work.first_of_each("visits", &List::default(), "mood", &[]));
        assert!(none.unwrap().is_empty());
    });
}

#[test]
fn the_log_says_since_when() {
    in_both(|world| {
        let mine = fill(world, 0);
        let moved = world.make("visits", &json!({"name": "moved", "mood": "calm", "company": mine.to_string()}));
        let still = world.make("visits", &json!({"name": "still", "mood": "calm"}));
        let when = |actor: Actor, field: &'static str| {
            world.see(actor, move |work| work.changed_at("visits", &BTreeSet::from([moved, still]), field)).unwrap()
        };
        let chief = || world.as_role(&["chief"]);
        let made = when(chief(), "mood");
        std::thread::sleep(std::time::Duration::from_millis(2));
        world.change("visits", moved, &json!({"mood": "wild"})).unwrap();
        let later = when(chief(), "mood");
        assert!(later[&moved] > made[&moved], "it changed");
        std::thread::sleep(std::time::Duration::from_millis(2));
        world.change("visits", moved, &json!({"name": "renamed"})).unwrap();
        assert_eq!(when(chief(), "mood"), later, "another field says nothing");
        assert_eq!(later[&still], made[&still]);
        assert_eq!(when(world.as_role(&["own_own"]), "mood").into_keys().collect::<Vec<_>>(), [moved]);
        assert!(when(chief(), "nothing").is_empty());
    });
}

#[test]
fn many_records_are_open_to_what_each_is_open_to() {
    in_both(|world| {
        let pack = crate::pack::changed(
            "processes/tasks.toml",
            "transitions = [",
            "transitions = [ { name = \"shut\", label = { ru = \"\", en = \"\" }, from = [\"open\"], to = \"shut\", guard = 'name == \"easy\"' }, \
             { name = \"mine\", label = { ru = \"\", en = \"\" }, from = [\"open\", \"shut\"], to = \"open\", guard = 'owner == me()' }, \
             { name = \"never\", label = { ru = \"\", en = \"\" }, from = [\"open\"], to = \"shut\", by = \"process\" },",
        );
        world.workspace.apply_pack(&pack).unwrap();
        for (name, owner) in [("easy", world.me), ("hard", world.stranger), ("easy", world.stranger)] {
            let task = world.make("tasks", &json!({"name": name, "owner": owner.to_string()}));
            if owner == world.me {
                world
                    .run(move |work| {
                        work.as_process(|work| {
                            work.update("tasks", task, store::Draft::new().set("status", "shut"), None)
                        })
                    })
                    .unwrap();
            }
        }
        world
            .see(world.as_role(&["chief"]), |work| {
                let process = work.definitions().process("tasks").cloned().unwrap();
                let records = work.list("tasks", &List { limit: 10, ..List::default() })?.records;
                let together = work.open_transitions_of(&process, &records)?;
                assert_eq!(together.iter().map(Vec::len).sum::<usize>(), 3);
                for (record, open) in records.iter().zip(together) {
                    assert_eq!(open, work.open_transitions(&process, record)?, "{:?}", record.values);
                }
                let ids = records.iter().map(|record| record.id).collect();
                let tasks = work.module("tasks")?;
                assert_eq!(work.changeable(&tasks, &ids)?, ids);
                Ok(())
            })
            .unwrap();
        let changed = world.see(world.as_role(&["all_own"]), |work| {
            let tasks = work.module("tasks")?;
            let records = work.list("tasks", &List { limit: 10, ..List::default() })?.records;
            let owners: Vec<_> =
                records.iter().filter(|task| task.owner == work.actor().id()).map(|task| task.id).collect();
            Ok((work.changeable(&tasks, &records.iter().map(|task| task.id).collect())?, owners))
        });
        let (may, own) = changed.unwrap();
        assert_eq!(may.into_iter().collect::<Vec<_>>(), own);
    });
}
