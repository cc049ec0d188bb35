//! Colleagues are looked up by the words of their names and addresses, on both databases, also those of whom no words are
//! kept yet.

use model::Id;
use serde_json::json;
use store::db::{DbError, Tx};
use store::{NewUser, UserChange};

use crate::world::{World, in_both, user};

/// Names of those who are offered, in the order of the picker, and what would be written for each.
fn offered(world: &World, company: Id, typed: &'static str) -> Vec<(String, String)> {
    let find = move |work: &mut store::Work<'_>| work.mention_candidates("companies", company, typed, 8);
    let found = world.see(world.as_role(&["all_all"]), find).unwrap();
    found.into_iter().map(|person| (person.name, person.written)).collect()
}

fn names(world: &World, company: Id, typed: &'static str) -> Vec<String> {
    offered(world, company, typed).into_iter().map(|(name, _)| name).collect()
}

#[test]
fn whoever_has_the_word_is_offered() {
    in_both(|world| {
        let company = world.make("companies", &json!({"name": "c"}));
        let people = [("Анна Ёлкина-Ли", "anna"), ("Пётр Ли", "petr"), ("Пётр Ли", "p.li"), ("Zoë 100%", "zoe")];
        let add = move |work: &mut store::Work<'_>| {
            for (name, email) in people {
                let email = format!("{email}@example.com");
                work.add_user(&NewUser { name: name.to_owned(), email, ..user(name, "all_all") })?;
            }
            work.add_user(&user("nobody", "none_none"))
        };
        let blind = world.run(add).unwrap();
        for _ in 0..2 {
            assert_eq!(names(world, company, "ЕЛК"), ["Анна Ёлкина-Ли"]);
            assert_eq!(names(world, company, "ёлкина-л"), ["Анна Ёлкина-Ли"]);
            assert_eq!(names(world, company, "кина"), Vec::<String>::new(), "words are begun with");
            assert_eq!(names(world, company, "zoe@ex"), ["Zoë 100%"]);
            assert_eq!(names(world, company, "100%"), ["Zoë 100%"]);
            assert_eq!(names(world, company, "%"), Vec::<String>::new(), "nothing is a pattern");
            assert_eq!(names(world, company, "_"), Vec::<String>::new());
            assert_eq!(names(world, company, "nobody"), Vec::<String>::new(), "who may not see the record");
            assert!(names(world, company, "").len() >= 4, "all, while nothing is typed");
            let namesakes = offered(world, company, "петр");
            let written: Vec<&str> = namesakes.iter().map(|(_, written)| written.as_str()).collect();
            assert_eq!(written.len(), 2, "{namesakes:?}");
            assert!(written.contains(&"petr@example.com") && written.contains(&"p.li@example.com"), "{written:?}");
            // As those are who were there before words were kept.
            let forget = |tx: &mut Tx| tx.batch("update users set called = null");
            world.workspace.db().write_blocking::<_, DbError, _>(forget).unwrap();
        }
        let rename = move |work: &mut store::Work<'_>| {
            work.change_user(blind, &UserChange { name: Some("Вера Новая".to_owned()), ..UserChange::default() })?;
            work.set_roles(blind, &["all_all".to_owned()])
        };
        world.run(rename).unwrap();
        assert_eq!(names(world, company, "нов"), ["Вера Новая"], "a new name has new words");
    });
}
