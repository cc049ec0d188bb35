//! A lead becomes a client: whom it may be already, and the deal that begins.

mod view;

use app::convert::{self, Choice, Conversion, LEADS, Offer};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::Markup;
use model::{Field, Module, Record, Value};
use serde_json::{Map, Value as Json};
use store::{Error, FieldError, Origin, Work};

use super::moves;
use super::record::id;
use super::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::control::input_text;
use crate::ui::frame::Frame;
use crate::ui::inputs::{self, Input};
use crate::ui::typed::Typed;
use crate::ui::{Lens, Words};

pub(super) use view::button;

/// What is asked of the deal.
const ASKED: [&str; 4] = ["name", "pipeline", "event", "amount"];
/// What a choice of a new record is called.
const NEW: &str = "new";
/// The tick by which a deal is wanted.
const WITH_DEAL: &str = "with_deal";

struct View {
    frame: Frame,
    lead: Record,
    offer: Offer,
    /// What is chosen of each kind, where something is.
    account: Option<String>,
    contact: Option<String>,
    /// Nothing for whoever makes no deals.
    deal: Option<Deal>,
    faults: Vec<String>,
}

struct Deal {
    inputs: Vec<Input>,
    is_wanted: bool,
}

/// The sheet.
pub(crate) async fn form(
    State(web): State<Web>,
    visitor: Visitor,
    Path(lead): Path<String>,
) -> Result<Markup, Problem> {
    let (id, partial) = (id(LEADS, &lead)?, visitor.partial);
    let view = web.app.workspace().read(visitor.actor(), move |work| read(work, &visitor, id)).await?;
    Ok(view::sheet(&view, partial))
}

/// Converts the lead.
pub(crate) async fn make(
    State(web): State<Web>,
    visitor: Visitor,
    Path(lead): Path<String>,
    form: Typed,
) -> Result<Response, Problem> {
    let id = id(LEADS, &lead)?;
    let (app, sent) = (web.app.clone(), form.clone());
    let write = move |work: &mut Work<'_>| {
        let lead = work.get(LEADS, id)?;
        let wanted = wanted(work, &lead, &sent)?;
        app.convert(work, id, &wanted).map(drop)
    };
    let made = web.app.workspace().write(visitor.author(), Origin::from("interface"), write).await;
    let error = match made {
        Ok((_, set)) => {
            let words = visitor.locale.say("convert-done");
            return Ok(moves::done(&visitor, &format!("/{LEADS}/{id}"), &words, set));
        }
        Err(error @ (Error::Invalid(_) | Error::Conflict { .. })) => error,
        Err(error) => return Err(error.into()),
    };
    let (locale, partial, actor) = (visitor.locale, visitor.partial, visitor.actor());
    let read = move |work: &mut Work<'_>| {
        let mut view = read(work, &visitor, id)?;
        typed(work, &mut view, &form, &visitor)?;
        Ok(view)
    };
    let mut view = web.app.workspace().read(actor, read).await?;
    let problem = Problem::from(error);
    place(&mut view, &problem, locale);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, view::sheet(&view, partial)).into_response())
}

fn read(work: &mut Work<'_>, visitor: &Visitor, id: model::Id) -> store::Result<View> {
    work.check_may_update(LEADS, id)?;
    let lead = work.get(LEADS, id)?;
    let process = work.definitions().process(LEADS).cloned();
    if process.is_none_or(|process| convert::step(&process, &lead).is_none()) {
        return Err(Error::conflict("invalid_transition", "the lead has come to its end"));
    }
    let offer = convert::of(work, &lead)?;
    let deal = if convert::may_make(work, "deals")? {
        Some(Deal { inputs: deal_inputs(work, visitor, &lead)?, is_wanted: true })
    } else {
        None
    };
    let frame = Frame::unless_partial(work, visitor)?;
    let (account, contact) = (first(&offer.accounts), first(&offer.contacts));
    Ok(View { frame, lead, offer, account, contact, deal, faults: Vec::new() })
}

/// What stands chosen at first: whoever is known for certain, a new record where nobody is alike, and nothing where a
/// person has to say.
fn first(candidates: &[convert::Candidate]) -> Option<String> {
    match candidates.iter().find(|candidate| candidate.is_sure) {
        Some(sure) => Some(sure.record.id.to_string()),
        None => candidates.is_empty().then(|| NEW.to_owned()),
    }
}

