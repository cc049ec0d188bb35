//! A move of a record: a form for what it asks, then the move; refused moves say why.

use app::transitions::meant;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::Markup;
use model::field::FieldType;
use model::process::{Phase, Process, Transition};
use model::{Field, Label, Record};
use store::{Error, Origin, Work};

use super::{ACTIVITIES, id, outlook};
use crate::pages::cells;
use crate::pages::moves::{self, Form};
use crate::pages::next::local;
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::control::input_text;
use crate::ui::frame::Frame;
use crate::ui::inputs::{self, Input};
use crate::ui::typed::{Asked, Typed};
use crate::ui::{Lens, Words};

struct View {
    frame: Frame,
    record: Record,
    /// What it is called, and its page.
    title: String,
    page: String,
    transition: Transition,
    /// The stage that it leads to.
    stage: Option<String>,
    inputs: Vec<Input>,
    /// What it will do.
    outlook: Option<String>,
    faults: Vec<String>,
    /// The page one came from and goes back to; nothing for the record's own.
    next: Option<String>,
}

/// What a move asks besides its fields: options that the service of the module reads.
fn options(module: &str, transition: &str) -> Vec<Field> {
    let label = |key: &str| Label { ru: model::Locale::Ru.say(key), en: model::Locale::En.say(key) };
    let field = |name: &str, kind, text: &str, help: &str| Field {
        label: label(text),
        help: Some(label(help)),
        ..Field::new(name, kind)
    };
    match (module, transition) {
        ("orders", "revive") => vec![field("keep_price", FieldType::Checkbox, "keep-price", "keep-price-help")],
        ("payments", "assign") => {
            let order = field("order", FieldType::Link, "assign-order", "assign-order-help");
            let invoice = field("invoice", FieldType::Link, "assign-invoice", "assign-invoice-help");
            vec![
                Field { module: Some("orders".to_owned()), ..order },
                Field { module: Some("invoices".to_owned()), ..invoice },
            ]
        }
        ("contracts", "sign") => vec![field("signed_on", FieldType::Date, "sign-on", "sign-on-help")],
        ("orders", "refund") => vec![field("amount", FieldType::Money, "refund-amount", "refund-amount-help")],
        _ => Vec::new(),
    }
}

/// Whether the move is asked about before it is made: it asks for something, or it ends the record's way.
pub(crate) fn is_asked(process: &Process, module: &str, transition: &Transition) -> bool {
    let ends = process.state(&transition.to).is_some_and(|state| state.phase == Phase::Lost);
    ends || !transition.asks.is_empty() || !options(module, &transition.name).is_empty()
}

/// The form: a dialog over the record where htmx asks, else a page.
pub(crate) async fn form(
    State(web): State<Web>,
    visitor: Visitor,
    Path((module, record, name)): Path<(String, String, String)>,
    Asked(query): Asked,
) -> Result<Markup, Problem> {
    let (id, partial, actor) = (id(&module, &record)?, visitor.partial, visitor.actor());
    let next = came_from(&query);
    let read = move |work: &mut Work<'_>| read(work, &visitor, &module, id, &name);
    let view = View { next, ..web.app.workspace().read(actor, read).await? };
    Ok(form_of(&view).shown(partial))
}

/// Makes the move.
pub(crate) async fn make(
    State(web): State<Web>,
    visitor: Visitor,
    Path((module, record, name)): Path<(String, String, String)>,
    form: Typed,
) -> Result<Response, Problem> {
    let id = id(&module, &record)?;
    let (app, asked, moved, sent) = (web.app.clone(), module.clone(), name.clone(), form.clone());
    let write = move |work: &mut Work<'_>| {
        let record = work.get(&asked, id)?;
        let process = work.definitions().process(&asked).cloned();
        let transition = match &process {
            Some(process) => meant(work, process, &record, &moved)?,
            None => None,
        };
        let asked_for = transition.map(|transition| fields(work, &record, transition)).unwrap_or_default();
        let currency = match record.get("total").as_money() {
            Some(total) => total.currency,
            None => inputs::currency(work, record.link("event")),
        };
        let mut json = inputs::to_json(&asked_for, &sent, &work.settings().zone(), currency)?;
        json.retain(|_, value| !value.is_null());
        app.transition(work, &asked, id, &moved, &json).map(|_| ())
    };
    let made = web.app.workspace().write(visitor.author(), Origin::from("interface"), write).await;
    let next = came_from(&form);
    let error = match made {
        Ok((_, set)) => {
            let page = next.unwrap_or_else(|| format!("/{module}/{id}"));
            return Ok(moves::done(&visitor, &page, &visitor.locale.say("saved"), set));
        }
        Err(error @ (Error::Invalid(_) | Error::Conflict { .. })) => error,
        Err(error) => return Err(error.into()),
    };
    let (locale, partial) = (visitor.locale, visitor.partial);
    let view = web.app.workspace().read(visitor.actor(), move |work| {
        let mut view = View { next: next.clone(), ..read(work, &visitor, &module, id, &name)? };
        inputs::type_in(work, &mut view.inputs, &form, locale)?;
        Ok(view)
    });
    let (problem, mut view) = (Problem::from(error), view.await?);
    // What is allowed instead is no fault of a field.
    let faults: Vec<_> = problem.errors.iter().filter(|error| error.code != "allowed").cloned().collect();
    let module = view.record.module.clone();
    let others = inputs::place_errors_of(&module, &mut view.inputs, &faults, locale);
    view.faults = if faults.is_empty() { vec![locale.refusal(&problem.code, &problem.detail)] } else { others };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, form_of(&view).shown(partial)).into_response())
}

