//! Letters: made, changed and deleted by an administrator. What is said of a letter stands whole in the workspace's own pack,
//! also in place of what another pack says; taken out there, the other pack's stands again.

use model::definitions::{Definitions, is_name};
use model::letter::Letter;
use model::pack::Pack;
use model::{Actor, Label};
use serde_json::{Map, Value as Json, json};
use store::shape::{Edit, Manner, Reshaped, ShapeError};
use store::{Error, FieldError, Result};

use super::own::Own;
use super::{may_shape, plainly, request};
use crate::App;
use crate::letters::faults;

/// What a letter has.
const KEYS: [&str; 4] = ["name", "label", "subject", "text"];

/// What an administrator wants of a letter; bodies are those of the API.
#[derive(Clone, Debug)]
pub enum LetterEdit {
    /// A new letter, for rules and surveys.
    New(Map<String, Json>),
    /// Other properties of a letter.
    Change {
        /// Which one.
        letter: String,
        /// The properties.
        body: Map<String, Json>,
    },
    /// What the workspace says of the letter is there no more.
    Delete {
        /// Which one.
        letter: String,
    },
}

impl App {
    /// Makes the change, or with `dry_run` tells what it would be, and answers the letter's name. With `expected` only while
    /// that is still the version of the workspace's own pack. Blocks: not for asynchronous code.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::Invalid`] with the JSON path of what does not fit; [`Error::Conflict`] where a name is
    /// taken or the letter belongs to a pack; [`Error::NotFound`]; [`Error::Stale`].
    pub fn shape_letter(
        &self,
        actor: &Actor,
        edit: LetterEdit,
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
            Ok(Edit::Put(Box::new(own.pack(packs)?)))
        };
        let reshaped = self.workspace().reshape(manner, make);
        Ok((name, reshaped.map_err(|error| plainly(error, |error| error.file.clone()))?))
    }

    /// The letter called `name` with other properties, kept nowhere.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the JSON path of what does not fit; [`Error::NotFound`].
    pub fn read_letter(&self, definitions: &Definitions, name: &str, body: &Map<String, Json>) -> Result<Letter> {
        changed(definitions, name, body)
    }
}

impl LetterEdit {
    /// The letter that it is about.
    fn name(&self) -> &str {
        match self {
            Self::New(body) => body.get("name").and_then(Json::as_str).unwrap_or_default(),
            Self::Change { letter, .. } | Self::Delete { letter } => letter,
        }
    }

    fn make(&self, own: &mut Own, definitions: &Definitions) -> Result<()> {
        match self {
            Self::New(body) => {
                let letter = read(body.clone())?;
                if !is_name(&letter.name) {
                    let message = "lower-case Latin letters, digits and _, beginning with a letter";
                    return Err(Error::field("name", "invalid_name", message));
                }
                if definitions.letter(&letter.name).is_some() {
                    let error = FieldError::new("name", "name_taken", format!("there is a letter {:?}", letter.name));
                    let message = error.message.clone();
                    return Err(Error::Conflict { code: "name_taken", message, errors: vec![error] });
                }
                put(own, definitions, letter)
            }
            Self::Change { letter, body } => put(own, definitions, changed(definitions, letter, body)?),
            Self::Delete { letter } => {
                if definitions.letter(letter).is_none() {
                    return Err(no_letter(letter));
                }
                if own.remove_letter(letter) {
                    return Ok(());
                }
                Err(Error::conflict("letter_of_a_pack", format!("{letter:?} is as its pack says it")))
            }
        }
    }
}

/// Keeps a letter that whoever sends it can fill.
fn put(own: &mut Own, definitions: &Definitions, letter: Letter) -> Result<()> {
    let faults = faults(&letter, definitions);
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    own.put_letter(letter);
    Ok(())
}

fn changed(definitions: &Definitions, name: &str, body: &Map<String, Json>) -> Result<Letter> {
    let present = definitions.letter(name).ok_or_else(|| no_letter(name))?;
    if let Some(other) = body.get("name").filter(|other| other.as_str() != Some(name)) {
        let message = format!("a letter keeps its name: it is sent by it, not by {other}");
        return Err(Error::field("name", "fixed_name", message));
    }
    let Json::Object(mut whole) = json!(**present) else { return Err(no_letter(name)) };
    for (key, value) in body.iter().filter(|(_, value)| !value.is_null()) {
        // One language may be changed alone.
        match (whole.get_mut(key), value) {
            (Some(Json::Object(there)), Json::Object(given)) => there.extend(given.clone()),
            _ => drop(whole.insert(key.clone(), value.clone())),
        }
    }
    read(whole)
}

/// Reads a letter; a label that is one text stands for both languages.
fn read(mut body: Map<String, Json>) -> Result<Letter> {
    if let Some(key) = body.keys().find(|key| !KEYS.contains(&key.as_str())) {
        return Err(Error::field(key, "unknown_field", format!("a letter has no {key:?}")));
    }
    for key in ["name", "subject", "text"] {
        if body.get(key).is_none_or(Json::is_null) {
            return Err(Error::field(key, "required", format!("a letter has {key:?}")));
        }
    }
    let name = body.get("name").and_then(Json::as_str).unwrap_or_default();
    let label: Label = request::read(request::label(body.get("label"), &request::worded(name), "label")?, "label")?;
    body.insert("label".to_owned(), json!(label));
    let mut faults = Vec::new();
    for key in ["subject", "text"] {
        let said = request::label(body.get(key), "", key).and_then(|said| request::read::<Label>(said, key));
        match said {
            Ok(said) => {
                let said = tidied(&said);
                let blank = [("ru", &said.ru), ("en", &said.en)].into_iter().filter(|(_, text)| text.trim().is_empty());
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
    request::read(Json::Object(body), "")
}

fn said_nothing(field: String) -> FieldError {
    FieldError::new(field, "required", "a text in Russian and in English")
}

/// Lines as files have them, whatever browser sent them.
fn tidied(label: &Label) -> Label {
    let tidy = |text: &str| text.replace("\r\n", "\n");
    Label { ru: tidy(&label.ru), en: tidy(&label.en) }
}

fn no_letter(name: &str) -> Error {
    Error::NotFound { module: "letters".to_owned(), id: name.to_owned() }
}
