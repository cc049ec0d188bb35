//! Who is calling: a note on every page of whoever's set rings (B2).

use app::telephone::Ringing;
use maud::{Markup, html};
use model::identity::phone;

use super::frame::Frame;
use super::next::escaped;
use super::{Words, icon};

/// The calls that ring for the reader; an empty place where there are none.
pub(crate) fn ringing(frame: &Frame) -> Markup {
    html! {
        div.ringing id="ringing" role="status" aria-live="polite" {
            @for call in &frame.ringing { (one(frame, call)) }
        }
    }
}

fn one(frame: &Frame, call: &Ringing) -> Markup {
    let l = frame.locale;
    let number = call.number.as_deref().map_or_else(|| l.say("ringing-withheld"), phone::display);
    html! {
        div.note.warn data-call=(call.call) {
            (icon(assets::icon::PHONE_INCOMING))
            div {
                b { (l.say("ringing")) } " "
                @if let Some((module, id, name)) = &call.who {
                    a href=(format!("/{module}/{id}")) { (name) } " " span.dim { (number) }
                } @else {
                    (number) " "
                    @if call.is_known { span.dim { (l.say("ringing-known")) } }
                    @else if let Some(whole) = &call.number {
                        a href=(format!("/leads/new?phone={}", escaped(whole))) { (l.say("ringing-new")) }
                    }
                }
                " " a href=(format!("/calls/{}", call.call)) { (l.say("ringing-call")) }
            }
        }
    }
}
