//! Groups by dates, texts and numbers: the same on both databases and in the order of the list, with pages that leave out
//! what is folded, and told alike by a record and by a query.

use std::collections::BTreeSet;

use jiff::civil::{Date, date};
use model::{Period, Value};
use serde_json::json;
use store::{Error, Group, Groups, List, Work};

use crate::world::{World, in_both, sort};

fn visit(world: &World, name: &str, day: Option<&str>, moment: Option<&str>, seats: Option<i64>, born: Option<&str>) {
    let visit = json!({"name": name, "day": day, "moment": moment, "seats": seats, "born": born});
    world.make("visits", &visit);
}

/// Moscow is three hours ahead: what ends a month in Greenwich begins the next one here.
fn filled(world: &World) {
    visit(world, "a", Some("2026-01-31"), Some("2026-01-31T20:59:59Z"), Some(2), Some("Тула"));
    visit(world, "b", Some("2026-02-01"), Some("2026-01-31T21:00:00Z"), Some(10), Some("тула"));
    visit(world, "c", Some("2026-02-28"), Some("2026-12-31T22:00:00Z"), Some(2), Some("Анапа"));
    visit(world, "d", Some("2024-12-30"), Some("2026-02-28T20:59:00Z"), None, Some("Тула"));
    visit(world, "e", None, None, Some(10), None);
}

fn list(by: &str) -> List {
    List { group: Some(by.to_owned()), sort: vec![sort("name", false)], ..List::default() }
}

fn groups(world: &World, by: &str) -> Vec<(Value, i64)> {
    let list = list(by);
    let found: Vec<Group> =
        world.see(world.as_role(&["all_all"]), move |work| work.totals("visits", &list, &["seats"])).unwrap();
    found.into_iter().map(|group| (group.value.unwrap(), group.count)).collect()
}

/// The names on all pages of a list.
fn names(world: &World, list: List) -> String {
    let read = move |work: &mut Work<'_>| {
        let (mut names, mut list) = (String::new(), List { limit: 2, ..list.clone() });
        loop {
            let page = work.list("visits", &list)?;
            names.extend(page.records.iter().map(model::Record::title));
            match page.next {
                Some(next) => list.cursor = Some(next),
                None => return Ok(names),
            }
        }
    };
    world.see(world.as_role(&["all_all"]), read).unwrap()
}

fn days(counted: &[(Value, i64)]) -> Vec<(Option<Date>, i64)> {
    counted.iter().map(|(value, count)| (value.as_date(), *count)).collect()
}

#[test]
fn dates_are_parted_on_the_clock_of_the_workspace() {
    in_both(|world| {
        filled(world);
        let (january, february) = (date(2026, 1, 1), date(2026, 2, 1));
        let months = [(None, 1), (Some(january), 1), (Some(february), 2), (Some(date(2027, 1, 1)), 1)];
        assert_eq!(days(&groups(world, "moment.month")), months);
        assert_eq!(days(&groups(world, "moment")), months, "months where nothing is said");
        let years = [(None, 1), (Some(january), 3), (Some(date(2027, 1, 1)), 1)];
        assert_eq!(days(&groups(world, "moment.year")), years);
        let quarters = [(None, 1), (Some(date(2024, 10, 1)), 1), (Some(january), 3)];
        assert_eq!(days(&groups(world, "day.quarter")), quarters);
        let weeks =
            [(None, 1), (Some(date(2024, 12, 30)), 1), (Some(date(2026, 1, 26)), 2), (Some(date(2026, 2, 23)), 1)];
        assert_eq!(days(&groups(world, "day.week")), weeks);
        assert_eq!(groups(world, "created_at.year").len(), 1);
        for refused in ["moment.fortnight", "seats.month", "name", "code", "story", "price", "no_such"] {
            let list = list(refused);
            let found = world.see(world.as_role(&["all_all"]), move |work| work.list("visits", &list));
            assert!(matches!(found, Err(Error::BadQuery { .. })), "{refused}");
        }
    });
}

#[test]
fn pages_go_through_the_groups_in_the_order_of_their_heads() {
    in_both(|world| {
        filled(world);
        for period in Period::ALL {
            for field in ["day", "moment", "updated_at"] {
                let by = format!("{field}.{}", period.name());
                let asked = list(&by);
                let whole = names(world, asked.clone());
                assert_eq!(whole.chars().collect::<BTreeSet<_>>().len(), 5, "{by}: each once: {whole}");
                let read = move |work: &mut Work<'_>| {
                    let module = work.module("visits")?;
                    let grouping = work.grouping(&module, &by)?;
                    let page = work.list("visits", &List { limit: 100, ..asked.clone() })?;
                    let mut shared: Vec<Value> = page.records.iter().map(|record| grouping.shared(record)).collect();
                    shared.dedup();
                    let heads = work.totals("visits", &asked, &[])?;
                    let told: Vec<Value> = heads.into_iter().filter_map(|group| group.value).collect();
                    assert_eq!(shared, told, "{by}");
                    Ok(())
                };
                world.see(world.as_role(&["all_all"]), read).unwrap();
            }
        }
        assert_eq!(names(world, list("moment.month")), "eabdc");
        assert_eq!(names(world, list("seats")), "dacbe");
    });
}

