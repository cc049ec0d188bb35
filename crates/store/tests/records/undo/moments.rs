//! Every moment of a generated history, undos among it: what was seen then, the log as the test replays it, each record as it
//! stood and each list as it stood are one.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use model::{Actor, Id};
use serde_json::Value as Json;
use store::db::{DbError, Sql};
use store::{Error, List, Result, Work};

use super::generated::{Everything, MODULES, State, said};
use crate::world::{World, sort};

/// What stood right after a change set.
pub(super) struct Moment {
    pub(super) at: Timestamp,
    pub(super) set: Id,
    pub(super) then: Everything,
}

/// One line of the log, as the table has it.
struct Line {
    set: Id,
    record: Id,
    operation: String,
    delta: Json,
}

/// Looks back to every moment; answers how many records were compared.
pub(super) fn check(world: &World, moments: &[Moment]) -> usize {
    assert!(moments.is_sorted_by(|one, next| one.at < next.at), "each change set has a moment of its own");
    let lines = lines(world);
    let (mut lines, mut replayed) = (lines.iter().peekable(), BTreeMap::new());
    let own: BTreeSet<Id> = moments.iter().map(|moment| moment.set).collect();
    let (Some(first), Some(last)) = (moments.first(), moments.last()) else { return 0 };
    // Before it was made a record was not there.
    let nothing: Everything = last.then.keys().map(|key| (*key, None)).collect();
    let mut compared = shown(world, first.at - SignedDuration::from_micros(1), &nothing);
    for moment in moments {
        // Lines of earlier rounds belong to records that this one knows nothing of.
        while let Some(line) = lines.next_if(|line| line.set == moment.set || !own.contains(&line.set)) {
            take(&mut replayed, line);
        }
        let mut then = nothing.clone();
        then.extend(moment.then.clone());
        for ((module, id), state) in &then {
            let wanted = state.clone().map(|(mut values, in_bin)| {
                values.retain(|field, value| !value.is_null() && !field.starts_with("created_"));
                (values, in_bin)
            });
            assert_eq!(replayed.get(id), wanted.as_ref(), "the log of {module} {id} at {}", moment.at);
        }
        compared += shown(world, moment.at, &then);
    }
    assert!(lines.next().is_none(), "the log says nothing more");
    compared
}

fn lines(world: &World) -> Vec<Line> {
    let sql = Sql::new("select change_set, record, operation, delta from changes order by seq");
    let read = world.workspace.db().read_blocking(move |tx| {
        let line = |row: &store::db::Row| {
            Ok(Line { set: Id(row.uuid(0)?), record: Id(row.uuid(1)?), operation: row.text(2)?, delta: row.json(3)? })
        };
        tx.query(&sql)?.iter().map(line).collect::<Result<_, DbError>>()
    });
    read.unwrap()
}

fn take(replayed: &mut BTreeMap<Id, (BTreeMap<String, Json>, bool)>, line: &Line) {
    let (values, in_bin) = replayed.entry(line.record).or_default();
    for (field, pair) in line.delta.as_object().unwrap() {
        match field.as_str() {
            "deleted_at" => *in_bin = !pair[1].is_null(),
            _ if pair[1].is_null() => drop(values.remove(field)),
            _ => drop(values.insert(field.clone(), pair[1].clone())),
        }
    }
    if line.operation == "purge" {
        replayed.remove(&line.record);
    }
}

/// Records one by one and in lists, as the product shows them at the moment; answers how many.
fn shown(world: &World, at: Timestamp, then: &Everything) -> usize {
    let keys: Vec<_> = then.keys().copied().collect();
    let read = move |work: &mut Work<'_>| {
        work.as_process(|work| {
            let mut each = Everything::new();
            for (module, id) in &keys {
                let state = match work.get_as_of(module, *id, at) {
                    Err(Error::NotFound { .. }) => None,
                    record => said(&record?),
                };
                each.insert((module, *id), state);
            }
            let mut lists = Everything::new();
            for (module, deleted) in MODULES.iter().flat_map(|module| [(module, false), (module, true)]) {
                pages(work, module, deleted, at, &mut lists)?;
            }
            // What a list may show: of whatever is there today what was there then and did not lie in the bin.
            let mut there = BTreeSet::new();
            for (module, id) in &keys {
                if work.get(module, *id).is_ok() {
                    there.insert((*module, *id));
                }
            }
            Ok((each, lists, there))
        })
    };
    let (each, lists, there) = world.see(Actor::System("test"), read).unwrap();
    for (key, state) in then {
        assert_eq!(&each[key], state, "{key:?} as of {at}");
        let in_list: State = state.clone().filter(|(_, in_bin)| !in_bin && there.contains(key));
        assert_eq!(lists.get(key).cloned().flatten(), in_list, "{key:?} in the list as of {at}");
    }
    each.len()
}

fn pages(work: &mut Work<'_>, module: &'static str, deleted: bool, at: Timestamp, all: &mut Everything) -> Result<()> {
    let mut list = List { sort: vec![sort("id", false)], limit: 40, deleted, ..List::default() };
    loop {
        let page = work.list_as_of(module, &list, at)?;
        for record in &page.records {
            assert!(all.insert((module, record.id), said(record)).is_none(), "once in the pages");
        }
        list.cursor = page.next;
        if list.cursor.is_none() {
            return Ok(());
        }
    }
}
