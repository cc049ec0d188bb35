//! One module: its labels, its fields, a form for a new field, and taking it out of use.

use app::shape::Change;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use model::field::FieldType;
use model::{Field, Locale, Module};
use serde_json::{Map, json};
use store::Error;

use super::form::{self, FieldForm};
use super::{MODULES, frame, inputs, known, layout, looks, outlook, own_part, parts, refusals, scribe, stages, tried};
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::expression::Names;
use crate::ui::shell::{self, Page};
use crate::ui::told::{Told, faults};
use crate::ui::typed::Typed;
use crate::ui::{Words, icon};

pub(super) async fn page(
    State(web): State<Web>,
    visitor: Visitor,
    Path(name): Path<String>,
) -> Result<Markup, Problem> {
    shown(&web, &visitor, &name, &Draft { typed: &Typed::default(), error: None, outlook: None }).await
}

/// What expressions over its records may name.
pub(super) async fn names(
    State(web): State<Web>,
    visitor: Visitor,
    Path(name): Path<String>,
) -> Result<Markup, Problem> {
    let frame = frame(&web, &visitor).await?;
    let definitions = web.app.workspace().knowledge().definitions;
    let module = known(&definitions, &name)?;
    let list = Names::all(frame.locale, &definitions, module).list();
    let at = format!("{MODULES}/{}", module.name);
    Ok(if visitor.partial {
        list
    } else {
        crate::pages::names::page(&frame, (module.label.get(frame.locale), &at), &list)
    })
}

/// Takes other labels, or takes the module out of use and back.
pub(super) async fn change(
    State(web): State<Web>,
    visitor: Visitor,
    Path(name): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let mut body = Map::new();
    if typed.has("retired") {
        body.insert("retired".to_owned(), json!(typed.text("retired") == "true"));
    } else {
        let definitions = web.app.workspace().knowledge().definitions;
        body = looks::read(&typed, Some(known(&definitions, &name)?));
        body.insert("label".to_owned(), inputs::label_json(&typed));
        body.insert("menu".to_owned(), json!(typed.has("menu")));
    }
    let change = Change::Module { module: name.clone(), body };
    answered(&web, &visitor, &name, &typed, change).await
}

/// Adds a field.
pub(super) async fn add_field(
    State(web): State<Web>,
    visitor: Visitor,
    Path(name): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let draft = Draft { typed: &typed, error: None, outlook: None };
    if form::is_only_redrawn(&typed) {
        return Ok(shown(&web, &visitor, &name, &draft).await?.into_response());
    }
    let body = scribe(&web, visitor.locale).new_field(&typed);
    let change = Change::NewField { module: name.clone(), body };
    answered(&web, &visitor, &name, &typed, change).await
}

/// What stands on the page besides the module as it is.
pub(super) struct Draft<'a> {
    /// What was typed into one of its forms.
    pub(super) typed: &'a Typed,
    /// Why it was refused.
    pub(super) error: Option<&'a Error>,
    /// What it would mean.
    pub(super) outlook: Option<Markup>,
}

