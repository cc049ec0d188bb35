//! Counting by when records were made, against the records themselves.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::world::in_both;

#[test]
fn records_are_counted_between_bounds_as_far_as_they_are_seen() {
    in_both(|world| {
        for name in ["one", "two", "three"] {
            world.make("companies", &json!({"name": name, "owner": world.stranger.to_string()}));
            std::thread::sleep(std::time::Duration::from_millis(2));
        }
        let mine = world.make("companies", &json!({"name": "mine", "owner": world.me.to_string()}));
        let see = |actor| {
            world.see(actor, move |work| {
                let bounds = (-2_i64..3).map(|hours| work.now() + SignedDuration::from_hours(hours));
                work.made_between("companies", None, &bounds.collect::<Vec<_>>())
            })
        };
        assert_eq!(see(world.as_role(&["chief"])).unwrap(), [0, 4, 0, 0]);
        assert_eq!(see(world.as_role(&["own_own"])).unwrap(), [0, 1, 0, 0]);
        // The first bound belongs to a stretch, the second does not.
        let exact = world.see(world.as_role(&["chief"]), move |work| {
            let at = work.get("companies", mine)?.created_at;
            let bounds = [at, at + SignedDuration::from_micros(1), Timestamp::MAX];
            let filter = work.filter("companies", "name == \"mine\"")?;
            let other = work.filter("companies", "name == \"two\"")?;
            Ok((
                work.made_between("companies", Some(filter), &bounds)?,
                work.made_between("companies", Some(other), &bounds)?,
            ))
        });
        assert_eq!(exact.unwrap(), (vec![1, 0], vec![0, 0]));
        let none = world.see(world.as_role(&["chief"]), |work| work.made_between("companies", None, &[]));
        assert!(none.unwrap().is_empty());
    });
}
