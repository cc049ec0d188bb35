//! Errors for people: the same problem that the API tells as JSON, as a page in the reader's language.

use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use model::Locale;

use super::visitor::{guessed, theme};
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::door::{self, Kind, Sheet};
use crate::ui::{Words, htmx, note};

/// Paths of programs: there a problem stays JSON.
const PROGRAMS: [&str; 4] = ["/api/", "/assets/", "/healthz", "/readyz"];

/// Dresses problems as pages, wherever people look.
pub(crate) async fn for_people(State(web): State<Web>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let is_program = PROGRAMS.iter().any(|prefix| path.starts_with(prefix)) || request.method() == Method::OPTIONS;
    let is_link = path.starts_with("/p/");
    let locale = guessed(request.headers(), web.app.workspace().knowledge().settings.locale);
    let (theme, partial) = (theme(request.headers()), htmx::is_partial(request.headers()));
    let response = next.run(request).await;
    match response.extensions().get::<Problem>() {
        Some(problem) if !is_program => {
            let page =
                if partial { note::bad(&sentence(locale, problem)) } else { page(locale, theme, problem, is_link) };
            (problem.status, page).into_response()
        }
        _ => response,
    }
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
        status if status.is_server_error() => ("page-error-failed", "page-error-failed-text"),
        _ => ("page-error-refused", "page-error-refused-text"),
    };
    let title = locale.say(title);
    let says_more = problem.status.is_client_error()
        && !matches!(problem.status, StatusCode::NOT_FOUND | StatusCode::TOO_MANY_REQUESTS);
    let content = html! {
        (door::head(&title, ""))
        div.stack {
            p { (locale.say(text)) }
            @if says_more { (note::bad(&sentence(locale, problem))) }
            @if !is_link { a.btn href="/" { (locale.say("to-first-page")) } }
        }
    };
    door::sheet(&Sheet { locale, theme, title: &title, kind: Kind::Door, content, languages: None })
}
