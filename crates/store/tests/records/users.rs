//! Users: the first one is made once, sessions end, tokens are narrowed, and nobody makes themselves more than they are.

use std::thread;
use std::time::Duration;

use jiff::SignedDuration;
use model::Actor;
use store::testing::databases;
use store::{Error, Origin, Pass, Workspace};

use crate::pack::pack;
use crate::world::{faults, in_both, user};

#[test]
fn two_set_ups_at_once_make_one_administrator() {
    for database in databases() {
        let workspace = Workspace::open(database.options.clone()).unwrap();
        workspace.apply_pack(&pack()).unwrap();
        let made: usize = thread::scope(|scope| {
            let threads: Vec<_> = (0..6)
                .map(|number| {
                    let workspace = workspace.clone();
                    scope.spawn(move || {
                        let set_up =
                            workspace.write_blocking(Actor::System("set-up"), Origin::from("command"), move |work| {
                                if work.has_users()? {
                                    return Err(Error::conflict("already_set_up", "somebody was faster"));
                                }
                                thread::sleep(Duration::from_millis(5));
                                work.add_user(&user(&format!("chief{number}"), "chief"))
                            });
                        usize::from(set_up.is_ok())
                    })
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        assert_eq!(made, 1, "{}", database.name);
    }
}

#[test]
fn an_address_has_one_user() {
    in_both(|world| {
        let add = || world.run(|work| work.add_user(&user("twice", "chief")));
        let results: Vec<_> = thread::scope(|scope| {
            let threads: Vec<_> = (0..5).map(|_| scope.spawn(add)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
        let others = results.iter().filter_map(|result| result.as_ref().err());
        assert!(
            others.into_iter().all(|error| matches!(error, Error::Conflict { code: "duplicate", .. })),
            "{results:?}"
        );
        let unknown = world.run(|work| work.add_user(&user("new", "emperor"))).unwrap_err();
        assert_eq!(faults(&unknown)[0].1, "invalid_choice");
    });
}

#[test]
fn only_administrators_administer() {
    in_both(|world| {
        let (me, mate) = (world.me, world.mate);
        let forbidden =
            |result: Result<(), Error>| assert!(matches!(result, Err(Error::Forbidden { .. })), "{result:?}");
        let plain = || world.as_role(&["all_all"]);
        forbidden(world.by(plain(), |work| work.add_user(&user("new", "chief")).map(drop)));
        forbidden(world.by(plain(), move |work| work.set_roles(me, &["chief".to_owned()])));
        forbidden(world.by(plain(), move |work| work.set_active(mate, false)));
        forbidden(world.by(plain(), move |work| work.set_password_hash(mate, "x")));
        forbidden(world.by(plain(), move |work| work.join_team(me, "chiefs")));
        forbidden(world.by(plain(), move |work| work.add_token(mate, "t", "secret", &[]).map(drop)));
        world.by(plain(), move |work| work.add_token(me, "t", "mine", &[])).unwrap();
        world.by(world.as_role(&["chief"]), move |work| work.add_token(mate, "t", "theirs", &[])).unwrap();
    });
}

#[test]
fn sessions_and_tokens_end() {
    in_both(|world| {
        let mate = world.mate;
        let ends = world.workspace.clock().now() + SignedDuration::from_hours(1);
        world.run(move |work| work.open_session(mate, "cookie", ends, None)).unwrap();
        world.run(move |work| work.add_token(mate, "t", "token", &["read".to_owned()])).unwrap();
        let session = || world.run(|work| work.bearer(&Pass::session("cookie"))).unwrap().map(|user| user.id);
        let token = || world.run(|work| work.bearer(&Pass::token("token"))).unwrap();
        assert_eq!(session(), Some(mate));
        assert_eq!(token().unwrap().scopes, ["read"]);
        assert_eq!(world.run(|work| work.bearer(&Pass::session("cooki"))).unwrap().map(|user| user.id), None);
        world.run(move |work| work.set_active(mate, false)).unwrap();
        assert!(session().is_none() && token().is_none(), "whoever is kept out is out at once");
        world.run(move |work| work.set_active(mate, true)).unwrap();
        assert!(session().is_none(), "a session that was ended stays so");
        world.run(move |work| work.open_session(mate, "cookie", ends, None)).unwrap();
        world.run(|work| work.close_session("cookie")).unwrap();
        assert!(session().is_none());
        world.run(move |work| work.open_session(mate, "cookie", ends, None)).unwrap();
        world.workspace.move_clock(ends).unwrap();
        assert!(session().is_none(), "its hour has come");
    });
}

#[test]
fn teams_are_shared_by_whoever_joined() {
    in_both(|world| {
        let (me, mate, stranger) = (world.me, world.mate, world.stranger);
        world
            .run(move |work| {
                [(me, "a"), (mate, "a"), (me, "b"), (me, "a")]
                    .into_iter()
                    .try_for_each(|(user, team)| work.join_team(user, team))
            })
            .unwrap();
        let mates = |id| world.run(move |work| Ok(work.user(id)?.unwrap().teammates)).unwrap();
        assert_eq!(mates(me), [me, mate].into());
        assert_eq!(mates(stranger), [].into());
    });
}

#[test]
fn nobody_reads_passwords_but_the_product() {
    in_both(|world| {
        let read = |actor| world.see(actor, |work| work.credentials("mate@example.org"));
        for actor in [world.as_role(&["chief"]), Actor::Public] {
            assert!(matches!(read(actor), Err(Error::Forbidden { .. })));
        }
        let known = read(Actor::System("sign-in")).unwrap().unwrap();
        assert_eq!((known.id, known.password_hash.as_str(), known.active), (world.mate, "-", true));
    });
}

#[test]
fn the_last_administrators_cannot_disable_each_other_at_once() {
    in_both(|world| {
        let (me, mate, stranger) = (world.me, world.mate, world.stranger);
        world.run(move |work| work.set_active(stranger, false)).unwrap();
        let disable = |id| world.run(move |work| work.set_active(id, false));
        let done: Vec<_> = thread::scope(|scope| {
            let threads: Vec<_> = [me, mate].map(|id| scope.spawn(move || disable(id))).into_iter().collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(done.iter().filter(|done| done.is_ok()).count(), 1, "{done:?}");
        let left = world.run(|work| work.accounts()).unwrap();
        assert_eq!(left.iter().filter(|account| account.active).count(), 1);
    });
}
