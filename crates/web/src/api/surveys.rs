//! Surveys: sent, opened and answered by their links, and what came of them.

use app::surveys::{Opened, Placed, Results, Sending, csv, results};
use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use model::survey::{Question, SENT};
use model::{Actor, Locale};
use serde_json::{Map, Value, json};
use store::{Error, Work};

use super::answer::{Reply, Write};
use super::keys;
use super::records::{id, stands};
use crate::caller::{Caller, locale};
use crate::problem::Problem;
use crate::state::Web;
use crate::uploads;

/// Sends a survey about a record by a personal link; who has one that still waits gets it once more.
pub(crate) async fn send(State(web): State<Web>, caller: Caller, write: Write) -> Result<Response, Problem> {
    let (app, body) = (web.app.clone(), write.object()?);
    let run = move |work: &mut Work<'_>| {
        let sent = app.send_survey(work, &Sending::read(&body)?)?;
        stands(work, &sent)
    };
    write.run(&web, caller.author(), run).await
}

/// Sends a survey that still waits once more.
pub(crate) async fn send_again(
    State(web): State<Web>,
    caller: Caller,
    Path(survey): Path<String>,
    write: Write,
) -> Result<Response, Problem> {
    let (app, id, body) = (web.app.clone(), id(SENT, &survey)?, write.object()?);
    let run = move |work: &mut Work<'_>| {
        keys::known(&body, "", &[])?;
        let sent = app.send_survey_again(work, id)?;
        stands(work, &sent)
    };
    write.run(&web, caller.author(), run).await
}

/// The questions of a survey, by its link.
pub(crate) async fn open(
    State(web): State<Web>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let language = locale(None, &headers, web.app.workspace().knowledge().settings.locale);
    let app = web.app.clone();
    let read = move |work: &mut Work<'_>| Ok(opened(&app.open_survey(work, &token)?, language));
    let shown = web.app.workspace().read(Actor::Public, read).await?;
    Ok(([(header::CACHE_CONTROL, "private, no-store")], Json(shown)).into_response())
}

/// Takes the answers.
pub(crate) async fn answer(
    State(web): State<Web>,
    Path(token): Path<String>,
    write: Write,
) -> Result<Response, Problem> {
    let body = write.object()?;
    let language = locale(None, &write.headers, web.app.workspace().knowledge().settings.locale);
    let (app, link) = (web.app.clone(), token.clone());
    let run = move |work: &mut Work<'_>| {
        keys::known(&body, "", &["answers"])?;
        let answers = match body.get("answers") {
            Some(Value::Object(answers)) => answers.clone(),
            None | Some(Value::Null) => Map::new(),
            Some(_) => return Err(Error::field("answers", "invalid_type", "expected answers by question")),
        };
        let taken = app.answer_survey(work, &link, &answers, language)?;
        Ok(Reply::new(StatusCode::CREATED, opened(&taken, language)))
    };
    let answered = write.run(&web, Actor::Public, run).await;
    let is_refused = match &answered {
        Ok(response) => response.status() == StatusCode::UNPROCESSABLE_ENTITY,
        Err(problem) => problem.status == StatusCode::UNPROCESSABLE_ENTITY,
    };
    if is_refused {
        web.app.note_refused_survey(&token).await?;
    }
    answered
}

/// Takes a file for a question; the answers name it afterwards.
pub(crate) async fn send_file(
    State(web): State<Web>,
    Path(token): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let write = Write::head(&web, &request)?;
    let (app, link) = (web.app.clone(), token.clone());
    let look = move |work: &mut Work<'_>| app.expects_survey_file(work, &link).map(drop);
    web.app.workspace().read(Actor::Public, look).await?;
    let parcel = uploads::receive(&web, request).await?;
    let question = parcel.typed.text("field").to_owned();
    let Some(file) = parcel.files.first().cloned().filter(|_| parcel.files.len() == 1) else {
        return Err(Error::field("file", "required", "send one part with a file name").into());
    };
    let write = write.with_body(parcel.content().as_bytes());
    let app = web.app.clone();
    let run = move |work: &mut Work<'_>| {
        let attached = app.attach_answers(work, &token, &[(question.clone(), file.clone())])?;
        let answers: Map<_, _> = attached.into_iter().map(|(key, file)| (key, json!(file.to_string()))).collect();
        Ok(Reply::new(StatusCode::CREATED, json!({"answers": answers})))
    };
    write.run(&web, Actor::Public, run).await
}

