//! The head of a calendar: which days, how many at once, whose records, what the colours mean.

use jiff::ToSpan;
use jiff::civil::Date;
use maud::{Markup, html};
use model::l10n;

use super::Calendar;
use crate::pages::list::shapes::shape::{Shape, Span, Whose};
use crate::ui::{Words, icon};

impl Calendar<'_> {
    pub(super) fn head(&self) -> Markup {
        let l = self.lens.locale;
        let span = self.asked.query.layout.span;
        html! {
            div.bar.calendar-bar {
                a.btn.icon rel="prev" href=(self.address(span, step(span, self.on, -1))) aria-label=(l.say("calendar-before")) { (icon(assets::icon::CHEVRON_LEFT)) }
                a.btn.icon rel="next" href=(self.address(span, step(span, self.on, 1))) aria-label=(l.say("calendar-after")) { (icon(assets::icon::CHEVRON_RIGHT)) }
                a.btn href=(self.address(span, self.lens.today())) { (l.say("calendar-today")) }
                h2 { (self.title()) }
                span.push {}
                div.calendar-ways {
                    @if self.asked.module.owners { (self.whose()) hr; }
                    nav.views aria-label=(l.say("calendar-span")) {
                        @for other in Span::ALL {
                            a.btn.quiet href=(self.address(other, self.on)) aria-current=[(other == span).then_some("true")] {
                                (l.say(match other {
                                    Span::Month => "calendar-month",
                                    Span::Week => "calendar-week",
                                    Span::Day => "calendar-day",
                                    Span::Agenda => "calendar-agenda",
                                }))
                            }
                        }
                    }
                }
            }
            (self.legend())
        }
    }

    fn whose(&self) -> Markup {
        let (l, shape) = (self.lens.locale, &self.asked.query.layout);
        html! {
            nav.views aria-label=(l.say("calendar-whose")) {
                @for whose in Whose::ALL {
                    @let address = self.asked.query.shaped(&self.asked.module.name, Shape { whose, ..shape.clone() });
                    a.btn.quiet href=(address) aria-current=[(whose == shape.whose).then_some("true")] {
                        (l.say(match whose {
                            Whose::Mine => "calendar-mine",
                            Whose::Teams => "calendar-teams",
                            Whose::Everybodys => "calendar-everybodys",
                        }))
                    }
                }
            }
        }
    }

    fn title(&self) -> String {
        let l = self.lens.locale;
        let last = self.days.1.yesterday().unwrap_or(self.days.1);
        match self.asked.query.layout.span {
            Span::Month => l10n::month_and_year(l, self.on),
            Span::Day => format!("{}, {}", l10n::weekday(l, self.on.weekday()), l10n::date(l, self.on)),
            Span::Week | Span::Agenda => l10n::date_range(l, self.days.0, last),
        }
    }

    fn legend(&self) -> Markup {
        html! {
            @if let Some(field) = self.tones.field.as_ref().filter(|field| field.options.len() <= 8) {
                div.legend aria-label=(self.lens.field_label(field)) role="group" {
                    @for option in &field.options {
                        span class=(self.tones.tone(&option.value)) { span.dot {} span.dim { (option.label.get(self.lens.locale)) } }
                    }
                }
            }
        }
    }
}

/// The day about which the calendar stands a span later or earlier.
fn step(span: Span, on: Date, by: i64) -> Date {
    match span {
        Span::Month => on.first_of_month().saturating_add(by.months()),
        Span::Week => on.saturating_add(by.weeks()),
        Span::Day => on.saturating_add(by.days()),
        Span::Agenda => on.saturating_add((by * super::AGENDA).days()),
    }
}
