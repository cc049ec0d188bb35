//! Who may begin a large undo, who hears of it, and who goes on where it has stopped.

use model::{Actor, Id};
use serde_json::json;
use store::{Conflicts, Course, Draft, Phase, UserChange};

use super::turns::{begin, counted, notes, to_the_end, turn};
use super::{Bare, code, set, text, undone};
use crate::people_of::somebody;
use crate::world::{World, in_both};

/// Changes of a turn: two turns bring back a part of twenty.
const TURN: usize = 8;

/// Lets somebody in or keeps them out.
fn let_in(world: &World, who: Id, active: bool) {
    let change = UserChange { active: Some(active), ..UserChange::default() };
    world.run(move |work| work.change_user(who, &change)).unwrap();
}

/// An undo that somebody began and of which one turn has brought records back.
fn half_way(world: &World, by: Actor, made: Id) -> Course {
    begin(world, by, made, Conflicts::Refuse).unwrap();
    while turn(&world.workspace, made, TURN).phase == Phase::Checking {}
    turn(&world.workspace, made, TURN)
}

#[test]
fn what_must_be_refused_is_refused_before_it_begins() {
    in_both(|world| {
        let (made, ids) = notes(world, 20);
        let me = world.me;
        // A door that reads only begins nothing that it could not do by hand.
        let reader = {
            let Actor::User(user) = somebody(me, "chief") else { panic!("a user") };
            Actor::User(Box::new(model::actor::User { scopes: vec!["read".to_owned()], ..*user }))
        };
        let refused = |by: Actor, set: Id| code(&begin(world, by, set, Conflicts::Keep).unwrap_err());
        assert_eq!(refused(reader, made), "delete_forbidden");
        assert_eq!(refused(somebody(me, "all_none"), made), "delete_forbidden");
        let first = ids[0];
        let renamed =
            set(world, move |work| work.update("notes", first, Draft::new().set("name", "x"), None).map(drop));
        assert_eq!(refused(somebody(me, "all_none"), renamed), "update_forbidden");
        let company = world.make("companies", &json!({"name": "a"}));
        let city = set(world, move |work| {
            let draft = Draft::new().set("city", "c");
            work.update("companies", company, draft, None).map(drop)
        });
        assert_eq!(refused(somebody(me, "clerk"), city), "undo_forbidden");
        let setup = set(world, |work| work.add_team("Hall").map(drop));
        assert_eq!(refused(Actor::System("test"), setup), "undo_by_operation");
        for set in [made, renamed, city, setup] {
            let course = world.run(move |work| work.undo_course(set)).unwrap();
            assert_eq!(course, None, "nothing is under way");
        }
    });
}

#[test]
fn another_choice_than_it_began_with_is_not_dropped() {
    in_both(|world| {
        let (made, _) = notes(world, 20);
        let chief = || somebody(world.me, "chief");
        begin(world, chief(), made, Conflicts::Keep).unwrap();
        let told = begin(world, chief(), made, Conflicts::Refuse).unwrap();
        assert_eq!((told.phase, told.choice), (Phase::Checking, Conflicts::Keep), "who chooses nothing is told");
        begin(world, chief(), made, Conflicts::Keep).unwrap();
        let other = begin(world, chief(), made, Conflicts::Overwrite).unwrap_err();
        assert_eq!(code(&other), "undo_chosen_otherwise");
        assert!(other.to_string().contains("keep"), "{other}");
        let administrator = begin(world, somebody(world.mate, "chief"), made, Conflicts::Overwrite).unwrap_err();
        assert_eq!(code(&administrator), "undo_chosen_otherwise");
    });
}

#[test]
fn how_far_it_is_is_told_to_whoever_asked_and_to_administrators() {
    in_both(|world| {
        let (made, _) = notes(world, 20);
        let [me, mate, stranger] = [world.me, world.mate, world.stranger];
        let half = half_way(world, somebody(me, "chief"), made);
        assert_eq!((half.phase, half.done, half.undone_count()), (Phase::Undoing, 8, 8));
        let others = begin(world, somebody(stranger, "all_all"), made, Conflicts::Refuse).unwrap_err();
        assert_eq!(code(&others), "undo_under_way");
        let seen = |by| world.by(by, move |work| work.undo_course(made)).unwrap().is_some();
        assert!(seen(somebody(me, "all_all")) && seen(somebody(mate, "chief")));
        assert!(!seen(somebody(stranger, "all_all")));
        let new = half.undone_by.unwrap();
        let early = begin(world, somebody(mate, "chief"), new, Conflicts::Refuse).unwrap_err();
        assert_eq!(code(&early), "undo_under_way", "what has not ended is not undone");
    });
}