#[test]
fn texts_and_numbers_make_groups() {
    in_both(|world| {
        filled(world);
        let text = |text: &str| Value::Text(text.to_owned());
        let towns = groups(world, "born");
        assert_eq!(towns.first(), Some(&(Value::Null, 1)));
        assert_eq!(towns.get(1), Some(&(text("Анапа"), 1)));
        let rest: BTreeSet<_> = towns.iter().skip(2).map(|(value, count)| format!("{value:?} {count}")).collect();
        let expected = [(text("Тула"), 2), (text("тула"), 1)].map(|(value, count)| format!("{value:?} {count}"));
        assert_eq!(rest, BTreeSet::from(expected), "as they are written, side by side");
        assert_eq!(groups(world, "seats"), [(Value::Null, 1), (Value::Int(2), 2), (Value::Int(10), 2)]);
    });
}

#[test]
fn folded_groups_are_left_out_of_pages_and_stay_in_what_the_list_comes_to() {
    in_both(|world| {
        filled(world);
        let folded = |groups: Groups| List { groups, ..list("moment.month") };
        let january = Value::Date(date(2026, 1, 1));
        assert_eq!(names(world, folded(Groups::But(vec![january.clone()]))), "ebdc");
        assert_eq!(names(world, folded(Groups::But(vec![Value::Null, january.clone()]))), "bdc");
        assert_eq!(names(world, folded(Groups::Only(vec![january.clone()]))), "a");
        assert_eq!(names(world, folded(Groups::Only(vec![Value::Null]))), "e");
        assert_eq!(names(world, folded(Groups::Only(Vec::new()))), "");
        let list = folded(Groups::Only(vec![january]));
        let read = move |work: &mut Work<'_>| {
            Ok((work.count("visits", &list, None)?, work.totals("visits", &list, &[])?.len()))
        };
        assert_eq!(world.see(world.as_role(&["all_all"]), read).unwrap(), (5, 4));
    });
}

#[test]
fn a_mark_leads_back_to_its_group() {
    in_both(|world| {
        filled(world);
        let read = |work: &mut Work<'_>| {
            let module = work.module("visits")?;
            let by = work.grouping(&module, "moment.quarter")?;
            let shared = by.read(&json!("2026-02-14")).unwrap();
            assert_eq!(shared, Value::Date(date(2026, 1, 1)), "any day of it stands for it");
            let found = work.totals_among("visits", &list("moment.quarter"), &[], std::slice::from_ref(&shared))?;
            assert_eq!(found.iter().map(|group| group.count).collect::<Vec<_>>(), [3]);
            let (from, before) = by.bounds(&shared).unwrap();
            assert_eq!(from.to_json(), json!("2025-12-31T21:00:00Z"));
            assert_eq!(before.to_json(), json!("2026-03-31T21:00:00Z"));
            assert_eq!(by.read(&json!(null)), Some(Value::Null));
            assert_eq!(by.read(&json!(["2026-02-14"])), None);
            Ok(())
        };
        world.see(world.as_role(&["all_all"]), read).unwrap();
    });
}

#[test]
fn calendar_periods_are_those_of_the_clock_of_the_workspace() {
    in_both(|world| {
        let now = |work: &mut Work<'_>| Ok((work.settings().zone(), work.now()));
        let (zone, now) = world.run(now).unwrap();
        let today = zone.to_datetime(now).date();
        let periods = [Period::Week, Period::Month, Period::Quarter, Period::Year];
        let first = |period: Period, by: i64| period.moved(period.first(today), by).unwrap();
        let around =
            |period: Period| (-1..=2).flat_map(move |by| [first(period, by).yesterday().unwrap(), first(period, by)]);
        let days: Vec<Date> = periods.into_iter().flat_map(around).collect();
        let mut names: Vec<(String, Date)> = Vec::new();
        for (index, day) in days.into_iter().enumerate() {
            let (name, midnight) = (format!("{index:02}"), day.to_zoned(zone.clone()).unwrap().timestamp().to_string());
            visit(world, &name, Some(&day.to_string()), Some(&midnight), None, None);
            names.push((name, day));
        }
        for (period, by) in periods.into_iter().flat_map(|period| (-1..=1).map(move |by| (period, by))) {
            let (from, to) = (first(period, by), first(period, by + 1));
            let within = names.iter().filter(|(_, day)| (from..to).contains(day));
            let expected: String = within.map(|(name, _)| name.as_str()).collect();
            for field in ["day", "moment"] {
                let name = period.name();
                let text = format!("{field} >= {name}_start({by}) && {field} < {name}_start({})", by + 1);
                let filter = text.clone();
                let filter = world.run(move |work| work.filter("visits", &filter)).unwrap();
                let list = List { filter: Some(filter), sort: vec![sort("name", false)], ..List::default() };
                assert_eq!(self::names(world, list), expected, "{text}");
            }
        }
    });
}
