//! A record as the API shows it, to the evaluator of expressions.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use model::expr::{Env, Node, Path, Plan, Scope, Want, compile};
use model::field::{Field, FieldType};
use model::value::Reading;
use model::{Definitions, Id, Module, Value};
use serde_json::Value as Json;

use crate::table::Step;
use crate::world::Api;

/// A record, and those that the expressions over it reach by links.
pub(crate) struct Seen<'a> {
    pub(crate) module: &'a Module,
    pub(crate) record: &'a Json,
    linked: BTreeMap<(String, String), Json>,
    now: Timestamp,
    me: Option<Id>,
    definitions: &'a Definitions,
}

impl<'a> Seen<'a> {
    /// With what the expressions need besides the record, read by `api`.
    pub(crate) async fn new(
        api: &Api,
        definitions: &'a Definitions,
        (module, record): (&'a Module, &'a Json),
        (now, me): (Timestamp, Option<Id>),
        texts: &[&str],
    ) -> Seen<'a> {
        let mut linked = BTreeMap::new();
        for text in texts {
            let plan = compile(text, module, definitions, Want::Bool).unwrap();
            for path in paths(&plan) {
                let mut at = record.clone();
                for hop in &path.hops {
                    let Some(id) = at[hop.field.as_str()].as_str() else { break };
                    let found = api.get(&format!("/api/v1/{}/{id}", hop.target.name)).await;
                    at = if found.status == 200 { found.json } else { Json::Null };
                    linked.insert((hop.target.name.clone(), text_of(&at["id"])), at.clone());
                }
            }
        }
        Self { module, record, linked, now, me, definitions }
    }

    /// Whether what must hold of the record before a move does: its guard, and its check list.
    pub(crate) fn opens(&self, step: &Step) -> bool {
        step.guard.as_deref().is_none_or(|guard| self.holds(guard)) && step.is_ticked(self.record)
    }

    /// Whether a condition holds.
    pub(crate) fn holds(&self, text: &str) -> bool {
        let plan = compile(text, self.module, self.definitions, Want::Bool).unwrap();
        let env = Env { now: self.now, zone: TimeZone::UTC, me: self.me, my_team: self.me.into_iter().collect() };
        plan.test(self, &env)
    }
}

fn text_of(json: &Json) -> String {
    json.as_str().unwrap_or_default().to_owned()
}

/// Every path of a plan that goes through links.
fn paths(plan: &Plan) -> Vec<Path> {
    let own = match &plan.node {
        Node::Field(path) if !path.hops.is_empty() => vec![path.clone()],
        _ => Vec::new(),
    };
    own.into_iter().chain(plan.parts().into_iter().flat_map(paths)).collect()
}

impl Scope for Seen<'_> {
    fn value(&self, path: &Path) -> Cow<'_, Value> {
        let (mut at, mut holder) = (self.record, self.module);
        for hop in &path.hops {
            let id = text_of(&at[hop.field.as_str()]);
            match self.linked.get(&(hop.target.name.clone(), id)) {
                Some(next) => (at, holder) = (next, &hop.target),
                None => return Cow::Owned(Value::Null),
            }
        }
        let (name, json) = (path.leaf.name.as_str(), &at[path.leaf.name.as_str()]);
        if path.leaf.is_currency() || path.leaf.is_module() {
            let part = if path.leaf.is_currency() { "currency" } else { "module" };
            return Cow::Owned(json[part].as_str().map_or(Value::Null, Value::from));
        }
        Cow::Owned(value(holder.field(name), name, json))
    }
}

/// What a field of a record holds, read from the form of the API.
fn value(field: Option<&Field>, name: &str, json: &Json) -> Value {
    let field = match (field, name) {
        (Some(field), _) => Field { kind: field.read_as(), min: None, max: None, ..field.clone() },
        (None, "id" | "created_by" | "owner") => Field::new(name, FieldType::Person),
        (None, "version") => Field::new(name, FieldType::Number),
        (None, _) => Field::new(name, FieldType::Datetime),
    };
    let read = Value::read(&field, json, Reading::default());
    // A state or choice that is out of use is what it is, and so is a count that nobody sets.
    let said = || json.as_i64().map(Value::Int).or_else(|| json.as_str().map(Value::from));
    read.unwrap_or_else(|_| said().unwrap_or(Value::Null))
}
