//! Letters: made, changed and deleted by an administrator. Taken out of the workspace's own pack, what another pack says of
//! one stands again.

use std::sync::Arc;

use channels::consent::CONSENTS;
use model::Label;
use model::definitions::{Definitions, is_name};
use model::letter::Letter;
use serde_json::{Map, Value as Json, json};
use store::{Error, FieldError, Result};

use super::own::Own;
use super::request;
use super::whole::{Whole, keeps_its_name, label};
use crate::App;
use crate::letters::faults;

/// What a letter has.
const KEYS: [&str; 6] = ["name", "label", "subject", "text", "formatted", "marketing"];

impl App {
    /// The letter called `name` with other properties, kept nowhere.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the JSON path of what does not fit; [`Error::NotFound`].
    pub fn read_letter(&self, definitions: &Definitions, name: &str, body: &Map<String, Json>) -> Result<Letter> {
        let present = definitions.letter(name).ok_or_else(|| Letter::missing(name))?;
        keeps_its_name::<Letter>(name, body)?;
        present.changed(body)
    }
}

impl Whole for Letter {
    const KIND: &'static str = "letter";
    const MANY: &'static str = "letters";
    const KEEPS: &'static str = "it is sent by it, not by";
    const OF_A_PACK: &'static str = "letter_of_a_pack";
    const OF_A_PACK_SAID: &'static str = "is as its pack says it";

    fn name(&self) -> &str {
        &self.name
    }

    fn find<'d>(definitions: &'d Definitions, name: &str) -> Option<&'d Arc<Self>> {
        definitions.letter(name)
    }

    fn read(mut body: Map<String, Json>) -> Result<Self> {
        label::<Self>(&mut body, &KEYS, &["name", "subject", "text"], &[])?;
        body.retain(|_, value| !value.is_null());
        let mut faults = Vec::new();
        for key in ["subject", "text"] {
            let said = request::label(body.get(key), "", key).and_then(|said| request::read::<Label>(said, key));
            match said {
                Ok(said) => {
                    let said = tidied(&said);
                    let blank =
                        [("ru", &said.ru), ("en", &said.en)].into_iter().filter(|(_, text)| text.trim().is_empty());
                    let blank: Vec<&str> = blank.map(|(language, _)| language).collect();
                    match blank.as_slice() {
                        [] => {}
                        [language] => faults.push(said_nothing(format!("{key}.{language}"))),
                        _ => faults.push(said_nothing(key.to_owned())),
                    }
                    body.insert(key.to_owned(), json!(said));
                }
                Err(_) => faults.push(said_nothing(key.to_owned())),
            }
        }
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
        }
        let letter: Self = request::read(Json::Object(body), "")?;
        if is_name(&letter.name) {
            return Ok(letter);
        }
        Err(Error::field("name", "invalid_name", "lower-case Latin letters, digits and _, beginning with a letter"))
    }

    /// Whoever sends it can fill it.
    fn fitting(&self, _: &App, definitions: &Definitions) -> Result<()> {
        let mut faults = faults(self, definitions);
        // Packs of older workspaces are brought up to date by whoever administers them.
        if self.marketing && definitions.module(CONSENTS).is_none() {
            let message = "this workspace does not keep consents yet: apply the present pack `crm` first";
            faults.push(FieldError::new("marketing", "older_consents", message));
        }
        if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
    }

    fn put(self, own: &mut Own) {
        own.put_letter(self);
    }

    fn remove(own: &mut Own, name: &str) -> bool {
        own.remove_letter(name)
    }

    fn changed(&self, body: &Map<String, Json>) -> Result<Self> {
        let mut whole = if let Json::Object(whole) = json!(self) { whole } else { Map::new() };
        for (key, value) in body.iter().filter(|(_, value)| !value.is_null()) {
            // One language may be changed alone.
            match (whole.get_mut(key), value) {
                (Some(Json::Object(there)), Json::Object(given)) => there.extend(given.clone()),
                _ => drop(whole.insert(key.clone(), value.clone())),
            }
        }
        Self::read(whole)
    }
}

fn said_nothing(field: String) -> FieldError {
    FieldError::new(field, "required", "a text in Russian and in English")
}

/// Lines as files have them, whatever browser sent them.
fn tidied(label: &Label) -> Label {
    let tidy = |text: &str| text.replace("\r\n", "\n");
    Label { ru: tidy(&label.ru), en: tidy(&label.en) }
}
