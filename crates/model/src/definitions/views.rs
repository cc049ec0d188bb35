//! List views of the packs, joined: a later pack may say a view anew, or take it out of use. A view of something that is out of
//! use is out of use with it, and is there again when that is.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Definitions, is_name};
use crate::expr::{Want, compile};
use crate::module::SYSTEM_FIELDS;
use crate::pack::{Pack, PackError};
use crate::view::{PackView, VIEW_KINDS, VIEW_OWNERS, VIEW_SPANS};
use crate::{Id, Label, Module};

/// Characters of what people call a view, as of those that they make.
const LABEL_LIMIT: usize = 100;

/// Names of modules and fields that packs say and nobody sees: out of use, or a link to a module that is not there.
pub(super) type Unseen = BTreeSet<String>;

impl Definitions {
    /// Takes the views of the packs and checks those in use.
    pub(super) fn join_views(&mut self, packs: &[Pack], unseen: &Unseen, errors: &mut Vec<PackError>) {
        for pack in packs {
            let name = &pack.manifest.name;
            for view in &pack.views {
                self.views.insert(view.name.clone(), (Arc::new(view.clone()), name.clone()));
            }
        }
        let mut left_out = Vec::new();
        for (view, pack) in self.views.values() {
            let faults = if view.active { self.view_faults(view, unseen) } else { Some(Vec::new()) };
            if !view.active || faults.is_none() {
                left_out.push(view.name.clone());
            }
            for fault in faults.into_iter().flatten() {
                errors.push(
                    PackError::new(&view_file(&view.name), &format!("(pack {pack}) {fault}")).coded("view_unfit"),
                );
            }
        }
        for name in left_out {
            if let Some(gone) = self.views.remove(&name) {
                self.views_out_of_use.insert(name, gone);
            }
        }
        // What is out of use is left out of the columns, as it is of the module's.
        let modules = self.modules.clone();
        for (view, _) in self.views.values_mut() {
            if let Some(module) = modules.get(&view.module) {
                Arc::make_mut(view).look.columns.retain(|name| has(module, name));
            }
        }
    }

    /// What is wrong with a view; nothing where it shows what is out of use.
    fn view_faults(&self, view: &PackView, unseen: &Unseen) -> Option<Vec<String>> {
        let look = &view.look;
        let Some(module) = self.module(&view.module) else {
            let is_unseen = unseen.contains(&view.module);
            return (!is_unseen).then(|| vec![format!("module: there is no module {:?}", view.module)]);
        };
        let mut faults = Vec::new();
        if !is_name(&view.name) {
            faults.push(format!("name: {:?} cannot name a view: lower-case Latin letters, digits and _", view.name));
        }
        if [&view.label.ru, &view.label.en].iter().any(|label| label.chars().count() > LABEL_LIMIT) {
            faults.push(format!("label: at most {LABEL_LIMIT} characters"));
        }
        if view.label == Label::default() {
            faults.push("label: a view has a name that people read".to_owned());
        }
        let choices = [
            ("kind", &look.kind, &VIEW_KINDS[..]),
            ("span", &look.span, &VIEW_SPANS[..]),
            ("who", &look.who, &VIEW_OWNERS[..]),
        ];
        for (key, chosen, known) in choices.into_iter().filter(|(_, chosen, known)| !known.contains(&chosen.as_str())) {
            let known: Vec<&str> = known.iter().copied().filter(|known| !known.is_empty()).collect();
            faults.push(format!("{key}: one of {}, not {chosen:?}", known.join(", ")));
        }
        for name in look.columns.iter().filter(|name| !has(module, name) && !unseen.contains(*name)) {
            faults.push(format!("columns: {}", super::join::missing(module, name)));
        }
        let group = look.group_by.split('.').take(1);
        let named = [("sort", look.sort.trim_start_matches('-'))].into_iter();
        let named =
            named.chain(group.map(|name| ("group_by", name))).chain(look.by.split('.').map(|name| ("by", name)));
        for (key, name) in named.filter(|(_, name)| !name.is_empty() && !has(module, name)) {
            if unseen.contains(name) {
                return None;
            }
            faults.push(format!("{key}: {}", super::join::missing(module, name)));
        }
        if !look.filter.is_empty()
            && let Err(error) = compile(&look.filter, module, self, Want::Bool)
        {
            let mut words = look.filter.split(|sign: char| !sign.is_ascii_alphanumeric() && sign != '_');
            if words.any(|word| unseen.contains(word)) {
                return None;
            }
            faults.push(format!("filter: {error}"));
        }
        Some(faults)
    }

    /// All views of packs that are in use, by name, each with the pack that says it.
    pub fn views(&self) -> impl Iterator<Item = (&Arc<PackView>, &str)> {
        self.views.values().map(|(view, pack)| (view, pack.as_str()))
    }

    /// Those that are out of use, because a pack says so or because what they show is.
    pub fn views_out_of_use(&self) -> impl Iterator<Item = (&Arc<PackView>, &str)> {
        self.views_out_of_use.values().map(|(view, pack)| (view, pack.as_str()))
    }

    /// The view of a pack that has this id.
    #[must_use]
    pub fn view(&self, id: Id) -> Option<(&Arc<PackView>, &str)> {
        self.views().find(|(view, _)| view.id() == id)
    }

    /// What people call a pack.
    #[must_use]
    pub fn pack_label(&self, name: &str) -> Option<&Label> {
        self.labels.get(name)
    }
}

/// What the packs say of fields and modules and what is seen of it.
pub(super) fn unseen(said: &[(String, Vec<String>)], definitions: &Definitions) -> Unseen {
    let mut unseen = Unseen::new();
    for (module, fields) in said {
        match definitions.module(module) {
            Some(seen) => unseen.extend(fields.iter().filter(|name| seen.field(name).is_none()).cloned()),
            None => drop(unseen.insert(module.clone())),
        }
    }
    unseen
}

/// Whether records of the module have it.
fn has(module: &Module, name: &str) -> bool {
    module.field(name).is_some() || SYSTEM_FIELDS.contains(&name)
}

/// The file of a view.
#[must_use]
pub fn view_file(name: &str) -> String {
    format!("views/{name}.toml")
}
