//! Errors for people: the same problem that the API tells as JSON, as a page in the reader's language.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use model::{Label, Locale};
use serde_json::Value;

use super::visitor::{Seen, Visitor, guessed, theme};
use crate::caller::Spoken;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::door::{self, Kind, Sheet};
use crate::ui::frame::Frame;
use crate::ui::shell::{self, Page};
use crate::ui::{Words, htmx, icon, note};

/// First words of the paths of programs: there a problem stays JSON.
const PROGRAMS: [&str; 5] = ["api", "assets", "healthz", "readyz", "hooks"];

/// The code of what a role does not include.
const MISSING_RIGHT: &str = "missing_right";

/// The longest problem that is said in another language, in bytes: a batch may name thousands of faults.
const PROBLEM_LIMIT: usize = 16 * 1024 * 1024;

/// Dresses problems as pages, wherever people look.
pub(crate) async fn for_people(web: &Web, mut request: Request, next: Next) -> Response {
    let spoken = Spoken::default();
    request.extensions_mut().insert(spoken.clone());
    let path = request.uri().path();
    let is_program = is_of_programs(path) || request.method() == Method::OPTIONS;
    if is_program {
        let asked = accepted(request.headers());
        let response = next.run(request).await;
        // A program that names a language gets it, else its user's; the sentences are made in English.
        return match asked.or(spoken.locale()) {
            Some(locale) if locale != Locale::En => in_words_of(locale, response).await,
            _ => response,
        };
    }
    let is_link = path.starts_with("/p/");
    let locale = guessed(request.headers(), web.app.workspace().knowledge().settings.locale);
    let (theme, partial) = (theme(request.headers()), htmx::is_partial(request.headers()));
    let (seen, is_read) = (Seen::default(), request.method() == Method::GET);
    request.extensions_mut().insert(seen.clone());
    let response = next.run(request).await;
    let locale = spoken.locale().unwrap_or(locale);
    let Some(problem) = response.extensions().get::<Problem>().cloned() else { return response };
    let headers = response.headers().clone();
    let is_closed = problem.status == StatusCode::FORBIDDEN && is_read && !partial;
    let frame = match seen.visitor().filter(|_| is_closed) {
        Some(visitor) => frame_for(web, visitor.clone()).await,
        None => None,
    };
    let page = match frame {
        _ if partial => note::bad(&sentence(locale, &problem)),
        Some(frame) => closed(&frame, &problem),
        None => page(locale, theme, &problem, is_link),
    };
    let mut page = (problem.status, page).into_response();
    for name in [header::RETRY_AFTER, header::CONTENT_RANGE] {
        if let Some(value) = headers.get(&name) {
            page.headers_mut().insert(name, value.clone());
        }
    }
    page
}

/// What stands around a page that somebody may not see: the way on.
async fn frame_for(web: &Web, visitor: Visitor) -> Option<Frame> {
    web.app.workspace().read(visitor.actor(), move |work| Frame::read(work, &visitor)).await.ok()
}

/// A page that is closed to whoever works here, among those that are open.
fn closed(frame: &Frame, problem: &Problem) -> Markup {
    let l = frame.locale;
    let (title, here) = (l.say("page-error-forbidden"), frame.here.split('?').next().unwrap_or_default());
    let content = html! {
        header.top { h1 { (title) } }
        div.scroll { div.empty { (icon(assets::icon::LOCK)) p { (refusal_of(l, problem)) } a.btn href="/" { (l.say("to-first-page")) } } }
    };
    shell::page(frame, &Page { title: &title, at: here, content })
}

/// Why it is refused, said once: that a right is missing, and who can give it, else the sentence of the code.
fn refusal_of(locale: Locale, problem: &Problem) -> String {
    if problem.code == MISSING_RIGHT { locale.say("page-error-forbidden-text") } else { sentence(locale, problem) }
}

/// The language that the caller asks for.
fn accepted(headers: &HeaderMap) -> Option<Locale> {
    let asked = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    asked.and_then(Locale::from_accept_language)
}

/// A problem with its sentences in a language; they are found by their codes, so an answer that was kept is said so too.
async fn in_words_of(locale: Locale, response: Response) -> Response {
    let kind = response.headers().get(header::CONTENT_TYPE);
    if kind.is_none_or(|kind| kind != "application/problem+json") {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, PROBLEM_LIMIT).await else {
        return (parts.status, "the problem is too long to be told").into_response();
    };
    let Ok(mut problem) = serde_json::from_slice::<Value>(&bytes) else {
        return Response::from_parts(parts, Body::from(bytes));
    };
    say(locale, &mut problem, "detail");
    for error in problem.get_mut("errors").and_then(Value::as_array_mut).into_iter().flatten() {
        let said = error.get("said").and_then(|said| serde_json::from_value::<Label>(said.clone()).ok());
        match said {
            Some(said) => error["message"] = said.get(locale).into(),
            None => say(locale, error, "message"),
        }
    }
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(problem.to_string()))
}

/// Says what stands under `key` by the code beside it, where there are words for it. What was said in English is more
/// exact and follows in brackets, unless it only repeats the faults.
fn say(locale: Locale, json: &mut Value, key: &str) {
    let code = json.get("code").and_then(Value::as_str).unwrap_or_default();
    let Some(words) = locale.say_if(&format!("error-{code}")) else { return };
    let repeats = code == "validation_failed";
    if let Some(Value::String(said)) = json.get_mut(key) {
        *said = if repeats { words } else { format!("{words} ({said})") };
    }
}

/// Whether a path, even one with slashes too many, is for programs.
fn is_of_programs(path: &str) -> bool {
    path.trim_start_matches('/').split('/').next().is_some_and(|first| PROGRAMS.contains(&first))
}

/// What went wrong, in one sentence.
pub(crate) fn sentence(locale: Locale, problem: &Problem) -> String {
    match problem.errors.first() {
        Some(error) => locale.error(error),
        None => locale.refusal(&problem.code, &problem.detail),
    }
}

fn page(locale: Locale, theme: Option<&'static str>, problem: &Problem, is_link: bool) -> Markup {
    let (title, text) = match problem.status {
        StatusCode::NOT_FOUND if is_link => ("page-error-link", "page-error-link-text"),
        StatusCode::NOT_FOUND => ("page-error-missing", "page-error-missing-text"),
        StatusCode::FORBIDDEN => ("page-error-forbidden", "page-error-forbidden-text"),
        StatusCode::TOO_MANY_REQUESTS => ("page-error-busy", "page-error-busy-text"),
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::INSUFFICIENT_STORAGE => {
            ("page-error-later", "page-error-later-text")
        }
        status if status.is_server_error() => ("page-error-failed", "page-error-failed-text"),
        _ => ("page-error-refused", "page-error-refused-text"),
    };
    let title = locale.say(title);
    let is_later = [StatusCode::SERVICE_UNAVAILABLE, StatusCode::INSUFFICIENT_STORAGE].contains(&problem.status);
    let is_refused = problem.status.is_client_error() || is_later;
    let says_more = is_refused && !matches!(problem.status, StatusCode::NOT_FOUND | StatusCode::TOO_MANY_REQUESTS);
    let content = html! {
        (door::head(&title, ""))
        div.stack {
            @if problem.code == MISSING_RIGHT {
                (note::bad(&refusal_of(locale, problem)))
            } @else {
                p { (locale.say(text)) }
                @if says_more { (note::bad(&sentence(locale, problem))) }
            }
            @if !is_link { a.btn href="/" { (locale.say("to-first-page")) } }
        }
    };
    door::sheet(&Sheet { locale, theme, title: &title, kind: Kind::Door, content, languages: None })
}
