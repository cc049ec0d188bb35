//! The workspace's own pack, opened to be edited and written again.

mod expressions;

use std::collections::{BTreeMap, BTreeSet};

use model::extension::{Extension, ProcessExtension};
use model::form::Form;
use model::letter::Letter;
use model::pack::{Manifest, Pack};
use model::process::{Process, Transition};
use model::rights::{Grant, Role, RoleChange};
use model::rule::{Action, Rule, RuleSwitch, When, Worth};
use model::site_letter::SiteLetter;
use model::survey::Survey;
use model::{Definitions, Field, Label, Module};
use serde::Serialize;
use serde_json::Value as Json;
use store::shape::{OWN, ShapeError};
use store::{Error, FieldError};

pub use self::expressions::Followed;
pub(super) use self::expressions::Renaming;
use super::{OwnFlow, OwnPart};

/// Folders of the files that are opened.
const OPENED: [&str; 8] =
    ["modules/", "processes/", "roles/", "rules/", "surveys/", "forms/", "site_letters/", "letters/"];

/// The pack, file by file.
pub(super) struct Own {
    manifest: Manifest,
    pub(super) modules: Vec<Module>,
    /// By the module they extend.
    extensions: BTreeMap<String, Extension>,
    pub(super) processes: Vec<Process>,
    /// By the process they extend.
    process_extensions: BTreeMap<String, ProcessExtension>,
    pub(super) roles: Vec<Role>,
    /// By the role they change.
    role_changes: BTreeMap<String, RoleChange>,
    rules: Vec<Rule>,
    /// By the rule that they switch.
    rule_switches: BTreeMap<String, RuleSwitch>,
    surveys: Vec<Survey>,
    forms: Vec<Form>,
    site_letters: Vec<SiteLetter>,
    letters: Vec<Letter>,
    /// What is about none of these stays as it is.
    rest: BTreeMap<String, String>,
}

impl Own {
    /// As it stands among `packs`; empty where there is none yet.
    pub(super) fn of(packs: &[Pack]) -> Self {
        match packs.iter().find(|pack| pack.manifest.name == OWN) {
            Some(pack) => {
                let is_kept = |path: &str| !OPENED.iter().any(|folder| path.starts_with(folder));
                let files = pack.files.iter().filter(|(path, _)| is_kept(path));
                Self {
                    manifest: pack.manifest.clone(),
                    modules: pack.modules.clone(),
                    extensions: by_module(&pack.extensions),
                    processes: pack.processes.clone(),
                    process_extensions: pack
                        .process_extensions
                        .iter()
                        .map(|it| (it.extends.clone(), it.clone()))
                        .collect(),
                    roles: pack.roles.clone(),
                    role_changes: pack.role_changes.iter().map(|it| (it.extends.clone(), it.clone())).collect(),
                    rules: pack.rules.clone(),
                    rule_switches: pack.rule_switches.iter().map(|it| (it.extends.clone(), it.clone())).collect(),
                    surveys: pack.surveys.clone(),
                    forms: pack.forms.clone(),
                    site_letters: pack.site_letters.clone(),
                    letters: pack.letters.clone(),
                    rest: files.map(|(path, text)| (path.clone(), text.clone())).collect(),
                }
            }
            None => {
                let label = Label { ru: "Свои изменения".to_owned(), en: "Own changes".to_owned() };
                let manifest = Manifest { name: OWN.to_owned(), label, version: 0, requires: Vec::new() };
                Self {
                    manifest,
                    modules: Vec::new(),
                    extensions: BTreeMap::new(),
                    processes: Vec::new(),
                    process_extensions: BTreeMap::new(),
                    roles: Vec::new(),
                    role_changes: BTreeMap::new(),
                    rules: Vec::new(),
                    rule_switches: BTreeMap::new(),
                    surveys: Vec::new(),
                    forms: Vec::new(),
                    site_letters: Vec::new(),
                    letters: Vec::new(),
                    rest: BTreeMap::new(),
                }
            }
        }
    }

    pub(super) fn version(&self) -> i64 {
        i64::from(self.manifest.version)
    }

    /// The module, where it is one of the workspace's own.
    pub(super) fn module(&mut self, name: &str) -> Option<&mut Module> {
        self.modules.iter_mut().find(|module| module.name == name)
    }

