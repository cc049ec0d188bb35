//! Letters of sites: made, changed and deleted by an administrator.

use std::sync::Arc;

use model::definitions::Definitions;
use model::identity::email;
use model::site_letter::SiteLetter;
use serde_json::{Map, Value as Json, json};
use store::{Error, FieldError, Result};

use super::own::Own;
use super::request;
use super::whole::{Whole, label};
use crate::App;

/// What letters of a site have.
const KEYS: [&str; 11] =
    ["name", "label", "active", "from", "subject", "vouched_by", "module", "event", "words", "values", "reads"];

impl Whole for SiteLetter {
    const KIND: &'static str = "site letter";
    const MANY: &'static str = "site_letters";
    const KEEPS: &'static str = "letters that wait are read by it, not by";
    const OF_A_PACK: &'static str = "site_letter_of_a_pack";
    const OF_A_PACK_SAID: &'static str = "is defined by a pack: take it out of use instead";

    fn name(&self) -> &str {
        &self.name
    }

    fn find<'d>(definitions: &'d Definitions, name: &str) -> Option<&'d Arc<Self>> {
        definitions.site_letter(name)
    }

    fn read(mut body: Map<String, Json>) -> Result<Self> {
        label::<Self>(&mut body, &KEYS, &["name", "module", "from"], &[])?;
        // As addresses are stored: that is what they are compared with.
        if let Some(from) = body.get("from").and_then(Json::as_str).map(stored) {
            body.insert("from".to_owned(), json!(from));
        }
        for key in ["subject", "vouched_by", "event"] {
            if let Some(text) = body.get(key).and_then(Json::as_str).map(|text| text.trim().to_owned()) {
                body.insert(key.to_owned(), if text.is_empty() { Json::Null } else { json!(text) });
            }
        }
        if let Some(values) = body.get_mut("values").and_then(Json::as_object_mut) {
            values.retain(|_, value| !value.is_null());
        }
        body.retain(|_, value| !value.is_null());
        request::read(Json::Object(body), "")
    }

    fn fitting(&self, _: &App, definitions: &Definitions) -> Result<()> {
        let faults: Vec<FieldError> = self
            .faults(definitions)
            .into_iter()
            .map(|(key, code, message)| FieldError::new(key, code, message))
            .collect();
        if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
    }

    fn put(self, own: &mut Own) {
        own.put_site_letter(self);
    }

    fn remove(own: &mut Own, name: &str) -> bool {
        own.remove_site_letter(name)
    }
}

/// A sender as addresses are stored; what is none stays, to be refused with its reason.
fn stored(from: &str) -> String {
    let from = from.trim();
    let stored = |text: &str| email::normalise(text).ok().map(String::from);
    let found = match from.strip_prefix('@') {
        Some(domain) => stored(&format!("a@{domain}")).and_then(|whole| whole.strip_prefix('a').map(str::to_owned)),
        None => stored(from),
    };
    found.unwrap_or_else(|| from.to_owned())
}
