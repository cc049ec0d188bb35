//! Modules shaped by several packs: extensions, earlier names, what is out of use, formulas and roll-ups.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use model::expr::{Env, Linked, Type, Want, compile};
use model::pack::Pack;
use model::{Currency, Definitions, FieldType, Id, Module, Money, Record, Value};

const FIRMS: &str = r#"
name = "firms"
label = { ru = "Фирмы", en = "Firms" }
one = { ru = "Фирма", en = "Firm" }
title = "name"
columns = ["name", "city"]
search = ["name", "city"]
groups = [ { label = { ru = "Главное", en = "Main" }, fields = ["name", "city"] } ]
fields = [
  { name = "name", type = "text", required = true },
  { name = "city", type = "text" },
  { name = "mood", type = "choice", options = [ { value = "calm", label = { ru = "Спокойно", en = "Calm" } } ] },
  { name = "fee", type = "money" },
  { name = "seats", type = "number" },
  { name = "secret", type = "number", computed = true },
]
"#;

const VISITS: &str = r#"
name = "visits"
label = { ru = "Визиты", en = "Visits" }
one = { ru = "Визит", en = "Visit" }
title = "name"
fields = [
  { name = "name", type = "text" },
  { name = "firm", type = "link", module = "firms" },
  { name = "price", type = "money" },
  { name = "hours", type = "decimal", scale = 2 },
  { name = "day", type = "date" },
]
"#;

fn pack(name: &str, files: &[(&str, &str)]) -> Pack {
    let manifest = format!("name = \"{name}\"\nlabel = {{ ru = \"П\", en = \"P\" }}\nversion = 1\n");
    let files = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
    let files: BTreeMap<_, _> = files.chain([("pack.toml".to_owned(), manifest)]).collect();
    Pack::read(files).unwrap_or_else(|errors| panic!("{errors:#?}"))
}

fn base() -> Pack {
    pack("base", &[("modules/firms.toml", FIRMS), ("modules/visits.toml", VISITS)])
}

fn joined(extensions: &[&str]) -> Result<Definitions, String> {
    let more = extensions.iter().enumerate().map(|(at, text)| {
        let name = if text.contains("\"visits\"") && text.starts_with("extends") { "visits" } else { "firms" };
        pack(&format!("more{at}"), &[(&format!("modules/{name}.toml"), text)])
    });
    let packs: Vec<_> = [base()].into_iter().chain(more).collect();
    let said = |errors: Vec<model::pack::PackError>| errors.iter().map(|error| format!("{error}\n")).collect();
    Definitions::from_packs(&packs).map_err(said)
}

fn names(module: &Module) -> Vec<&str> {
    module.fields.iter().map(|field| field.name.as_str()).collect()
}

#[test]
fn two_packs_extend_one_module() {
    let definitions = joined(&[
        "extends = \"firms\"\nlabel = { ru = \"Клиенты\", en = \"Clients\" }\ncolumns = [\"rank\"]\nsearch = [\"city\"]\n\
         groups = [ { label = { ru = \"Главное\", en = \"Main\" }, fields = [\"rank\"] } ]\n\
         fields = [ { name = \"rank\", type = \"rating\" } ]\n",
        "extends = \"firms\"\nmenu = true\nreplaces = [\"search\"]\nsearch = [\"name\", \"motto\"]\n\
         fields = [ { name = \"motto\", type = \"text\" } ]\n\
         [[changes]]\nfield = \"city\"\nlabel = { ru = \"Город\", en = \"Town\" }\nrequired = true\ndefault = \"Казань\"\n\
         [[changes]]\nfield = \"rank\"\nhelp = { ru = \"от 1\", en = \"from 1\" }\n",
    ])
    .unwrap();
    let firms = definitions.module("firms").unwrap();
    assert_eq!(names(firms), ["name", "city", "mood", "fee", "seats", "secret", "rank", "motto"]);
    assert_eq!((firms.label.en.as_str(), firms.menu), ("Clients", true));
    assert_eq!(firms.columns, ["name", "city", "rank"]);
    assert_eq!(firms.search, ["name", "motto"]);
    assert_eq!(firms.groups.len(), 1);
    assert_eq!(firms.groups.first().unwrap().fields, ["name", "city", "rank"]);
    let city = firms.field("city").unwrap();
    assert!(city.required);
    assert_eq!((city.label.en.as_str(), city.default.as_ref().unwrap().as_str()), ("Town", Some("Казань")));
    assert_eq!(firms.field("rank").unwrap().help.as_ref().unwrap().en, "from 1");
}

