//! Plans built by Rust code are those of the text.

use super::{World, id};
use crate::expr::{Plan, Want};
use crate::{Currency, Id, Money};

#[test]
fn builds_what_the_text_says() {
    let world = World::new();
    let module = &world.deal.module;
    let field = |name: &str| Plan::field(module, name).unwrap();
    let pairs = [
        (field("stage").one_of(["new", "Won"]).unwrap(), "stage in [\"new\", \"Won\"]"),
        (field("account").eq(id(1)).unwrap(), "account == \"00000000-0000-0000-0000-000000000001\""),
        (field("close_date").at_least("2026-11-01").unwrap(), "close_date >= \"2026-11-01\""),
        (field("called_at").less(Plan::now()).unwrap(), "called_at < now()"),
        (field("owner").in_my_team().unwrap().or(field("owner").is_null()), "owner in my_team() || owner == null"),
        (field("labels").holds("vip").unwrap().negate(), "!(\"vip\" in labels)"),
        (field("guests").holds(id(1)).unwrap(), "\"00000000-0000-0000-0000-000000000001\" in guests"),
        (field("name").contains("ёж").unwrap().and(field("paid")), "name.contains(\"ёж\") && paid"),
        (
            Plan::path(module, &world.definitions, "account.parent.city").unwrap().ne("x").unwrap(),
            "account.parent.city != \"x\"",
        ),
        (field("seats").greater(3).unwrap().and(field("fee").at_most(5).unwrap()), "seats > 3 && fee <= 5"),
    ];
    for (built, text) in pairs {
        assert_eq!(without_places(built), without_places(world.compile(text, Want::Bool).unwrap()), "{text}");
    }
}

/// Their `Debug` without positions, which only text has.
fn without_places(plan: Plan) -> String {
    let shown = format!("{plan:?}");
    shown
        .split("at: ")
        .map(|part| {
            part.split_once([',', ' '])
                .map_or(part, |(place, rest)| if place.starts_with(['S', 'N']) { rest } else { part })
        })
        .collect()
}

#[test]
fn chains_stay_flat_and_empty_ones_have_a_meaning() {
    let world = World::new();
    let one = || Plan::field(&world.deal.module, "paid").unwrap();
    let chain = (0..10_000).fold(one(), |chain, _| chain.and(one()));
    assert!(world.with(|scope| chain.test(scope, &world.env)));
    assert!(world.with(|scope| Plan::always().test(scope, &world.env)));
    assert!(!world.with(|scope| Plan::never().test(scope, &world.env)));
    let none = Plan::field(&world.deal.module, "stage").unwrap().one_of(Vec::<&str>::new()).unwrap();
    assert!(!world.with(|scope| none.test(scope, &world.env)));
}

#[test]
fn money_of_code_has_a_currency() {
    let world = World::new();
    let equals = |minor, currency| {
        let plan = Plan::field(&world.deal.module, "amount").unwrap().eq(Money::new(minor, currency)).unwrap();
        world.with(|scope| plan.test(scope, &world.env))
    };
    assert!(equals(10_000_000, Currency::RUB));
    assert!(!equals(10_000_000, Currency::USD));
}

#[test]
fn what_is_no_condition_never_holds() {
    let world = World::new();
    let seats = || Plan::field(&world.deal.module, "seats").unwrap();
    assert!(!world.with(|scope| seats().and(Plan::always()).test(scope, &world.env)));
    assert!(seats().eq(None::<Id>).is_ok());
    assert!(seats().eq("many").is_err());
}

#[test]
fn knows_the_fields_it_reads() {
    let world = World::new();
    let plan =
        world.compile("account.city == name && labels.exists(t, t == stage) && name != null", Want::Bool).unwrap();
    assert_eq!(plan.fields(), ["account", "labels", "name", "stage"]);
    let plan = world.compile("guests.exists(g, g.city == name)", Want::Bool).unwrap();
    assert_eq!(plan.fields(), ["guests", "name"]);
}
