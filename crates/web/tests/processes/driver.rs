//! Does something at random, says beforehand what must come of it, and holds what came of it against that.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use model::{Definitions, Module};
use serde_json::{Map, Value as Json, json};

use crate::dice::Dice;
use crate::people::{Person, everybody};
use crate::records::{Disagreement, Epoch, Records, Tracked, audit, is_revived, present};
use crate::seen::Seen;
use crate::sources::{Stall, by_hand, is_made_by_hand, stall};
use crate::table::{Judged, Table, Tables, Verdict, tables};
use crate::values::{is_set, value};
use crate::world::{Answer, World};

/// What was done, by kind.
#[derive(Default)]
pub(crate) struct Tally(BTreeMap<&'static str, usize>);

impl Tally {
    pub(crate) fn count(&mut self, what: &'static str, times: usize) {
        *self.0.entry(what).or_default() += times;
    }

    pub(crate) fn add(&mut self, other: &Self) {
        other.0.iter().for_each(|(what, times)| self.count(what, *times));
    }

    fn of(&self, what: &str) -> usize {
        self.0.get(what).copied().unwrap_or_default()
    }

    /// Fails where too little happened for the test to say anything.
    pub(crate) fn is_telling(&self, steps: usize) {
        for (what, one_in) in [
            ("made", 40),
            ("moved", 15),
            ("refused", 10),
            ("not filled", 150),
            ("changes", 60),
            ("check lists", 1_000),
            ("rules", 800),
            ("followed", 1_000),
            ("audited", 20),
        ] {
            assert!(self.of(what) >= steps / one_in, "{what}: {self}");
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all: Vec<_> = self.0.iter().map(|(what, times)| format!("{times} {what}")).collect();
        write!(f, "{}", all.join(", "))
    }
}

/// A workspace, what the model knows of it, and the dice.
pub(crate) struct Driver {
    pub(crate) world: World,
    pub(crate) people: Vec<Person>,
    pub(crate) tables: Tables,
    pub(crate) definitions: Arc<Definitions>,
    pub(crate) dice: Dice,
    pub(crate) tally: Tally,
    pub(crate) epochs: Vec<Epoch>,
    records: Records,
    /// Deals of group orders and contracts: the service leads them where their order or paper is, over any number of stages.
    led: BTreeSet<String>,
    stall: Stall,
    pub(crate) now: Timestamp,
}

impl Driver {
    pub(crate) async fn new(world: World, seed: u64) -> Self {
        let stall = stall(&world).await;
        let people = everybody(&world).await;
        let (tables, definitions) = (tables(&world.admin).await, world.workspace.knowledge().definitions);
        let records = tables.keys().map(|module| (module.clone(), BTreeMap::new())).collect();
        let mut driver = Self {
            people,
            tables,
            definitions,
            dice: Dice::new(seed),
            tally: Tally::default(),
            epochs: Vec::new(),
            records,
            led: BTreeSet::new(),
            stall,
            now: Timestamp::UNIX_EPOCH,
            world,
        };
        driver.now = driver.clock().await;
        driver.epochs.push(Epoch::new(driver.now, &driver.tables));
        driver
    }

    /// Does so many things, and looks at everything at the end.
    ///
    /// # Errors
    /// Where the model and the program differ.
    pub(crate) async fn run(&mut self, steps: usize) -> Result<Tally, Disagreement> {
        self.begin().await?;
        for _ in 0..steps {
            match self.dice.below(100) {
                0..10 => {
                    let module = self.some_module();
                    self.come_to_be(&module).await?;
                }
                10..18 => self.set_state().await?,
                18..26 => self.set_fields().await?,
                26..30 => {
                    let time = if self.dice.one_in(4) { "PT30H" } else { "PT1S" };
                    self.time_passes(time).await?;
                }
                30..35 if self.dice.one_in(5) => self.make_rule().await?,
                30..35 => self.reshape().await?,
                _ => self.press().await?,
            }
        }
        self.time_passes("PT1S").await?;
        self.audit().await?;
        Ok(std::mem::take(&mut self.tally))
    }

    /// Something of everything, so that no process goes unproved; what belongs to something comes to be after it.
    pub(crate) async fn begin(&mut self) -> Result<(), Disagreement> {
        for _ in 0..3 {
            for module in self.tables.keys().cloned().collect::<Vec<_>>() {
                self.come_to_be(&module).await?;
            }
        }
        Ok(())
    }

    pub(crate) fn some_module(&mut self) -> String {
        let all: Vec<&String> = self.tables.keys().collect();
        (*self.dice.pick(&all)).clone()
    }

    pub(crate) fn module(&self, name: &str) -> Arc<Module> {
        self.definitions.module(name).unwrap().clone()
    }

    fn somebody(&mut self) -> Person {
        // Whoever may do most does so more often: else most presses would only show that strangers are refused.
        if self.dice.one_in(3) { self.people.last().unwrap().clone() } else { self.dice.pick(&self.people).clone() }
    }

    /// Some record of some module: the module, its id, the state that the model knows.
    fn some_record(&mut self) -> Option<(Table, String, Tracked)> {
        let module = self.some_module();
        let all: Vec<(&String, &Tracked)> = self.records[&module].iter().collect();
        if all.is_empty() {
            return None;
        }
        let (id, tracked) = *self.dice.pick(&all);
        Some((self.tables[&module].clone(), id.clone(), tracked.clone()))
    }

    async fn clock(&self) -> Timestamp {
        self.world.admin.get("/api/v1/sandbox/clock").await.expect(200)["now"].as_str().unwrap().parse().unwrap()
    }

    async fn record(&self, module: &str, id: &str) -> Result<Json, Disagreement> {
        let answer = self.world.admin.get(&format!("/api/v1/{module}/{id}")).await;
        if answer.status == 200 { Ok(answer.json) } else { Err(format!("{module}/{id} is lost: {}", answer.text)) }
    }

    /// A record comes to be, in the state in which it must begin.
    async fn come_to_be(&mut self, name: &str) -> Result<(), Disagreement> {
        let (module, table) = (self.module(name), self.tables[name].clone());
        if !is_made_by_hand(&module, &self.definitions) {
            self.led.extend(self.stall.come_to_be(&mut self.dice, &self.world.admin, name).await);
            return self.sweep_all().await;
        }
        let person = self.somebody();
        let (fields, answer) = by_hand(&mut self.dice, &person, &module, &self.definitions).await;
        if answer.status != 201 {
            // Not everybody makes everything; who may do all does.
            let refused = matches!(answer.status, 403 | 422) && !person.roles.contains(&"administrator".to_owned());
            let is_stopped = answer.status == 422 && lacks_targets(&module, &fields);
            return if refused || is_stopped { Ok(()) } else { Err(format!("{name} {fields}: {}", answer.text)) };
        }
        let id = answer.json["id"].as_str().unwrap().to_owned();
        let record = self.record(name, &id).await?;
        let texts: Vec<&str> = table.starts.iter().map(|(when, _)| when.as_str()).collect();
        let admin = &self.world.admin;
        let seen = Seen::new(admin, &self.definitions, (&module, &record), (self.now, None), &texts).await;
        let start = table.starts.iter().find(|(when, _)| seen.holds(when));
        let begins = start.map_or(&table.initial, |(_, state)| state).clone();
        if record[&table.field] != begins.as_str() {
            return Err(format!("{name}/{id} begins as {} and not as {begins}: {record}", record[&table.field]));
        }
        self.records.get_mut(name).unwrap().insert(id, Tracked { state: begins, brought_by: None });
        self.tally.count("made", 1);
        Ok(())
    }

    /// Nobody sets a state like another field, on a record or on a new one.
    async fn set_state(&mut self) -> Result<(), Disagreement> {
        let Some((table, id, tracked)) = self.some_record() else { return Ok(()) };
        let (before, person) = (self.record(&table.module, &id).await?, self.somebody());
        // To say what is so already changes nothing, and is not refused.
        let others: Vec<_> = table.states.iter().filter(|state| state.name != tracked.state).collect();
        let state = self.dice.pick(&others).name.clone();
        let body = json!({&table.field: state});
        let path = format!("/api/v1/{}/{id}", table.module);
        let answers = [
            person.api.patch(&path, body.clone()).await,
            person.api.post(&format!("/api/v1/{}", table.module), body).await,
        ];
        for answer in answers {
            // A contract is made by its deal, whatever is sent.
            if !matches!(answer.status, 403 | 404 | 422) && answer.json["code"] != "use_issue" {
                return Err(format!("{path} was set to {state}: {}", answer.text));
            }
        }
        self.unchanged(&table, &id, &before).await
    }

    /// Other fields change, and the state stays.
    async fn set_fields(&mut self) -> Result<(), Disagreement> {
        let Some((table, id, tracked)) = self.some_record() else { return Ok(()) };
        let (module, person) = (self.module(&table.module), self.somebody());
        let fields = self.some_fields(&module, &person).await;
        let body = Json::Object(fields);
        let answer = person.api.patch(&format!("/api/v1/{}/{id}", table.module), body.clone()).await;
        self.expect_no_fault(&answer)?;
        let after = self.record(&table.module, &id).await?;
        if after[&table.field] != tracked.state.as_str() {
            return Err(format!("{}/{id} left {} by {body}: {after}", table.module, tracked.state));
        }
        Ok(())
    }

    async fn some_fields(&mut self, module: &Module, person: &Person) -> Map<String, Json> {
        let mut fields = Map::new();
        for field in module.fields.iter().filter(|field| is_set(field, module, &self.definitions, false)) {
            if self.dice.one_in(6)
                && let Some(value) = value(&mut self.dice, person, field).await
            {
                fields.insert(field.name.clone(), value);
            }
        }
        fields
    }

    /// Somebody presses a move.
    async fn press(&mut self) -> Result<(), Disagreement> {
        let Some((table, id, tracked)) = self.some_record() else { return Ok(()) };
        self.press_on(&table, &id, &tracked).await
    }

    /// Presses so many moves of one module, of records made for it.
    pub(crate) async fn press_all(&mut self, module: &str, times: usize) -> Result<(), Disagreement> {
        for number in 0..times {
            if number % 20 == 0 {
                self.come_to_be(module).await?;
            }
            let all: Vec<(String, Tracked)> =
                self.records[module].iter().map(|(id, tracked)| (id.clone(), tracked.clone())).collect();
            if all.is_empty() {
                continue;
            }
            let (id, tracked) = self.dice.pick(&all).clone();
            let table = self.tables[module].clone();
            self.press_on(&table, &id, &tracked).await?;
        }
        Ok(())
    }

    async fn press_on(&mut self, table: &Table, id: &str, tracked: &Tracked) -> Result<(), Disagreement> {
        let (module, person) = (self.module(&table.module), self.somebody());
        if table.steps.is_empty() {
            return Ok(());
        }
        let from_here: Vec<_> = table.steps.iter().filter(|step| step.from.contains(&tracked.state)).collect();
        let step = match from_here.len() {
            0 => self.dice.pick(&table.steps),
            _ if self.dice.one_in(5) => self.dice.pick(&table.steps),
            _ => self.dice.pick(&from_here),
        };
        let (name, mut given) = (step.name.clone(), Map::new());
        for asked in step.asks.clone() {
            let field = module.field(&asked).filter(|field| is_set(field, &module, &self.definitions, false));
            if let Some(field) = field.filter(|_| !self.dice.one_in(3))
                && let Some(value) = value(&mut self.dice, &person, field).await
            {
                given.insert(asked, if self.dice.one_in(10) { Json::Null } else { value });
            }
        }
        if self.dice.one_in(8) {
            let more = self.some_fields(&module, &person).await;
            given.extend(more.into_iter().take(1));
        }
        let before = self.record(&table.module, id).await?;
        let verdict = self.verdict(table, &before, (&name, &given), (&person, tracked)).await;
        let path = format!("/api/v1/{}/{id}/transitions/{name}", table.module);
        let answer = person.api.post(&path, Json::Object(given.clone())).await;
        let after = self.record(&table.module, id).await?;
        let said = || {
            let (body, roles) = (Json::Object(given.clone()), person.roles.join(" and "));
            format!(
                "{roles} sent {body} to {path}; the model: {verdict:?}; {} {}\n{before}",
                answer.status, answer.text
            )
        };
        self.expect_no_fault(&answer).map_err(|why| format!("{why}: {}", said()))?;
        let is_fixed = module.service.is_some();
        let is_agreed = match &verdict {
            Verdict::Moves(to) if answer.status == 200 => {
                // A typed service may stay (a part of the money is given back) or go on (revived with its money there).
                let goes_on = |to: &str| table.leads(to, after[&table.field].as_str().unwrap_or_default());
                after[&table.field] == to.as_str() || (is_fixed && (goes_on(to) || goes_on(&tracked.state)))
            }
            // A typed service has reasons of its own: a seat that is gone, money that is not there.
            Verdict::Moves(_) => is_fixed && matches!(answer.status, 403 | 409 | 422),
            // It also judges in an order of its own: what counts is that it refuses.
            Verdict::Refused(..) | Verdict::Asks(_) if is_fixed => matches!(answer.status, 403 | 404 | 409 | 422),
            Verdict::Refused(status, code) => {
                answer.status == *status && (code.is_empty() || answer.json["code"] == *code)
            }
            Verdict::Asks(fields) => {
                let mut named: Vec<_> = answer.json["errors"].as_array().into_iter().flatten().collect();
                named.sort_by_key(|error| error["field"].as_str().unwrap_or_default().to_owned());
                answer.status == 422
                    && named.iter().map(|error| error["field"].as_str()).eq(fields.iter().map(|it| Some(it.as_str())))
            }
        };
        if !is_agreed {
            return Err(said());
        }
        if answer.status != 200 {
            self.tally.count(if answer.status == 422 { "not filled" } else { "refused" }, 1);
            return self.unchanged(table, id, &before).await.map_err(|why| format!("{why}: {}", said()));
        }
        if let Some((name, _)) = given.iter().find(|(name, value)| value.is_null() != after[name.as_str()].is_null()) {
            return Err(format!("{name} was not kept: {after}; {}", said()));
        }
        let state = after[&table.field].as_str().unwrap_or_default().to_owned();
        // A move that leads where the record stands brings it nowhere: who brought it there stays who they were.
        let is_moved = state != tracked.state;
        let moved =
            Tracked { brought_by: if is_moved { Some(person.id.clone()) } else { tracked.brought_by.clone() }, state };
        self.records.get_mut(&table.module).unwrap().insert(id.to_owned(), moved);
        self.tally.count("moved", 1);
        // Money and seats move the records of other modules.
        if is_fixed { self.sweep_all().await } else { Ok(()) }
    }

    /// What must come of a press.
    async fn verdict(
        &self,
        table: &Table,
        before: &Json,
        (name, given): (&str, &Map<String, Json>),
        (person, tracked): (&Person, &Tracked),
    ) -> Verdict {
        // A move is a change of the record: who may not change it at all is told what they are told of any change.
        let path = format!("/api/v1/{}/{}", table.module, before["id"].as_str().unwrap());
        let may = person.api.patch(&path, json!({})).await;
        if may.status != 200 {
            let code = if may.status == 404 { "not_found" } else { "update_forbidden" };
            return Verdict::Refused(may.status, code);
        }
        let module = self.module(&table.module);
        let me = Some(person.id.as_str());
        let is_second = before["created_by"].as_str() != me
            && before["owner"].as_str() != me
            && tracked.brought_by.as_deref() != me;
        let texts: Vec<&str> = table.steps.iter().filter_map(|step| step.guard.as_deref()).collect();
        let (admin, now) = (&self.world.admin, (self.now, person.id.parse().ok()));
        let seen = Seen::new(admin, &self.definitions, (&module, before), now, &texts).await;
        let press = (name, tracked.state.as_str());
        let mut written = before.clone();
        given.iter().for_each(|(name, value)| written[name.as_str()] = value.clone());
        let step = match table.judge(press, &person.roles, |step| seen.opens(step), is_second) {
            Judged::Refused(status, code) => return Verdict::Refused(status, code),
            Judged::Open(step) => step,
        };
        let mut missing: Vec<String> =
            step.asks.iter().filter(|asked| written[asked.as_str()].is_null()).cloned().collect();
        if !missing.is_empty() {
            missing.sort();
            return Verdict::Asks(missing);
        }
        // What comes with the press may be what the guard asks about.
        let seen = Seen::new(admin, &self.definitions, (&module, &written), now, &texts).await;
        match table.judge(press, &person.roles, |step| seen.opens(step), is_second) {
            Judged::Open(still) if still.key == step.key => Verdict::Moves(step.to.clone()),
            _ => Verdict::Refused(409, "invalid_transition"),
        }
    }

    /// A refusal changes nothing.
    async fn unchanged(&self, table: &Table, id: &str, before: &Json) -> Result<(), Disagreement> {
        let after = self.record(&table.module, id).await?;
        if after == *before { Ok(()) } else { Err(format!("{}/{id} changed: {before} to {after}", table.module)) }
    }

    fn expect_no_fault(&self, answer: &Answer) -> Result<(), Disagreement> {
        if answer.status < 500 { Ok(()) } else { Err(format!("it failed: {} {}", answer.status, answer.text)) }
    }

    /// The clock moves, and what is due is done.
    pub(crate) async fn time_passes(&mut self, time: &str) -> Result<(), Disagreement> {
        self.world.admin.post("/api/v1/sandbox/clock", json!({"advance": time})).await.expect(200);
        self.now = self.clock().await;
        self.sweep_all().await
    }

    async fn sweep_all(&mut self) -> Result<(), Disagreement> {
        for table in self.tables.values() {
            let there = present(&self.world.admin, table).await;
            let known = self.records.get_mut(&table.module).unwrap();
            if let Some(lost) = known.keys().find(|id| !there.contains_key(*id)) {
                return Err(format!("{}/{lost} is lost", table.module));
            }
            for (id, state) in there {
                if table.state(&state).is_none() {
                    return Err(format!("{}/{id} stands in {state:?}, which is no state", table.module));
                }
                let was = known.entry(id.clone()).or_insert_with(|| Tracked { state: state.clone(), brought_by: None });
                if was.state == state {
                    continue;
                }
                let is_led = self.led.contains(&id) || is_revived(table, &was.state, &state);
                if !is_led && !table.leads(&was.state, &state) {
                    return Err(format!("{}/{id} went from {:?} to {state:?}", table.module, was.state));
                }
                *was = Tracked { state, brought_by: None };
            }
        }
        Ok(())
    }

    /// The records of retired states go where is said, and nobody else goes anywhere.
    pub(crate) async fn follow(&mut self, by: &str) -> Result<(), Disagreement> {
        self.world.admin.post("/api/v1/sandbox/clock", json!({"advance": "PT1S"})).await.expect(200);
        self.now = self.clock().await;
        for table in self.tables.values() {
            let goes =
                |state: &str| table.state(state).filter(|state| state.retired).and_then(|it| it.moves_to.clone());
            let known = self.records.get_mut(&table.module).unwrap();
            for (id, state) in present(&self.world.admin, table).await {
                let Some(was) = known.get_mut(&id) else { continue };
                let Some(to) = goes(&was.state) else { continue };
                if state != to {
                    return Err(format!("{}/{id} stands in {state:?} and not in {to:?}", table.module));
                }
                *was = Tracked { state, brought_by: Some(by.to_owned()) };
                self.tally.count("followed", 1);
            }
        }
        self.sweep_all().await
    }

    /// Every record is there, where the model says, and came there by what its process was at the time.
    async fn audit(&mut self) -> Result<(), Disagreement> {
        for table in self.tables.values() {
            let total =
                self.world.admin.get(&format!("/api/v1/{}?limit=1&count=exact", table.module)).await.expect(200);
            let known = &self.records[&table.module];
            if total["total"].as_u64() != u64::try_from(known.len()).ok() {
                return Err(format!("there are {} {} and not {}", total["total"], table.module, known.len()));
            }
            let is_fixed = self.definitions.module(&table.module).is_some_and(|module| module.service.is_some());
            for id in known.keys().filter(|id| !self.led.contains(*id)) {
                audit(&self.world.admin, (table, is_fixed), id, &self.epochs).await?;
                self.tally.count("audited", 1);
            }
        }
        Ok(())
    }
}

/// Whether a record was sent without a link that it must have: there was nothing yet to link to.
fn lacks_targets(module: &Module, fields: &Json) -> bool {
    module.fields.iter().any(|field| field.required && field.default.is_none() && fields[&field.name].is_null())
}
