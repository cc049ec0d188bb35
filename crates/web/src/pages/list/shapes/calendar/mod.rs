//! A list as a calendar: month, week, day, agenda, on the clock of the workspace.

mod agenda;
mod entry;
mod head;
mod hours;
mod month;
mod spots;
pub(crate) mod when;

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Weekday};
use maud::{Markup, html};
use model::expr::Plan;
use model::field::SetBy;
use model::{Field, Id, Module};
use store::{List, Result, Work};

use self::entry::{Entry, Tones};
use super::Asked;
use super::dates::Dates;
use super::shape::{Shape, Span, Whose};
use crate::pages::new::can_be_made;
use crate::ui::{Lens, Words, note};

/// Records of one view at most.
const RECORDS: usize = 500;

/// Days of an agenda.
const AGENDA: i64 = 30;

/// What a calendar shows.
struct Calendar<'a> {
    lens: &'a Lens,
    asked: &'a Asked<'a>,
    /// The day about which it stands.
    on: Date,
    /// The first day, and the day after the last.
    days: (Date, Date),
    entries: Vec<Entry>,
    tones: Tones,
    /// Whether there are more records than it shows.
    cut: bool,
    /// The field that a new record is given; nothing for whoever makes none.
    begun: Option<&'a Field>,
}

/// Reads the calendar and writes it down.
pub(super) fn read(
    work: &mut Work<'_>,
    lens: &mut Lens,
    asked: &Asked<'_>,
    dates: Dates<'_>,
    list: &List,
) -> Result<Markup> {
    let shape = &asked.query.layout;
    let on = shape.on.unwrap_or_else(|| lens.today());
    let days = days(shape.span, on);
    let list = List { limit: RECORDS, cursor: None, group: None, ..dates.within(work, asked.module, list, days)? };
    let list = whose(asked.module, shape.whose, list);
    let page = work.list(&asked.module.name, &list)?;
    let ids: BTreeSet<Id> = page.records.iter().map(|record| record.id).collect();
    let changeable = work.changeable(asked.module, &ids)?;
    lens.learn(work, &page.records)?;
    let tones = Tones::of(asked.module, asked.grant);
    let is_open = |record: &model::Record| {
        let field = dates.leading(record);
        field.set_by == SetBy::Anyone && !asked.grant.read_only.contains(&field.name) && changeable.contains(&record.id)
    };
    let entries = page.records.iter().filter_map(|record| Entry::of(lens, &dates, &tones, record, is_open(record)));
    let begun = Some(dates.otherwise.unwrap_or(dates.begin)).filter(|field| {
        can_be_made(asked.module, asked.grant)
            && field.set_by != SetBy::Process
            && !asked.grant.read_only.contains(&field.name)
    });
    let mut entries: Vec<Entry> = entries.collect();
    entries.sort_by_key(|entry| (entry.when.begin, entry.when.timed));
    let calendar = Calendar { lens, asked, on, days, entries, tones, cut: page.next.is_some(), begun };
    Ok(calendar.markup())
}

/// The days of a span about a day, from the first to before the second.
fn days(span: Span, on: Date) -> (Date, Date) {
    let monday = |day: Date| day.saturating_sub(i64::from(day.weekday().to_monday_zero_offset()).days());
    let (first, count) = match span {
        Span::Month => {
            let first = monday(on.first_of_month());
            let last = on.last_of_month();
            let rest = i64::from(Weekday::Sunday.to_monday_zero_offset() - last.weekday().to_monday_zero_offset());
            let shown = first.until(last).map_or(34, |span| i64::from(span.get_days()));
            (first, shown + rest + 1)
        }
        Span::Week => (monday(on), 7),
        Span::Day => (on, 1),
        Span::Agenda => (on, AGENDA),
    };
    (first, first.saturating_add(count.days()))
}

fn whose(module: &Module, whose: Whose, list: List) -> List {
    let owner = Plan::field(module, "owner");
    let condition = match (module.owners, whose, owner) {
        (true, Whose::Mine, Ok(owner)) => owner.eq(Plan::me()),
        (true, Whose::Teams, Ok(owner)) => owner.in_my_team(),
        _ => return list,
    };
    match (list.filter.clone(), condition) {
        (Some(filter), Ok(condition)) => List { filter: Some(filter.and(condition)), ..list },
        (None, Ok(condition)) => List { filter: Some(condition), ..list },
        _ => list,
    }
}

impl Calendar<'_> {
    fn markup(&self) -> Markup {
        let l = self.lens.locale;
        html! {
            (self.head())
            @if self.cut { div.page { (note::warn(&html! { (l.say_with("calendar-cut", &[("count", self.lens.number(i64::try_from(RECORDS).unwrap_or_default()).into())])) })) } }
            div.calendar data-calendar=(self.asked.module.name) data-by=(self.asked.query.layout.by) data-next=(self.asked.here) {
                @match self.asked.query.layout.span {
                    Span::Month => (self.month()),
                    Span::Week | Span::Day => {
                        (self.hours())
                        // On phones the days stand one under the other.
                        div.day-list { (self.agenda()) }
                    },
                    Span::Agenda => (self.agenda()),
                }
            }
        }
    }

    /// The same calendar about another day, or of another span.
    fn address(&self, span: Span, on: Date) -> String {
        let on = Some(on).filter(|on| *on != self.lens.today());
        let shape = Shape { span, on, ..self.asked.query.layout.clone() };
        self.asked.query.shaped(&self.asked.module.name, shape)
    }

    /// The entries of each day that they touch.
    fn by_day(&self) -> BTreeMap<Date, Vec<&Entry>> {
        let mut days: BTreeMap<Date, Vec<&Entry>> = BTreeMap::new();
        for entry in &self.entries {
            let last = entry.when.end.date().min(self.days.1);
            let mut day = entry.when.begin.date().max(self.days.0);
            while day <= last && day < self.days.1 {
                days.entry(day).or_default().push(entry);
                let Ok(tomorrow) = day.tomorrow() else { break };
                day = tomorrow;
            }
        }
        days
    }

    /// The days that are shown.
    fn each_day(&self) -> impl Iterator<Item = Date> {
        let after = self.days.1;
        self.days.0.series(1.day()).take_while(move |day| *day < after)
    }

    /// The form of a new record that begins then; nothing for whoever makes none.
    fn new_at(&self, at: DateTime) -> Option<String> {
        let field = self.begun?;
        let value = match field.kind {
            model::field::FieldType::Date => at.date().to_string(),
            _ => at.strftime("%Y-%m-%dT%H:%M").to_string(),
        };
        let query = serde_urlencoded::to_string([(field.name.as_str(), value)]).ok()?;
        Some(format!("/{}/new?{query}", self.asked.module.name))
    }
}
