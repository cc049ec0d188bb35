//! Large change sets: taken back in turns under one new set, between which others write, and which go on after a crash.

use model::{Actor, Id};
use serde_json::json;
use store::{Conflicts, Course, Draft, Error, Origin, Phase, Result, Undo, UserChange, Work, Workspace};

use super::{Bare, code, set, text};
use crate::people_of::somebody;
use crate::world::{World, in_both};

/// More than one turn of the writer takes back.
const MANY: usize = 12_000;
/// Changes of a turn.
const TURN: usize = 100;

/// Notes of so many changes, made in one set.
pub(super) fn notes(world: &World, count: usize) -> (Id, Vec<Id>) {
    let make = move |work: &mut Work<'_>| {
        let mut ids = Vec::with_capacity(count);
        for number in 0..count {
            ids.push(work.create("notes", Draft::new().set("name", format!("Note {number}")))?.id);
        }
        Ok((work.change_set().unwrap(), ids))
    };
    world.run(make).unwrap()
}

pub(super) fn begin(world: &World, by: Actor, set: Id, choice: Conflicts) -> Result<Course> {
    world.by(by, move |work| work.begin_undo(set, choice, &Bare))
}

/// A turn in a work of its own, as the product takes it.
pub(super) fn turn(workspace: &Workspace, set: Id, size: usize) -> Course {
    let go_on = move |work: &mut Work<'_>| work.undo_turn(set, size, &Bare);
    workspace.write_blocking(Actor::System("jobs"), Origin::from("job"), go_on).unwrap()
}

pub(super) fn to_the_end(world: &World, set: Id, size: usize) -> Course {
    loop {
        let course = turn(&world.workspace, set, size);
        if course.phase.is_over() {
            return course;
        }
    }
}

/// How many notes there are in use, and in the bin.
pub(super) fn counted(world: &World) -> (i64, i64) {
    let count = |deleted| {
        let list = store::List { deleted, ..store::List::default() };
        world.see(Actor::System("test"), move |work| work.count("notes", &list, None)).unwrap()
    };
    (count(false), count(true))
}

#[test]
fn twelve_thousand_records_are_taken_back_while_others_write_and_programs_end() {
    in_both(|world| {
        let (made, _) = notes(world, MANY);
        let chief = || somebody(world.me, "chief");
        let done = world.by(chief(), move |work| work.undo(made, Conflicts::Refuse, &Bare)).unwrap();
        let Undo::UnderWay(course) = done else { panic!("{done:?}") };
        assert_eq!((course.phase, course.done, course.total), (Phase::Checking, 0, 12_000));
        let mut before = (Phase::Checking, 0);
        let mut workspace = world.workspace.clone();
        let mut turns = 0;
        let end = loop {
            let course = turn(&workspace, made, TURN);
            turns += 1;
            if course.phase == Phase::Checking {
                assert_eq!(counted(world), (12_000, 0), "nothing is changed before everything is looked at");
                assert_eq!(course.undone_by, None);
            }
            if course.phase.is_over() {
                break course;
            }
            assert!(course.phase != before.0 || course.done > before.1, "it goes on: {before:?}, {course:?}");
            before = (course.phase, course.done);
            if turns % 60 == 0 {
                // Others have their turn, and see where it is; somebody who asks again is told.
                world.make("companies", &json!({"name": "Между делом"}));
                let told = begin(world, chief(), made, Conflicts::Refuse).unwrap();
                assert_eq!((told.phase, told.done), before);
                // The program ends here, and another one goes on.
                workspace = Workspace::open(world.database.options.clone()).unwrap();
            }
        };
        assert_eq!((end.phase, end.done, end.left_count()), (Phase::Done, 12_000, 0));
        assert_eq!((end.undone_count(), end.kept_count()), (12_000, 0));
        assert_eq!(counted(world), (0, 12_000));
        let new = end.undone_by.unwrap();
        let head = world.run(move |work| work.change_set_of(new)).unwrap().unwrap();
        assert_eq!((head.undoes, head.actor, head.source.as_str()), (Some(made), Some(world.me), "api"), "one undo");
        let again = begin(world, chief(), made, Conflicts::Refuse).unwrap_err();
        assert_eq!(code(&again), "already_undone");
        assert_eq!(turn(&world.workspace, made, TURN), end, "a turn too many does nothing");
    });
}

