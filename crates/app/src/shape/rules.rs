//! Rules: made, changed, switched and deleted by an administrator. A rule of the workspace's own stands whole in its pack; of a
//! rule that another pack defines the pack says whether it runs, or the whole rule anew.

use model::definitions::Definitions;
use model::pack::Pack;
use model::rule::{Action, Fault, Rule, RuleSwitch};
use model::{Actor, Label};
use serde_json::{Map, Value as Json, json};
use store::shape::{Edit, Manner, Reshaped, ShapeError};
use store::{Error, FieldError, Result};

use super::own::Own;
use super::{may_shape, plainly, request};
use crate::App;
use crate::rules::unfillable;

/// What a rule has.
const KEYS: [&str; 8] = ["name", "label", "module", "active", "budget", "if", "when", "then"];

/// What an administrator wants of a rule; bodies are those of the API.
#[derive(Clone, Debug)]
pub enum RuleEdit {
    /// A new rule.
    New(Map<String, Json>),
    /// Other properties of a rule; null takes one back.
    Change {
        /// Which one.
        rule: String,
        /// The properties.
        body: Map<String, Json>,
    },
    /// What the workspace says of the rule is there no more.
    Delete {
        /// Which one.
        rule: String,
    },
}

impl App {
    /// Makes the change, or with `dry_run` tells what it would be, and answers the rule's name. With `expected` only while
    /// that is still the version of the workspace's own pack. Blocks: not for asynchronous code.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::Invalid`] with the JSON path of what does not fit; [`Error::Conflict`] where a name is
    /// taken or the rule belongs to a pack; [`Error::NotFound`]; [`Error::Stale`].
    pub fn shape_rule(
        &self,
        actor: &Actor,
        edit: RuleEdit,
        expected: Option<i64>,
        dry_run: bool,
    ) -> Result<(String, Reshaped)> {
        may_shape(actor, &self.workspace().knowledge().definitions)?;
        let manner = Manner::of(actor, dry_run)?;
        let name = edit.name().to_owned();
        let app = self.clone();
        let make = move |packs: &[Pack]| {
            let mut own = Own::of(packs);
            if let Some(current) = expected.map(|_| own.version()).filter(|current| Some(*current) != expected) {
                return Err(Error::Stale { current }.into());
            }
            let definitions = Definitions::from_packs(packs).map_err(ShapeError::Packs)?;
            edit.make(&app, &mut own, &definitions)?;
            let pack = own.pack(packs)?;
            Ok(Edit::Put(Box::new(pack)))
        };
        let reshaped = self.workspace().reshape(manner, make);
        Ok((name, reshaped.map_err(|error| plainly(error, |error| error.file.clone()))?))
    }

    /// Reads a rule that is not kept, as a body of the API describes it.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the JSON path of what does not fit.
    pub fn read_rule(&self, body: &Map<String, Json>) -> Result<Rule> {
        read(body.clone())
    }
}

impl RuleEdit {
    /// The rule that it is about.
    fn name(&self) -> &str {
        match self {
            Self::New(body) => body.get("name").and_then(Json::as_str).unwrap_or_default(),
            Self::Change { rule, .. } | Self::Delete { rule } => rule,
        }
    }

    /// The rule as it would be; nothing where it is deleted, or not there.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the JSON path of what cannot be read.
    pub(crate) fn wanted(&self, definitions: &Definitions) -> Result<Option<Rule>> {
        match self {
            Self::New(body) => read(body.clone()).map(Some),
            Self::Change { rule, body } => definitions.rule(rule).map(|present| changed(present, body)).transpose(),
            Self::Delete { .. } => Ok(None),
        }
    }

