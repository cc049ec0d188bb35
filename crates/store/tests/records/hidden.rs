//! Fields that a role may not see, and those that nobody sees: no door lets their values out.

use model::{Id, Value};
use serde_json::json;
use store::{Draft, Error, List, Result, Work};

use crate::world::{World, create, draft, faults, ids, in_both, sort};

const WORD: &str = "hush";

fn company(world: &World) -> Id {
    let company = world.make("companies", &json!({"name": "zebra", "remark": WORD, "inn": "1"}));
    world.make("visits", &json!({"name": "there", "company": company}));
    company
}

/// Everything that a clerk can get out of the store about a company, as text.
fn all_that_is_said(work: &mut Work<'_>, id: Id) -> Result<Vec<String>> {
    let module = work.module("companies")?;
    let mut said = vec![
        format!("{:?}", work.get("companies", id)?.values),
        format!("{:?}", work.list("companies", &List { limit: 10, ..List::default() })?.records[0].values),
        format!("{:?}", work.several(&module, &[id].into())?[0].values),
        format!("{:?}", work.update("companies", id, Draft::new().set("name", "zebu"), None)?.values),
        format!("{:?}", work.delete("companies", id, None)?.values),
        format!("{:?}", work.delete("companies", id, None)?.values),
        format!("{:?}", work.restore("companies", id)?.values),
        format!("{:?}", work.restore("companies", id)?.values),
        format!("{:?}", work.history(&module, id, None, 100)?),
        format!("{:?}", work.search("zeb", 10)?),
        format!("{:?}", work.titles("companies", &[id].into())?),
    ];
    let everything = work.filter("companies", "true")?;
    said.push(format!("{:?}", work.find("companies", everything)?[0].values));
    if let Some(set) = work.change_set() {
        said.push(format!("{:?}", work.change_set_changes(set, 0, 100)?));
    }
    Ok(said)
}

#[test]
fn no_door_says_a_hidden_value() {
    in_both(|world| {
        let id = company(world);
        let said = world.by(world.as_role(&["clerk"]), move |work| all_that_is_said(work, id)).unwrap();
        for text in said {
            assert!(!text.contains(WORD) && !text.contains("s3cr3t"), "{text}");
        }
        let made = world.by(world.as_role(&["chief"]), |work| {
            let draft = draft(work, "companies", &json!({"name": "x"}))?;
            work.create("companies", draft)
        });
        assert_eq!(*made.unwrap().get("token"), Value::Null, "a secret is not shown to whoever made it");
        let kept = world.run(move |work| work.get("companies", id)).unwrap();
        assert_eq!(
            (kept.text("remark"), kept.text("token"), kept.text("name")),
            (Some(WORD), Some("s3cr3tzzz"), Some("zebu"))
        );
    });
}

#[test]
fn no_question_finds_out_a_hidden_value() {
    in_both(|world| {
        company(world);
        let clerk = || world.as_role(&["clerk"]);
        let finds = |module: &'static str, text: &'static str| {
            world.see(clerk(), move |work| {
                let filter = Some(work.filter(module, text)?);
                work.count(module, &List { filter, ..List::default() }, None)
            })
        };
        for text in
            ["remark == \"hush\"", "has(remark)", "remark.startsWith(\"h\")", "token == \"s3cr3tzzz\"", "has(token)"]
        {
            assert_eq!(finds("companies", text).unwrap_or(0), 0, "{text}");
        }
        for text in ["company.remark == \"hush\"", "company.token == \"s3cr3tzzz\"", "has(company.remark)"] {
            assert_eq!(finds("visits", text).unwrap_or(0), 0, "{text}");
        }
        assert_eq!(finds("visits", "company.name == \"zebra\"").unwrap(), 1);
        for field in ["remark", "token"] {
            let sorted = world.see(clerk(), move |work| {
                work.list("companies", &List { sort: vec![sort(field, false)], ..List::default() })
            });
            assert!(matches!(sorted, Err(Error::BadQuery { .. })), "{field}");
            let grouped = world.see(clerk(), move |work| work.counts("companies", None, &[field]));
            assert!(matches!(grouped, Err(Error::BadQuery { .. })), "{field}");
        }
        for word in [WORD, "s3cr3tzzz"] {
            let found = world.see(clerk(), move |work| {
                let list = List { text: Some(word.to_owned()), limit: 10, ..List::default() };
                Ok((work.search(word, 10)?.len(), ids(work, "companies", list)?.len()))
            });
            assert_eq!(found.unwrap(), (0, 0), "{word}");
        }
    });
}

#[test]
fn a_hop_sees_only_what_its_reader_may() {
    in_both(|world| {
        let visit = world.make("visits", &json!({"name": "there"}));
        world.make("notes", &json!({"name": "n", "visit": visit}));
        let finds = |text: &'static str| {
            world.see(world.as_role(&["scribe"]), move |work| {
                let filter = Some(work.filter("notes", text)?);
                work.count("notes", &List { filter, ..List::default() }, None)
            })
        };
        assert_eq!(finds("name == \"n\"").unwrap(), 1);
        assert_eq!(finds("visit.name == \"there\"").unwrap(), 0, "a scribe reads no visits");
        assert_eq!(finds("visit.name != \"there\"").unwrap(), 1, "and so does not tell them from nothing");
        let linked = world
            .by(world.as_role(&["scribe"]), move |work| create(work, "notes", &json!({"name": "m", "visit": visit})));
        assert_eq!(faults(&linked.unwrap_err()), [("visit".to_owned(), "not_found".to_owned())]);
    });
}

#[test]
fn hidden_and_locked_fields_are_not_set() {
    in_both(|world| {
        let id = company(world);
        let stranger = world.stranger;
        let set = |json: serde_json::Value| {
            world.by(world.as_role(&["clerk"]), move |work| {
                let draft = draft(work, "companies", &json)?;
                work.update("companies", id, draft, None)
            })
        };
        let code = |json| faults(&set(json).unwrap_err())[0].1.clone();
        assert_eq!(code(json!({"remark": "mine"})), "unknown_field");
        assert_eq!(code(json!({"remark": WORD})), "unknown_field", "guessing right is no different");
        assert_eq!(code(json!({"token": "mine"})), "unknown_field");
        assert_eq!(code(json!({"city": "Казань"})), "read_only");
        assert_eq!(code(json!({"owner": stranger})), "read_only");
        set(json!({"name": "mine"})).unwrap();
    });
}

#[test]
fn sums_are_of_numbers() {
    in_both(|world| {
        company(world);
        for field in ["name", "email"] {
            let summed = world.run(move |work| work.totals("companies", &List::default(), &[field]));
            assert!(matches!(summed, Err(Error::BadQuery { .. })), "{field}: {summed:?}");
        }
    });
}
