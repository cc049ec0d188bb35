//! Links to many: kept in order, judged by who sets them, in the way of what goes for good, back with what comes back.

use model::value::LINKS_LIMIT;
use model::{Id, Value};
use serde_json::{Value as Json, json};
use store::schema::StepKind;
use store::{Draft, Error, List, Result, Undo, Work};

use crate::pack::{changed, files, read};
use crate::undo::Bare;
use crate::world::{World, create, draft, faults, ids, in_both};

fn companies<const N: usize>(world: &World) -> [Id; N] {
    std::array::from_fn(|number| world.make("companies", &json!({"name": format!("c{number}"), "city": "Казань"})))
}

fn visit(world: &World, guests: &[Id]) -> Id {
    world.make("visits", &json!({"name": "v", "guests": guests}))
}

fn guests(world: &World, visit: Id) -> Vec<Id> {
    world.run(move |work| Ok(work.get("visits", visit)?.get("guests").as_ids().to_vec())).unwrap()
}

fn found(world: &World, filter: &'static str) -> Result<Vec<Id>> {
    world.run(move |work| {
        let filter = Some(work.filter("visits", filter)?);
        ids(work, "visits", List { filter, ..List::default() })
    })
}

#[test]
fn the_order_is_kept_and_each_counts_once() {
    in_both(|world| {
        let [a, b, c] = companies(world);
        let visit = world.make("visits", &json!({"name": "v", "guests": [c, a, c, b, a]}));
        assert_eq!(guests(world, visit), [c, a, b]);
        world.change("visits", visit, &json!({"guests": [b, c]})).unwrap();
        assert_eq!(guests(world, visit), [b, c]);
        let version = world.change("visits", visit, &json!({"guests": [b, c]})).unwrap();
        assert_eq!(version, 2, "nothing changed");
        world.change("visits", visit, &json!({"guests": []})).unwrap();
        assert_eq!(guests(world, visit), [] as [Id; 0]);
        assert_eq!(world.change("visits", visit, &json!({"guests": null})).unwrap(), 3, "an empty list is none");
        let list = world.run(|work| work.list("visits", &List { limit: 5, ..List::default() })).unwrap();
        assert!(list.records[0].get("guests").is_null());
    });
}

#[test]
fn what_is_no_list_of_records_is_refused() {
    in_both(|world| {
        let [a] = companies(world);
        let task = world.make("tasks", &json!({"name": "t"}));
        let many: Vec<Id> = (0..=LINKS_LIMIT).map(|_| Id::new()).collect();
        for (guests, field, code) in [
            (json!(a), "guests", "invalid_type"),
            (json!([1]), "guests", "invalid_type"),
            (json!(["x"]), "guests", "invalid_id"),
            (json!([a, task]), "guests[1]", "not_found"),
            (json!([Id::new(), a]), "guests[0]", "not_found"),
            (json!(many), "guests", "too_many"),
        ] {
            let refused = world.run(move |work| create(work, "visits", &json!({"name": "v", "guests": guests})));
            assert_eq!(faults(&refused.unwrap_err()), [(field.to_owned(), code.to_owned())]);
        }
        assert_eq!(world.run(|work| work.count("visits", &List::default(), None)).unwrap(), 0);
    });
}

#[test]
fn only_what_is_seen_is_linked_and_what_was_linked_stays() {
    in_both(|world| {
        let stranger = world.stranger;
        let foreign = world.make("companies", &json!({"name": "x", "owner": stranger}));
        let [mine, binned] = companies(world);
        let company = world.make("companies", &json!({"name": "y"}));
        let visit = world.make("visits", &json!({"name": "v", "company": company, "guests": [foreign, binned]}));
        world.run(move |work| work.delete("companies", binned, None)).unwrap();
        let set = |guests: Vec<Id>| {
            world.by(world.as_role(&["own_own"]), move |work| {
                work.update("visits", visit, Draft::new().set("guests", Value::Ids(guests.clone())), None)
            })
        };
        let kept = set(vec![mine, binned, foreign]).unwrap();
        assert_eq!(kept.get("guests").as_ids(), [mine, binned, foreign], "what was there may be kept and moved");
        set(vec![mine]).unwrap();
        for gone in [foreign, binned] {
            let refused = faults(&set(vec![mine, gone]).unwrap_err());
            assert_eq!(refused, [("guests[1]".to_owned(), "not_found".to_owned())], "to link it anew it must be seen");
        }
        assert_eq!(guests(world, visit), [mine]);
    });
}

