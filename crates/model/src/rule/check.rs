//! What must hold of a rule before it runs: everything that it names is there, and its expressions fit.

use std::collections::BTreeMap;

use super::address::is_address;
use super::fit::{fits, leads_to};
use super::{Action, Addressee, CALLS, Fault, Pool, Rule, SortInto, When, Worth, clock, with_before};
use crate::definitions::is_name;
use crate::expr::{Node, Plan, Type, Want, compile};
use crate::extension::no_field;
use crate::field::{FieldType, SetBy};
use crate::process::Process;
use crate::value::{Reading, Value};
use crate::{Definitions, Field, Module};

/// Why braces in an expression are refused: they would be kept as they are.
const NO_TEMPLATE: &str = "a text in an expression is no template, and what stands in its braces would never be filled in: write words in two \
     languages, {\"ru\": …, \"en\": …}";

/// The code where a field is named that is not there.
const NO_FIELD: &str = "unknown_field";

/// The module of what came in and is sorted.
const MESSAGES: &str = "messages";

/// The module that papers are issued for.
const DEALS: &str = "deals";

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
            faults.push(
                Fault::new("name", format!("{:?} cannot name a rule: {message}", self.name))
                    .coded("invalid_program_name"),
            );
        }
        if self.budget == Some(0) {
            faults
                .push(Fault::new("budget", "a rule that never may run is switched off instead").coded("out_of_range"));
        }
        let least = self.letters_at_once().max(1);
        if self.letters.is_some_and(|letters| letters < least) {
            let message = format!("a run may send {least}: with fewer in an hour it never would");
            faults.push(Fault::new("letters", message).coded("letters_too_few"));
        }
        let Some(module) = definitions.module(&self.module) else {
            faults.push(Fault::new("module", format!("there is no module {:?}", self.module)).coded("no_such_module"));
            return faults;
        };
        let seen = with_before(module);
        let judge = Judge { rule: self, module, seen: &seen, definitions };
        judge.when(&mut faults);
        if let Some(Err(error)) = self.condition.as_deref().map(|text| compile(text, &seen, definitions, Want::Bool)) {
            faults.push(Fault::of("if", &error));
        }
        if self.then.is_empty() {
            faults.push(Fault::new("then", "a rule does something").coded("rule_does_nothing"));
        }
        if self.then.len() > MOST_ACTIONS {
            faults.push(Fault::new("then", format!("a rule does {MOST_ACTIONS} things at most")).coded("too_many"));
        }
        if self.then.last().is_some_and(Action::puts_off) {
            let at = format!("then[{}]", self.then.len().saturating_sub(1));
            faults.push(Fault::new(at, "what waits is followed by something").coded("nothing_after_wait"));
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
            When::Called if module.name == CALLS => {}
            When::Called => {
                let message = format!("only {CALLS} are called");
                faults.push(Fault::new("when.event", message).coded("only_calls"));
            }
            When::Changed { fields, .. } => {
                for (index, name) in fields.iter().enumerate() {
                    let is_stored = module.field(name).is_some_and(Field::is_stored);
                    if !(is_stored || name == "owner" && module.owners) {
                        faults
                            .push(Fault::new(format!("when.fields[{index}]"), no_field(module, name)).coded(NO_FIELD));
                    }
                }
            }
            When::Entered { states } | When::Left { states } => self.states("when.states", states, faults),
            When::Moved { transitions } => {
                let is_known = |process: &Process, said: &str| process.made(Some(said), None, None).is_some();
                self.named(("when.transitions", "move"), transitions, is_known, faults);
            }
            When::Stayed { states, .. } => {
                self.states("when.states", states, faults);
                faults.extend(clock::faults(&self.rule.when));
            }
            When::Schedule { .. } => {
                faults.extend(clock::faults(&self.rule.when));
                // It is asked of the database which records fit, and nothing was before.
                let condition = self.rule.condition.as_deref();
                if let Some(Err(error)) = condition.map(|text| compile(text, module, self.definitions, Want::Bool)) {
                    faults.push(Fault::of("if", &error));
                }
            }
            When::Date { field, .. } => {
                let is_moment =
                    |field: &Field| field.is_stored() && matches!(field.kind, FieldType::Date | FieldType::Datetime);
                match module.field(field) {
                    None => faults.push(Fault::new("when.field", no_field(module, field)).coded(NO_FIELD)),
                    Some(found) if !is_moment(found) => {
                        faults.push(Fault::new("when.field", format!("{field:?} holds no date")).coded("no_date"));
                    }
                    Some(_) => {}
                }
                faults.extend(clock::faults(&self.rule.when));
            }
        }
    }

    fn states(&self, at: &str, states: &[String], faults: &mut Vec<Fault>) {
        self.named((at, "state"), states, |process, name| process.state(name).is_some(), faults);
    }

    /// What is wrong with names of states, or of moves, of the module's process.
    fn named(
        &self,
        (at, what): (&str, &str),
        names: &[String],
        is_known: impl Fn(&Process, &str) -> bool,
        faults: &mut Vec<Fault>,
    ) {
        let module = &self.module.name;
        match self.definitions.process(module) {
            None => faults.push(Fault::new(at, format!("{module} have no process")).coded("no_process")),
            Some(_) if names.is_empty() => {
                faults.push(Fault::new(at, format!("one {what} at least")).coded("required"));
            }
            Some(process) => {
                for (index, name) in names.iter().enumerate().filter(|(_, name)| !is_known(process, name)) {
                    let code = if what == "state" { "unknown_state" } else { "unknown_part" };
                    let message = format!("{module} have no {what} {name:?}");
                    faults.push(Fault::new(format!("{at}[{index}]"), message).coded(code));
                }
            }
        }
    }

    /// What is wrong with how long something may take.
    fn due(&self, at: &str, within: &str, faults: &mut Vec<Fault>) {
        let at = format!("{at}.within");
        match compile(within, self.seen, self.definitions, Want::Any) {
            Err(error) => faults.push(Fault::of(at, &error)),
            Ok(plan) if !matches!(plan.kind, Type::Text(_) | Type::Null) => {
                let message = format!("a text such as \"PT4H\" is wanted, not {}", plan.kind.name());
                faults.push(Fault::new(at, message).coded("text_wanted"));
            }
            Ok(plan) => {
                let mut outcomes = Vec::new();
                said_outright(&plan, &mut outcomes);
                let fault = outcomes.into_iter().find_map(|text| clock::faulty(text, true));
                faults.extend(fault.map(|(code, text)| Fault::new(at, text).coded(code)));
            }
        }
    }

    /// Why a field cannot hold a moment that the program works out.
    fn moment(&self, at: &str, name: &str) -> Option<Fault> {
        match self.module.field(name) {
            None => Some(Fault::new(at, no_field(self.module, name)).coded(NO_FIELD)),
            Some(field) if field.kind != FieldType::Datetime || !field.is_stored() => {
                Some(Fault::new(at, format!("{name:?} holds no date and time")).coded("no_date"))
            }
            Some(_) => None,
        }
    }

    fn action(&self, at: &str, action: &Action, faults: &mut Vec<Fault>) {
        match action {
            Action::Set { of, fields } => {
                if let Some(module) = self.set_of(at, of.as_deref(), faults) {
                    self.values(&format!("{at}.fields"), module, (fields, false), faults);
                }
            }
            Action::Wait { after, working } => {
                let fault = clock::faulty(after, *working);
                faults.extend(fault.map(|(code, text)| Fault::new(format!("{at}.after"), text).coded(code)));
            }
            Action::Due { field, within, since, stands_in, warn, share } => {
                self.due(at, within, faults);
                for (key, name) in [("field", Some(field)), ("since", since.as_ref()), ("warn", warn.as_ref())] {
                    faults.extend(name.and_then(|name| self.moment(&format!("{at}.{key}"), name)));
                }
                if !stands_in.is_empty() {
                    self.states(&format!("{at}.stands_in"), stands_in, faults);
                }
                if !(1..100).contains(share) {
                    faults.push(Fault::new(format!("{at}.share"), "a share from 1 to 99").coded("out_of_range"));
                }
            }
            Action::Move { transition, fields } => {
                let process = self.definitions.process(&self.module.name);
                let named = process.filter(|process| process.transition(transition).is_some());
                let fault = match named {
                    None => Some(("unknown_part", format!("{} have no move {transition:?}", self.module.name))),
                    Some(process) if process.takes_people(transition) => {
                        Some(("takes_people", format!("{transition:?} takes four eyes: people make it, no rule does")))
                    }
                    Some(process) if process.is_asked_for(transition) => None,
                    Some(_) => {
                        let message = format!("{transition:?} is made by the program itself, as part of an operation");
                        Some(("move_of_program", message))
                    }
                };
                faults.extend(fault.map(|(code, text)| Fault::new(format!("{at}.transition"), text).coded(code)));
                self.values(&format!("{at}.fields"), self.module, (fields, false), faults);
            }
            Action::Approve { by } => self.pool(&format!("{at}.by"), by, faults),
            Action::Sort { into, fields, to, .. } => self.sorted(at, *into, (fields, to.as_ref()), faults),
            Action::Create { module, fields, owner, .. } => {
                self.created(at, module, fields, faults);
                if let Some(pool) = owner {
                    self.pool(&format!("{at}.owner"), pool, faults);
                }
            }
            Action::Assign { to, .. } => {
                if !self.module.owners {
                    let message = format!("{} have no owners", self.module.name);
                    faults.push(Fault::new(format!("{at}.to"), message).coded("no_owners"));
                }
                self.pool(&format!("{at}.to"), to, faults);
            }
            Action::Letter { template, to, name } => {
                if self.definitions.letter(template).is_none() {
                    let message = format!("there is no letter template {template:?}");
                    faults.push(Fault::new(format!("{at}.template"), message).coded("no_template"));
                }
                for (key, text) in [("to", Some(to)), ("name", name.as_ref())] {
                    faults.extend(text.and_then(|text| self.addressed(format!("{at}.{key}"), text)));
                }
            }
            Action::Sms { to, text, .. } => {
                faults.extend(self.addressed(format!("{at}.to"), to));
                if text.ru.trim().is_empty() && text.en.trim().is_empty() {
                    let message = "what does the SMS say?";
                    faults.push(Fault::new(format!("{at}.text"), message).coded("required"));
                }
            }
            Action::Webhook { url } => {
                let message = "an address that begins with https:// and carries no name and password";
                if !is_address(url) {
                    faults.push(Fault::new(format!("{at}.url"), message).coded("invalid_url"));
                }
            }
            Action::Survey { survey: None } if self.module.name == crate::survey::SENT => {}
            Action::Survey { survey } => {
                let known = survey.as_deref().and_then(|name| self.definitions.survey(name));
                let (code, message) = match known {
                    None => {
                        ("no_such_survey", format!("there is no survey {:?}", survey.as_deref().unwrap_or_default()))
                    }
                    Some(known) if known.of(&self.module.name).is_none() => {
                        ("not_about", format!("the survey {:?} is not about {}", known.name, self.module.name))
                    }
                    Some(_) => return,
                };
                faults.push(Fault::new(format!("{at}.survey"), message).coded(code));
            }
            Action::Issue { papers, .. } => {
                if self.module.name != DEALS {
                    let message = format!("papers are issued for {DEALS}, not for {}", self.module.name);
                    faults.push(Fault::new(format!("{at}.papers"), message).coded("only_deals"));
                }
                if papers.is_empty() {
                    faults.push(Fault::new(format!("{at}.papers"), "one paper at least").coded("required"));
                }
                for (index, paper) in papers.iter().enumerate() {
                    if self.definitions.module(paper.module()).is_none() {
                        let message = format!("there are no {}", paper.module());
                        faults.push(Fault::new(format!("{at}.papers[{index}]"), message).coded("no_papers"));
                    }
                }
            }
            Action::Notify { to } => {
                if to.is_empty() {
                    faults.push(Fault::new(format!("{at}.to"), "somebody is told").coded("required"));
                }
                for (index, whom) in to.iter().enumerate() {
                    let at = format!("{at}.to[{index}]");
                    match whom {
                        Addressee::Owner if !self.module.owners => {
                            let message = format!("{} have no owners", self.module.name);
                            faults.push(Fault::new(at, message).coded("no_owners"));
                        }
                        Addressee::Role(role) => self.role(&at, role, faults),
                        Addressee::Owner | Addressee::Team(_) => {}
                    }
                }
            }
        }
    }

    /// Why an expression is no address or name of whoever is written to.
    fn addressed(&self, at: String, text: &str) -> Option<Fault> {
        match compile(text, self.seen, self.definitions, Want::Any) {
            Err(error) => Some(Fault::of(at, &error)),
            Ok(plan) if !matches!(plan.kind, Type::Text(_)) => {
                let message = format!("a text is wanted, not {}", plan.kind.name());
                Some(Fault::new(at, message).coded("text_wanted"))
            }
            Ok(_) if is_template(text) => Some(Fault::new(at, NO_TEMPLATE).coded("text_is_no_template")),
            Ok(_) => None,
        }
    }

    /// The module whose fields are set: the rule's own, or the one that a link of it leads to.
    fn set_of(&self, at: &str, of: Option<&str>, faults: &mut Vec<Fault>) -> Option<&Module> {
        let Some(name) = of else { return Some(self.module) };
        let link = self.module.field(name);
        let is_link = |field: &&Field| matches!(field.kind, FieldType::Link | FieldType::Links) && field.is_stored();
        let target = link.filter(is_link).and_then(|field| self.definitions.module(field.module.as_deref()?));
        let (code, message) = match (link, target) {
            (None, _) => (NO_FIELD, no_field(self.module, name)),
            (Some(_), None) => ("no_link", format!("{name:?} is no link to records of one module")),
            (Some(_), Some(target)) if target.authored || target.name == crate::module::FILES => {
                ("changed_by_operation", format!("{} are changed by their own operation", target.name))
            }
            (Some(_), Some(target)) => return Some(target),
        };
        faults.push(Fault::new(format!("{at}.of"), message).coded(code));
        None
    }

    fn sorted(&self, at: &str, into: SortInto, (fields, to): (&Values, Option<&Pool>), faults: &mut Vec<Fault>) {
        if self.module.name != MESSAGES {
            let message = format!("{MESSAGES} are sorted, not {}", self.module.name);
            faults.push(Fault::new(format!("{at}.into"), message).coded("only_messages"));
        }
        match into.makes().map(|name| self.definitions.module(name)) {
            Some(Some(made)) => self.values(&format!("{at}.fields"), made, (fields, true), faults),
            Some(None) => {
                let message = format!("there are no {}s", into.name());
                faults.push(Fault::new(format!("{at}.into"), message).coded("no_such_module"));
            }
            None if !fields.is_empty() => {
                let message = "only a case and a lead have fields";
                faults.push(Fault::new(format!("{at}.fields"), message).coded("sorted_without_fields"));
            }
            None => {}
        }
        match (into, to) {
            (SortInto::Person, Some(pool)) => self.pool(&format!("{at}.to"), pool, faults),
            (SortInto::Person, None) => {
                faults.push(Fault::new(format!("{at}.to"), "whom is it passed to?").coded("required"));
            }
            (_, Some(_)) => {
                let message = "only what goes to a person is passed on";
                faults.push(Fault::new(format!("{at}.to"), message).coded("passed_to_nobody"));
            }
            (_, None) => {}
        }
    }

    fn created(&self, at: &str, name: &str, fields: &Values, faults: &mut Vec<Fault>) {
        let Some(module) = self.definitions.module(name) else {
            let message = format!("there is no module {name:?}");
            faults.push(Fault::new(format!("{at}.module"), message).coded("no_such_module"));
            return;
        };
        if module.service.is_some() || module.authored || module.name == crate::module::FILES {
            let message = format!("{name} are made by their own operation");
            faults.push(Fault::new(format!("{at}.module"), message).coded("made_by_program"));
            return;
        }
        self.values(&format!("{at}.fields"), module, (fields, true), faults);
        let governed = self.definitions.process(name).map(|process| process.field.as_str());
        let is_missing = |field: &&Field| {
            field.required && field.default.is_none() && field.series.is_none() && !fields.contains_key(&field.name)
        };
        let missing = module.fields.iter().filter(is_missing).filter(|field| governed != Some(field.name.as_str()));
        for field in missing {
            faults.push(
                Fault::new(format!("{at}.fields.{}", field.name), format!("{name} need {:?}", field.name))
                    .coded("required"),
            );
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
                faults.push(Fault::new(at, no_field(module, name)).coded(NO_FIELD));
                continue;
            };
            let is_open = match field.set_by {
                SetBy::Anyone => true,
                SetBy::Creation => is_new,
                SetBy::Process => false,
            };
            if governed == Some(name) {
                let message = format!("{name:?} changes by a move: use `do = \"move\"`");
                faults.push(Fault::new(at, message).coded("set_by_move"));
            } else if !field.is_stored() || !is_open {
                let message = format!("{name:?} is not set by hand, so no rule sets it");
                faults.push(Fault::new(at, message).coded("set_by_program"));
            } else if let Some((code, message)) = self.wrong(field, worth) {
                faults.push(Fault::new(at, message).coded(code));
            }
        }
    }

    /// Why what is said cannot stand in a field.
    fn wrong(&self, field: &Field, worth: &Worth) -> Option<(&'static str, String)> {
        let text = match worth {
            Worth::Words(_) if matches!(field.kind, FieldType::Text | FieldType::LongText) => return None,
            Worth::Words(_) => return Some(("words_in_text", "words in two languages stand in a text".to_owned())),
            Worth::Expression(text) => text,
        };
        let plan = match compile(text, self.seen, self.definitions, Want::Any) {
            Ok(plan) => plan,
            Err(error) => return Some((error.code.as_str(), error.to_string())),
        };
        if is_template(text) {
            return Some(("text_is_no_template", NO_TEMPLATE.to_owned()));
        }
        if let Node::Literal(value) = &plan.node
            && !value.is_null()
        {
            let read = Value::read(field, &value.to_json(), Reading::default());
            return read.err().map(|error| (error.code, error.message));
        }
        self.mismatch(field, &plan)
    }

    fn mismatch(&self, field: &Field, plan: &Plan) -> Option<(&'static str, String)> {
        if !fits(plan.kind, field) {
            return Some(("does_not_fit", format!("{} cannot stand in {:?}", plan.kind.name(), field.name)));
        }
        let is_unknown = field.kind == FieldType::Record
            && plan.kind == Type::Id
            && leads_to(plan, self.seen, self.definitions).is_none();
        let message = "of which module the record is cannot be told: name `id` or a link";
        is_unknown.then(|| ("record_unclear", message.to_owned()))
    }

    fn pool(&self, at: &str, pool: &Pool, faults: &mut Vec<Fault>) {
        if let Pool::Role(role) = pool {
            self.role(at, role, faults);
        }
    }

    fn role(&self, at: &str, role: &str, faults: &mut Vec<Fault>) {
        if self.definitions.role(role).is_none() {
            faults.push(Fault::new(at, format!("there is no role {role:?}")).coded("unknown_role"));
        }
    }
}

/// The texts that an expression may come to, as far as they stand in it.
fn said_outright<'p>(plan: &'p Plan, texts: &mut Vec<&'p str>) {
    match &plan.node {
        Node::Literal(value) => texts.extend(value.as_text()),
        Node::If(parts) => parts.iter().skip(1).for_each(|part| said_outright(part, texts)),
        _ => {}
    }
}

/// Whether an expression that can be read has a text with the braces of templates: elsewhere they cannot stand.
fn is_template(text: &str) -> bool {
    text.contains("{{") || text.contains("{%")
}
