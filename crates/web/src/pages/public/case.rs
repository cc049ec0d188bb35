//! The page of a case for whoever asked: where it stands, until when it is answered, what it went through; they may add to it.
//! Without a script.

use app::cases::OpenCase;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use maud::{Markup, html};
use model::Actor;
use store::{Error, Origin, Work};

use super::super::visitor::Guest;
use super::{Head, private};
use crate::brand::Brand;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::typed::{Asked, Typed};
use crate::ui::{Lens, Words, note};

struct View {
    lens: Lens,
    head: Head,
    open: OpenCase,
    token: String,
    /// Whether something was just added.
    is_kept: bool,
    /// What was typed and cannot be kept, and why.
    refused: Option<(String, String)>,
}

/// The page.
pub(crate) async fn page(
    State(web): State<Web>,
    guest: Guest,
    Path(token): Path<String>,
    Asked(query): Asked,
) -> Result<Response, Problem> {
    let view = load(&web, &guest, token).await?;
    let view = View { is_kept: query.has("kept"), ..view };
    Ok(private(&guest, drawn(&view, &guest)))
}

/// Keeps what is added.
pub(crate) async fn answer(
    State(web): State<Web>,
    guest: Guest,
    Path(token): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let (app, secret, text) = (web.app.clone(), token.clone(), typed.text("text").to_owned());
    let write = move |work: &mut Work<'_>| app.answer_case(work, &secret, &text);
    match web.app.workspace().write(Actor::Public, Origin::from("public"), write).await {
        Ok(_) => Ok(Redirect::to(&format!("/p/c/{token}?kept=1")).into_response()),
        Err(error @ Error::Invalid(_)) => {
            let problem = Problem::from(error);
            let code = problem.errors.first().map(|fault| fault.code.clone()).unwrap_or_default();
            let why = guest.locale.say(if code == "too_long" { "case-too-long" } else { "case-nothing-typed" });
            let view = load(&web, &guest, token).await?;
            let view = View { refused: Some((typed.text("text").to_owned(), why)), ..view };
            Ok((StatusCode::UNPROCESSABLE_ENTITY, private(&guest, drawn(&view, &guest))).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

async fn load(web: &Web, guest: &Guest, token: String) -> Result<View, Problem> {
    let (app, locale) = (web.app.clone(), guest.locale);
    let read = move |work: &mut Work<'_>| {
        let open = app.open_case(work, &token)?;
        let settings = work.settings().clone();
        let number = open.case.text("number").unwrap_or_default().to_owned();
        let event = locale.say_with("case-number", &[("number", number.into())]);
        let head =
            Head { organisation: settings.name.clone(), brand: Brand::of(&settings), event, line: String::new() };
        Ok(View { lens: Lens::of(work, locale), head, open, token: token.clone(), is_kept: false, refused: None })
    };
    Ok(web.app.workspace().read(Actor::Public, read).await?)
}

fn drawn(view: &View, guest: &Guest) -> Markup {
    let l = view.lens.locale;
    let case = &view.open.case;
    let promised = view.open.promised().map(|at| view.lens.moment(at));
    let content = html! {
        (view.head.header())
        section {
            @if view.is_kept { (note::good(&l.say("case-kept"))) }
            h2 { (case.text("subject").unwrap_or_default()) }
            p { b { (called(view, case.text(&view.open.process.field).unwrap_or_default())) } }
            @if let Some(promised) = promised { p.dim { (l.say_with("case-promised", &[("moment", promised.into())])) } }
        }
        section {
            h2 { (l.say("case-way")) }
            @for (state, at) in &view.open.way { (step(view, state, *at)) }
        }
        form.form method="post" action=(format!("/p/c/{}", view.token)) {
            @if let Some((_, why)) = &view.refused { (note::bad(why)) }
            div.field {
                label for="text" { (l.say("case-add")) }
                textarea id="text" name="text" rows="5" maxlength="10000" required aria-invalid=[view.refused.is_some().then_some("true")] {
                    (view.refused.as_ref().map_or("", |(text, _)| text.as_str()))
                }
            }
            button.btn.main-action { (l.say("case-send")) }
        }
    };
    view.head.sheet(guest, &guest.languages(), content)
}

fn step(view: &View, state: &str, at: Timestamp) -> Markup {
    html! { div.sum { span { (called(view, state)) } span.num { (view.lens.moment(at)) } } }
}

/// What a state is called.
fn called(view: &View, state: &str) -> String {
    let known = view.open.process.state(state);
    known.map_or_else(|| state.to_owned(), |known| known.label.or(view.lens.locale, state).to_owned())
}
