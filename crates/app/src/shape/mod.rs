//! Shaping the workspace while it runs: modules and fields that an administrator adds, changes, renames, retires. Every
//! such change is an edit of the workspace's own pack, so that it can be shown, compared, exported and taken back.

mod fields;
mod follow;
mod forms;
mod indexing;
mod letters;
mod modules;
mod own;
mod packs;
mod processes;
mod relied;
mod request;
mod role_parts;
mod roles;
mod rules;
mod site_letters;
mod surveys;
mod whole;

use std::collections::BTreeSet;
use std::sync::mpsc;

use model::definitions::Definitions;
use model::pack::PackError;
use model::rights::Capability;
use model::{Actor, Module};
use serde_json::{Map, Value as Json};
use store::OpenError;
use store::db::DbError;
use store::shape::{Edit, Manner, OWN, Reshaped, ShapeError};
use store::{Error, FieldError, Result};

pub use self::own::Followed;
use self::own::Own;
pub use self::processes::{OwnFlow, ProcessEdit, on_the_road};
pub use self::role_parts::{CAPABILITIES as CAPABILITIES_PART, LABEL as LABEL_PART, Seen, mark, of_module};
pub use self::roles::{ADMINISTRATOR, RoleEdit};
pub(crate) use self::rules::wanted as wanted_rule;
pub use self::whole::{WholeEdit, WholeKind};
use crate::App;

/// What an administrator wants; bodies are those of the API.
#[derive(Clone, Debug)]
pub enum Change {
    /// A new module.
    NewModule(Map<String, Json>),
    /// Other properties of a module: names, labels, lists, in use or not.
    Module {
        /// Which one.
        module: String,
        /// The properties.
        body: Map<String, Json>,
    },
    /// A new field of a module.
    NewField {
        /// Which module.
        module: String,
        /// The field.
        body: Map<String, Json>,
    },
    /// Other properties of a field; null takes one back.
    Field {
        /// Which module.
        module: String,
        /// Which field.
        field: String,
        /// The properties.
        body: Map<String, Json>,
    },
}

/// What of a module the workspace has made itself, and may therefore call otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnPart {
    /// The module itself.
    pub is_module: bool,
    /// Fields of it.
    pub fields: BTreeSet<String>,
    /// Lists and groups that say something else than the pack of the module.
    pub is_laid_out: bool,
}

/// What came of it, or would.
#[derive(Clone, Debug)]
pub struct Shaped {
    /// The steps and the data they concern.
    pub reshaped: Reshaped,
    /// The module, under its present name.
    pub module: String,
    /// The field, under its present name, where it is about one.
    pub field: Option<String>,
    /// Expressions that follow a field which is called otherwise.
    pub followed: Vec<Followed>,
}

impl App {
    /// Makes the change, or with `dry_run` tells what it would be. With `expected` only while that is still the version of
    /// the workspace's own pack. Blocks: not for asynchronous code.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::Invalid`] with the JSON path of what does not fit; [`Error::Conflict`] where a name
    /// is taken or data stands in the way; [`Error::Stale`].
    pub fn shape(&self, actor: &Actor, change: Change, expected: Option<i64>, dry_run: bool) -> Result<Shaped> {
        may_shape(actor, &self.workspace().knowledge().definitions)?;
        let manner = Manner::of(actor, dry_run)?;
        let (module, field) = change.names();
        let wanted = change.clone();
        let (followed, sees) = mpsc::channel();
        let reshaped = self.workspace().reshape(manner, move |packs| {
            let mut own = Own::of(packs);
            if let Some(current) = expected.map(|_| own.version()).filter(|current| Some(*current) != expected) {
                return Err(Error::Stale { current }.into());
            }
            let definitions = Definitions::from_packs(packs).map_err(ShapeError::Packs)?;
            // Whoever asked waits for the answer, so it is heard; an edit may be tried several times.
            let _ = followed.send(wanted.make(&mut own, &definitions)?);
            Ok(Edit::Put(Box::new(own.pack(packs)?)))
        });
        let reshaped = reshaped.map_err(|error| change.said(error))?;
        // The last attempt is the one that was made.
        let followed = sees.try_iter().last().unwrap_or_default();
        Ok(Shaped { reshaped, module, field, followed })
    }