    /// What the workspace says of another pack's module.
    pub(super) fn extension(&mut self, module: &str) -> &mut Extension {
        self.extensions.entry(module.to_owned()).or_insert_with(|| Extension::of(module))
    }

    /// The field, where it is one of the workspace's own.
    pub(super) fn field(&mut self, module: &str, field: &str) -> Option<&mut Field> {
        let modules = self.modules.iter_mut().filter(|there| there.name == module).map(|module| &mut module.fields);
        let extensions = self.extensions.values_mut().filter(|there| there.extends == module);
        let mut fields = modules.chain(extensions.map(|extension| &mut extension.fields)).flatten();
        fields.find(|there| there.name == field)
    }

    /// What of a module is the workspace's own.
    pub(super) fn part(&self, module: &str) -> OwnPart {
        let own = self.modules.iter().find(|there| there.name == module);
        let extension = self.extensions.get(module);
        let fields = own.map(|module| &module.fields).into_iter().chain(extension.map(|extension| &extension.fields));
        OwnPart {
            is_module: own.is_some(),
            fields: fields.flatten().map(|field| field.name.clone()).collect(),
            is_laid_out: extension.is_some_and(|extension| {
                !extension.replaces.is_empty() || extension.subtitle.is_some() || !extension.groups.is_empty()
            }),
        }
    }

    /// Adds a field to a module, whoever defines it.
    pub(super) fn add_field(&mut self, module: &str, field: Field) {
        match self.module(module) {
            Some(module) => module.fields.push(field),
            None => self.extension(module).fields.push(field),
        }
    }

    /// The process, where it is one of the workspace's own.
    pub(super) fn process(&mut self, name: &str) -> Option<&mut Process> {
        self.processes.iter_mut().find(|process| process.name == name)
    }

    /// What the workspace says of another pack's process.
    pub(super) fn process_extension(&mut self, process: &str) -> &mut ProcessExtension {
        self.process_extensions.entry(process.to_owned()).or_insert_with(|| ProcessExtension::of(process))
    }

    /// What of a process is the workspace's own.
    pub(super) fn process_part(&self, process: &str) -> OwnFlow {
        let said = self.process_extensions.get(process);
        let states = said.into_iter().flat_map(|said| &said.states).map(|state| state.name.clone());
        OwnFlow {
            is_process: self.processes.iter().any(|own| own.name == process),
            states: states.collect(),
            transitions: said.map(|said| said.transitions.clone()).unwrap_or_default(),
            changed: said.is_some_and(|said| !said.is_empty()),
        }
    }

    /// The role, where it is one of the workspace's own.
    pub(super) fn role(&mut self, name: &str) -> Option<&mut Role> {
        self.roles.iter_mut().find(|role| role.name == name)
    }

    /// Takes out a role of the workspace's own, and what its modules say of it.
    pub(super) fn remove_role(&mut self, name: &str) {
        self.roles.retain(|role| role.name != name);
        for module in &mut self.modules {
            module.rights.remove(name);
        }
    }

    /// What the workspace says of another pack's role.
    pub(super) fn role_change(&mut self, role: &str) -> &mut RoleChange {
        self.role_changes.entry(role.to_owned()).or_insert_with(|| RoleChange::of(role))
    }

    /// Whether the rule stands whole among the workspace's own.
    pub(super) fn has_rule(&self, name: &str) -> bool {
        self.rules.iter().any(|rule| rule.name == name)
    }

    /// Says a rule whole, in place of what was said of it.
    pub(super) fn put_rule(&mut self, rule: Rule) {
        self.remove_rule(&rule.name);
        self.rules.push(rule);
    }

    /// Says whether a rule of another pack runs.
    pub(super) fn switch_rule(&mut self, switch: RuleSwitch) {
        self.rule_switches.insert(switch.extends.clone(), switch);
    }

    /// Takes out what the workspace says of a rule; false where it says the whole of none.
    pub(super) fn remove_rule(&mut self, name: &str) -> bool {
        let before = self.rules.len();
        self.rules.retain(|rule| rule.name != name);
        self.rule_switches.remove(name);
        self.rules.len() < before
    }