#[test]
fn what_does_not_fit_is_refused_with_file_and_reason() {
    for (extensions, reason) in [
        (vec!["extends = \"boats\"\n"], "extends \"boats\", which is not a module"),
        (
            vec!["extends = \"firms\"\n[[changes]]\nfield = \"colour\"\nrequired = true\n"],
            "firms have no field \"colour\"",
        ),
        (
            vec!["extends = \"firms\"\nfields = [ { name = \"city\", type = \"text\" } ]\n"],
            "have a field \"city\" already",
        ),
        (
            vec![
                "extends = \"firms\"\nfields = [ { name = \"rank\", type = \"number\" } ]\n",
                "extends = \"firms\"\nfields = [ { name = \"rank\", type = \"rating\" } ]\n",
            ],
            "(pack more1) firms have a field \"rank\" already",
        ),
        (vec!["extends = \"firms\"\n[[changes]]\nfield = \"seats\"\ntype = \"text\"\n"], "type cannot be changed"),
        (
            vec!["extends = \"firms\"\n[[changes]]\nfield = \"seats\"\nname = \"chairs\"\n"],
            "\"name\" is not a property",
        ),
        (vec!["extends = \"firms\"\n[[changes]]\nfield = \"seats\"\nrequired = 3\n"], "invalid type"),
        (
            vec!["extends = \"firms\"\n[[changes]]\nfield = \"seats\"\nvalidation = \"seats >\"\n"],
            "validation of seats",
        ),
        (vec!["extends = \"firms\"\ncolumns = [\"nothing\"]\n"], "no field \"nothing\""),
    ] {
        let error = joined(&extensions).unwrap_err();
        assert!(error.contains(reason) && error.starts_with("modules/firms.toml: "), "{extensions:?}: {error}");
    }
    let same = "extends = \"firms\"\n[[changes]]\nfield = \"seats\"\ntype = \"number\"\nindex = true\n";
    assert!(joined(&[same]).unwrap().module("firms").unwrap().field("seats").unwrap().index);
}

#[test]
fn a_former_name_leads_to_the_present_one() {
    let renamed = FIRMS
        .replace("{ name = \"city\", type = \"text\" }", "{ name = \"town\", formerly = [\"city\"], type = \"text\" }");
    let refused = Definitions::from_packs(&[pack("base", &[("modules/firms.toml", &renamed)])]).unwrap_err();
    let said: String = refused.iter().map(|error| format!("{error}\n")).collect();
    assert!(said.contains("the field \"city\" of firms is called \"town\" now"), "{said}");
    let renamed = renamed.replace("\"city\"]", "\"town\"]").replace("formerly = [\"town\"]", "formerly = [\"city\"]");
    let definitions = Definitions::from_packs(&[pack("base", &[("modules/firms.toml", &renamed)])]).unwrap();
    let firms = definitions.module("firms").unwrap();
    assert_eq!(firms.field_or_former("city").unwrap().name, "town");
    assert_eq!(firms.field_or_former("town").unwrap().name, "town");
    assert!(firms.field("city").is_none(), "the API knows only the present name");
    let error = compile("city == \"x\"", firms, &definitions, Want::Bool).unwrap_err();
    assert!(error.message.contains("\"town\" now"), "{error}");
    let mixed = renamed.replace("{ name = \"seats\",", "{ name = \"city\", type = \"text\" }, { name = \"seats\",");
    let mixed = Definitions::from_packs(&[pack("base", &[("modules/firms.toml", &mixed)])]).unwrap_err();
    assert!(mixed.iter().any(|error| error.message.contains("history")), "{mixed:?}");
}

#[test]
fn what_is_retired_is_nowhere_and_comes_back() {
    let with = |retired: bool| {
        joined(&[&format!(
            "extends = \"firms\"\n[[changes]]\nfield = \"city\"\nretired = {retired}\nrequired = true\n"
        )])
    };
    let definitions = with(true).unwrap();
    let firms = definitions.module("firms").unwrap();
    assert!(firms.field("city").is_none() && !names(firms).contains(&"city"));
    assert_eq!(
        (firms.columns.as_slice(), firms.search.as_slice()),
        (["name".to_owned()].as_slice(), ["name".to_owned()].as_slice())
    );
    assert_eq!(firms.kept().filter(|field| field.name == "city").count(), 1, "its column stays");
    let error = compile("city == \"x\"", firms, &definitions, Want::Bool).unwrap_err();
    assert!(error.message.contains("retired"), "{error}");
    assert!(with(false).unwrap().module("firms").unwrap().columns.contains(&"city".to_owned()));
    let error = joined(&["extends = \"firms\"\n[[changes]]\nfield = \"name\"\nretired = true\n"]).unwrap_err();
    assert!(error.contains("cannot be retired"), "{error}");
    let gone = joined(&["extends = \"firms\"\nretired = true\n"]).unwrap();
    assert!(gone.module("firms").is_none() && gone.retired_modules().any(|module| module.name == "firms"));
    assert!(!names(gone.module("visits").unwrap()).contains(&"firm"), "links to it wait");
}