#[test]
fn there_and_back_again_in_turns() {
    in_both(|world| {
        let (made, ids) = notes(world, 30);
        let (first, last) = (ids[0], ids[29]);
        let change = set(world, move |work| {
            for id in &ids {
                work.update("notes", *id, Draft::new().set("seats", 1_i64), None)?;
                work.update("notes", *id, Draft::new().set("name", "Changed"), None)?;
            }
            work.delete("notes", first, None).map(drop)
        });
        let product = || Actor::System("test");
        let mut undone = Vec::new();
        for (size, expected) in [(7, (30, 0)), (11, (0, 30))] {
            let set = if expected.0 == 0 { made } else { change };
            begin(world, product(), set, Conflicts::Refuse).unwrap();
            let end = to_the_end(world, set, size);
            assert_eq!((end.phase, end.left_count()), (Phase::Done, 0));
            assert_eq!(counted(world), expected);
            undone.push(end.undone_by.unwrap());
        }
        assert_eq!(text(world, "notes", last, "name").as_deref(), Some("Note 29"));
        for set in undone.into_iter().rev() {
            begin(world, product(), set, Conflicts::Refuse).unwrap();
            assert_eq!(to_the_end(world, set, 4).phase, Phase::Done);
        }
        assert_eq!(counted(world), (29, 1), "undone undone, it is as it was");
        assert_eq!(text(world, "notes", last, "name").as_deref(), Some("Changed"));
        assert!(world.workspace.check(None).unwrap().is_fine(), "index and log fit the records");
    });
}

#[test]
fn what_changed_before_is_asked_about_and_what_changes_meanwhile_is_left() {
    in_both(|world| {
        let (made, ids) = notes(world, 30);
        let (first, gone, early, last) = (ids[0], ids[1], ids[3], ids[29]);
        let chief = || somebody(world.me, "chief");
        world.change("notes", early, &json!({"name": "Changed"})).unwrap();
        begin(world, chief(), made, Conflicts::Refuse).unwrap();
        let refused = to_the_end(world, made, 7);
        assert_eq!((refused.phase, refused.undone_by), (Phase::Refused, None));
        let conflicts: Vec<_> = refused.conflicts().iter().map(|it| (it.record, it.field.as_str())).collect();
        assert_eq!(conflicts, [(early, "name")]);
        assert!(refused.conflicts()[0].changed.is_some(), "and who changed it");
        assert_eq!(counted(world), (30, 0), "nothing was changed");

        begin(world, chief(), made, Conflicts::Keep).unwrap();
        while turn(&world.workspace, made, 7).phase == Phase::Checking {}
        // The last ones are looked at and brought back first: of two, one is there already, the other is yet to come.
        assert_eq!(turn(&world.workspace, made, 7).phase, Phase::Undoing);
        world.change("notes", first, &json!({"name": "Meanwhile"})).unwrap();
        world.run(move |work| work.purge("notes", gone, None)).unwrap();
        let end = to_the_end(world, made, 7);
        assert_eq!(end.phase, Phase::Done);
        let named = |id| text(world, "notes", id, "name");
        assert_eq!(named(first).as_deref(), Some("Meanwhile"));
        let left: Vec<_> = end.left().iter().map(|left| (left.record, left.code.as_str())).collect();
        assert_eq!((end.left_count(), left), (1, vec![(gone, "changed_since")]), "gone for good, and told");
        assert_eq!(counted(world), (2, 27), "what was changed stays as whoever undid chose");
        assert_eq!((end.undone_count(), end.kept_count()), (27, 2), "and it is said how many");
        assert!(world.run(move |work| Ok(work.get("notes", last)?.deleted_at.is_some())).unwrap());
    });
}

#[test]
fn whoever_refuses_leaves_what_changes_meanwhile_and_the_rest_goes_on() {
    in_both(|world| {
        let (made, ids) = notes(world, 12);
        let first = ids[0];
        begin(world, somebody(world.me, "chief"), made, Conflicts::Refuse).unwrap();
        while turn(&world.workspace, made, 5).phase == Phase::Checking {}
        world.change("notes", first, &json!({"name": "Meanwhile"})).unwrap();
        let end = to_the_end(world, made, 5);
        let left: Vec<_> = end.left().iter().map(|left| (left.record, left.code.as_str())).collect();
        assert_eq!((end.phase, left), (Phase::Done, vec![(first, "changed_since")]));
        assert_eq!(counted(world), (1, 11));
        assert_eq!(text(world, "notes", first, "name").as_deref(), Some("Meanwhile"));
    });
}

