//! The fields by which a list is filtered: those of its own records, and behind a link those of the records it leads to, as
//! `account.city`. What the reader may not see has no name here.

use std::sync::Arc;

use model::field::FieldType;
use model::rights::{Grant, Scope};
use model::{Definitions, Field, Module};
use store::Work;

use crate::ui::{Lens, Words};

/// What every record has, as fields of its module.
const SYSTEM: [(&str, FieldType); 4] = [
    ("owner", FieldType::Person),
    ("created_by", FieldType::Person),
    ("created_at", FieldType::Datetime),
    ("updated_at", FieldType::Datetime),
];

/// What stands between a link and the field behind it.
const STEP: char = '.';

/// The fields that a reader may know of. A path is the name of a field, or that of a link with a field behind it.
pub(in crate::pages::list) struct Fields {
    own: Seen,
    /// What is behind links, by their names.
    behind: Vec<(String, Seen)>,
}

/// A module as its reader sees it.
struct Seen {
    module: Arc<Module>,
    hidden: Vec<String>,
}

impl Fields {
    /// Those that whoever works may know of.
    pub(in crate::pages::list) fn of(work: &Work<'_>, module: &Arc<Module>) -> Self {
        Self::seen(work.definitions(), module, |module| work.grant(module))
    }

    /// Those of a reader with these rights.
    pub(super) fn seen(definitions: &Definitions, module: &Arc<Module>, grant: impl Fn(&Module) -> Grant) -> Self {
        let own = Seen { module: Arc::clone(module), hidden: grant(module).hidden };
        let mut behind = Vec::new();
        for (link, target) in module.links() {
            let Some(target) = definitions.module(target).filter(|_| own.field(&link.name).is_some()) else { continue };
            let grant = grant(target);
            if grant.read != Scope::None {
                behind.push((link.name.clone(), Seen { module: Arc::clone(target), hidden: grant.hidden }));
            }
        }
        Self { own, behind }
    }

    /// The module of the list.
    pub(in crate::pages::list) fn module(&self) -> &Arc<Module> {
        &self.own.module
    }

    /// The field at the end of a path.
    pub(super) fn field(&self, path: &str) -> Option<Field> {
        let (seen, name) = self.end(path)?;
        seen.field(name)
    }

    /// The path that goes from a link on to a field, where it leads to one.
    pub(super) fn path(&self, link: &str, name: &str) -> Option<String> {
        self.through(link)?.field(name).map(|_| joined(link, name))
    }

    /// The paths that a form offers: to fields of the list's own records, or to those behind a link.
    pub(super) fn offered(&self, link: Option<&str>) -> Vec<String> {
        match link {
            None => self.own.names().map(str::to_owned).collect(),
            Some(link) => {
                let names = self.through(link).into_iter().flat_map(Seen::names);
                names.map(|name| joined(link, name)).collect()
            }
        }
    }

    /// The links behind which there are further fields.
    pub(super) fn links(&self) -> impl Iterator<Item = &str> {
        self.behind.iter().map(|(link, _)| link.as_str())
    }

    /// What the field at the end of a path is called among its neighbours.
    pub(super) fn called(&self, lens: &Lens, path: &str) -> String {
        self.end(path).map_or_else(|| path.to_owned(), |(seen, name)| lens.label(&seen.module, name))
    }

    /// What it is called anywhere: behind a link, by the link as well.
    pub(super) fn label(&self, lens: &Lens, path: &str) -> String {
        let name = self.called(lens, path);
        match path.split_once(STEP) {
            Some((link, _)) => {
                let link = self.called(lens, link);
                lens.locale.say_with("filter-of", &[("link", link.into()), ("field", name.into())])
            }
            None => name,
        }
    }

    /// The link that a path goes through.
    pub(super) fn link(path: &str) -> Option<&str> {
        path.split_once(STEP).map(|(link, _)| link)
    }

    fn end<'f>(&'f self, path: &'f str) -> Option<(&'f Seen, &'f str)> {
        match path.split_once(STEP) {
            Some((link, name)) => Some((self.through(link)?, name)),
            None => Some((&self.own, path)),
        }
    }

    fn through(&self, link: &str) -> Option<&Seen> {
        self.behind.iter().find(|(name, _)| name == link).map(|(_, seen)| seen)
    }
}

impl Seen {
    /// The field of that name by which records are filtered.
    fn field(&self, name: &str) -> Option<Field> {
        if self.hidden.iter().any(|hidden| hidden == name) {
            return None;
        }
        if let Some(field) = self.module.field(name) {
            let is_there = field.is_stored() || self.module.derived(name).is_some();
            return (is_there && !field.secret).then(|| field.clone());
        }
        let (name, kind) = SYSTEM.into_iter().find(|(known, _)| *known == name)?;
        (name != "owner" || self.module.owners).then(|| Field::new(name, kind))
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        let own = self.module.fields.iter().map(|field| field.name.as_str());
        own.chain(SYSTEM.map(|(name, _)| name)).filter(move |name| self.field(name).is_some())
    }
}

fn joined(link: &str, name: &str) -> String {
    format!("{link}{STEP}{name}")
}
