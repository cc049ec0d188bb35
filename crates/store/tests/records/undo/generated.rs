//! Generated lives of records in several modules, with sets taken back at random, undone undos among them.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use jiff::Timestamp;
use model::{Id, Record, Value};
use serde_json::{Value as Json, json};
use store::{Conflict, Conflicts, Draft, Error, Result, Undo, Work};

use super::moments::{self, Moment};
use super::wanted::{self, Touched};
use super::{Bare, code};
use crate::as_of::some_visit;
use crate::dice::{Dice, rounds, seed, turns};
use crate::pack::changed;
use crate::people_of::people;
use crate::world::{World, create, draft, in_both};

pub(super) const MODULES: [&str; 4] = ["companies", "visits", "notes", "tasks"];

/// What a record holds and who made it when, without what counts its changes; and whether it lies in the bin.
pub(super) type State = Option<(BTreeMap<String, Json>, bool)>;

/// Every record that ever was.
pub(super) type Everything = BTreeMap<(&'static str, Id), State>;

/// A change set and what it did.
struct Act {
    set: Id,
    touched: BTreeMap<(&'static str, Id), Touched>,
    /// The act that took it back.
    undone_by: Option<usize>,
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
    tally: BTreeMap<String, usize>,
}

impl Life<'_> {
    fn some_fields(&mut self, module: &str) -> Json {
        let linked: Vec<Id> = self.some_id("companies").into_iter().collect();
        let mut json = match module {
            "visits" if !linked.is_empty() => some_visit(&mut self.dice, self.world, &linked),
            _ => json!({}),
        };
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
                some("code", json!(format!("c{}", number % 4)));
                some("guests", json!(guests.iter().flatten().collect::<Vec<_>>()));
                some("tags", json!([["свои"].as_slice(), &["Ёлка", "vip"], &["vip", "свои"]][number % 3]));
                some("site", json!(format!("https://example.org/{number}")));
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
        let touched = changed.map(|(key, became)| {
            let (was, is_again) = (was(key), before.contains_key(key));
            (*key, Touched { was, became: became.clone(), is_again })
        });
        let touched = touched.collect();
        self.acts.push(Act { set, touched, undone_by: None });
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
            let all = sets.iter().map(|set| work.change_set_changes(*set, 0, 1_000)).collect::<Result<Vec<_>>>()?;
            Ok(all
                .into_iter()
                .flat_map(|found| found.changes)
                .filter(|((_, id), _)| *id == record)
                .map(|(_, entry)| entry)
                .collect::<Vec<_>>())
        });
        format!("{:#?}", read.unwrap())
    }

    /// The act that is taken back where this one is asked for: where it was done again, the undo that did so; nothing where
    /// it is taken back by now.
    fn standing(&self, place: usize) -> Option<usize> {
        let (mut last, mut stands) = (place, true);
        while let Some(undo) = self.acts[last].undone_by {
            (last, stands) = (undo, !stands);
        }
        stands.then_some(last)
    }

    fn undo(&mut self) {
        if self.acts.is_empty() {
            return;
        }
        // Mostly something recent: what is long past has mostly changed since.
        let reach = if self.dice.one_in(3) { 40 } else { 3 };
        let back = self.dice.below(self.acts.len().min(reach));
        let asked = self.acts.len() - 1 - back;
        let (set, before) = (self.acts[asked].set, self.everything());
        let actor = self.dice.pick(&people(self.world)).clone();
        let choice = *self.dice.pick(&[Conflicts::Refuse, Conflicts::Keep, Conflicts::Overwrite]);
        let is_in_turns = self.dice.one_in(2);
        let size = is_in_turns.then(|| 1 + self.dice.below(3));
        let done = self.world.by(actor, move |work| Ok((taken_back(work, set, choice, size)?, work.now())));
        let after = self.everything();
        let kind = match (done, self.standing(asked)) {
            (Ok((taken, at)), Some(place)) => self.took_back(place, choice, taken, at, (&before, &after)),
            (Ok(_), None) => panic!("nothing is taken back twice"),
            (Err(error), stands) => self.refused(stands, choice, &error, &after),
        };
        if let Some(refusal) = kind.strip_prefix("refused: ") {
            assert_eq!(after, before, "a refusal changes nothing: {refusal}");
        }
        let kind = if is_in_turns { format!("{kind} in turns") } else { kind };
        let count = self.tally.entry(kind.clone()).or_default();
        *count += 1;
        // Words and identities are those of the records again.
        if kind.starts_with("done") && count.is_multiple_of(8) {
            self.stands();
        }
    }

    /// What came out is what had to, record by record.
    fn took_back(
        &mut self,
        place: usize,
        choice: Conflicts,
        taken: Taken,
        at: Timestamp,
        (before, after): (&Everything, &Everything),
    ) -> String {
        let act = &self.acts[place];
        let Taken { new, left, conflicts } = taken;
        if !conflicts.is_empty() {
            for conflict in &conflicts {
                is_true(conflict, after, act);
                assert!(choice == Conflicts::Refuse || conflict.is_of_stage(), "a field was decided: {conflict:?}");
            }
            return "refused: changed since".to_owned();
        }
        let sets: Vec<Id> = [act.set].into_iter().chain(new).collect();
        let mut kept = 0;
        for (key, state) in after {
            let Some(touched) = act.touched.get(key).filter(|_| !left.contains(&key.1)) else {
                assert_eq!(state, &before[key], "{key:?} was not touched, or was left");
                continue;
            };
            let wanted = wanted::brought_back(choice, touched, &before[key]);
            assert_eq!(state, &wanted, "{key:?} by {choice:?} after {}", self.told(&sets, key.1));
            kept += usize::from(wanted != wanted::brought_back(Conflicts::Overwrite, touched, &before[key]));
        }
        assert!(choice == Conflicts::Keep || kept == 0);
        if let Some(new) = new {
            self.acts[place].undone_by = Some(self.acts.len());
            self.note(new, at, before);
        }
        let kind = match new {
            Some(_) if !left.is_empty() => "done, some left",
            Some(_) if kept > 0 => "done, some kept",
            Some(_) => "done",
            None => "refused: nothing done",
        };
        match choice {
            Conflicts::Overwrite if new.is_some() => format!("{kind} by overwrite"),
            _ => kind.to_owned(),
        }
    }

    /// Nothing was done, and the reason is true.
    fn refused(&self, stands: Option<usize>, choice: Conflicts, error: &Error, now: &Everything) -> String {
        let why = code(error);
        let Some(place) = stands else {
            assert_eq!(why, "already_undone", "{error:?}");
            return "refused: already undone".to_owned();
        };
        let Error::Conflict { errors, .. } = error else { panic!("{error:?}") };
        match why {
            "nothing_to_undo" | "undo_conflict" if errors.is_empty() => {
                let (mut stays, is_kept) = (true, why == "undo_conflict");
                for (key, touched) in &self.acts[place].touched {
                    stays &= now[key] == wanted::brought_back(choice, touched, &now[key]);
                }
                assert!(stays, "there was something to do: {error:?}");
                assert!(!is_kept || choice == Conflicts::Keep, "{error:?}");
            }
            "undo_conflict" => refused_with_reason(error),
            other => panic!("{other}: {error:?}"),
        }
        format!("refused: {why}")
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
fn taken_back(work: &mut Work<'_>, set: Id, choice: Conflicts, size: Option<usize>) -> Result<Taken> {
    let Some(size) = size else {
        return Ok(match work.undo(set, choice, &Bare)? {
            Undo::Done(new) => Taken { new: Some(new), left: BTreeSet::new(), conflicts: Vec::new() },
            Undo::Conflicts(conflicts) => Taken { new: None, left: BTreeSet::new(), conflicts },
            Undo::UnderWay(course) => panic!("{course:?}"),
        });
    };
    let mut course = work.begin_undo(set, choice, &Bare)?;
    while !course.phase.is_over() {
        course = work.undo_turn(course.set, size, &Bare)?;
    }
    assert!(choice == Conflicts::Keep || course.kept_count() == 0);
    assert_eq!(course.undone_count() > 0, course.undone_by.is_some(), "{course:?}");
    if let Some(("nothing_to_undo", words)) = course.refusal() {
        return Err(Error::conflict("nothing_to_undo", words));
    }
    let left = course.left().iter().map(|left| left.record).collect();
    Ok(Taken { new: course.undone_by, left, conflicts: course.conflicts().to_vec() })
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
            let is_made = act.touched.get(key).is_some_and(|touched| touched.was.is_none());
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
    let own = "  { name = \"tags\", type = \"multi_choice\", open = true },\n";
    let company = "  { name = \"company\", type = \"link\"";
    let with_tags = changed("modules/visits.toml", company, &format!("{own}{company}"));
    for turn in turns(8) {
        in_both(|world| {
            world.workspace.apply_pack(&with_tags).unwrap();
            let mut tallies = tallies.borrow_mut();
            let tally: &mut BTreeMap<_, _> = tallies.entry(world.database.name).or_default();
            turn.clone().for_each(|round| lead(world, seed, round, tally));
        });
    }
    for (name, tally) in tallies.into_inner() {
        let (rounds, took) = (rounds(8), started.elapsed());
        eprintln!("proved: undo on {name}: {rounds} rounds, {tally:?}, both in {took:.1?}");
        let sum = |is_meant: &dyn Fn(&str) -> bool| -> usize {
            tally.iter().filter(|(kind, _)| is_meant(kind)).map(|(_, count)| count).sum()
        };
        let of = |kinds: &str| sum(&|kind| kind.starts_with(kinds));
        let in_turns = sum(&|kind| kind.ends_with("in turns"));
        assert!(of("done") > 40 && in_turns > 40, "the dice try both: {tally:?}");
        assert!(of("refused: changed since") > 2 && of("done, some kept") > 2, "and meet what has changed: {tally:?}");
        assert!(of("done by overwrite") > 5, "{tally:?}");
        assert!(of("moments") > 150 && of("as of") > 3_000, "and every moment is looked back to: {tally:?}");
    }
}

/// One life, counted in with those before it.
fn lead(world: &World, seed: u64, round: u64, tally: &mut BTreeMap<String, usize>) {
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
        *life.tally.entry("moments".to_owned()).or_default() += life.moments.len();
        *life.tally.entry("as of".to_owned()).or_default() += moments::check(world, &life.moments);
    }
    *tally = life.tally;
}