/// The page that a form or an address names to go back to.
fn came_from(typed: &Typed) -> Option<String> {
    typed.has("next").then(|| local(typed.text("next")).to_owned())
}

/// What the move asks for and the caller may fill in, then its options.
fn fields(work: &Work<'_>, record: &Record, transition: &Transition) -> Vec<Field> {
    let grant = work.grant(&record.module);
    let asked = transition.asks.iter().filter_map(|name| record.module.field(name).cloned());
    let asked = asked.filter(|field| !grant.hidden.contains(&field.name) && !grant.read_only.contains(&field.name));
    // Who sells no tickets has no orders to choose from.
    let leads = |field: &Field| field.module.as_deref().is_none_or(|name| work.definitions().module(name).is_some());
    let options = options(&record.module.name, &transition.name).into_iter().filter(leads);
    asked.map(|field| Field { required: true, ..field }).chain(options).collect()
}

fn inputs_of(
    work: &mut Work<'_>,
    lens: &mut Lens,
    record: &Record,
    transition: &Transition,
    is_part: bool,
) -> store::Result<Vec<Input>> {
    let (fields, zone) = (fields(work, record, transition), work.settings().zone());
    let text = |field: &Field| match record.module.field(&field.name) {
        Some(_) => input_text(field, record.get(&field.name), &zone),
        None => String::new(),
    };
    let fields: Vec<_> = fields.into_iter().map(|field| (field.clone(), text(&field))).collect();
    let mut inputs = inputs::of(work, lens, fields, is_part)?;
    if record.module.name == ACTIVITIES {
        let times = inputs.iter_mut().filter(|input| input.field.kind == FieldType::Datetime);
        times.for_each(|input| input.offer_soon(lens));
    }
    Ok(inputs)
}

fn read(work: &mut Work<'_>, visitor: &Visitor, module: &str, id: model::Id, name: &str) -> store::Result<View> {
    let record = work.get(module, id)?;
    let process = work.definitions().process(module).cloned();
    let transition = match &process {
        Some(process) => meant(work, process, &record, name)?.cloned(),
        None => None,
    };
    let transition = transition.ok_or_else(|| Error::not_found(module, id))?;
    let stage =
        process.and_then(|process| moves::stage(visitor.locale, &process, &record, &transition).map(str::to_owned));
    let mut lens = Lens::of(work, visitor.locale);
    lens.learn(work, [&record])?;
    let inputs = inputs_of(work, &mut lens, &record, &transition, visitor.partial)?;
    let outlook = outlook::of(work, visitor.locale, &record, &transition)?;
    let frame = Frame::unless_partial(work, visitor)?;
    let (title, page) = (cells::title_text(&lens, &record), format!("/{module}/{id}"));
    Ok(View { frame, record, title, page, transition, stage, inputs, outlook, faults: Vec::new(), next: None })
}

fn form_of(view: &View) -> Form<'_> {
    let l = view.frame.locale;
    let sure = || l.say_with("transition-sure", &[("title", view.title.as_str().into())]);
    Form {
        frame: &view.frame,
        record: &view.record,
        title: &view.title,
        transition: &view.transition,
        stage: view.stage.as_deref(),
        address: format!("{}/transitions/{}", view.page, view.transition.name),
        carried: view.next.as_deref().map(|next| ("next", next)).into_iter().collect(),
        told: view.outlook.clone().or_else(|| view.inputs.is_empty().then(sure)),
        faults: &view.faults,
        inputs: &view.inputs,
        back: view.next.as_deref().unwrap_or(&view.page),
    }
}