#[test]
fn values_that_changed_places_change_back_and_one_that_was_given_away_is_left() {
    in_both(|world| {
        let ids: Vec<Id> =
            (0..6).map(|number| world.make("companies", &json!({"name": "c", "inn": format!("{number}")}))).collect();
        let (one, other, third) = (ids[0], ids[1], ids[2]);
        let batch = set(world, move |work| {
            let inn = |value: Option<&str>| Draft::new().set("inn", value);
            work.update("companies", third, inn(Some("20")), None)?;
            work.update("companies", one, inn(None), None)?;
            work.update("companies", other, inn(Some("0")), None)?;
            work.update("companies", one, inn(Some("1")), None).map(drop)
        });
        let taken = Draft::new().set("name", "d").set("inn", "2");
        world.run(move |work| work.create("companies", taken.clone())).unwrap();
        begin(world, Actor::System("test"), batch, Conflicts::Refuse).unwrap();
        let end = to_the_end(world, batch, 4);
        let left: Vec<_> = end.left().iter().map(|left| (left.record, left.code.as_str())).collect();
        assert_eq!((end.phase, left), (Phase::Done, vec![(third, "duplicate")]));
        let inn = |id| text(world, "companies", id, "inn");
        assert_eq!([one, other, third].map(inn), ["0", "1", "20"].map(|inn| Some(inn.to_owned())));
    });
}

#[test]
fn what_was_taken_back_itself_does_not_go_on() {
    in_both(|world| {
        let (made, _) = notes(world, 20);
        let me = world.me;
        begin(world, somebody(me, "chief"), made, Conflicts::Refuse).unwrap();
        while turn(&world.workspace, made, 8).phase == Phase::Checking {}
        let half = turn(&world.workspace, made, 8);
        let keep = |active| UserChange { active: Some(active), ..UserChange::default() };
        world.run(move |work| work.change_user(me, &keep(false))).unwrap();
        assert_eq!(turn(&world.workspace, made, 8).phase, Phase::Stopped);
        world.run(move |work| work.change_user(me, &keep(true))).unwrap();
        let new = half.undone_by.unwrap();
        let undone = world.by(somebody(me, "chief"), move |work| work.undo(new, Conflicts::Refuse, &Bare)).unwrap();
        assert!(matches!(undone, Undo::Done(_)), "{undone:?}");
        assert_eq!(counted(world), (20, 0));
        let again = begin(world, somebody(me, "chief"), made, Conflicts::Refuse).unwrap_err();
        assert_eq!(code(&again), "undo_taken_back");
        assert_eq!(counted(world), (20, 0));
    });
}

#[test]
fn what_stood_in_the_way_is_told_as_far_as_its_reader_sees_it() {
    in_both(|world| {
        let (made, ids) = notes(world, 3);
        world.change("notes", ids[1], &json!({"name": "Changed"})).unwrap();
        let me = world.me;
        begin(world, somebody(me, "chief"), made, Conflicts::Refuse).unwrap();
        assert_eq!(to_the_end(world, made, 8).phase, Phase::Refused);
        let told = |role| {
            let read = move |work: &mut Work<'_>| work.undo_course(made);
            world.by(somebody(me, role), read).unwrap().unwrap().conflicts().len()
        };
        assert_eq!((told("chief"), told("none_none")), (1, 0));
    });
}

#[test]
fn what_is_not_there_is_not_begun() {
    in_both(|world| {
        let nothing = begin(world, Actor::System("test"), Id::new(), Conflicts::Refuse).unwrap_err();
        assert!(matches!(nothing, Error::NotFound { .. }));
        let (made, _) = notes(world, 3);
        let blind = begin(world, somebody(world.me, "none_none"), made, Conflicts::Refuse).unwrap_err();
        assert!(matches!(blind, Error::NotFound { .. }));
    });
}
