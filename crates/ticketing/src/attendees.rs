//! Names for the tickets of an order, as its buyer sends them.

use std::collections::BTreeSet;

use model::identity::phone::Region;
use serde_json::Value as Json;
use store::{Error, FieldError, Person, Result};

use crate::group::ATTENDEES_LIMIT;
use crate::request::{missing, person, read_person};
use crate::{PersonRequest, spoken_code};

/// Who one ticket is for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AttendeeRequest {
    /// Code of the ticket.
    pub ticket: String,
    /// Who will come with it.
    pub person: PersonRequest,
}

/// One of them that may enter the process.
#[derive(Clone, Debug)]
pub(crate) struct Named {
    /// Its place in the request: `[0]`.
    pub(crate) place: String,
    pub(crate) code: String,
    pub(crate) person: Person,
}

impl AttendeeRequest {
    /// Reads a body `[{ticket, name, email, phone}]`.
    ///
    /// # Errors
    /// [`Error::Invalid`] for what is not of this form, with paths such as `[1].ticket`.
    pub fn list(body: &Json) -> Result<Vec<Self>> {
        let items = body.as_array().ok_or_else(|| Error::field("body", "invalid_type", "expected a list"))?;
        let (mut all, mut errors) = (Vec::new(), Vec::new());
        for (index, item) in items.iter().enumerate().take(ATTENDEES_LIMIT + 1) {
            let place = format!("[{index}]");
            if !item.is_object() {
                errors.push(FieldError::new(place, "invalid_type", "expected {ticket, name, email, phone}"));
                continue;
            }
            let person = read_person(Some(item), &place, &mut errors).unwrap_or_default();
            let ticket = match item.get("ticket") {
                None | Some(Json::Null) => String::new(),
                Some(Json::String(code)) => code.clone(),
                Some(_) => {
                    errors.push(FieldError::new(
                        format!("{place}.ticket"),
                        "invalid_type",
                        "expected a ticket's code in quotes",
                    ));
                    continue;
                }
            };
            all.push(Self { ticket, person });
        }
        if errors.is_empty() { Ok(all) } else { Err(Error::Invalid(errors)) }
    }
}

/// Everything that can be judged without the database: those that are right, and what is wrong with the others.
pub(crate) fn judge(requests: &[AttendeeRequest], region: Region) -> Result<(Vec<Named>, Vec<FieldError>)> {
    if requests.len() > ATTENDEES_LIMIT {
        let message = format!("at most {ATTENDEES_LIMIT} tickets in one order");
        return Err(Error::field("body", "too_many", message));
    }
    let (mut named, mut errors, mut codes) = (Vec::new(), Vec::new(), BTreeSet::new());
    for (index, request) in requests.iter().enumerate() {
        let (place, found) = (format!("[{index}]"), errors.len());
        let person = person(&request.person, &place, region, &mut errors);
        if person.name.is_none() && errors.len() == found {
            missing(&mut errors, &format!("{place}.name"));
        }
        let code = spoken_code(&request.ticket);
        if code.is_empty() {
            missing(&mut errors, &format!("{place}.ticket"));
        } else if !codes.insert(code.clone()) {
            errors.push(FieldError::new(format!("{place}.ticket"), "repeated", "this ticket is named twice"));
        }
        named.push(Named { place, code, person });
    }
    Ok((named, errors))
}
