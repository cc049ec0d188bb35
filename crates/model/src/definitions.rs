//! Everything that is data about how a workspace works: what its packs say, read, checked and joined.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value as Json;

use crate::Locale;
use crate::expr::{Want, compile};
use crate::field::{Field, FieldType};
use crate::letter::Letter;
use crate::module::{Module, SYSTEM_FIELDS};
use crate::pack::{Pack, PackError};
use crate::process::Process;
use crate::rights::Role;

/// The template of a printed document and the words on it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DocumentTemplate {
    /// Typst source.
    pub source: String,
    /// The words on it, by language, as the template reads them.
    pub labels: BTreeMap<Locale, Json>,
}

/// Modules, processes, roles, letters and documents of a workspace.
#[derive(Clone, Debug, Default)]
pub struct Definitions {
    modules: BTreeMap<String, Arc<Module>>,
    /// By the module they govern.
    processes: BTreeMap<String, Arc<Process>>,
    roles: BTreeMap<String, Arc<Role>>,
    letters: BTreeMap<String, Arc<Letter>>,
    documents: BTreeMap<String, Arc<DocumentTemplate>>,
}

impl Definitions {
    /// Joins packs, in order, and checks the whole.
    ///
    /// # Errors
    /// Everything that is wrong, each with the file it stands in.
    pub fn from_packs(packs: &[Pack]) -> Result<Self, Vec<PackError>> {
        let mut joined = Self::default();
        let mut errors = Vec::new();
        for pack in packs {
            joined.roles.extend(pack.roles.iter().map(|role| (role.name.clone(), Arc::new(role.clone()))));
            joined.letters.extend(pack.letters.iter().map(|letter| (letter.name.clone(), Arc::new(letter.clone()))));
            joined
                .documents
                .extend(pack.documents.iter().map(|(name, document)| (name.clone(), Arc::new(document.clone()))));
        }
        let names: BTreeSet<&str> =
            packs.iter().flat_map(|pack| &pack.modules).map(|module| module.name.as_str()).collect();
        for pack in packs {
            for module in &pack.modules {
                let mut module = module.clone();
                let left_out = leave_out_foreign_links(&mut module, &names);
                let process =
                    packs.iter().flat_map(|pack| &pack.processes).rfind(|process| process.module == module.name);
                if let Some(mut process) = process.cloned() {
                    process.transitions.iter_mut().for_each(|step| step.asks.retain(|name| !left_out.contains(name)));
                    govern(&mut module, &process);
                    joined.processes.insert(module.name.clone(), Arc::new(process));
                }
                module.index();
                if joined.modules.insert(module.name.clone(), Arc::new(module.clone())).is_some() {
                    errors
                        .push(PackError::new(&format!("modules/{}.toml", module.name), "two packs define this module"));
                }
            }
        }
        for process in
            packs.iter().flat_map(|pack| &pack.processes).filter(|process| !names.contains(process.module.as_str()))
        {
            let message = format!("governs {:?}, which is not a module", process.module);
            errors.push(PackError::new(&format!("processes/{}.toml", process.name), &message));
        }
        for module in joined.modules.values() {
            joined.check_module(module, &mut errors);
        }
        for process in joined.processes.values() {
            joined.check_process(process, &mut errors);
        }
        if errors.is_empty() { Ok(joined) } else { Err(errors) }
    }

    /// The module called `name`.
    #[must_use]
    pub fn module(&self, name: &str) -> Option<&Arc<Module>> {
        self.modules.get(name)
    }

    /// All modules, by name.
    pub fn modules(&self) -> impl Iterator<Item = &Arc<Module>> {
        self.modules.values()
    }

    /// The process that governs the records of `module`.
    #[must_use]
    pub fn process(&self, module: &str) -> Option<&Arc<Process>> {
        self.processes.get(module)
    }

    /// All processes, by module.
    pub fn processes(&self) -> impl Iterator<Item = &Arc<Process>> {
        self.processes.values()
    }

    /// The role called `name`.
    #[must_use]
    pub fn role(&self, name: &str) -> Option<&Arc<Role>> {
        self.roles.get(name)
    }

    /// All roles, by name.
    pub fn roles(&self) -> impl Iterator<Item = &Arc<Role>> {
        self.roles.values()
    }

    /// The letter called `name`.
    #[must_use]
    pub fn letter(&self, name: &str) -> Option<&Arc<Letter>> {
        self.letters.get(name)
    }

    /// The document template called `name`.
    #[must_use]
    pub fn document(&self, name: &str) -> Option<&Arc<DocumentTemplate>> {
        self.documents.get(name)
    }

