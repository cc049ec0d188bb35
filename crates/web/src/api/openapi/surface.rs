//! A module as the caller may see and write it.

use std::collections::BTreeMap;

use model::definitions::Definitions;
use model::field::{Field, SetBy};
use model::process::{By, Process, Transition};
use model::rights::{Grant, Scope};
use model::{Actor, Locale, Module};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::operation::Needs;

const ENTERED: &str = include_str!("text/entered.json");

/// What is different about a module whose records a typed service makes and moves.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entered {
    /// How a new record is described; nothing where nobody makes one from outside.
    #[serde(default)]
    pub(super) create: Option<NewRecord>,
    /// What moves read besides fields of the record.
    #[serde(default)]
    pub(super) transitions: BTreeMap<String, Map<String, Value>>,
}

/// The description of a new record of a typed service.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewRecord {
    pub(super) fields: Vec<String>,
    pub(super) more: Map<String, Value>,
    pub(super) required: Vec<String>,
}

/// A module as the caller may see and write it.
pub(super) struct Surface<'a> {
    pub(super) module: &'a Module,
    pub(super) process: Option<&'a Process>,
    grant: Grant,
    pub(super) entered: Entered,
}

impl<'a> Surface<'a> {
    /// Those that `actor` may read.
    pub(super) fn all(definitions: &'a Definitions, actor: &Actor) -> serde_json::Result<Vec<Self>> {
        let mut entered: BTreeMap<String, Entered> = serde_json::from_str(ENTERED)?;
        let surface = |module: &'a Module| Self {
            module,
            process: definitions.process(&module.name).map(|process| &**process),
            grant: actor.grant(definitions, &module.name),
            entered: entered.remove(&module.name).unwrap_or_default(),
        };
        let surfaces = definitions.modules().map(|module| &**module).map(surface);
        Ok(surfaces.filter(|surface| surface.grant.read != Scope::None).collect())
    }

    /// Fields that are seen.
    pub(super) fn fields(&self) -> impl Iterator<Item = &'a Field> {
        self.module.fields.iter().filter(|field| !self.grant.hidden.contains(&field.name))
    }

    /// Fields that a new record may come with.
    pub(super) fn creatable(&self) -> impl Iterator<Item = &'a Field> {
        let entered = self.entered.create.as_ref();
        self.fields().filter(move |field| match entered {
            Some(new) => new.fields.contains(&field.name),
            None => self.is_free(field) && field.set_by != SetBy::Process,
        })
    }

    /// Fields that may be changed.
    pub(super) fn changeable(&self) -> impl Iterator<Item = &'a Field> {
        self.fields().filter(|field| self.is_free(field) && field.set_by == SetBy::Anyone)
    }

    fn is_free(&self, field: &Field) -> bool {
        let governed = self.process.is_some_and(|process| process.field == field.name);
        field.is_stored() && !governed && !self.grant.read_only.contains(&field.name)
    }

    /// The moves that somebody presses, each name with all its arrows.
    pub(super) fn moves(&self) -> BTreeMap<&'a str, Vec<&'a Transition>> {
        let mut moves: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for transition in self.process.into_iter().flat_map(|process| &process.transitions) {
            if transition.by != By::Process {
                moves.entry(transition.name.as_str()).or_default().push(transition);
            }
        }
        moves
    }

    /// Whether the caller may do here what an operation needs. Records of a typed service are made only where the service
    /// has a way in, and are never deleted.
    pub(super) fn offers(&self, needs: Needs) -> bool {
        let is_free = self.module.service.is_none();
        match needs {
            Needs::Nothing => true,
            Needs::Create => self.grant.create && (is_free || self.entered.create.is_some()),
            Needs::Update | Needs::Transition => self.grant.update != Scope::None,
            Needs::Person => self.module.is_of_people(),
            Needs::Delete => self.grant.delete != Scope::None && is_free,
        }
    }

    /// What its operations stand under.
    pub(super) fn label(&self) -> &str {
        self.module.label.get(Locale::En)
    }

    /// The tag of its operations.
    pub(super) fn tag(&self) -> Value {
        let name = &self.module.name;
        json!({"name": self.label(), "description": format!("Records of the module `{name}`.")})
    }
}
