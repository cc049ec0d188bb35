//! A field that is called otherwise is followed by the expressions of the workspace's own files.

use std::collections::BTreeMap;

use model::expr::{Named, renamed};
use model::extension::Adjustment;
use model::letter::Letter;
use model::rule::{Action, BEFORE, Rule, Worth, with_before};
use model::survey::Question;
use model::{Definitions, Field};
use serde_json::Value as Json;

use super::Own;

/// An expression that follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Followed {
    /// Where it stands: `modules/stays.toml: price.validation`.
    pub place: String,
    /// As it was.
    pub before: String,
    /// As it is then.
    pub after: String,
}

/// A field on its way to another name, and what followed it so far.
pub(in super::super) struct Renaming<'a> {
    pub(in super::super) definitions: &'a Definitions,
    pub(in super::super) module: &'a str,
    pub(in super::super) old: &'a str,
    pub(in super::super) new: &'a str,
    pub(in super::super) followed: Vec<Followed>,
    /// Where the field is named together with that of another module: one of the two would be wrong.
    pub(in super::super) shared: Vec<String>,
}

impl Renaming<'_> {
    /// What another field's name becomes: that of the field itself, and in rules that of its value before the change.
    fn now(&self, named: &Named) -> Option<String> {
        if named.module != self.module {
            return None;
        }
        if named.field == self.old {
            return Some(self.new.to_owned());
        }
        let before = named.field.strip_prefix(BEFORE)?;
        let is_own = self.definitions.module(self.module).is_some_and(|module| module.field(&named.field).is_some());
        (before == self.old && !is_own).then(|| format!("{BEFORE}{}", self.new))
    }

    /// An expression over records of the module `over`.
    fn text(&mut self, place: impl Into<String>, over: &str, text: &mut String) {
        let Some(module) = self.definitions.module(over) else { return };
        let seen = with_before(module);
        if let Some(after) = renamed(text, &seen, self.definitions, |named| self.now(named)) {
            self.replace(place, text, after);
        }
    }

    fn replace(&mut self, place: impl Into<String>, text: &mut String, after: String) {
        let before = std::mem::replace(text, after.clone());
        self.followed.push(Followed { place: place.into(), before, after });
    }

    /// A template over a record of the module.
    fn template(&mut self, place: &str, text: &mut String) {
        let (name, mut written, mut rest) = (format!("record.fields.{}", self.old), String::new(), text.as_str());
        while let Some(at) = rest.find(&name) {
            let (head, tail) = rest.split_at(at);
            let behind = tail.get(name.len()..).unwrap_or_default();
            let is_longer = behind.starts_with(|sign: char| sign.is_ascii_alphanumeric() || sign == '_');
            written.push_str(head);
            let now = if is_longer { name.clone() } else { format!("record.fields.{}", self.new) };
            written.push_str(&now);
            rest = behind;
        }
        written.push_str(rest);
        if written != *text {
            self.replace(place, text, written);
        }
    }

    fn optional(&mut self, place: impl Into<String>, over: &str, text: &mut Option<String>) {
        if let Some(text) = text {
            self.text(place, over, text);
        }
    }

    /// Expressions of a field of `module`.
    fn field(&mut self, file: &str, module: &str, field: &mut Field) {
        let place = |key: &str| format!("{file}: {}.{key}", field.name);
        let gathered = field.via.as_deref().and_then(|via| via.split_once('.')).map(|(module, _)| module.to_owned());
        let places = ["validation", "expression", "measure", "filter"].map(place);
        let [validation, expression, measure, filter] = places;
        self.optional(validation, module, &mut field.validation);
        self.optional(expression, module, &mut field.expression);
        if let Some(gathered) = gathered {
            if let Some(text) = &mut field.measure {
                self.measure(measure, &gathered, text);
            }
            self.optional(filter, &gathered, &mut field.filter);
        }
    }

    /// A measure: a word of its own around an expression.
    fn measure(&mut self, place: String, over: &str, text: &mut String) {
        let Some((open, close)) = text.find('(').zip(text.rfind(')')).filter(|(open, close)| open < close) else {
            return;
        };
        let (head, tail) = (text[..=open].to_owned(), text[close..].to_owned());
        let mut inner = text[open + 1..close].to_owned();
        let known = self.followed.len();
        self.text(place.as_str(), over, &mut inner);
        if self.followed.len() > known {
            self.followed.truncate(known);
            self.replace(place, text, format!("{head}{inner}{tail}"));
        }
    }

    /// Expressions of what is said of another pack's field.
    fn adjustment(&mut self, file: &str, module: &str, change: &mut Adjustment) {
        let present = self.definitions.module(module).and_then(|module| module.field(&change.field));
        let Some(mut field) = present.cloned() else { return };
        let texts = ["validation", "expression", "measure", "filter", "via"];
        let said =
            |key: &str, set: &serde_json::Map<String, Json>| set.get(key).and_then(Json::as_str).map(str::to_owned);
        (field.validation, field.expression) = (said("validation", &change.set), said("expression", &change.set));
        (field.measure, field.filter) = (said("measure", &change.set), said("filter", &change.set));
        field.via = said("via", &change.set).or(field.via);
        self.field(file, module, &mut field);
        let now = [field.validation, field.expression, field.measure, field.filter, field.via];
        for (key, now) in texts.into_iter().zip(now) {
            if let (Some(kept), Some(now)) = (change.set.get_mut(key), now) {
                *kept = now.into();
            }
        }
    }

    fn rule(&mut self, rule: &mut Rule) {
        let (file, over) = (format!("rules/{}.toml", rule.name), rule.module.clone());
        self.optional(format!("{file}: if"), &over, &mut rule.condition);
        for (at, action) in rule.then.iter_mut().enumerate() {
            let place = |key: &str| format!("{file}: then[{at}].{key}");
            match action {
                Action::Set { fields, .. }
                | Action::Move { fields, .. }
                | Action::Create { fields, .. }
                | Action::Sort { fields, .. } => self.values(&place("fields"), &over, fields),
                Action::Due { within, .. } => self.text(place("within"), &over, within),
                Action::Letter { to, name, .. } => {
                    self.text(place("to"), &over, to);
                    self.optional(place("name"), &over, name);
                }
                Action::Sms { to, text, .. } => {
                    self.text(place("to"), &over, to);
                    if over == self.module {
                        self.template(&place("text"), &mut text.ru);
                        self.template(&place("text"), &mut text.en);
                    }
                }
                _ => {}
            }
        }
    }

    fn values(&mut self, place: &str, over: &str, fields: &mut BTreeMap<String, Worth>) {
        for (name, worth) in fields {
            let place = format!("{place}.{name}");
            match worth {
                Worth::Expression(text) => self.text(place, over, text),
                Worth::Words(words) if over == self.module => {
                    self.template(&place, &mut words.ru);
                    self.template(&place, &mut words.en);
                }
                Worth::Words(_) => {}
            }
        }
    }

    /// Whether rules about the module send the letter, and whether others do.
    fn senders(&self, letter: &str) -> (bool, bool) {
        let senders = self.definitions.rules().map(|(rule, _)| rule).filter(|rule| {
            rule.then.iter().any(|action| matches!(action, Action::Letter { template, .. } if template == letter))
        });
        senders.fold((false, false), |(own, others), rule| {
            let is_own = rule.module == self.module;
            (own || is_own, others || !is_own)
        })
    }

    fn question(&mut self, file: &str, question: &mut Question) {
        let over = self.module;
        self.optional(format!("{file}: {}.prefill", question.key), over, &mut question.prefill);
        if question.writes.as_deref() == Some(self.old) {
            let (place, mut writes) = (format!("{file}: {}.writes", question.key), self.old.to_owned());
            self.replace(place, &mut writes, self.new.to_owned());
            question.writes = Some(writes);
        }
    }

    fn letter(&mut self, letter: &mut Letter) {
        let file = format!("letters/{}.toml", letter.name);
        for text in [&mut letter.subject.ru, &mut letter.subject.en, &mut letter.text.ru, &mut letter.text.en] {
            self.template(&file, text);
        }
    }

    /// What is of another module as well does not follow: what would have is noted as shared.
    fn only_if<T: Clone>(&mut self, is_own_alone: bool, thing: &mut T, follow: impl FnOnce(&mut Self, &mut T)) {
        if is_own_alone {
            return follow(self, thing);
        }
        let begun = self.followed.len();
        follow(self, &mut thing.clone());
        self.shared.extend(self.followed.drain(begun..).map(|followed| followed.place));
    }
}

