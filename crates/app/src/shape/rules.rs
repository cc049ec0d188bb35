//! Rules: made, changed, switched and deleted by an administrator. A rule of the workspace's own stands whole in its pack; of a
//! rule that another pack defines the pack says whether it runs, or the whole rule anew.

use std::sync::Arc;

use model::definitions::Definitions;
use model::rule::{Action, Fault, Rule, RuleSwitch};
use serde_json::{Map, Value as Json};
use store::{Error, FieldError, Result};

use super::own::Own;
use super::request;
use super::whole::{Whole, WholeEdit, label};
use crate::App;
use crate::rules::unfillable;

/// What a rule has.
const KEYS: [&str; 9] = ["name", "label", "module", "active", "budget", "letters", "if", "when", "then"];

impl App {
    /// Reads a rule that is not kept, as a body of the API describes it.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the JSON path of what does not fit.
    pub fn read_rule(&self, body: &Map<String, Json>) -> Result<Rule> {
        Rule::read(body.clone())
    }
}

/// The rule as it would be; nothing where it is deleted, or not there.
///
/// # Errors
/// [`Error::Invalid`] with the JSON path of what cannot be read.
pub(crate) fn wanted(edit: &WholeEdit, definitions: &Definitions) -> Result<Option<Rule>> {
    match edit {
        WholeEdit::New(body) => Rule::read(body.clone()).map(Some),
        WholeEdit::Change { name, body } => definitions.rule(name).map(|present| present.changed(body)).transpose(),
        WholeEdit::Delete { .. } => Ok(None),
    }
}

impl Whole for Rule {
    const KIND: &'static str = "rule";
    const MANY: &'static str = "rules";
    const KEEPS: &'static str = "runs are kept under it, not";
    const OF_A_PACK: &'static str = "rule_of_a_pack";
    const OF_A_PACK_SAID: &'static str = "is defined by a pack: switch it off instead";

    fn name(&self) -> &str {
        &self.name
    }

    fn find<'d>(definitions: &'d Definitions, name: &str) -> Option<&'d Arc<Self>> {
        definitions.rule(name)
    }

    fn read(mut body: Map<String, Json>) -> Result<Self> {
        label::<Self>(&mut body, &KEYS, &["name", "module", "when", "then"], &[])?;
        body.retain(|_, value| !value.is_null());
        request::read(Json::Object(body), "")
    }

    fn fitting(&self, app: &App, definitions: &Definitions) -> Result<()> {
        let fault = |fault: Fault| FieldError::new(fault.at, fault.code, fault.message);
        let mut faults: Vec<FieldError> = self.faults(definitions).into_iter().map(fault).collect();
        if faults.is_empty() {
            faults.extend(
                unfillable(self, definitions)
                    .into_iter()
                    .map(|(at, error)| FieldError::new(at, "template_unfillable", error)),
            );
        }
        for (index, action) in self.then.iter().enumerate() {
            let Action::Webhook { url } = action else { continue };
            let refused =
                app.refuses_webhook(url).map(|why| FieldError::new(format!("then[{index}].url"), "not_public", why));
            faults.extend(refused.filter(|refused| faults.iter().all(|fault| fault.field != refused.field)));
        }
        if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
    }

    fn put(self, own: &mut Own) {
        own.put_rule(self);
    }

    fn remove(own: &mut Own, name: &str) -> bool {
        own.remove_rule(name)
    }

    /// Of a rule that another pack defines it may only be said whether it runs.
    fn say_in_part(
        &self,
        app: &App,
        own: &mut Own,
        definitions: &Definitions,
        body: &Map<String, Json>,
    ) -> Result<bool> {
        let is_switch = body.keys().all(|key| key == "active" || key == "name");
        let Some(Json::Bool(active)) = body.get("active").filter(|_| is_switch && !own.has_rule(&self.name)) else {
            return Ok(false);
        };
        if *active {
            Self { active: true, ..self.clone() }.fitting(app, definitions)?;
        }
        own.switch_rule(RuleSwitch { extends: self.name.clone(), active: *active });
        Ok(true)
    }
}