    fn check_module(&self, module: &Module, errors: &mut Vec<PackError>) {
        let file = format!("modules/{}.toml", module.name);
        let mut wrong = |message: String| errors.push(PackError::new(&file, &message));
        if !is_name(&module.name) || RESERVED_MODULES.contains(&module.name.as_str()) {
            wrong(format!(
                "{:?} cannot name a module: lower-case Latin letters, digits and _, not a word of the API",
                module.name
            ));
        }
        for (position, field) in module.fields.iter().enumerate() {
            if !is_name(&field.name) || SYSTEM_FIELDS.contains(&field.name.as_str()) && field.name != "about" {
                wrong(format!("{:?} cannot name a field", field.name));
            }
            if RESERVED_IN_EXPRESSIONS.contains(&field.name.as_str()) {
                wrong(format!("{:?} is a reserved word of expressions", field.name));
            }
            if module.position(&field.name) != Some(position) {
                wrong(format!("two fields are called {:?}", field.name));
            }
            match (field.kind, &field.module) {
                (FieldType::Link, None) => wrong(format!("{} is a link without a module", field.name)),
                (FieldType::Link, Some(target)) if self.module(target).is_none() => {
                    wrong(format!("{} links to {target:?}, which is not a module", field.name));
                }
                _ => {}
            }
            if let Some(Err(error)) = field.validation.as_deref().map(|text| compile(text, module, self, Want::Bool)) {
                wrong(format!("the validation of {}: {error}", field.name));
            }
            if matches!(field.kind, FieldType::Choice | FieldType::MultiChoice) && field.options.is_empty() {
                wrong(format!("{} has no options", field.name));
            }
        }
        let named =
            module.columns.iter().chain(&module.search).chain(module.groups.iter().flat_map(|group| &group.fields));
        for name in named.chain([&module.title]).chain(&module.subtitle).chain(&module.belongs_to) {
            if module.field(name).is_none() && !SYSTEM_FIELDS.contains(&name.as_str()) {
                wrong(format!("there is no field {name:?}"));
            }
        }
    }

    fn check_process(&self, process: &Process, errors: &mut Vec<PackError>) {
        let file = format!("processes/{}.toml", process.name);
        let mut wrong = |message: String| errors.push(PackError::new(&file, &message));
        let Some(module) = self.module(&process.module) else { return };
        if module.field(&process.field).is_none_or(|field| field.kind != FieldType::Choice) {
            wrong(format!("{} has no choice field {:?}", module.name, process.field));
        }
        let states = process
            .transitions
            .iter()
            .flat_map(|transition| transition.from.iter().chain([&transition.to]))
            .chain(process.timers.iter().flat_map(|timer| &timer.states))
            .chain([&process.initial]);
        for state in states {
            if process.state(state).is_none() {
                wrong(format!("there is no state {state:?}"));
            }
        }
        for field in process.transitions.iter().flat_map(|transition| &transition.asks) {
            if module.field(field).is_none() {
                wrong(format!("a transition asks for {field:?}, which is not a field of {}", module.name));
            }
        }
        for step in &process.transitions {
            if let Some(Err(error)) = step.guard.as_deref().map(|text| compile(text, module, self, Want::Bool)) {
                wrong(format!("the guard of {}: {error}", step.name));
            }
        }
        for timer in &process.timers {
            if crate::value::read_duration(&timer.after).is_err() {
                wrong(format!("timer {}: {:?} is not an ISO 8601 duration", timer.name, timer.after));
            }
        }
    }
}

/// A link to a module of a pack that is not applied stays out until it is.
fn leave_out_foreign_links(module: &mut Module, names: &BTreeSet<&str>) -> BTreeSet<String> {
    let foreign = |field: &Field| field.module.as_deref().is_some_and(|target| !names.contains(target));
    let left_out: BTreeSet<String> =
        module.fields.iter().filter(|field| foreign(field)).map(|field| field.name.clone()).collect();
    module.fields.retain(|field| !left_out.contains(&field.name));
    module.columns.retain(|name| !left_out.contains(name));
    module.search.retain(|name| !left_out.contains(name));
    module.belongs_to = module.belongs_to.take().filter(|name| !left_out.contains(name));
    module.subtitle = module.subtitle.take().filter(|name| !left_out.contains(name));
    for group in &mut module.groups {
        group.fields.retain(|name| !left_out.contains(name));
    }
    left_out
}

/// The governed field takes its choices and its first value from the process.
fn govern(module: &mut Module, process: &Process) {
    if let Some(field) = module.fields.iter_mut().find(|field| field.name == process.field) {
        field.options = process.options();
        field.default = Some(Json::from(process.initial.as_str()));
        field.required = true;
    }
}

/// Path words of the API; a module with such a name could not be reached.
pub const RESERVED_MODULES: [&str; 18] = [
    "search",
    "import",
    "export",
    "meta",
    "jobs",
    "undo",
    "me",
    "stream",
    "reports",
    "sandbox",
    "duplicates",
    "tokens",
    "users",
    "teams",
    "batch",
    "openapi",
    "check_in",
    "change_sets",
];

/// Identifiers that the Common Expression Language keeps for itself.
const RESERVED_IN_EXPRESSIONS: [&str; 19] = [
    "as",
    "break",
    "const",
    "continue",
    "else",
    "false",
    "for",
    "function",
    "if",
    "import",
    "in",
    "let",
    "loop",
    "namespace",
    "null",
    "package",
    "return",
    "true",
    "var",
];

/// Lower-case Latin letters, digits and `_`, beginning with a letter, at most 48 characters.
#[must_use]
pub fn is_name(name: &str) -> bool {
    name.len() <= 48
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}
