//! What must hold of a rule before it runs: everything that it names is there, and its expressions fit.

use std::collections::BTreeMap;

use super::fit::{fits, leads_to};
use super::{Action, Addressee, Pool, Rule, When, Worth, clock, read_offset, with_before};
use crate::definitions::is_name;
use crate::expr::{Node, Plan, Type, Want, compile};
use crate::extension::no_field;
use crate::field::{FieldType, SetBy};
use crate::value::{Reading, Value};
use crate::{Definitions, Field, Module};

/// What is wrong: the property, as files and the API spell it, and why.
pub type Fault = (String, String);

/// The most things that one rule does.
const MOST_ACTIONS: usize = 20;

/// Values of fields, by name.
type Values = BTreeMap<String, Worth>;

impl Rule {
    /// Everything that is wrong with it.
    #[must_use]
    pub fn faults(&self, definitions: &Definitions) -> Vec<Fault> {
        let mut faults = Vec::new();
        if !is_name(&self.name) || self.name == "new" {
            let message = "lower-case Latin letters, digits and _, beginning with a letter";
            faults.push(("name".to_owned(), format!("{:?} cannot name a rule: {message}", self.name)));
        }
        if self.budget == Some(0) {
            faults.push(("budget".to_owned(), "a rule that never may run is switched off instead".to_owned()));
        }
        let Some(module) = definitions.module(&self.module) else {
            faults.push(("module".to_owned(), format!("there is no module {:?}", self.module)));
            return faults;
        };
        let seen = with_before(module);
        let judge = Judge { rule: self, module, seen: &seen, definitions };
        judge.when(&mut faults);
        if let Some(Err(error)) = self.condition.as_deref().map(|text| compile(text, &seen, definitions, Want::Bool)) {
            faults.push(("if".to_owned(), error.to_string()));
        }
        if self.then.is_empty() {
            faults.push(("then".to_owned(), "a rule does something".to_owned()));
        }
        if self.then.len() > MOST_ACTIONS {
            faults.push(("then".to_owned(), format!("a rule does {MOST_ACTIONS} things at most")));
        }
        for (index, action) in self.then.iter().enumerate() {
            judge.action(&format!("then[{index}]"), action, &mut faults);
        }
        faults
    }
}

struct Judge<'a> {
    rule: &'a Rule,
    module: &'a Module,
    /// With the names of fields before the change.
    seen: &'a Module,
    definitions: &'a Definitions,
}

