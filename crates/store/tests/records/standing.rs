//! Who may change who may do what is judged by what is kept in that moment, under one lock; on both databases.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use model::pack::Pack;
use model::{Actor, User};
use store::shape::{Edit, Manner, Reshaped, ShapeError};
use store::testing::databases;
use store::{Draft, Error, Handover, Origin, Result, Work, Workspace};

use crate::pack;
use crate::world::{World, in_both, user};

/// The pack with one more role, `boss`.
fn with_boss(capabilities: &str) -> Pack {
    let mut files = pack::files();
    let role =
        format!("name = \"boss\"\nlabel = {{ ru = \"Босс\", en = \"Boss\" }}\ncapabilities = [{capabilities}]\n");
    files.insert("roles/boss.toml".to_owned(), role);
    Pack::read(files).unwrap()
}

fn put(workspace: &Workspace, manner: Manner, pack: Pack) -> Result<Reshaped, ShapeError> {
    workspace.reshape(manner, move |_| Ok(Edit::Put(Box::new(pack.clone()))))
}

fn command() -> Manner {
    Manner::command(false)
}

/// `me` is chief, `mate` is boss, who administers too, and nobody else does.
fn two_administrators(world: &World) {
    put(&world.workspace, command(), with_boss("\"administer\"")).unwrap();
    let (mate, stranger) = (world.mate, world.stranger);
    world.run(move |work| work.set_roles(mate, &["boss".to_owned()])).unwrap();
    world.run(move |work| work.set_roles(stranger, &["scribe".to_owned()])).unwrap();
}

fn is_administered(world: &World) -> bool {
    let fresh = Workspace::open(world.database.options.clone()).unwrap();
    let definitions = fresh.knowledge().definitions;
    let accounts = world.run(|work| work.accounts()).unwrap();
    let roles = accounts.iter().filter(|account| account.active).flat_map(|account| &account.roles);
    let mut known = roles.filter_map(|role| definitions.role(role));
    known.any(|role| role.capabilities.contains(&model::rights::Capability::Administer))
}

fn is_last(error: &ShapeError) -> bool {
    matches!(error, ShapeError::Store(Error::Conflict { code: "last_administrator", .. }))
}

#[test]
fn what_another_program_changed_counts_at_once() {
    in_both(|world| {
        two_administrators(world);
        let other = Workspace::open(world.database.options.clone()).unwrap();
        let stale = world.as_role(&["chief"]);
        put(&world.workspace, command(), with_boss("")).unwrap();
        // The other program still believes that the boss administers.
        let me = world.me;
        let demote = move |work: &mut Work<'_>| work.set_roles(me, &["scribe".to_owned()]);
        let refused = other.write_blocking(Actor::System("test"), Origin::from("api"), demote).unwrap_err();
        assert!(matches!(refused, Error::Conflict { code: "last_administrator", .. }), "{refused:?}");

        // Whoever was found to administer and does no more changes neither users nor roles.
        let (mate, stranger) = (world.mate, world.stranger);
        world.run(move |work| work.set_roles(mate, &["chief".to_owned()])).unwrap();
        world.run(demote).unwrap();
        for change in [true, false] {
            let set = move |work: &mut Work<'_>| {
                if change { work.set_active(stranger, false) } else { work.add_user(&user("new", "chief")).map(drop) }
            };
            let refused = other.write_blocking(stale.clone(), Origin::from("api"), set).unwrap_err();
            assert!(matches!(refused, Error::Forbidden { code: "missing_right", .. }), "{refused:?}");
        }
        let refused = put(&other, Manner::of(&stale, false).unwrap(), with_boss("\"administer\"")).unwrap_err();
        assert!(matches!(refused, ShapeError::Store(Error::Forbidden { code: "missing_right", .. })), "{refused:?}");
        world.run(move |work| work.set_active(me, false)).unwrap();
        let set = move |work: &mut Work<'_>| work.set_active(stranger, false);
        let refused = other.write_blocking(stale, Origin::from("api"), set).unwrap_err();
        assert!(matches!(refused, Error::Stranger), "{refused:?}");
    });
}

