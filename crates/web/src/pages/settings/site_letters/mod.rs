//! Settings → Letters of sites: how the letters are known by which a site tells of orders, how their lines are read, and what
//! would be made of one.

mod acts;
mod list;
mod one;
mod read;

use axum::Router;
use axum::routing::{get, post};
use model::Definitions;
use model::site_letter::SiteLetter;
use store::Error;

use crate::problem::Problem;
use crate::state::Web;
pub(super) use crate::ui::addresses::SITE_LETTERS;
use crate::ui::told::Controls;

/// The controls of letters of a site.
const CONTROLS: Controls = &[
    ("label", "label_ru", "settings-label-ru"),
    ("name", "name", "settings-name"),
    ("from", "from", "site-letters-from"),
    ("subject", "subject", "site-letters-subject"),
    ("vouched_by", "vouched_by", "site-letters-vouched"),
    ("module", "module", "site-letters-module"),
    ("event", "event", "site-letters-event"),
    ("reads", "reads", "site-letters-reads"),
    ("words", "words", "site-letters-words"),
    ("values", "values", "form-values"),
];

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/settings/site-letters", get(list::page).post(acts::add))
        .route("/settings/site-letters/{site_letter}", get(one::page).post(acts::change))
        .route("/settings/site-letters/{site_letter}/try", post(acts::attempt))
        .route("/settings/site-letters/{site_letter}/delete", post(acts::delete))
}

fn known<'d>(definitions: &'d Definitions, name: &str) -> Result<&'d SiteLetter, Problem> {
    let letter = definitions.site_letter(name).map(|letter| &**letter);
    Ok(letter.ok_or_else(|| Error::NotFound { module: "site_letters".to_owned(), id: name.to_owned() })?)
}
