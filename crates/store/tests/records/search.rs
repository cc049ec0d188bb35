//! Full text: forms of words, beginnings, what changes and what goes.

use model::Id;
use serde_json::json;
use store::{List, Result, Work};

use crate::world::{World, ids, in_both};

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