#[test]
fn what_stopped_goes_on_under_the_same_change_set_by_whoever_began() {
    in_both(|world| {
        let (made, _) = notes(world, 20);
        let me = world.me;
        let half = half_way(world, somebody(me, "chief"), made);
        let_in(world, me, false);
        let stopped = turn(&world.workspace, made, TURN);
        assert_eq!((stopped.phase, stopped.refusal().map(|(code, _)| code)), (Phase::Stopped, Some("account_closed")));
        assert_eq!(counted(world), (12, 8), "what was brought back stays so");
        let others = begin(world, somebody(world.stranger, "all_all"), made, Conflicts::Refuse).unwrap_err();
        assert_eq!(code(&others), "undo_of_another");
        let_in(world, me, true);
        begin(world, somebody(me, "chief"), made, Conflicts::Refuse).unwrap();
        let end = to_the_end(world, made, TURN);
        assert_eq!((end.phase, end.undone_by, end.by), (Phase::Done, half.undone_by, Some(me)), "under the same set");
        assert_eq!((end.undone_count(), end.change_sets().count()), (20, 1));
        assert_eq!(counted(world), (0, 20));
    });
}

#[test]
fn an_administrator_goes_on_under_a_change_set_of_their_own() {
    in_both(|world| {
        let (made, _) = notes(world, 20);
        let [me, mate] = [world.me, world.mate];
        let half = half_way(world, somebody(me, "chief"), made);
        let_in(world, me, false);
        assert_eq!(turn(&world.workspace, made, TURN).phase, Phase::Stopped);
        let on = begin(world, somebody(mate, "chief"), made, Conflicts::Refuse).unwrap();
        assert_eq!((on.phase, on.by, on.done), (Phase::Undoing, Some(mate), 8), "the rest, not all of it again");
        let part = half.undone_by.unwrap();
        let early = begin(world, somebody(me, "chief"), part, Conflicts::Refuse).unwrap_err();
        assert_eq!(code(&early), "undo_under_way", "a part of what goes on stands until its end");
        let end = to_the_end(world, made, TURN);
        assert_eq!((end.phase, end.undone_count(), end.left_count()), (Phase::Done, 20, 0));
        assert_eq!(counted(world), (0, 20));
        let sets: Vec<Id> = end.change_sets().collect();
        let [first, second] = sets[..] else { panic!("{sets:?}") };
        assert_eq!((Some(first), Some(second)), (half.undone_by, end.undone_by));
        let actor = |set| world.run(move |work| Ok(work.change_set_of(set)?.unwrap().actor)).unwrap();
        assert_eq!((actor(first), actor(second)), (Some(me), Some(mate)), "nobody writes under another one's name");
        let again = begin(world, somebody(mate, "chief"), made, Conflicts::Refuse).unwrap_err();
        assert_eq!(code(&again), "already_undone");
        // Each part has its own way back.
        undone(world, second);
        assert_eq!(counted(world), (12, 8));
        undone(world, first);
        assert_eq!(counted(world), (20, 0));
        assert!(world.workspace.check(None).unwrap().is_fine(), "index and log fit the records");
    });
}

#[test]
fn what_is_kept_whole_is_no_undo() {
    in_both(|world| {
        let (made, ids) = notes(world, 3);
        for id in &ids {
            world.change("notes", *id, &json!({"name": "Changed"})).unwrap();
        }
        begin(world, Actor::System("test"), made, Conflicts::Keep).unwrap();
        let end = to_the_end(world, made, 2);
        assert_eq!((end.phase, end.undone_count(), end.kept_count()), (Phase::Refused, 0, 3));
        assert_eq!(end.refusal().map(|(code, _)| code), Some("undo_conflict"), "it is not as it was before");
        let small = world.run(move |work| work.undo(made, Conflicts::Keep, &Bare)).unwrap_err();
        assert_eq!(code(&small), "undo_conflict");
        assert_eq!(counted(world), (3, 0));
    });
}

#[test]
fn of_a_record_that_is_kept_in_part_the_rest_is_brought_back() {
    in_both(|world| {
        let id = world.make("notes", &json!({"name": "a", "seats": 1}));
        let change = set(world, move |work| {
            let draft = Draft::new().set("name", "b").set("seats", 2_i64);
            work.update("notes", id, draft, None).map(drop)
        });
        world.change("notes", id, &json!({"name": "c"})).unwrap();
        begin(world, Actor::System("test"), change, Conflicts::Keep).unwrap();
        let end = to_the_end(world, change, 2);
        assert_eq!((end.phase, end.undone_count(), end.kept_count()), (Phase::Done, 1, 1));
        assert_eq!(text(world, "notes", id, "name").as_deref(), Some("c"));
        let seats = world.run(move |work| Ok(work.get("notes", id)?.get("seats").clone())).unwrap();
        assert_eq!(seats, model::Value::Int(1));
    });
}
