//! The rights matrix: every way to read or write, for every pair of scopes, against a naive judgement in memory.

use std::collections::{BTreeMap, BTreeSet};

use model::rights::Scope;
use model::{Actor, Id};
use serde_json::json;
use store::{Draft, Error, List, Result, Work};

use crate::pack::SCOPES;
use crate::world::{World, create, draft, ids, in_both, rolled_back, user};

const MODULES: [&str; 3] = ["companies", "visits", "notes"];

/// Whose a record is, through however many links.
#[derive(Clone, Copy, Debug)]
enum Whose {
    Users(Id),
    Nobodys,
    /// It belongs to nothing that could have an owner.
    Unreachable,
}

#[derive(Clone, Copy, Debug)]
struct Known {
    module: &'static str,
    whose: Whose,
    deleted: bool,
}

type Records = BTreeMap<Id, Known>;

fn may(scope: Scope, whose: Whose, me: Id, mate: Id) -> bool {
    match (scope, whose) {
        (Scope::None, _) => false,
        (Scope::All, _) => true,
        (_, Whose::Unreachable) => false,
        (_, Whose::Nobodys) => true,
        (Scope::Own, Whose::Users(owner)) => owner == me,
        (Scope::Team, Whose::Users(owner)) => owner == me || owner == mate,
    }
}

fn scope(name: &str) -> Scope {
    [Scope::None, Scope::Own, Scope::Team, Scope::All][SCOPES.iter().position(|known| *known == name).unwrap()]
}

/// Companies of each owner with a visit and a note each, one branch in the bin, and what belongs to nothing.
fn populate(world: &World) -> Records {
    let owners = [Some(world.me), Some(world.mate), Some(world.stranger), None];
    world
        .run(move |work| {
            let mut all = Records::new();
            for (owner, deleted) in owners.into_iter().flat_map(|owner| [(owner, false), (owner, true)]) {
                let whose = owner.map_or(Whose::Nobodys, Whose::Users);
                let company = create(work, "companies", &json!({"name": "zebra", "worth": 1, "owner": owner}))?;
                let visit = create(work, "visits", &json!({"name": "zebra", "seats": 1, "company": company}))?;
                let note = create(work, "notes", &json!({"name": "zebra", "seats": 1, "visit": visit}))?;
                for (module, id) in MODULES.into_iter().zip([company, visit, note]) {
                    if deleted {
                        work.delete(module, id, None)?;
                    }
                    all.insert(id, Known { module, whose, deleted });
                }
            }
            for module in ["visits", "notes"] {
                let id = create(work, module, &json!({"name": "zebra", "seats": 1}))?;
                all.insert(id, Known { module, whose: Whose::Unreachable, deleted: false });
            }
            Ok(all)
        })
        .unwrap()
}

struct Case {
    records: Records,
    read: Scope,
    write: Scope,
    me: Id,
    mate: Id,
    set: Id,
}

impl Case {
    fn of(&self, module: &str, deleted: impl Fn(bool) -> bool) -> BTreeSet<Id> {
        let reads = |known: &Known| {
            known.module == module && deleted(known.deleted) && may(self.read, known.whose, self.me, self.mate)
        };
        self.records.iter().filter(|(_, known)| reads(known)).map(|(id, _)| *id).collect()
    }

    fn check(&self, work: &mut Work<'_>) -> Result<()> {
        for module in MODULES {
            self.check_reading(work, module)?;
        }
        let seen: BTreeSet<Id> =
            work.change_set_changes(self.set, 0, 10_000)?.changes.into_iter().map(|((_, id), _)| id).collect();
        assert_eq!(seen, MODULES.iter().flat_map(|module| self.of(module, |_| true)).collect());
        for (id, known) in &self.records {
            self.check_one(work, *id, *known)?;
        }
        Ok(())
    }

