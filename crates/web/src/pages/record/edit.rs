//! Changing fields: one in its place on the record's page, or all of them on a page of their own. Whoever changes a field
//! that somebody else has changed meanwhile sees both values and decides.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::tz::TimeZone;
use maud::{Markup, html};
use model::{Field, Record, Value};
use serde_json::{Map, Value as Json};
use store::{Error, FieldError, Origin, Work};

use super::conflict::{Conflict, chosen_text};
use super::fields::{Fields, address};
use super::{id, may_update};
use crate::pages::visitor::Visitor;
use crate::pages::{cells, done as told};
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::control::{self, input_text};
use crate::ui::frame::Frame;
use crate::ui::inputs::{self, Input};
use crate::ui::sheet::{Form, Kind, Sheet};
use crate::ui::typed::{Asked, Typed};
use crate::ui::{Lens, Words, headers, htmx, note};

/// Asks for the form in a dialog, where it has no place of its own on the page.
pub(super) const DIALOG: &str = "dialog";

/// Asks only what stands against what was typed.
const ASK: &str = "ask";

struct View {
    frame: Frame,
    lens: Lens,
    record: Record,
    inputs: Vec<Input>,
    zone: TimeZone,
    /// The one field, where it is changed in its place.
    only: Option<String>,
    /// Whether that is a cell of a list.
    is_cell: bool,
    faults: Vec<String>,
    /// Fields that somebody else changed meanwhile.
    conflicts: Vec<Conflict>,
}

/// The form; with `show` the value as it stands, for whoever changed their mind.
pub(crate) async fn form(
    State(web): State<Web>,
    visitor: Visitor,
    Path((module, record)): Path<(String, String)>,
    Asked(query): Asked,
) -> Result<Markup, Problem> {
    let id = id(&module, &record)?;
    let only = Some(query.text("field").to_owned()).filter(|name| !name.is_empty());
    let (partial, actor, is_cell) = (visitor.partial, visitor.actor(), query.has("cell"));
    if let (true, true, Some(name)) = (partial, query.has("show"), only.clone()) {
        let show = move |work: &mut Work<'_>| shown(work, &visitor, &module, id, (&name, is_cell));
        return Ok(web.app.workspace().read(actor, show).await?);
    }
    let read = move |work: &mut Work<'_>| read(work, &visitor, &module, id, (only.clone(), is_cell));
    let view = web.app.workspace().read(actor, read).await?;
    Ok(if partial && !query.has(DIALOG) { part(&view) } else { sheet(&view, partial) })
}

/// What came of saving.
enum Saved {
    Done,
    /// Fields that somebody else changed meanwhile.
    Overtaken(Vec<String>),
}

/// Saves what was changed in the form.
pub(crate) async fn save(
    State(web): State<Web>,
    visitor: Visitor,
    Path((module, record)): Path<(String, String)>,
    Asked(query): Asked,
    form: Typed,
) -> Result<Response, Problem> {
    let id = id(&module, &record)?;
    let only = Some(query.text("field").to_owned()).filter(|name| !name.is_empty());
    let is_cell = query.has("cell");
    let partial = visitor.partial;
    if query.has(ASK) {
        let view = compared(&web, visitor, (module, id), (only, is_cell), form).await?;
        return Ok(if partial { part(&view) } else { sheet(&view, false) }.into_response());
    }
    let (app, name, field, sent) = (web.app.clone(), module.clone(), only.clone(), form.clone());
    let write = move |work: &mut Work<'_>| change(&app, work, &name, id, field.as_deref(), &sent);
    let saved = web.app.workspace().write(visitor.author(), Origin::from("interface"), write).await;
    let why = match saved {
        Ok((Saved::Done, set)) => return done(&web, visitor, module, id, (only, is_cell), set).await,
        Ok((Saved::Overtaken(overtaken), _)) => Refused { overtaken, ..Refused::default() },
        Err(Error::Invalid(errors)) => Refused { errors, ..Refused::default() },
        Err(Error::Stale { .. }) => Refused { other: Some(visitor.locale.say("edit-stale")), ..Refused::default() },
        Err(error @ Error::Conflict { .. }) => {
            let problem = Problem::from(error);
            let other = Some(visitor.locale.refusal(&problem.code, &problem.detail));
            Refused { errors: problem.errors, other, ..Refused::default() }
        }
        Err(error) => return Err(error.into()),
    };
    let view = again(&web, visitor, (module, id), (only, is_cell), form, why).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, if partial { part(&view) } else { sheet(&view, false) }).into_response())
}