/// One takes the right from a user while another takes it from a role. The first holds on, after it was judged, until the
/// other is done or `patience` is over.
fn race(world: &World, patience: Duration) -> (Result<()>, Result<Reshaped, ShapeError>) {
    two_administrators(world);
    let me = world.me;
    let is_done = Arc::new(AtomicBool::new(false));
    let (judged, heard) = mpsc::channel();
    thread::scope(|scope| {
        let done = Arc::clone(&is_done);
        let demote = move |work: &mut Work<'_>| {
            work.set_roles(me, &["scribe".to_owned()])?;
            let _ = judged.send(());
            let began = Instant::now();
            while !done.load(Ordering::SeqCst) && began.elapsed() < patience {
                thread::sleep(Duration::from_millis(1));
            }
            Ok(())
        };
        let first = scope.spawn(move || world.run(demote));
        heard.recv().unwrap();
        let second = put(&world.workspace, command(), with_boss(""));
        is_done.store(true, Ordering::SeqCst);
        (first.join().unwrap(), second)
    })
}

#[test]
fn a_user_and_a_role_do_not_lose_the_last_right_at_once() {
    in_both(|world| {
        let (first, second) = race(world, Duration::from_millis(100));
        first.unwrap();
        assert!(is_last(&second.unwrap_err()));
        assert!(is_administered(world));
    });
}

#[test]
fn without_the_lock_the_last_right_is_lost() {
    let world = World::new(databases().swap_remove(1));
    world.workspace.db().testing_disable_locks(true);
    let (first, second) = race(&world, Duration::from_secs(20));
    first.unwrap();
    second.unwrap();
    assert!(!is_administered(&world), "the test of the lock would not notice its absence");
}

#[test]
fn a_role_goes_only_when_nobody_has_it() {
    in_both(|world| {
        two_administrators(world);
        let (mate, stranger) = (world.mate, world.stranger);
        world.run(move |work| work.set_active(mate, false)).unwrap();
        let gone = || world.workspace.reshape(command(), |_| Ok(Edit::Put(Box::new(pack::pack()))));
        let refused = gone().unwrap_err();
        let ShapeError::Store(Error::Conflict { code: "role_in_use", errors, .. }) = &refused else {
            panic!("{refused:?}")
        };
        assert_eq!(
            (errors[0].field.as_str(), errors[0].message.as_str()),
            ("boss", "mate"),
            "though they may not come in"
        );

        let over = |to: &str, manner: Manner| {
            let handover = Handover { from: "boss".to_owned(), to: to.to_owned() };
            world.workspace.hand_over(manner, handover, |_| Ok(Edit::Put(Box::new(pack::pack()))))
        };
        let roles = |id| world.run(move |work| Ok(work.account(id)?.roles)).unwrap();
        over("scribe", Manner::command(true)).unwrap();
        assert_eq!(roles(mate), ["boss"], "it was only asked what would be");
        world
            .run(move |work| work.set_roles(mate, &["clerk".to_owned(), "boss".to_owned(), "scribe".to_owned()]))
            .unwrap();
        over("scribe", Manner::of(&world.as_role(&["chief"]), false).unwrap()).unwrap();
        assert_eq!(roles(mate), ["clerk", "scribe"]);
        assert_eq!(roles(stranger), ["scribe"]);
        gone().unwrap();
    });
}

#[test]
fn the_last_right_is_not_handed_over_to_nobody() {
    in_both(|world| {
        two_administrators(world);
        let me = world.me;
        world.run(move |work| work.set_active(me, false)).unwrap();
        let handover = Handover { from: "boss".to_owned(), to: "scribe".to_owned() };
        let refused = world.workspace.hand_over(command(), handover, |_| Ok(Edit::Put(Box::new(pack::pack()))));
        assert!(is_last(&refused.unwrap_err()));
        assert!(is_administered(world));
    });
}

#[test]
fn whoever_only_looks_writes_nothing() {
    in_both(|world| {
        let Actor::User(chief) = world.as_role(&["chief"]) else { panic!("a user") };
        let looker = Actor::User(Box::new(User { looker: Some(world.stranger), ..*chief }));
        let is_refused = |error: Error| matches!(error, Error::Forbidden { code: "only_looking", .. });
        let make = |work: &mut Work<'_>| work.create("companies", Draft::new().set("name", "x")).map(drop);
        assert!(is_refused(world.by(looker.clone(), make).unwrap_err()));
        // Not even where nothing would be written, nor with the powers of a process.
        assert!(is_refused(world.by(looker.clone(), |_| Ok(())).unwrap_err()));
        assert!(is_refused(world.by(looker.clone(), move |work| work.as_process(make)).unwrap_err()));
        assert!(is_refused(Manner::of(&looker, false).unwrap_err()));
        assert!(Manner::of(&looker, true).is_ok());
        world.see(looker.clone(), |work| work.accounts()).unwrap();
        world.see(looker, make).unwrap_err();
        world.by(world.as_role(&["chief"]), make).unwrap();
    });
}
