//! Every message that the code says is there, in both languages, and none is left that nobody says.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use fluent_bundle::{FluentResource, FluentValue};
use model::Locale;
use store::FieldError;

use super::{FILES, Words};

/// Keys that are put together from data begin with these; what follows is a code that some crate has in quotes, or the name
/// of a module or letter of a pack.
const BY_DATA: [&str; 24] = [
    "error-",
    "error-template_",
    "source-",
    "operation-",
    "list-empty-",
    "same-",
    "field-",
    "operator-",
    "operator-date-",
    "operator-many-",
    "type-",
    "organisation-",
    "organisation-help-",
    "organisation-terms-",
    "entity-",
    "provider-",
    "undo-",
    "undo-left-",
    "undo-why-",
    "notice-",
    "letters-",
    "survey-kind-",
    "function-",
    "key-",
];

fn keys(locale: Locale) -> BTreeMap<String, Vec<String>> {
    let mut keys = BTreeMap::new();
    for (_, name, text) in FILES.iter().filter(|file| file.0 == locale) {
        if let Err((_, errors)) = FluentResource::try_new((*text).to_owned()) {
            panic!("{locale}/{name}.ftl: {errors:?}");
        }
        let mut current = String::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            if let Some((key, _)) = line.split_once(" =").filter(|_| line.starts_with(|c: char| c.is_ascii_lowercase()))
            {
                current = key.to_owned();
                assert!(keys.insert(current.clone(), Vec::new()).is_none(), "{locale}: two messages are called {key}");
            }
            let arguments = line.split("{ $").skip(1).filter_map(|rest| rest.split([' ', '}']).next());
            keys.entry(current.clone()).or_default().extend(arguments.map(str::to_owned));
        }
    }
    keys.remove("");
    keys
}

fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("words/tests.rs") {
            into.push(path);
        }
    }
}

/// The codes that there are: whatever stands in quotes in any crate, and what files of packs are called.
fn codes() -> BTreeSet<String> {
    let mut files = Vec::new();
    for entry in fs::read_dir("..").unwrap() {
        let source = entry.unwrap().path().join("src");
        if source.is_dir() {
            sources(&source, &mut files);
        }
    }
    let is_tested = |file: &PathBuf| file.components().any(|part| part.as_os_str() == "tests");
    files.retain(|file| !is_tested(file) && !file.ends_with("tests.rs"));
    let mut codes = BTreeSet::new();
    for file in files {
        codes.extend(fs::read_to_string(file).unwrap().split('"').map(str::to_owned));
    }
    for part in ["modules", "letters"] {
        for pack in fs::read_dir("../../packs").unwrap() {
            let Ok(named) = fs::read_dir(pack.unwrap().path().join(part)) else { continue };
            codes.extend(named.filter_map(|file| Some(file.unwrap().path().file_stem()?.to_str()?.to_owned())));
        }
    }
    codes.extend(assets::keys().map(|(what, _)| what.to_owned()));
    codes
}

/// Whether a key is put together from a code that there is.
fn is_by_data(key: &str, codes: &BTreeSet<String>) -> bool {
    BY_DATA.iter().filter_map(|prefix| key.strip_prefix(prefix)).any(|rest| {
        let code = rest.strip_prefix("when-").unwrap_or(rest);
        let code = code.strip_suffix("-example").unwrap_or(code);
        codes.contains(code) || codes.contains(&code.replace('-', "_"))
    })
}

/// The texts in quotes of the source, and those that stand right behind `say(` or `say_with(`.
fn said() -> (BTreeSet<String>, BTreeSet<String>) {
    let mut files = Vec::new();
    sources(Path::new("src"), &mut files);
    let (mut literals, mut calls) = (BTreeSet::new(), BTreeSet::new());
    for file in files {
        let text = fs::read_to_string(file).unwrap();
        literals.extend(text.split('"').map(str::to_owned));
        for call in ["say(", "say_with("] {
            for rest in text.split(call).skip(1) {
                if let Some(key) = rest.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next()) {
                    calls.insert(key.to_owned());
                }
            }
        }
    }
    (literals, calls)
}

#[test]
fn both_languages_have_the_same_messages_with_the_same_arguments() {
    let (russian, english) = (keys(Locale::Ru), keys(Locale::En));
    let names = |keys: &BTreeMap<String, Vec<String>>| keys.keys().cloned().collect::<BTreeSet<_>>();
    let only = names(&russian).symmetric_difference(&names(&english)).cloned().collect::<Vec<_>>();
    assert!(only.is_empty(), "in one language only: {only:?}");
    for (key, arguments) in &russian {
        let set = |arguments: &[String]| arguments.iter().cloned().collect::<BTreeSet<_>>();
        assert_eq!(set(arguments), set(&english[key]), "{key}");
    }
}

