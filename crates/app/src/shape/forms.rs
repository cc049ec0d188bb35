//! Forms: made, changed and deleted by an administrator.

use std::sync::Arc;

use model::definitions::Definitions;
use model::form::Form;
use serde_json::{Map, Value as Json};
use store::{Error, FieldError, Result};

use super::own::Own;
use super::request;
use super::whole::{Whole, label};
use crate::App;
use crate::queue::MESSAGES;

/// What a form has.
const KEYS: [&str; 13] = [
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
    "marketing",
    "policy",
    "fields",
];
/// Texts of a form in both languages, beside its label.
const TEXTS: [&str; 4] = ["introduction", "thanks", "consent", "marketing"];

impl Whole for Form {
    const KIND: &'static str = "form";
    const MANY: &'static str = "forms";
    const KEEPS: &'static str = "sites send to its address, not to";
    const OF_A_PACK: &'static str = "form_of_a_pack";
    const OF_A_PACK_SAID: &'static str = "is defined by a pack: take it out of use instead";

    fn name(&self) -> &str {
        &self.name
    }

    fn find<'d>(definitions: &'d Definitions, name: &str) -> Option<&'d Arc<Self>> {
        definitions.form(name)
    }

    fn read(mut body: Map<String, Json>) -> Result<Self> {
        label::<Self>(&mut body, &KEYS, &["name", "module"], &TEXTS)?;
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

    fn fitting(&self, _: &App, definitions: &Definitions) -> Result<()> {
        let faults = self.faults(definitions).into_iter();
        let mut faults: Vec<FieldError> =
            faults.map(|(key, code, message)| FieldError::new(key, code, message)).collect();
        // Packs of older workspaces are brought up to date by whoever administers them.
        if definitions.module(MESSAGES).is_none_or(|messages| messages.field("form").is_none()) {
            let message = "messages of this workspace do not know of forms yet: apply the present pack `crm` first";
            faults.push(FieldError::new("module", "older_messages", message));
        }
        if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
    }

    fn put(self, own: &mut Own) {
        own.put_form(self);
    }

    fn remove(own: &mut Own, name: &str) -> bool {
        own.remove_form(name)
    }
}
