//! One's own page: name, language, which notices go by letter, what letters are signed with, and the password. The same service as
//! the API's.

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use jiff::Timestamp;
use maud::{Markup, html};
use model::Locale;
use serde_json::{Map, json};
use store::{Account, Error, FieldError, MailChoice, Origin, Work};

use super::settings::absence;
use super::visitor::{Guest, LANGUAGE, Visitor};
use crate::caller::session;
use crate::problem::Problem;
use crate::setup::own::changed;
use crate::state::Web;
use crate::ui::addresses::ME;
use crate::ui::frame::Frame;
use crate::ui::shell::{self, Page};
use crate::ui::told::{Controls, Told};
use crate::ui::typed::Typed;
use crate::ui::{Words, headers, marks, note};

/// How long the browser remembers the language.
const YEAR: u32 = 60 * 60 * 24 * 365;

const CONTROLS: Controls = &[
    ("name", "name", "users-name"),
    ("signature", "signature", "me-signature"),
    ("present_password", "present_password", "me-present-password"),
    ("password", "password", "users-new-password"),
];

pub(super) fn routes() -> Router<Web> {
    Router::new().route(ME, get(page).post(change))
}

async fn page(State(web): State<Web>, visitor: Visitor) -> Result<Markup, Problem> {
    shown(&web, visitor, None).await
}