#[test]
fn a_hidden_list_is_neither_shown_nor_asked() {
    in_both(|world| {
        let hide = "[modules.visits]\nread = \"all\"\nupdate = \"all\"\n";
        let pack = changed("roles/clerk.toml", hide, &format!("{hide}hidden = [\"guests\"]\n"));
        world.workspace.apply_pack(&pack).unwrap();
        let [a] = companies(world);
        let visit = visit(world, &[a]);
        let said = world.by(world.as_role(&["clerk"]), move |work| {
            let module = work.module("visits")?;
            let mut said = vec![
                format!("{:?}", work.get("visits", visit)?.values),
                format!("{:?}", work.list("visits", &List { limit: 9, ..List::default() })?.records[0].values),
                format!("{:?}", work.update("visits", visit, Draft::new().set("name", "w"), None)?.values),
                format!("{:?}", work.history(&module, visit, None, 9)?),
            ];
            for filter in [format!("\"{a}\" in guests"), "has(guests)".to_owned(), "size(guests) > 0".to_owned()] {
                let filter = Some(work.filter("visits", &filter)?);
                said.push(format!("{:?}", work.count("visits", &List { filter, ..List::default() }, None)?));
            }
            Ok(said)
        });
        let said = said.unwrap();
        assert!(said.iter().all(|text| !text.contains(&a.to_string()) && text != "1"), "{said:#?}");
        let refused = world.by(world.as_role(&["clerk"]), move |work| {
            let draft = draft(work, "visits", &json!({"guests": []}))?;
            work.update("visits", visit, draft, None)
        });
        assert_eq!(faults(&refused.unwrap_err()), [("guests".to_owned(), "unknown_field".to_owned())]);
        assert_eq!(guests(world, visit), [a]);
    });
}

#[test]
fn required_and_validated_as_any_field() {
    in_both(|world| {
        let rules = "type = \"links\", module = \"companies\", required = true, validation = \"size(guests) <= 2\" }";
        let pack = changed("modules/visits.toml", "type = \"links\", module = \"companies\" }", rules);
        let [a, b, c] = companies(world);
        let before = visit(world, &[]);
        assert_eq!(world.workspace.plan_pack(&pack).unwrap().steps, [], "a rule is no column");
        world.workspace.apply_pack(&pack).unwrap();
        let made = |json: Json| world.run(move |work| create(work, "visits", &json));
        let fault = |code: &str| vec![("guests".to_owned(), code.to_owned())];
        assert_eq!(faults(&made(json!({"name": "v"})).unwrap_err()), fault("required"));
        assert_eq!(faults(&made(json!({"name": "v", "guests": []})).unwrap_err()), fault("required"));
        assert_eq!(faults(&made(json!({"name": "v", "guests": [a, b, c]})).unwrap_err()), fault("validation_failed"));
        made(json!({"name": "v", "guests": [a, b]})).unwrap();
        world.change("visits", before, &json!({"seats": 1})).unwrap();
        let unique = changed("modules/visits.toml", "type = \"links\",", "type = \"links\", unique = true,");
        let refused = world.workspace.apply_pack(&unique).unwrap_err().to_string();
        assert!(refused.contains("cannot be unique"), "{refused}");
        for (from, to) in
            [("belongs_to = \"company\"", "belongs_to = \"guests\""), ("title = \"name\"", "title = \"guests\"")]
        {
            let refused = world.workspace.apply_pack(&changed("modules/visits.toml", from, to)).unwrap_err();
            assert!(refused.to_string().contains("leads to many records"), "{to}: {refused}");
        }
    });
}

