//! Definitions that stand whole in the workspace's own pack, also in place of what another pack says: rules, surveys, forms,
//! letters, letters of sites. All are made, changed and deleted by an administrator in one way.

use std::sync::Arc;

use model::definitions::Definitions;
use model::form::Form;
use model::letter::Letter;
use model::pack::Pack;
use model::rule::Rule;
use model::site_letter::SiteLetter;
use model::survey::Survey;
use model::{Actor, Label};
use serde::Serialize;
use serde_json::{Map, Value as Json, json};
use store::shape::{Edit, Manner, Reshaped, ShapeError};
use store::{Error, FieldError, Result};

use super::own::Own;
use super::{may_shape, plainly, request};
use crate::App;

/// Which kind of definition.
#[derive(Clone, Copy, Debug)]
pub enum WholeKind {
    /// What is done by itself when something happens.
    Rule,
    /// Questions to whom a link was sent, or to all.
    Survey,
    /// What visitors of a site fill in.
    Form,
    /// A text that rules, processes and surveys send.
    Letter,
    /// How letters of a site are known and read.
    SiteLetter,
}

/// What an administrator wants of a definition; bodies are those of the API.
#[derive(Clone, Debug)]
pub enum WholeEdit {
    /// A new one.
    New(Map<String, Json>),
    /// Other properties; null takes one back.
    Change {
        /// Of which one.
        name: String,
        /// The properties.
        body: Map<String, Json>,
    },
    /// What the workspace says of it is there no more.
    Delete {
        /// Of which one.
        name: String,
    },
}

impl WholeEdit {
    /// The one that it is about.
    fn name(&self) -> &str {
        match self {
            Self::New(body) => body.get("name").and_then(Json::as_str).unwrap_or_default(),
            Self::Change { name, .. } | Self::Delete { name } => name,
        }
    }
}

/// A kind of definition.
pub(super) trait Whole: Serialize + Sized {
    /// What one is called in messages to programs.
    const KIND: &'static str;
    /// What many are called: one that is not there is missed under this name.
    const MANY: &'static str;
    /// Why its name stays, as far as the name that was given instead.
    const KEEPS: &'static str;
    /// The code where only another pack says it, and so nothing can be taken out.
    const OF_A_PACK: &'static str;
    /// What that is called, behind its name.
    const OF_A_PACK_SAID: &'static str;

    fn name(&self) -> &str;

    fn find<'d>(definitions: &'d Definitions, name: &str) -> Option<&'d Arc<Self>>;

    /// Reads one as a body of the API describes it.
    fn read(body: Map<String, Json>) -> Result<Self>;

    /// Fails where it does not fit what is there, in use or not.
    fn fitting(&self, app: &App, definitions: &Definitions) -> Result<()>;

    fn put(self, own: &mut Own);

    /// False where the workspace says nothing of it.
    fn remove(own: &mut Own, name: &str) -> bool;

    /// With other properties; null takes one back.
    fn changed(&self, body: &Map<String, Json>) -> Result<Self> {
        let mut whole = if let Json::Object(whole) = json!(self) { whole } else { Map::new() };
        for (key, value) in body {
            if value.is_null() { drop(whole.remove(key)) } else { drop(whole.insert(key.clone(), value.clone())) }
        }
        Self::read(whole)
    }

    /// Says in the own pack no more than what `body` says of one that another pack defines, where a pack may; else false.
    fn say_in_part(&self, _: &App, _: &mut Own, _: &Definitions, _: &Map<String, Json>) -> Result<bool> {
        Ok(false)
    }

    fn missing(name: &str) -> Error {
        Error::NotFound { module: Self::MANY.to_owned(), id: name.to_owned() }
    }
}