#[test]
fn formulas_know_their_types_and_use_each_other() {
    let definitions = joined(&["extends = \"firms\"\nfields = [\n\
        { name = \"double\", type = \"formula\", expression = \"seats * 2\" },\n\
        { name = \"more\", type = \"formula\", expression = \"double + 1.25\" },\n\
        { name = \"both\", type = \"formula\", expression = \"fee * seats\" },\n\
        { name = \"big\", type = \"formula\", expression = \"more > 10 && has(city)\" },\n\
        { name = \"visits\", type = \"roll_up\", via = \"visits.firm\", measure = \"count()\", filter = \"hours > 1\" },\n\
        { name = \"hours\", type = \"roll_up\", via = \"visits.firm\", measure = \"avg(hours)\" },\n\
        { name = \"last\", type = \"roll_up\", via = \"visits.firm\", measure = \"max(day)\" },\n\
        { name = \"paid\", type = \"roll_up\", via = \"visits.firm\", measure = \"sum(price * 2)\" },\n\
        { name = \"rest\", type = \"formula\", expression = \"fee - paid\" },\n]\n"])
    .unwrap();
    let firms = definitions.module("firms").unwrap();
    for (name, kind, scale) in [
        ("double", FieldType::Number, 0),
        ("more", FieldType::Decimal, 2),
        ("both", FieldType::Money, 0),
        ("big", FieldType::Checkbox, 0),
        ("visits", FieldType::Number, 0),
        ("hours", FieldType::Decimal, 4),
        ("last", FieldType::Date, 0),
        ("paid", FieldType::Money, 0),
        ("rest", FieldType::Money, 0),
    ] {
        let field = firms.field(name).unwrap();
        assert_eq!((field.read_as(), field.scale, field.is_stored()), (kind, scale, false), "{name}");
    }
    let kind = |text: &str| compile(text, definitions.module("visits").unwrap(), &definitions, Want::Any).unwrap().kind;
    assert_eq!(kind("firm.more"), Type::Decimal { scale: 2 }, "through a link as well");
    let value = |text: &str| {
        let rub = |minor| Value::Money(Money { minor, currency: Currency::RUB });
        let firm =
            record(firms, &[("seats", Value::Int(6)), ("fee", rub(100)), ("paid", rub(30)), ("city", "x".into())]);
        let visits = definitions.module("visits").unwrap();
        let visit = record(visits, &[("firm", Value::Id(firm.id))]);
        let firm = Arc::new(firm);
        let load = |_: &Module, id: Id| (id == firm.id).then(|| firm.clone());
        compile(text, visits, &definitions, Want::Any).unwrap().eval(&Linked { record: &visit, load: &load }, &env())
    };
    assert_eq!(value("firm.double"), Value::Int(12));
    assert_eq!(value("firm.more"), Value::Decimal { unscaled: 1325, scale: 2 });
    assert_eq!(value("firm.big"), Value::Bool(true));
    assert_eq!(value("firm.rest"), Value::Money(Money { minor: 70, currency: Currency::RUB }));
}

#[test]
fn formulas_that_cannot_be_are_refused_where_they_stand() {
    let formula =
        |name: &str, text: &str| format!("{{ name = \"{name}\", type = \"formula\", expression = '{text}' }}");
    let roll_up = |via: &str, measure: &str, filter: &str| {
        format!("{{ name = \"r\", type = \"roll_up\", via = \"{via}\", measure = \"{measure}\", filter = '{filter}' }}")
    };
    for (fields, key, reason) in [
        (vec![formula("a", "b + 1"), formula("b", "a + 1")], "expression", "firms.a → firms.b → firms.a"),
        (vec![formula("a", "a + 1")], "expression", "firms.a → firms.a"),
        (vec![formula("a", "nothing + 1")], "expression", "no field \"nothing\""),
        (vec![formula("a", "city + 1")], "expression", "does not go with"),
        (vec![formula("a", "secret + 1")], "expression", "worked out by the program"),
        (vec![formula("a", "null")], "expression", "not null"),
        (vec![format!("{{ name = \"a\", type = \"formula\" }}")], "expression", "needs an expression"),
        (vec![roll_up("visits.name", "count()", "true")], "via", "no link \"name\""),
        (vec![roll_up("boats.firm", "count()", "true")], "via", "no module \"boats\""),
        (vec![roll_up("visits.firm", "mean(hours)", "true")], "measure", "a measure is"),
        (vec![roll_up("visits.firm", "sum(name)", "true")], "measure", "no such measure"),
        (vec![roll_up("visits.firm", "sum(hours)", "hours")], "filter", "condition is wanted"),
        (vec![roll_up("visits.firm", "sum(firm.r)", "true")], "measure", "firms.r → firms.r"),
    ] {
        let pack = pack(
            "own",
            &[("modules/firms.toml", &format!("extends = \"firms\"\nfields = [ {} ]\n", fields.join(", ")))],
        );
        let errors = Definitions::from_packs(&[base(), pack]).unwrap_err();
        let found = errors
            .iter()
            .any(|error| error.message.contains(reason) && error.place.as_ref().is_some_and(|place| place.key == key));
        assert!(found, "{fields:?}: {errors:#?}");
    }
    // Each of these doubles the one before: refused before it grows beyond bounds.
    let mut fields = vec![formula("f0", "seats + seats")];
    fields.extend((1..40).map(|n| formula(&format!("f{n}"), &format!("f{} + f{}", n - 1, n - 1))));
    let error = joined(&[&format!("extends = \"firms\"\nfields = [ {} ]\n", fields.join(",\n"))]).unwrap_err();
    assert!(error.contains("more than 2000 parts"), "{error}");
}

