//! The page of a form: filled in by anybody, on its own or in a frame of another site, without a script. Where answers open
//! further fields, the page comes again with them, and everything that was typed.

mod sent;
mod view;

use std::collections::BTreeSet;

use app::forms::{Filled, Opened, Pace, Spam, is_proof, source};
use axum::extract::{Path, RawQuery, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use data_encoding::HEXLOWER;
use maud::Markup;
use model::form::{CONSENT, LANDING, MARKETING, PROOF, REFERRER, STAMP};
use model::{Actor, Locale};
use serde_json::{Map, Value as Json};
use sha2::{Digest as _, Sha256};
use store::{Error, FieldError, Origin, Result, Work};

use self::sent::Sent;
use super::super::visitor::Guest;
use super::survey::form::Form;
use super::{Head, embed, private};
use crate::brand::Brand;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::Words;
use crate::ui::typed::{self, Typed};

/// What the page shows.
struct View {
    l: Locale,
    head: Head,
    opened: Opened,
    /// Where it is sent.
    action: String,
    look: Look,
    form: Form,
    /// What the page is sealed with, and how fast it was answered.
    stamp: String,
    pace: Pace,
    /// Where the visitor came from.
    source: Map<String, Json>,
    consents: bool,
    /// Whether so many requests come that the page has to work for being sent.
    is_rush: bool,
    /// Files came along, and would have to be chosen once more.
    had_files: bool,
}

/// Where the page stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Look {
    /// By itself.
    Whole,
    /// In a page of another site.
    Framed,
    /// Before an administrator who tries it out: nothing of it is kept.
    Test,
}

impl View {
    /// Whether something stands in the way. Whoever is asked for more has not come to the consent yet.
    fn is_wrong(&self) -> bool {
        self.form.is_wrong() || !self.consents && !self.form.asks_more()
    }

    /// Says beside the consent that it is wanted.
    fn ask_consent(&mut self) {
        if !self.consents {
            self.form.errors.insert(CONSENT.to_owned(), self.l.say("form-consent-needed"));
        }
    }
}

/// The form, or what is said when it was sent.
pub(crate) async fn page(
    State(web): State<Web>,
    guest: Guest,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let look = look(query.as_deref());
    let asked = typed::read(query.unwrap_or_default().as_bytes())?;
    let came = came_from(&web, &asked, &headers, look);
    let is_done = asked.has("done");
    let view = read(&web, &guest, name, look, None, came).await?;
    if !is_done {
        return Ok(private(&guest, view::form(&view, &guest)));
    }
    let mut response = private(&guest, view::thanks(&view, &guest));
    // A frame stays where it is: the whole window goes on by the link in it.
    if let Some(next) = view.opened.form.next.as_deref().filter(|_| look == Look::Whole)
        && let Ok(value) = HeaderValue::try_from(format!("0; url={next}"))
    {
        response.headers_mut().insert(header::REFRESH, value);
    }
    Ok(response)
}

/// Takes it in; asks what the answers open; or says what is wrong beside each field and keeps what was typed.
pub(crate) async fn send(
    State(web): State<Web>,
    guest: Guest,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
    request: Request,
) -> Result<Response, Problem> {
    let look = look(query.as_deref());
    let sent = Sent::read(&web, &name, request).await?;
    let came = came_again(&sent.typed);
    let mut view = read(&web, &guest, name.clone(), look, Some(&sent), came).await?;
    view.form.refuse(guest.locale, &view.opened.survey, &sent.faults);
    if view.form.is_robot() {
        return kept(&web, &guest, &view, &sent, Some("form-spam-trap")).await;
    }
    if view.is_wrong() {
        view.ask_consent();
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, private(&guest, view::form(&view, &guest))).into_response());
    }
    if view.form.asks_more() {
        return Ok(private(&guest, view::form(&view, &guest)));
    }
    let typed = &view.form.typed;
    if view.pace == Pace::Fine && view.is_rush && !is_proof(&view.stamp, typed.text(PROOF)) {
        // A page that could have worked did not: there is no script, or nobody.
        if typed.has(PROOF) {
            return kept(&web, &guest, &view, &sent, Some("form-spam-rush")).await;
        }
        view.form.faults.push(guest.locale.say("form-rush"));
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, private(&guest, view::form(&view, &guest))).into_response());
    }
    match view.pace {
        Pace::Fine => kept(&web, &guest, &view, &sent, None).await,
        Pace::TooFast => kept(&web, &guest, &view, &sent, Some("form-spam-fast")).await,
        Pace::Unseen => {
            view.consents = view.opened.form.consent == model::Label::default();
            view.form.faults.push(guest.locale.say("form-once-more"));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, private(&guest, view::form(&view, &guest))).into_response())
        }
    }
}

