//! Search under rights: what somebody may not see is not found, not counted, and makes no difference to what they find.

use std::collections::BTreeSet;

use model::{Actor, Id};
use serde_json::json;
use store::{List, Result, Work};

use crate::dice::{Dice, seed, turns};
use crate::pack::changed;
use crate::world::{World, ids, in_both};

/// What is found in the box, in the list, and how many are counted and suggested: all the same records.
fn found(world: &World, actor: Actor, text: &str) -> BTreeSet<Id> {
    let text = text.to_owned();
    let look = move |work: &mut Work<'_>| -> Result<BTreeSet<Id>> {
        let hits = work.search(&text, 500)?;
        let box_finds: BTreeSet<Id> = hits.iter().filter(|hit| hit.module == "companies").map(|hit| hit.id).collect();
        let modules = ["companies".to_owned()];
        let module_finds: BTreeSet<Id> = work.search_in(&modules, &text, 500)?.iter().map(|hit| hit.id).collect();
        let list = List { text: Some(text.clone()), limit: 100, ..List::default() };
        let listed: BTreeSet<Id> = ids(work, "companies", list.clone())?.into_iter().collect();
        let counted = usize::try_from(work.count("companies", &list, None)?).unwrap();
        assert_eq!(box_finds, module_finds, "{text}");
        assert_eq!((&box_finds, box_finds.len()), (&listed, counted), "{text}: the box, the list, the count");
        Ok(listed)
    };
    world.see(actor, look).unwrap()
}

const NAMES: [&str; 5] = ["Берёзкин", "Осинина", "Кленовский", "Sponsoring", "Exhibits"];
/// What is typed: as it stands, another form, a beginning, a slip; by the place of the name.
const TYPED: [(&str, usize); 15] = [
    ("берёзкин", 0),
    ("БЕРЕЗКИНЫМ", 0),
    ("бер", 0),
    ("беерзкин", 0),
    ("осинина", 1),
    ("осинину", 1),
    ("осенина", 1),
    ("кленовск", 2),
    ("клиновский", 2),
    ("кленовскому", 2),
    ("sponsored", 3),
    ("spon", 3),
    ("sponzoring", 3),
    ("exhibiting", 4),
    ("exhbits", 4),
];

/// Companies of all kinds of owners; what each role finds is what it would find if the others' were not there.
#[test]
fn nobody_finds_what_they_do_not_see() {
    for turn in turns(3) {
        in_both(|world| turn.clone().for_each(|round| finds_their_own(world, round)));
    }
}

fn finds_their_own(world: &World, round: u64) {
    let mut dice = Dice::new(seed(17).wrapping_add(round));
    let owners = [Some(world.me), Some(world.mate), Some(world.stranger), None];
    let made: Vec<(usize, Option<Id>, Id)> = (0..24)
        .map(|_| {
            let (name, owner) = (dice.below(NAMES.len()), *dice.pick(&owners));
            (name, owner, world.make("companies", &json!({"name": NAMES[name], "owner": owner})))
        })
        .collect();
    for (role, sees) in [
        ("own_none", &[Some(world.me), None][..]),
        ("team_none", &[Some(world.me), Some(world.mate), None][..]),
        ("all_none", &owners[..]),
    ] {
        for (text, name) in TYPED {
            let wanted: BTreeSet<Id> = made
                .iter()
                .filter(|(of, owner, _)| *of == name && sees.contains(owner))
                .map(|(_, _, id)| *id)
                .collect();
            assert_eq!(found(world, world.as_role(&[role]), text), wanted, "{role} types {text}, round {round}");
        }
    }
    let nothing = world.see(world.as_role(&["none_none"]), |work| work.search("берёзкин", 9)).unwrap();
    assert_eq!(nothing, []);
    for (_, _, id) in made {
        world.run(move |work| work.purge("companies", id, None)).unwrap();
    }
}

/// A slip is put right for whoever finds nothing without: somebody else's record with just these letters is not there for
/// them, and must not tell of itself by what is no longer found.
#[test]
fn what_is_not_seen_makes_no_difference_to_a_slip() {
    in_both(|world| {
        let mine = world.make("companies", &json!({"name": "Берёзкин", "owner": world.me}));
        let own = || world.as_role(&["own_none"]);
        assert_eq!(found(world, own(), "бирёзкин"), BTreeSet::from([mine]));
        let other = world.make("companies", &json!({"name": "Бирёзкин", "owner": world.stranger}));
        assert_eq!(found(world, own(), "бирёзкин"), BTreeSet::from([mine]), "as before");
        assert_eq!(found(world, world.as_role(&["all_none"]), "бирёзкин"), BTreeSet::from([other]));
        // One work, two pairs of eyes: neither takes over what the other found.
        let list = || List { text: Some("бирёзкин".to_owned()), limit: 9, ..List::default() };
        let both = world.see(own(), move |work| {
            let product = work.as_process(|work| ids(work, "companies", list()))?;
            Ok((product, ids(work, "companies", list())?))
        });
        assert_eq!(both.unwrap(), (vec![other], vec![mine]));
    });
}

/// A field that some role may not see is searched by nobody; hidden later it is forgotten, shown again it is found again.
#[test]
fn what_a_role_may_not_see_is_not_found_by_it() {
    in_both(|world| {
        let id = world.make("companies", &json!({"name": "zebra", "city": "Екатеринбург", "remark": "hushhush"}));
        let people = [world.as_role(&["clerk"]), world.as_role(&["chief"])];
        let finds = |text: &str| people.clone().map(|actor| found(world, actor, text).len());
        let asked = ["hushhush", "hush", "hushush", "s3cr3tzzz"];
        asked.iter().for_each(|text| assert_eq!(finds(text), [0, 0], "{text}"));
        for text in ["екатеринбурге", "екат", "екатиринбург"] {
            assert_eq!(finds(text), [1, 1], "{text}");
        }
        let (before, after) = (
            "hidden = [\"remark\"]\nread_only = [\"city\", \"owner\"]",
            "hidden = [\"remark\", \"city\"]\nread_only = [\"owner\"]",
        );
        let hide = changed("roles/clerk.toml", before, after);
        world.workspace.apply_pack(&hide).unwrap();
        for text in ["екатеринбурге", "екат", "екатиринбург", "екатеринбург"] {
            assert_eq!(finds(text), [0, 0], "{text} once it is hidden");
        }
        let told = world.see(world.as_role(&["clerk"]), |work| work.search("zebra", 9)).unwrap();
        assert_eq!((told[0].id, told[0].subtitle.as_str()), (id, ""), "nor does it stand beside the title");
        world.change("companies", id, &json!({"city": "Пермь"})).unwrap();
        assert_eq!(finds("пермь"), [0, 0], "nor does a later value come in");
        world.workspace.apply_pack(&crate::pack::pack()).unwrap();
        assert_eq!((finds("перми"), finds("екатеринбург")), ([1, 1], [0, 0]), "shown again");
        assert!(world.workspace.check(None).unwrap().is_fine());
    });
}
