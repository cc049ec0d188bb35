//! Versions: each change counts one, what changes nothing counts nothing, and a stale writer is refused.

use serde_json::json;
use store::{Draft, Error};

use crate::world::in_both;

#[test]
fn a_change_on_a_stale_version_is_refused() {
    in_both(|world| {
        let id = world.make("visits", &json!({"name": "x"}));
        let set = |seats: i64, expected| {
            world.run(move |work| Ok(work.update("visits", id, Draft::new().set("seats", seats), expected)?.version))
        };
        assert_eq!(set(1, Some(1)).unwrap(), 2);
        assert!(matches!(set(2, Some(1)), Err(Error::Stale { current: 2 })));
        assert_eq!(set(1, Some(2)).unwrap(), 2, "nothing changed");
        assert_eq!(set(2, None).unwrap(), 3);
        let stale = world.run(move |work| work.delete("visits", id, Some(1)));
        assert!(matches!(stale, Err(Error::Stale { current: 3 })));
        let stale = world.run(move |work| work.purge("visits", id, Some(1)));
        assert!(matches!(stale, Err(Error::Stale { current: 3 })));
        assert_eq!(world.run(move |work| work.delete("visits", id, Some(3))).unwrap().version, 4);
        assert_eq!(world.run(move |work| work.delete("visits", id, None)).unwrap().version, 4, "it is there already");
        assert_eq!(world.run(move |work| work.restore("visits", id)).unwrap().version, 5);
    });
}

#[test]
fn what_is_in_the_bin_is_restored_before_it_is_changed() {
    in_both(|world| {
        let id = world.make("visits", &json!({"name": "x"}));
        world.run(move |work| work.delete("visits", id, None)).unwrap();
        let refused = world.run(move |work| work.update("visits", id, Draft::new().set("seats", 1_i64), None));
        assert!(matches!(refused, Err(Error::Conflict { code: "deleted", .. })));
        assert!(world.run(move |work| work.get("visits", id)).unwrap().deleted_at.is_some());
    });
}

#[test]
fn a_failed_part_leaves_the_rest_of_the_work() {
    in_both(|world| {
        let id = world.make("visits", &json!({"name": "x"}));
        let (version, sets) = world
            .run(move |work| {
                let failed = work.attempt(|work| {
                    work.update("visits", id, Draft::new().set("seats", 1_i64), None)?;
                    work.update("visits", id, Draft::new().set("seats", 1_000_i64), None)
                });
                assert!(failed.is_err());
                assert_eq!(work.change_set(), None, "what was undone opened no change set");
                work.attempt(|work| work.update("visits", id, Draft::new().set("seats", 2_i64), None))?;
                let first = work.change_set();
                let after = work.update("visits", id, Draft::new().set("seats", 3_i64), None)?;
                Ok((after.version, (first, work.change_set())))
            })
            .unwrap();
        assert_eq!(version, 3);
        assert_eq!(sets.0, sets.1, "one work is one change set");
        assert!(sets.0.is_some());
    });
}