impl Judge<'_> {
    fn when(&self, faults: &mut Vec<Fault>) {
        let module = self.module;
        match &self.rule.when {
            When::Created => {}
            When::Changed { fields } => {
                for (index, name) in fields.iter().enumerate() {
                    let is_stored = module.field(name).is_some_and(Field::is_stored);
                    if !(is_stored || name == "owner" && module.owners) {
                        faults.push((format!("when.fields[{index}]"), no_field(module, name)));
                    }
                }
            }
            When::Entered { states } | When::Left { states } => self.states(states, faults),
            When::Stayed { states, .. } => {
                self.states(states, faults);
                faults.extend(clock::faults(&self.rule.when));
            }
            When::Schedule { .. } => {
                faults.extend(clock::faults(&self.rule.when));
                // It is asked of the database which records fit, and nothing was before.
                let condition = self.rule.condition.as_deref();
                if let Some(Err(error)) = condition.map(|text| compile(text, module, self.definitions, Want::Bool)) {
                    faults.push(("if".to_owned(), error.to_string()));
                }
            }
            When::Date { field, offset } => {
                let is_moment =
                    |field: &Field| field.is_stored() && matches!(field.kind, FieldType::Date | FieldType::Datetime);
                match module.field(field) {
                    None => faults.push(("when.field".to_owned(), no_field(module, field))),
                    Some(found) if !is_moment(found) => {
                        faults.push(("when.field".to_owned(), format!("{field:?} holds no date")));
                    }
                    Some(_) => {}
                }
                if let Err(error) = read_offset(offset) {
                    faults.push(("when.offset".to_owned(), error.message));
                }
            }
        }
    }

    fn states(&self, states: &[String], faults: &mut Vec<Fault>) {
        let name = &self.module.name;
        match self.definitions.process(name) {
            None => faults.push(("when.states".to_owned(), format!("{name} have no process"))),
            Some(_) if states.is_empty() => faults.push(("when.states".to_owned(), "one state at least".to_owned())),
            Some(process) => {
                for (index, state) in states.iter().enumerate().filter(|(_, state)| process.state(state).is_none()) {
                    faults.push((format!("when.states[{index}]"), format!("{name} have no state {state:?}")));
                }
            }
        }
    }

    fn action(&self, at: &str, action: &Action, faults: &mut Vec<Fault>) {
        match action {
            Action::Set { fields } => self.values(&format!("{at}.fields"), self.module, (fields, false), faults),
            Action::Move { transition, fields } => {
                let process = self.definitions.process(&self.module.name);
                let named = process.filter(|process| process.transition(transition).is_some());
                let message = match named {
                    None => Some(format!("{} have no move {transition:?}", self.module.name)),
                    Some(process) if process.takes_people(transition) => {
                        Some(format!("{transition:?} takes four eyes: people make it, no rule does"))
                    }
                    Some(process) if process.is_asked_for(transition) => None,
                    Some(_) => Some(format!("{transition:?} is made by the program itself, as part of an operation")),
                };
                faults.extend(message.map(|message| (format!("{at}.transition"), message)));
                self.values(&format!("{at}.fields"), self.module, (fields, false), faults);
            }
            Action::Create { module, fields, owner, .. } => {
                self.created(at, module, fields, faults);
                if let Some(pool) = owner {
                    self.pool(&format!("{at}.owner"), pool, faults);
                }
            }
            Action::Assign { to, .. } => {
                if !self.module.owners {
                    faults.push((format!("{at}.to"), format!("{} have no owners", self.module.name)));
                }
                self.pool(&format!("{at}.to"), to, faults);
            }
            Action::Letter { template, to, name } => {
                if self.definitions.letter(template).is_none() {
                    faults.push((format!("{at}.template"), format!("there is no letter template {template:?}")));
                }
                for (key, text) in [("to", Some(to)), ("name", name.as_ref())] {
                    let Some(text) = text else { continue };
                    match compile(text, self.seen, self.definitions, Want::Any) {
                        Err(error) => faults.push((format!("{at}.{key}"), error.to_string())),
                        Ok(plan) if !matches!(plan.kind, Type::Text(_)) => {
                            faults.push((format!("{at}.{key}"), format!("a text is wanted, not {}", plan.kind.name())));
                        }
                        Ok(_) => {}
                    }
                }
            }
            Action::Webhook { url } => {
                let message = "an address that begins with https:// and carries no name and password";
                if !is_address(url) {
                    faults.push((format!("{at}.url"), message.to_owned()));
                }
            }
            Action::Survey { survey: None } if self.module.name == crate::survey::SENT => {}
            Action::Survey { survey } => {
                let known = survey.as_deref().and_then(|name| self.definitions.survey(name));
                let message = match known {
                    None => format!("there is no survey {:?}", survey.as_deref().unwrap_or_default()),
                    Some(known) if known.of(&self.module.name).is_none() => {
                        format!("the survey {:?} is not about {}", known.name, self.module.name)
                    }
                    Some(_) => return,
                };
                faults.push((format!("{at}.survey"), message));
            }
            Action::Notify { to } => {
                if to.is_empty() {
                    faults.push((format!("{at}.to"), "somebody is told".to_owned()));
                }
                for (index, whom) in to.iter().enumerate() {
                    let at = format!("{at}.to[{index}]");
                    match whom {
                        Addressee::Owner if !self.module.owners => {
                            faults.push((at, format!("{} have no owners", self.module.name)));
                        }
                        Addressee::Role(role) => self.role(&at, role, faults),
                        Addressee::Owner | Addressee::Team(_) => {}
                    }
                }
            }
        }
    }

    fn created(&self, at: &str, name: &str, fields: &Values, faults: &mut Vec<Fault>) {
        let Some(module) = self.definitions.module(name) else {
            faults.push((format!("{at}.module"), format!("there is no module {name:?}")));
            return;
        };
        if module.service.is_some() || module.authored || module.name == crate::module::FILES {
            let message = format!("{name} are made by their own operation");
            faults.push((format!("{at}.module"), message));
            return;
        }
        self.values(&format!("{at}.fields"), module, (fields, true), faults);
        let governed = self.definitions.process(name).map(|process| process.field.as_str());
        let is_missing = |field: &&Field| {
            field.required && field.default.is_none() && field.series.is_none() && !fields.contains_key(&field.name)
        };
        let missing = module.fields.iter().filter(is_missing).filter(|field| governed != Some(field.name.as_str()));
        for field in missing {
            faults.push((format!("{at}.fields.{}", field.name), format!("{name} need {:?}", field.name)));
        }
    }

    /// What is wrong with values for fields of `module`.
    fn values(&self, at: &str, module: &Module, (fields, is_new): (&Values, bool), faults: &mut Vec<Fault>) {
        let governed = self.definitions.process(&module.name).map(|process| process.field.as_str());
        for (name, worth) in fields {
            let at = format!("{at}.{name}");
            let owner = Field::new("owner", FieldType::Person);
            let field = if name == "owner" && module.owners { Some(&owner) } else { module.field(name) };
            let Some(field) = field else {
                faults.push((at, no_field(module, name)));
                continue;
            };
            let is_open = match field.set_by {
                SetBy::Anyone => true,
                SetBy::Creation => is_new,
                SetBy::Process => false,
            };
            if governed == Some(name) {
                faults.push((at, format!("{name:?} changes by a move: use `do = \"move\"`")));
            } else if !field.is_stored() || !is_open {
                faults.push((at, format!("{name:?} is not set by hand, so no rule sets it")));
            } else if let Some(message) = self.wrong(field, worth) {
                faults.push((at, message));
            }
        }
    }

    /// Why what is said cannot stand in a field.
    fn wrong(&self, field: &Field, worth: &Worth) -> Option<String> {
        let text = match worth {
            Worth::Words(_) if matches!(field.kind, FieldType::Text | FieldType::LongText) => return None,
            Worth::Words(_) => return Some("words in two languages stand in a text".to_owned()),
            Worth::Expression(text) => text,
        };
        let plan = match compile(text, self.seen, self.definitions, Want::Any) {
            Ok(plan) => plan,
            Err(error) => return Some(error.to_string()),
        };
        if let Node::Literal(value) = &plan.node
            && !value.is_null()
        {
            let read = Value::read(field, &value.to_json(), Reading::default());
            return read.err().map(|error| error.message);
        }
        self.mismatch(field, &plan)
    }

    fn mismatch(&self, field: &Field, plan: &Plan) -> Option<String> {
        if !fits(plan.kind, field) {
            return Some(format!("{} cannot stand in {:?}", plan.kind.name(), field.name));
        }
        let is_unknown = field.kind == FieldType::Record
            && plan.kind == Type::Id
            && leads_to(plan, self.seen, self.definitions).is_none();
        is_unknown.then(|| "of which module the record is cannot be told: name `id` or a link".to_owned())
    }

    fn pool(&self, at: &str, pool: &Pool, faults: &mut Vec<Fault>) {
        if let Pool::Role(role) = pool {
            self.role(at, role, faults);
        }
    }

    fn role(&self, at: &str, role: &str, faults: &mut Vec<Fault>) {
        if self.definitions.role(role).is_none() {
            faults.push((at.to_owned(), format!("there is no role {role:?}")));
        }
    }
}

/// The longest address.
const LONGEST_ADDRESS: usize = 2_000;

/// Whether a text is an address that a webhook may be meant for; whether it is a public one is asked when it is sent. Over
/// `http` it is this machine alone, for whoever develops.
fn is_address(text: &str) -> bool {
    let (scheme, rest) = text.split_once("://").unwrap_or_default();
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_plain = text.len() <= LONGEST_ADDRESS && !text.contains(|c: char| c.is_whitespace() || c.is_control());
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    let is_own = ["localhost", "127.0.0.1", "[::1]"].contains(&host);
    is_plain && !host.is_empty() && !authority.contains('@') && (scheme == "https" || scheme == "http" && is_own)
}
