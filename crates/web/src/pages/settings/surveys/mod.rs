//! Settings → Surveys: what each asks, in which order, how it looks, where it stands.

mod acts;
mod list;
mod one;
mod preview;
mod question;
mod read;

use axum::Router;
use axum::routing::{get, post};
use model::definitions::Definitions;
use model::survey::{SENT, Survey};
use store::Error;

use crate::problem::Problem;
use crate::state::Web;
pub(super) use crate::ui::addresses::SURVEYS;
use crate::ui::told::Controls;

/// The controls of a survey and of a question.
const CONTROLS: Controls = &[
    ("label", "label_ru", "settings-label-ru"),
    ("name", "name", "settings-name"),
    ("key", "key", "settings-name"),
    ("kind", "kind", "survey-kind"),
    ("valid_for", "valid_for", "survey-valid-for"),
    ("letter", "letter", "survey-letter"),
    ("handled_by", "about", "survey-about"),
    ("about", "about", "survey-about"),
    ("anonymous", "anonymous", "survey-anonymous-tick"),
    ("if", "if", "survey-if"),
    ("check", "check", "survey-check"),
    ("options", "options", "settings-options"),
    ("rows", "rows", "survey-rows"),
    ("columns", "columns", "survey-columns"),
    ("min", "min", "settings-min"),
    ("prefill", "prefill", "survey-prefill"),
    ("writes", "writes", "survey-writes"),
    ("questions", "questions", "survey-questions"),
];

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/settings/surveys", get(list::page).post(acts::add))
        .route("/settings/surveys/{survey}", get(one::page).post(acts::change))
        .route("/settings/surveys/{survey}/preview", get(preview::page))
        .route("/settings/surveys/{survey}/delete", post(acts::delete))
        .route("/settings/surveys/{survey}/order", post(acts::order))
        .route("/settings/surveys/{survey}/new-question", get(question::new).post(acts::add_question))
        .route("/settings/surveys/{survey}/questions/{question}", get(question::page).post(acts::change_question))
}

fn known<'d>(definitions: &'d Definitions, name: &str) -> Result<&'d Survey, Problem> {
    let survey = definitions.survey(name).map(|survey| &**survey);
    Ok(survey.ok_or_else(|| Error::NotFound { module: SENT.to_owned(), id: name.to_owned() })?)
}