/// What was typed once and not saved, against what stands now. Nothing is written.
async fn compared(
    web: &Web,
    visitor: Visitor,
    (module, id): (String, model::Id),
    (only, is_cell): (Option<String>, bool),
    form: Typed,
) -> Result<View, Problem> {
    let (name, field, sent) = (module.clone(), only.clone(), form.clone());
    let read = move |work: &mut Work<'_>| Ok(wanted(work, &name, id, field.as_deref(), &sent)?.overtaken);
    let why = match web.app.workspace().read(visitor.actor(), read).await {
        Ok(overtaken) => Refused { overtaken, ..Refused::default() },
        Err(Error::Invalid(errors)) => Refused { errors, ..Refused::default() },
        Err(error) => return Err(error.into()),
    };
    again(web, visitor, (module, id), (only, is_cell), form, why).await
}

/// Why what was typed is shown again.
#[derive(Default)]
struct Refused {
    errors: Vec<FieldError>,
    /// Fields that somebody else changed meanwhile.
    overtaken: Vec<String>,
    other: Option<String>,
}

/// The form with what was typed into it, and why it is shown again.
async fn again(
    web: &Web,
    visitor: Visitor,
    (module, id): (String, model::Id),
    (only, is_cell): (Option<String>, bool),
    form: Typed,
    why: Refused,
) -> Result<View, Problem> {
    let (actor, locale) = (visitor.actor(), visitor.locale);
    let Refused { errors, overtaken, other } = why;
    let view = web.app.workspace().read(actor, move |work| {
        let mut view = read(work, &visitor, &module, id, (only.clone(), is_cell))?;
        let currency = inputs::currency(work, view.record.link("event"));
        for input in view.inputs.iter().filter(|input| overtaken.contains(&input.field.name)) {
            let place = (&view.zone, currency);
            view.conflicts.push(Conflict::read(work, &mut view.lens, &view.record, &input.field, &form, place)?);
        }
        inputs::type_in(work, &mut view.inputs, &form, locale)?;
        Ok(view)
    });
    let mut view = view.await?;
    view.faults = inputs::place_errors(&mut view.inputs, &errors, locale);
    view.faults.extend(other);
    Ok(view)
}

async fn done(
    web: &Web,
    visitor: Visitor,
    module: String,
    id: model::Id,
    (only, is_cell): (Option<String>, bool),
    set: Option<model::Id>,
) -> Result<Response, Problem> {
    let (true, Some(name)) = (visitor.partial, only) else {
        return Ok(Redirect::to(&told::address(&format!("/{module}/{id}"), set)).into_response());
    };
    let l = visitor.locale;
    let toast = htmx::done(l, &l.say("saved"), set);
    let actor = visitor.actor();
    let show = move |work: &mut Work<'_>| shown(work, &visitor, &module, id, (&name, is_cell));
    let mut response = web.app.workspace().read(actor, show).await?.into_response();
    headers::add(&mut response, htmx::TRIGGER, &toast);
    Ok(response)
}

/// What is to be made of a record by a form.
struct Wanted {
    record: Record,
    fields: Map<String, Json>,
    /// Those of the fields that somebody else changed meanwhile.
    overtaken: Vec<String>,
}

/// Writes the fields whose text is no longer what the form was opened with.
fn change(
    app: &app::App,
    work: &mut Work<'_>,
    module: &str,
    id: model::Id,
    only: Option<&str>,
    form: &Typed,
) -> store::Result<Saved> {
    let Wanted { record, fields, overtaken } = wanted(work, module, id, only, form)?;
    // Sent again from the page that showed both values, it is meant.
    if !overtaken.is_empty() && form.text("version") != record.version.to_string() {
        return Ok(Saved::Overtaken(overtaken));
    }
    if !fields.is_empty() {
        app.update(work, module, id, &fields, Some(record.version))?;
    }
    Ok(Saved::Done)
}

