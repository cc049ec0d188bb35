//! Whoever a pass lets in is found out in the turn that reads for them: nothing of what they were a moment ago is shown.

use std::sync::{Arc, Mutex};

use jiff::SignedDuration;
use model::Id;
use serde_json::json;
use store::{Error, List, Pass, Reading, Result, Work, Workspace};

use crate::world::{World, in_both};

/// Reads as `pass`, with one statement or several.
fn read<T: Send + 'static>(
    workspace: &Workspace,
    pass: &Pass,
    reading: Reading,
    work: impl FnMut(&mut Work<'_>) -> Result<T> + Send + 'static,
) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(workspace.read_as(pass.clone(), reading, work))
}

fn all() -> List {
    List { limit: 50, ..List::default() }
}

/// How many companies `pass` sees.
fn seen(world: &World, pass: &Pass, reading: Reading) -> Result<usize> {
    read(&world.workspace, pass, reading, |work| Ok(work.list("companies", &all())?.records.len()))
}

/// A token of `user`, used often enough to be known.
fn token(world: &World, user: Id, secret: &'static str) -> Pass {
    world.run(move |work| work.add_token(user, "t", secret, &[])).unwrap();
    let pass = Pass::token(secret);
    for _ in 0..3 {
        seen(world, &pass, Reading::One).unwrap();
        seen(world, &pass, Reading::Several).unwrap();
    }
    pass
}

fn roles(world: &World, user: Id, role: &'static str) {
    world.run(move |work| work.set_roles(user, &[role.to_owned()])).unwrap();
}

#[test]
fn roles_and_teams_hold_from_the_next_read_on() {
    in_both(|world| {
        let (me, mate) = (world.me, world.mate);
        world.make("companies", &json!({"name": "mine", "owner": me.to_string()}));
        world.make("companies", &json!({"name": "theirs", "owner": mate.to_string()}));
        let pass = token(world, me, "mine");
        for reading in [Reading::One, Reading::Several] {
            let sees = |number: usize, why: &str| assert_eq!(seen(world, &pass, reading).unwrap(), number, "{why}");
            roles(world, me, "chief");
            sees(2, "a chief sees all");
            roles(world, me, "own_own");
            sees(1, "their own");
            roles(world, me, "team_own");
            sees(1, "a team of one");
            world.run(move |work| [me, mate].into_iter().try_for_each(|user| work.join_team(user, "a"))).unwrap();
            sees(2, "their team's");
            let team = world.run(|work| Ok(work.teams()?[0].id)).unwrap();
            world.run(move |work| work.set_members(team, &[me].into())).unwrap();
            sees(1, "the team has gone");
            roles(world, me, "chief");
        }
    });
}

#[test]
fn what_was_revoked_or_has_ended_lets_nobody_in() {
    in_both(|world| {
        let me = world.me;
        let ends = world.workspace.clock().now() + SignedDuration::from_hours(1);
        for reading in [Reading::One, Reading::Several] {
            let out = |pass: &Pass| {
                let seen = seen(world, pass, reading);
                assert!(matches!(seen, Err(Error::Stranger)), "{seen:?}");
            };
            let pass = token(world, me, if reading == Reading::One { "one" } else { "several" });
            let id = world.run(|work| Ok(work.tokens()?.last().unwrap().id)).unwrap();
            world.run(move |work| work.revoke_token(id)).unwrap();
            out(&pass);
            out(&pass);
            let pass = token(world, me, if reading == Reading::One { "another" } else { "others" });
            world.run(move |work| work.set_active(me, false)).unwrap();
            out(&pass);
            world.run(move |work| work.set_active(me, true)).unwrap();
            out(&Pass::session("one"));
            out(&Pass::token("never given out"));
        }
        world.run(move |work| work.open_session(me, "cookie", ends, None)).unwrap();
        let cookie = Pass::session("cookie");
        for _ in 0..3 {
            seen(world, &cookie, Reading::One).unwrap();
        }
        assert!(matches!(seen(world, &Pass::token("cookie"), Reading::One), Err(Error::Stranger)), "it is no token");
        world.workspace.move_clock(ends).unwrap();
        assert!(matches!(seen(world, &cookie, Reading::One), Err(Error::Stranger)), "its hour has come");
    });
}

/// Another program takes a role away while this one still takes it for granted: what was read by it counts for nothing.
#[test]
fn what_was_read_as_somebody_else_is_thrown_away() {
    in_both(|world| {
        let me = world.me;
        world.make("companies", &json!({"name": "theirs", "owner": world.mate.to_string()}));
        let pass = token(world, me, "mine");
        let other = Workspace::open(world.database.options.clone()).unwrap();
        for (reading, role) in [(Reading::One, "own_own"), (Reading::Several, "none_none")] {
            let demote = move |work: &mut Work<'_>| work.set_roles(me, &[role.to_owned()]);
            let origin = store::Origin::from("command");
            other.write_blocking(model::Actor::System("test"), origin, demote).unwrap();
            let ran = Arc::new(Mutex::new(Vec::new()));
            let noted = Arc::clone(&ran);
            let seen = read(&world.workspace, &pass, reading, move |work| {
                let found = work.list("companies", &all())?.records.len();
                noted.lock().unwrap().push((work.actor().has_role("chief"), found));
                Ok((work.actor().has_role("chief"), found))
            });
            assert_eq!(seen.unwrap(), (false, 0));
            assert_eq!(ran.lock().unwrap().last(), Some(&(false, 0)));
            let fails = read(&world.workspace, &pass, reading, |work| {
                Err::<(), _>(Error::conflict("as", format!("{}", work.actor().has_role("chief"))))
            });
            assert!(matches!(fails, Err(Error::Conflict { message, .. }) if message == "false"));
            roles(world, me, "chief");
            assert_eq!(self::seen(world, &pass, reading).unwrap(), 1);
        }
    });
}

#[test]
fn several_statements_of_one_read_see_one_moment() {
    in_both(|world| {
        let pass = token(world, world.me, "mine");
        let other = Workspace::open(world.database.options.clone()).unwrap();
        let counts = read(&world.workspace, &pass, Reading::One, move |work| {
            let before = work.count("companies", &List::default(), None)?;
            let add = |work: &mut Work<'_>| crate::world::create(work, "companies", &json!({"name": "new"})).map(drop);
            let (other, origin) = (other.clone(), store::Origin::from("command"));
            let adding = move || other.write_blocking(model::Actor::System("test"), origin, add);
            std::thread::spawn(adding).join().unwrap()?;
            Ok((before, work.count("companies", &List::default(), None)?))
        });
        let (before, after) = counts.unwrap();
        assert_eq!(before, after, "{}", world.database.name);
    });
}

#[test]
fn nobody_writes_in_a_read() {
    in_both(|world| {
        let (me, pass) = (world.me, token(world, world.me, "mine"));
        for reading in [Reading::One, Reading::Several] {
            let wrote = read(&world.workspace, &pass, reading, move |work| work.add_token(me, "t", "more", &[]));
            assert!(matches!(wrote, Err(Error::Db(store::db::DbError::ReadOnly))), "{wrote:?}");
        }
    });
}
