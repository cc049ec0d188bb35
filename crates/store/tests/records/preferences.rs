//! What users set for themselves: each has their own, on both databases, and it goes with what it is about.

use std::collections::BTreeSet;

use model::actor::User;
use model::{Actor, Id, Locale};
use store::{Audience, Error, Look, Menu, NARROWEST_COLUMN, WIDEST_COLUMN, Widths};

use crate::world::{World, faults, in_both};

fn user(id: Id, scopes: &[&str]) -> Actor {
    Actor::User(Box::new(User {
        id,
        name: "somebody".to_owned(),
        email: "somebody@example.org".to_owned(),
        roles: vec!["all_all".to_owned()],
        teammates: BTreeSet::new(),
        locale: Locale::Ru,
        scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
        looker: None,
    }))
}

fn widths(pairs: &[(&str, u16)]) -> Widths {
    pairs.iter().map(|(name, width)| ((*name).to_owned(), *width)).collect()
}

fn set(world: &World, by: &Actor, view: Option<Id>, wanted: &[(&str, u16)]) -> store::Result<()> {
    let wanted = widths(wanted);
    world.by(by.clone(), move |work| work.set_widths("companies", view, &wanted))
}

fn kept(world: &World, by: &Actor, view: Option<Id>) -> Widths {
    world.see(by.clone(), move |work| work.widths("companies", view)).unwrap()
}

#[test]
fn widths_are_kept_for_each_user_and_view() {
    in_both(|world| {
        let (me, mate) = (user(world.me, &[]), user(world.mate, &[]));
        let add = |work: &mut store::Work<'_>| {
            let look = Look { kind: "table".to_owned(), ..Look::default() };
            work.add_view("companies", "ours", Audience::All, &look)
        };
        let view = world.by(me.clone(), add).unwrap().id;
        set(world, &me, None, &[("name", 300), ("city", 1), ("story", u16::MAX)]).unwrap();
        set(world, &me, Some(view), &[("name", 120)]).unwrap();
        let bounded = widths(&[("name", 300), ("city", NARROWEST_COLUMN), ("story", WIDEST_COLUMN)]);
        assert_eq!(kept(world, &me, None), bounded);
        assert_eq!(kept(world, &me, Some(view)), widths(&[("name", 120)]));
        assert_eq!((kept(world, &mate, None), kept(world, &mate, Some(view))), (Widths::new(), Widths::new()));
        set(world, &me, None, &[("name", 200)]).unwrap();
        assert_eq!(kept(world, &me, None), widths(&[("name", 200)]), "kept anew, not besides");
        set(world, &me, None, &[]).unwrap();
        assert_eq!(kept(world, &me, None), Widths::new());

        set(world, &mate, Some(view), &[("name", 99)]).unwrap();
        world.by(me.clone(), move |work| work.remove_view(view)).unwrap();
        assert_eq!((kept(world, &me, Some(view)), kept(world, &mate, Some(view))), (Widths::new(), Widths::new()));

        let refused = set(world, &me, None, &[("Not a name", 100)]).unwrap_err();
        assert_eq!(faults(&refused), [("widths".to_owned(), "unknown_field".to_owned())]);
        let narrowed = set(world, &user(world.me, &["write"]), None, &[("name", 100)]);
        assert!(matches!(narrowed, Err(Error::Forbidden { .. })), "{narrowed:?}");
    });
}

#[test]
fn what_is_kept_within_a_work_is_read_by_it_and_of_nobody_else() {
    in_both(|world| {
        let (me, mate) = (user(world.me, &[]), user(world.mate, &[]));
        set(world, &mate, None, &[("name", 99)]).unwrap();
        let Actor::User(mate) = mate else { unreachable!("a user") };
        let read = world.by(me, move |work| {
            let before = (work.widths("companies", None)?, work.menu()?);
            work.set_widths("companies", None, &widths(&[("name", 200)]))?;
            work.set_menu(&Menu { order: vec!["companies".to_owned()], hidden: Vec::new() })?;
            let others = work.as_user((*mate).clone(), |work| work.widths("companies", None))?;
            Ok((before, others, work.widths("companies", None)?, work.menu()?.order))
        });
        let ((none, menu), others, mine, order) = read.unwrap();
        assert_eq!((none, menu), (Widths::new(), Menu::default()));
        assert_eq!((others, mine), (widths(&[("name", 99)]), widths(&[("name", 200)])));
        assert_eq!(order, ["companies"]);
    });
}

#[test]
fn a_menu_is_put_in_order_by_whoever_sees_its_modules() {
    in_both(|world| {
        let (me, mate) = (user(world.me, &[]), user(world.mate, &[]));
        let put = |by: &Actor, order: &[&str], hidden: &[&str]| {
            let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
            let menu = Menu { order: names(order), hidden: names(hidden) };
            world.by(by.clone(), move |work| work.set_menu(&menu))
        };
        let of = |by: &Actor| world.see(by.clone(), |work| work.menu()).unwrap();
        put(&me, &["visits", "companies"], &["visits"]).unwrap();
        let menu = of(&me);
        assert_eq!((menu.place("visits"), menu.place("companies"), menu.place("others")), (0, 1, 2));
        assert!(menu.hides("visits") && !menu.hides("companies"));
        assert_eq!(of(&mate), Menu::default());
        let wrong = put(&me, &["companies", "nothing", "companies"], &["'"]).unwrap_err();
        let expected = [
            ("menu.order[1]", "unknown_module"),
            ("menu.order[2]", "named_twice"),
            ("menu.hidden[0]", "unknown_module"),
        ];
        assert_eq!(faults(&wrong), expected.map(|(field, code)| (field.to_owned(), code.to_owned())));
        assert_eq!(of(&me), menu, "what was refused changed nothing");
        put(&me, &[], &[]).unwrap();
        assert_eq!(of(&me), Menu::default());
        let narrowed = put(&user(world.me, &["write"]), &["visits"], &[]);
        assert!(matches!(narrowed, Err(Error::Forbidden { .. })), "{narrowed:?}");
    });
}

#[test]
fn a_signature_is_ones_own_and_a_few_lines() {
    in_both(|world| {
        let (me, mate) = (user(world.me, &[]), user(world.mate, &[]));
        let sign = |by: &Actor, text: &str| {
            let text = text.to_owned();
            world.by(by.clone(), move |work| work.set_signature(&text))
        };
        let of = |by: &Actor| world.see(by.clone(), |work| work.signature()).unwrap();
        sign(&me, "\r\nBest regards,\r\n  Anna\n\n").unwrap();
        assert_eq!((of(&me), of(&mate)), ("Best regards,\n  Anna".to_owned(), String::new()));
        for (wrong, code) in [("x".repeat(2_001), "too_long"), ("a\0".to_owned(), "invalid_text")] {
            let refused = sign(&me, &wrong).unwrap_err();
            assert_eq!(faults(&refused), [("signature".to_owned(), code.to_owned())]);
        }
        assert_eq!(of(&me), "Best regards,\n  Anna", "what was refused changed nothing");
        sign(&me, "\n").unwrap();
        assert_eq!(of(&me), "");
        let narrowed = sign(&user(world.me, &["write"]), "x");
        assert!(matches!(narrowed, Err(Error::Forbidden { .. })), "{narrowed:?}");
    });
}
