//! The page of a survey for whoever has its link. Without a script: where answers open further questions, the page comes
//! again with them, and everything that was typed.

pub(super) mod controls;
pub(crate) mod form;
mod view;

use std::collections::BTreeMap;

use app::surveys::{Opened, Standing, file_names, too_large};
use axum::extract::{FromRequest as _, Path, RawQuery, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::Markup;
use model::survey::Kind;
use model::{Actor, Id, Locale};
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
use crate::uploads;

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
    request: Request,
) -> Result<Response, Problem> {
    let (typed, faults) = match sent(&web, &guest, &token, request).await? {
        Some(sent) => sent,
        None => return Ok(Redirect::to(&format!("/p/s/{token}")).into_response()),
    };
    let mut view = read(&web, &guest, token.clone(), Some(typed)).await?;
    view.form.refuse(guest.locale, &view.opened.survey, &faults);
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
    let error = match web.app.workspace().write(Actor::Public, Origin::from("survey"), write).await {
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

/// What was sent, with what is wrong with its files: those that came are attached to the survey first, so that they stand when
/// the page comes again. Nothing where nothing is taken any more.
async fn sent(
    web: &Web,
    guest: &Guest,
    token: &str,
    request: Request,
) -> Result<Option<(Typed, Vec<FieldError>)>, Problem> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("multipart/form-data") {
        return Ok(Some((Typed::from_request(request, web).await?, Vec::new())));
    }
    let view = read(web, guest, token.to_owned(), None).await?;
    if !view.opened.standing.is_open() {
        return Ok(None);
    }
    let mut replied = uploads::replied(web, request, &view.opened.takes_files()).await?;
    let mut faults: Vec<FieldError> = replied.too_large.iter().map(|key| too_large(key)).collect();
    if !replied.typed.text(form::TRAP).is_empty() || replied.files.is_empty() {
        return Ok(Some((replied.typed, faults)));
    }
    let (app, link) = (web.app.clone(), token.to_owned());
    let files = replied.files;
    let attach = move |work: &mut Work<'_>| app.attach_answers(work, &link, &files);
    match web.app.workspace().write(Actor::Public, Origin::from("survey"), attach).await {
        Ok((attached, _)) => {
            for (key, file) in attached {
                replied.typed.set(&form::control(&key), file.to_string());
            }
        }
        Err(Error::Invalid(wrong)) => faults.extend(wrong),
        Err(error) => return Err(error.into()),
    }
    Ok(Some((replied.typed, faults)))
}

/// The survey with what was typed, or with what is known already.
async fn read(web: &Web, guest: &Guest, token: String, sent: Option<Typed>) -> Result<View, Problem> {
    let (app, locale) = (web.app.clone(), guest.locale);
    let read = move |work: &mut Work<'_>| {
        let opened = app.open_survey(work, &token)?;
        view(work, opened, sent.as_ref(), (locale, format!("/p/s/{token}"), false))
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
        view(work, opened, sent, (locale, at.clone(), true))
    };
    Ok(view::form(&web.app.workspace().read(actor.clone(), read).await?, guest))
}

fn view(
    work: &mut Work<'_>,
    opened: Opened,
    sent: Option<&Typed>,
    (locale, action, is_preview): (Locale, String, bool),
) -> Result<View> {
    let settings = work.settings().clone();
    let sent = sent.map(|sent| held(work, &opened, sent.clone())).transpose()?;
    let mut form = filled(work, &opened, sent.as_ref(), locale);
    form.files = names(work, &opened, &form.typed)?;
    let name = opened.survey.label.or(locale, &opened.survey.name).to_owned();
    let (organisation, brand) = (settings.name.clone(), Brand::of(&settings));
    let head = Head { organisation, brand, event: name, line: String::new() };
    Ok(View { lens: Lens::of(work, locale), head, opened, action, is_preview, form })
}

/// What was sent, without files that are taken away again, or that were never sent by this link.
fn held(work: &mut Work<'_>, opened: &Opened, mut sent: Typed) -> Result<Typed> {
    let names = names(work, opened, &sent)?;
    for question in opened.survey.asked().filter(|question| question.kind == Kind::File) {
        let control = form::control(&question.key);
        if !names.contains_key(&question.key) || sent.has(&form::taken_away(&question.key)) {
            sent.set(&control, "");
        }
    }
    Ok(sent)
}

/// What the files are called that stand in a form, by question.
fn names(work: &mut Work<'_>, opened: &Opened, typed: &Typed) -> Result<BTreeMap<String, String>> {
    let Some(of) = &opened.sent else { return Ok(BTreeMap::new()) };
    let asked = opened.survey.asked().filter(|question| question.kind == Kind::File);
    let asked = asked.filter_map(|it| Some((it.key.clone(), typed.text(&form::control(&it.key)).parse::<Id>().ok()?)));
    let asked: Vec<_> = asked.collect();
    let known = file_names(work, of.id, &asked.iter().map(|(_, file)| *file).collect())?;
    Ok(asked.into_iter().filter_map(|(key, file)| Some((key, known.get(&file)?.clone()))).collect())
}

fn filled(work: &Work<'_>, opened: &Opened, sent: Option<&Typed>, locale: Locale) -> Form {
    let known = (work.settings().reading(), &work.env(), locale);
    match sent {
        Some(sent) => Form::judged(sent.clone(), &opened.survey, locale, |answers| opened.survey.read(answers, known)),
        None => {
            let (answers, _) = opened.survey.read(&opened.answers, known);
            let mut form = Form::of(&opened.answers, &opened.survey);
            form.ask(answers.asked);
            form
        }
    }
}

/// The answers of a form in the form of the API.
pub(super) type Given = Map<String, Json>;
