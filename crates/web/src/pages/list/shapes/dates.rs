//! Which dates of a module's records a calendar or a timeline goes by.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use model::expr::Plan;
use model::field::FieldType;
use model::rights::Grant;
use model::{Field, Module, Record, Value};
use store::{Error, List, Result, Sort, Work};

use crate::ui::Lens;

/// Names of beginnings with those of their ends: first parts, then last parts.
const STARTS: [(&str, &str); 2] = [("starts_", "ends_"), ("begins_", "ends_")];
const ENDINGS: [(&str, &str); 3] = [("_from", "_until"), ("_from", "_to"), ("_start", "_end")];

/// Beginnings with the dates by which work without a beginning is done.
const OR_DUE: [(&str, &str); 2] = [("starts_at", "due_at"), ("starts_on", "due_on")];
/// So long after its beginning something may be due, on the next day, and still last until then.
const HALF_A_DAY: SignedDuration = SignedDuration::from_hours(12);

/// A date to go by, with the end where there is one, or with another date for records that have not the first.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dates<'m> {
    pub(super) begin: &'m Field,
    pub(super) end: Option<&'m Field>,
    pub(super) otherwise: Option<&'m Field>,
}

/// When a record is, on the clock of the workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct When {
    pub(super) begin: DateTime,
    /// The last day or moment that belongs to it.
    pub(super) end: DateTime,
    /// Whether it has a time of day.
    pub(super) timed: bool,
}

/// The choices, the one for everything first.
pub(super) fn offered<'m>(module: &'m Module, grant: &Grant) -> Vec<Dates<'m>> {
    let is_date = |field: &&Field| {
        matches!(field.kind, FieldType::Date | FieldType::Datetime)
            && field.is_stored()
            && !field.secret
            && !grant.hidden.contains(&field.name)
    };
    let fields: Vec<&Field> = module.fields.iter().filter(is_date).collect();
    let called = |name: &str| fields.iter().copied().find(|field| field.name == name);
    let mut all: Vec<Dates<'m>> = Vec::new();
    for (begin, due) in OR_DUE {
        if let (Some(begin), Some(due)) = (called(begin), called(due)) {
            all.push(Dates { begin, end: None, otherwise: Some(due) });
        }
    }
    let ends: Vec<Option<&Field>> =
        fields.iter().map(|begin| end_of(begin).into_iter().find_map(|name| called(&name))).collect();
    for (begin, end) in fields.iter().zip(&ends) {
        if !ends.iter().flatten().any(|other| other.name == begin.name) {
            all.push(Dates { begin, end: *end, otherwise: None });
        }
    }
    // What the list shows is what people go by.
    all.sort_by_key(|dates| dates.otherwise.is_none() && !module.columns.contains(&dates.begin.name));
    all
}

/// The choice called `key`, else the first.
pub(super) fn chosen<'m>(module: &'m Module, grant: &Grant, key: &str) -> Option<Dates<'m>> {
    let all = offered(module, grant);
    all.iter().find(|dates| dates.key() == key).or(all.first()).copied()
}

/// What the field in which its end stands might be called.
fn end_of(begin: &Field) -> Vec<String> {
    let starts = STARTS.iter().filter_map(|(start, end)| Some(format!("{end}{}", begin.name.strip_prefix(start)?)));
    let ends = ENDINGS.iter().filter_map(|(start, end)| Some(format!("{}{end}", begin.name.strip_suffix(start)?)));
    starts.chain(ends).collect()
}

impl<'m> Dates<'m> {
    /// Its name in addresses.
    pub(super) fn key(&self) -> String {
        let second = self.otherwise.map(|field| format!(".{}", field.name)).unwrap_or_default();
        format!("{}{second}", self.begin.name)
    }

    /// What people call it.
    pub(super) fn label(&self, lens: &Lens) -> String {
        let second = self.end.or(self.otherwise).map(|field| lens.field_label(field));
        let first = lens.field_label(self.begin);
        match second {
            Some(second) if self.end.is_some() => format!("{first} – {}", second.to_lowercase()),
            Some(second) => format!("{first} / {}", second.to_lowercase()),
            None => first,
        }
    }

    /// The list of the records that touch the days from `first` to before `after`, in their order.
    pub(super) fn within(&self, work: &Work<'_>, module: &Module, list: &List, days: (Date, Date)) -> Result<List> {
        let zone = work.settings().zone();
        let mut range = self.touching(module, self.begin, self.end, days, &zone)?;
        if let Some(due) = self.otherwise {
            let alone = field(module, self.begin)?.is_null().and(self.touching(module, due, None, days, &zone)?);
            range = range.or(alone);
        }
        let filter = match list.filter.clone() {
            Some(filter) => filter.and(range),
            None => range,
        };
        let by = |field: &Field| Sort { field: field.name.clone(), descending: false };
        let sort = [Some(self.begin), self.otherwise].into_iter().flatten().map(by).collect();
        Ok(List { filter: Some(filter), sort, ..list.clone() })
    }

