//! Fields that are hidden in some records: no door says their values there, and no question finds them out.

use std::collections::BTreeSet;

use model::pack::Pack;
use model::{Actor, Id, Value};
use serde_json::json;
use store::{Draft, Error, List, Result, Work};

use crate::dice::{Dice, seed, turns};
use crate::pack::{files, read};
use crate::world::{World, draft, faults, ids, in_both, sort};

const TOWN: &str = "hushtown";
const WORD: &str = "hushword";
const WORTH: i64 = 770_077;

/// The pack in which the town of a company with an e-mail is seen by the team of its owner, and the rest by its owner.
fn veiled() -> Pack {
    let mut files = files();
    let veils = r#"search = ["name", "city", "remark", "token"]
veils = [
  { fields = ["city"], over = "email", shown = "has(owner) && owner in my_team()" },
  { fields = ["remark", "worth"], over = "email", shown = "has(owner) && owner == me()" },
]"#;
    let companies = files.get_mut("modules/companies.toml").unwrap();
    *companies = companies.replace(r#"search = ["name", "city", "remark", "token"]"#, veils);
    // What is hidden from a role in every record is found by nobody.
    let clerk = files.get_mut("roles/clerk.toml").unwrap();
    *clerk = clerk.replace("hidden = [\"remark\"]\n", "");
    read(files)
}

fn company(world: &World, owner: Option<Id>) -> Id {
    let owner = owner.map(|owner| owner.to_string());
    let company = world.make(
        "companies",
        &json!({"name": "zebra", "email": "z@example.org", "city": TOWN, "remark": WORD, "worth": WORTH, "owner": owner}),
    );
    world.make("visits", &json!({"name": "there", "company": company}));
    world.change("companies", company, &json!({"remark": format!("{WORD} too")})).unwrap();
    company
}

/// Everything that somebody can get out of the store about a company, as text.
fn all_that_is_said(work: &mut Work<'_>, id: Id) -> Result<String> {
    let (module, now) = (work.module("companies")?, work.now());
    let all = || List { limit: 10, ..List::default() };
    let everything = work.filter("companies", "true")?;
    let entries = work.history(&module, id, None, 100)?;
    let lines = work.log_after(0, 1_000)?;
    let mut said = vec![
        format!("{:?}", work.get("companies", id)?.values),
        format!("{:?}", work.list("companies", &all())?.records[0].values),
        format!("{:?}", work.find("companies", everything)?[0].values),
        format!("{:?}", work.several(&module, &[id].into())?[0].values),
        format!("{:?}", work.get_as_of("companies", id, now)?.values),
        format!("{:?}", work.list_as_of("companies", &all(), now)?.records[0].values),
        format!("{:?}", work.update("companies", id, Draft::new().set("name", "zebu"), None)?.values),
        format!("{:?}", work.delete("companies", id, None)?.values),
        format!("{:?}", work.restore("companies", id)?.values),
        format!("{:?}", work.told(&lines)?),
        format!("{:?}", work.search("zeb", 10)?),
        format!("{:?}", work.latest_in(&["companies".to_owned()], 10)?),
        format!("{:?}", work.titles("companies", &[id].into())?),
    ];
    for field in ["city", "remark", "worth"] {
        said.push(format!("{:?}", work.field_history(&module, id, Some(field), None, 100)));
    }
    for entry in &entries {
        said.push(format!("{entry:?}"));
        said.push(format!("{:?}", work.change_set_changes(entry.change_set, 0, 100)?));
    }
    Ok(said.concat())
}

#[test]
fn no_door_says_what_is_hidden_in_a_record() {
    for owner in ["mine", "team's", "stranger's", "nobody's"] {
        in_both(|world| {
            world.workspace.apply_pack(&veiled()).unwrap();
            let (owner_id, seen) = match owner {
                "mine" => (Some(world.me), [true, true, true]),
                "team's" => (Some(world.mate), [true, false, false]),
                "stranger's" => (Some(world.stranger), [false; 3]),
                _ => (None, [false; 3]),
            };
            let id = company(world, owner_id);
            for (role, seen) in [("all_all", seen), ("chief", [true; 3])] {
                let said = world.by(world.as_role(&[role]), move |work| all_that_is_said(work, id)).unwrap();
                let worth = WORTH.to_string();
                let told = [TOWN, WORD, &worth].map(|word| said.contains(word));
                assert_eq!(told, seen, "{owner}, as {role}: {said}");
            }
            let kept = world.run(move |work| work.get("companies", id)).unwrap();
            assert_eq!((kept.text("city"), kept.text("name")), (Some(TOWN), Some("zebu")), "and none is lost");
            assert_eq!(kept.get("worth"), &Value::Int(WORTH));
        });
    }
}

#[test]
fn what_is_hidden_is_named_and_what_stands_over_it_is_not_hidden() {
    in_both(|world| {
        world.workspace.apply_pack(&veiled()).unwrap();
        let hidden = |id: Id, role: &'static str| {
            world.see(world.as_role(&[role]), move |work| Ok(work.get("companies", id)?.veiled)).unwrap()
        };
        let id = company(world, Some(world.stranger));
        assert_eq!(hidden(id, "all_all"), ["city", "remark", "worth"]);
        assert_eq!(hidden(id, "chief"), [] as [&str; 0]);
        assert_eq!(hidden(company(world, Some(world.mate)), "all_all"), ["remark", "worth"]);
        // Over a company without an e-mail hangs none.
        world.change("companies", id, &json!({"email": null})).unwrap();
        assert_eq!(hidden(id, "all_all"), [] as [&str; 0]);
        let finds =
            |word: &'static str| world.see(world.as_role(&["all_all"]), move |work| work.search(word, 9)).unwrap();
        assert!(finds(TOWN).iter().any(|hit| hit.id == id), "and it is found by all that it says");
        world.change("companies", id, &json!({"email": "z@example.org"})).unwrap();
        assert!(!finds(TOWN).iter().any(|hit| hit.id == id));
        assert!(world.workspace.check(None).unwrap().is_fine());
    });
}

