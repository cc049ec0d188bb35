//! Many at once: one value, one version, one answer; numbers without gaps.

use std::collections::BTreeSet;
use std::thread;

use serde_json::json;
use store::{Answer, Draft, Error, Result};

use crate::world::{World, create, faults, in_both, rolled_back};

const AT_ONCE: usize = 6;

fn at_once<T: Send>(work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let work = &work;
    thread::scope(|scope| {
        let threads: Vec<_> = (0..AT_ONCE).map(|number| scope.spawn(move || work(number))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

#[test]
fn a_unique_value_goes_to_one() {
    in_both(|world| {
        let results = at_once(|_| world.run(|work| create(work, "visits", &json!({"name": "x", "code": "A"}))));
        assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
        for error in results.into_iter().filter_map(Result::err) {
            assert!(matches!(error, Error::Conflict { code: "duplicate", .. }), "{error:?}");
            assert_eq!(faults(&error), [("code".to_owned(), "duplicate".to_owned())]);
        }
    });
}

#[test]
fn one_writer_of_a_version_wins() {
    in_both(|world| {
        let id = world.make("visits", &json!({"name": "x"}));
        let set = |number: usize, expected| {
            let seats = i64::try_from(number).unwrap() + 1;
            world.run(move |work| work.update("visits", id, Draft::new().set("seats", seats), expected))
        };
        let results = at_once(|number| set(number, Some(1)));
        assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
        assert!(
            results
                .iter()
                .filter_map(|result| result.as_ref().err())
                .all(|error| matches!(error, Error::Stale { current: 2 }))
        );
    });
}

#[test]
fn no_change_is_lost() {
    in_both(|world| {
        let id = world.make("visits", &json!({"name": "x", "seats": 0}));
        at_once(|_| {
            for _ in 0..4 {
                let add = world.run(move |work| {
                    let seats = work.hold_for_process("visits", id)?.get("seats").as_int().unwrap_or_default();
                    work.update("visits", id, Draft::new().set("seats", seats + 1), None)
                });
                add.unwrap();
            }
        });
        let record = world.run(move |work| work.get("visits", id)).unwrap();
        let changes = i64::try_from(AT_ONCE * 4).unwrap();
        assert_eq!((record.get("seats").as_int(), record.version), (Some(changes), changes + 1));
    });
}

#[test]
fn numbers_have_no_gaps_though_works_fail() {
    in_both(|world: &World| {
        let given: Vec<i64> = at_once(|thread| {
            let take = |fails: bool| {
                world.run(move |work| {
                    let number = work.next_number("invoices")?;
                    if fails { Err(rolled_back()) } else { Ok(number) }
                })
            };
            (0..6).filter_map(|turn| take((thread + turn) % 3 == 0).ok()).collect::<Vec<_>>()
        })
        .concat();
        let numbers: BTreeSet<i64> = given.iter().copied().collect();
        assert_eq!(numbers, (1..=i64::try_from(given.len()).unwrap()).collect());
        assert_eq!(world.run(|work| work.next_number("others")).unwrap(), 1, "each series counts for itself");
    });
}

#[test]
fn a_repeated_request_is_done_once() {
    in_both(|world| {
        let answers = at_once(|_| {
            world.run(|work| {
                if let Some(answer) = work.answered("me", "k", b"request")? {
                    return Ok(answer);
                }
                let id = create(work, "visits", &json!({"name": "x"}))?;
                let headers = vec![("location".to_owned(), "/x".to_owned())];
                let answer = Answer { status: 201, headers, body: id.to_string().into_bytes() };
                work.keep_answer("me", "k", b"request", &answer)?;
                Ok(answer)
            })
        });
        let first = answers[0].clone().unwrap();
        assert!(answers.into_iter().all(|answer| answer.unwrap() == first));
        assert_eq!(world.run(|work| work.count("visits", &store::List::default(), None)).unwrap(), 1);
        let other = world.run(|work| work.answered("me", "k", b"another request")).unwrap_err();
        assert_eq!(faults(&other)[0].1, "idempotency_mismatch");
        assert_eq!(world.run(|work| work.answered("somebody else", "k", b"request")).unwrap(), None);
    });
}

#[test]
fn answers_are_forgotten_after_two_days() {
    in_both(|world| {
        let answer = Answer { status: 200, headers: Vec::new(), body: vec![0, 255] };
        let kept = answer.clone();
        world.run(move |work| work.keep_answer("me", "old", b"r", &kept)).unwrap();
        assert_eq!(world.run(|work| work.answered("me", "old", b"r")).unwrap(), Some(answer.clone()));
        let later = world.workspace.clock().now() + jiff::SignedDuration::from_hours(49);
        world.workspace.move_clock(later).unwrap();
        world.run(move |work| work.keep_answer("me", "new", b"r", &answer)).unwrap();
        assert_eq!(world.run(|work| work.answered("me", "old", b"r")).unwrap(), None);
    });
}
