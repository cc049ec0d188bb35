//! What people are told when something is not moved, and what they can take back when it is.

use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use maud::html;
use model::{Id, Locale};

use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::ui::{Words, attach, htmx};

/// The code of refusals that bring their own words.
const CODE: &str = "not_moved";

/// A refusal in the words of whoever asked.
pub(super) fn refused(words: String) -> Problem {
    Problem::new(StatusCode::CONFLICT, CODE, words)
}

/// The answer to a move that was made: for the script nothing but a message with its way back, else the page one came from.
pub(crate) fn done(visitor: &Visitor, next: &str, words: &str, set: Option<Id>) -> Response {
    if !visitor.partial {
        return Redirect::to(next).into_response();
    }
    let mut response = (StatusCode::OK, html! {}).into_response();
    let (name, value) = toast(visitor.locale, words, set);
    attach::add(&mut response, name, &value);
    response
}

fn toast(locale: Locale, words: &str, set: Option<Id>) -> (HeaderName, String) {
    let value = match set {
        Some(set) => htmx::toast_with_undo(words, &locale.say("undo"), &format!("/undo/{set}")),
        None => htmx::toast(words, "good"),
    };
    (htmx::TRIGGER, value)
}