/// What came of a survey, as far as the caller reads the answers.
pub(crate) async fn outcome(
    State(web): State<Web>,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<Json<Value>, Problem> {
    let read = move |work: &mut Work<'_>| Ok(counted(&results(work, &name)?));
    Ok(Json(web.app.workspace().read(caller.actor(), read).await?))
}

/// The answers as a table.
pub(crate) async fn table(
    State(web): State<Web>,
    caller: Caller,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let language = locale(None, &headers, web.app.workspace().knowledge().settings.locale);
    let (app, file) = (web.app.clone(), name.clone());
    let text = web.app.workspace().read(caller.actor(), move |work| csv(&app, work, &name, language)).await?;
    Ok(as_file(&file, text))
}

/// A table as a file to be kept.
pub(crate) fn as_file(survey: &str, text: String) -> Response {
    let name = format!("attachment; filename=\"{survey}.csv\"");
    let kind = "text/csv; charset=utf-8".to_owned();
    ([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], text).into_response()
}

/// A survey as whoever answers it sees it.
fn opened(opened: &Opened, l: Locale) -> Value {
    let survey = &opened.survey;
    let until = opened.sent.as_ref().and_then(|sent| sent.get("expires_at").as_instant());
    json!({
        "survey": survey.name,
        "name": survey.label.or(l, &survey.name),
        "introduction": survey.introduction.get(l),
        "thanks": survey.thanks.get(l),
        "status": opened.standing.name(),
        "expires_at": until.map(|until| until.to_string()),
        "questions": survey.asked().map(|question| asked(question, l)).collect::<Vec<_>>(),
        "answers": opened.answers,
    })
}

fn asked(question: &Question, l: Locale) -> Value {
    let options = |options: &[model::ChoiceOption]| -> Vec<Value> {
        options.iter().map(|it| json!({"value": it.value, "label": it.label.or(l, &it.value)})).collect()
    };
    let columns = question.columns.iter().map(|column| {
        json!({
            "key": column.key, "kind": column.kind, "label": column.label.or(l, &column.key),
            "options": options(&column.options), "min": column.min, "max": column.max,
        })
    });
    json!({
        "key": question.key, "kind": question.kind, "label": question.label.or(l, &question.key),
        "help": question.help.as_ref().map(|help| help.get(l)), "required": question.required,
        "if": question.condition, "options": options(&question.options), "rows": options(&question.rows),
        "columns": columns.collect::<Vec<_>>(), "min": question.min, "max": question.max,
    })
}

fn counted(results: &Results) -> Value {
    let questions = results.questions.iter().map(|tally| {
        let counts = tally.counts.iter().map(|(row, counts)| {
            let counts: Vec<_> =
                counts.iter().map(|it| json!({"value": it.value, "label": it.label, "count": it.count})).collect();
            json!({"row": row, "counts": counts})
        });
        let texts = tally.texts.iter().map(|it| json!({"survey": it.survey.to_string(), "text": it.text, "file": it.file.map(|file| file.to_string())}));
        json!({
            "key": tally.question.key, "kind": tally.question.kind, "label": tally.question.label,
            "answered": tally.answered, "counts": counts.collect::<Vec<_>>(),
            "places": tally.places.iter().map(placed).collect::<Vec<_>>(),
            "mean": tally.mean.map(hundredths),
            "nps": tally.nps, "texts": texts.collect::<Vec<_>>(),
        })
    });
    json!({"states": results.states, "whole": results.is_whole, "questions": questions.collect::<Vec<_>>()})
}

fn placed(placed: &Placed) -> Value {
    json!({"value": placed.value, "label": placed.label, "mean": placed.mean.map(hundredths)})
}

/// A number of hundredths as a decimal.
fn hundredths(number: i64) -> String {
    format!("{}.{:02}", number.div_euclid(100), number.rem_euclid(100))
}
