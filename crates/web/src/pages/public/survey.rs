//! The page of a survey for whoever has its link. Without a script: where answers open further questions, the page comes
//! again with them, and everything that was typed.

mod controls;
mod form;
mod view;

use app::surveys::{Opened, Standing};
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::Markup;
use model::survey::Wrong;
use model::{Actor, Locale};
use serde_json::{Map, Value as Json};
use store::{Error, FieldError, Origin, Result, Work};

use self::form::Form;
use super::super::visitor::Guest;
use super::{Head, private};
use crate::brand::Brand;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::Lens;
use crate::ui::typed::{self, Typed};

/// What the page shows.
struct View {
    lens: Lens,
    head: Head,
    opened: Opened,
    /// Where the form is sent.
    action: String,
    /// Whether an administrator only looks how it will be.
    is_preview: bool,
    form: Form,
}

/// The questions, or what is said when nothing is asked any more.
pub(crate) async fn page(
    State(web): State<Web>,
    guest: Guest,
    Path(token): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let asked = typed::read(query.unwrap_or_default().as_bytes())?;
    let view = read(&web, &guest, token, None).await?;
    let is_done = match view.opened.standing {
        Standing::Open => view.opened.sent.is_none() && asked.has("done"),
        Standing::Correctable => !asked.has("correct"),
        Standing::Answered | Standing::Over => true,
    };
    let shown = if is_done { view::ended(&view, &guest) } else { view::form(&view, &guest) };
    Ok(private(&guest, shown))
}

/// Keeps the answers; asks what they open; or says what is wrong beside the question and keeps what was typed.
pub(crate) async fn answer(
    State(web): State<Web>,
    guest: Guest,
    Path(token): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let mut view = read(&web, &guest, token.clone(), Some(typed)).await?;
    let here = format!("/p/s/{token}");
    if !view.opened.standing.is_open() || view.form.is_robot() {
        return Ok(Redirect::to(&here).into_response());
    }
    if view.form.is_wrong() {
        web.app.note_refused_survey(&token).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, private(&guest, view::form(&view, &guest))).into_response());
    }
    if view.form.asks_more() {
        return Ok(private(&guest, view::form(&view, &guest)));
    }
    let (app, link, locale) = (web.app.clone(), token.clone(), guest.locale);
    let answers = view.form.answers.clone();
    let write = move |work: &mut Work<'_>| app.answer_survey(work, &link, &answers, locale).map(drop);
    let error = match web.app.workspace().write(Actor::Public, Origin::from("public"), write).await {
        Ok(_) if view.opened.sent.is_none() => return Ok(Redirect::to(&format!("{here}?done=1")).into_response()),
        Ok(_) => return Ok(Redirect::to(&here).into_response()),
        Err(error @ (Error::Invalid(_) | Error::Conflict { .. })) => error,
        Err(error) => return Err(error.into()),
    };
    if matches!(error, Error::Invalid(_)) {
        web.app.note_refused_survey(&token).await?;
    }
    let problem = Problem::from(error);
    view.form.refused(locale, &view.opened.survey, &problem);
    Ok((problem.status, private(&guest, view::form(&view, &guest))).into_response())
}

/// The survey with what was typed, or with what is known already.
async fn read(web: &Web, guest: &Guest, token: String, sent: Option<Typed>) -> Result<View, Problem> {
    let (app, locale) = (web.app.clone(), guest.locale);
    let read = move |work: &mut Work<'_>| {
        let opened = app.open_survey(work, &token)?;
        Ok(view(work, opened, sent.as_ref(), (locale, format!("/p/s/{token}"), false)))
    };
    Ok(web.app.workspace().read(Actor::Public, read).await?)
}

/// The page of a survey as it will be, for whoever shapes it: answers open further questions, and nothing is kept.
pub(crate) async fn preview(
    web: &Web,
    actor: &Actor,
    guest: &Guest,
    name: String,
    at: String,
    typed: Typed,
) -> Result<Markup, Problem> {
    let (app, locale) = (web.app.clone(), guest.locale);
    let read = move |work: &mut Work<'_>| {
        let opened = app.preview_survey(work, &name)?;
        let sent = Some(&typed).filter(|typed| typed.has(form::ASKED));
        Ok(view(work, opened, sent, (locale, at.clone(), true)))
    };
    Ok(view::form(&web.app.workspace().read(actor.clone(), read).await?, guest))
}

fn view(
    work: &mut Work<'_>,
    opened: Opened,
    sent: Option<&Typed>,
    (locale, action, is_preview): (Locale, String, bool),
) -> View {
    let settings = work.settings().clone();
    let form = filled(work, &opened, sent, locale);
    let name = opened.survey.label.or(locale, &opened.survey.name).to_owned();
    let (organisation, brand) = (settings.name.clone(), Brand::of(&settings));
    let head = Head { organisation, brand, event: name, line: String::new() };
    View { lens: Lens::of(work, locale), head, opened, action, is_preview, form }
}

fn filled(work: &Work<'_>, opened: &Opened, sent: Option<&Typed>, locale: Locale) -> Form {
    let known = (work.settings().reading(), &work.env(), locale);
    match sent {
        Some(sent) => {
            let mut form = Form::sent(sent.clone(), &opened.survey);
            let (answers, wrong) = opened.survey.read(&form.answers, known);
            // What was asked of nobody yet is no fault of theirs.
            let was_asked = |it: &Wrong| form.was_asked(it.place.split(['.', '[']).next().unwrap_or_default());
            let (told, _): (Vec<Wrong>, Vec<Wrong>) = wrong.into_iter().partition(was_asked);
            let faults: Vec<FieldError> = told.into_iter().map(|it| FieldError::of(it.place, it.error)).collect();
            form.ask(answers.asked);
            form.place(locale, &opened.survey, &faults);
            form
        }
        None => {
            let (answers, _) = opened.survey.read(&opened.answers, known);
            let mut form = Form::of(&opened.answers, &opened.survey);
            form.ask(answers.asked);
            form
        }
    }
}

/// The answers of a form in the form of the API.
type Given = Map<String, Json>;
