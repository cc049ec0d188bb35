//! What keys do is written down in one list: nothing is bound beside it, and nothing stands in it that nobody acts on.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::fs;

/// What the browser does by itself where the list says it.
const BY_ITSELF: [&str; 1] = ["open"];

/// The scripts, by name.
fn scripts() -> Vec<(String, String)> {
    let folder = fs::read_dir("web/src/ts").unwrap();
    let script =
        |entry: fs::DirEntry| (entry.file_name().into_string().unwrap(), fs::read_to_string(entry.path()).unwrap());
    folder.map(|entry| script(entry.unwrap())).collect()
}

/// What stands in quotes right behind `before`.
fn quoted<'t>(text: &'t str, before: &'t str) -> impl Iterator<Item = &'t str> {
    text.split(before).skip(1).filter_map(|rest| rest.split('"').next())
}

#[test]
fn what_is_bound_is_listed_and_what_is_listed_is_bound() {
    let listed: BTreeSet<&str> = assets::keys().map(|(what, _)| what).collect();
    assert_eq!(listed.len(), assets::keys().count(), "each once");
    let scripts = scripts();
    let (_, keys) = scripts.iter().find(|(name, _)| name == "keys.ts").unwrap();
    let actions = keys.split("const ACTIONS").nth(1).unwrap().split("\n};").next().unwrap();
    let named = actions.lines().filter_map(|line| line.strip_prefix("  ")).filter(|line| !line.starts_with([' ', '}']));
    let named = named.filter_map(|line| line.split([':', ',']).next()).map(|name| name.trim_matches('"'));
    let asked = scripts.iter().flat_map(|(_, script)| quoted(script, "does(event, \""));
    let bound: BTreeSet<&str> = asked.chain(named).chain(BY_ITSELF).collect();
    assert_eq!(bound, listed);
}

#[test]
fn no_key_of_a_whole_page_is_bound_beside_the_list() {
    for (name, script) in scripts() {
        let text = script.split_whitespace().collect::<Vec<_>>().join(" ");
        let of_page =
            ["document.addEventListener(", " addEventListener("].iter().flat_map(|call| text.split(call).skip(1));
        for handler in of_page.filter_map(|rest| rest.trim_start().strip_prefix("\"keydown\", (event)")) {
            let asks = handler.split("document.addEventListener(").next().unwrap();
            assert!(asks.contains("does(event, "), "{name} acts on keys that are in no list: {asks}");
        }
    }
}