/// Takes in what was sent, as a person's or with the reason why it is none, and goes on to the thanks.
async fn kept(web: &Web, guest: &Guest, view: &View, sent: &Sent, spam: Option<&str>) -> Result<Response, Problem> {
    let own = web.app.workspace().knowledge().settings.locale;
    let filled = Filled {
        form: view.opened.form.name.clone(),
        answers: view.form.answers.clone(),
        key: Some(key(view, sent)),
        files: sent.files.clone(),
        consents: view.consents,
        marketing: is_ticked(view.form.typed.text(MARKETING)),
        source: view.source.clone(),
        locale: guest.locale,
        spam: spam.map(|reason| Spam(own.say(reason))),
        worked: view.is_rush.then(|| (view.stamp.clone(), Spam(own.say("form-spam-rush")))),
        via: None,
    };
    web.app.form_came(&filled.form);
    let app = web.app.clone();
    let write = move |work: &mut Work<'_>| app.take_form(work, &filled);
    let error = match web.app.workspace().write(Actor::Public, Origin::from("public"), write).await {
        Ok(_) => {
            let mark = if view.action.contains('?') { '&' } else { '?' };
            return Ok(Redirect::to(&format!("{}{mark}done=1", view.action)).into_response());
        }
        Err(error @ (Error::Invalid(_) | Error::Conflict { .. })) => error,
        Err(error) => return Err(error.into()),
    };
    let problem = Problem::from(error);
    let mut again = read(web, guest, view.opened.form.name.clone(), view.look, Some(sent), view.source.clone()).await?;
    again.form.refused(guest.locale, &again.opened.survey, &problem);
    Ok((problem.status, private(guest, view::form(&again, guest))).into_response())
}

/// What tells this request from every other: one page sent twice with the same words is one request.
fn key(view: &View, sent: &Sent) -> String {
    let mut digest = Sha256::new();
    digest.update(view.stamp.as_bytes());
    digest.update(Json::Object(view.form.answers.clone()).to_string().as_bytes());
    for (name, file) in &sent.files {
        digest.update(format!(" {name} {}", file.digest()).as_bytes());
    }
    HEXLOWER.encode(&digest.finalize())
}

fn look(query: Option<&str>) -> Look {
    if embed::is_embedded(query) { Look::Framed } else { Look::Whole }
}

/// Where somebody comes from who opens the page: marks in its address, and the page that led here. In a frame that is the page
/// of the site.
fn came_from(web: &Web, asked: &Typed, headers: &HeaderMap, look: Look) -> Map<String, Json> {
    let own = web.app.form_url("");
    let own = own.trim_end_matches("forms/");
    let led = headers.get(header::REFERER).and_then(|value| value.to_str().ok());
    let led = led.filter(|led| !led.starts_with(own)).unwrap_or_default();
    let from = (if look == Look::Framed { LANDING } else { REFERRER }, led);
    let pairs = asked.pairs().iter().map(|(name, text)| (name.as_str(), text.as_str()));
    source(pairs.chain([from]))
}

/// The same, as it stood on the page that was sent.
fn came_again(typed: &Typed) -> Map<String, Json> {
    source(typed.pairs().iter().map(|(name, text)| (name.as_str(), text.as_str())))
}