    fn check_reading(&self, work: &mut Work<'_>, module: &str) -> Result<()> {
        let present = self.of(module, |deleted| !deleted);
        let count = i64::try_from(present.len()).unwrap();
        let number = if module == "companies" { "worth" } else { "seats" };
        let set = |ids: Vec<Id>| ids.into_iter().collect::<BTreeSet<_>>();
        let list = |limit| List { limit, ..List::default() };
        assert_eq!(set(ids(work, module, list(2))?), present, "list");
        assert_eq!(
            set(ids(work, module, List { deleted: true, ..list(2) })?),
            self.of(module, |deleted| deleted),
            "bin"
        );
        assert_eq!(set(ids(work, module, List { text: Some("zebra".to_owned()), ..list(3) })?), present, "full text");
        assert_eq!(work.count(module, &List::default(), None)?, count, "count");
        assert_eq!(work.count(module, &List::default(), Some(1))?, count.min(2), "count to a limit");
        for text in ["name == \"zebra\"", "name == \"zebra\" || true", "!(name == \"other\") || has(name)"] {
            let filter = Some(work.filter(module, text)?);
            assert_eq!(set(ids(work, module, List { filter: filter.clone(), ..list(500) })?), present, "{text}");
            let any = |one| if count == 0 { vec![] } else { vec![one] };
            let counts: Vec<_> = work.counts(module, filter.clone(), &["name"])?.iter().map(|it| it.count).collect();
            assert_eq!(counts, any(count), "counts");
            let whole = work.totals(module, &List { filter, ..List::default() }, &[number])?.remove(0);
            let sums: Vec<_> = whole.totals.values().flatten().map(|total| total.sum.as_int().unwrap()).collect();
            assert_eq!((whole.count, sums), (count, any(count)), "totals");
        }
        let everything = work.filter(module, "true")?;
        assert_eq!(
            work.find(module, everything)?.iter().map(|record| record.id).collect::<BTreeSet<_>>(),
            present,
            "find"
        );
        let hits = work.search("zebr", 200)?;
        assert_eq!(
            hits.into_iter().filter(|hit| hit.module == module).map(|hit| hit.id).collect::<BTreeSet<_>>(),
            present,
            "search"
        );
        let alone = [module.to_owned()];
        for hits in [work.search_in(&alone, "zebr", 200)?, work.latest_in(&alone, 200)?] {
            assert!(hits.iter().all(|hit| hit.module == module), "of the module alone");
            assert_eq!(hits.into_iter().map(|hit| hit.id).collect::<BTreeSet<_>>(), present, "search of a module");
        }
        let every: BTreeSet<Id> = self.records.keys().copied().collect();
        let titled = work.titles(module, &every)?.into_keys().collect::<BTreeSet<_>>();
        assert_eq!(titled, self.of(module, |_| true), "titles");
        Ok(())
    }

    fn check_one(&self, work: &mut Work<'_>, id: Id, known: Known) -> Result<()> {
        let reads = may(self.read, known.whose, self.me, self.mate);
        let writes = may(self.write, known.whose, self.me, self.mate);
        let module = work.module(known.module)?;
        assert_eq!(work.get(known.module, id).is_ok(), reads, "get");
        assert_eq!(work.history(&module, id, None, 10).is_ok(), reads, "history");
        let judge = |what: &str, result: Result<()>| match result {
            Ok(()) => assert!(reads && writes, "{what} went through for {known:?}"),
            Err(Error::NotFound { .. }) => assert!(!reads, "{what} denies {known:?}"),
            Err(Error::Forbidden { .. }) => assert!(reads && !writes, "{what} forbids {known:?}"),
            Err(Error::Conflict { code: "deleted", .. }) => {
                assert!(reads && writes && known.deleted, "{what} says too much of {known:?}")
            }
            Err(other) => panic!("{what}: {other:?}"),
        };
        judge("the check", work.check_may_update(known.module, id));
        judge(
            "an update",
            work.attempt(|work| work.update(known.module, id, Draft::new().set("name", "lion"), None).map(drop)),
        );
        judge("a deletion", work.attempt(|work| work.delete(known.module, id, None).map(drop)));
        judge("a restoration", work.attempt(|work| work.restore(known.module, id).map(drop)));
        let purged = work.attempt(|work| work.purge(known.module, id, None));
        assert!(matches!(purged, Err(Error::NotFound { .. } | Error::Forbidden { .. })), "nobody here may purge");
        Ok(())
    }
}

