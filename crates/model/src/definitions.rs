//! Everything that is data about how a workspace works: what its packs say, read, checked and joined.

mod check;
mod derived;
mod flow;
mod forms;
mod join;
mod rules;
mod site_letters;
mod surveys;
mod usable;
mod uses;
mod veils;
mod views;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value as Json;

use crate::form::Form;
use crate::letter::Letter;
use crate::module::Module;
use crate::pack::{Pack, PackError};
use crate::process::Process;
use crate::rights::Role;
use crate::rule::Rule;
use crate::site_letter::SiteLetter;
use crate::survey::Survey;
use crate::view::PackView;
use crate::{Label, Locale};

pub(crate) use check::is_reserved;
pub use check::{RESERVED_MODULES, is_name};
pub use usable::{SAID_BY_PROCESS, SCALE_MOST};
pub use uses::Use;
pub use views::view_file;

/// The template of a printed document and the words on it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DocumentTemplate {
    /// Typst source.
    pub source: String,
    /// The words on it, by language, as the template reads them.
    pub labels: BTreeMap<Locale, Json>,
}

/// Where what is known of a role comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleOrigin {
    /// The pack that defines it.
    pub pack: String,
    /// The modules of which a later pack says something else.
    pub changed: BTreeSet<String>,
}

/// Modules, processes, roles, letters and documents of a workspace.
#[derive(Clone, Debug, Default)]
pub struct Definitions {
    modules: BTreeMap<String, Arc<Module>>,
    /// Modules out of use.
    retired: BTreeMap<String, Arc<Module>>,
    /// By the module they govern.
    processes: BTreeMap<String, Arc<Process>>,
    roles: BTreeMap<String, Arc<Role>>,
    /// Who says what of roles.
    said: BTreeMap<String, RoleOrigin>,
    /// Fields that some role may not see, by module.
    covered: BTreeMap<String, BTreeSet<String>>,
    /// By name, with the pack that has the last word on each.
    rules: BTreeMap<String, (Arc<Rule>, String)>,
    /// Those that run, by the module that sets them off.
    running: BTreeMap<String, Vec<Arc<Rule>>>,
    /// Modules as those see them.
    seen_by_rules: BTreeMap<String, Arc<Module>>,
    /// By name, with the pack that has the last word on each.
    surveys: BTreeMap<String, (Arc<Survey>, String)>,
    /// By name, with the pack that has the last word on each.
    forms: BTreeMap<String, (Arc<Form>, String)>,
    /// By name, with the pack that has the last word on each.
    site_letters: BTreeMap<String, (Arc<SiteLetter>, String)>,
    /// Those in use, by name, with the pack that has the last word on each.
    views: BTreeMap<String, (Arc<PackView>, String)>,
    /// The others.
    views_out_of_use: BTreeMap<String, (Arc<PackView>, String)>,
    /// By name, with the pack that has the last word on each.
    letters: BTreeMap<String, (Arc<Letter>, String)>,
    documents: BTreeMap<String, Arc<DocumentTemplate>>,
    /// Versions of the packs.
    versions: BTreeMap<String, u32>,
    /// What people call the packs.
    labels: BTreeMap<String, Label>,
}

