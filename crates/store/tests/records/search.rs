//! Full text: forms of words, beginnings, what changes and what goes.

use model::Id;
use serde_json::json;
use store::{List, Result, Work};

use crate::world::{World, create, ids, in_both};

fn found(world: &World, text: &'static str) -> Vec<Id> {
    let look = move |work: &mut Work<'_>| -> Result<Vec<Id>> {
        let hits: Vec<Id> = work.search(text, 50)?.into_iter().map(|hit| hit.id).collect();
        let mut listed = ids(work, "companies", List { text: Some(text.to_owned()), limit: 50, ..List::default() })?;
        let mut sorted = hits.clone();
        sorted.sort();
        listed.sort();
        assert_eq!(sorted, listed, "the list and the box find the same");
        Ok(hits)
    };
    world.see(world.as_role(&["chief"]), look).unwrap()
}

#[test]
fn words_are_found_by_form_beginning_and_script() {
    in_both(|world| {
        let fir = world.make("companies", &json!({"name": "Ёлки зелёные", "city": "Нижний Новгород"}));
        let odd = world.make("companies", &json!({"name": "1e5 a1b2 v2.0 O'Neil co-op C++ 2026год", "city": "x"}));
        for text in ["елка", "ёлки", "ЕЛ", "зелен", "новгороде нижн", "елки, зеленые!"]
        {
            assert_eq!(found(world, text), [fir], "{text}");
        }
        for text in ["1e5", "1e", "a1b2", "v2", "o'neil", "neil", "co-op", "C++ v2", "2026год", "2026"] {
            assert_eq!(found(world, text), [odd], "{text}");
        }
        for text in ["!?", "'", "\"", "елка дуб", "e5", "* OR 1", "a' | 'b", "NOT елка дуба", "\\", "':*"]
        {
            assert_eq!(found(world, text), [], "{text}");
        }
    });
}

#[test]
fn the_index_follows_the_record() {
    in_both(|world| {
        let id = world.make("companies", &json!({"name": "Берёза"}));
        assert_eq!(found(world, "береза"), [id]);
        world.change("companies", id, &json!({"name": "Осина"})).unwrap();
        assert_eq!((found(world, "береза"), found(world, "осина")), (vec![], vec![id]));
        world.change("companies", id, &json!({"city": "Пермь"})).unwrap();
        assert_eq!(found(world, "осина пермь"), [id]);
        world.run(move |work| work.delete("companies", id, None)).unwrap();
        assert_eq!(found(world, "осина"), []);
        world.run(move |work| work.restore("companies", id)).unwrap();
        assert_eq!(found(world, "осина"), [id]);
        world.run(move |work| work.purge("companies", id, None)).unwrap();
        assert_eq!(found(world, "осина"), []);
    });
}

#[test]
fn a_title_that_begins_so_comes_first_and_the_box_has_a_bottom() {
    in_both(|world| {
        let meant = world.make("companies", &json!({"name": "Липа", "city": "x"}));
        for _ in 0..5 {
            world.make("companies", &json!({"name": "Дерево", "city": "липа"}));
        }
        assert_eq!(found(world, "липа").first(), Some(&meant));
        assert_eq!(world.run(|work| Ok(work.search("липа", 2)?.len())).unwrap(), 2);
    });
}

#[test]
fn a_module_is_searched_by_itself_and_tells_what_came_last() {
    in_both(|world| {
        let firs: Vec<Id> =
            (0..3).map(|number| world.make("companies", &json!({"name": format!("Ель {number}")}))).collect();
        let visit = world.make("visits", &json!({"name": "Ель", "story": "x"}));
        let ids = |hits: Vec<store::Hit>| hits.into_iter().map(|hit| hit.id).collect::<Vec<_>>();
        let found = |modules: &'static [&'static str], text: &'static str| {
            let modules: Vec<String> = modules.iter().map(|name| (*name).to_owned()).collect();
            ids(world.run(move |work| work.search_in(&modules, text, 9)).unwrap())
        };
        let newest: Vec<Id> = firs.iter().rev().copied().collect();
        assert_eq!(found(&["companies"], "ель"), newest);
        assert_eq!(found(&["visits"], "ель"), [visit]);
        assert_eq!(found(&["companies", "visits"], "ель").len(), 4);
        assert_eq!((found(&[], "ель"), found(&["nothing"], "ель")), (vec![], vec![]));
        let last = |modules: Vec<String>| ids(world.run(move |work| work.latest_in(&modules, 2)).unwrap());
        assert_eq!(last(vec!["companies".to_owned()]), newest[..2]);
        let both = last(vec!["companies".to_owned(), "visits".to_owned()]);
        assert!(both.len() == 3 && both.contains(&visit), "two of each at most");
        assert_eq!(last(Vec::new()), []);
    });
}