#[test]
fn what_is_said_is_there_and_what_is_there_is_said() {
    let there = keys(Locale::Ru);
    let (literals, calls) = said();
    let missing: Vec<_> = calls.iter().filter(|key| !there.contains_key(*key)).collect();
    assert!(missing.is_empty(), "said, but in no file: {missing:?}");
    let codes = codes();
    let unused: Vec<_> = there.keys().filter(|key| !literals.contains(*key) && !is_by_data(key, &codes)).collect();
    assert!(unused.is_empty(), "in the files, but never said: {unused:?}");
}

#[test]
fn a_key_of_a_code_that_is_gone_is_found() {
    let codes = codes();
    for there in ["error-name_taken", "error-template_endless", "letters-when-order_paid", "list-empty-leads-example"] {
        assert!(is_by_data(there, &codes), "{there}");
    }
    for gone in ["error-no_such_code", "letters-when-no_such_letter", "undo-why-no_such_reason", "leads"] {
        assert!(!is_by_data(gone, &codes), "{gone}");
    }
}

#[test]
fn english_is_not_russian() {
    for (key, text) in FILES
        .iter()
        .filter(|file| file.0 == Locale::En)
        .flat_map(|file| file.2.lines().filter_map(|line| line.split_once(" = ")))
    {
        let is_name_of_language = key == "language-ru";
        assert!(is_name_of_language || !text.chars().any(|c| ('а'..='я').contains(&c)), "{key} is not translated");
    }
}

#[test]
fn counts_take_their_forms() {
    let tickets = |locale: Locale, count: FluentValue<'static>| locale.say_with("count-tickets", &[("count", count)]);
    let russian = [1, 2, 5, 11, 21, 22, 111, 1_000_000, 2_000_001].map(|count: i64| tickets(Locale::Ru, count.into()));
    let expected = [
        "1 билет",
        "2 билета",
        "5 билетов",
        "11 билетов",
        "21 билет",
        "22 билета",
        "111 билетов",
        "1\u{a0}000\u{a0}000 билетов",
        "2\u{a0}000\u{a0}001 билет",
    ];
    assert_eq!(russian, expected);
    let english = [1, 2, 11, 21, 1_000_000].map(|count: i64| tickets(Locale::En, count.into()));
    assert_eq!(english, ["1 ticket", "2 tickets", "11 tickets", "21 tickets", "1,000,000 tickets"]);
    assert!(tickets(Locale::Ru, 1.5_f64.into()).starts_with("1,5 "));
    assert_eq!(tickets(Locale::En, 1.5_f64.into()), "1.5 tickets");
}

/// The variants of every selection by a number: the message file, the names, and the one that stands for the rest.
fn selections(locale: Locale) -> Vec<(&'static str, Vec<&'static str>, &'static str)> {
    let mut all = Vec::new();
    for (_, name, text) in FILES.iter().filter(|file| file.0 == locale) {
        for selection in text.split(" ->\n").skip(1) {
            let variants =
                selection.lines().map(str::trim).filter_map(|line| line.strip_prefix("*[").or(line.strip_prefix('[')));
            let names: Vec<_> = variants.filter_map(|line| line.split(']').next()).collect();
            let rest = selection.split("*[").nth(1).and_then(|line| line.split(']').next()).unwrap_or_default();
            if names.iter().any(|name| ["one", "few", "many"].contains(name)) {
                all.push((*name, names, rest));
            }
        }
    }
    all
}

#[test]
fn every_count_has_all_its_forms() {
    for locale in Locale::ALL {
        let all = selections(locale);
        assert!(all.len() > 20, "{locale}: {}", all.len());
        for (file, names, rest) in all {
            // In some cases of Russian two and five go with one form: what stands for the rest is `other` there.
            let is_whole = match locale {
                Locale::Ru => names.contains(&"few") || rest == "other",
                Locale::En => rest == "other",
            };
            assert!(is_whole && names.contains(&"one"), "{locale}/{file}: {names:?}, else {rest}");
        }
    }
}

#[test]
fn a_code_without_a_message_falls_back_to_its_sentence() {
    assert_eq!(Locale::Ru.refusal("no_such_code_at_all", "the English one"), "the English one");
    assert_ne!(Locale::Ru.refusal("required", "the English one"), "the English one");
    // Beside a control and above a form it is told in the same words.
    let fault = FieldError::new("name", "no_such_code_at_all", "the English one");
    assert_eq!(Locale::Ru.error(&fault), Locale::Ru.told("no_such_code_at_all", "the English one"));
    assert!(Locale::Ru.error(&fault).starts_with("Не подходит"));
}
