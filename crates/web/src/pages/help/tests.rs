//! The table of sections, the manuals and the routes agree.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use model::Locale;

use super::topics::{TOPICS, fits, topic};
use super::{HELP, shelf};

/// Routes that draw no page of those who work here: parts of pages, files, ways elsewhere, and help itself.
const NO_PAGES: &[&str] = &[
    "/",
    "/set-up",
    "/sign-in",
    "/search/palette",
    "/search/hits",
    "/search/links",
    "/search/people",
    "/messages/{id}/letter",
    "/comments/{id}",
    "/files/{id}/content",
    "/settings/packs/{pack}/file",
    "/app.webmanifest",
    "/notifications/bell",
    "/notifications/{id}",
    "/{module}/{id}/mentions",
    "/{module}/{id}/tags",
    "/help",
    "/help/{manual}",
];

/// What buyers see.
fn is_public(route: &str) -> bool {
    route.starts_with("/e/") || route.starts_with("/p/")
}

fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let is_test = path.ends_with("tests") || path.ends_with("tests.rs");
        if path.is_dir() && !is_test {
            sources(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") && !is_test {
            into.push(path);
        }
    }
}

/// Every route of the pages, and whether it is read.
fn routes() -> Vec<(String, bool)> {
    let mut files = Vec::new();
    sources(Path::new("src"), &mut files);
    let mut routes = Vec::new();
    let texts: Vec<(&PathBuf, String)> = files.iter().map(|file| (file, fs::read_to_string(file).unwrap())).collect();
    for (file, text) in texts.iter().filter(|(file, _)| file.starts_with("src/pages")) {
        for rest in text.split(".route(").skip(1) {
            let (name, handler) = rest.split_once(',').unwrap();
            let name = name.trim();
            // A constant of the same file, else of any.
            let constant = name.rsplit("::").next().unwrap_or(name);
            let elsewhere = || texts.iter().find_map(|(_, text)| value(text, constant));
            let known = || value(text, constant).filter(|_| constant == name).or_else(elsewhere);
            let route = name.strip_prefix('"').and_then(|name| name.strip_suffix('"')).map_or_else(
                || known().unwrap_or_else(|| panic!("{}: what is {name}?", file.display())),
                str::to_owned,
            );
            routes.push((route, handler.split("\n}").next().is_some_and(|handler| handler.contains("get("))));
        }
    }
    routes
}

/// The text of a constant of a file.
fn value(text: &str, name: &str) -> Option<String> {
    let value = text.split(&format!("const {name}: &str = \"")).nth(1)?;
    value.split('"').next().map(str::to_owned)
}

#[test]
fn every_page_has_a_section() {
    let routes = routes();
    assert!(routes.len() > 40, "{routes:?}");
    let known: BTreeSet<&str> = TOPICS.iter().map(|(route, ..)| *route).collect();
    let is_page = |route: &str| !is_public(route) && !NO_PAGES.contains(&route);
    let missing: Vec<_> =
        routes.iter().filter(|(route, reads)| *reads && is_page(route) && !known.contains(route.as_str())).collect();
    assert!(missing.is_empty(), "pages without a section of a manual; add them to topics.rs: {missing:?}");
    let is_there = |page: &str| routes.iter().any(|(route, _)| fits(route, page.split('?').next().unwrap()));
    let gone: Vec<_> = TOPICS.iter().filter(|(page, ..)| !is_there(page)).collect();
    assert!(gone.is_empty(), "sections for pages that are not there: {gone:?}");
}

#[test]
fn every_section_is_there_in_both_languages() {
    for locale in Locale::ALL {
        for (route, name, section) in TOPICS {
            let manual = shelf::manual(name, locale).unwrap_or_else(|| panic!("{route}: no manual {name}"));
            assert!(manual.section(section).is_some(), "{route}: {name}#{section} is missing in {}", locale.tag());
        }
    }
}

#[test]
fn manuals_are_the_same_in_both_languages() {
    for (russian, english) in shelf::manuals(Locale::Ru).iter().zip(shelf::manuals(Locale::En)) {
        assert_ne!(russian.title, english.title);
        assert_eq!(russian.sections.len(), english.sections.len(), "{}", russian.name);
        // What administrators read is also written by those who make what it tells of; everywhere else places have names.
        if russian.name != "administrator" {
            let ids =
                |sections: &[super::markdown::Section]| sections.iter().map(|it| it.id.clone()).collect::<Vec<_>>();
            assert_eq!(ids(&russian.sections), ids(&english.sections), "{}", russian.name);
        }
    }
}

#[test]
fn links_between_manuals_lead_somewhere() {
    for locale in Locale::ALL {
        for manual in shelf::manuals(locale) {
            let parts = manual.sections.iter().map(|section| &section.text).chain([&manual.intro]);
            let text: String = parts.map(|part| part.0.clone()).collect();
            for link in text.split(&format!("href=\"{HELP}/")).skip(1).filter_map(|rest| rest.split('"').next()) {
                let (name, place) = link.split_once('#').unwrap_or((link, ""));
                let other = shelf::manual(name, locale).unwrap_or_else(|| panic!("{}: {link}", manual.name));
                assert!(place.is_empty() || other.section(place).is_some(), "{}: {link}", manual.name);
            }
        }
    }
}

#[test]
fn the_nearest_section_is_chosen() {
    for (here, expected) in [
        ("/leads", "/help/salesperson#request"),
        ("/leads?as=board&q=x", "/help/salesperson#board"),
        ("/hotels?filter=as%3Dboard", "/help/salesperson#list"),
        ("/leads/0198/transitions/lose", "/help/salesperson#lost"),
        ("/hotels/0198", "/help/salesperson#record"),
        ("/orders/0198/payments", "/help/organiser#payment"),
        ("/settings/modules/hotels/fields/stars", "/help/administrator#modules"),
        ("/help/organiser", "/help"),
        ("/a/b/c/d/e", "/help"),
        ("", "/help"),
    ] {
        assert_eq!(topic(here), expected, "{here}");
    }
}