fn wanted(work: &mut Work<'_>, module: &str, id: model::Id, only: Option<&str>, form: &Typed) -> store::Result<Wanted> {
    let record = work.get(module, id)?;
    let (zone, workspace) = (work.settings().zone(), inputs::currency(work, record.link("event")));
    let (mut fields, mut overtaken) = (Map::new(), Vec::new());
    for field in changed_by_hand(work, &record, only) {
        let was = form.get(&format!("was.{}", field.name)).map(|text| text.replace("\r\n", "\n"));
        let Some(typed) = chosen_text(&field, form) else { continue };
        if was.as_deref() == Some(typed.as_str()) {
            continue;
        }
        control::readable([&field], form)?;
        let value = value(&record, &field);
        let present = input_text(&field, &value, &zone);
        if was.is_some_and(|was| was != present) && present != typed {
            overtaken.push(field.name.clone());
        }
        let currency = value.as_money().map_or(workspace, |amount| amount.currency);
        fields.insert(field.name.clone(), control::to_json(&field, &typed, &zone, currency));
    }
    Ok(Wanted { record, fields, overtaken })
}

fn changed_by_hand(work: &Work<'_>, record: &Record, only: Option<&str>) -> Vec<Field> {
    let fields = inputs::filled_by_hand(work, &record.module, &work.grant(&record.module), false);
    let is_meant = |field: &Field| only.is_none_or(|only| only == field.name) && !record.hides(&field.name);
    fields.into_iter().filter(is_meant).collect()
}

pub(super) fn value(record: &Record, field: &Field) -> Value {
    if field.name == "owner" { record.owner.into() } else { record.get(&field.name).clone() }
}

fn read(
    work: &mut Work<'_>,
    visitor: &Visitor,
    module: &str,
    id: model::Id,
    (only, is_cell): (Option<String>, bool),
) -> store::Result<View> {
    let record = work.get(module, id)?;
    work.check_may_update(module, id)?;
    let zone = work.settings().zone();
    let mut lens = Lens::of(work, visitor.locale);
    lens.learn(work, [&record])?;
    let text = |field: &Field| input_text(field, &value(&record, field), &zone);
    let fields: Vec<_> = changed_by_hand(work, &record, only.as_deref())
        .into_iter()
        .map(|field| (field.clone(), text(&field)))
        .collect();
    let inputs = inputs::of(work, &mut lens, fields, visitor.partial)?;
    if inputs.is_empty() {
        return Err(Error::forbidden("read_only", "this field is not changed by hand"));
    }
    let frame = Frame::unless_partial(work, visitor)?;
    Ok(View { frame, lens, record, inputs, zone, only, is_cell, faults: Vec::new(), conflicts: Vec::new() })
}

/// One value on the record's page, or in its cell of a list.
fn shown(
    work: &mut Work<'_>,
    visitor: &Visitor,
    module: &str,
    id: model::Id,
    (name, is_cell): (&str, bool),
) -> store::Result<Markup> {
    let record = work.get(module, id)?;
    let mut lens = Lens::of(work, visitor.locale);
    lens.learn(work, [&record])?;
    let (grant, is_open) = (work.grant(&record.module), may_update(work, &record)?);
    let process = work.definitions().process(module).cloned();
    let governed = process.as_ref().map(|process| process.field.as_str());
    let field = if name == "owner" { Some(inputs::owner()) } else { record.module.field(name).cloned() };
    let field =
        field.filter(|field| !grant.hidden.contains(&field.name)).ok_or_else(|| Error::not_found(module, id))?;
    let fields = Fields { lens: &lens, record: &record, grant: &grant, is_open, governed, is_past: false };
    let label = lens.label(&record.module, name);
    Ok(match is_cell {
        true if record.module.title == name => cells::named(&lens, &record, (&label, &[]), fields.is_changed(&field)),
        true => cells::shown(&lens, &record, (name, &label), fields.is_changed(&field)),
        false => fields.value(&field),
    })
}

impl View {
    fn address(&self) -> String {
        match &self.only {
            Some(name) => {
                let address = address(&self.record.module.name, self.record.id, name);
                if self.is_cell { format!("{address}&cell=true") } else { address }
            }
            None => format!("/{}/{}/edit", self.record.module.name, self.record.id),
        }
    }