    fn make(&self, app: &App, own: &mut Own, definitions: &Definitions) -> Result<()> {
        match self {
            Self::New(body) => {
                let rule = read(body.clone())?;
                if definitions.rule(&rule.name).is_some() {
                    let error = FieldError::new("name", "name_taken", format!("there is a rule {:?}", rule.name));
                    let message = error.message.clone();
                    return Err(Error::Conflict { code: "name_taken", message, errors: vec![error] });
                }
                fitting(app, &rule, definitions)?;
                own.put_rule(rule);
                Ok(())
            }
            Self::Change { rule, body } => change(app, own, definitions, rule, body),
            Self::Delete { rule } => {
                if definitions.rule(rule).is_none() {
                    return Err(no_rule(rule));
                }
                if own.remove_rule(rule) {
                    return Ok(());
                }
                let message = format!("{rule:?} is defined by a pack: switch it off instead");
                Err(Error::conflict("rule_of_a_pack", message))
            }
        }
    }
}

fn change(app: &App, own: &mut Own, definitions: &Definitions, name: &str, body: &Map<String, Json>) -> Result<()> {
    let Some(present) = definitions.rule(name) else { return Err(no_rule(name)) };
    if let Some(other) = body.get("name").filter(|other| other.as_str() != Some(name)) {
        let message = format!("a rule keeps its name: runs are kept under it, not {other}");
        return Err(Error::field("name", "fixed_name", message));
    }
    let is_switch = body.keys().all(|key| key == "active" || key == "name");
    match body.get("active") {
        Some(Json::Bool(active)) if is_switch && !own.has_rule(name) => {
            if *active {
                fitting(app, &Rule { active: true, ..Rule::clone(present) }, definitions)?;
            }
            own.switch_rule(RuleSwitch { extends: name.to_owned(), active: *active });
            return Ok(());
        }
        _ => {}
    }
    let rule = changed(present, body)?;
    fitting(app, &rule, definitions)?;
    own.put_rule(rule);
    Ok(())
}

/// A rule with other properties; null takes one back.
fn changed(present: &Rule, body: &Map<String, Json>) -> Result<Rule> {
    let mut whole = if let Json::Object(whole) = json!(present) { whole } else { Map::new() };
    for (key, value) in body {
        if value.is_null() { drop(whole.remove(key)) } else { drop(whole.insert(key.clone(), value.clone())) }
    }
    read(whole)
}

/// Reads a rule; a label that is one text stands for both languages.
fn read(mut body: Map<String, Json>) -> Result<Rule> {
    if let Some(key) = body.keys().find(|key| !KEYS.contains(&key.as_str())) {
        return Err(Error::field(key, "unknown_field", format!("a rule has no {key:?}")));
    }
    for key in ["name", "module", "when", "then"] {
        if body.get(key).is_none_or(Json::is_null) {
            return Err(Error::field(key, "required", format!("a rule has {key:?}")));
        }
    }
    let name = body.get("name").and_then(Json::as_str).unwrap_or_default();
    let label: Label = request::read(request::label(body.get("label"), &request::worded(name), "label")?, "label")?;
    body.insert("label".to_owned(), json!(label));
    body.retain(|_, value| !value.is_null());
    request::read(Json::Object(body), "")
}

/// Fails where the rule does not fit what is there, running or not.
fn fitting(app: &App, rule: &Rule, definitions: &Definitions) -> Result<()> {
    let fault = |fault: Fault| FieldError::new(fault.at, fault.code, fault.message);
    let mut faults: Vec<FieldError> = rule.faults(definitions).into_iter().map(fault).collect();
    if faults.is_empty() {
        faults.extend(
            unfillable(rule, definitions)
                .into_iter()
                .map(|(at, error)| FieldError::new(at, "template_unfillable", error)),
        );
    }
    for (index, action) in rule.then.iter().enumerate() {
        let Action::Webhook { url } = action else { continue };
        let refused =
            app.refuses_webhook(url).map(|why| FieldError::new(format!("then[{index}].url"), "not_public", why));
        faults.extend(refused.filter(|refused| faults.iter().all(|fault| fault.field != refused.field)));
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

fn no_rule(name: &str) -> Error {
    Error::NotFound { module: "rules".to_owned(), id: name.to_owned() }
}