#[test]
fn every_door_agrees_with_the_naive_judgement() {
    in_both(|world| {
        let records = populate(world);
        let any = *records.keys().next().unwrap();
        let set = world
            .run(move |work| {
                let companies = work.module("companies")?;
                Ok(work.history(&companies, any, None, 1)?[0].change_set)
            })
            .unwrap();
        for (read, write) in SCOPES.iter().flat_map(|read| SCOPES.iter().map(move |write| (*read, *write))) {
            let case = Case {
                records: records.clone(),
                read: scope(read),
                write: scope(write),
                me: world.me,
                mate: world.mate,
                set,
            };
            let role = format!("{read}_{write}");
            let ended = world.by(world.as_role(&[role.as_str()]), move |work| {
                case.check(work)?;
                Err::<(), _>(rolled_back())
            });
            assert!(matches!(ended, Err(Error::Conflict { code: "rolled_back", .. })), "{role}: {ended:?}");
        }
    });
}

#[test]
fn rights_of_several_roles_add_up() {
    in_both(|world| {
        let records = populate(world);
        let readable = records.values().filter(|known| known.module == "companies" && !known.deleted).count();
        let seen = |roles: &[&str]| {
            world.see(world.as_role(roles), |work| work.count("companies", &List::default(), None)).unwrap()
        };
        assert_eq!(seen(&["own_none"]), 2);
        assert_eq!(seen(&["own_none", "team_none"]), 3);
        assert_eq!(seen(&["none_none", "all_none"]), i64::try_from(readable).unwrap());
        assert_eq!(seen(&[]), 0);
        assert_eq!(world.see(Actor::Public, |work| work.count("companies", &List::default(), None)).unwrap(), 0);
        assert!(matches!(
            world.by(Actor::Public, |work| create(work, "companies", &json!({"name": "x"}))),
            Err(Error::Forbidden { .. })
        ));
    });
}

/// `clerk` changes every company and hides its remark; `own_own` shows and changes all of one's own.
#[test]
fn rights_of_several_roles_never_cross() {
    in_both(|world| {
        let owned = |owner| world.make("companies", &json!({"name": "x", "remark": "secret", "owner": owner}));
        let (own, foreign) = (owned(world.me), owned(world.stranger));
        let both = world.as_role(&["clerk", "own_own"]);
        let remarks = |id| {
            world
                .see(both.clone(), move |work| Ok(work.get("companies", id)?.text("remark").map(str::to_owned)))
                .unwrap()
        };
        assert_eq!((remarks(own), remarks(foreign)), (None, None));
        let may = |id, role: &'static str| {
            world.see(both.clone(), move |work| work.may_update_by("companies", id, &[role.to_owned()])).unwrap()
        };
        assert!(may(own, "own_own") && !may(foreign, "own_own") && may(foreign, "clerk"));
        assert!(!may(own, "chief"), "a role that one does not have");
    });
}

#[test]
fn a_narrowed_token_reads_and_does_not_write() {
    in_both(|world| {
        let company = world.make("companies", &json!({"name": "x"}));
        let narrowed = |scope: &str| match world.as_role(&["chief"]) {
            Actor::User(user) => Actor::User(Box::new(model::actor::User { scopes: vec![scope.to_owned()], ..*user })),
            other => other,
        };
        let tried = |scope: &str| {
            world
                .by(narrowed(scope), move |work| work.update("companies", company, Draft::new().set("name", "y"), None))
        };
        assert!(matches!(tried("read"), Err(Error::Forbidden { .. })));
        assert!(matches!(tried("companies:read"), Err(Error::Forbidden { .. })));
        assert!(matches!(tried("visits:write"), Err(Error::NotFound { .. })));
        assert!(tried("companies:write").is_ok());
        let added = world.by(narrowed("write"), |work| work.add_user(&user("late", "chief")));
        assert!(matches!(added, Err(Error::Forbidden { .. })), "a narrowed token administers nothing");
    });
}

#[test]
fn an_owner_is_an_active_user_and_changes_hands() {
    in_both(|world| {
        let unknown = world.run(|work| create(work, "companies", &json!({"name": "x", "owner": Id::new()})));
        assert_eq!(crate::world::faults(&unknown.unwrap_err()), [("owner".to_owned(), "not_found".to_owned())]);
        let company = world.make("companies", &json!({"name": "x", "owner": world.me}));
        let stranger = world.stranger;
        let given = world.by(world.as_role(&["own_own"]), move |work| {
            let draft = draft(work, "companies", &json!({"owner": stranger}))?;
            work.update("companies", company, draft, None)
        });
        assert_eq!(given.unwrap().owner, Some(stranger));
        let lost = world.see(world.as_role(&["own_own"]), move |work| work.get("companies", company));
        assert!(matches!(lost, Err(Error::NotFound { .. })));
    });
}