impl Definitions {
    /// Joins packs, in order, and checks the whole.
    ///
    /// # Errors
    /// Everything that is wrong, each with the file it stands in.
    pub fn from_packs(packs: &[Pack]) -> Result<Self, Vec<PackError>> {
        let mut joined = Self::default();
        let mut errors = Vec::new();
        let mut roles = BTreeMap::new();
        for pack in packs {
            joined.versions.insert(pack.manifest.name.clone(), pack.manifest.version);
            joined.labels.insert(pack.manifest.name.clone(), pack.manifest.label.clone());
            for role in &pack.roles {
                roles.insert(role.name.clone(), role.clone());
                let pack = pack.manifest.name.clone();
                joined.said.insert(role.name.clone(), RoleOrigin { pack, changed: BTreeSet::new() });
            }
            for change in &pack.role_changes {
                change.apply(&mut roles, &pack.manifest.name, &mut errors);
                if let Some(said) = joined.said.get_mut(&change.extends) {
                    said.changed.extend(change.modules.keys().cloned());
                }
            }
            let said = |letter: &Letter| (Arc::new(letter.clone()), pack.manifest.name.clone());
            joined.letters.extend(pack.letters.iter().map(|letter| (letter.name.clone(), said(letter))));
            joined
                .documents
                .extend(pack.documents.iter().map(|(name, document)| (name.clone(), Arc::new(document.clone()))));
        }
        let modules = join::extended(packs, &mut errors);
        join::grant_rights(&mut roles, &modules, &mut errors);
        let mut processes = flow::extended(packs, &modules, &mut errors);
        let fields = |module: &Module| module.fields.iter().map(|field| field.name.clone()).collect();
        let said: Vec<(String, Vec<String>)> =
            modules.iter().map(|module| (module.name.clone(), fields(module))).collect();
        let (used, retired) = join::in_use(modules, &mut processes, &mut errors);
        processes.retain(|module, _| used.iter().any(|used| used.name == *module));
        let by_name = |module: Module| (module.name.clone(), Arc::new(module));
        joined.modules = used.into_iter().map(by_name).collect();
        joined.retired = retired.into_iter().map(by_name).collect();
        joined.processes = processes.into_iter().map(|(module, process)| (module, Arc::new(process))).collect();
        joined.roles = roles.into_iter().map(|(name, role)| (name, Arc::new(role))).collect();
        joined.cover();
        joined.derive(&mut errors);
        joined.hang_veils(&mut errors);
        joined.check(&mut errors);
        joined.join_surveys(packs, &mut errors);
        joined.join_forms(packs, &mut errors);
        joined.join_site_letters(packs, &mut errors);
        joined.join_rules(packs, &mut errors);
        let unseen = views::unseen(&said, &joined);
        joined.join_views(packs, &unseen, &mut errors);
        if errors.is_empty() { Ok(joined) } else { Err(errors) }
    }

    /// Notes what is hidden from anybody: it is asked for each field of each record that is written.
    fn cover(&mut self) {
        let covered = |module: &Arc<Module>| {
            let grants = self.roles.values().filter_map(|role| role.grant(&module.name));
            let mut names: BTreeSet<String> = grants.flat_map(|grant| grant.hidden.iter().cloned()).collect();
            names.extend(module.fields.iter().filter(|field| field.secret).map(|field| field.name.clone()));
            (module.name.clone(), names)
        };
        self.covered = self.modules.values().chain(self.retired.values()).map(covered).collect();
    }

    /// Whether some role may not see the field of `module`, or nobody may: such a field is not found by its words.
    #[must_use]
    pub fn is_covered(&self, module: &str, field: &str) -> bool {
        self.covered.get(module).is_some_and(|fields| fields.contains(field))
    }

    /// The module called `name`.
    #[must_use]
    pub fn module(&self, name: &str) -> Option<&Arc<Module>> {
        self.modules.get(name)
    }

    /// All modules in use, by name.
    pub fn modules(&self) -> impl Iterator<Item = &Arc<Module>> {
        self.modules.values()
    }

    /// All modules out of use, by name: their records stay as they are.
    pub fn retired_modules(&self) -> impl Iterator<Item = &Arc<Module>> {
        self.retired.values()
    }

    /// The process that governs the records of `module`.
    #[must_use]
    pub fn process(&self, module: &str) -> Option<&Arc<Process>> {
        self.processes.get(module)
    }

    /// The process called `name`.
    #[must_use]
    pub fn process_named(&self, name: &str) -> Option<&Arc<Process>> {
        self.processes.values().find(|process| process.name == name)
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

    /// Where what is known of the role called `name` comes from.
    #[must_use]
    pub fn role_origin(&self, name: &str) -> Option<&RoleOrigin> {
        self.said.get(name)
    }

    /// The letter called `name`.
    #[must_use]
    pub fn letter(&self, name: &str) -> Option<&Arc<Letter>> {
        self.letters.get(name).map(|(letter, _)| letter)
    }

    /// All letters, by name, each with the pack that says it.
    pub fn letters(&self) -> impl Iterator<Item = (&Arc<Letter>, &str)> {
        self.letters.values().map(|(letter, pack)| (letter, pack.as_str()))
    }

    /// The pack that says the letter.
    #[must_use]
    pub fn letter_pack(&self, name: &str) -> Option<&str> {
        self.letters.get(name).map(|(_, pack)| pack.as_str())
    }

    /// The version of the pack called `name`; nothing where it is not applied.
    #[must_use]
    pub fn pack_version(&self, name: &str) -> Option<u32> {
        self.versions.get(name).copied()
    }

    /// The document template called `name`.
    #[must_use]
    pub fn document(&self, name: &str) -> Option<&Arc<DocumentTemplate>> {
        self.documents.get(name)
    }
}
