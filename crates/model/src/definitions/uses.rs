//! Who says something of a field: what is looked at before it is taken out of use.

use std::sync::Arc;

use crate::expr::names;
use crate::form::{Form, named};
use crate::letter::Letter;
use crate::rights::Role;
use crate::rule::{Action, BEFORE, Rule, When, Worth};
use crate::site_letter::{self, SiteLetter};
use crate::survey::Survey;
use crate::view::Look;
use crate::{Definitions, Field, Label, Module};

/// What says something of a field.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Use {
    /// Another field: what it works out, gathers, or must be.
    Field {
        /// Its module.
        module: String,
        /// The field.
        field: String,
    },
    /// How records of its own module are named, to whom they belong, or in which list, group or index it stands.
    Layout,
    /// A process as a whole: the field holds its states, or records start by it.
    Process(String),
    /// A move of a process, by its key.
    Move(String, String),
    /// A rule.
    Rule(String),
    /// A letter that a rule sends.
    Letter(String),
    /// A survey.
    Survey(String),
    /// A form.
    Form(String),
    /// Letters of a site.
    SiteLetter(String),
    /// A role from which it is hidden, or that may not change it.
    Role(String),
}

impl Definitions {
    /// Everything that says something of a field, each once.
    #[must_use]
    pub fn uses(&self, module: &str, field: &str) -> Vec<Use> {
        let sought = Sought { definitions: self, module, field };
        let mut uses = Vec::new();
        for module in self.modules() {
            sought.of_module(module, &mut uses);
        }
        for process in self.processes() {
            let over = &process.module;
            let starts = process.starts.iter().any(|start| sought.in_text(over, &start.when));
            if starts || sought.is(over, &process.field) {
                uses.push(Use::Process(process.name.clone()));
            }
            let moves = process.transitions.iter().filter(|step| !step.retired).filter(|step| {
                let named = step.asks.iter().chain(&step.stamps).any(|name| sought.is(over, name));
                named || sought.in_some(over, step.guard.as_ref())
            });
            uses.extend(moves.map(|step| Use::Move(process.name.clone(), step.key.clone())));
        }
        uses.extend(self.rules().filter(|(it, _)| sought.of_rule(it)).map(|(it, _)| Use::Rule(it.name.clone())));
        uses.extend(self.letters().filter(|(it, _)| sought.of_letter(it)).map(|(it, _)| Use::Letter(it.name.clone())));
        let surveys = self.surveys().filter(|(it, _)| sought.of_survey(it));
        uses.extend(surveys.map(|(it, _)| Use::Survey(it.name.clone())));
        let forms = self.forms().filter(|(it, _)| sought.of_form(it));
        uses.extend(forms.map(|(it, _)| Use::Form(it.name.clone())));
        let letters = self.site_letters().filter(|(it, _)| sought.of_site_letter(it));
        uses.extend(letters.map(|(it, _)| Use::SiteLetter(it.name.clone())));
        let kept = |role: &&Arc<Role>| {
            let grant = role.modules.get(module).into_iter();
            grant.flat_map(|grant| grant.hidden.iter().chain(&grant.read_only)).any(|name| name == field)
        };
        uses.extend(self.roles().filter(kept).map(|role| Use::Role(role.name.clone())));
        uses
    }

    /// Whether a view of the module `over` shows the field of `module`, or is filtered, sorted or parted by it.
    #[must_use]
    pub fn shows(&self, over: &str, look: &Look, module: &str, field: &str) -> bool {
        let sought = Sought { definitions: self, module, field };
        let named = [look.sort.trim_start_matches('-')].into_iter().chain(look.group_by.split('.'));
        let mut named = named.chain(look.by.split('.')).chain(look.columns.iter().map(String::as_str));
        named.any(|name| sought.is(over, name)) || sought.in_text(over, &look.filter)
    }
}

/// The field that is looked for.
struct Sought<'a> {
    definitions: &'a Definitions,
    module: &'a str,
    field: &'a str,
}

