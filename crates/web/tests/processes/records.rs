//! What the model knows of each record, and how what the program shows is held against it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde_json::Value as Json;

use crate::table::{Table, Tables};
use crate::world::Api;

/// What the model says and the program does differ.
pub(crate) type Disagreement = String;

/// A record on its way.
#[derive(Clone, Debug)]
pub(crate) struct Tracked {
    pub(crate) state: String,
    /// Who brought it there; nobody where the program did, or it began there.
    pub(crate) brought_by: Option<String>,
}

/// The records of every module, by their ids.
pub(crate) type Records = BTreeMap<String, BTreeMap<String, Tracked>>;

/// Which moves there were from an instant on.
pub(crate) struct Epoch {
    pub(crate) from: Timestamp,
    pub(crate) edges: BTreeMap<String, BTreeSet<(String, String)>>,
    /// From where to where records of a retired state go.
    pub(crate) follows: BTreeMap<String, BTreeSet<(String, String)>>,
}

impl Epoch {
    pub(crate) fn new(from: Timestamp, tables: &Tables) -> Self {
        let goes = |table: &Table| {
            let gone = table.states.iter().filter_map(|state| Some((state.name.clone(), state.moves_to.clone()?)));
            (table.module.clone(), gone.collect())
        };
        Self {
            from,
            edges: tables.values().map(|table| (table.module.clone(), table.edges())).collect(),
            follows: tables.values().map(goes).collect(),
        }
    }
}

/// Whether a ticket comes back with its order, which was revived: the order's move, that the table of tickets does not draw.
pub(crate) fn is_revived(table: &Table, before: &str, after: &str) -> bool {
    table.module == "tickets" && before == "cancelled" && matches!(after, "reserved" | "issued")
}

/// The present state of every record of a module, page after page.
pub(crate) async fn present(api: &Api, table: &Table) -> BTreeMap<String, String> {
    let (mut all, mut cursor) = (BTreeMap::new(), String::new());
    loop {
        let path = format!("/api/v1/{}?limit=500&fields=id,{}{cursor}", table.module, table.field);
        let page = api.get(&path).await.expect(200);
        for record in page["data"].as_array().unwrap() {
            let state = record[&table.field].as_str().unwrap_or_default().to_owned();
            all.insert(record["id"].as_str().unwrap().to_owned(), state);
        }
        match page["next_cursor"].as_str() {
            Some(next) => {
                let next: String = next.bytes().map(|byte| format!("%{byte:02X}")).collect();
                cursor = format!("&cursor={next}");
            }
            None => return all,
        }
    }
}

/// The whole life of a record in its log: it began in a state of its process, every change joins on the one before, and
/// goes by a move that there was at that time, or by what was said of a retired state.
pub(crate) async fn audit(
    api: &Api,
    (table, is_fixed): (&Table, bool),
    id: &str,
    epochs: &[Epoch],
) -> Result<usize, Disagreement> {
    let path = format!("/api/v1/{}/{id}/timeline?limit=500", table.module);
    let line = api.get(&path).await.expect(200);
    let (mut state, mut moves): (Option<String>, usize) = (None, 0);
    for entry in line["data"].as_array().unwrap().iter().rev().filter(|entry| entry["kind"] == "change") {
        let fields = entry["fields"].as_array().into_iter().flatten();
        for field in fields.filter(|field| field["field"] == table.field.as_str()) {
            let (before, after) = (field["before"].as_str(), field["after"].as_str().unwrap_or_default());
            if before != state.as_deref() {
                return Err(format!("{path}: it stood as {state:?} and went on from {before:?}: {entry}"));
            }
            if let Some(before) = before {
                let at: Timestamp = entry["at"].as_str().unwrap().parse().unwrap();
                is_allowed((table, is_fixed), (before, after), (at, &entry["source"]), epochs)
                    .map_err(|why| format!("{path}: {why}: {entry}"))?;
                moves += 1;
            }
            state = Some(after.to_owned());
        }
    }
    Ok(moves)
}

fn is_allowed(
    (table, is_fixed): (&Table, bool),
    (before, after): (&str, &str),
    (at, source): (Timestamp, &Json),
    epochs: &[Epoch],
) -> Result<(), String> {
    let pair = (before.to_owned(), after.to_owned());
    let ends = epochs.iter().skip(1).map(|epoch| epoch.from).chain([Timestamp::MAX]);
    let mut then = epochs.iter().zip(ends).filter(|(epoch, end)| epoch.from <= at && at <= *end);
    let is_known = then.any(|(epoch, _)| {
        let (edges, follows) = (&epoch.edges[&table.module], &epoch.follows[&table.module]);
        // A typed service may make two moves in one: an order revived with its money there is paid at once.
        let in_two =
            || edges.iter().any(|(from, by)| from == before && edges.contains(&(by.clone(), after.to_owned())));
        edges.contains(&pair)
            || is_revived(table, before, after)
            || (source == "shape" && follows.contains(&pair))
            || (is_fixed && in_two())
    });
    if is_known { Ok(()) } else { Err(format!("no move led from {before:?} to {after:?} then")) }
}
