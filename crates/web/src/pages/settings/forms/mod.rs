//! Settings → Forms: what each asks for, in which order, how it looks, where a site takes it over, what came by it.

mod acts;
mod field;
mod list;
mod one;
pub(super) mod read;
mod test;

use axum::Router;
use axum::routing::{get, post};
use model::definitions::Definitions;
use model::form::Form;
use store::Error;

use crate::problem::Problem;
use crate::state::Web;
pub(super) use crate::ui::addresses::FORMS;
use crate::ui::told::Controls;

/// The controls of a form and of one of its fields.
const CONTROLS: Controls = &[
    ("label", "label_ru", "settings-label-ru"),
    ("name", "name", "settings-name"),
    ("module", "module", "form-module"),
    ("field", "field", "form-field"),
    ("if", "if", "form-if"),
    ("keys", "keys", "form-keys"),
    ("next", "next", "form-next"),
    ("policy", "policy", "form-policy-address"),
    ("consent", "consent_ru", "form-consent-ru"),
    ("marketing", "marketing_ru", "form-marketing-ru"),
    ("values", "values", "form-values"),
    ("fields", "fields", "form-fields"),
];

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/settings/forms", get(list::page).post(acts::add))
        .route("/settings/forms/{form}", get(one::page).post(acts::change))
        .route("/settings/forms/{form}/test", get(test::page))
        .route("/settings/forms/{form}/delete", post(acts::delete))
        .route("/settings/forms/{form}/order", post(acts::order))
        .route("/settings/forms/{form}/new-field", get(field::new).post(acts::add_field))
        .route("/settings/forms/{form}/fields/{field}", get(field::page).post(acts::change_field))
}

fn known<'d>(definitions: &'d Definitions, name: &str) -> Result<&'d Form, Problem> {
    let form = definitions.form(name).map(|form| &**form);
    Ok(form.ok_or_else(|| Error::NotFound { module: "forms".to_owned(), id: name.to_owned() })?)
}