#[test]
fn a_module_says_which_roles_may_use_it() {
    let role = "name = \"guest\"\nlabel = { ru = \"Гость\", en = \"Guest\" }\n[modules.\"*\"]\nread = \"own\"\n";
    let module = format!("{}\n[rights.guest]\nread = \"all\"\ncreate = true\n", VISITS.replace("visits", "stays"));
    let packs = [base(), pack("own", &[("modules/stays.toml", &module), ("roles/guest.toml", role)])];
    let definitions = Definitions::from_packs(&packs).unwrap();
    let guest = definitions.role("guest").unwrap();
    assert!(guest.grant("stays").unwrap().create && !guest.grant("visits").unwrap().create);
}

#[test]
fn a_veil_hides_what_can_be_hidden_in_some_records() {
    let veiled = |fields: &str, rest: &str| {
        let veil = format!("\n[[veils]]\nfields = [{fields}]\n{rest}\n");
        let module = format!("{}{veil}", VISITS.replace("visits", "stays"));
        let packs = [base(), pack("own", &[("modules/stays.toml", &module)])];
        Definitions::from_packs(&packs).map_err(|errors| format!("{errors:?}"))
    };
    let definitions =
        veiled("\"name\", \"price\"", "over = \"firm\"\nshown = 'created_by == me()'\nfiles = true").unwrap();
    let stays = definitions.module("stays").unwrap();
    assert!(stays.is_veiled("price") && !stays.is_veiled("day"));
    let (veil, mut values) = (stays.veils.first().unwrap(), vec![Value::Null; stays.fields.len()]);
    assert!(veil.plan().is_some() && veil.files && !veil.hangs_over(stays, &values));
    values[stays.position("firm").unwrap()] = Value::Id(Id::new());
    assert!(veil.hangs_over(stays, &values));
    for (fields, rest, reason) in [
        ("\"name\"", "shown = 'nothing == 1'", "no field \\\"nothing\\\""),
        ("\"name\"", "shown = 'hours + 1'", "a condition is wanted here"),
        ("\"nothing\"", "shown = 'true'", "no field \\\"nothing\\\""),
        ("\"name\"", "over = \"nothing\"\nshown = 'true'", "no field \\\"nothing\\\""),
    ] {
        let error = veiled(fields, rest).unwrap_err();
        assert!(error.contains(reason), "{fields} {rest}: {error}");
    }
    let module = format!("{}\n[[veils]]\nfields = [\"name\"]\nshown = 'true'\n", VISITS.replace("visits", "stays"));
    let retired = "extends = \"stays\"\n[[changes]]\nfield = \"name\"\nretired = true\n";
    let packs =
        [base(), pack("own", &[("modules/stays.toml", &module)]), pack("more", &[("modules/stays.toml", retired)])];
    let errors = Definitions::from_packs(&packs).unwrap_err();
    assert!(errors.iter().any(|error| error.message.contains("a veil is hung by it")), "{errors:?}");
}

fn record(module: &Arc<Module>, values: &[(&str, Value)]) -> Record {
    let mut record = Record {
        module: module.clone(),
        id: Id::new(),
        version: 1,
        created_at: Timestamp::UNIX_EPOCH,
        updated_at: Timestamp::UNIX_EPOCH,
        created_by: None,
        owner: None,
        deleted_at: None,
        values: vec![Value::Null; module.fields.len()],
        veiled: Vec::new(),
    };
    values.iter().for_each(|(name, value)| record.set(name, value.clone()));
    record
}

fn env() -> Env {
    Env { now: Timestamp::UNIX_EPOCH, zone: TimeZone::UTC, me: None, my_team: BTreeSet::new() }
}
