//! Jobs: written with their cause, one for a key, in order, each done once whoever is at work.

use std::sync::Mutex;
use std::thread;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use store::{Job, Result};

use crate::world::{World, in_both, rolled_back};

fn put(world: &World, key: Option<&'static str>, due: Timestamp, payload: i64) {
    world.run(move |work| work.enqueue("work", key, due, json!(payload))).unwrap();
}

/// Takes the next job that is due by `until`.
fn take(world: &World, until: Timestamp) -> Result<Option<Job>> {
    world.run(move |work| {
        let Some(job) = work.due_job(until)? else { return Ok(None) };
        assert!(work.finish_job(&job)?);
        Ok(Some(job))
    })
}

fn after(now: Timestamp, seconds: i64) -> Timestamp {
    now + SignedDuration::from_secs(seconds)
}

#[test]
fn jobs_come_in_order_when_they_are_due() {
    in_both(|world| {
        let now = world.workspace.clock().now();
        for (seconds, payload) in [(30, 3), (10, 1), (20, 2), (10, 11), (99, 9)] {
            put(world, None, after(now, seconds), payload);
        }
        assert_eq!(world.run(|work| work.next_due()).unwrap(), Some(after(now, 10)));
        let payloads: Vec<_> =
            std::iter::from_fn(|| take(world, after(now, 30)).unwrap()).map(|job| job.payload).collect();
        assert_eq!(payloads, [json!(1), json!(11), json!(2), json!(3)]);
        assert_eq!(world.run(|work| work.next_due()).unwrap(), Some(after(now, 99)));
        take(world, after(now, 99)).unwrap();
        assert_eq!(world.run(|work| work.next_due()).unwrap(), None);
    });
}

#[test]
fn a_key_has_one_job_that_moves() {
    in_both(|world| {
        let now = world.workspace.clock().now();
        put(world, Some("look:1"), after(now, 10), 1);
        put(world, Some("look:1"), after(now, 60), 2);
        put(world, Some("look:2"), after(now, 5), 3);
        assert_eq!(take(world, after(now, 30)).unwrap().unwrap().payload, json!(3));
        assert_eq!(take(world, after(now, 30)).unwrap(), None);
        put(world, Some("look:1"), after(now, 20), 4);
        assert_eq!(take(world, after(now, 30)).unwrap().unwrap().payload, json!(4));
        put(world, Some("look:3"), after(now, 1), 5);
        world.run(|work| work.dequeue("look:3")).unwrap();
        assert_eq!(world.run(|work| work.next_due()).unwrap(), None);
    });
}

#[test]
fn what_is_put_off_waits_and_remembers_why() {
    in_both(|world| {
        let now = world.workspace.clock().now();
        put(world, Some("k"), now, 1);
        let job = world.run(move |work| Ok(work.due_job(now)?.unwrap())).unwrap();
        let failed = job.clone();
        world.run(move |work| work.postpone_job(&failed, after(now, 60), "no\0 luck")).unwrap();
        assert_eq!(take(world, after(now, 59)).unwrap(), None);
        assert_eq!(world.run(|work| work.next_due()).unwrap(), Some(after(now, 60)));
        let (id, stale) = (job.id, job.clone());
        let waiting = world.run(move |work| work.job(id)).unwrap().unwrap();
        assert_eq!((waiting.attempts, waiting.error.as_deref()), (1, Some("no luck")));
        assert!(!world.run(move |work| work.finish_job(&stale)).unwrap(), "whoever held it before holds it no more");
        // Put there anew, it begins anew; whoever held it before does not put it off.
        put(world, Some("k"), after(now, 10), 2);
        world.run(move |work| work.postpone_job(&job, after(now, 90), "late")).unwrap();
        let anew = take(world, after(now, 10)).unwrap().unwrap();
        assert_eq!((anew.attempts, anew.error, anew.payload), (0, None, json!(2)));
    });
}

#[test]
fn a_job_is_written_with_its_cause_and_done_with_its_work() {
    in_both(|world| {
        let now = world.workspace.clock().now();
        let failed = world.run(move |work| {
            work.enqueue("work", None, now, json!(1))?;
            Err::<(), _>(rolled_back())
        });
        assert!(failed.is_err());
        assert_eq!(take(world, now).unwrap(), None);
        put(world, None, now, 2);
        let failed = world.run(move |work| {
            let job = work.due_job(now)?.unwrap();
            work.finish_job(&job)?;
            Err::<(), _>(rolled_back())
        });
        assert!(failed.is_err());
        assert_eq!(take(world, now).unwrap().unwrap().payload, json!(2));
    });
}

#[test]
fn many_workers_do_each_job_once() {
    in_both(|world| {
        let now = world.workspace.clock().now();
        for payload in 0..40 {
            put(world, None, now, payload);
        }
        let done = Mutex::new(Vec::new());
        thread::scope(|scope| {
            for _ in 0..5 {
                scope.spawn(|| {
                    while let Some(job) = take(world, now).unwrap() {
                        done.lock().unwrap().push(job.payload.as_i64().unwrap());
                    }
                });
            }
        });
        let mut done = done.into_inner().unwrap();
        done.sort_unstable();
        assert_eq!(done, (0..40).collect::<Vec<_>>());
    });
}

#[test]
fn a_held_job_is_passed_over() {
    in_both(|world| {
        if world.database.name != "postgres" {
            return; // The one writer of SQLite holds nothing back.
        }
        let now = world.workspace.clock().now();
        put(world, None, now, 1);
        put(world, None, now, 2);
        let (held, holds) = std::sync::mpsc::channel();
        let (go, gone) = std::sync::mpsc::channel::<()>();
        let gone = Mutex::new(gone);
        thread::scope(|scope| {
            scope.spawn(|| {
                let slow = world.workspace.write_blocking(model::Actor::System("slow"), store::Origin::from("job"), {
                    let gone = gone.into_inner().unwrap();
                    move |work| {
                        let job = work.due_job(now)?.unwrap();
                        held.send(job.payload.clone()).unwrap();
                        gone.recv().unwrap();
                        work.finish_job(&job)
                    }
                });
                assert!(slow.unwrap());
            });
            assert_eq!(holds.recv().unwrap(), json!(1));
            assert_eq!(take(world, now).unwrap().unwrap().payload, json!(2));
            assert_eq!(take(world, now).unwrap(), None);
            go.send(()).unwrap();
        });
    });
}