impl App {
    /// Makes the change, or with `dry_run` tells what it would be, and answers the name. With `expected` only while that is
    /// still the version of the workspace's own pack. Blocks: not for asynchronous code.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::Invalid`] with the JSON path of what does not fit; [`Error::Conflict`] where a name is
    /// taken or it belongs to a pack; [`Error::NotFound`]; [`Error::Stale`].
    pub fn shape_whole(
        &self,
        actor: &Actor,
        kind: WholeKind,
        edit: WholeEdit,
        expected: Option<i64>,
        dry_run: bool,
    ) -> Result<(String, Reshaped)> {
        may_shape(actor, &self.workspace().knowledge().definitions)?;
        let manner = Manner::of(actor, dry_run)?;
        let (app, name) = (self.clone(), edit.name().to_owned());
        let put = match kind {
            WholeKind::Rule => put::<Rule>,
            WholeKind::Survey => put::<Survey>,
            WholeKind::Form => put::<Form>,
            WholeKind::Letter => put::<Letter>,
            WholeKind::SiteLetter => put::<SiteLetter>,
        };
        let make = move |packs: &[Pack]| {
            let mut own = Own::of(packs);
            if let Some(current) = expected.map(|_| own.version()).filter(|current| Some(*current) != expected) {
                return Err(Error::Stale { current }.into());
            }
            let definitions = Definitions::from_packs(packs).map_err(ShapeError::Packs)?;
            put(&app, &edit, &mut own, &definitions)?;
            Ok(Edit::Put(Box::new(own.pack(packs)?)))
        };
        let reshaped = self.workspace().reshape(manner, make);
        Ok((name, reshaped.map_err(|error| plainly(error, |error| error.file.clone()))?))
    }
}

/// Puts what is wanted into the own pack.
fn put<T: Whole>(app: &App, edit: &WholeEdit, own: &mut Own, definitions: &Definitions) -> Result<()> {
    match edit {
        WholeEdit::New(body) => {
            let new = T::read(body.clone())?;
            if T::find(definitions, new.name()).is_some() {
                let message = format!("there is a {} {:?}", T::KIND, new.name());
                let errors = vec![FieldError::new("name", "name_taken", message.clone())];
                return Err(Error::Conflict { code: "name_taken", message, errors });
            }
            new.fitting(app, definitions)?;
            new.put(own);
            Ok(())
        }
        WholeEdit::Change { name, body } => {
            let present = T::find(definitions, name).ok_or_else(|| T::missing(name))?;
            keeps_its_name::<T>(name, body)?;
            if present.say_in_part(app, own, definitions, body)? {
                return Ok(());
            }
            let changed = present.changed(body)?;
            changed.fitting(app, definitions)?;
            changed.put(own);
            Ok(())
        }
        WholeEdit::Delete { name } => {
            if T::find(definitions, name).is_none() {
                return Err(T::missing(name));
            }
            if T::remove(own, name) {
                return Ok(());
            }
            Err(Error::conflict(T::OF_A_PACK, format!("{name:?} {}", T::OF_A_PACK_SAID)))
        }
    }
}

/// Fails where a body gives another name.
pub(super) fn keeps_its_name<T: Whole>(name: &str, body: &Map<String, Json>) -> Result<()> {
    match body.get("name").filter(|other| other.as_str() != Some(name)) {
        Some(other) => {
            let message = format!("a {} keeps its name: {} {other}", T::KIND, T::KEEPS);
            Err(Error::field("name", "fixed_name", message))
        }
        None => Ok(()),
    }
}

/// Looks that a body has no other keys than `keys`, among them those that one must have, and fills in its label; a text that
/// is said once stands for both languages.
pub(super) fn label<T: Whole>(
    body: &mut Map<String, Json>,
    keys: &[&str],
    required: &[&str],
    texts: &[&str],
) -> Result<()> {
    if let Some(key) = body.keys().find(|key| !keys.contains(&key.as_str())) {
        return Err(Error::field(key, "unknown_field", format!("a {} has no {key:?}", T::KIND)));
    }
    for key in required {
        if body.get(*key).is_none_or(Json::is_null) {
            return Err(Error::field(*key, "required", format!("a {} has {key:?}", T::KIND)));
        }
    }
    let name = body.get("name").and_then(Json::as_str).unwrap_or_default();
    let label: Label = request::read(request::label(body.get("label"), &request::worded(name), "label")?, "label")?;
    body.insert("label".to_owned(), json!(label));
    for key in texts {
        if let Some(given) = body.get_mut(*key).filter(|given| given.is_string()) {
            *given = request::label(Some(&given.clone()), "", key)?;
        }
    }
    Ok(())
}
