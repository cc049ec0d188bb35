//! A week or a day as hours, in which entries are as long as they last. A day of several people shows them side by side, so that a free hour is seen.

use std::collections::BTreeMap;

use jiff::civil::{Date, time};
use maud::{Markup, html};
use model::{Id, l10n};

use super::Calendar;
use super::entry::Entry;
use super::spots::{self, Rest, Spots};
use crate::pages::list::shapes::shape::{Span, Whose};
use crate::ui::{Words, face, note};

/// The working day is shown, however empty.
const FIRST: i8 = 8;
const LAST: i8 = 19;

/// People side by side at most.
const PEOPLE: usize = 12;

/// The hour in which an entry is over.
fn last_hour(entry: &Entry) -> i8 {
    let (begin, end) = (entry.when.begin, entry.when.end);
    if end.date() > begin.date() {
        return 23;
    }
    // What ends with an hour takes nothing of the next.
    if end.minute() == 0 && end > begin { end.hour() - 1 } else { end.hour() }
}

/// A column: a day, and whose, where people stand side by side.
struct Lane {
    day: Date,
    owner: Owner,
}

enum Owner {
    Anybody,
    One(Id, String),
    Nobody,
}

impl Lane {
    fn has(&self, entry: &Entry) -> bool {
        let own = match (&self.owner, &entry.owner) {
            (Owner::Anybody, _) | (Owner::Nobody, None) => true,
            (Owner::One(id, _), Some((owner, _))) => id == owner,
            _ => false,
        };
        own && (entry.when.begin.date()..=entry.when.end.date()).contains(&self.day)
    }
}

impl Calendar<'_> {
    pub(super) fn hours(&self) -> Markup {
        let l = self.lens.locale;
        let lanes = self.lanes();
        let people = self.lens.number(i64::try_from(PEOPLE).unwrap_or_default());
        let spots: Vec<Spots> = lanes.iter().map(|lane| self.spots(lane, lanes.len())).collect();
        let hours = self
            .entries
            .iter()
            .filter(|entry| entry.when.timed)
            .map(|entry| (entry.when.begin.hour(), last_hour(entry)));
        let (first, last) = hours.fold((FIRST, LAST), |(first, last), (begin, end)| (first.min(begin), last.max(end)));
        html! {
            @if self.people().len() > PEOPLE { div.page { (note::warn(&html! { (l.say_with("calendar-people-cut", &[("count", people.into())])) })) } }
            div.scroll {
                table.hours {
                    thead { tr {
                        td {}
                        @for lane in &lanes { (self.lane_head(lane)) }
                    } }
                    tbody {
                        tr.whole {
                            th scope="row" { (l.say("calendar-whole-day")) }
                            @for lane in &lanes { (self.cell(lane, None, &Spots::default())) }
                        }
                        @for hour in first..=last {
                            tr {
                                th scope="row" { (l10n::time(time(hour, 0, 0, 0))) }
                                @for (lane, spots) in lanes.iter().zip(&spots) { (self.cell(lane, Some(hour), spots)) }
                            }
                        }
                    }
                }
            }
        }
    }

    fn spots(&self, lane: &Lane, lanes: usize) -> Spots {
        spots::of(self.entries.iter().filter(|entry| lane.has(entry)), lane.day, spots::room(lanes))
    }

    /// The days of a week; of one day the people who have something on it, and what nobody has taken.
    fn lanes(&self) -> Vec<Lane> {
        let people = self.people();
        if people.is_empty() {
            return self.each_day().map(|day| Lane { day, owner: Owner::Anybody }).collect();
        }
        let nobodys = self.entries.iter().any(|entry| entry.owner.is_none()).then_some(Owner::Nobody);
        let owners = people.into_iter().take(PEOPLE).map(|(id, name)| Owner::One(id, name)).chain(nobodys);
        owners.map(|owner| Lane { day: self.on, owner }).collect()
    }

    /// Those who have something on the day, by name; nobody where they do not stand side by side.
    fn people(&self) -> Vec<(Id, String)> {
        let shape = &self.asked.query.layout;
        let alone = shape.whose == Whose::Mine || !self.asked.module.owners;
        let owners: BTreeMap<Id, String> = self.entries.iter().filter_map(|entry| entry.owner.clone()).collect();
        if shape.span == Span::Week || alone || owners.len() < 2 {
            return Vec::new();
        }
        let mut people: Vec<(Id, String)> = owners.into_iter().collect();
        people.sort_by(|left, right| left.1.cmp(&right.1));
        people
    }

    fn lane_head(&self, lane: &Lane) -> Markup {
        let l = self.lens.locale;
        let is_today = lane.day == self.lens.today();
        html! {
            th scope="col" aria-current=[is_today.then_some("date")] {
                @match &lane.owner {
                    Owner::One(id, name) => (face::who(*id, name)),
                    Owner::Nobody => (l.say("calendar-nobodys")),
                    Owner::Anybody => a href=(self.address(Span::Day, lane.day)) { (l10n::weekday_short(l, lane.day.weekday())) " " b { (lane.day.day()) } },
                }
            }
        }
    }

    /// What begins in the hour, or what has no hour.
    fn cell(&self, lane: &Lane, hour: Option<i8>, spots: &Spots) -> Markup {
        let l = self.lens.locale;
        let owner = match &lane.owner {
            Owner::One(id, _) => Some(id.to_string()),
            Owner::Anybody | Owner::Nobody => None,
        };
        let begins = |entry: &&Entry| {
            let is_timed = entry.when.timed && entry.when.begin.date() == lane.day;
            lane.has(entry) && is_timed.then(|| entry.when.begin.hour()) == hour
        };
        let at = lane.day.at(hour.unwrap_or(super::month::MORNING), 0, 0, 0);
        let drop = hour.map_or_else(|| lane.day.to_string(), |_| at.strftime("%Y-%m-%dT%H:%M").to_string());
        let told = format!("{}, {}", l10n::day(l, lane.day, self.lens.today()), l10n::time(at.time()));
        html! {
            td data-at=(drop) data-lane=[owner] aria-current=[(lane.day == self.lens.today()).then_some("date")] {
                @for entry in self.entries.iter().filter(begins) {
                    @match (hour, spots.of(entry.id)) {
                        (None, _) => (entry.told(lane.day)),
                        (Some(_), Some(spot)) => (entry.placed(lane.day, spot)),
                        // It is among the rest.
                        (Some(_), None) => {},
                    }
                }
                @for rest in spots.rests().iter().filter(|rest| Some(rest.hour()) == hour) { (self.rest(lane, rest)) }
                @if let (Some(address), Some(_)) = (self.new_at(at), hour) {
                    a.add href=(address) aria-label=(l.say_with("calendar-new", &[("day", told.into())])) {}
                }
            }
        }
    }

    /// What leads to entries for which there is no room: to their day, from there to its list.
    fn rest(&self, lane: &Lane, rest: &Rest) -> Markup {
        let l = self.lens.locale;
        let wider = if self.asked.query.layout.span == Span::Week { Span::Day } else { Span::Agenda };
        let count = self.lens.number(i64::try_from(rest.ids.len()).unwrap_or_default());
        let names: Vec<&str> = self
            .entries
            .iter()
            .filter(|entry| rest.ids.contains(&entry.id))
            .map(|entry| entry.title.as_str())
            .collect();
        html! {
            a class=(format!("rest {}", rest.spot.classes())) href=(self.address(wider, lane.day)) title=(names.join("\n")) {
                (l.say_with("calendar-more", &[("count", count.into())]))
            }
        }
    }
}