/// Makes a change, or with the button for it tells what it would be.
pub(super) async fn answered(
    web: &Web,
    visitor: &Visitor,
    name: &str,
    typed: &Typed,
    change: Change,
) -> Result<Response, Problem> {
    let mut draft = Draft { typed, error: None, outlook: None };
    let dry_run = typed.has("dry_run");
    match tried(web, visitor, change, dry_run).await? {
        Ok(_) if !dry_run => Ok(Redirect::to(&format!("{MODULES}/{name}")).into_response()),
        Ok(shaped) => {
            draft.outlook = Some(outlook(&shaped, visitor.locale));
            Ok(shown(web, visitor, name, &draft).await?.into_response())
        }
        Err(error) => {
            draft.error = Some(&error);
            let page = shown(web, visitor, name, &draft).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

pub(super) async fn shown(web: &Web, visitor: &Visitor, name: &str, draft: &Draft<'_>) -> Result<Markup, Problem> {
    let frame = frame(web, visitor).await?;
    let own = own_part(web, name).await?;
    let (l, definitions) = (frame.locale, web.app.workspace().knowledge().definitions);
    let module = known(&definitions, name)?;
    let title = module.label.get(l).to_owned();
    let at = format!("{MODULES}/{}", module.name);
    let content = html! {
        header.top {
            nav.crumbs aria-label=(l.say("crumbs")) { a href=(MODULES) { (l.say("settings-modules")) } }
            h1 { (title) }
            @if module.retired { span.tag { (l.say("settings-retired")) } }
            @else { div.actions { a.btn href="#new-field" { (icon(assets::icon::PLUS)) (l.say("settings-new-field")) } } }
        }
        (parts::index(module, &definitions, l))
        div.page {
            (refusals(draft.error, &definitions, l))
            section id="fields" { h2 { (l.say("settings-fields")) } (fields(module, &at, l)) }
            @if !module.retired {
                (layout::section(module, &own, draft.typed, l))
                (stages::section(module, &definitions, l))
                (parts::rules(module, &definitions, l))
                (parts::rights(module, &definitions, l))
                section { h2 { (l.say("settings-new-field")) } (new_field(web, module, draft, l)) }
            }
            section id="properties" {
                h2 { (l.say("settings-module")) }
                (properties(module, &at, draft, l))
                (retirement(&at, module.retired, l))
            }
        }
    };
    Ok(shell::page(&frame, &Page { title: &title, at: MODULES, content }))
}

/// What can be said of the module as a whole; what was typed and refused stands in the form.
fn properties(module: &Module, at: &str, draft: &Draft<'_>, l: Locale) -> Markup {
    let typed = Some(draft.typed).filter(|typed| typed.has("one_ru"));
    let told = Told { l, error: draft.error.filter(|_| typed.is_some()), controls: inputs::SHAPE };
    let label = typed.map_or_else(|| module.label.clone(), inputs::typed_label);
    let one = typed.map_or_else(|| module.one.clone(), looks::typed_one);
    let icon = typed.map_or(module.icon.as_str(), |typed| typed.text("icon"));
    let is_in_menu = typed.map_or(module.menu, |typed| typed.has("menu"));
    html! {
        form.form method="post" action=(at) id="module" data-guard {
            (inputs::labels_of(told, "module-", &label))
            (looks::one(told, "module-", &one))
            (looks::icons(l, "module-", icon))
            (inputs::tick("menu", &l.say("settings-menu"), is_in_menu))
            footer.actions { button.btn { (l.say("save")) } }
        }
        @if module.owners { p.help { (l.say("module-has-owners")) } }
    }
}

/// A button that takes something out of use, or back.
pub(super) fn retirement(at: &str, is_retired: bool, l: Locale) -> Markup {
    html! {
        form method="post" action=(at) {
            input type="hidden" name="retired" value=(!is_retired);
            p.help { (l.say("settings-retire-help")) }
            button.btn { (l.say(if is_retired { "settings-bring-back" } else { "settings-retire" })) }
        }
    }
}

fn fields(module: &Module, at: &str, l: Locale) -> Markup {
    let label = l.say("settings-fields");
    html! {
        div.scroll tabindex="0" role="region" aria-label=(label) {
            table.plain.as-cards {
                thead { tr { th { (l.say("settings-field")) } th { (l.say("settings-name")) } th { (l.say("settings-type")) } th { (l.say("settings-state")) } } }
                tbody {
                    @for field in module.fields.iter().chain(&module.retired_fields) {
                        tr {
                            td { a.link href=(format!("{at}/fields/{}", field.name)) { (field.called(l)) } }
                            td { code { (field.name) } }
                            td { (type_of(field, l)) }
                            td { div.tags {
                                @if field.required { span.tag { (l.say("settings-required")) } }
                                @if field.unique { span.tag { (l.say("settings-unique")) } }
                                @if field.retired { span.tag.cold { (l.say("settings-retired")) } }
                            } }
                        }
                    }
                }
            }
        }
    }
}

/// The type in the reader's language.
pub(super) fn type_of(field: &Field, l: Locale) -> String {
    let name = json!(field.kind).as_str().unwrap_or_default().replace('_', "-");
    l.say_if(&format!("type-{name}")).unwrap_or(name)
}

/// The form of a new field, and what stands above it.
fn new_field(web: &Web, module: &Module, draft: &Draft<'_>, l: Locale) -> Markup {
    let definitions = web.app.workspace().knowledge().definitions;
    // What was typed into the other forms of the page is not meant here.
    let (nothing, is_meant) = (Typed::default(), draft.typed.has("type"));
    let typed = if is_meant { draft.typed } else { &nothing };
    let kind = serde_json::from_value(json!(typed.text("type"))).unwrap_or(FieldType::Text);
    let mut values = scribe(web, l).read(typed, kind);
    for key in ["type", "module", "scale"] {
        values.insert(key.to_owned(), json!(typed.text(key)));
    }
    let form = FieldForm {
        l,
        definitions: &definitions,
        module,
        present: None,
        values,
        faults: if is_meant { faults(draft.error) } else { &[] },
        is_own: true,
    };
    html! {
        @if let Some(outlook) = &draft.outlook { (outlook) }
        form.form.shape method="post" action=(format!("{MODULES}/{}/fields#new-field", module.name)) id="new-field" data-guard {
            (form.all())
            footer.actions {
                button.btn.main-action { (l.say("settings-add")) }
                button.btn name="dry_run" value="yes" { (l.say("settings-dry-run")) }
            }
        }
    }
}
