//! That an administrator looks as another user.

use maud::{Markup, html};

use super::frame::Frame;
use super::{Words, icon};
use crate::sight::END;

/// Says on every page whom one looks as, with the way back.
pub(crate) fn banner(frame: &Frame) -> Markup {
    let l = frame.locale;
    html! {
        @if frame.is_looked_as {
            section.sees-as aria-label=(l.say("sees-as")) {
                (icon(assets::icon::EYE))
                p { (l.say_with("sees-as-who", &[("name", frame.user.1.as_str().into())])) " " span { (l.say("sees-as-read-only")) } }
                form method="post" action=(END) { button.btn.small { (l.say("sees-as-end")) } }
            }
        }
    }
}
