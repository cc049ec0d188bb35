//! Undo needs the rights to make those changes by hand, and says nothing about what may not be seen.

use model::Id;
use serde_json::json;
use store::{Conflicts, Draft, Error, Result, Undo};

use super::{Bare, code, set};
use crate::world::{World, create, in_both};

fn undo_as(world: &World, role: &str, change: Id) -> Result<Undo> {
    world.by(world.as_role(&[role]), move |work| work.undo(change, Conflicts::Refuse, &Bare))
}

#[test]
fn only_what_one_may_do_one_may_undo() {
    in_both(|world| {
        let (me, stranger) = (world.me, world.stranger);
        let mine = world.make("companies", &json!({"name": "mine", "owner": me}));
        let theirs = world.make("companies", &json!({"name": "theirs", "owner": stranger}));
        let rename = |id: Id| {
            set(world, move |work| work.update("companies", id, Draft::new().set("name", "x"), None).map(drop))
        };
        let [of_mine, of_theirs] = [rename(mine), rename(theirs)];
        let both = set(world, move |work| {
            for id in [mine, theirs] {
                work.update("companies", id, Draft::new().set("worth", 7), None)?;
            }
            Ok(())
        });
        let refused = |role: &str, change: Id| code(&undo_as(world, role, change).unwrap_err());
        assert_eq!(refused("own_own", of_theirs), "not_found", "it may not be known");
        assert_eq!(refused("all_own", of_theirs), "update_forbidden");
        assert_eq!(refused("own_none", of_mine), "update_forbidden");
        assert_eq!(refused("own_own", both), "update_forbidden", "whole or not at all");
        assert_eq!(refused("none_none", of_mine), "not_found");
        assert!(matches!(undo_as(world, "own_own", of_mine), Ok(Undo::Done(_))));
        assert!(matches!(undo_as(world, "all_all", both), Ok(Undo::Done(_))));
    });
}

#[test]
fn making_binning_and_removing_for_good_need_their_own_rights() {
    in_both(|world| {
        let made = set(world, |work| create(work, "companies", &json!({"name": "new"})).map(drop));
        assert_eq!(code(&undo_as(world, "all_none", made).unwrap_err()), "delete_forbidden");
        assert!(matches!(undo_as(world, "all_all", made), Ok(Undo::Done(_))));
        let id = world.make("companies", &json!({"name": "old"}));
        let purge = set(world, move |work| work.purge("companies", id, None));
        assert_eq!(code(&undo_as(world, "all_all", purge).unwrap_err()), "purge_forbidden");
        assert!(matches!(undo_as(world, "chief", purge), Ok(Undo::Done(_))));
    });
}

#[test]
fn fields_that_one_does_not_set_one_does_not_set_back() {
    in_both(|world| {
        let id = world.make("companies", &json!({"name": "a", "remark": "r", "city": "c"}));
        for (field, is_hidden) in [("remark", true), ("city", false)] {
            let change =
                set(world, move |work| work.update("companies", id, Draft::new().set(field, "new"), None).map(drop));
            let refused = undo_as(world, "clerk", change).unwrap_err();
            assert_eq!(code(&refused), "undo_forbidden");
            assert_eq!(refused.to_string().contains(field), !is_hidden, "{refused}");
        }
    });
}

#[test]
fn a_move_is_taken_back_by_whoever_may_make_it() {
    in_both(|world| {
        let closed = crate::pack::changed(
            "processes/tasks.toml",
            "to = \"shut\" }",
            "to = \"shut\", by = { roles = [\"chief\"] } }",
        );
        world.workspace.apply_pack(&closed).unwrap();
        let id = world.make("tasks", &json!({"name": "t"}));
        world
            .run(move |work| work.as_process(|work| work.update("tasks", id, Draft::new().set("status", "open"), None)))
            .unwrap();
        let change = set(world, move |work| {
            let shut = Draft::new().set("status", "shut");
            work.as_process(|work| work.update("tasks", id, shut, None)).map(drop)
        });
        assert_eq!(code(&undo_as(world, "all_all", change).unwrap_err()), "transition_forbidden");
        assert!(matches!(undo_as(world, "chief", change), Ok(Undo::Done(_))));
        let status = world.run(move |work| Ok(work.get("tasks", id)?.text("status").map(str::to_owned))).unwrap();
        assert_eq!(status.as_deref(), Some("open"));
    });
}

#[test]
fn what_a_service_made_only_the_service_takes_back() {
    in_both(|world| {
        let kept = crate::pack::changed("modules/tasks.toml", "owners = true", "owners = true\nservice = \"tasks\"");
        world.workspace.apply_pack(&kept).unwrap();
        let (id, made) = world
            .run(|work| {
                let id = work.as_process(|work| create(work, "tasks", &json!({"name": "t"})))?;
                Ok((id, work.change_set().unwrap()))
            })
            .unwrap();
        let renamed = set(world, move |work| work.update("tasks", id, Draft::new().set("name", "u"), None).map(drop));
        let moved = set(world, move |work| {
            work.as_process(|work| work.update("tasks", id, Draft::new().set("status", "shut"), None)).map(drop)
        });
        for change in [made, moved] {
            let refused: Error = undo_as(world, "chief", change).unwrap_err();
            assert_eq!(code(&refused), "undo_by_operation");
        }
        assert!(matches!(undo_as(world, "chief", renamed), Ok(Undo::Done(_))), "a name was set by hand");
    });
}
