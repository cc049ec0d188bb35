//! One role: what it may do with each module, field by field, and what it may besides. Of two who change one part of it at
//! once the later sees what the other made of it, and decides.

mod delete;
mod matrix;
mod sheet;

use app::shape::{ADMINISTRATOR, CAPABILITIES_PART, LABEL_PART, RoleEdit, Seen};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use model::rights::{Capability, Role};
use model::{Definitions, Locale};
use store::Error;
use store::shape::OWN;

use self::matrix::{Theirs, matrix, seen_before};
use self::sheet::{Sheet, marks_of, rows};
use super::roles::{CAPABILITIES, shape};
use super::{ROLES, frame, inputs, refusals};
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::shell::{self, Page};
use crate::ui::told::Told;
use crate::ui::typed::Typed;
use crate::ui::{Words, note};

pub(super) use delete::delete;

/// What the page shows.
struct Shown<'r> {
    role: &'r Role,
    seen: Seen,
    error: Option<&'r Error>,
    theirs: Option<Theirs<'r>>,
}

pub(super) async fn page(
    State(web): State<Web>,
    visitor: Visitor,
    Path(name): Path<String>,
) -> Result<Markup, Problem> {
    let definitions = web.app.workspace().knowledge().definitions;
    as_it_is(&web, &visitor, known(&definitions, &name)?, &definitions, None).await
}

/// The page of a role as it stands, with why something was not done.
async fn as_it_is(
    web: &Web,
    visitor: &Visitor,
    role: &Role,
    definitions: &Definitions,
    error: Option<&Error>,
) -> Result<Markup, Problem> {
    drawn(web, visitor, Shown { role, seen: marks_of(definitions, role), error, theirs: None }).await
}

/// Takes the whole form; only what was changed in it becomes a change.
pub(super) async fn change(
    State(web): State<Web>,
    visitor: Visitor,
    Path(name): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let definitions = web.app.workspace().knowledge().definitions;
    let sheet = Sheet::read(&definitions, known(&definitions, &name)?, &typed);
    let (body, seen) = (sheet.body(&definitions), sheet.seen.clone());
    let Err(error) = shape(&web, &visitor, RoleEdit::Change { role: name.clone(), body, seen }).await? else {
        return Ok(Redirect::to(&format!("{ROLES}/{name}")).into_response());
    };
    let definitions = web.app.workspace().knowledge().definitions;
    let present = known(&definitions, &name)?;
    let parts: Vec<String> = match &error {
        Error::Conflict { code: "changed_meanwhile", errors, .. } => errors.iter().map(|it| it.field.clone()).collect(),
        _ => Vec::new(),
    };
    let (role, is_told) = (sheet.over(&definitions, present), !parts.is_empty());
    let shown = Shown {
        role: &role,
        seen: sheet.seen_again(&definitions, present, is_told),
        error: Some(&error).filter(|_| !is_told),
        theirs: is_told.then_some(Theirs { role: present, parts: &parts }),
    };
    let page = drawn(&web, &visitor, shown).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

fn known<'d>(definitions: &'d Definitions, name: &str) -> Result<&'d Role, Problem> {
    let missing = || Error::NotFound { module: "roles".to_owned(), id: name.to_owned() };
    Ok(definitions.role(name).map(|role| &**role).ok_or_else(missing)?)
}

async fn drawn(web: &Web, visitor: &Visitor, shown: Shown<'_>) -> Result<Markup, Problem> {
    let frame = frame(web, visitor).await?;
    let (l, definitions) = (frame.locale, web.app.workspace().knowledge().definitions);
    let Shown { role, seen, error, theirs } = shown;
    let (title, at) = (role.called(l).to_owned(), format!("{ROLES}/{}", role.name));
    let is_own = definitions.role_origin(&role.name).is_none_or(|origin| origin.pack == OWN);
    let end = if is_own {
        delete::section(web, visitor, &definitions, role, l).await?
    } else {
        html! {}
    };
    let content = html! {
        header.top {
            nav.crumbs aria-label=(l.say("crumbs")) { a href=(ROLES) { (l.say("settings-roles")) } }
            h1 { (title) }
            @if is_own { span.tag { (l.say("roles-own")) } }
        }
        div.page {
            @if let Some(theirs) = theirs { (overtaken(&definitions, theirs, l)) }
            (refusals(error, &definitions, l))
            p.help { (l.say("roles-help")) }
            form.form method="post" action=(at) id="role" data-guard {
                (seen_before(LABEL_PART, &seen))
                (seen_before(CAPABILITIES_PART, &seen))
                (inputs::labels(Told { l, error, controls: inputs::SHAPE }, &role.label))
                (capabilities(role, l))
                h2 { (l.say("roles-matrix")) }
                (matrix(&definitions, role, &seen, theirs, l))
                footer.actions { button.btn.main-action { (l.say("save")) } a.btn.quiet href=(ROLES) { (l.say("cancel")) } }
            }
            (end)
        }
    };
    Ok(shell::page(&frame, &Page { title: &title, at: ROLES, content }))
}

/// What somebody else changed meanwhile that was changed here too, and what it says now.
fn overtaken(definitions: &Definitions, theirs: Theirs<'_>, l: Locale) -> Markup {
    let has = |part: &str| theirs.parts.iter().any(|it| it == part);
    let called = |(name, module): (&str, Option<&model::Module>)| {
        let is_named = has(&app::shape::of_module(name));
        is_named.then(|| module.map_or_else(|| l.say("roles-every"), |module| module.label.get(l).to_owned()))
    };
    let modules: Vec<String> = rows(definitions).into_iter().filter_map(called).collect();
    let given = CAPABILITIES.iter().filter(|known| theirs.role.capabilities.contains(&known.0));
    let given: Vec<String> = given.map(|(_, _, words)| l.say(words)).collect();
    let given = if given.is_empty() { l.say("scope-none") } else { given.join(", ") };
    html! {
        (note::bad(&l.say("roles-overtaken")))
        ul data-overtaken {
            @if has(LABEL_PART) { li { (l.say("roles-role")) " — " (l.say("roles-now")) " " (theirs.role.called(l)) } }
            @if has(CAPABILITIES_PART) { li { (l.say("roles-capabilities")) " — " (l.say("roles-now")) " " (given) } }
            @for module in modules { li { (module) } }
        }
    }
}

fn capabilities(role: &Role, l: Locale) -> Markup {
    html! {
        fieldset.field {
            legend { (l.say("roles-capabilities")) }
            div.options {
                @for (capability, name, words) in CAPABILITIES {
                    @let is_fixed = role.name == ADMINISTRATOR && capability == Capability::Administer;
                    label.option {
                        input type="checkbox" name="capabilities" value=(name) checked[role.capabilities.contains(&capability)] disabled[is_fixed];
                        (l.say(words))
                        @if is_fixed { small { (l.say("roles-always")) } }
                    }
                }
            }
        }
    }
}
