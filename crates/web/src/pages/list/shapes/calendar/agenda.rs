//! An agenda: the days that have something, one under the other.

use maud::{Markup, html};
use model::l10n;

use super::Calendar;
use crate::ui::{Words, icon};

impl Calendar<'_> {
    pub(super) fn agenda(&self) -> Markup {
        let l = self.lens.locale;
        let days = self.by_day();
        html! {
            @if days.is_empty() {
                div.empty { (icon(assets::icon::CALENDAR)) h2 { (l.say("calendar-free")) } p { (l.say("calendar-free-text")) } }
            } @else {
                ol.agenda {
                    @for (day, entries) in &days {
                        li aria-current=[(*day == self.lens.today()).then_some("date")] {
                            h3 { (l10n::day(l, *day, self.lens.today())) " " span.faint { (l10n::weekday_short(l, day.weekday())) } }
                            div { @for entry in entries { (entry.told(*day)) } }
                        }
                    }
                }
            }
        }
    }
}
