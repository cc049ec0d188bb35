//! What buyers see: the order form of an event, the page of their order. They work without a script, in the visitor's
//! language.

pub(crate) mod case;
pub(crate) mod consent;
pub(crate) mod embed;
pub(crate) mod event;
pub(crate) mod form;
pub(crate) mod group;
mod line;
pub(crate) mod order;
pub(crate) mod survey;
pub(crate) mod ticket;
pub(crate) mod waiting;
pub(crate) mod waiting_place;

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use model::{Locale, Record, l10n};
use store::Settings;

use super::home::remember_language;
use super::visitor::Guest;
use crate::brand::Brand;
use crate::ui::door::{self, Kind, Sheet};

/// What stands above everything: who invites, to what, when and where.
struct Head {
    organisation: String,
    brand: Brand,
    event: String,
    line: String,
}

impl Head {
    fn of(locale: Locale, settings: &Settings, event: &Record) -> Self {
        let starts = event.get("starts_on").as_date();
        let ends = event.get("ends_on").as_date().or(starts);
        let dates = starts.zip(ends).map(|(first, last)| l10n::date_range(locale, first, last));
        let parts = [dates, event.text("venue").map(str::to_owned)];
        let line = parts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
        Self { organisation: settings.name.clone(), brand: Brand::of(settings), event: event.title(), line }
    }

    fn header(&self) -> Markup {
        html! {
            header {
                @if let Some(logo) = self.brand.logo() { (logo) } @else { small { (self.organisation) } }
                h1 { (self.event) }
                @if !self.line.is_empty() { span { (self.line) } }
            }
        }
    }

    /// A page under its name. Its languages are chosen at the address that is given.
    fn sheet(&self, guest: &Guest, languages: &str, content: Markup) -> Markup {
        let sheet = Sheet {
            locale: guest.locale,
            theme: guest.theme,
            title: &self.event,
            kind: Kind::Public,
            content,
            languages: Some(languages),
        };
        door::branded(&sheet, &self.brand)
    }
}

/// Whom to ask, as the event says.
fn contact(event: &Record) -> Option<Markup> {
    let (email, phone) = (event.text("contact_email"), event.text("contact_phone"));
    (email.is_some() || phone.is_some()).then(|| {
        html! {
            @if let Some(name) = event.text("contact_name") { (name) " " }
            @if let Some(email) = email { a.link href=(format!("mailto:{email}")) { (email) } " " }
            @if let Some(phone) = phone { a.link href=(format!("tel:{phone}")) { (model::identity::phone::display(phone)) } }
        }
    })
}

/// A page of one buyer: not kept by anybody on the way.
fn private(guest: &Guest, page: Markup) -> Response {
    let mut response = page.into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    remember_language(&mut response, guest);
    response
}
