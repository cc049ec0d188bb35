//! One line that brings requests: the address for its source, what would be made of a sample, what it is set to, taking it away.

use app::requests::{Tried, Waits, source};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use channels::requests::{HEADER, Source};
use jiff::tz::TimeZone;
use maud::{Markup, html};
use model::{Definitions, Field, Locale, Module, Value, l10n};
use store::{Error, Line, Origin, Work};

use super::{REQUESTS, form, list};
use crate::pages::record::id;
use crate::pages::settings::frame;
use crate::pages::settings::users::administers;
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::setup::lines::changed;
use crate::state::Web;
use crate::ui::shell::{self, Page};
use crate::ui::told::Told;
use crate::ui::typed::Typed;
use crate::ui::{Words, icon, note};

/// What the page has to tell besides.
enum News<'a> {
    Nothing,
    /// What was typed, and why it was refused.
    Refused(&'a Typed, &'a Error),
    /// The sample that was tried, and what would come of it, or why it could not be.
    Tried(&'a str, Result<&'a Tried, &'a str>),
}

/// A line as its page shows it.
struct Seen {
    line: Line,
    source: Source,
    verify_token: Option<String>,
    waits: Waits,
}

pub(super) async fn page(
    State(web): State<Web>,
    visitor: Visitor,
    Path(line): Path<String>,
) -> Result<Markup, Problem> {
    drawn(&web, &visitor, &line, News::Nothing).await
}

