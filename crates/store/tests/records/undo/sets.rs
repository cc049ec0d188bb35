//! Whole change sets: several records, made, removed, brought back; the way there and back again.

use serde_json::{Value as Json, json};
use store::{Draft, Error, Undo};

use super::{code, set, text, undo, undone};
use crate::world::in_both;

#[test]
fn there_and_back_again() {
    in_both(|world| {
        let id = world.make("companies", &json!({"name": "a", "worth": 1}));
        let change = set(world, move |work| {
            let draft = Draft::new().set("name", "b").set("worth", model::Value::Null);
            work.update("companies", id, draft, None).map(drop)
        });
        let back = undone(world, change);
        assert_eq!(text(world, "companies", id, "name").as_deref(), Some("a"));
        let twice = undo(world, change).unwrap_err();
        assert_eq!(code(&twice), "already_undone");
        assert!(twice.to_string().contains(&back.to_string()), "it names the set: {twice}");
        let again = undone(world, back);
        assert_eq!(text(world, "companies", id, "name").as_deref(), Some("b"), "undo of an undo does it again");
        let head = world.run(move |work| work.change_set_of(back)).unwrap().unwrap();
        assert_eq!((head.undoes, head.undone_by), (Some(change), Some(again)));
        let history = world
            .run(move |work| {
                let module = work.module("companies")?;
                work.history(&module, id, None, 10)
            })
            .unwrap();
        let ties: Vec<_> = history.iter().map(|entry| (entry.undoes, entry.undone_by)).collect();
        assert_eq!(ties[..3], [(Some(back), None), (Some(change), Some(again)), (None, None)], "it stands again");
    });
}

#[test]
fn what_was_done_again_is_taken_back_by_way_of_what_did_it_again() {
    in_both(|world| {
        let id = world.make("companies", &json!({"name": "a", "city": "c"}));
        let change = set(world, move |work| {
            work.update("companies", id, Draft::new().set("name", "b").set("city", "d"), None)?;
            work.delete("companies", id, None).map(drop)
        });
        let said = || {
            let record = world.run(move |work| work.get("companies", id)).unwrap();
            (record.text("name").map(str::to_owned), record.deleted_at.is_some())
        };
        let (before, after) = ((Some("a".to_owned()), false), (Some("b".to_owned()), true));
        let back = undone(world, change);
        let again = undone(world, back);
        assert_eq!(said(), after);
        let twice = undone(world, change);
        assert_eq!(said(), before, "the change stands again, so it is taken back again");
        let head = world.run(move |work| work.change_set_of(twice)).unwrap().unwrap();
        assert_eq!(head.undoes, Some(again));
        for (set, by) in [(change, twice), (again, twice)] {
            let late = undo(world, set).unwrap_err();
            assert_eq!(code(&late), "already_undone");
            assert!(late.to_string().contains(&by.to_string()), "it names what took it back last: {late}");
        }
        // The first undo stands again too: to take it back is to take back the last one.
        undone(world, back);
        assert_eq!(said(), after);
        undone(world, change);
        assert_eq!(said(), before);
    });
}

#[test]
fn what_was_set_and_set_back_in_one_act_is_no_conflict() {
    in_both(|world| {
        let id = world.make("companies", &json!({"name": "a", "city": "c"}));
        let change = set(world, move |work| {
            work.update("companies", id, Draft::new().set("name", "b").set("city", "d"), None)?;
            work.update("companies", id, Draft::new().set("name", "a"), None).map(drop)
        });
        world.change("companies", id, &json!({"name": "theirs"})).unwrap();
        undone(world, change);
        let said = |field| text(world, "companies", id, field);
        assert_eq!((said("name").as_deref(), said("city").as_deref()), (Some("theirs"), Some("c")));
    });
}

#[test]
fn a_batch_is_taken_back_as_one() {
    in_both(|world| {
        let [a, b] = [1, 2].map(|number| world.make("companies", &json!({"name": "c", "inn": format!("{number}")})));
        // The unique numbers change places by way of nothing.
        let batch = set(world, move |work| {
            let inn = |value: Option<&str>| Draft::new().set("inn", value);
            work.update("companies", a, inn(None), None)?;
            work.update("companies", b, inn(Some("1")), None)?;
            work.update("companies", a, inn(Some("2")), None)?;
            work.update("companies", a, Draft::new().set("name", "d"), None)?;
            let made = work.create("visits", Draft::new().set("name", "v").set("company", a))?;
            work.update("visits", made.id, Draft::new().set("name", "w"), None)?;
            work.delete("companies", b, None).map(drop)
        });
        let back = undone(world, batch);
        assert_eq!(text(world, "companies", a, "inn").as_deref(), Some("1"));
        assert_eq!(text(world, "companies", b, "inn").as_deref(), Some("2"));
        assert_eq!(text(world, "companies", a, "name").as_deref(), Some("c"));
        let changes = world.run(move |work| work.change_set_changes(back, 0, 100)).unwrap().changes;
        let of_visits: Vec<_> = changes
            .iter()
            .filter(|((module, _), _)| module == "visits")
            .map(|(_, entry)| entry.operation.as_str())
            .collect();
        assert_eq!(of_visits, ["delete"], "what was made goes to the bin in one step");
        undone(world, back);
        assert_eq!(text(world, "companies", a, "inn").as_deref(), Some("2"));
        let in_bin = world.run(move |work| Ok(work.get("companies", b)?.deleted_at.is_some()));
        assert!(in_bin.unwrap());
    });
}