/// Keeps what was typed into one of the two forms.
async fn change(
    State(web): State<Web>,
    visitor: Visitor,
    guest: Guest,
    headers: HeaderMap,
    typed: Typed,
) -> Result<Response, Problem> {
    let of_password = typed.has("password");
    let names: &[&str] =
        if of_password { &["password", "present_password"] } else { &["name", "locale", "letters", "signature"] };
    let given = names.iter().filter_map(|name| Some(((*name).to_owned(), json!(typed.get(name)?))));
    let done = match changed(&web, &visitor.user, given.collect::<Map<_, _>>(), session(&headers)).await {
        Ok(change) => web.app.workspace().write(visitor.author(), Origin::from("interface"), change).await.map(|_| ()),
        Err(problem) if problem.status == StatusCode::TOO_MANY_REQUESTS => {
            let fault = FieldError::new("present_password", "wait_password", problem.detail.clone());
            Err(Error::Invalid(vec![fault]))
        }
        Err(problem) => return Err(problem),
    };
    match done {
        Ok(()) => {
            let what = if of_password { "password" } else { "me" };
            let mut response = Redirect::to(&format!("{ME}?saved={what}")).into_response();
            if let Some(locale) = Locale::parse(typed.text("locale")) {
                headers::cookie(&mut response, LANGUAGE, locale.tag(), YEAR, guest.is_secure);
            }
            Ok(response)
        }
        Err(error @ Error::Invalid(_)) => {
            let page = shown(&web, visitor, Some((&typed, &error))).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// Who one is here.
struct Known {
    frame: Frame,
    account: Account,
    /// What one signs letters with.
    signature: String,
    teams: Vec<String>,
    /// Until when one is away.
    away: Option<Timestamp>,
}

fn known(work: &mut Work<'_>, visitor: &Visitor) -> store::Result<Known> {
    let me = visitor.user.id;
    let teams = work.teams()?.into_iter().filter(|team| team.members.contains(&me)).map(|team| team.name).collect();
    let away = work.absences()?.remove(&me);
    let signature = work.signature()?;
    Ok(Known { account: work.account(me)?, signature, away, teams, frame: Frame::read(work, visitor)? })
}

async fn shown(web: &Web, visitor: Visitor, refused: Option<(&Typed, &Error)>) -> Result<Markup, Problem> {
    let saved = visitor.here.split_once("saved=").map(|(_, what)| what.to_owned());
    let known = web.app.workspace().read(visitor.actor(), move |work| known(work, &visitor)).await?;
    let (l, definitions) = (known.frame.locale, web.app.workspace().knowledge().definitions);
    let told = Told { l, error: refused.map(|(_, error)| error), controls: CONTROLS };
    let typed = refused.map(|(typed, _)| typed).filter(|typed| typed.has("name"));
    let of_password = refused.is_some() && typed.is_none();
    let (above, nothing) = (told.above(&definitions), Told::nothing(l));
    let label = |name: &String| {
        let label = definitions.role(name).map(|role| role.label.get(l)).filter(|label| !label.is_empty());
        label.unwrap_or(name).to_owned()
    };
    let title = l.say("me-title");
    let content = html! {
        header.top { h1 { (title) } }
        div.page.narrow {
            @match saved.as_deref().filter(|_| refused.is_none()) {
                Some("password") => (note::good(&l.say("me-password-saved"))),
                Some(_) => (note::good(&l.say("saved"))),
                None => {},
            }
            dl.fields.roomy {
                dt { (l.say("email")) } dd { (known.account.email) }
                dt { (l.say("users-roles")) } dd { (known.account.roles.iter().map(label).collect::<Vec<_>>().join(", ")) }
                @if !known.teams.is_empty() { dt { (l.say("settings-teams")) } dd { (known.teams.join(", ")) } }
            }
            p.help { (l.say("me-help")) }
            @if !of_password { (above) }
            (about_me(&known, typed, if of_password { nothing } else { told }))
            @let zone = web.app.workspace().knowledge().settings.zone();
            section { (absence::form(known.account.id, known.away, &zone, l)) }
            section id="own-password" {
                h2 { (l.say("password")) }
                @if of_password { (above) }
                (password(if of_password { told } else { nothing }, &known.account.email))
            }
        }
    };
    Ok(shell::page(&known.frame, &Page { title: &title, at: ME, content }))
}

fn about_me(known: &Known, typed: Option<&Typed>, told: Told<'_>) -> Markup {
    let (l, account) = (told.l, &known.account);
    let name = typed.map_or(account.name.as_str(), |typed| typed.text("name"));
    let locale = typed.map_or(account.locale.tag(), |typed| typed.text("locale"));
    let letters = typed.map_or(account.mail.name(), |typed| typed.text("letters"));
    html! {
        form.form method="post" action=(ME) id="me" data-guard {
            @let below = told.below("name", "name", None);
            div.field {
                label for="name" { (l.say("users-name")) }
                input id="name" name="name" value=(name) required maxlength="200" autocomplete="name"
                    aria-invalid=[below.invalid()] aria-describedby=[below.described()];
                (below)
            }
            fieldset.field {
                legend { (l.say("language")) }
                div.options {
                    @for (language, key) in [(Locale::Ru, "language-ru"), (Locale::En, "language-en")] {
                        label.option { input type="radio" name="locale" value=(language.tag()) checked[locale == language.tag()]; span lang=(language.tag()) { (l.say(key)) } }
                    }
                }
            }
            fieldset.field {
                legend { (l.say("letters-title")) }
                div.options {
                    @for choice in MailChoice::ALL {
                        label.option { input type="radio" name="letters" value=(choice.name()) checked[letters == choice.name()]; (l.say(&format!("letters-{}", choice.name()))) }
                    }
                }
            }
            (signature(typed.and_then(|typed| typed.get("signature")).unwrap_or(&known.signature), told))
            footer.actions { button.btn.main-action { (l.say("save")) } }
        }
    }
}

/// What one signs letters with, and how that looks.
fn signature(text: &str, told: Told<'_>) -> Markup {
    let l = told.l;
    let help = l.say("me-signature-help");
    let below = told.below("signature", "signature", Some(help.as_str()));
    html! {
        div.field {
            label for="signature" { (l.say("me-signature")) }
            (marks::bar(l, "signature"))
            textarea id="signature" name="signature" rows="4" maxlength="2000" data-marked
                aria-invalid=[below.invalid()] aria-describedby=[below.described()] { "\n" (text) }
            (below)
            @if !text.trim().is_empty() { div.look.formatted role="group" aria-label=(l.say("me-signature-look")) { (marks::formatted(text)) } }
        }
    }
}

fn password(told: Told<'_>, email: &str) -> Markup {
    let l = told.l;
    let help = l.say("password-help");
    html! {
        form.form method="post" action=(ME) id="new-password" {
            // For those who keep passwords: whose they are.
            input type="hidden" name="username" value=(email) autocomplete="username";
            p.help { (l.say("me-password-help")) }
            @for (name, label, auto, help) in [("present_password", "me-present-password", "current-password", None), ("password", "users-new-password", "new-password", Some(help.as_str()))] {
                @let below = told.below(name, name, help);
                div.field {
                    label for=(name) { (l.say(label)) }
                    input id=(name) name=(name) type="password" required autocomplete=(auto)
                        aria-invalid=[below.invalid()] aria-describedby=[below.described()];
                    (below)
                }
            }
            footer.actions { button.btn { (l.say("me-password-change")) } }
        }
    }
}
