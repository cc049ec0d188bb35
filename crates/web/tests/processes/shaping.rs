//! Processes change under their records: states and moves that are added, retired and brought back, other guards, other fields
//! that are asked, other people who press.

use model::Module;
use model::field::{Field, FieldType};
use serde_json::{Value as Json, json};

use crate::driver::Driver;
use crate::records::{Disagreement, Epoch};
use crate::table::{By, Table, tables};
use crate::values::is_set;

impl Driver {
    /// One change of one process. Whatever is refused has changed nothing; what is done is what was said, and records follow.
    pub(crate) async fn reshape(&mut self) -> Result<(), Disagreement> {
        let module = self.some_module();
        let table = self.tables[&module].clone();
        let Some(body) = self.change_of(&table) else { return Ok(()) };
        // What is already due is done first: what follows is then told by the change alone.
        self.time_passes("PT1S").await?;
        let administrator = self.people[self.people.len() - 1].id.clone();
        let path = format!("/api/v1/meta/processes/{}", table.name);
        let answer = self.world.admin.patch(&path, body.clone()).await;
        let now = tables(&self.world.admin).await;
        if answer.status != 200 {
            if !matches!(answer.status, 409 | 422) {
                return Err(format!("{body} of {}: {} {}", table.name, answer.status, answer.text));
            }
            let (was, is) = (format!("{:?}", self.tables), format!("{now:?}"));
            return if was == is { Ok(()) } else { Err(format!("{body} was refused and done: {was} {is}")) };
        }
        self.tables = now;
        self.definitions = self.world.workspace.knowledge().definitions;
        self.epochs.push(Epoch::new(self.now, &self.tables));
        self.is_done(&table, &body)?;
        self.tally.count("changes", 1);
        let lists = body["transitions"].as_object().into_iter().flatten();
        self.tally.count("check lists", lists.filter(|(_, said)| said["checklist"].is_array()).count());
        self.follow(&administrator).await
    }

    /// What is said of a move stands there.
    fn is_done(&self, table: &Table, body: &Json) -> Result<(), Disagreement> {
        let now = &self.tables[&table.module];
        for (key, said) in body["transitions"].as_object().into_iter().flatten() {
            let Some(step) = now.steps.iter().find(|step| step.key == *key) else { continue };
            let asks = said["asks"].as_array().map(|asks| asks.iter().filter_map(Json::as_str).collect::<Vec<_>>());
            let is_asked = asks.is_none_or(|asks| asks.iter().all(|name| step.asks.iter().any(|asked| asked == name)));
            let is_guarded = said["guard"].as_str().is_none_or(|guard| step.guard.as_deref() == Some(guard));
            let is_listed = said["checklist"].as_array().is_none_or(|list| {
                list.iter().map(|check| check["key"].as_str()).eq(step.checklist.iter().map(|key| Some(key.as_str())))
            });
            if !is_asked || !is_guarded || !is_listed {
                return Err(format!("{body} became {step:?}"));
            }
        }
        for (name, said) in body["states"].as_object().into_iter().flatten() {
            if said["retired"].as_bool().is_some_and(|retired| now.state(name).is_none_or(|it| it.retired != retired)) {
                return Err(format!("{body} became {:?}", now.state(name)));
            }
        }
        Ok(())
    }

    fn change_of(&mut self, table: &Table) -> Option<Json> {
        let module = self.module(&table.module);
        let is_fixed = module.service.is_some();
        let kind = if is_fixed { self.dice.below(4) } else { self.dice.below(11) };
        let pressed: Vec<_> = table.steps.iter().filter(|step| step.by != By::Process).collect();
        let in_use: Vec<_> = table.states.iter().filter(|state| !state.retired).map(|state| &state.name).collect();
        let key = (!pressed.is_empty()).then(|| self.dice.pick(&pressed).key.clone());
        let of_move = |said: Json| Some(json!({"transitions": {key.clone()?: said}}));
        match kind {
            0 => {
                let guard = self.guard(&module);
                of_move(json!({"guard": guard}))
            }
            1 => {
                let asks = self.asks(&module);
                of_move(json!({"asks": asks}))
            }
            2 => {
                let roles: Vec<String> = self.people.iter().flat_map(|person| person.roles.clone()).collect();
                let some = [self.dice.pick(&roles).clone(), "administrator".to_owned()];
                of_move(if self.dice.one_in(2) { json!({"by": {"roles": some}}) } else { json!({"by": "editor"}) })
            }
            3 => {
                let takes_two = self.dice.one_in(2);
                of_move(json!({"four_eyes": takes_two}))
            }
            4 => {
                let (from, to) = (self.dice.pick(&in_use).as_str(), self.dice.pick(&in_use).as_str());
                let name = format!("stage_{}", table.states.len());
                let label = json!({"ru": "Ещё одна", "en": "One more"});
                let (guard, asks) = (self.guard(&module), self.asks(&module));
                Some(json!({
                    "states": {&name: {"label": label, "after": from}},
                    "transitions": {
                        format!("to_{name}"): {"label": label, "from": [from], "to": name, "asks": asks},
                        format!("from_{name}"): {"label": label, "from": [name], "to": to, "guard": guard},
                    },
                }))
            }
            5 | 6 => {
                let (state, to) = (self.dice.pick(&in_use).as_str(), self.dice.pick(&in_use).as_str());
                let mut said = json!({"retired": true});
                if !self.dice.one_in(4) {
                    said["moves_to"] = json!(to);
                }
                Some(json!({"states": {state: said}}))
            }
            7 => {
                let retired: Vec<_> = table.states.iter().filter(|state| state.retired).collect();
                let state = (!retired.is_empty()).then(|| self.dice.pick(&retired).name.clone())?;
                Some(json!({"states": {state: {"retired": false}}}))
            }
            8 | 9 => {
                let label = json!({"ru": "Сделано", "en": "Done"});
                let keys = [["called", "noted"], ["noted", "agreed"]][self.dice.below(2)];
                let list: Vec<Json> =
                    keys.iter().take(self.dice.below(3)).map(|key| json!({"key": key, "label": label})).collect();
                of_move(json!({"checklist": list}))
            }
            _ => of_move(Json::Null),
        }
    }

