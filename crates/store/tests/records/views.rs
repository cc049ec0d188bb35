//! Saved views: who sees one, who changes it, and that none tells of what is hidden from its reader.

use std::collections::BTreeSet;

use model::actor::User;
use model::{Actor, Id, Locale};
use store::{Audience, Error, Look, View, ViewChange};

use crate::world::{World, faults, in_both};

fn user(id: Id, name: &str, role: &str) -> Actor {
    Actor::User(Box::new(User {
        id,
        name: name.to_owned(),
        email: format!("{name}@example.org"),
        roles: vec![role.to_owned()],
        teammates: BTreeSet::new(),
        locale: Locale::Ru,
        scopes: Vec::new(),
        looker: None,
    }))
}

fn look(filter: &str, columns: &[&str]) -> Look {
    let columns = columns.iter().map(|name| (*name).to_owned()).collect();
    Look { kind: "table".to_owned(), filter: filter.to_owned(), columns, ..Look::default() }
}

fn kept(world: &World, by: Actor, name: &'static str, audience: Audience, look: Look) -> View {
    world.by(by, move |work| work.add_view("companies", name, audience, &look)).unwrap()
}

fn seen(world: &World, by: Actor) -> Vec<String> {
    world.see(by, |work| Ok(work.views()?.into_iter().map(|view| view.name.ru).collect())).unwrap()
}

#[test]
fn a_view_is_for_its_owner_their_team_or_everybody() {
    in_both(|world| {
        let (me, mate) = (user(world.me, "me", "all_all"), user(world.mate, "mate", "all_all"));
        let stranger = user(world.stranger, "stranger", "all_all");
        let members = BTreeSet::from([world.me, world.mate]);
        let team = world
            .run(move |work| {
                let team = work.add_team("Sales")?;
                work.set_members(team, &members)?;
                Ok(team)
            })
            .unwrap();
        kept(world, me.clone(), "mine", Audience::Private, look("", &[]));
        let ours = kept(world, me.clone(), "ours", Audience::Team(team), look("", &[]));
        kept(world, me.clone(), "theirs", Audience::All, look("", &[]));
        assert_eq!(seen(world, me.clone()), ["mine", "ours", "theirs"]);
        assert_eq!(seen(world, mate.clone()), ["ours", "theirs"]);
        assert_eq!(seen(world, stranger.clone()), ["theirs"]);
        let asked = world.see(stranger.clone(), move |work| work.view(ours.id));
        assert!(matches!(asked, Err(Error::NotFound { .. })), "not for them");
        let shared =
            world.by(stranger, move |work| work.add_view("companies", "x", Audience::Team(team), &look("", &[])));
        assert!(matches!(shared, Err(Error::Forbidden { .. })), "another's team");

        let change = ViewChange { name: Some("renamed".to_owned()), ..ViewChange::default() };
        let (by_mate, by_me) = (change.clone(), change);
        let refused = world.by(mate.clone(), move |work| work.change_view(ours.id, &by_mate));
        assert!(matches!(refused, Err(Error::Forbidden { code: "view_of_another", .. })), "seen is not changed");
        assert!(world.by(mate.clone(), move |work| work.remove_view(ours.id)).is_err());
        world.by(me.clone(), move |work| work.change_view(ours.id, &by_me)).unwrap();
        assert_eq!(seen(world, mate.clone()), ["renamed", "theirs"]);
        let chief = user(world.stranger, "stranger", "chief");
        assert_eq!(seen(world, chief.clone()), ["renamed", "theirs"], "an administrator sees what is shared");
        world.by(chief, move |work| work.remove_view(ours.id)).unwrap();
        assert_eq!(seen(world, mate), ["theirs"]);
        assert_eq!(seen(world, me), ["mine", "theirs"]);
    });
}