    /// What the form was opened with.
    fn kept(&self) -> Markup {
        html! {
            input type="hidden" name="version" value=(self.record.version);
            @for input in &self.inputs {
                @let was = input_text(&input.field, &value(&self.record, &input.field), &self.zone);
                input type="hidden" name=(format!("was.{}", input.field.name)) value=(was);
            }
        }
    }

    fn notes(&self) -> Markup {
        let l = self.frame.locale;
        html! {
            @for conflict in &self.conflicts { (conflict.markup(l)) }
            @for fault in &self.faults { p.error { (fault) } }
        }
    }
}

/// The control in the place of the value.
fn part(view: &View) -> Markup {
    let (l, address) = (view.frame.locale, view.address());
    if view.is_cell {
        return cell(view);
    }
    let record = format!("/{}/{}", view.record.module.name, view.record.id);
    html! {
        dd.edit {
            form id=(format!("edit-{}", view.only.as_deref().unwrap_or_default())) data-guard method="post" action=(address) hx-post=(address) hx-target="closest dd" hx-swap="outerHTML" novalidate {
                (view.kept())
                @for input in &view.inputs { (input.bare(l)) }
                div role="alert" {
                    @for input in &view.inputs {
                        @if let Some(error) = &input.error { (note::of_field(&input.field.name, error)) }
                    }
                    (view.notes())
                }
                div.buttons {
                    button.btn.small.main-action { (l.say("save")) }
                    a.btn.small.quiet data-cancel href=(record) hx-get=(format!("{address}&show=true")) hx-target="closest dd" hx-swap="outerHTML" { (l.say("cancel")) }
                }
            }
        }
    }
}

/// The control in the cell of a list. What is wrong stands under it, and so do the buttons where they are needed.
fn cell(view: &View) -> Markup {
    let (l, address) = (view.frame.locale, view.address());
    let record = format!("/{}/{}", view.record.module.name, view.record.id);
    let name = view.only.as_deref().unwrap_or_default();
    let is_title = name == view.record.module.title;
    let class = cells::class(&view.record.module, name, is_title).unwrap_or_default();
    let is_roomy = view.inputs.iter().any(|input| control::is_roomy(&input.field));
    html! {
        td class=(format!("edit {class}")) data-field=(name) data-label=(view.lens.label(&view.record.module, name)) {
            form.in-cell.roomy[is_roomy] method="post" action=(address) hx-post=(address) hx-target="closest td" hx-swap="outerHTML" novalidate {
                (view.kept())
                @for input in &view.inputs { (input.bare(l)) }
                div.under {
                    div role="alert" {
                        @for input in &view.inputs {
                            @if let Some(error) = &input.error { (note::of_field(&input.field.name, error)) }
                        }
                        (view.notes())
                    }
                    div.buttons {
                        button.btn.small.main-action { (l.say("save")) }
                        a.btn.small.quiet data-cancel href=(record) hx-get=(format!("{address}&show=true")) hx-target="closest td" hx-swap="outerHTML" { (l.say("cancel")) }
                    }
                }
            }
        }
    }
}

/// The form on a page of its own, or in a dialog.
fn sheet(view: &View, is_dialog: bool) -> Markup {
    let l = view.frame.locale;
    let module = &view.record.module;
    let (list, record) = (format!("/{}", module.name), format!("/{}/{}", module.name, view.record.id));
    let title = cells::title_text(&view.lens, &view.record);
    let heading = view.only.as_ref().map_or_else(|| l.say("edit-title"), |name| view.lens.label(module, name));
    let sheet = Sheet {
        frame: &view.frame,
        partial: is_dialog,
        id: "edit-record",
        heading: &heading,
        title: &title,
        crumbs: &[(&list, module.label.get(l)), (&record, &title)],
    };
    let rows = html! {
        (inputs::summary(&view.inputs, l))
        (view.notes())
        (view.kept())
        (inputs::rows(module, &view.inputs, l))
    };
    sheet.form(&Form {
        kind: Kind::Typed,
        action: &view.address(),
        rows,
        button: Some(&l.say("save")),
        back: (&record, &l.say("cancel")),
    })
}