    /// Says a survey whole, in place of what was said of it.
    pub(super) fn put_survey(&mut self, survey: Survey) {
        self.remove_survey(&survey.name);
        self.surveys.push(survey);
    }

    /// Takes out what the workspace says of a survey; false where it says nothing.
    pub(super) fn remove_survey(&mut self, name: &str) -> bool {
        let before = self.surveys.len();
        self.surveys.retain(|survey| survey.name != name);
        self.surveys.len() < before
    }

    /// Says a form whole, in place of what was said of it.
    pub(super) fn put_form(&mut self, form: Form) {
        self.remove_form(&form.name);
        self.forms.push(form);
    }

    /// Takes out what the workspace says of a form; false where it says nothing.
    pub(super) fn remove_form(&mut self, name: &str) -> bool {
        let before = self.forms.len();
        self.forms.retain(|form| form.name != name);
        self.forms.len() < before
    }

    /// Says letters of a site whole, in place of what was said of them.
    pub(super) fn put_site_letter(&mut self, letter: SiteLetter) {
        self.remove_site_letter(&letter.name);
        self.site_letters.push(letter);
    }

    /// Takes out what the workspace says of letters of a site; false where it says nothing.
    pub(super) fn remove_site_letter(&mut self, name: &str) -> bool {
        let before = self.site_letters.len();
        self.site_letters.retain(|letter| letter.name != name);
        self.site_letters.len() < before
    }

    /// Says a letter whole, in place of what was said of it.
    pub(super) fn put_letter(&mut self, letter: Letter) {
        self.remove_letter(&letter.name);
        self.letters.push(letter);
    }

    /// Takes out what the workspace says of a letter; false where it says nothing.
    pub(super) fn remove_letter(&mut self, name: &str) -> bool {
        let before = self.letters.len();
        self.letters.retain(|letter| letter.name != name);
        self.letters.len() < before
    }

    fn grants(&mut self) -> impl Iterator<Item = &mut BTreeMap<String, Grant>> {
        let roles = self.roles.iter_mut().map(|role| &mut role.modules);
        roles.chain(self.role_changes.values_mut().map(|change| &mut change.modules))
    }

    /// Names `new` where the workspace's own files name the field `old` of `module` outside expressions.
    pub(super) fn rename_field(&mut self, definitions: &Definitions, module: &str, old: &str, new: &str) {
        let rename = |name: &mut String| {
            if name == old {
                new.clone_into(name);
            }
        };
        for module in self.modules.iter_mut().filter(|there| there.name == module) {
            module.columns.iter_mut().chain(&mut module.search).for_each(rename);
            module.groups.iter_mut().flat_map(|group| &mut group.fields).for_each(rename);
            module.veils.iter_mut().flat_map(|veil| veil.fields.iter_mut().chain(&mut veil.over)).for_each(rename);
            let belongs = module.belongs_to.iter_mut().chain(&mut module.also_belongs_to);
            [&mut module.title].into_iter().chain(&mut module.subtitle).chain(belongs).for_each(rename);
        }
        for extension in self.extensions.values_mut().filter(|there| there.extends == module) {
            extension.columns.iter_mut().chain(&mut extension.search).chain(&mut extension.subtitle).for_each(rename);
            extension.groups.iter_mut().flat_map(|group| &mut group.fields).for_each(rename);
        }
        for grant in self.grants().filter_map(|grants| grants.get_mut(module)) {
            grant.hidden.iter_mut().chain(&mut grant.read_only).for_each(rename);
        }
        for rule in &mut self.rules {
            rename_in(rule, definitions, module, old, new);
        }
        self.rename_asked(module, old, new);
        for form in self.forms.iter_mut().filter(|form| form.module == module) {
            form.fields.iter_mut().filter(|asked| !asked.file).map(|asked| &mut asked.field).for_each(rename);
            if let Some(value) = form.values.remove(old) {
                form.values.insert(new.to_owned(), value);
            }
        }
        for letter in self.site_letters.iter_mut().filter(|letter| letter.module == module && module != "orders") {
            letter.reads.iter_mut().map(|reads| &mut reads.to).for_each(rename);
            if let Some(value) = letter.values.remove(old) {
                letter.values.insert(new.to_owned(), value);
            }
        }
        let (before, after) = (format!("{module}.{old}"), format!("{module}.{new}"));
        for via in self.fields().filter_map(|field| field.via.as_mut()).filter(|via| **via == before) {
            via.clone_from(&after);
        }
    }

