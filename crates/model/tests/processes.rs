//! Processes of one pack, changed by another: what is said of their parts, how moves are addressed, what goes out of use.
#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is not there")]

use std::collections::BTreeMap;

use model::Definitions;
use model::pack::{Pack, PackError};

const BOOKS: &str = r#"
name = "books"
label = { ru = "Книги", en = "Books" }
one = { ru = "Книга", en = "Book" }
title = "name"
fields = [
    { name = "name", type = "text" },
    { name = "price", type = "number" },
    { name = "status", type = "choice", set_by = "process" },
]
"#;

const READING: &str = r#"
name = "reading"
label = { ru = "Чтение", en = "Reading" }
module = "books"
initial = "new"
states = [
    { name = "new", label = { ru = "Новая", en = "New" } },
    { name = "begun", label = { ru = "Начата", en = "Begun" } },
    { name = "read", label = { ru = "Прочитана", en = "Read" }, phase = "won" },
]
transitions = [
    { name = "on", label = { ru = "Дальше", en = "On" }, from = ["new"], to = "begun" },
    { name = "on", label = { ru = "Дальше", en = "On" }, from = ["begun"], to = "read" },
    { name = "again", label = { ru = "Снова", en = "Again" }, from = ["read"], to = "new" },
    { name = "again", label = { ru = "Снова", en = "Again" }, from = ["read"], to = "begun", guard = "price > 1" },
    { name = "lent", label = { ru = "Отдана", en = "Lent" }, from = ["new"], to = "begun", by = "process" },
]
timers = [{ name = "dust", states = ["new"], after = "P7D" }]
"#;

fn pack(name: &str, files: &[(&str, &str)]) -> Pack {
    let manifest = format!("name = \"{name}\"\nlabel = {{ ru = \"П\", en = \"P\" }}\nversion = 1\n");
    let files = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
    let files: BTreeMap<String, String> = files.chain([("pack.toml".to_owned(), manifest)]).collect();
    Pack::read(files).unwrap()
}

fn joined(extension: &str) -> Result<Definitions, Vec<PackError>> {
    let first = pack("library", &[("modules/books.toml", BOOKS), ("processes/reading.toml", READING)]);
    let said = format!("extends = \"reading\"\n{extension}");
    Definitions::from_packs(&[first, pack("mine", &[("processes/reading.toml", &said)])])
}

fn keys(definitions: &Definitions) -> Vec<String> {
    definitions.process("books").unwrap().transitions.iter().map(|step| step.key.clone()).collect()
}

#[test]
fn moves_are_addressed_by_the_shortest_key_that_means_one() {
    let plain = joined("").unwrap();
    assert_eq!(keys(&plain), ["on.new", "on.begun", "again.read.new", "again.read.begun", "lent"]);
    // The key does not follow what is changed, and a move of the same name makes others longer.
    let more = joined(
        "states = [{ name = \"lost\", label = { ru = \"Нет\", en = \"Lost\" } }]\n\
         transitions = [{ name = \"lent\", label = { ru = \"О\", en = \"L\" }, from = [\"lost\"], to = \"new\" }]\n\
         [[transition_changes]]\nname = \"on.begun.read\"\nfrom = [\"new\"]\nto = \"lost\"\n",
    )
    .unwrap();
    assert_eq!(keys(&more), ["on.new", "on.begun", "again.read.new", "again.read.begun", "lent.new", "lent.lost"]);
    let process = more.process("books").unwrap();
    let step = process.addressed("on.begun").unwrap();
    assert_eq!((step.from.join(","), step.to.as_str()), ("new".to_owned(), "lost"));
}

#[test]
fn parts_are_changed_put_in_order_and_retired() {
    let definitions = joined(
        "order = [\"read\", \"new\"]\ninitial = \"begun\"\nlabel = { ru = \"Ч\", en = \"R\" }\n\
         [[state_changes]]\nname = \"new\"\nretired = true\nmoves_to = \"begun\"\n\
         [[transition_changes]]\nname = \"again.read.begun\"\nclear = [\"guard\"]\nasks = [\"price\"]\n\
         [[timer_changes]]\nname = \"dust\"\nafter = \"PT5H\"\n",
    )
    .unwrap();
    let process = definitions.process("books").unwrap();
    let names: Vec<_> = process.states.iter().map(|state| state.name.as_str()).collect();
    assert_eq!(names, ["read", "new", "begun"]);
    assert_eq!(process.states_in_use().count(), 2);
    assert_eq!(
        keys(&definitions),
        ["on.new", "on.begun", "again.read.begun", "lent"],
        "nothing leads to what is retired"
    );
    assert_eq!(process.retired_transitions.len(), 1);
    let again = process.addressed("again.read.begun").unwrap();
    assert_eq!((&again.guard, again.asks.join(",")), (&None, "price".to_owned()));
    assert_eq!(process.timer("dust").unwrap().after, "PT5H");
    let field = definitions.module("books").unwrap().field("status").unwrap();
    assert!(field.option("new").is_some(), "it stays a value of records");
    assert_eq!(field.default, Some("begun".into()));
}

#[test]
fn what_does_not_fit_is_told_with_its_place() {
    for (extension, place) in [
        ("order = [\"gone\"]\n", "order"),
        ("[[state_changes]]\nname = \"gone\"\ncolour = \"bad\"\n", "states.gone"),
        ("[[state_changes]]\nname = \"new\"\nphase = \"over\"\n", "states.new.phase"),
        ("[[state_changes]]\nname = \"new\"\nretired = true\n", "states.new.retired"),
        ("[[state_changes]]\nname = \"begun\"\nretired = true\n", "states.begun.retired"),
        ("[[state_changes]]\nname = \"read\"\nmoves_to = \"new\"\n", "states.read.moves_to"),
        ("[[transition_changes]]\nname = \"on\"\nguard = \"true\"\n", "transitions.on"),
        ("[[transition_changes]]\nname = \"lent\"\nto = \"read\"\n", "transitions.lent.to"),
        ("[[transition_changes]]\nname = \"lent\"\nretired = true\n", "transitions.lent.retired"),
        ("[[transition_changes]]\nname = \"on.new\"\nby = { roles = [\"king\"] }\n", "transitions.on.new.by"),
        ("[[transition_changes]]\nname = \"on.new\"\nguard = \"price\"\n", "transitions.on.new.guard"),
        ("[[transition_changes]]\nname = \"on.new\"\nfrom = []\n", "transitions.on.new.from"),
        ("[[timer_changes]]\nname = \"dust\"\nafter = \"P0D\"\n", "timers.dust.after"),
        ("timers = [{ name = \"dust\", states = [\"new\"], after = \"P1D\" }]\n", "timers.dust.name"),
        ("states = [{ name = \"new\", label = { ru = \"Н\", en = \"N\" } }]\n", "states.new.name"),
    ] {
        let errors = joined(extension).unwrap_err();
        let places: Vec<_> = errors.iter().filter_map(|error| error.place.as_ref()).map(|it| it.key.as_str()).collect();
        assert!(places.contains(&place), "{extension}: {errors:?}");
        assert!(errors.iter().any(|error| error.file == "processes/reading.toml"), "{errors:?}");
    }
    let nobody = Definitions::from_packs(&[pack("mine", &[("processes/x.toml", "extends = \"x\"\n")])]).unwrap_err();
    assert!(nobody.iter().any(|error| error.message.contains("not a process")), "{nobody:?}");
}