#[test]
fn it_stands_in_the_way_and_goes_with_its_record() {
    in_both(|world| {
        let [a, b] = companies(world);
        let visit = visit(world, &[b, a]);
        let purge = |module: &'static str, id| world.run(move |work| work.purge(module, id, None));
        assert!(matches!(purge("companies", a), Err(Error::Conflict { code: "linked", .. })));
        world.run(move |work| work.delete("visits", visit, None)).unwrap();
        assert!(matches!(purge("companies", a), Err(Error::Conflict { code: "linked", .. })), "from the bin too");
        world.run(move |work| work.restore("visits", visit)).unwrap();
        assert_eq!(guests(world, visit), [b, a]);
        purge("visits", visit).unwrap();
        purge("companies", a).unwrap();
        assert!(world.workspace.check(None).unwrap().is_fine());
    });
}

#[test]
fn the_past_and_the_way_back() {
    in_both(|world| {
        let [a, b, c] = companies(world);
        let visit = visit(world, &[a, b]);
        let set = |work: &mut Work<'_>| Ok(work.change_set().unwrap());
        let then = world.run(|work| Ok(work.now())).unwrap();
        let changed = world.run(move |work| {
            work.update("visits", visit, Draft::new().set("guests", Value::Ids(vec![c, a])), None)?;
            set(work)
        });
        let told = world.run(move |work| {
            let module = work.module("visits")?;
            Ok(work.field_history(&module, visit, Some("guests"), None, 9)?.remove(0).fields.remove(0))
        });
        let told = told.unwrap();
        assert_eq!((told.before, told.after), (json!([a, b]), json!([c, a])));
        let past = world.run(move |work| work.get_as_of("visits", visit, then)).unwrap();
        assert_eq!(past.get("guests").as_ids(), [a, b]);
        let undo = |set: Id| world.run(move |work| work.undo(set, store::Conflicts::Refuse, &Bare));
        assert!(matches!(undo(changed.unwrap()).unwrap(), Undo::Done(_)));
        assert_eq!(guests(world, visit), [a, b]);

        // Removed for good and made again: what lies in the bin is taken up, what is gone is not.
        let gone = world.run(move |work| {
            work.purge("visits", visit, None)?;
            set(work)
        });
        let gone = gone.unwrap();
        world.run(move |work| work.delete("companies", b, None)).unwrap();
        assert!(matches!(undo(gone).unwrap(), Undo::Done(_)));
        assert_eq!(guests(world, visit), [a, b]);
        let again = world.run(move |work| {
            work.purge("visits", visit, None)?;
            work.purge("companies", b, None)?;
            set(work)
        });
        assert!(matches!(undo(again.unwrap()).unwrap(), Undo::Done(_)), "in one set, both come back");
        assert_eq!(guests(world, visit), [a, b]);
        let alone = world.run(move |work| {
            work.purge("visits", visit, None)?;
            set(work)
        });
        world.run(move |work| work.purge("companies", b, None)).unwrap();
        let refused = undo(alone.unwrap()).unwrap_err();
        assert!(matches!(refused, Error::Conflict { code: "undo_conflict", .. }), "{refused:?}");
        assert_eq!(faults(&refused)[0].1, "not_found");
    });
}

