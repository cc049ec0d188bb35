//! A month as weeks of days.

use jiff::civil::{Date, time};
use maud::{Markup, html};
use model::l10n;

use super::Calendar;
use super::entry::Entry;
use crate::pages::list::shapes::shape::Span;
use crate::ui::{Words, icon};

/// Entries of a day that are shown; the others are a link away.
const SHOWN: usize = 4;

/// When something begins that is made by choosing a day.
pub(super) const MORNING: i8 = 10;

impl Calendar<'_> {
    pub(super) fn month(&self) -> Markup {
        let l = self.lens.locale;
        let days: Vec<Date> = self.each_day().collect();
        let entries = self.by_day();
        html! {
            table.month {
                thead { tr { @for day in days.iter().take(7) { th scope="col" { (l10n::weekday_short(l, day.weekday())) } } } }
                tbody {
                    @for week in days.chunks(7) {
                        tr { @for day in week { (self.month_day(*day, entries.get(day).map_or(&[][..], Vec::as_slice))) } }
                    }
                }
            }
        }
    }

    fn month_day(&self, day: Date, entries: &[&Entry]) -> Markup {
        let l = self.lens.locale;
        let is_today = day == self.lens.today();
        let is_outside = day.month() != self.on.month();
        let date = l10n::day(l, day, self.lens.today());
        html! {
            td.outside[is_outside] data-at=(day) aria-current=[is_today.then_some("date")] {
                div.day {
                    a.number href=(self.address(Span::Day, day)) aria-label=(date) { (day.day()) }
                    @if let Some(address) = self.new_at(day.to_datetime(time(MORNING, 0, 0, 0))) {
                        a.add href=(address) aria-label=(l.say_with("calendar-new", &[("day", date.into())])) { (icon(assets::icon::PLUS)) }
                    }
                }
                @for entry in entries.iter().take(SHOWN) { (entry.markup(day)) }
                @if entries.len() > SHOWN {
                    a.rest href=(self.address(Span::Day, day)) { (l.say_with("calendar-more", &[("count", self.lens.number(i64::try_from(entries.len() - SHOWN).unwrap_or_default()).into())])) }
                }
            }
        }
    }
}