impl Sought<'_> {
    fn is(&self, module: &str, name: &str) -> bool {
        module == self.module && name == self.field
    }

    /// Whether an expression over records of a module names it, the value before a change included.
    fn in_text(&self, over: &str, text: &str) -> bool {
        let Some(module) = self.definitions.module(over).filter(|_| !text.is_empty()) else { return false };
        let seen = self.definitions.seen_by_rules(module);
        let is_own = |name: &str| self.definitions.module(self.module).is_some_and(|own| own.field(name).is_some());
        names(text, &seen, self.definitions).iter().any(|named| {
            let before = named.field.strip_prefix(BEFORE).filter(|_| !is_own(&named.field));
            self.is(&named.module, before.unwrap_or(&named.field))
        })
    }

    fn in_some(&self, over: &str, text: Option<&String>) -> bool {
        text.is_some_and(|text| self.in_text(over, text))
    }

    /// Whether a template over a record of its module names it.
    fn in_template(&self, text: &Label) -> bool {
        let name = format!("record.fields.{}", self.field);
        let ends = |rest: &str| !rest.starts_with(|sign: char| sign.is_ascii_alphanumeric() || sign == '_');
        [&text.ru, &text.en].into_iter().any(|text| text.split(&name).skip(1).any(ends))
    }

    fn of_module(&self, module: &Module, uses: &mut Vec<Use>) {
        let fields = module.fields.iter().filter(|field| !self.is(&module.name, &field.name));
        let saying = fields.filter(|field| self.of_field(module, field));
        uses.extend(saying.map(|field| Use::Field { module: module.name.clone(), field: field.name.clone() }));
        if module.name != self.module {
            return;
        }
        let lists = module.columns.iter().chain(&module.search).chain(module.indexes.iter().flatten());
        let lists = lists.chain(module.groups.iter().flat_map(|group| &group.fields));
        let single = module.subtitle.iter().chain(&module.belongs_to).chain(&module.also_belongs_to);
        let veiled = module.veils.iter().flat_map(|veil| veil.fields.iter().chain(&veil.over));
        let lists = lists.chain(veiled);
        let judges = module.veils.iter().any(|veil| self.in_text(&module.name, &veil.shown));
        if judges || lists.chain(single).chain([&module.title]).any(|name| name == self.field) {
            uses.push(Use::Layout);
        }
    }

    fn of_field(&self, module: &Module, field: &Field) -> bool {
        let own = [&field.validation, &field.expression];
        if own.into_iter().any(|text| self.in_some(&module.name, text.as_ref())) {
            return true;
        }
        let Some((over, link)) = field.via.as_deref().and_then(|via| via.split_once('.')) else { return false };
        let measured = field.measure.as_deref().and_then(|text| Some((text.find('(')?, text.rfind(')')?, text)));
        let measured = measured.and_then(|(open, close, text)| text.get(open + 1..close));
        let is_measured = measured.is_some_and(|text| self.in_text(over, text));
        self.is(over, link) || is_measured || self.in_some(over, field.filter.as_ref())
    }

    fn of_rule(&self, rule: &Rule) -> bool {
        let over = &rule.module;
        let sets_off = match &rule.when {
            When::Changed { fields, .. } => fields.iter().any(|name| self.is(over, name)),
            When::Date { field, .. } => self.is(over, field),
            _ => false,
        };
        sets_off || self.in_some(over, rule.condition.as_ref()) || rule.then.iter().any(|it| self.of_action(over, it))
    }

    fn of_action(&self, over: &str, action: &Action) -> bool {
        // Into which module values are written, and what is written there.
        let (into, fields) = match action {
            Action::Set { of: None, fields } | Action::Move { fields, .. } => (Some(over), fields),
            Action::Set { of: Some(link), fields } => {
                if self.is(over, link) {
                    return true;
                }
                let link = self.definitions.module(over).and_then(|module| module.field(link));
                (link.and_then(|link| link.module.as_deref()), fields)
            }
            Action::Create { module, fields, .. } => (Some(module.as_str()), fields),
            Action::Sort { into, fields, .. } => (into.makes(), fields),
            Action::Due { field, within, since, warn, .. } => {
                let mut named = [field].into_iter().chain(since).chain(warn);
                return named.any(|name| self.is(over, name)) || self.in_text(over, within);
            }
            Action::Letter { to, name, .. } => return self.in_text(over, to) || self.in_some(over, name.as_ref()),
            Action::Sms { to, text, .. } => {
                return self.in_text(over, to) || over == self.module && self.in_template(text);
            }
            _ => return false,
        };
        fields.iter().any(|(name, worth)| {
            let is_said = match worth {
                Worth::Expression(text) => self.in_text(over, text),
                Worth::Words(words) => over == self.module && self.in_template(words),
            };
            is_said || into.is_some_and(|into| self.is(into, name))
        })
    }

    fn of_letter(&self, letter: &Letter) -> bool {
        let sends = |it: &Action| matches!(it, Action::Letter { template, .. } if *template == letter.name);
        let mut rules = self.definitions.rules().map(|(rule, _)| rule).filter(|rule| rule.module == self.module);
        let is_sent = rules.any(|rule| rule.then.iter().any(sends));
        is_sent && [&letter.subject, &letter.text].into_iter().any(|text| self.in_template(text))
    }

    fn of_form(&self, form: &Form) -> bool {
        named(form).iter().any(|name| self.is(&form.module, name))
    }

    fn of_site_letter(&self, letter: &SiteLetter) -> bool {
        site_letter::named(letter).iter().any(|name| self.is(&letter.module, name))
    }

    fn of_survey(&self, survey: &Survey) -> bool {
        survey.about.iter().any(|about| {
            let over = &about.module;
            let said = [about.called.as_ref(), about.offered.as_ref()];
            let mut asked = survey.questions.iter().filter(|question| !question.retired);
            let writes = |name: &String| self.is(over, name);
            self.in_text(over, &about.to)
                || said.into_iter().any(|text| self.in_some(over, text))
                || asked.any(|it| self.in_some(over, it.prefill.as_ref()) || it.writes.as_ref().is_some_and(writes))
        })
    }
}
