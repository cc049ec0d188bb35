//! What has changed since is told field by field, and whoever undoes may keep it or go over it.

use model::Id;
use serde_json::{Value as Json, json};
use store::{Conflicts, Draft, Undo};

use super::{Bare, set, text, undo};
use crate::world::{World, in_both};

/// A company whose name and city one set changed; the name has changed since, by a user.
fn overtaken(world: &World) -> (Id, Id) {
    let id = world.make("companies", &json!({"name": "a", "city": "Казань"}));
    let change = set(world, move |work| {
        let draft = Draft::new().set("name", "b").set("city", "Омск");
        work.update("companies", id, draft, None).map(drop)
    });
    let again = Draft::new().set("name", "c");
    world.by(world.as_role(&["chief"]), move |work| work.update("companies", id, again.clone(), None)).unwrap();
    (id, change)
}

fn choose(world: &World, change: Id, choice: Conflicts) {
    let done = world.run(move |work| work.undo(change, choice, &Bare)).unwrap();
    assert!(matches!(done, Undo::Done(_)), "{done:?}");
}

#[test]
fn a_conflict_says_what_stands_there_and_who_put_it() {
    in_both(|world| {
        let (id, change) = overtaken(world);
        let Undo::Conflicts(conflicts) = undo(world, change).unwrap() else { panic!("it has changed since") };
        let [conflict] = &conflicts[..] else { panic!("{conflicts:#?}") };
        assert_eq!((conflict.module.as_str(), conflict.record, conflict.field.as_str()), ("companies", id, "name"));
        assert_eq!([&conflict.before, &conflict.after, &conflict.now], [&json!("a"), &json!("b"), &json!("c")]);
        let changed = conflict.changed.clone().unwrap();
        assert_eq!((changed.actor, changed.source.as_str()), (Some(world.me), "api"));
        assert_eq!(text(world, "companies", id, "city").as_deref(), Some("Омск"), "nothing is done in part");
    });
}

#[test]
fn the_rest_is_undone_or_everything() {
    in_both(|world| {
        let (id, change) = overtaken(world);
        choose(world, change, Conflicts::Keep);
        assert_eq!(text(world, "companies", id, "name").as_deref(), Some("c"));
        assert_eq!(text(world, "companies", id, "city").as_deref(), Some("Казань"));
        let (id, change) = overtaken(world);
        choose(world, change, Conflicts::Overwrite);
        assert_eq!(text(world, "companies", id, "name").as_deref(), Some("a"));
        assert_eq!(text(world, "companies", id, "city").as_deref(), Some("Казань"));
    });
}

#[test]
fn what_was_made_and_changed_since_is_not_thrown_away_unasked() {
    in_both(|world| {
        let made = || {
            let change = set(world, |work| {
                work.create("companies", Draft::new().set("name", "mine"))?;
                work.create("tasks", Draft::new().set("name", "bare")).map(drop)
            });
            let changes = world.run(move |work| work.change_set_changes(change, 0, 100)).unwrap().changes;
            let id = changes[0].0.1;
            world.change("companies", id, &json!({"name": "theirs"})).unwrap();
            (id, changes[1].0.1, change)
        };
        let in_bin = |module: &'static str, id: Id| {
            world.run(move |work| Ok(work.get(module, id)?.deleted_at.is_some())).unwrap()
        };
        let (company, task, change) = made();
        let Undo::Conflicts(conflicts) = undo(world, change).unwrap() else { panic!("it has changed since") };
        assert_eq!((conflicts[0].field.as_str(), &conflicts[0].now), ("name", &json!("theirs")));
        assert!(!in_bin("tasks", task));
        choose(world, change, Conflicts::Keep);
        assert!(!in_bin("companies", company) && in_bin("tasks", task));
        let (company, _, change) = made();
        choose(world, change, Conflicts::Overwrite);
        assert!(in_bin("companies", company));
    });
}

#[test]
fn what_is_in_the_bin_or_gone_is_left_there_whatever_is_chosen() {
    in_both(|world| {
        for gone in [false, true] {
            let (id, change) = overtaken(world);
            world
                .run(move |work| {
                    work.delete("companies", id, None)?;
                    if gone { work.purge("companies", id, None) } else { Ok(()) }
                })
                .unwrap();
            for choice in [Conflicts::Refuse, Conflicts::Keep, Conflicts::Overwrite] {
                let done = world.run(move |work| work.undo(change, choice, &Bare)).unwrap();
                let Undo::Conflicts(conflicts) = done else { panic!("{choice:?}") };
                let [conflict] = &conflicts[..] else { panic!("{conflicts:#?}") };
                assert_eq!(conflict.field, if gone { "id" } else { "deleted_at" });
                assert_eq!(conflict.now == Json::Null, gone);
            }
        }
    });
}
