//! The parts of the page of a module: an index that stays in sight, and what rules and roles say of its records.

use maud::{Markup, html};
use model::{Definitions, Locale, Module};

use super::roles::marks;
use super::rules::RULES;
use super::{ROLES, roles};
use crate::ui::{Words, icon};

/// Where each part stands on the page, and what it is called.
const PARTS: [(&str, &str); 7] = [
    ("fields", "settings-fields"),
    ("layout", "settings-layout"),
    ("moves", "settings-moves"),
    ("rules", "rules"),
    ("rights", "parts-rights"),
    ("new-field", "settings-new-field"),
    ("properties", "settings-module"),
];

/// The ways to the parts that the page has.
pub(super) fn index(module: &Module, definitions: &Definitions, l: Locale) -> Markup {
    let has = |part: &str| match part {
        "fields" | "properties" => true,
        "moves" => !module.retired && definitions.process(&module.name).is_some(),
        _ => !module.retired,
    };
    html! {
        nav.tabs.parts aria-label=(l.say("parts")) {
            @for (part, key) in PARTS { @if has(part) { a href=(format!("#{part}")) { (l.say(key)) } } }
        }
    }
}

/// The rules about its records.
pub(super) fn rules(module: &Module, definitions: &Definitions, l: Locale) -> Markup {
    let rules: Vec<_> = definitions.rules().map(|(rule, _)| rule).filter(|rule| rule.module == module.name).collect();
    html! {
        section id="rules" {
            h2 { (l.say("rules")) }
            @if rules.is_empty() { p.help { (l.say("parts-no-rules")) } } @else {
                ul.plain-links {
                    @for rule in &rules {
                        li {
                            a.link href=(format!("{RULES}/{}", rule.name)) { (rule.label.or(l, &rule.name)) }
                            @if !rule.active { " " span.tag.cold { (l.say("rule-off")) } }
                        }
                    }
                }
            }
            a.btn href=(format!("{RULES}/new?module={}", module.name)) { (icon(assets::icon::PLUS)) (l.say("rule-new")) }
        }
    }
}

/// How far each role reads and changes its records.
pub(super) fn rights(module: &Module, definitions: &Definitions, l: Locale) -> Markup {
    let label = l.say("parts-rights");
    html! {
        section id="rights" {
            h2 { (label) }
            (roles::legend(l))
            div.scroll tabindex="0" role="region" aria-label=(label) {
                table.plain.as-cards {
                    thead { tr { th { (l.say("roles-role")) } th { (l.say("parts-right")) } } }
                    tbody {
                        @for role in definitions.roles() {
                            tr {
                                td { a.link href=(format!("{ROLES}/{}", role.name)) { (role.called(l)) } }
                                td { (marks(role.grant(&module.name), l)) }
                            }
                        }
                    }
                }
            }
        }
    }
}