#[test]
fn what_was_removed_for_good_is_made_again() {
    in_both(|world| {
        let company = world.make("companies", &json!({"name": "a", "email": "a@example.org", "owner": world.mate}));
        let then = world.run(move |work| work.get("companies", company)).unwrap();
        world.run(move |work| work.delete("companies", company, None).map(drop)).unwrap();
        let purge = set(world, move |work| work.purge("companies", company, None));
        let back = undone(world, purge);
        let record = world.run(move |work| work.get("companies", company)).unwrap();
        assert_eq!(
            (record.values.clone(), record.owner, record.created_at),
            (then.values, then.owner, then.created_at)
        );
        assert!(record.deleted_at.is_some(), "it lay in the bin");
        assert_eq!(record.version, 4);
        assert_eq!(world.run(|work| Ok(work.search("a@example.org", 5)?.len())).unwrap(), 0, "the bin is not searched");
        world.run(move |work| work.restore("companies", company).map(drop)).unwrap();
        let late = undo(world, back).unwrap();
        assert!(matches!(late, Undo::Conflicts(_)), "it was taken out of the bin since: {late:?}");
    });
}

#[test]
fn a_value_that_somebody_took_stands_in_the_way() {
    in_both(|world| {
        let id = world.make("companies", &json!({"name": "a", "inn": "77"}));
        let change = set(world, move |work| {
            let draft = Draft::new().set("inn", None::<&str>).set("name", "b");
            work.update("companies", id, draft, None).map(drop)
        });
        world.make("companies", &json!({"name": "thief", "inn": "77"}));
        let refused = undo(world, change).unwrap_err();
        let Error::Conflict { code: "undo_conflict", errors, .. } = &refused else { panic!("{refused:?}") };
        assert_eq!((errors[0].field.clone(), errors[0].code.as_str()), (format!("companies/{id}.inn"), "duplicate"));
        assert_eq!(text(world, "companies", id, "name").as_deref(), Some("b"), "never in part");
    });
}

#[test]
fn links_to_the_bin_come_back_and_links_to_nothing_do_not() {
    in_both(|world| {
        let [old, new] = ["old", "new"].map(|name| world.make("companies", &json!({"name": name})));
        let visit =
            world.make("visits", &json!({"name": "v", "company": old, "thing": {"module": "companies", "id": old}}));
        let link = |world: &_, to: Json| {
            set(world, move |work| {
                let json = json!({"company": to, "thing": null});
                let draft = crate::world::draft(work, "visits", &json)?;
                work.update("visits", visit, draft, None).map(drop)
            })
        };
        let change = link(world, json!(new));
        world.run(move |work| work.delete("companies", old, None).map(drop)).unwrap();
        undone(world, change);
        let linked = world.run(move |work| Ok(work.get("visits", visit)?.link("company"))).unwrap();
        assert_eq!(linked, Some(old), "a link that nobody changed would lead there too");
        let change = link(world, json!(new));
        world.run(move |work| work.purge("companies", old, None)).unwrap();
        let refused = undo(world, change).unwrap_err();
        let Error::Conflict { code: "undo_conflict", errors, .. } = &refused else { panic!("{refused:?}") };
        assert!(errors.iter().all(|error| error.code == "not_found"), "{errors:?}");
    });
}

#[test]
fn nothing_is_no_change() {
    in_both(|world| {
        let id = world.make("companies", &json!({"name": "a"}));
        let change =
            set(world, move |work| work.update("companies", id, Draft::new().set("name", "b"), None).map(drop));
        world.change("companies", id, &json!({"name": "a"})).unwrap();
        assert_eq!(code(&undo(world, change).unwrap_err()), "nothing_to_undo");
        assert_eq!(code(&undo(world, model::Id::new()).unwrap_err()), "not_found");
    });
}

#[test]
fn of_two_who_undo_at_once_one_does() {
    in_both(|world| {
        let id = world.make("companies", &json!({"name": "a"}));
        let change =
            set(world, move |work| work.update("companies", id, Draft::new().set("name", "b"), None).map(drop));
        let done: Vec<_> = std::thread::scope(|scope| {
            let all: Vec<_> = (0..6).map(|_| scope.spawn(|| undo(world, change))).collect();
            all.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert_eq!(done.iter().filter(|one| one.is_ok()).count(), 1, "{done:?}");
        assert!(
            done.iter().filter_map(|one| one.as_ref().err()).all(|error| code(error) == "already_undone"),
            "{done:?}"
        );
    });
}