    /// The same in what moves ask for. Processes of packs govern modules of packs, which keep their names.
    fn rename_asked(&mut self, module: &str, old: &str, new: &str) {
        let rename = |name: &mut String| {
            if name == old {
                new.clone_into(name);
            }
        };
        for process in self.processes.iter_mut().filter(|there| there.module == module) {
            rename(&mut process.field);
            process.transitions.iter_mut().flat_map(named).for_each(rename);
        }
        for extension in self.process_extensions.values_mut().filter(|there| there.extends == module) {
            extension.transitions.iter_mut().flat_map(named).for_each(rename);
            for change in &mut extension.transition_changes {
                let said = change.set.iter_mut().filter(|(key, _)| ["asks", "stamps"].contains(&key.as_str()));
                let names = said.filter_map(|(_, names)| names.as_array_mut()).flatten();
                names.filter(|name| *name == old).for_each(|name| *name = Json::from(new));
            }
        }
    }

    /// Names `new` where the workspace's own files name the module `old`.
    pub(super) fn rename_module(&mut self, old: &str, new: &str) {
        for process in self.processes.iter_mut().filter(|there| there.module == old) {
            new.clone_into(&mut process.module);
        }
        for grants in self.grants() {
            if let Some(grant) = grants.remove(old) {
                grants.insert(new.to_owned(), grant);
            }
        }
        for rule in &mut self.rules {
            let made = rule.then.iter_mut().filter_map(|action| match action {
                Action::Create { module, .. } => Some(module),
                _ => None,
            });
            for name in made.chain([&mut rule.module]).filter(|name| *name == old) {
                new.clone_into(name);
            }
        }
        let prefix = format!("{old}.");
        for field in self.fields() {
            for target in field.module.iter_mut().filter(|target| *target == old) {
                new.clone_into(target);
            }
            if let Some(link) = field.via.as_deref().and_then(|via| via.strip_prefix(&prefix)) {
                field.via = Some(format!("{new}.{link}"));
            }
        }
    }

    fn fields(&mut self) -> impl Iterator<Item = &mut Field> {
        let modules = self.modules.iter_mut().flat_map(|module| &mut module.fields);
        modules.chain(self.extensions.values_mut().flat_map(|extension| &mut extension.fields))
    }

    /// The pack with everything that was edited, one version on.
    pub(super) fn pack(mut self, packs: &[Pack]) -> Result<Pack, ShapeError> {
        self.manifest.version = self.manifest.version.saturating_add(1);
        self.manifest.requires = self.requires(packs);
        let mut files = self.rest;
        files.insert("pack.toml".to_owned(), written(&self.manifest)?);
        for module in &self.modules {
            files.insert(format!("modules/{}.toml", module.name), written(module)?);
        }
        for extension in self.extensions.values().filter(|extension| !extension.is_empty()) {
            files.insert(format!("modules/{}.toml", extension.extends), written(extension)?);
        }
        for process in &self.processes {
            let bare =
                Process { transitions: process.transitions.iter().map(without_key).collect(), ..process.clone() };
            files.insert(format!("processes/{}.toml", process.name), written(&bare)?);
        }
        for said in self.process_extensions.values().filter(|said| !said.is_empty()) {
            let bare =
                ProcessExtension { transitions: said.transitions.iter().map(without_key).collect(), ..said.clone() };
            files.insert(format!("processes/{}.toml", said.extends), written(&bare)?);
        }
        for role in &self.roles {
            files.insert(format!("roles/{}.toml", role.name), written(role)?);
        }
        for change in self.role_changes.values().filter(|change| !change.is_empty()) {
            files.insert(format!("roles/{}.toml", change.extends), written(change)?);
        }
        for rule in &self.rules {
            files.insert(format!("rules/{}.toml", rule.name), written(rule)?);
        }
        for survey in &self.surveys {
            files.insert(format!("surveys/{}.toml", survey.name), written(survey)?);
        }
        for form in &self.forms {
            files.insert(format!("forms/{}.toml", form.name), written(form)?);
        }
        for letter in &self.site_letters {
            files.insert(format!("site_letters/{}.toml", letter.name), written(letter)?);
        }
        for letter in &self.letters {
            files.insert(format!("letters/{}.toml", letter.name), written(letter)?);
        }
        for switch in self.rule_switches.values() {
            files.insert(format!("rules/{}.toml", switch.extends), written(switch)?);
        }
        Pack::read(files).map_err(ShapeError::Packs)
    }