#[test]
fn filters_ask_the_list_and_its_records_under_the_readers_rights() {
    in_both(|world| {
        let [a, b] = companies(world);
        let stranger = world.stranger;
        let foreign =
            world.make("companies", &json!({"name": "чужая", "city": "Пермь", "owner": stranger, "remark": "r"}));
        let own = world.make("companies", &json!({"name": "o", "owner": world.me}));
        let of_mine = |guests: &[Id]| world.make("visits", &json!({"name": "v", "company": own, "guests": guests}));
        let (none, one, two) = (of_mine(&[]), of_mine(&[a]), of_mine(&[foreign, b]));
        let asked = |role: &str, filter: String| {
            world.see(world.as_role(&[role]), move |work| {
                let filter = Some(work.filter("visits", &filter)?);
                let mut found = ids(work, "visits", List { filter, ..List::default() })?;
                found.sort();
                Ok(found)
            })
        };
        for (filter, chief, mine) in [
            ("has(guests)".to_owned(), vec![one, two], vec![one, two]),
            ("guests == null".to_owned(), vec![none], vec![none]),
            ("size(guests) == 2".to_owned(), vec![two], vec![two]),
            (format!("\"{foreign}\" in guests"), vec![two], vec![two]),
            (format!("!(\"{a}\" in guests)"), vec![none, two], vec![none, two]),
            ("\"\" in guests".to_owned(), vec![], vec![]),
            ("guests.exists(g, g.city == \"Пермь\")".to_owned(), vec![two], vec![]),
            ("guests.exists(g, g.name.contains(\"ЧУЖ\"))".to_owned(), vec![two], vec![]),
            ("guests.all(g, has(g.city))".to_owned(), vec![none, one, two], vec![none, one]),
            ("guests.exists(g, g == company || g.owner == me())".to_owned(), vec![], vec![]),
        ] {
            assert_eq!(asked("chief", filter.clone()).unwrap(), chief, "{filter}");
            assert_eq!(asked("own_own", filter.clone()).unwrap(), mine, "{filter}, of what I see");
        }
        let remark = "guests.exists(g, has(g.remark))".to_owned();
        assert_eq!(asked("chief", remark.clone()).unwrap(), [two]);
        assert_eq!(asked("clerk", remark).unwrap(), [] as [Id; 0], "a field that is hidden");
        for (filter, code) in [
            ("guests == \"x\"", "wrong_type"),
            ("guests.city == \"x\"", "unknown_field"),
            ("guests.exists(g, g.nothing == 1)", "unknown_field"),
            ("\"x\" in guests", "invalid_literal"),
            ("guests", "not_a_condition"),
            ("(seats > 1 ? guests : null) != null ? guests.contains(\"a\") : false", "wrong_type"),
        ] {
            let refused = found(world, filter).unwrap_err();
            assert!(matches!(&refused, Error::BadQuery { code: told, .. } if told == code), "{filter}: {refused:?}");
        }
        let sorted = List { sort: vec![crate::world::sort("guests", false)], ..List::default() };
        let refused = world.run(move |work| work.list("visits", &sorted)).unwrap_err();
        assert!(matches!(refused, Error::BadQuery { .. }));
        let grouped = world.run(|work| work.counts("visits", None, &["guests"]));
        assert!(matches!(grouped, Err(Error::BadQuery { .. })));
    });
}

#[test]
fn a_roll_up_goes_through_them() {
    in_both(|world| {
        let mut files = files();
        let companies_file = files.get_mut("modules/companies.toml").unwrap();
        *companies_file = companies_file.replace(
            "  { name = \"worth\", type = \"number\" },",
            "  { name = \"worth\", type = \"number\" },\n  { name = \"invited\", type = \"roll_up\", via = \"visits.guests\", measure = \"sum(seats)\" },",
        );
        world.workspace.apply_pack(&read(files)).unwrap();
        let [a, b] = companies(world);
        for (seats, guests) in [(3, vec![a]), (4, vec![b, a]), (5, vec![])] {
            world.make("visits", &json!({"name": "v", "seats": seats, "guests": guests}));
        }
        let invited = |id| world.run(move |work| Ok(work.get("companies", id)?.get("invited").clone())).unwrap();
        assert_eq!((invited(a), invited(b)), (Value::Int(7), Value::Int(4)));
    });
}