    /// A rule that moves records on where another move was made, or where they come into a state. What it does is found as the
    /// clock moves: records keep to their table, whoever moves them.
    pub(crate) async fn make_rule(&mut self) -> Result<(), Disagreement> {
        let module = self.some_module();
        let table = self.tables[&module].clone();
        // One of each module: two might lead a record round and back, unseen between two looks.
        let is_own = |rule: &model::rule::Rule| rule.name.starts_with("step_") && rule.module == module;
        let has_one = self.definitions.rules().any(|(rule, _)| is_own(rule));
        let pressed: Vec<_> = table.steps.iter().filter(|step| step.by != By::Process).collect();
        if self.module(&module).service.is_some() || pressed.is_empty() || has_one {
            return Ok(());
        }
        let when = if self.dice.one_in(2) {
            json!({"event": "moved", "transitions": [self.dice.pick(&table.steps).key]})
        } else {
            json!({"event": "entered", "states": [self.dice.pick(&table.states).name]})
        };
        let then = json!([{"do": "move", "transition": self.dice.pick(&pressed).name}]);
        let name = format!("step_{}", self.dice.below(1_000_000_000));
        let body = json!({"name": name, "module": module, "when": when, "then": then});
        let answer = self.world.admin.post("/api/v1/meta/rules", body.clone()).await;
        self.definitions = self.world.workspace.knowledge().definitions;
        match (answer.status, self.definitions.rule(&name)) {
            (201, Some(_)) => self.tally.count("rules", 1),
            // A move that takes two people is no rule's.
            (422, None) => {}
            _ => return Err(format!("{body}: {} {}", answer.status, answer.text)),
        }
        Ok(())
    }

    /// A move of leads gets a check list.
    pub(crate) async fn list_checks(&mut self) {
        let label = json!({"ru": "Позвонили", "en": "Called"});
        let body = json!({"transitions": {"contact": {"checklist": [{"key": "called", "label": label}]}}});
        self.world.admin.patch("/api/v1/meta/processes/leads", body).await.expect(200);
        self.tables = tables(&self.world.admin).await;
        self.definitions = self.world.workspace.knowledge().definitions;
    }

    /// A condition over the fields of a module, or none.
    fn guard(&mut self, module: &Module) -> Option<String> {
        if self.dice.one_in(3) {
            return None;
        }
        let fields: Vec<&Field> = module.fields.iter().filter(|field| !field.secret && !field.computed).collect();
        let field = *self.dice.pick(&fields);
        let name = &field.name;
        Some(match field.read_as() {
            FieldType::Choice if !field.options.is_empty() => {
                let option = &self.dice.pick(&field.options).value;
                let sign = if self.dice.one_in(2) { "==" } else { "!=" };
                format!("{name} {sign} \"{option}\"")
            }
            FieldType::Number if self.dice.one_in(2) => format!("{name} > {}", self.dice.below(100)),
            FieldType::Text if self.dice.one_in(3) => format!("!has({name}) || {name}.contains(\"a\")"),
            _ if self.dice.one_in(2) => format!("has({name})"),
            _ => format!("!has({name})"),
        })
    }

    /// Some fields that a move may ask for.
    fn asks(&mut self, module: &Module) -> Vec<String> {
        let fields = module.fields.iter().filter(|field| is_set(field, module, &self.definitions, false));
        let fields: Vec<String> = fields.map(|field| field.name.clone()).collect();
        if fields.is_empty() {
            return Vec::new();
        }
        let mut asks: Vec<String> = (0..self.dice.below(3)).map(|_| self.dice.pick(&fields).clone()).collect();
        asks.sort();
        asks.dedup();
        asks
    }
}