/// The form with what was typed, or empty.
async fn read(
    web: &Web,
    guest: &Guest,
    name: String,
    look: Look,
    sent: Option<&Sent>,
    source: Map<String, Json>,
) -> Result<View, Problem> {
    let (app, locale) = (web.app.clone(), guest.locale);
    let own = format!("/forms/{name}");
    let action = if look == Look::Framed { embed::address(&own, guest) } else { own };
    let sent = sent.map(|sent| (sent.typed.clone(), sent.keys()));
    let read = move |work: &mut Work<'_>| {
        let opened = app.open_form(work, &name)?;
        let filled = sent.as_ref().map(|(typed, files)| (typed, files));
        view(&app, work, opened, filled, (locale, action.clone(), look, source.clone()))
    };
    Ok(web.app.workspace().read(Actor::Public, read).await?)
}

/// The page of a form as it will be, for whoever shapes it: further fields open, faults are told, and nothing is kept.
pub(crate) async fn test(
    web: &Web,
    actor: &Actor,
    guest: &Guest,
    name: String,
    action: String,
    typed: Typed,
) -> Result<Markup, Problem> {
    let (app, locale) = (web.app.clone(), guest.locale);
    let is_sent = typed.has(super::survey::form::ASKED);
    let read = move |work: &mut Work<'_>| {
        let opened = app.preview_form(work, &name)?;
        // No file comes along in an address: that one would be chosen is taken for granted.
        let files = opened.takes_files();
        let filled = is_sent.then_some((&typed, &files));
        view(&app, work, opened, filled, (locale, action.clone(), Look::Test, came_again(&typed)))
    };
    let mut view = web.app.workspace().read(actor.clone(), read).await?;
    if is_sent && view.is_wrong() {
        view.ask_consent();
    } else if is_sent && !view.form.asks_more() {
        return Ok(view::tried(&view, guest));
    }
    Ok(view::form(&view, guest))
}

fn view(
    app: &app::App,
    work: &mut Work<'_>,
    opened: Opened,
    filled: Option<(&Typed, &BTreeSet<String>)>,
    (l, action, look, source): (Locale, String, Look, Map<String, Json>),
) -> Result<View> {
    let settings = work.settings().clone();
    let name = opened.form.name.clone();
    let none = (Typed::default(), BTreeSet::new());
    let (typed, files) = filled.unwrap_or((&none.0, &none.1));
    let form = match filled {
        Some(_) => Form::judged(typed.clone(), &opened.survey, l, |answers| opened.read(work, answers, files, l)),
        None => {
            let mut form = Form::of(&Map::new(), &opened.survey);
            form.ask(opened.read(work, &Map::new(), files, l).0.asked);
            form
        }
    };
    // What is agreed to is under the seal: whoever has read other words is asked once more.
    let (wording, marketing) = (opened.form.consent.get(l), opened.form.marketing.get(l));
    let sealed = format!("{name}\n{wording}\n{marketing}\n{}", opened.form.policy.as_deref().unwrap_or_default());
    let pace = match app.pace(&sealed, typed.text(STAMP), work.now())? {
        // Its clock is moved by hand, and whoever tries it out is fast.
        Pace::TooFast if settings.sandbox => Pace::Fine,
        pace => pace,
    };
    let stamp = match (filled, pace) {
        (None, _) => app.stamp(&sealed, work.now())?,
        (Some(_), Pace::Unseen) => app.stamp_again(&sealed, work.now())?,
        (Some(_), _) => typed.text(STAMP).to_owned(),
    };
    let (organisation, brand) = (settings.name.clone(), Brand::of(&settings));
    let title = opened.form.label.or(l, &name).to_owned();
    let head = Head { organisation, brand, event: title, line: String::new() };
    let consents = opened.form.consent == model::Label::default() || is_ticked(typed.text(CONSENT));
    let had_files = look != Look::Test && !files.is_empty();
    // As with the speed: whoever rehearses sends many.
    let is_rush = look != Look::Test && !settings.sandbox && app.is_rush(&name, work.now());
    Ok(View { l, head, opened, action, look, form, stamp, pace, source, consents, is_rush, had_files })
}

/// Whether a box that came by a form was ticked.
pub(crate) fn is_ticked(text: &str) -> bool {
    matches!(text, "yes" | "on" | "true" | "1")
}

/// Faults of files that were too large.
fn too_large(keys: &[String]) -> Vec<FieldError> {
    keys.iter().map(|key| app::surveys::too_large(key)).collect()
}
