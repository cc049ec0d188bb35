//! All roles: who has them, what they may at a glance, and a form for a new one.

use std::collections::BTreeMap;

use app::shape::RoleEdit;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use model::rights::{Capability, Grant, Role, Scope};
use model::{Definitions, Locale, Module};
use serde_json::{Map, json};
use store::Error;

use super::{ROLES, frame, inputs, made, refusals, tabs};
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::frame::place;
use crate::ui::shell::{self, Page};
use crate::ui::told::Told;
use crate::ui::typed::Typed;
use crate::ui::{Words, icon};

/// Rights that are about no module, with their names for programs and for people.
pub(super) const CAPABILITIES: [(Capability, &str, &str); 5] = [
    (Capability::Administer, "administer", "capability-administer"),
    (Capability::Rehearse, "rehearse", "capability-rehearse"),
    (Capability::ManageOrders, "manage_orders", "capability-manage-orders"),
    (Capability::BookPayments, "book_payments", "capability-book-payments"),
    (Capability::CheckIn, "check_in", "capability-check-in"),
];

/// How far a right reaches: for programs, as a mark, and for people.
pub(super) const SCOPES: [(Scope, &str, &str, &str); 4] = [
    (Scope::None, "none", "–", "scope-none"),
    (Scope::Own, "own", "◔", "scope-own"),
    (Scope::Team, "team", "◑", "scope-team"),
    (Scope::All, "all", "●", "scope-all"),
];

pub(super) async fn page(State(web): State<Web>, visitor: Visitor) -> Result<Markup, Problem> {
    shown(&web, &visitor, &Typed::default(), None).await
}

/// Makes a role, and goes to it.
pub(super) async fn add(State(web): State<Web>, visitor: Visitor, typed: Typed) -> Result<Response, Problem> {
    let mut body = Map::new();
    body.insert("name".to_owned(), json!(typed.text("name")));
    body.insert("label".to_owned(), inputs::label_json(&typed));
    if !typed.text("copy_of").is_empty() {
        body.insert("copy_of".to_owned(), json!(typed.text("copy_of")));
    }
    match shape(&web, &visitor, RoleEdit::New(body)).await? {
        Ok(()) => Ok(Redirect::to(&format!("{ROLES}/{}", typed.text("name"))).into_response()),
        Err(error) => {
            let page = shown(&web, &visitor, &typed, Some(&error)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

/// Makes a change of roles, or says why it cannot be.
pub(super) async fn shape(web: &Web, visitor: &Visitor, edit: RoleEdit) -> Result<Result<(), Error>, Problem> {
    Ok(made(web, visitor, move |app, actor| app.shape_role(actor, edit, None, false)).await?.map(drop))
}

/// The modules in the order of the menu.
pub(super) fn modules(definitions: &Definitions) -> Vec<&Module> {
    let mut modules: Vec<&Module> = definitions.modules().map(|module| &**module).collect();
    modules.sort_by_key(|module| (place(&module.name), &module.name));
    modules
}

/// The mark and the words of a scope.
fn mark(scope: Scope) -> (&'static str, &'static str) {
    let known = SCOPES.iter().find(|known| known.0 == scope);
    known.map_or(("", "scope-none"), |known| (known.2, known.3))
}

async fn shown(web: &Web, visitor: &Visitor, typed: &Typed, error: Option<&Error>) -> Result<Markup, Problem> {
    let frame = frame(web, visitor).await?;
    let accounts = web.app.workspace().read(visitor.actor(), |work| work.accounts()).await?;
    let mut users: BTreeMap<&str, i64> = BTreeMap::new();
    for name in accounts.iter().filter(|account| account.active).flat_map(|account| &account.roles) {
        *users.entry(name).or_default() += 1;
    }
    let (l, definitions) = (frame.locale, web.app.workspace().knowledge().definitions);
    let (title, told) = (l.say("settings-roles"), Told { l, error, controls: inputs::SHAPE });
    let content = html! {
        header.top { h1 { (title) } }
        (tabs(l, ROLES))
        div.page {
            section {
                div.scroll tabindex="0" role="region" aria-label=(title) {
                    table.plain.as-cards {
                        thead { tr { th { (l.say("roles-role")) } th { (l.say("roles-capabilities")) } th.num { (l.say("roles-users")) } } }
                        tbody { @for role in definitions.roles() { (row(role, users.get(role.name.as_str()).copied(), l)) } }
                    }
                }
            }
            section {
                h2 { (l.say("roles-overview")) }
                (legend(l))
                (overview(&definitions, l))
            }
            section {
                h2 { (l.say("roles-new")) }
                form.form method="post" action=(ROLES) id="new-role" data-guard {
                    (refusals(error, &definitions, l))
                    (inputs::labels(told, &inputs::typed_label(typed)))
                    div.pair {
                        (inputs::name(told, typed))
                        div.field {
                            label for="copy_of" { (l.say("roles-copy")) }
                            select id="copy_of" name="copy_of" {
                                option value="" { (l.say("roles-copy-nothing")) }
                                @for role in definitions.roles() {
                                    option value=(role.name) selected[typed.text("copy_of") == role.name] { (role.called(l)) }
                                }
                            }
                        }
                    }
                    footer.actions { button.btn.main-action { (icon(assets::icon::PLUS)) (l.say("roles-make")) } }
                }
            }
        }
    };
    Ok(shell::page(&frame, &Page { title: &title, at: ROLES, content }))
}

fn row(role: &Role, users: Option<i64>, l: Locale) -> Markup {
    html! {
        tr {
            td { a.link href=(format!("{ROLES}/{}", role.name)) { (role.called(l)) } }
            td data-label=(l.say("roles-capabilities")) { div.tags {
                @for (capability, _, words) in CAPABILITIES {
                    @if role.capabilities.contains(&capability) { span.tag { (l.say(words)) } }
                }
            } }
            td.num data-label=(l.say("roles-users")) { (users.unwrap_or(0)) }
        }
    }
}

/// What the marks mean.
pub(super) fn legend(l: Locale) -> Markup {
    html! {
        p.help.scopes {
            @for (_, _, mark, words) in SCOPES { span { b.scope aria-hidden="true" { (mark) } " " (l.say(words)) } }
            span { (l.say("roles-marks")) }
        }
    }
}

/// Every role beside every module: how far it reads, and how far it changes.
fn overview(definitions: &Definitions, l: Locale) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label=(l.say("roles-overview")) {
            table.overview {
                thead { tr {
                    th { span.visually-hidden { (l.say("settings-module")) } }
                    @for role in definitions.roles() {
                        th scope="col" { a href=(format!("{ROLES}/{}", role.name)) { (role.called(l)) } }
                    }
                } }
                tbody {
                    @for module in modules(definitions) {
                        tr {
                            th scope="row" { (module.label.get(l)) }
                            @for role in definitions.roles() { td data-label=(role.called(l)) { (marks(role.grant(&module.name), l)) } }
                        }
                    }
                }
            }
        }
    }
}

/// How far a grant reads and changes, as marks with their words.
pub(super) fn marks(grant: Option<&Grant>, l: Locale) -> Markup {
    let (read, update) = grant.map(|grant| (grant.read, grant.update.min(grant.read))).unwrap_or_default();
    let ((reads, reads_words), (changes, changes_words)) = (mark(read), mark(update));
    let words =
        format!("{}: {}; {}: {}", l.say("right-read"), l.say(reads_words), l.say("right-update"), l.say(changes_words));
    html! {
        span.marks title=(words) {
            span aria-hidden="true" { (reads) @if read != Scope::None { " " (changes) } }
            span.visually-hidden { (words) }
        }
    }
}
