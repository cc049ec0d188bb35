//! Groups and totals: money by currency, means, the order of groups, and all of it under the reader's rights.

use model::{Currency, Money, Value};
use serde_json::json;
use store::{Group, List};

use crate::world::{World, ids, in_both};

fn visit(world: &World, name: &str, mood: Option<&str>, price: Option<(&str, &str)>, seats: Option<i64>) {
    let price = price.map(|(amount, currency)| json!({"amount": amount, "currency": currency}));
    world.make("visits", &json!({"name": name, "mood": mood, "price": price, "seats": seats, "share": "0.125"}));
}

fn filled(world: &World) {
    visit(world, "a", Some("wild"), Some(("10.50", "RUB")), Some(1));
    visit(world, "b", Some("calm"), Some(("20.00", "RUB")), Some(2));
    visit(world, "c", Some("wild"), Some(("5.00", "EUR")), Some(4));
    visit(world, "d", Some("wild"), Some(("0.51", "RUB")), None);
    visit(world, "e", None, None, None);
}

fn totals(world: &World, role: &str, group: Option<&str>) -> Vec<Group> {
    let list = List { group: group.map(str::to_owned), ..List::default() };
    world.see(world.as_role(&[role]), move |work| work.totals("visits", &list, &["price", "seats", "share"])).unwrap()
}

fn rubles(minor: i64) -> Value {
    Value::Money(Money::new(minor, Currency::RUB))
}

#[test]
fn money_adds_up_by_currency_and_means_are_of_what_is_there() {
    in_both(|world| {
        filled(world);
        let whole = totals(world, "all_all", None);
        let [whole] = &whole[..] else { panic!("{whole:?}") };
        assert_eq!((whole.count, &whole.value), (5, &None));
        let euros = Value::Money(Money::new(500, Currency::parse("EUR").unwrap()));
        let prices: Vec<_> =
            whole.totals["price"].iter().map(|total| (total.sum.clone(), total.mean.clone())).collect();
        assert_eq!(prices, [(euros.clone(), euros), (rubles(3_101), rubles(1_034))]);
        let seats = &whole.totals["seats"][0];
        assert_eq!((&seats.sum, &seats.mean), (&Value::Int(7), &Value::Decimal { unscaled: 23, scale: 1 }));
        let share = &whole.totals["share"][0];
        let decimal = |unscaled| Value::Decimal { unscaled, scale: 3 };
        assert_eq!((&share.sum, &share.mean), (&decimal(625), &decimal(125)));
    });
}

#[test]
fn groups_stand_in_the_order_of_their_options_and_pages_go_on_inside_them() {
    in_both(|world| {
        filled(world);
        let mut groups = totals(world, "all_all", Some("mood"));
        groups.sort_by_key(|group| group.count);
        let counted: Vec<_> = groups.iter().map(|group| (group.value.clone().unwrap(), group.count)).collect();
        let text = |text: &str| Value::Text(text.to_owned());
        assert_eq!(counted.last(), Some(&(text("wild"), 3)));
        let wild = groups.last().unwrap();
        assert_eq!(
            wild.totals["price"].iter().find(|total| total.sum == rubles(1_101)).map(|it| &it.mean),
            Some(&rubles(551))
        );
        for limit in [1, 2, 3, 100] {
            let list = List { group: Some("mood".to_owned()), limit, ..List::default() };
            let names = world
                .see(world.as_role(&["all_all"]), move |work| {
                    let ids = ids(work, "visits", list.clone())?;
                    ids.into_iter().map(|id| Ok(work.get("visits", id)?.title())).collect::<store::Result<Vec<_>>>()
                })
                .unwrap();
            let mood = |name: &String| "ebacd".find(name.as_str()).map_or(9, |at| at.min(2));
            assert_eq!(names.len(), 5, "each once");
            assert!(names.iter().map(mood).is_sorted(), "{limit}: {names:?}");
        }
    });
}

#[test]
fn what_is_not_seen_is_not_counted() {
    in_both(|world| {
        filled(world);
        assert_eq!(totals(world, "none_none", None)[0].count, 0);
        let grouped = world.see(world.as_role(&["all_all"]), |work| {
            let list = List { group: Some("name".to_owned()), ..List::default() };
            work.totals("visits", &list, &[])
        });
        assert!(grouped.is_err(), "a name makes no groups");
    });
}

#[test]
fn the_groups_of_a_page_are_summed_alone() {
    in_both(|world| {
        filled(world);
        let list = List { group: Some("mood".to_owned()), ..List::default() };
        let text = |text: &str| Value::Text(text.to_owned());
        let among = |values: Vec<Value>| {
            let list = list.clone();
            let read = move |work: &mut store::Work<'_>| work.totals_among("visits", &list, &["price"], &values);
            world.see(world.as_role(&["all_all"]), read).unwrap()
        };
        let all = totals(world, "all_all", Some("mood"));
        let wild = among(vec![text("wild")]);
        assert_eq!((wild.len(), wild[0].count), (1, 3));
        let whole = all.iter().find(|group| group.value == Some(text("wild"))).unwrap();
        assert_eq!(wild[0].totals["price"], whole.totals["price"]);
        let mut counted: Vec<_> = among(vec![Value::Null, text("calm")]).iter().map(|group| group.count).collect();
        counted.sort_unstable();
        assert_eq!(counted, [1, 1], "also of those without a value");
        assert!(among(Vec::new()).is_empty());
    });
}
