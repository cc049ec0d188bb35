//! A change set is read page by page: every change that its reader sees comes once, however many they do not see.

use std::collections::BTreeSet;

use model::Id;
use serde_json::json;
use store::{Changes, Draft, Work};

use super::{code, set};
use crate::world::{World, create, in_both};

/// More than the log is looked through at once.
const MANY: usize = 1_300;

fn page(world: &World, role: &str, set: Id, after: i64, limit: usize) -> Changes {
    let read = move |work: &mut Work<'_>| work.change_set_changes(set, after, limit);
    world.see(world.as_role(&[role]), read).unwrap()
}

/// The records of all pages, in order.
fn pages(world: &World, role: &str, set: Id, limit: usize) -> Vec<Id> {
    let (mut all, mut after) = (Vec::new(), 0);
    loop {
        let found = page(world, role, set, after, limit);
        assert!(found.changes.len() <= limit);
        assert!(found.next.is_none() || found.changes.len() == limit, "a page that others follow is full");
        all.extend(found.changes.iter().map(|((_, record), _)| *record));
        match found.next {
            Some(next) => after = next,
            None => return all,
        }
    }
}

#[test]
fn every_change_comes_once_and_only_to_whoever_sees_it() {
    in_both(|world| {
        let (me, stranger) = (world.me, world.stranger);
        // Three that are mine stand far behind many that are not.
        let make = move |work: &mut Work<'_>| {
            let mut mine = Vec::new();
            for number in 0..MANY {
                let is_mine = [0, MANY - 2, MANY - 1].contains(&number);
                let owner = if is_mine { me } else { stranger };
                let id = create(work, "companies", &json!({"name": format!("c{number}"), "owner": owner}))?;
                mine.extend(is_mine.then_some(id));
            }
            Ok((work.change_set().unwrap(), mine))
        };
        let (set, mine) = world.run(make).unwrap();
        for limit in [1, 2, 3, 4, 500] {
            assert_eq!(pages(world, "own_own", set, limit), mine, "pages of {limit}");
        }
        for limit in [499, 650, 1_300, 2_000] {
            let all = pages(world, "all_all", set, limit);
            assert_eq!(all.len(), MANY, "pages of {limit}");
            assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), MANY);
        }
        assert_eq!(pages(world, "none_none", set, 100), []);
    });
}

#[test]
fn a_change_set_is_known_to_whoever_sees_its_last_change() {
    in_both(|world| {
        let (me, stranger) = (world.me, world.stranger);
        let made = |last: Id| {
            set(world, move |work| {
                for number in 0..MANY {
                    let owner = if number + 1 == MANY { last } else { stranger };
                    create(work, "companies", &json!({"name": "c", "owner": owner}))?;
                }
                Ok(())
            })
        };
        let (seen, unseen) = (made(me), made(stranger));
        let head = |set: Id| world.see(world.as_role(&["own_own"]), move |work| work.seen_change_set(set));
        assert_eq!(head(seen).unwrap().id, seen);
        assert_eq!(code(&head(unseen).unwrap_err()), "not_found");
    });
}

#[test]
fn what_is_undone_and_done_again_stands() {
    in_both(|world| {
        let id = world.make("notes", &json!({"name": "a"}));
        let change = set(world, move |work| work.update("notes", id, Draft::new().set("name", "b"), None).map(drop));
        let undone_by = |set: Id| world.run(move |work| Ok(work.change_set_of(set)?.unwrap().undone_by)).unwrap();
        let mut chain = vec![change];
        for length in 1..6 {
            chain.push(super::undone(world, *chain.last().unwrap()));
            let last = *chain.last().unwrap();
            for (place, set) in chain.iter().enumerate() {
                let stands = (length - place).is_multiple_of(2);
                assert_eq!(undone_by(*set), (!stands).then_some(last), "{place} of {length}");
            }
            let history = world.run(move |work| {
                let module = work.module("notes")?;
                work.history(&module, id, None, 10)
            });
            for entry in history.unwrap() {
                assert_eq!(entry.undone_by, undone_by(entry.change_set), "the history says the same");
            }
        }
    });
}