#[test]
fn long_texts_and_long_questions_do_no_harm() {
    in_both(|world| {
        let words: Vec<String> =
            (0..60_000).map(|number| format!("щ{number}ёжикводворезеленелбылиживесельемдышалвсегда")).collect();
        let mut story = words.join(" ");
        story = story.chars().take(900_000).collect();
        let visit = world.make("visits", &json!({"name": "x", "story": story}));
        let first = words[0].clone();
        assert_eq!(world.run(move |work| Ok(work.search(&first, 5)?.first().map(|hit| hit.id))).unwrap(), Some(visit));
        let question = words[..5_000].join(" ");
        world.run(move |work| work.search(&question, 5)).unwrap();
    });
}

#[test]
fn one_slip_is_forgiven_where_nothing_else_is_found() {
    in_both(|world| {
        let meant = world.make("companies", &json!({"name": "Берёзкин и сыновья", "city": "Екатеринбург"}));
        let near = world.make("companies", &json!({"name": "Березкина", "city": "Пермь"}));
        for slip in ["екатринбург", "екатеринбруг", "екатериннбург", "екатиринбург", "икатеринбург", "сыновяь березкин"]
        {
            assert_eq!(found(world, slip), [meant], "{slip}");
        }
        // A form of the word that is not in the record, with a letter wrong.
        assert_eq!(found(world, "екатиринбурге"), [meant]);
        assert_eq!(found(world, "березкина пермь"), [near], "what is there is not put right");
        for other in ["екатинбруг", "пермяки", "екатеринбург пермь", "дуб"] {
            assert_eq!(found(world, other), [], "{other}");
        }
        // A word that came with a change is known too, one of a change that failed is not.
        world.change("companies", near, &json!({"name": "Смородинка"})).unwrap();
        assert_eq!(found(world, "смародинка"), [near]);
        let failed = world.run(|work| {
            crate::world::create(work, "companies", &json!({"name": "Черноплодка"}))?;
            Err::<(), _>(store::Error::conflict("no", "no"))
        });
        assert!(failed.is_err());
        let later = world.make("companies", &json!({"name": "Черноплодка"}));
        assert_eq!(found(world, "чернаплодка"), [later]);
    });
}

#[test]
fn beginnings_of_any_length_are_found() {
    in_both(|world| {
        let story = "Рассматривали предложение о переоборудовании";
        let visit = world.make("visits", &json!({"name": "Переговоры 20271234567890", "story": story}));
        let look = |text: &str| {
            let text = text.to_owned();
            world.run(move |work| Ok(work.search(&text, 9)?.into_iter().map(|hit| hit.id).collect::<Vec<_>>())).unwrap()
        };
        let letters = |word: &str, from: usize| -> Vec<String> {
            (from..=word.chars().count()).map(|length| word.chars().take(length).collect()).collect()
        };
        for typed in [letters("переговоры", 2), letters("20271234567890", 2), letters("переоборудовании", 4)].concat()
        {
            assert_eq!(look(&typed), [visit], "{typed}");
        }
        // More words that begin alike than the vocabulary tells apart.
        let endings: Vec<char> = "абвгдежзиклмнопрстуфхцчшэю".chars().collect();
        for one in &endings {
            let name = endings.iter().take(4).map(|two| format!("перелом{one}{two}")).collect::<Vec<_>>().join(" ");
            world.make("companies", &json!({"name": name}));
        }
        assert_eq!((look("перел").len(), look("переломаб").len(), look("пере").len()), (9, 1, 9));
    });
}

#[test]
fn the_best_come_first_whatever_is_newer() {
    in_both(|world| {
        let make = |name: &str, city: &str| world.make("companies", &json!({"name": name, "city": city}));
        let same = make("Клён", "x");
        let begins = make("Клён и компания", "x");
        let titled = make("Старый клён", "x");
        let elsewhere = make("Дуб", "клён");
        let (older, newer) = (make("Кленовый двор", "x"), make("Кленовый сад", "x"));
        assert_eq!(found(world, "клен"), [same, newer, older, begins, titled, elsewhere]);
    });
}