    /// The packs whose modules and roles it extends or links to.
    fn requires(&self, packs: &[Pack]) -> Vec<String> {
        let extended = self.extensions.values().filter(|extension| !extension.is_empty());
        let all = self.modules.iter().flat_map(|module| &module.fields);
        let fields = all.chain(self.extensions.values().flat_map(|extension| &extension.fields));
        let linked = fields.filter_map(|field| field.module.as_ref());
        let names: BTreeSet<&String> = extended.map(|extension| &extension.extends).chain(linked).collect();
        let others = packs.iter().filter(|pack| pack.manifest.name != OWN);
        let roles: BTreeSet<&String> =
            self.role_changes.values().filter(|change| !change.is_empty()).map(|change| &change.extends).collect();
        let flows: BTreeSet<&String> =
            self.process_extensions.values().filter(|said| !said.is_empty()).map(|said| &said.extends).collect();
        let needed = others.filter(|pack| {
            if pack.rules.iter().any(|rule| self.rule_switches.contains_key(&rule.name)) {
                return true;
            }
            let extends = pack.modules.iter().any(|module| names.contains(&module.name));
            let flows = pack.processes.iter().any(|process| flows.contains(&process.name));
            extends || flows || pack.roles.iter().any(|role| roles.contains(&role.name))
        });
        needed.map(|pack| pack.manifest.name.clone()).collect()
    }
}

/// The names of fields that a move says.
fn named(step: &mut Transition) -> impl Iterator<Item = &mut String> {
    step.asks.iter_mut().chain(&mut step.stamps)
}

/// What a move is addressed by is found when packs are joined and stands in no file.
fn without_key(step: &Transition) -> Transition {
    Transition { key: String::new(), ..step.clone() }
}

fn by_module(extensions: &[Extension]) -> BTreeMap<String, Extension> {
    extensions.iter().map(|extension| (extension.extends.clone(), extension.clone())).collect()
}

/// Names `new` where a rule names the field `old` of `module` outside expressions.
fn rename_in(rule: &mut Rule, definitions: &Definitions, module: &str, old: &str, new: &str) {
    if rule.module == module {
        let watched = match &mut rule.when {
            When::Changed { fields, .. } => fields.iter_mut().find(|field| *field == old),
            When::Date { field, .. } if field == old => Some(field),
            _ => None,
        };
        if let Some(field) = watched {
            new.clone_into(field);
        }
    }
    let of_record = rule.module == module;
    for action in &mut rule.then {
        if let Action::Due { field, since, warn, .. } = action {
            let names = [Some(field), since.as_mut(), warn.as_mut()].into_iter().flatten();
            names.filter(|name| of_record && *name == old).for_each(|name| new.clone_into(name));
            continue;
        }
        let (is_it, fields): (bool, &mut BTreeMap<String, Worth>) = match action {
            Action::Set { of: Some(link), fields } => {
                let linked = definitions.module(&rule.module).and_then(|of| of.field(link)?.module.as_deref());
                let leads_there = linked == Some(module);
                if of_record && link == old {
                    new.clone_into(link);
                }
                (leads_there, fields)
            }
            Action::Set { fields, .. } | Action::Move { fields, .. } => (of_record, fields),
            Action::Create { module: made, fields, .. } => (made == module, fields),
            Action::Sort { into, fields, .. } => (into.makes() == Some(module), fields),
            _ => continue,
        };
        if is_it && let Some(worth) = fields.remove(old) {
            fields.insert(new.to_owned(), worth);
        }
    }
}

fn written(part: &impl Serialize) -> Result<String, ShapeError> {
    let failed = |error: toml::ser::Error| {
        Error::Invalid(vec![FieldError::new("", "invalid_text", format!("this cannot be written to a file: {error}"))])
    };
    Ok(toml::to_string(part).map_err(failed)?)
}
