//! Words in their forms, both alphabets' ё, and one slip of the finger, tried one after another for whole families of words.

use std::collections::BTreeSet;

use model::Id;
use serde_json::json;
use store::{List, Result, Work};

use crate::world::{World, ids, in_both};

/// What the box finds; the list and its count say the same.
fn found(world: &World, text: &str) -> BTreeSet<Id> {
    let text = text.to_owned();
    let look = move |work: &mut Work<'_>| -> Result<BTreeSet<Id>> {
        let hits: BTreeSet<Id> = work.search(&text, 500)?.into_iter().map(|hit| hit.id).collect();
        let list = List { text: Some(text.clone()), limit: 100, ..List::default() };
        let listed: BTreeSet<Id> = ids(work, "companies", list.clone())?.into_iter().collect();
        assert_eq!(hits, listed, "{text}: the box and the list find the same");
        let count = usize::try_from(work.count("companies", &list, None)?).unwrap();
        assert_eq!(count, listed.len(), "{text}: and count the same");
        Ok(hits)
    };
    world.see(world.as_role(&["chief"]), look).unwrap()
}

/// A record for each word.
fn records(world: &World, words: &[&str]) -> BTreeSet<Id> {
    words.iter().map(|word| world.make("companies", &json!({"name": word}))).collect()
}

const FORMS: [&[&str]; 22] = [
    &["ticket", "tickets"],
    &["company", "companies"],
    &["party", "parties"],
    &["class", "classes"],
    &["box", "boxes"],
    &["conference", "conferences"],
    &["sponsor", "sponsors", "sponsored", "sponsoring"],
    &["exhibit", "exhibits", "exhibited", "exhibiting"],
    &["invite", "invites", "invited", "inviting"],
    &["plan", "plans", "planned", "planning"],
    &["register", "registers", "registered", "registering"],
    &["book", "books", "booked", "booking"],
    &["билет", "билета", "билету", "билетом", "билете", "билеты", "билетов", "билетам", "билетами", "билетах"],
    &["участник", "участника", "участники", "участников", "участникам", "участниками"],
    &["спонсор", "спонсора", "спонсоры", "спонсоров", "спонсорами"],
    &["конференция", "конференции", "конференцию", "конференций", "конференциями"],
    &["выставка", "выставки", "выставке", "выставку", "выставкой", "выставками"],
    &["докладчик", "докладчика", "докладчики", "докладчиков", "докладчиком"],
    &["оплата", "оплаты", "оплату", "оплатить", "оплатил", "оплатила", "оплатили"],
    &["новый", "новая", "новое", "новые", "нового", "новому", "новым", "новую"],
    &["весенний", "весенняя", "весеннее", "весенние", "весеннего"],
    &["Казань", "Казани", "Казанью"],
];

/// Each form is in a record of its own, so that none is found because another would be a slip of it: what is there as typed
/// is never put right.
#[test]
fn every_form_of_a_word_finds_all_the_others() {
    in_both(|world| {
        let families: Vec<_> = FORMS.iter().map(|forms| (*forms, records(world, forms))).collect();
        for (forms, family) in &families {
            for form in *forms {
                assert_eq!(&found(world, form), family, "{form}");
                assert_eq!(&found(world, &form.to_uppercase()), family, "{form} shouted");
            }
        }
        // Words that only begin alike are no forms of each other.
        let [partner, plant] = [&["partner"], &["planet"]].map(|word| records(world, word));
        for (text, wanted) in [("parties", &families[2].1), ("partner", &partner), ("planning", &families[9].1)] {
            assert_eq!(&found(world, text), wanted, "{text}");
        }
        assert_eq!(found(world, "planets"), plant);
    });
}

#[test]
fn yo_and_ye_are_one_letter() {
    in_both(|world| {
        for (with, without) in [
            ("Ёлкин", "Елкин"),
            ("Семён", "Семен"),
            ("Пётр", "Петр"),
            ("Королёв", "Королев"),
            ("счёт", "счет"),
            ("зелёный", "зеленый"),
            // The same letter as a letter and two dots.
            ("Алёна", "Але\u{308}на"),
        ] {
            let both = records(world, &[with, without]);
            for text in [with.to_owned(), without.to_owned(), with.to_uppercase(), without.to_lowercase()] {
                assert_eq!(found(world, &text), both, "{text}");
            }
        }
    });
}

/// No two of them are nearer than two slips.
const WORDS: [&str; 12] = [
    "екатеринбург",
    "березкин",
    "конференция",
    "участник",
    "филармония",
    "шелковица",
    "sponsorship",
    "kubernetes",
    "microsoft",
    "javascript",
    "helsinki",
    "exhibition",
];

/// Everything that one slip makes of a word: another letter, one less, one more, two in each other's place.
fn slips(word: &str) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    let odd = if word.is_ascii() { 'q' } else { 'щ' };
    let mut all = Vec::new();
    for at in 0..letters.len() {
        let (mut other, mut less, mut more) = (letters.clone(), letters.clone(), letters.clone());
        other[at] = odd;
        less.remove(at);
        more.insert(at, odd);
        all.extend([other, less, more]);
        if at > 0 {
            let mut swapped = letters.clone();
            swapped.swap(at - 1, at);
            all.push(swapped);
        }
    }
    all.into_iter().map(String::from_iter).filter(|slip| slip != word).collect()
}

#[test]
fn one_slip_anywhere_is_forgiven_and_two_are_not() {
    in_both(|world| {
        let mut tried = 0;
        let meant: Vec<_> = WORDS.iter().map(|word| (*word, records(world, &[word]))).collect();
        for (word, record) in &meant {
            for slip in slips(word) {
                assert_eq!(&found(world, &slip), record, "{slip} for {word}");
                tried += 1;
            }
            let mut twice: Vec<char> = word.chars().collect();
            let odd = if word.is_ascii() { 'q' } else { 'щ' };
            (twice[1], twice[4]) = (odd, odd);
            let twice = String::from_iter(twice);
            assert_eq!(found(world, &twice), BTreeSet::new(), "{twice} is no {word}");
        }
        assert!(tried > 400, "{tried}");
        // What is there as typed is what was meant, however near something else is.
        records(world, &["javascripts"]);
        let typed = records(world, &["javascropt"]);
        assert_eq!(found(world, "javascropt"), typed);
    });
}

/// A title that is just that, one that begins so, a title with some form of it, what stands beside a title; of equals the
/// newer. A slip is only looked for where there is nothing else, and then too the title goes before the rest.
#[test]
fn order_is_by_how_well_it_agrees_and_then_by_age() {
    in_both(|world| {
        let make = |name: &str, city: &str| world.make("companies", &json!({"name": name, "city": city}));
        let ranked = |text: &'static str| -> Vec<Id> {
            let hits = world.see(world.as_role(&["chief"]), move |work| work.search(text, 50)).unwrap();
            hits.into_iter().map(|hit| hit.id).collect()
        };
        let same = make("Выставка", "x");
        let begins = make("Выставка достижений", "x");
        let (form, newer) = (make("Большие выставки", "x"), make("Малые выставки", "x"));
        let beside = make("Зал", "выставка");
        assert_eq!(ranked("выставка"), [same, begins, newer, form, beside]);
        // Nobody typed it right: nothing but slips is found, the title first all the same.
        let older = make("Астролябия", "x");
        let elsewhere = make("Дом", "астролябия");
        let titled = make("Дом астролябии", "x");
        assert_eq!(ranked("астралябия"), [titled, older, elsewhere]);
        let typed = make("Астралябия", "x");
        assert_eq!(ranked("астралябия"), [typed], "once it is there as typed, nothing is put right");
    });
}