    /// What of a module is the workspace's own. Blocks: not for asynchronous code.
    ///
    /// # Errors
    /// When the packs cannot be read.
    pub fn own_part(&self, module: &str) -> Result<OwnPart> {
        Ok(self.own()?.part(module))
    }

    /// The workspace's own pack, opened.
    fn own(&self) -> Result<Own> {
        let packs = self.workspace().packs().map_err(|error| match error {
            OpenError::Db(error) => Error::Db(error),
            other => Error::Db(DbError::Corrupt(other.to_string())),
        })?;
        Ok(Own::of(&packs))
    }
}

/// The version of the workspace's own pack; 0 where there is none yet.
#[must_use]
pub fn version(definitions: &Definitions) -> i64 {
    definitions.pack_version(OWN).map_or(0, i64::from)
}

/// Fails unless `actor` shapes the workspace.
///
/// # Errors
/// [`Error::Forbidden`].
pub fn may_shape(actor: &Actor, definitions: &Definitions) -> Result<()> {
    if actor.can(definitions, Capability::Administer) {
        return Ok(());
    }
    Err(Error::forbidden("missing_right", "your roles do not include the right to shape modules and fields"))
}

impl Change {
    /// The module and field it is about, under the names they have afterwards.
    fn names(&self) -> (String, Option<String>) {
        let named =
            |body: &Map<String, Json>, or: &str| body.get("name").and_then(Json::as_str).unwrap_or(or).to_owned();
        match self {
            Self::NewModule(body) => (named(body, ""), None),
            Self::Module { module, body } => (named(body, module), None),
            Self::NewField { module, body } => (module.clone(), Some(named(body, ""))),
            Self::Field { module, field, body } => (module.clone(), Some(named(body, field))),
        }
    }

    /// Makes it; answers the expressions that follow a field which is called otherwise.
    fn make(&self, own: &mut Own, definitions: &Definitions) -> Result<Vec<Followed>> {
        match self {
            Self::NewModule(body) => modules::add(own, definitions, body)?,
            Self::Module { module, body } => modules::change(own, &known(definitions, module)?, body)?,
            Self::NewField { module, body } => fields::add(own, definitions, &known(definitions, module)?, body)?,
            Self::Field { module, field, body } => {
                return fields::change(own, definitions, &known(definitions, module)?, field, body);
            }
        }
        Ok(Vec::new())
    }

    /// The error with the path in the body that it is about.
    fn said(&self, error: ShapeError) -> Error {
        plainly(error, |error| self.path(error))
    }

    fn path(&self, error: &PackError) -> String {
        let Some(place) = error.place.as_ref().filter(|place| !place.field.is_empty()) else {
            return error.file.clone();
        };
        let elsewhere = || format!("{}.{}.{}", place.module, place.field, place.key);
        match self {
            Self::NewModule(body) => {
                let fields = body.get("fields").and_then(Json::as_array);
                let is_it = |field: &Json| field.get("name").and_then(Json::as_str) == Some(&place.field);
                let index = fields.and_then(|fields| fields.iter().rposition(is_it));
                index.map_or_else(elsewhere, |index| format!("fields[{index}].{}", place.key))
            }
            Self::NewField { .. } | Self::Field { .. } => {
                let (module, field) = self.names();
                let is_it = place.module == module && field.as_deref() == Some(&place.field);
                if is_it { place.key.clone() } else { elsewhere() }
            }
            Self::Module { .. } => elsewhere(),
        }
    }
}

/// What is wrong with packs, as faults of a request.
fn plainly(error: ShapeError, path: impl Fn(&PackError) -> String) -> Error {
    match error {
        ShapeError::Store(error) => error,
        ShapeError::Packs(errors) => {
            let fault = |error: &PackError| FieldError::new(path(error), error.code, error.message.clone());
            let mut faults: Vec<FieldError> = errors.iter().map(fault).collect();
            faults.dedup();
            Error::Invalid(faults)
        }
    }
}

/// The module called `name`, in use or not.
fn known(definitions: &Definitions, name: &str) -> Result<Module> {
    let retired = || definitions.retired_modules().find(|module| module.name == name);
    let module = definitions.module(name).or_else(retired);
    module.map(|module| Module::clone(module)).ok_or_else(|| Error::NoModule(name.to_owned()))
}