#[test]
fn renamed_and_retired_it_is_all_still_there() {
    in_both(|world| {
        let [a, b] = companies(world);
        let visit = visit(world, &[b, a]);
        let apply = |pack| {
            let planned = world.workspace.apply_pack(&pack).unwrap();
            assert_eq!(world.workspace.plan_pack(&pack).unwrap().steps, [], "a second time nothing is left to do");
            planned
        };
        let retired = "type = \"links\", retired = true,";
        apply(changed("modules/visits.toml", "type = \"links\",", retired));
        let gone = world.run(move |work| Ok(work.get("visits", visit)?.module.field("guests").is_none())).unwrap();
        assert!(gone);
        let purged = world.run(move |work| work.purge("companies", a, None));
        assert!(matches!(purged, Err(Error::Conflict { code: "linked", .. })), "it may come back: {purged:?}");
        apply(crate::pack::pack());
        assert_eq!(guests(world, visit), [b, a]);

        // Field and module at once, on a database that knows only the old names.
        let mut files = files();
        let text =
            files["modules/visits.toml"].replace("name = \"visits\"", "name = \"stays\"\nformerly = [\"visits\"]");
        let text = text.replace("name = \"guests\",", "name = \"hosts\", formerly = [\"guests\"],");
        files.insert("modules/visits.toml".to_owned(), text);
        let notes = files["modules/notes.toml"].replace("module = \"visits\"", "module = \"stays\"");
        files.insert("modules/notes.toml".to_owned(), notes);
        let clerk = files["roles/clerk.toml"].replace("modules.visits", "modules.stays");
        files.insert("roles/clerk.toml".to_owned(), clerk);
        let plan = apply(read(files));
        assert!(plan.steps.iter().all(|step| step.kind != StepKind::Links), "{plan}");
        let kept = world.run(move |work| {
            let module = work.module("stays")?;
            let told = work.field_history(&module, visit, Some("hosts"), None, 9)?.len();
            let hosts = work.get("stays", visit)?.get("hosts").as_ids().to_vec();
            work.update("stays", visit, Draft::new().set("hosts", Value::Ids(vec![a])), None)?;
            work.purge("companies", b, None)?;
            Ok((hosts, told))
        });
        assert_eq!(kept.unwrap(), (vec![b, a], 1));
    });
}

#[test]
fn long_names_and_names_that_run_together() {
    in_both(|world| {
        let module = |name: &str, field: &str| {
            format!(
                "name = \"{name}\"\nlabel = {{ ru = \"x\", en = \"x\" }}\none = {{ ru = \"x\", en = \"x\" }}\ntitle = \"name\"\n\
                 fields = [ {{ name = \"name\", type = \"text\" }}, {{ name = \"{field}\", type = \"links\", module = \"companies\" }} ]\n"
            )
        };
        let (long, wide) = ("m".repeat(48), "f".repeat(48));
        let mut files = files();
        for (name, field) in [(long.as_str(), wide.as_str()), ("a_b", "c"), ("a", "b_c"), ("a_b_links", "links")] {
            files.insert(format!("modules/{name}.toml"), module(name, field));
        }
        let pack = read(files);
        world.workspace.apply_pack(&pack).unwrap();
        assert_eq!(world.workspace.plan_pack(&pack).unwrap().steps, []);
        let [a, b] = companies(world);
        let kept = world.run(move |work| {
            let one = work.create(&long, Draft::new().set(&wide, Value::Ids(vec![b, a])))?.id;
            let two = work.create("a_b", Draft::new().set("c", Value::Ids(vec![a])))?.id;
            let three = work.create("a", Draft::new().set("b_c", Value::Ids(vec![b])))?.id;
            let of = |work: &mut Work<'_>, module: &str, id, field: &str| {
                Ok::<_, Error>(work.get(module, id)?.get(field).as_ids().to_vec())
            };
            Ok([of(work, &long, one, &wide)?, of(work, "a_b", two, "c")?, of(work, "a", three, "b_c")?])
        });
        assert_eq!(kept.unwrap(), [vec![b, a], vec![a], vec![b]]);
    });
}

#[test]
fn a_thousand_links_and_five_hundred_records() {
    in_both(|world| {
        let read = world.run(|work| {
            let many: Vec<Id> = (0..LINKS_LIMIT)
                .map(|number| Ok(work.create("companies", Draft::new().set("name", format!("c{number}")))?.id))
                .collect::<Result<_>>()?;
            let first = work.create("visits", Draft::new().set("name", "v").set("guests", Value::Ids(many.clone())))?;
            for number in 0..499 {
                let some = many[number..number + 3].to_vec();
                work.create("visits", Draft::new().set("name", "v").set("guests", Value::Ids(some)))?;
            }
            let list = List { limit: 500, ..List::default() };
            let page = work.list("visits", &list)?;
            let counted: Vec<_> = page.records.iter().map(|record| record.get("guests").as_ids().len()).collect();
            Ok((work.get("visits", first.id)?.get("guests").as_ids() == many, counted))
        });
        let (whole, counted) = read.unwrap();
        assert!(whole);
        assert_eq!((counted.iter().filter(|count| **count == 3).count(), counted[499]), (499, LINKS_LIMIT));
    });
}