    fn touching(
        &self,
        module: &Module,
        begin: &Field,
        end: Option<&Field>,
        (first, after): (Date, Date),
        zone: &TimeZone,
    ) -> Result<Plan> {
        let at = |of: &Field, day: Date| -> Value {
            let start = day.to_zoned(zone.clone()).map(|zoned| zoned.timestamp());
            match of.kind {
                FieldType::Date => Value::Date(day),
                _ => Value::Instant(start.unwrap_or(Timestamp::MIN)),
            }
        };
        let from = field(module, begin)?.at_least(at(begin, first)).map_err(unfit)?;
        let until = field(module, begin)?.less(at(begin, after)).map_err(unfit)?;
        let Some(end) = end else { return Ok(from.and(until)) };
        let lasts = field(module, end)?.at_least(at(end, first)).map_err(unfit)?;
        Ok(until.and(from.or(lasts)))
    }

    /// When the record is; nothing where it has no date.
    pub(super) fn when(&self, record: &Record, zone: &TimeZone) -> Option<When> {
        let of = |field: &Field| moment(record.get(&field.name), zone);
        let (begin, timed) = of(self.begin).or_else(|| of(self.otherwise?))?;
        let end = self.last(record, zone).and_then(of).map_or(begin, |(end, _)| end).max(begin);
        Some(When { begin, end, timed })
    }

    /// The field that says until when the record lasts. What is due on the day on which it begins, or at most half a day
    /// later, lasts until then; what is due another day is only begun before.
    pub(super) fn last(&self, record: &Record, zone: &TimeZone) -> Option<&'m Field> {
        let of = |field: &Field| moment(record.get(&field.name), zone);
        let is_end = |due: &&Field| match (of(self.begin), of(due)) {
            (Some((begin, true)), Some((due, true))) => {
                let is_near = begin.date() == due.date() || due.duration_since(begin) <= HALF_A_DAY;
                begin < due && is_near
            }
            _ => false,
        };
        self.end.or_else(|| self.otherwise.filter(is_end))
    }

    /// The field that says when the record begins.
    pub(super) fn leading(&self, record: &Record) -> &'m Field {
        match self.otherwise {
            Some(due) if record.get(&self.begin.name) == &Value::Null && record.get(&due.name) != &Value::Null => due,
            _ => self.begin,
        }
    }
}

fn field(module: &Module, field: &Field) -> Result<Plan> {
    Plan::field(module, &field.name).map_err(unfit)
}

fn unfit(error: model::expr::ExprError) -> Error {
    Error::bad_query(error.code.as_str(), error.message)
}

/// A date or an instant on the clock of the zone, and whether it has a time of day.
fn moment(value: &Value, zone: &TimeZone) -> Option<(DateTime, bool)> {
    match value {
        Value::Date(date) => Some((date.to_datetime(Time::midnight()), false)),
        Value::Instant(at) => Some((zone.to_datetime(*at), true)),
        _ => None,
    }
}

/// A value moved along: a date by whole days, an instant on the clock of the zone.
pub(super) fn moved(value: &Value, by: SignedDuration, zone: &TimeZone) -> Option<Value> {
    let (before, timed) = moment(value, zone)?;
    let after = before.checked_add(by).ok()?;
    if timed { Some(Value::Instant(zone.to_timestamp(after).ok()?)) } else { Some(Value::Date(after.date())) }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use jiff::civil::date;
    use jiff::tz::TimeZone;
    use model::rights::Grant;
    use model::{Module, Value};
    use serde_json::json;

    use super::{chosen, moved, offered};

    fn module(fields: &[(&str, &str)], columns: &[&str]) -> Module {
        let label = json!({"ru": "", "en": ""});
        let fields: Vec<_> = fields.iter().map(|(name, kind)| json!({"name": name, "type": kind})).collect();
        let mut module: Module = serde_json::from_value(json!({
            "name": "things", "label": label, "one": label, "title": "name", "columns": columns, "fields": fields,
        }))
        .unwrap();
        module.index();
        module
    }

    fn keys(module: &Module, hidden: &[&str]) -> Vec<String> {
        let grant = Grant { hidden: hidden.iter().map(|name| (*name).to_owned()).collect(), ..Grant::default() };
        offered(module, &grant).iter().map(|dates| dates.key()).collect()
    }

    #[test]
    fn beginnings_have_their_ends_and_work_is_due() {
        let events = module(
            &[
                ("name", "text"),
                ("sale_from", "datetime"),
                ("sale_until", "datetime"),
                ("starts_on", "date"),
                ("ends_on", "date"),
            ],
            &["starts_on"],
        );
        assert_eq!(keys(&events, &[]), ["starts_on", "sale_from"]);
        let dates = chosen(&events, &Grant::default(), "sale_from").unwrap();
        assert_eq!(dates.end.unwrap().name, "sale_until");
        assert_eq!(keys(&events, &["starts_on"]), ["sale_from", "ends_on"], "a hidden beginning is none");
        let work = module(&[("name", "text"), ("starts_at", "datetime"), ("due_at", "datetime")], &["due_at"]);
        assert_eq!(keys(&work, &[]), ["starts_at.due_at", "due_at", "starts_at"]);
        assert!(chosen(&module(&[("name", "text")], &[]), &Grant::default(), "").is_none());
    }

    #[test]
    fn a_day_on_is_a_day_on_though_the_clocks_change() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let at = |day: i8| Value::Instant(zone.to_timestamp(date(2026, 3, day).at(9, 30, 0, 0)).unwrap());
        assert_eq!(moved(&at(28), SignedDuration::from_hours(24), &zone), Some(at(29)));
        let day = Value::Date(date(2026, 3, 28));
        assert_eq!(moved(&day, SignedDuration::from_hours(48), &zone), Some(Value::Date(date(2026, 3, 30))));
    }
}