#[test]
fn what_may_be_hidden_makes_no_groups_and_no_sums() {
    in_both(|world| {
        world.workspace.apply_pack(&veiled()).unwrap();
        company(world, Some(world.me));
        let refused = |result: Result<()>| matches!(result, Err(Error::BadQuery { .. }));
        for (role, is_refused) in [("all_all", true), ("chief", false)] {
            let ask = |asked: fn(&mut Work<'_>) -> Result<()>| refused(world.see(world.as_role(&[role]), asked));
            let groups = ask(|work| work.counts("companies", None, &["city"]).map(drop));
            let sums = ask(|work| work.totals("companies", &List::default(), &["worth"]).map(drop));
            let parts = ask(|work| {
                let list = List { group: Some("city".to_owned()), limit: 10, ..List::default() };
                work.list("companies", &list).map(drop)
            });
            assert_eq!([groups, sums, parts], [is_refused; 3], "{role}");
        }
    });
}

#[test]
fn what_is_hidden_is_neither_written_nor_handed_on() {
    in_both(|world| {
        world.workspace.apply_pack(&veiled()).unwrap();
        let (id, own) = (company(world, Some(world.stranger)), company(world, Some(world.me)));
        let somebody = || world.as_role(&["all_all"]);
        let set = |id: Id, json: serde_json::Value| {
            world.by(somebody(), move |work| {
                let draft = draft(work, "companies", &json)?;
                work.update("companies", id, draft, None)
            })
        };
        for value in ["guess".to_owned(), format!("{WORD} too")] {
            let refused = set(id, json!({"remark": value})).unwrap_err();
            assert_eq!(
                faults(&refused),
                [("remark".to_owned(), "partly_hidden".to_owned())],
                "guessing right is no different"
            );
        }
        set(own, json!({"remark": "mine"})).unwrap();
        let whole = |id: Id, actor: Actor| world.see(actor, move |work| work.expect_seen_whole("companies", id));
        assert!(matches!(whole(id, somebody()), Err(Error::Forbidden { code: "partly_hidden", .. })));
        whole(own, somebody()).unwrap();
        whole(id, world.as_role(&["chief"])).unwrap();
        // A rule makes what everybody sees.
        assert!(matches!(whole(own, Actor::System("rule")), Err(Error::Forbidden { code: "partly_hidden", .. })));
        // Whoever makes a record for another sees no more of it than others do.
        let stranger = world.stranger.to_string();
        let made = world.by(somebody(), move |work| {
            let json = json!({"name": "x", "email": "x@example.org", "remark": WORD, "owner": stranger});
            let draft = draft(work, "companies", &json)?;
            work.create("companies", draft)
        });
        assert_eq!(made.unwrap().get("remark"), &Value::Null);
    });
}

/// What is asked.
#[derive(Clone, Debug)]
enum Asked {
    /// Records of a module that fulfil a condition.
    Filter(&'static str, String),
    /// Companies in this order.
    Sort(Vec<(&'static str, bool)>),
    /// Companies of which this was typed.
    Words(String),
}

const TEXTS: [&str; 6] = ["берёза", "осина", "клёны", "липа", "ольха", "вяз"];

impl Asked {
    fn by_chance(dice: &mut Dice) -> Self {
        let (field, text, other) = (*dice.pick(&["city", "remark"]), *dice.pick(&TEXTS), *dice.pick(&TEXTS));
        let number = dice.below(9);
        let typed = [text.to_owned(), text.chars().take(3).collect(), text.replace('о', "а"), format!("лето {text}")];
        match dice.below(16) {
            0 => Self::Filter("companies", format!("{field} == \"{text}\"")),
            1 => Self::Filter("companies", format!("{field} != \"{text}\"")),
            2 => Self::Filter("companies", format!("has({field}) || worth > {number}")),
            3 => Self::Filter("companies", format!("!{field}.contains(\"{}\")", &typed[1])),
            4 => Self::Filter("companies", format!("{field} in [\"{text}\", \"{other}\"]")),
            5 => Self::Filter("companies", format!("worth >= {number} && has(owner)")),
            6 => Self::Filter("companies", "city == remark".to_owned()),
            7 => Self::Filter("companies", format!("name.startsWith(\"Лето\") && {field} == null")),
            8 => Self::Filter("visits", format!("company.{field} == \"{text}\"")),
            9 => Self::Filter("visits", format!("!has(company.{field}) || company.worth < {number}")),
            10 | 11 => Self::Sort(vec![(field, dice.one_in(2)), ("worth", dice.one_in(2))]),
            12 => Self::Sort(vec![("worth", dice.one_in(2)), ("name", false)]),
            _ => Self::Words(dice.pick(&typed).clone()),
        }
    }

    /// All that is answered, page by page: what is found, what is seen of it, how much it is, and where pages end.
    fn answered(&self, work: &mut Work<'_>) -> Result<String> {
        let mut said = Vec::new();
        let (module, mut list) = match self {
            Self::Filter(module, text) => {
                (*module, List { filter: Some(work.filter(module, text)?), ..List::default() })
            }
            Self::Sort(keys) => {
                let sort = keys.iter().map(|(field, descending)| sort(field, *descending)).collect();
                ("companies", List { sort, ..List::default() })
            }
            Self::Words(text) => {
                let mut hits = work.search(text, 50)?;
                // Those that were changed last come first.
                hits.sort_by_key(|hit| hit.id);
                said.push(format!("{hits:?}"));
                ("companies", List { text: Some(text.clone()), ..List::default() })
            }
        };
        said.push(work.count(module, &list, None)?.to_string());
        list.limit = 4;
        loop {
            let page = work.list(module, &list)?;
            said.extend(page.records.iter().map(|one| format!("{} {:?} {:?}", one.id, one.values, one.veiled)));
            said.push(format!("{:?}", page.next));
            list.cursor = page.next;
            if list.cursor.is_none() {
                return Ok(said.join("\n"));
            }
        }
    }
}

/// Whatever somebody asks, the answer is the same whatever stands where they do not see it.
#[test]
fn no_answer_depends_on_what_is_hidden() {
    for turn in turns(2) {
        in_both(|world| {
            world.workspace.apply_pack(&veiled()).unwrap();
            turn.clone().for_each(|round| depends_on_nothing_hidden(world, round));
        });
    }
}

fn depends_on_nothing_hidden(world: &World, round: u64) {
    let mut dice = Dice::new(seed(76).wrapping_add(round));
    let owners = [Some(world.me), Some(world.mate), Some(world.stranger), None];
    let made: Vec<(Id, bool, bool)> = (0..14)
        .map(|number| {
            let (owner, is_veiled) = (*dice.pick(&owners), !dice.one_in(4));
            let id = world.make(
                "companies",
                &json!({
                    "name": format!("Лето {number}"), "email": is_veiled.then_some("a@example.org"),
                    "owner": owner.map(|owner| owner.to_string()), "city": dice.pick(&TEXTS),
                    "remark": dice.pick(&TEXTS), "worth": dice.below(9),
                }),
            );
            world.make("visits", &json!({"name": "there", "company": id}));
            let is_own = owner == Some(world.me);
            (id, !is_veiled || is_own || owner == Some(world.mate), !is_veiled || is_own)
        })
        .collect();
    let asked: Vec<Asked> = (0..50).map(|_| Asked::by_chance(&mut dice)).collect();
    let answers = |role: &'static str| -> Vec<String> {
        let asked = asked.clone();
        world.see(world.as_role(&[role]), move |work| asked.iter().map(|it| it.answered(work)).collect()).unwrap()
    };
    let (before, all_before) = (answers("all_all"), answers("chief"));
    for (id, shows_town, shows_all) in &made {
        let mut change = json!({});
        if !shows_town {
            change["city"] = if dice.one_in(4) { json!(null) } else { json!(dice.pick(&TEXTS)) };
        }
        if !shows_all {
            change["remark"] = if dice.one_in(4) { json!(null) } else { json!(dice.pick(&TEXTS)) };
            change["worth"] = json!(dice.below(9));
        }
        world.change("companies", *id, &change).unwrap();
    }
    for ((asked, before), after) in asked.iter().zip(before).zip(answers("all_all")) {
        assert_eq!(after, before, "{asked:?}, round {round}");
    }
    assert_ne!(answers("chief"), all_before, "whoever administers is told that it changed");
    for (id, ..) in made {
        let forget = move |work: &mut Work<'_>| {
            let of = work.filter("visits", &format!("company == \"{id}\""))?;
            for visit in ids(work, "visits", List { filter: Some(of), limit: 10, ..List::default() })? {
                work.purge("visits", visit, None)?;
            }
            work.purge("companies", id, None)
        };
        world.run(forget).unwrap();
    }
}

/// What was hung later hides at once, and what is taken off is found again.
#[test]
fn veils_come_and_go_with_the_pack() {
    in_both(|world| {
        let id = company(world, Some(world.stranger));
        let finds = |word: &'static str| {
            let found = world.see(world.as_role(&["all_all"]), move |work| work.search(word, 9)).unwrap();
            found.iter().map(|hit| hit.id).collect::<BTreeSet<_>>()
        };
        assert_eq!((finds(TOWN), finds("zebra")), (BTreeSet::from([id]), BTreeSet::from([id])));
        world.workspace.apply_pack(&veiled()).unwrap();
        assert_eq!((finds(TOWN), finds("zebra")), (BTreeSet::new(), BTreeSet::from([id])));
        assert!(world.workspace.check(None).unwrap().is_fine());
        world.workspace.apply_pack(&crate::pack::pack()).unwrap();
        assert_eq!(finds(TOWN), BTreeSet::from([id]));
        assert!(world.workspace.check(None).unwrap().is_fine());
    });
}
