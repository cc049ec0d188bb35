//! A list as bars over weeks: when each record begins and ends.

use jiff::ToSpan;
use jiff::civil::Date;
use maud::{Markup, html};
use model::{Record, l10n};
use store::{List, Result, Work};

use super::Asked;
use super::dates::Dates;
use super::shape::Shape;
use crate::pages::cells;
use crate::ui::{Lens, Words, icon};

/// Weeks that are shown, and of these how many are over.
const WEEKS: i64 = 13;
const BEHIND: i64 = 1;

/// Days of a bar in which there is no room for words, and days beside it that are enough for a name.
const SHORT: i64 = 14;
const ROOM: i64 = 21;

/// Years in which the nearest records are looked for.
const FAR: i64 = 100;

/// Records of one page.
const RECORDS: usize = 100;

/// A record and the days of the picture that it takes.
struct Bar {
    address: String,
    title: String,
    /// Days before it, its days, days after it.
    days: [i64; 3],
    words: String,
}

struct Timeline<'a> {
    lens: &'a Lens,
    asked: &'a Asked<'a>,
    /// The Monday with which it begins.
    first: Date,
    bars: Vec<Bar>,
    next: Option<String>,
    /// Where the nearest records are, where none is in these weeks: the message, and the day.
    nearest: Vec<(&'static str, Date)>,
}

/// Reads the timeline and writes it down.
pub(super) fn read(
    work: &mut Work<'_>,
    lens: &mut Lens,
    asked: &Asked<'_>,
    dates: Dates<'_>,
    list: &List,
) -> Result<Markup> {
    let on = asked.query.layout.on.unwrap_or_else(|| lens.today().saturating_sub(BEHIND.weeks()));
    let first = on.saturating_sub(i64::from(on.weekday().to_monday_zero_offset()).days());
    let days = (first, first.saturating_add(WEEKS.weeks()));
    let within = List { limit: RECORDS, group: None, ..dates.within(work, asked.module, list, days)? };
    let page = work.list(&asked.module.name, &within)?;
    lens.learn(work, &page.records)?;
    let bars: Vec<Bar> = page.records.iter().filter_map(|record| bar(lens, &dates, record, days)).collect();
    let nearest = if bars.is_empty() { nearest(work, lens, (asked, dates), list, days)? } else { Vec::new() };
    let next = page.next.map(|cursor| asked.query.next(&asked.module.name, &cursor));
    Ok(Timeline { lens, asked, first, bars, next, nearest }.markup())
}

/// The last record before these days, and the first one behind them.
fn nearest(
    work: &mut Work<'_>,
    lens: &Lens,
    (asked, dates): (&Asked<'_>, Dates<'_>),
    list: &List,
    (first, after): (Date, Date),
) -> Result<Vec<(&'static str, Date)>> {
    let one = List { limit: 1, group: None, cursor: None, ..list.clone() };
    let sides = [
        ("timeline-earlier", (first.saturating_sub(FAR.years()), first), true),
        ("timeline-later", (after, after.saturating_add(FAR.years())), false),
    ];
    let mut found = Vec::with_capacity(sides.len());
    for (key, days, descending) in sides {
        let mut list = dates.within(work, asked.module, &one, days)?;
        list.sort.iter_mut().for_each(|sort| sort.descending = descending);
        let record = work.list(&asked.module.name, &list)?.records.into_iter().next();
        let when = record.and_then(|record| dates.when(&record, &lens.zone));
        found.extend(when.map(|when| (key, when.begin.date())));
    }
    Ok(found)
}