fn asked(work: &Work<'_>, module: &Module) -> Vec<Field> {
    let grant = work.grant(module);
    let is_open = |field: &&Field| !grant.hidden.contains(&field.name) && !grant.read_only.contains(&field.name);
    ASKED.into_iter().filter_map(|name| module.field(name)).filter(is_open).cloned().collect()
}

fn deal_inputs(work: &mut Work<'_>, visitor: &Visitor, lead: &Record) -> store::Result<Vec<Input>> {
    let (module, zone) = (work.module("deals")?, work.settings().zone());
    let text = |field: &Field| {
        let value = match field.name.as_str() {
            "name" => Value::from(lead.text("company").or_else(|| lead.text("name")).unwrap_or_default().to_owned()),
            "pipeline" => field.options.first().map_or(Value::Null, |option| Value::from(option.value.clone())),
            _ => Value::Null,
        };
        input_text(field, &value, &zone)
    };
    let fields: Vec<_> = asked(work, &module).into_iter().map(|field| (field.clone(), text(&field))).collect();
    inputs::of(work, &mut Lens::of(work, visitor.locale), fields, visitor.partial)
}

/// What was chosen.
fn wanted(work: &mut Work<'_>, lead: &Record, sent: &Typed) -> store::Result<Conversion> {
    let offer = convert::of(work, lead)?;
    let mut faults = Vec::new();
    let mut choice = |name: &str, candidates: &[convert::Candidate]| match sent.text(name) {
        NEW => Choice::New,
        "" if first(candidates).is_none() => {
            faults.push(FieldError::new(name, "convert_choose", "say which one it is, or that it is a new one"));
            Choice::Known
        }
        "" => Choice::Known,
        text => text.parse().map_or_else(
            |_| {
                faults.push(FieldError::new(name, "invalid_id", "expected the id of a record"));
                Choice::Known
            },
            Choice::This,
        ),
    };
    let (account, contact) = (choice("account", &offer.accounts), choice("contact", &offer.contacts));
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    Ok(Conversion { account, contact, deal: deal(work, sent)? })
}

fn deal(work: &mut Work<'_>, sent: &Typed) -> store::Result<Option<Map<String, Json>>> {
    if !sent.has(WITH_DEAL) {
        return Ok(None);
    }
    let module = work.module("deals")?;
    let fields = asked(work, &module);
    let currency = inputs::currency(work, sent.text("event").parse().ok());
    let mut json = inputs::to_json(&fields, sent, &work.settings().zone(), currency)?;
    json.retain(|_, value| !value.is_null());
    Ok(Some(json))
}

/// Puts what was typed back into the sheet.
fn typed(work: &mut Work<'_>, view: &mut View, form: &Typed, visitor: &Visitor) -> store::Result<()> {
    let chosen = |name: &str| Some(form.text(name).to_owned()).filter(|text| !text.is_empty());
    (view.account, view.contact) = (chosen("account"), chosen("contact"));
    match &mut view.deal {
        Some(deal) => {
            deal.is_wanted = form.has(WITH_DEAL);
            inputs::type_in(work, &mut deal.inputs, form, visitor.locale)
        }
        None => Ok(()),
    }
}

/// Says what is wrong, beside the field where it has one here.
fn place(view: &mut View, problem: &Problem, locale: model::Locale) {
    if problem.errors.is_empty() {
        view.faults.push(locale.refusal(&problem.code, &problem.detail));
        return;
    }
    let (of_deal, others): (Vec<FieldError>, Vec<FieldError>) =
        problem.errors.iter().cloned().partition(|error| error.field.starts_with("deal."));
    let of_deal: Vec<_> = of_deal
        .into_iter()
        .map(|error| FieldError { field: error.field.trim_start_matches("deal.").to_owned(), ..error })
        .collect();
    let module = view.lead.module.clone();
    if let Some(deal) = &mut view.deal {
        view.faults.extend(inputs::place_errors(&mut deal.inputs, &of_deal, locale));
    }
    view.faults.extend(inputs::place_errors_of(&module, &mut [], &others, locale));
}
