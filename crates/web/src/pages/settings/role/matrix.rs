//! The rights of a role by module and field, as a form.

use app::shape::{Seen, of_module};
use maud::{Markup, html};
use model::rights::{EVERY, Grant, Role, Scope};
use model::{Definitions, Locale, Module};
use store::shape::OWN;

use super::sheet::{boxed, control, rows};
use crate::pages::settings::roles::{SCOPES, marks};
use crate::ui::Words;

/// What somebody else made of the role while it was being changed.
#[derive(Clone, Copy)]
pub(super) struct Theirs<'r> {
    /// The role as it is now.
    pub(super) role: &'r Role,
    /// The parts that both have changed.
    pub(super) parts: &'r [String],
}

/// Carries along what a part of the role said when the form was drawn.
pub(super) fn seen_before(part: &str, seen: &Seen) -> Markup {
    html! { input type="hidden" name=(format!("was.{part}")) value=(seen.get(part).map_or("", String::as_str)); }
}

/// The rights of a role; `theirs` is the role as somebody else left it meanwhile, with the parts that they changed.
pub(super) fn matrix(
    definitions: &Definitions,
    role: &Role,
    seen: &Seen,
    theirs: Option<Theirs<'_>>,
    l: Locale,
) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label=(l.say("roles-matrix")) {
            table.rights {
                thead { tr {
                    th { (l.say("settings-module")) }
                    @for (_, words) in HEADS { th scope="col" { (l.say(words)) } }
                    th scope="col" { (l.say("settings-fields")) }
                } }
                tbody { @for (name, module) in rows(definitions) { (row(definitions, role, (name, module), seen, theirs, l)) } }
            }
        }
    }
}

/// The rights, in the order of the columns.
const HEADS: [(&str, &str); 6] = [
    ("read", "right-read"),
    ("create", "right-create"),
    ("update", "right-update"),
    ("delete", "right-delete"),
    ("purge", "right-purge"),
    ("export", "right-export"),
];

fn row(
    definitions: &Definitions,
    role: &Role,
    (name, module): (&str, Option<&Module>),
    seen: &Seen,
    theirs: Option<Theirs<'_>>,
    l: Locale,
) -> Markup {
    let part = of_module(name);
    let grant = role.grant(name).cloned().unwrap_or_default();
    let called = module.map_or_else(|| l.say("roles-every"), |module| module.label.get(l).to_owned());
    let is_inherited = module.is_some() && !role.modules.contains_key(name) && role.modules.contains_key(EVERY);
    html! {
        tr {
            th scope="row" {
                (called)
                (seen_before(&part, seen))
                @if let Some(theirs) = theirs.filter(|theirs| theirs.parts.contains(&part)) {
                    " " small { (l.say("roles-now")) " " (marks(theirs.role.grant(name), l)) }
                }
                @if is_inherited { " " small { (l.say("roles-inherited")) } }
                @if may_reset(definitions, role, name) {
                    label.option { input type="checkbox" name="reset" value=(name); small { (l.say("roles-reset")) } }
                }
            }
            @for (right, words) in HEADS {
                @let said = format!("{}: {called}", l.say(words));
                td data-label=(l.say(words)) {
                    @match right {
                        "read" => (scope(name, right, grant.read, &said, l)),
                        "update" => (scope(name, right, grant.update, &said, l)),
                        "delete" => (scope(name, right, grant.delete, &said, l)),
                        "create" => (tick(name, right, grant.create, &said)),
                        "purge" => (tick(name, right, grant.purge, &said)),
                        _ => (tick(name, right, grant.export, &said)),
                    }
                }
            }
            td data-label=(l.say("settings-fields")) { @if let Some(module) = module { (fields(module, &grant, l)) } }
        }
    }
}

/// Whether the workspace itself says something of the module that can be taken back.
fn may_reset(definitions: &Definitions, role: &Role, name: &str) -> bool {
    let Some(origin) = definitions.role_origin(&role.name) else { return false };
    if origin.pack != OWN {
        return origin.changed.contains(name);
    }
    name != EVERY && definitions.role(&role.name).is_some_and(|role| role.modules.contains_key(name))
}

fn scope(module: &str, right: &str, present: Scope, said: &str, l: Locale) -> Markup {
    html! {
        select.input name=(control(module, right)) aria-label=(said) {
            @for (scope, name, _, words) in SCOPES { option value=(name) selected[scope == present] { (l.say(words)) } }
        }
    }
}

fn tick(module: &str, right: &str, is_on: bool, said: &str) -> Markup {
    html! { input type="checkbox" name=(control(module, right)) value="on" checked[is_on] aria-label=(said); }
}

/// Which fields it does not see, and which it sees and does not change.
fn fields(module: &Module, grant: &Grant, l: Locale) -> Markup {
    let (hidden, locked) = (control(&module.name, "hidden"), control(&module.name, "read_only"));
    let count = grant.hidden.len().saturating_add(grant.read_only.len());
    html! {
        details.limits {
            summary {
                @if count > 0 { (l.say_with("roles-limits", &[("hidden", grant.hidden.len().into()), ("locked", grant.read_only.len().into())])) }
                @else { (l.say("roles-no-limits")) }
            }
            ul {
                @for field in boxed(module) {
                    @let called = field.label.get(l);
                    li {
                        span { (if called.is_empty() { field.name.as_str() } else { called }) }
                        label.option { input type="checkbox" name=(hidden) value=(field.name) checked[grant.hidden.contains(&field.name)]; (l.say("roles-hidden")) }
                        label.option { input type="checkbox" name=(locked) value=(field.name) checked[grant.read_only.contains(&field.name)]; (l.say("roles-locked")) }
                    }
                }
            }
        }
    }
}
