//! The table of sections, the manuals and the routes agree.

use std::collections::BTreeSet;

use model::Locale;

use super::shelf;
use crate::tests::routes;
use crate::ui::addresses::HELP;
use crate::ui::help::topics::{TOPICS, fits, topic};

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
    "/messages/{id}/attachments/{index}",
    "/comments/{id}",
    "/files/{id}/content",
    "/settings/packs/{pack}/file",
    "/settings/modules/{module}/names",
    "/export/{module}",
    "/app.webmanifest",
    "/notifications/bell",
    "/telephone/ringing",
    "/notifications/{id}",
    "/me/act",
    "/{module}/{id}/mentions",
    "/{module}/{id}/tags",
    "/search/known",
    "/help",
    "/help/{manual}",
    "/help/pictures/{mark}/{language}/{file}",
];

/// What buyers see.
fn is_public(route: &str) -> bool {
    ["/e/", "/p/", "/forms/"].iter().any(|door| route.starts_with(door))
}

#[test]
fn every_page_has_a_section() {
    let routes = routes("src/pages");
    assert!(routes.len() > 40, "{routes:?}");
    let known: BTreeSet<&str> = TOPICS.iter().map(|(route, ..)| *route).collect();
    let is_page = |route: &str| !is_public(route) && !NO_PAGES.contains(&route);
    let pages = routes.iter().filter(|(route, handler)| handler.contains("get(") && is_page(route));
    let missing: Vec<_> = pages.filter(|(route, _)| !known.contains(route.as_str())).collect();
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
