//! One role: what it may do with each module, field by field, and what it may besides.

use app::shape::{ADMINISTRATOR, RoleEdit, version};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use model::rights::{Capability, EVERY, Grant, Role, Scope};
use model::{Definitions, Field, Locale, Module};
use serde_json::{Map, Value as Json, json};
use store::Error;
use store::shape::OWN;

use super::roles::{CAPABILITIES, SCOPES, modules, shape};
use super::{ROLES, frame, inputs, refusals};
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::shell::{self, Page};
use crate::ui::told::Told;
use crate::ui::typed::Typed;
use crate::ui::{Words, note};

pub(super) async fn page(
    State(web): State<Web>,
    visitor: Visitor,
    Path(name): Path<String>,
) -> Result<Markup, Problem> {
    let definitions = web.app.workspace().knowledge().definitions;
    let role = known(&definitions, &name)?.clone();
    shown(&web, &visitor, &role, version(&definitions), None).await
}

/// Takes the whole form; only what differs from what is there becomes a change.
pub(super) async fn change(
    State(web): State<Web>,
    visitor: Visitor,
    Path(name): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let definitions = web.app.workspace().knowledge().definitions;
    let role = known(&definitions, &name)?;
    let wanted = wanted(&definitions, role, &typed);
    let edit = RoleEdit::Change { role: name.clone(), body: difference(&definitions, role, &wanted, &typed) };
    let seen = typed.text("version").parse().ok();
    match shape(&web, &visitor, edit, seen).await? {
        Ok(()) => Ok(Redirect::to(&format!("{ROLES}/{name}")).into_response()),
        Err(error) => {
            // Whoever was overtaken sees it said, and may save over it.
            let is_stale = matches!(error, Error::Stale { .. });
            let present = version(&web.app.workspace().knowledge().definitions);
            let seen = if is_stale { present } else { seen.unwrap_or_default() };
            let page = shown(&web, &visitor, &wanted, seen, Some(&error)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

fn known<'d>(definitions: &'d Definitions, name: &str) -> Result<&'d Role, Problem> {
    let missing = || Error::NotFound { module: "roles".to_owned(), id: name.to_owned() };
    Ok(definitions.role(name).map(|role| &**role).ok_or_else(missing)?)
}

/// The role as the form has it.
fn wanted(definitions: &Definitions, role: &Role, typed: &Typed) -> Role {
    let given = |(capability, name, _): (Capability, &str, &str)| {
        let is_fixed = role.name == ADMINISTRATOR && capability == Capability::Administer;
        (is_fixed || typed.all("capabilities").any(|ticked| ticked == name)).then_some(capability)
    };
    let mut wanted = Role { label: inputs::typed_label(typed), ..role.clone() };
    wanted.capabilities = CAPABILITIES.into_iter().filter_map(given).collect();
    for (name, module) in rows(definitions) {
        if typed.has(&control(name, "read")) {
            wanted.modules.insert(name.to_owned(), grant(role, name, module, typed));
        }
    }
    wanted
}

/// Every module of the matrix; first what stands for all that are not named.
fn rows(definitions: &Definitions) -> Vec<(&str, Option<&Module>)> {
    let named = modules(definitions).into_iter().map(|module| (module.name.as_str(), Some(module)));
    std::iter::once((EVERY, None)).chain(named).collect()
}

/// The name of a control of the matrix.
fn control(module: &str, right: &str) -> String {
    format!("{module}.{right}")
}

fn grant(role: &Role, name: &str, module: Option<&Module>, typed: &Typed) -> Grant {
    let scope = |right: &str| {
        let text = typed.text(&control(name, right)).to_owned();
        SCOPES.iter().find(|known| known.1 == text).map_or(Scope::None, |known| known.0)
    };
    let present = role.grant(name).cloned().unwrap_or_default();
    let fields = |right: &str, there: &[String]| {
        let ticks = control(name, right);
        let ticked: Vec<&str> = typed.all(&ticks).collect();
        // What has no box stays as it is.
        let has_box = |field: &&String| module.is_some_and(|module| boxed(module).any(|it| it.name == **field));
        let mut names: Vec<String> = there.iter().filter(|field| !has_box(field)).cloned().collect();
        let boxes = module.into_iter().flat_map(boxed).map(|field| field.name.clone());
        names.extend(boxes.filter(|field| ticked.contains(&field.as_str())));
        names
    };
    Grant {
        read: scope("read"),
        create: typed.has(&control(name, "create")),
        update: scope("update"),
        delete: scope("delete"),
        purge: typed.has(&control(name, "purge")),
        export: typed.has(&control(name, "export")),
        hidden: fields("hidden", &present.hidden),
        read_only: fields("read_only", &present.read_only),
    }
}

/// The fields that a role may hide or lock; secrets are nobody's to read anyhow.
fn boxed(module: &Module) -> impl Iterator<Item = &Field> {
    module.fields.iter().filter(|field| !field.secret)
}

/// What is to change, in the form of the API.
fn difference(definitions: &Definitions, role: &Role, wanted: &Role, typed: &Typed) -> Map<String, Json> {
    let mut body = Map::new();
    if wanted.label != role.label {
        body.insert("label".to_owned(), inputs::label_json(typed));
    }
    let mut present = role.capabilities.clone();
    present.sort_unstable();
    if wanted.capabilities != present {
        body.insert("capabilities".to_owned(), json!(wanted.capabilities));
    }
    let mut changed = Map::new();
    for (name, _) in rows(definitions) {
        let there = role.grant(name).cloned().unwrap_or_default();
        if typed.all("reset").any(|reset| reset == name) {
            changed.insert(name.to_owned(), Json::Null);
        } else if let Some(grant) = wanted.modules.get(name).filter(|grant| sorted(grant) != sorted(&there)) {
            changed.insert(name.to_owned(), json!(grant));
        }
    }
    body.insert("modules".to_owned(), Json::Object(changed));
    body
}

/// The grant with its lists in one order, to be compared.
fn sorted(grant: &Grant) -> Grant {
    let mut sorted = grant.clone();
    sorted.hidden.sort_unstable();
    sorted.read_only.sort_unstable();
    sorted
}

async fn shown(
    web: &Web,
    visitor: &Visitor,
    role: &Role,
    version: i64,
    error: Option<&Error>,
) -> Result<Markup, Problem> {
    let frame = frame(web, visitor).await?;
    let (l, definitions) = (frame.locale, web.app.workspace().knowledge().definitions);
    let (title, at) = (role.called(l).to_owned(), format!("{ROLES}/{}", role.name));
    let origin = definitions.role_origin(&role.name).filter(|origin| origin.pack != OWN);
    let content = html! {
        header.top {
            nav.crumbs aria-label=(l.say("crumbs")) { a href=(ROLES) { (l.say("settings-roles")) } }
            h1 { (title) }
            @if origin.is_none() { span.tag { (l.say("roles-own")) } }
        }
        div.page {
            @match error {
                Some(Error::Stale { .. }) => (note::bad(&l.say("roles-stale"))),
                error => (refusals(error, &definitions, l)),
            }
            p.help { (l.say("roles-help")) }
            form.form method="post" action=(at) id="role" data-guard {
                input type="hidden" name="version" value=(version);
                (inputs::labels(Told { l, error, controls: inputs::SHAPE }, &role.label))
                (capabilities(role, l))
                h2 { (l.say("roles-matrix")) }
                (matrix(&definitions, role, l))
                footer.actions { button.btn.main-action { (l.say("save")) } a.btn.quiet href=(ROLES) { (l.say("cancel")) } }
            }
        }
    };
    Ok(shell::page(&frame, &Page { title: &title, at: ROLES, content }))
}

fn capabilities(role: &Role, l: Locale) -> Markup {
    html! {
        fieldset.field {
            legend { (l.say("roles-capabilities")) }
            div.options {
                @for (capability, name, words) in CAPABILITIES {
                    @let is_fixed = role.name == ADMINISTRATOR && capability == Capability::Administer;
                    label.option {
                        input type="checkbox" name="capabilities" value=(name) checked[role.capabilities.contains(&capability)] disabled[is_fixed];
                        (l.say(words))
                        @if is_fixed { small { (l.say("roles-always")) } }
                    }
                }
            }
        }
    }
}

fn matrix(definitions: &Definitions, role: &Role, l: Locale) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label=(l.say("roles-matrix")) {
            table.rights {
                thead { tr {
                    th { (l.say("settings-module")) }
                    @for (_, words) in HEADS { th scope="col" { (l.say(words)) } }
                    th scope="col" { (l.say("settings-fields")) }
                } }
                tbody { @for (name, module) in rows(definitions) { (row(definitions, role, name, module, l)) } }
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

fn row(definitions: &Definitions, role: &Role, name: &str, module: Option<&Module>, l: Locale) -> Markup {
    let grant = role.grant(name).cloned().unwrap_or_default();
    let called = module.map_or_else(|| l.say("roles-every"), |module| module.label.get(l).to_owned());
    let is_inherited = module.is_some() && !role.modules.contains_key(name) && role.modules.contains_key(EVERY);
    html! {
        tr {
            th scope="row" {
                (called)
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
                    li {
                        span { (field.called(l)) }
                        label.option { input type="checkbox" name=(hidden) value=(field.name) checked[grant.hidden.contains(&field.name)]; (l.say("roles-hidden")) }
                        label.option { input type="checkbox" name=(locked) value=(field.name) checked[grant.read_only.contains(&field.name)]; (l.say("roles-locked")) }
                    }
                }
            }
        }
    }
}