/// How many companies a list finds, and its count with it.
fn counted(work: &mut Work<'_>, text: &str) -> Result<i64> {
    let list = List { text: Some(text.to_owned()), limit: 10, ..List::default() };
    let (page, count) = (work.list("companies", &list)?, work.count("companies", &list, None)?);
    assert_eq!(i64::try_from(page.records.len()).unwrap(), count, "{text}: a list and its count agree");
    Ok(count)
}

#[test]
fn what_a_work_writes_it_finds_at_once() {
    in_both(|world| {
        let found = world.run(move |work| {
            let mut found = vec![counted(work, "берёза")?];
            let make = |work: &mut Work<'_>| create(work, "companies", &json!({"name": "Берёза 12", "city": "x"}));
            let id = make(work)?;
            found.extend([counted(work, "берёза")?, counted(work, "бееза")?, counted(work, "12")?]);
            work.attempt(|work| make(work).map(drop))?;
            found.push(counted(work, "берёза")?);
            work.delete("companies", id, None)?;
            found.extend([counted(work, "берёза")?, counted(work, "77")?]);
            Ok(found)
        });
        assert_eq!(found.unwrap(), [0, 1, 1, 1, 2, 1, 0]);
    });
}

/// Has PostgreSQL number the next row of the index so, as if others had come before it.
fn skip_to(world: &World, number: i64) {
    let skip = move |tx: &mut store::db::Tx| match tx.dialect() {
        store::db::Dialect::Postgres => tx.batch(&format!("select setval('search_rows_number', {number})")),
        store::db::Dialect::Sqlite => Ok(()),
    };
    world.workspace.db().write_blocking(skip).unwrap();
}

/// On PostgreSQL rows lie in stretches of numbers, asked from the newest on; on SQLite nothing of this may be seen either.
#[test]
fn what_came_long_ago_is_found_behind_what_came_lately() {
    in_both(|world| {
        let pine = |number: usize| world.make("companies", &json!({"name": format!("Сосна {number}"), "city": "x"}));
        let oldest = world.make("companies", &json!({"name": "Пихта", "city": "x"}));
        let visit = world.make("visits", &json!({"name": "Сосна", "story": "x"}));
        let mut pines = vec![pine(0)];
        for (number, place) in [20_000, 140_000, 150_000, 2_200_000, 5_000_000, 5_000_010].into_iter().enumerate() {
            skip_to(world, place);
            pines.push(pine(number + 1));
        }
        assert_eq!(found(world, "пихта"), [oldest]);
        assert_eq!(found(world, "пехта"), [oldest], "with a slip");
        assert_eq!(found(world, "дуб"), []);
        pines.reverse();
        let all = world.run(|work| work.search("сосна", 20)).unwrap();
        let (visits, companies): (Vec<_>, Vec<_>) = all.iter().partition(|hit| hit.module == "visits");
        assert_eq!(companies.iter().map(|hit| hit.id).collect::<Vec<_>>(), pines, "the newest first");
        assert_eq!(visits.iter().map(|hit| hit.id).collect::<Vec<_>>(), [visit], "behind those of a module with more");
        // A hundred that came lately are enough.
        let new: Vec<Id> = (0..110)
            .map(|number| world.make("companies", &json!({"name": format!("Ива {number}"), "city": "сосна"})))
            .collect();
        let hits = world.run(|work| work.search_in(&["companies".to_owned()], "сосна", 500)).unwrap();
        assert_eq!(hits.len(), 100);
        assert!(hits.iter().all(|hit| new[10..].contains(&hit.id)), "none but the newest");
    });
}

/// Of what lies far behind, in stretches of every width, the newest are found and no others.
#[test]
fn the_newest_of_what_came_long_ago_are_found() {
    in_both(|world| {
        let yews = |count: usize| -> Vec<Id> {
            (0..count).map(|_| world.make("companies", &json!({"name": "Тис", "city": "x"}))).collect()
        };
        skip_to(world, 2_800_000);
        let mut all = yews(100);
        for number in [3_000_000, 4_300_000] {
            skip_to(world, number);
            all.extend(yews(3));
        }
        skip_to(world, 5_000_010);
        world.make("companies", &json!({"name": "Дуб", "city": "x"}));
        let hits = world.run(|work| work.search_in(&["companies".to_owned()], "тис", 500)).unwrap();
        let newest: Vec<Id> = all.iter().rev().take(100).copied().collect();
        assert_eq!(hits.iter().map(|hit| hit.id).collect::<Vec<_>>(), newest);
    });
}