/// Changes a line, or takes it away.
pub(super) async fn change(
    State(web): State<Web>,
    visitor: Visitor,
    Path(line): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    administers(&web, &visitor)?;
    let (id, origin) = (id("lines", &line)?, Origin::from("interface"));
    if typed.has("delete") {
        web.app.workspace().write(visitor.author(), origin, move |work| work.delete_line(id)).await?;
        return Ok(Redirect::to(REQUESTS).into_response());
    }
    let mut body = form::body(&typed);
    // What a line brings requests from does not change.
    body.remove("kind");
    body.insert("active".to_owned(), typed.has("active").into());
    let change = changed(web.app.clone(), id, body);
    match web.app.workspace().write(visitor.author(), origin, change).await {
        Ok(_) => Ok(Redirect::to(&format!("{REQUESTS}/{id}?saved=true")).into_response()),
        Err(error @ (Error::Invalid(_) | Error::Conflict { .. })) => {
            let page = drawn(&web, &visitor, &line, News::Refused(&typed, &error)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// Tells what would be made of a sample.
pub(super) async fn attempt(
    State(web): State<Web>,
    visitor: Visitor,
    Path(line): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    administers(&web, &visitor)?;
    let (id, text, l) = (id("lines", &line)?, typed.text("body"), visitor.locale);
    let tried = match serde_json::from_str(text) {
        Ok(body) => web.app.try_request(visitor.actor(), id, &body).await,
        Err(error) => Err(Error::field("body", crate::ui::words::INVALID_JSON, error.line().to_string())),
    };
    let words = match tried {
        Ok(tried) => {
            let page = drawn(&web, &visitor, &line, News::Tried(text, Ok(&tried))).await?;
            return Ok(page.into_response());
        }
        Err(Error::Invalid(faults)) => faults.iter().map(|fault| l.error(fault)).collect::<Vec<_>>().join(" "),
        Err(Error::Conflict { code, message, .. }) => l.refusal(code, &message),
        Err(error) => return Err(error.into()),
    };
    let page = drawn(&web, &visitor, &line, News::Tried(text, Err(&words))).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

async fn drawn(web: &Web, visitor: &Visitor, line: &str, news: News<'_>) -> Result<Markup, Problem> {
    let frame = frame(web, visitor).await?;
    let (id, app) = (id("lines", line)?, web.app.clone());
    let read = move |work: &mut Work<'_>| {
        let line = work.line(id)?;
        let source = source(&line).ok_or_else(|| Error::not_found("lines", id))?;
        let (verify_token, waits) = (app.verify_token(work, &line)?, app.waits_of_line(work, id)?);
        Ok(Seen { line, source, verify_token, waits })
    };
    let seen = web.app.workspace().read(visitor.actor(), read).await?;
    let knowledge = web.app.workspace().knowledge();
    let (definitions, zone) = (&knowledge.definitions, knowledge.settings.zone());
    let (l, at) = (frame.locale, format!("{REQUESTS}/{id}"));
    let (typed, error) = match news {
        News::Refused(typed, error) => (Some(typed.clone()), Some(error)),
        News::Nothing | News::Tried(..) => (None, None),
    };
    let told = Told { l, error, controls: form::CONTROLS };
    let typed = typed.unwrap_or_else(|| form::of(&seen.line));
    let is_saved = matches!(news, News::Nothing) && visitor.here.ends_with("saved=true");
    let content = html! {
        header.top {
            nav.crumbs aria-label=(l.say("crumbs")) { a href=(REQUESTS) { (l.say("settings-requests")) } }
            h1 { (seen.line.setup.name) }
        }
        div.page {
            (told.above(definitions))
            @if is_saved { (note::good(&l.say("saved"))) }
            p.dim { (form::called(l, seen.source)) " · " (list::form_link(seen.line.setup.form.as_deref().unwrap_or_default(), definitions, l)) }
            (waiting(&seen.waits, &zone, l))
            (door(web, &seen, l))
            (trial(&news, definitions, &at, l))
            section {
                h2 { (l.say("lines-set-up")) }
                form.form method="post" action=(at) id="source" data-guard autocomplete="off" {
                    (form::controls(told, &typed, seen.source, definitions))
                    footer.actions { button.btn.main-action { (l.say("save")) } a.btn.quiet href=(REQUESTS) { (l.say("cancel")) } }
                }
            }
            (away(&at, l))
        }
    };
    Ok(shell::page(&frame, &Page { title: &seen.line.setup.name, at: REQUESTS, content }))
}

/// What waits for answers of the other side.
fn waiting(waits: &Waits, zone: &TimeZone, l: Locale) -> Markup {
    let count = i64::try_from(waits.count).unwrap_or(i64::MAX);
    html! {
        @if waits.count > 0 {
            (note::warn(&html! {
                p { (l.say_with("requests-waiting", &[("count", count.into())])) }
                @if let Some(answer) = &waits.answer { p { (l.say("rule-webhook-answer")) ": " span lang="en" { (answer) } } }
                @if let Some(next) = waits.next { p { (l.say("requests-next")) ": " (l10n::date_time(l, next, zone)) } }
            }))
        }
    }
}

/// The address that the source is told, and what else it asks for.
fn door(web: &Web, seen: &Seen, l: Locale) -> Markup {
    let how = match seen.source {
        Source::Vk => "requests-door-vk",
        Source::Meta => "requests-door-meta",
        Source::Webhook => "requests-door-webhook",
    };
    let header = seen.line.setup.header.as_deref().unwrap_or(HEADER);
    html! {
        section {
            h2 { (l.say("requests-door")) }
            p { code { (web.app.request_url(seen.line.id)) } }
            @if let Some(token) = &seen.verify_token { p { (l.say("requests-verify-token")) ": " code { (token) } } }
            @if seen.source == Source::Webhook { p { (l.say("requests-header")) ": " code { (header) } } }
            p.help { (l.say(how)) }
            @if seen.source == Source::Meta { p.help { (l.say("requests-meta-law")) } }
        }
    }
}

/// A sample is pasted, and told what would come of it.
fn trial(news: &News<'_>, definitions: &Definitions, at: &str, l: Locale) -> Markup {
    let (text, tried) = if let News::Tried(text, tried) = news { (*text, Some(tried)) } else { ("", None) };
    html! {
        section id="trial" {
            h2 { (l.say("requests-try")) }
            @match tried {
                Some(Ok(tried)) => (outcome(tried, definitions, l)),
                Some(Err(words)) => (note::bad(words)),
                None => {}
            }
            form.form method="post" action=(format!("{at}/try")) {
                div.field {
                    label for="body" { (l.say("requests-sample")) }
                    textarea id="body" name="body" rows="8" required spellcheck="false" aria-describedby="body-help" { (text) }
                    p.help id="body-help" { (l.say("requests-sample-help")) }
                }
                footer.actions { button.btn { (l.say("requests-try-do")) } }
            }
        }
    }
}

fn outcome(tried: &Tried, definitions: &Definitions, l: Locale) -> Markup {
    let module = definitions.module(&tried.module).map(|module| &**module);
    let called = |name: &str| {
        let field = module.and_then(|module| module.field(name));
        field.map_or_else(|| name.to_owned(), |field| field.called(l).to_owned())
    };
    html! {
        @match &tried.made {
            Some((title, fields)) => { (note::good(&l.say("requests-would"))) (would_be(title, fields, module, l)) }
            None => {
                (note::bad(&l.say("requests-refused")))
                ul { @for fault in &tried.faults { li { b { (called(&fault.field)) } ": " (l.error(fault)) } } }
            }
        }
        h3 { (l.say("requests-found")) }
        @if tried.found.is_empty() { p.dim { (l.say("requests-found-nothing")) } } @else {
            div.scroll tabindex="0" role="region" aria-label=(l.say("requests-found")) {
                table.plain.as-cards {
                    thead { tr { th { (l.say("requests-key")) } th { (l.say("requests-value")) } th { (l.say("requests-field")) } } }
                    tbody {
                        @for (told, field) in &tried.found {
                            tr {
                                td { code { (told.key) } @if let Some(label) = &told.label { br; (label) } }
                                td data-label=(l.say("requests-value")) { (told.text()) }
                                td data-label=(l.say("requests-field")) {
                                    @match field { Some(field) => (called(field)), None => span.dim { (l.say("requests-unasked")) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn would_be(title: &str, fields: &[(String, Value)], module: Option<&Module>, l: Locale) -> Markup {
    html! {
        @if let Some(module) = module {
            h3 { (module.one.get(l)) ": " (title) }
            dl.fields.roomy {
                @for (name, value) in fields {
                    @if let Some(field) = module.field(name) { dt { (field.called(l)) } dd { (worded(field, value, l)) } }
                }
            }
        }
    }
}

fn worded(field: &Field, value: &Value, l: Locale) -> String {
    let option =
        |text: &str| field.option(text).map_or_else(|| text.to_owned(), |option| option.label.get(l).to_owned());
    match value {
        Value::Text(text) => option(text),
        Value::List(texts) => texts.iter().map(|text| option(text)).collect::<Vec<_>>().join(", "),
        other => other.to_json().to_string(),
    }
}

/// Taking it away: what is not taken back by a button asks once more, without script too.
fn away(at: &str, l: Locale) -> Markup {
    html! {
        section {
            h2 { (l.say("requests-delete")) }
            p.help { (l.say("requests-delete-help")) }
            details.apart {
                summary.btn { (l.say("requests-delete")) }
                form method="post" action=(at) {
                    input type="hidden" name="delete" value="yes";
                    button.btn.danger { (icon(assets::icon::TRASH_2)) (l.say("lines-delete-sure")) }
                }
            }
        }
    }
}