fn bar(lens: &Lens, dates: &Dates<'_>, record: &Record, (first, after): (Date, Date)) -> Option<Bar> {
    let when = dates.when(record, &lens.zone)?;
    let (begin, end) = (when.begin.date(), when.end.date());
    let day = |date: Date| first.until(date.clamp(first, after)).map_or(0, |span| i64::from(span.get_days()));
    let (from, until) = (day(begin), day(end.tomorrow().unwrap_or(end)));
    let words = match when.timed && begin == end {
        true => format!("{}, {}", lens.day(begin), l10n::time(when.begin.time())),
        false => l10n::date_range(lens.locale, begin, end),
    };
    Some(Bar {
        address: format!("/{}/{}", record.module.name, record.id),
        title: cells::title_text(lens, record),
        days: [from, (until - from).max(1), WEEKS * 7 - until.max(from + 1)],
        words,
    })
}

impl Timeline<'_> {
    fn markup(&self) -> Markup {
        let l = self.lens.locale;
        html! {
            div.bar.calendar-bar {
                a.btn.icon rel="prev" href=(self.address(-WEEKS + 1)) aria-label=(l.say("calendar-before")) { (icon(assets::icon::CHEVRON_LEFT)) }
                a.btn.icon rel="next" href=(self.address(WEEKS - 1)) aria-label=(l.say("calendar-after")) { (icon(assets::icon::CHEVRON_RIGHT)) }
                a.btn href=(self.on(None)) { (l.say("calendar-today")) }
                h2 { (l10n::date_range(l, self.first, self.first.saturating_add((WEEKS * 7 - 1).days()))) }
            }
            @if self.bars.is_empty() {
                div.scroll { div.empty { (icon(assets::icon::CHART_GANTT)) h2 { (l.say("calendar-free")) } p { (l.say("calendar-free-text")) }
                    div.buttons {
                        @for (key, day) in &self.nearest {
                            a.btn href=(self.on(Some(day.saturating_sub(BEHIND.weeks())))) { (l.say_with(key, &[("day", self.lens.day(*day).into())])) }
                        }
                    }
                } }
            } @else {
                div.scroll tabindex="0" role="region" aria-label=(l.say("shape-timeline")) {
                    table.weeks {
                        thead { (self.weeks()) }
                        tbody { @for bar in &self.bars { (self.row(bar)) } }
                    }
                    @if let Some(next) = &self.next { a.btn.small.more href=(next) { (l.say("board-more")) } }
                }
            }
        }
    }

    fn weeks(&self) -> Markup {
        let today = self.lens.today();
        let mondays = (0..WEEKS).map(|week| self.first.saturating_add(week.weeks()));
        html! {
            tr {
                td {}
                @for monday in mondays {
                    @let is_this = (monday..monday.saturating_add(1.week())).contains(&today);
                    th scope="col" aria-current=[is_this.then_some("date")] { (l10n::day(self.lens.locale, monday, monday)) }
                }
            }
        }
    }

    fn row(&self, bar: &Bar) -> Markup {
        let [before, own, after] = bar.days;
        // The name stands beside a bar that is too short for words, on the side that has more room.
        let beside = (own < SHORT).then(|| html! { span.beside-bar aria-hidden="true" { (bar.title) } });
        let (left, right) = if after >= ROOM { (None, beside) } else { (beside, None) };
        html! {
            tr {
                // A narrow screen shows some weeks at a time: there the name says when.
                th scope="row" { a href=(bar.address) { (bar.title) } small aria-hidden="true" { (bar.words) } }
                td colspan=(WEEKS) {
                    table role="presentation" {
                        tr {
                            @if before > 0 { td.left colspan=(before) { @if let Some(name) = &left { (name) } } }
                            td colspan=(own) { a.event.acc href=(bar.address) title=(format!("{} · {}", bar.title, bar.words)) aria-label=(format!("{}: {}", bar.title, bar.words)) { @if own >= SHORT { span.name { (bar.words) } } } }
                            @if after > 0 { td colspan=(after) { @if let Some(name) = &right { (name) } } }
                        }
                    }
                }
            }
        }
    }

    fn address(&self, weeks: i64) -> String {
        self.on(Some(self.first.saturating_add(weeks.weeks())))
    }

    fn on(&self, on: Option<Date>) -> String {
        self.asked.query.shaped(&self.asked.module.name, Shape { on, ..self.asked.query.layout.clone() })
    }
}
