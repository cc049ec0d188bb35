//! Links: to what is there and seen, kept when it goes to the bin, in the way when it is to go for good.

use serde_json::json;
use store::{Draft, Error};

use crate::world::{create, faults, in_both};

#[test]
fn a_link_leads_to_what_may_be_seen_and_is_not_in_the_bin() {
    in_both(|world| {
        let stranger = world.stranger;
        let foreign = world.make("companies", &json!({"name": "x", "owner": stranger}));
        let mine = world.make("companies", &json!({"name": "x"}));
        let link = |company: model::Id| {
            world.by(world.as_role(&["own_own"]), move |work| {
                create(work, "visits", &json!({"name": "v", "company": company}))
            })
        };
        assert_eq!(faults(&link(foreign).unwrap_err()), [("company".to_owned(), "not_found".to_owned())]);
        let visit = link(mine).unwrap();
        let other = json!({"name": "v", "thing": {"module": "companies", "id": foreign}});
        let about = world.by(world.as_role(&["own_own"]), move |work| create(work, "visits", &other));
        assert_eq!(faults(&about.unwrap_err()), [("thing".to_owned(), "not_found".to_owned())]);
        world.run(move |work| work.delete("companies", mine, None)).unwrap();
        assert_eq!(faults(&link(mine).unwrap_err()), [("company".to_owned(), "not_found".to_owned())]);
        let kept = world
            .run(move |work| work.update("visits", visit, Draft::new().set("company", mine).set("seats", 1_i64), None));
        assert_eq!(kept.unwrap().link("company"), Some(mine), "a link that was there stays");
    });
}

#[test]
fn what_is_linked_to_does_not_go_for_good() {
    in_both(|world| {
        let company = world.make("companies", &json!({"name": "x"}));
        let visit = world.make("visits", &json!({"name": "v", "company": company}));
        world.run(move |work| work.delete("visits", visit, None)).unwrap();
        let purge = |module: &'static str, id| world.run(move |work| work.purge(module, id, None));
        assert!(
            matches!(purge("companies", company), Err(Error::Conflict { code: "linked", .. })),
            "a link from the bin counts"
        );
        assert!(world.run(move |work| work.get("companies", company)).is_ok());
        purge("visits", visit).unwrap();
        purge("companies", company).unwrap();
        assert!(matches!(purge("companies", company), Err(Error::NotFound { .. })));
    });
}