#[test]
fn a_view_tells_nobody_of_what_is_hidden_from_them() {
    in_both(|world| {
        let chief = user(world.me, "me", "chief");
        let sorted = Look {
            sort: "-remark".to_owned(),
            by: "city.remark".to_owned(),
            ..look("has(city)", &["name", "remark", "city"])
        };
        kept(world, chief.clone(), "open", Audience::All, sorted);
        kept(world, chief.clone(), "telling", Audience::All, look(r#"remark == "hush""#, &[]));
        assert_eq!(seen(world, chief), ["open", "telling"]);
        let clerk = user(world.stranger, "stranger", "clerk");
        let views = world.see(clerk.clone(), |work| work.views()).unwrap();
        let names: Vec<_> = views.iter().map(|view| view.name.ru.as_str()).collect();
        assert_eq!(names, ["open"], "the filter of the other one names a hidden field");
        assert_eq!(
            (views[0].look.columns.clone(), views[0].look.sort.as_str(), views[0].look.by.as_str()),
            (vec!["name".to_owned(), "city".to_owned()], "", "")
        );
        assert!(!views[0].is_open);
        let nobody = user(world.stranger, "stranger", "none_none");
        assert_eq!(seen(world, nobody), Vec::<String>::new(), "they see no companies");
        let asks = world.by(clerk, |work| work.add_view("companies", "x", Audience::All, &look("", &["remark"])));
        assert_eq!(faults(&asks.unwrap_err()), [("columns[0]".to_owned(), "unknown_field".to_owned())]);
    });
}

#[test]
fn what_does_not_fit_the_module_is_refused_field_by_field() {
    in_both(|world| {
        let wrong = Look {
            kind: "heap".to_owned(),
            sort: "nothing".to_owned(),
            group_by: "name".to_owned(),
            by: "name.nothing".to_owned(),
            span: "age".to_owned(),
            who: "them".to_owned(),
            ..look("name ==", &["name", "nothing"])
        };
        let me = user(world.me, "me", "chief");
        let refused = world.by(me, move |work| work.add_view("companies", " ", Audience::Private, &wrong)).unwrap_err();
        let fields: Vec<_> = faults(&refused).into_iter().map(|(field, _)| field).collect();
        assert_eq!(fields, ["name", "kind", "span", "who", "columns[1]", "by", "filter", "sort", "group_by"]);
    });
}

#[test]
fn a_narrowed_token_keeps_no_views_and_sees_none_that_are_private() {
    in_both(|world| {
        let me = user(world.me, "me", "chief");
        let mine = kept(world, me.clone(), "mine", Audience::Private, look("", &[]));
        let shared = kept(world, me.clone(), "shared", Audience::All, look("", &[]));
        let Actor::User(mut narrowed) = me.clone() else { panic!("a user") };
        narrowed.scopes = vec!["companies:read".to_owned()];
        let narrowed = Actor::User(narrowed);
        assert_eq!(seen(world, narrowed.clone()), ["shared"]);
        let asked = world.see(narrowed.clone(), move |work| work.view(mine.id));
        assert!(matches!(asked, Err(Error::NotFound { .. })), "{asked:?}");
        let refused = |result: Result<(), Error>| {
            assert!(matches!(result, Err(Error::Forbidden { code: "missing_right", .. })), "{result:?}");
        };
        refused(
            world.by(narrowed.clone(), |work| {
                work.add_view("companies", "x", Audience::Private, &look("", &[])).map(drop)
            }),
        );
        let change = ViewChange { audience: Some(Audience::Private), ..ViewChange::default() };
        refused(world.by(narrowed.clone(), move |work| work.change_view(shared.id, &change).map(drop)));
        refused(world.by(narrowed, move |work| work.remove_view(shared.id)));
        assert_eq!(seen(world, me), ["mine", "shared"]);
    });
}

#[test]
fn a_menu_has_the_names_of_one_module_and_a_list_only_what_its_reader_may_know() {
    in_both(|world| {
        let chief = user(world.me, "me", "chief");
        kept(world, chief.clone(), "telling", Audience::All, look(r#"remark == "hush""#, &[]));
        kept(world, chief.clone(), "open", Audience::All, look("has(city)", &[]));
        let clerk = user(world.stranger, "stranger", "clerk");
        kept(world, clerk.clone(), "ours", Audience::Private, look("", &[]));
        let names = |by: Actor, module: &'static str, limit: usize| -> Vec<String> {
            let names = world.see(by, move |work| work.view_names(module, limit)).unwrap();
            names.into_iter().map(|view| view.name.ru).collect()
        };
        assert_eq!(names(clerk.clone(), "companies", 9), ["open", "ours", "telling"]);
        assert_eq!(names(clerk.clone(), "companies", 1), ["ours"], "one's own come first");
        assert_eq!(names(clerk.clone(), "visits", 9), Vec::<String>::new());
        assert_eq!(names(clerk.clone(), "nothing", 9), Vec::<String>::new());
        let nobody = user(world.stranger, "stranger", "none_none");
        assert_eq!(names(nobody, "companies", 9), Vec::<String>::new());
        let shown = world.see(clerk, |work| work.views_of("companies", 9)).unwrap();
        assert_eq!(shown.iter().map(|view| view.name.ru.as_str()).collect::<Vec<_>>(), ["open", "ours"]);
    });
}

#[test]
fn a_module_has_room_for_a_hundred_shared_views() {
    in_both(|world| {
        let chief = user(world.me, "me", "chief");
        let add = |by: Actor, audience: Audience| {
            world.by(by, move |work| work.add_view("companies", "x", audience, &look("", &[])))
        };
        world
            .by(chief.clone(), |work| {
                (0..100).try_for_each(|_| work.add_view("companies", "x", Audience::All, &look("", &[])).map(drop))
            })
            .unwrap();
        let full = add(chief.clone(), Audience::All);
        assert!(matches!(full, Err(Error::Conflict { code: "too_many_shared_views", .. })), "{full:?}");
        let mine = add(chief.clone(), Audience::Private).unwrap();
        let change = ViewChange { audience: Some(Audience::All), ..ViewChange::default() };
        let shared = world.by(chief, move |work| work.change_view(mine.id, &change));
        assert!(matches!(shared, Err(Error::Conflict { code: "too_many_shared_views", .. })), "{shared:?}");
    });
}
