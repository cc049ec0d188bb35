//! Forms: made, changed and deleted by an administrator. What is said of a form stands whole in the workspace's own pack, also
//! in place of what another pack says.

use model::definitions::Definitions;
use model::form::Form;
use model::pack::Pack;
use model::{Actor, Label};
use serde_json::{Map, Value as Json, json};
use store::shape::{Edit, Manner, Reshaped, ShapeError};
use store::{Error, FieldError, Result};

use super::own::Own;
use super::{may_shape, plainly, request};
use crate::App;
use crate::forms::no_form;
use crate::queue::MESSAGES;

/// What a form has.
const KEYS: [&str; 12] = [
    "name",
    "label",
    "introduction",
    "thanks",
    "next",
    "active",
    "module",
    "queue",
    "values",
    "consent",
    "policy",
    "fields",
];
/// Texts of a form in both languages, beside its label.
const TEXTS: [&str; 3] = ["introduction", "thanks", "consent"];

/// What an administrator wants of a form; bodies are those of the API.
#[derive(Clone, Debug)]
pub enum FormEdit {
    /// A new form.
    New(Map<String, Json>),
    /// Other properties of a form; null takes one back.
    Change {
        /// Which one.
        form: String,
        /// The properties.
        body: Map<String, Json>,
    },
    /// What the workspace says of the form is there no more.
    Delete {
        /// Which one.
        form: String,
    },
}

impl App {
    /// Makes the change, or with `dry_run` tells what it would be, and answers the form's name. With `expected` only while
    /// that is still the version of the workspace's own pack. Blocks: not for asynchronous code.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::Invalid`] with the JSON path of what does not fit; [`Error::Conflict`] where a name is
    /// taken or the form belongs to a pack; [`Error::NotFound`]; [`Error::Stale`].
    pub fn shape_form(
        &self,
        actor: &Actor,
        edit: FormEdit,
        expected: Option<i64>,
        dry_run: bool,
    ) -> Result<(String, Reshaped)> {
        may_shape(actor, &self.workspace().knowledge().definitions)?;
        let manner = Manner::of(actor, dry_run)?;
        let name = edit.name().to_owned();
        let make = move |packs: &[Pack]| {
            let mut own = Own::of(packs);
            if let Some(current) = expected.map(|_| own.version()).filter(|current| Some(*current) != expected) {
                return Err(Error::Stale { current }.into());
            }
            let definitions = Definitions::from_packs(packs).map_err(ShapeError::Packs)?;
            edit.make(&mut own, &definitions)?;
            let pack = own.pack(packs)?;
            Ok(Edit::Put(Box::new(pack)))
        };
        let reshaped = self.workspace().reshape(manner, make);
        Ok((name, reshaped.map_err(|error| plainly(error, |error| error.file.clone()))?))
    }
}

impl FormEdit {
    /// The form that it is about.
    fn name(&self) -> &str {
        match self {
            Self::New(body) => body.get("name").and_then(Json::as_str).unwrap_or_default(),
            Self::Change { form, .. } | Self::Delete { form } => form,
        }
    }

    fn make(&self, own: &mut Own, definitions: &Definitions) -> Result<()> {
        match self {
            Self::New(body) => {
                let form = read(body.clone())?;
                if definitions.form(&form.name).is_some() {
                    let error = FieldError::new("name", "name_taken", format!("there is a form {:?}", form.name));
                    let message = error.message.clone();
                    return Err(Error::Conflict { code: "name_taken", message, errors: vec![error] });
                }
                fitting(&form, definitions)?;
                own.put_form(form);
                Ok(())
            }
            Self::Change { form, body } => change(own, definitions, form, body),
            Self::Delete { form } => {
                if definitions.form(form).is_none() {
                    return Err(no_form(form));
                }
                if own.remove_form(form) {
                    return Ok(());
                }
                let message = format!("{form:?} is defined by a pack: take it out of use instead");
                Err(Error::conflict("form_of_a_pack", message))
            }
        }
    }
}

fn change(own: &mut Own, definitions: &Definitions, name: &str, body: &Map<String, Json>) -> Result<()> {
    let Some(present) = definitions.form(name) else { return Err(no_form(name)) };
    if let Some(other) = body.get("name").filter(|other| other.as_str() != Some(name)) {
        let message = format!("a form keeps its name: sites send to its address, not to {other}");
        return Err(Error::field("name", "fixed_name", message));
    }
    let Json::Object(mut whole) = json!(**present) else { return Err(no_form(name)) };
    for (key, value) in body {
        if value.is_null() { drop(whole.remove(key)) } else { drop(whole.insert(key.clone(), value.clone())) }
    }
    let form = read(whole)?;
    fitting(&form, definitions)?;
    own.put_form(form);
    Ok(())
}

/// Reads a form; a text that is said once stands for both languages.
fn read(mut body: Map<String, Json>) -> Result<Form> {
    if let Some(key) = body.keys().find(|key| !KEYS.contains(&key.as_str())) {
        return Err(Error::field(key, "unknown_field", format!("a form has no {key:?}")));
    }
    for key in ["name", "module"] {
        if body.get(key).is_none_or(Json::is_null) {
            return Err(Error::field(key, "required", format!("a form has {key:?}")));
        }
    }
    let name = body.get("name").and_then(Json::as_str).unwrap_or_default();
    let label: Label = request::read(request::label(body.get("label"), &request::worded(name), "label")?, "label")?;
    body.insert("label".to_owned(), json!(label));
    for key in TEXTS {
        if let Some(given) = body.get_mut(key).filter(|given| given.is_string()) {
            *given = request::label(Some(&given.clone()), "", key)?;
        }
    }
    let fields = body.get_mut("fields").and_then(Json::as_array_mut);
    for (index, asked) in fields.into_iter().flatten().enumerate() {
        let Some(asked) = asked.as_object_mut() else { continue };
        asked.retain(|_, value| !value.is_null());
        for key in ["label", "help"] {
            if let Some(given) = asked.get_mut(key).filter(|given| given.is_string()) {
                *given = request::label(Some(&given.clone()), "", &format!("fields[{index}].{key}"))?;
            }
        }
    }
    // What is left empty is not said: a file could not hold it.
    if let Some(values) = body.get_mut("values").and_then(Json::as_object_mut) {
        values.retain(|_, value| !value.is_null());
    }
    body.retain(|_, value| !value.is_null());
    request::read(Json::Object(body), "")
}

/// Fails where the form does not fit what is there, in use or not.
fn fitting(form: &Form, definitions: &Definitions) -> Result<()> {
    let faults = form.faults(definitions).into_iter();
    let mut faults: Vec<FieldError> = faults.map(|(key, code, message)| FieldError::new(key, code, message)).collect();
    // Packs of older workspaces are brought up to date by whoever administers them.
    if definitions.module(MESSAGES).is_none_or(|messages| messages.field("form").is_none()) {
        let message = "messages of this workspace do not know of forms yet: apply the present pack `crm` first";
        faults.push(FieldError::new("module", "older_messages", message));
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}
