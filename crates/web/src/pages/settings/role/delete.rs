//! The end of a role of the workspace's own: those who have it are given another one in the same act.

use app::shape::RoleEdit;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use model::rights::Role;
use model::{Definitions, Locale};

use super::{as_it_is, known};
use crate::pages::settings::roles::shape;
use crate::pages::settings::{ROLES, USERS};
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::typed::Typed;
use crate::ui::{Words, icon};

/// Deletes the role, or says who has it.
pub(in crate::pages::settings) async fn delete(
    State(web): State<Web>,
    visitor: Visitor,
    Path(name): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let move_to = Some(typed.text("move_to").to_owned()).filter(|to| !to.is_empty());
    let Err(error) = shape(&web, &visitor, RoleEdit::Delete { role: name.clone(), move_to }).await? else {
        return Ok(Redirect::to(ROLES).into_response());
    };
    let definitions = web.app.workspace().knowledge().definitions;
    let page = as_it_is(&web, &visitor, known(&definitions, &name)?, &definitions, Some(&error)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// Who has the role, what they are to be given, and the button.
pub(super) async fn section(
    web: &Web,
    visitor: &Visitor,
    definitions: &Definitions,
    role: &Role,
    l: Locale,
) -> Result<Markup, Problem> {
    let mut holders = web.app.workspace().read(visitor.actor(), |work| work.accounts()).await?;
    holders.retain(|account| account.roles.contains(&role.name));
    let others = definitions.roles().filter(|other| other.name != role.name);
    Ok(html! {
        section {
            h2 { (l.say("roles-delete")) }
            @if holders.is_empty() { p { (l.say("roles-unused")) } }
            @else {
                p { (l.say_with("roles-held", &[("count", holders.len().into())])) }
                ul { @for account in &holders { li { a.link href=(format!("{USERS}/{}", account.id)) { (account.name) } } } }
            }
            form.form method="post" action=(format!("{ROLES}/{}/delete", role.name)) id="delete-role" {
                @if !holders.is_empty() {
                    div.field {
                        label for="move_to" { (l.say("roles-move-to")) }
                        select id="move_to" name="move_to" required {
                            option value="" { (l.say("roles-move-choose")) }
                            @for other in others { option value=(other.name) { (other.called(l)) } }
                        }
                    }
                }
                p.help { (l.say("roles-delete-help")) }
                button.btn.danger { (icon(assets::icon::TRASH_2)) (l.say("roles-delete-now")) }
            }
        }
    })
}
