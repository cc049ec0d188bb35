//! Generated lives of records in several modules, with sets taken back at random, undone undos among them.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use jiff::Timestamp;
use model::{Id, Record, Value};
use serde_json::{Value as Json, json};
use store::{Conflict, Conflicts, Draft, Error, Result, Undo, Work};

use super::moments::{self, Moment};
use super::{Bare, code};
use crate::dice::{Dice, rounds, seed, turns};
use crate::people_of::people;
use crate::world::{World, create, draft, in_both};

pub(super) const MODULES: [&str; 4] = ["companies", "visits", "notes", "tasks"];

/// What a record holds and who made it when, without what counts its changes; and whether it lies in the bin.
pub(super) type State = Option<(BTreeMap<String, Json>, bool)>;

/// Every record that ever was.
pub(super) type Everything = BTreeMap<(&'static str, Id), State>;

/// A change set and what stood before and after it.
struct Act {
    set: Id,
    touched: BTreeMap<(&'static str, Id), (State, State)>,
    is_undone: bool,
}

#[derive(Clone, Debug)]
enum Step {
    Create(&'static str, Json),
    Update(&'static str, Id, Json),
    Delete(&'static str, Id),
    Restore(&'static str, Id),
    Purge(&'static str, Id),
    Shut(Id),
}

struct Life<'w> {
    world: &'w World,
    dice: Dice,
    ids: Vec<(&'static str, Id)>,
    acts: Vec<Act>,
    moments: Vec<Moment>,
    tally: BTreeMap<&'static str, usize>,
}

impl Life<'_> {
    fn some_fields(&mut self, module: &str) -> Json {
        let mut json = json!({});
        let (number, world) = (self.dice.below(1_000), self.world);
        let owner = [world.me, world.mate, world.stranger][number % 3];
        let company = self.some_id("companies");
        let visit = self.some_id("visits");
        let guests = [company, self.some_id("companies"), self.some_id("companies")];
        let dice = &mut self.dice;
        let mut some = |name: &str, value: Json| {
            if dice.one_in(2) {
                json[name] = if dice.one_in(4) { Json::Null } else { value };
            }
        };
        match module {
            "companies" => {
                some("city", json!(format!("Город {}", number % 5)));
                some("inn", json!(format!("{}", number % 6)));
                some("email", json!(format!("a{}@example.org", number % 9)));
                some("remark", json!(format!("r{number}")));
                some("owner", json!(owner));
            }
            "visits" => {
                some("story", json!(format!("Рассказ {number}")));
                some("seats", json!(number % 101));
                some("price", json!({"amount": format!("{number}.50"), "currency": "RUB"}));
                some("kinds", json!([["a"].as_slice(), &["b"], &["a", "b"]][number % 3]));
                some("code", json!(format!("c{}", number % 4)));
                some("company", json!(company));
                some("guests", json!(guests.iter().flatten().collect::<Vec<_>>()));
                some("thing", company.map_or(Json::Null, |id| json!({"module": "companies", "id": id})));
                some("host", json!(owner));
                some("extra", json!({"n": [number, null]}));
            }
            "notes" => {
                some("seats", json!(number));
                some("visit", json!(visit));
            }
            _ => some("owner", json!(owner)),
        }
        if self.dice.one_in(3) {
            json["name"] = json!(format!("Имя {number}"));
        }
        json
    }

    fn some_id(&mut self, module: &str) -> Option<Id> {
        let all: Vec<_> = self.ids.iter().filter(|(of, _)| *of == module).map(|(_, id)| *id).collect();
        (!all.is_empty()).then(|| *self.dice.pick(&all))
    }

    fn some_step(&mut self) -> Step {
        let module = *self.dice.pick(&MODULES);
        let Some(id) = self.some_id(module).filter(|_| !self.dice.one_in(4)) else {
            let mut json = self.some_fields(module);
            json["name"] = json!(format!("Начало {}", self.dice.below(1_000)));
            return Step::Create(module, json);
        };
        match self.dice.below(12) {
            0 | 1 => Step::Delete(module, id),
            2 | 3 => Step::Restore(module, id),
            4 if self.dice.one_in(2) => Step::Purge(module, id),
            5 if module == "tasks" => Step::Shut(id),
            _ => Step::Update(module, id, self.some_fields(module)),
        }
    }

    /// Some change set: one step or several.
    fn act(&mut self) {
        let steps: Vec<_> = (0..=self.dice.below(4)).map(|_| self.some_step()).collect();
        let actor = self.dice.pick(&people(self.world)).clone();
        let before = self.everything();
        let done = self.world.by(actor, move |work| {
            let made = steps.iter().map(|step| take(work, step)).collect::<Result<Vec<_>>>()?;
            Ok((made.into_iter().flatten().collect::<Vec<_>>(), work.change_set(), work.now()))
        });
        match done {
            Ok((made, Some(set), at)) => {
                self.ids.extend(made);
                self.note(set, at, &before);
            }
            Ok((_, None, _)) => {}
            // Bin, links and taken values refuse; then nothing was done.
            Err(error) => {
                let is_refusal = matches!(error, Error::Conflict { .. } | Error::NotFound { .. } | Error::Invalid(_));
                assert!(is_refusal, "{error:?}");
            }
        }
    }

    fn note(&mut self, set: Id, at: Timestamp, before: &Everything) {
        let after = self.everything();
        let was = |key| before.get(key).cloned().flatten();
        let changed = after.iter().filter(|(key, state)| was(key) != **state);
        let touched = changed.map(|(key, state)| (*key, (was(key), state.clone()))).collect();
        self.acts.push(Act { set, touched, is_undone: false });
        self.moments.push(Moment { at, set, then: after });
    }

    fn everything(&self) -> Everything {
        let ids = self.ids.clone();
        let read = self
            .world
            .run(move |work| ids.iter().map(|(module, id)| Ok(((*module, *id), state(work, module, *id)?))).collect());
        read.unwrap()
    }

    /// What change sets did to one record.
    fn told(&self, sets: &[Id], record: Id) -> String {
        let sets = sets.to_vec();
        let read = self.world.run(move |work| {
            let all = sets.iter().map(|set| work.change_set_changes(*set)).collect::<Result<Vec<_>>>()?;
            Ok(all
                .into_iter()
                .flatten()
                .filter(|((_, id), _)| *id == record)
                .map(|(_, entry)| entry)
                .collect::<Vec<_>>())
        });
        format!("{:#?}", read.unwrap())
    }

    fn undo(&mut self) {
        if self.acts.is_empty() {
            return;
        }
        // Mostly something recent: what is long past has mostly changed since.
        let reach = if self.dice.one_in(3) { 40 } else { 3 };
        let back = self.dice.below(self.acts.len().min(reach));
        let place = self.acts.len() - 1 - back;
        let (set, before) = (self.acts[place].set, self.everything());
        let actor = self.dice.pick(&people(self.world)).clone();
        let mut at = Timestamp::MIN;
        let is_in_turns = self.dice.one_in(2);
        let size = is_in_turns.then(|| 1 + self.dice.below(3));
        let done = self.world.by(actor, move |work| Ok((taken_back(work, set, size)?, work.now())));
        let done = done.map(|(done, moment)| {
            at = moment;
            done
        });
        let after = self.everything();
        let act = &self.acts[place];
        let kind = match done {
            Ok(Taken { conflicts, .. }) if !conflicts.is_empty() => {
                assert!(!act.is_undone);
                conflicts.iter().for_each(|conflict| is_true(conflict, &after, act));
                "conflict"
            }
            Ok(Taken { new, left: stays, .. }) => {
                assert!(!act.is_undone, "nothing is taken back twice");
                for (key, state) in &after {
                    match act.touched.get(key) {
                        _ if stays.contains(&key.1) => assert_eq!(state, &before[key], "{key:?} was left"),
                        // What was made lies in the bin, as it was.
                        Some((None, _)) => assert!(state.as_ref().is_none_or(|(_, in_bin)| *in_bin), "{key:?}"),
                        Some((was, left)) => {
                            let wanted = brought_back(was, left, &before[key]);
                            let sets: Vec<Id> = [set].into_iter().chain(new).collect();
                            assert_eq!(state, &wanted, "{key:?} is what it was before {}", self.told(&sets, key.1));
                        }
                        None => assert_eq!(state, &before[key], "{key:?} was not touched"),
                    }
                }
                if let Some(new) = new {
                    self.acts[place].is_undone = true;
                    self.note(new, at, &before);
                }
                match new {
                    Some(_) if stays.is_empty() && is_in_turns => "done in turns",
                    Some(_) if stays.is_empty() => "done",
                    Some(_) => "left",
                    None => "nothing done",
                }
            }
            Err(error) => {
                let why = code(&error);
                match why {
                    "already_undone" => assert!(act.is_undone),
                    "nothing_to_undo" => {
                        for (key, (was, left)) in &act.touched {
                            let in_bin = |state: &State| state.as_ref().is_none_or(|(_, in_bin)| *in_bin);
                            let is_back = after[key] == brought_back(was, left, &after[key]);
                            let is_back = is_back || was.is_none() && in_bin(&after[key]);
                            assert!(is_back, "{key:?} is as it was: {:?}, {was:?}", after[key]);
                        }
                    }
                    "undo_conflict" => refused_with_reason(&error),
                    other => panic!("{other}: {error:?}"),
                }
                why
            }
        };
        if !["done", "done in turns", "left"].contains(&kind) {
            assert_eq!(after, before, "a refusal changes nothing");
        }
        let count = self.tally.entry(kind).or_default();
        *count += 1;
        // Words and identities are those of the records again.
        if kind.starts_with("done") && count.is_multiple_of(8) {
            self.stands();
        }
    }

    /// Index, identities and log fit the records.
    fn stands(&self) {
        let report = self.world.workspace.check(None).unwrap();
        assert!(report.is_fine(), "{report:#?}");
    }
}

/// What came of taking a set back.
struct Taken {
    new: Option<Id>,
    /// Records that were left as they stand.
    left: BTreeSet<Id>,
    conflicts: Vec<Conflict>,
}

/// Takes a set back at once, or in turns over so many changes each.
fn taken_back(work: &mut Work<'_>, set: Id, size: Option<usize>) -> Result<Taken> {
    let Some(size) = size else {
        return Ok(match work.undo(set, Conflicts::Refuse, &Bare)? {
            Undo::Done(new) => Taken { new: Some(new), left: BTreeSet::new(), conflicts: Vec::new() },
            Undo::Conflicts(conflicts) => Taken { new: None, left: BTreeSet::new(), conflicts },
            Undo::UnderWay(course) => panic!("{course:?}"),
        });
    };
    let mut course = work.begin_undo(set, Conflicts::Refuse)?;
    while !course.phase.is_over() {
        course = work.undo_turn(set, size, &Bare)?;
    }
    if let Some(("nothing_to_undo", words)) = course.refusal() {
        return Err(Error::conflict("nothing_to_undo", words));
    }
    let left = course.left().iter().map(|left| left.record).collect();
    Ok(Taken { new: course.undone_by, left, conflicts: course.conflicts().to_vec() })
}

/// What a record is when a set that found it as `was` and left it as `left` is taken back: fields that the set did not
/// touch stay what they are `now`.
fn brought_back(was: &State, left: &State, now: &State) -> State {
    let (Some((was, in_bin)), Some((left, _)), Some((now, _))) = (was, left, now) else { return was.clone() };
    let side = |field: &String| if was[field] == left[field] { now[field].clone() } else { was[field].clone() };
    Some((was.keys().map(|field| (field.clone(), side(field))).collect(), *in_bin))
}

/// A conflict names a value that stands there, and that is neither what the set left nor what it found.
fn is_true(conflict: &Conflict, everything: &Everything, act: &Act) {
    let key = everything.keys().find(|(_, id)| *id == conflict.record).unwrap();
    let state = &everything[key];
    match (conflict.field.as_str(), state) {
        ("id", state) => assert!(state.is_none()),
        ("deleted_at", Some((_, in_bin))) => {
            assert_eq!(*in_bin, !conflict.now.is_null());
            assert_ne!(conflict.now, conflict.after);
        }
        (field, Some((values, _))) => {
            assert_eq!(values.get(field).unwrap_or(&Json::Null), &conflict.now, "{conflict:?}");
            assert_ne!(conflict.now, conflict.after, "{conflict:?}");
            // What was made and is empty now was changed all the same.
            let is_made = act.touched.get(key).is_some_and(|(was, _)| was.is_none());
            assert!(is_made || conflict.now != conflict.before, "{conflict:?}");
        }
        (_, None) => panic!("{conflict:?} of what is gone"),
    }
    assert!(conflict.changed.is_some(), "somebody changed it: {conflict:?}");
}

/// What cannot stand again says which field and why.
fn refused_with_reason(error: &Error) {
    let Error::Conflict { errors, .. } = error else { panic!("{error:?}") };
    let known = |code: &str| ["duplicate", "not_found", "linked"].contains(&code);
    assert!(!errors.is_empty() && errors.iter().all(|error| known(&error.code)), "{errors:?}");
}

fn take(work: &mut Work<'_>, step: &Step) -> Result<Option<(&'static str, Id)>> {
    match step {
        Step::Create(module, json) => return Ok(Some((module, create(work, module, json)?))),
        Step::Update(module, id, json) => {
            let draft = draft(work, module, json)?;
            work.update(module, *id, draft, None)?;
        }
        Step::Delete(module, id) => drop(work.delete(module, *id, None)?),
        Step::Restore(module, id) => drop(work.restore(module, *id)?),
        Step::Purge(module, id) => work.purge(module, *id, None)?,
        Step::Shut(id) => {
            let shut = Draft::new().set("status", "shut");
            drop(work.as_process(|work| work.update("tasks", *id, shut, None))?);
        }
    }
    Ok(None)
}

fn state(work: &mut Work<'_>, module: &str, id: Id) -> Result<State> {
    match work.as_process(|work| work.get(module, id)) {
        Err(Error::NotFound { .. }) => Ok(None),
        record => Ok(said(&record?)),
    }
}

pub(super) fn said(record: &Record) -> State {
    let fields = record.module.fields.iter().zip(&record.values);
    let mut values: BTreeMap<_, _> = fields.map(|(field, value)| (field.name.clone(), value.to_json())).collect();
    values.insert("owner".to_owned(), record.owner.map_or(Value::Null, Value::Id).to_json());
    values.insert("created_at".to_owned(), json!(record.created_at));
    values.insert("created_by".to_owned(), json!(record.created_by));
    Some((values, record.deleted_at.is_some()))
}

#[test]
fn what_is_taken_back_is_as_it_was() {
    let (seed, started, tallies) = (seed(53), Instant::now(), RefCell::new(BTreeMap::new()));
    for turn in turns(8) {
        in_both(|world| {
            let mut tallies = tallies.borrow_mut();
            let tally: &mut BTreeMap<_, _> = tallies.entry(world.database.name).or_default();
            turn.clone().for_each(|round| lead(world, seed, round, tally));
        });
    }
    for (name, tally) in tallies.into_inner() {
        let (rounds, took) = (rounds(8), started.elapsed());
        eprintln!("proved: undo on {name}: {rounds} rounds, {tally:?}, both in {took:.1?}");
        assert!(tally["done"] > 15 && tally["done in turns"] > 15, "the dice try both: {tally:?}");
        assert!(tally["conflict"] > 5, "and meet what has changed since: {tally:?}");
        assert!(tally["moments"] > 150 && tally["as of"] > 3_000, "and every moment is looked back to: {tally:?}");
    }
}

/// One life, counted in with those before it.
fn lead(world: &World, seed: u64, round: u64, tally: &mut BTreeMap<&'static str, usize>) {
    eprintln!("seed {seed}, round {round}");
    let dice = Dice::new(seed.wrapping_mul(1_000).wrapping_add(round));
    let (ids, acts, moments) = (Vec::new(), Vec::new(), Vec::new());
    let mut life = Life { world, dice, ids, acts, moments, tally: std::mem::take(tally) };
    for _ in 0..60 {
        life.act();
        if life.dice.one_in(2) {
            life.undo();
        }
    }
    life.stands();
    if round.is_multiple_of(2) {
        *life.tally.entry("moments").or_default() += life.moments.len();
        *life.tally.entry("as of").or_default() += moments::check(world, &life.moments);
    }
    *tally = life.tally;
}