impl Own {
    /// Lets every expression of the workspace's own files follow.
    pub(in super::super) fn follow(&mut self, renaming: &mut Renaming<'_>) {
        for module in &mut self.modules {
            let (name, file) = (module.name.clone(), format!("modules/{}.toml", module.name));
            module.fields.iter_mut().for_each(|field| renaming.field(&file, &name, field));
            module.veils.iter_mut().for_each(|veil| renaming.text(format!("{file}: veils"), &name, &mut veil.shown));
        }
        for said in self.extensions.values_mut() {
            let (name, file) = (said.extends.clone(), format!("modules/{}.toml", said.extends));
            said.fields.iter_mut().for_each(|field| renaming.field(&file, &name, field));
            said.changes.iter_mut().for_each(|change| renaming.adjustment(&file, &name, change));
        }
        for process in &mut self.processes {
            let (over, file) = (process.module.clone(), format!("processes/{}.toml", process.name));
            for start in &mut process.starts {
                renaming.text(format!("{file}: starts.{}", start.state), &over, &mut start.when);
            }
            for step in &mut process.transitions {
                renaming.optional(format!("{file}: transitions.{}.guard", step.name), &over, &mut step.guard);
            }
        }
        for said in self.process_extensions.values_mut() {
            let file = format!("processes/{}.toml", said.extends);
            let process = renaming.definitions.process_named(&said.extends);
            let Some(over) = process.map(|process| process.module.clone()) else { continue };
            for step in &mut said.transitions {
                renaming.optional(format!("{file}: transitions.{}.guard", step.name), &over, &mut step.guard);
            }
            for change in &mut said.transition_changes {
                let Some(Json::String(guard)) = change.set.get_mut("guard") else { continue };
                renaming.text(format!("{file}: transitions.{}.guard", change.name), &over, guard);
            }
        }
        self.rules.iter_mut().for_each(|rule| renaming.rule(rule));
        for survey in &mut self.surveys {
            let file = format!("surveys/{}.toml", survey.name);
            for about in &mut survey.about {
                let (over, place) = (about.module.clone(), format!("{file}: about.{}", about.module));
                renaming.text(format!("{place}.to"), &over, &mut about.to);
                renaming.optional(format!("{place}.called"), &over, &mut about.called);
                renaming.optional(format!("{place}.offered"), &over, &mut about.offered);
            }
            if survey.about.iter().any(|about| about.module == renaming.module) {
                let is_own_alone = survey.about.iter().all(|about| about.module == renaming.module);
                for question in &mut survey.questions {
                    renaming.only_if(is_own_alone, question, |renaming, question| renaming.question(&file, question));
                }
            }
        }
        for form in &mut self.forms {
            let (over, file) = (form.module.clone(), format!("forms/{}.toml", form.name));
            for asked in &mut form.fields {
                renaming.optional(format!("{file}: fields.{}.if", asked.field), &over, &mut asked.condition);
            }
        }
        for letter in &mut self.letters {
            let (own, others) = renaming.senders(&letter.name);
            if own {
                renaming.only_if(!others, letter, Renaming::letter);
            }
        }
    }
}
