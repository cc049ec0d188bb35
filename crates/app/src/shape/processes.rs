//! Processes: states, moves and timers that an administrator adds, changes, puts in order and retires. A process of the
//! workspace's own stands whole in its pack; what is said of a process that another pack defines stands there as an
//! extension of it.

mod new;
mod parts;
mod road;

use model::Actor;
use model::Definitions;
use model::pack::{Pack, PackError};
use model::process::Transition;
use serde_json::{Map, Value as Json};
use store::shape::{Edit, Manner, Reshaped, ShapeError};
use store::{Error, Result};

use super::own::Own;
use super::{may_shape, plainly};
use crate::App;

pub use road::on_the_road;

/// What an administrator wants of a process; bodies are those of the API.
#[derive(Clone, Debug)]
pub enum ProcessEdit {
    /// A process for a module that has none.
    New(Map<String, Json>),
    /// Other properties of a process and its parts; null takes back what the workspace says.
    Change {
        /// Which one.
        process: String,
        /// The properties.
        body: Map<String, Json>,
    },
}

/// What of a process the workspace says itself.
#[derive(Clone, Debug, Default)]
pub struct OwnFlow {
    /// The process itself.
    pub is_process: bool,
    /// States of it.
    pub states: Vec<String>,
    /// Moves of it.
    pub(super) transitions: Vec<Transition>,
    /// Whether anything is said of it.
    pub changed: bool,
}

impl OwnFlow {
    /// Whether a move is the workspace's own, and may therefore go.
    #[must_use]
    pub fn owns(&self, step: &Transition) -> bool {
        self.is_process || self.transitions.iter().any(|own| is_same(own, step))
    }

    /// Whether a state is.
    #[must_use]
    pub fn owns_state(&self, name: &str) -> bool {
        self.is_process || self.states.iter().any(|own| own == name)
    }
}

impl App {
    /// Makes the change, or with `dry_run` tells what it would be, and answers the name of the process. With `expected` only
    /// while that is still the version of the workspace's own pack. Blocks: not for asynchronous code.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::Invalid`] with the JSON path of what does not fit; [`Error::Conflict`] where a name is
    /// taken or data stands in the way; [`Error::NotFound`]; [`Error::Stale`].
    pub fn shape_process(
        &self,
        actor: &Actor,
        edit: ProcessEdit,
        expected: Option<i64>,
        dry_run: bool,
    ) -> Result<(String, Reshaped)> {
        let definitions = self.workspace().knowledge().definitions;
        may_shape(actor, &definitions)?;
        let manner = Manner::of(actor, dry_run)?;
        let (name, module) = (edit.name(), edit.module(&definitions));
        let make = move |packs: &[Pack]| {
            let mut own = Own::of(packs);
            if let Some(current) = expected.map(|_| own.version()).filter(|current| Some(*current) != expected) {
                return Err(Error::Stale { current }.into());
            }
            let definitions = Definitions::from_packs(packs).map_err(ShapeError::Packs)?;
            edit.make(&mut own, &definitions)?;
            Ok(Edit::Put(Box::new(own.pack(packs)?)))
        };
        let reshaped = self.workspace().reshape(manner, make);
        Ok((name, reshaped.map_err(|error| plainly(error, |error| path(error, &module)))?))
    }

    /// What of a process the workspace says itself. Blocks: not for asynchronous code.
    ///
    /// # Errors
    /// When the packs cannot be read.
    pub fn own_flow(&self, process: &str) -> Result<OwnFlow> {
        Ok(self.own()?.process_part(process))
    }
}

impl ProcessEdit {
    /// The process that it is about.
    fn name(&self) -> String {
        match self {
            Self::New(body) => new::name(body).to_owned(),
            Self::Change { process, .. } => process.clone(),
        }
    }

    /// The module of that process.
    fn module(&self, definitions: &Definitions) -> String {
        match self {
            Self::New(body) => body.get("module").and_then(Json::as_str).unwrap_or_default().to_owned(),
            Self::Change { process, .. } => {
                definitions.process_named(process).map(|process| process.module.clone()).unwrap_or_default()
            }
        }
    }

    fn make(&self, own: &mut Own, definitions: &Definitions) -> Result<()> {
        match self {
            Self::New(body) => new::add(own, definitions, body),
            Self::Change { process, body } => parts::change(own, definitions, process, body),
        }
    }
}

/// The path in the body that an error is about.
fn path(error: &PackError, module: &str) -> String {
    match &error.place {
        Some(place) if place.is_of_process(module) => place.key.clone(),
        Some(place) if !place.field.is_empty() => format!("{}.{}.{}", place.module, place.field, place.key),
        _ => error.file.clone(),
    }
}

/// Whether two moves are one: they are called alike and join the same states.
fn is_same(one: &Transition, other: &Transition) -> bool {
    one.name == other.name && one.from == other.from && one.to == other.to
}
