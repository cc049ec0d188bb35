//! What must hold of letters of a site before any is read.

use std::collections::BTreeSet;

use super::read::label_key;
use super::{INTO, ORDER, Reads, SiteLetter};
use crate::definitions::is_name;
use crate::extension::no_field;
use crate::form::{is_free, kind_of, unwritable};
use crate::identity::email;
use crate::survey::Fault;
use crate::value::Reading;
use crate::{Definitions, Module, Value};

/// The most things of one letter, labels of one thing, and words of a site.
const MOST_READS: usize = 60;
const MOST_LABELS: usize = 20;
const MOST_WORDS: usize = 500;
/// The longest text of any of them, in characters.
const LONGEST: usize = 200;

impl SiteLetter {
    /// Everything that is wrong with it: the property, as files and the API spell it, a stable code, and why.
    #[must_use]
    pub fn faults(&self, definitions: &Definitions) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut wrong = |key: &str, code: &'static str, message: String| faults.push((key.to_owned(), code, message));
        if !is_name(&self.name) || self.name == "new" {
            let message = "lower-case Latin letters, digits and _, beginning with a letter";
            wrong("name", "invalid_program_name", format!("{:?} cannot name letters of a site: {message}", self.name));
        }
        if !is_sender(&self.from) {
            wrong("from", "site_letter_from", format!("{:?} is no address, and no @ with a domain", self.from));
        }
        for (key, text) in [("subject", &self.subject), ("vouched_by", &self.vouched_by), ("event", &self.event)] {
            if text.as_deref().is_some_and(|text| text.chars().count() > LONGEST || text.chars().any(char::is_control))
            {
                wrong(key, "too_long", format!("one line of at most {LONGEST} characters"));
            }
        }
        if self
            .vouched_by
            .as_deref()
            .is_some_and(|by| by.is_empty() || by.contains(|it: char| it.is_whitespace() || it == ';'))
        {
            wrong("vouched_by", "site_letter_server", "the name of a mail server is one word".to_owned());
        }
        let long = |text: &String| text.trim().is_empty() || text.chars().count() > LONGEST;
        if self.words.len() > MOST_WORDS || self.words.iter().any(|(word, here)| long(word) || long(here)) {
            wrong("words", "too_long", format!("at most {MOST_WORDS} words of at most {LONGEST} characters"));
        }
        if self.reads.is_empty() {
            wrong("reads", "required", "a letter says something".to_owned());
        }
        if self.reads.len() > MOST_READS {
            wrong("reads", "too_many", format!("a letter says {MOST_READS} things at most"));
        }
        let module = definitions.module(&self.module).filter(|module| INTO.contains(&module.name.as_str()));
        let Some(module) = module else {
            let message = format!("letters of a site make records of {}, not {:?}", INTO.join(", "), self.module);
            wrong("module", "site_letter_module", message);
            return faults;
        };
        self.check_reads(module, definitions, &mut faults);
        if module.name == "orders" {
            self.check_order(&mut faults)
        } else {
            self.check_values(module, definitions, &mut faults)
        }
        faults
    }

    fn check_reads(&self, module: &Module, definitions: &Definitions, faults: &mut Vec<Fault>) {
        let (mut things, mut labels) = (BTreeSet::new(), BTreeSet::new());
        for (index, reads) in self.reads.iter().enumerate() {
            let place = |key: &str| format!("reads[{index}].{key}");
            if !things.insert(reads.to.as_str()) {
                faults.push((
                    place("to"),
                    "name_taken",
                    format!("{:?} is read twice: give it several labels", reads.to),
                ));
            }
            if let Some((code, message)) = reads.fault(module, definitions) {
                faults.push((place("to"), code, message));
            }
            let keys: Vec<String> = reads.labels.iter().map(|label| label_key(label)).collect();
            if keys.is_empty() || keys.iter().any(String::is_empty) {
                faults.push((place("labels"), "required", "what stands before it in the letter?".to_owned()));
            }
            let is_long = |label: &String| label.chars().count() > LONGEST || label.chars().any(char::is_control);
            if keys.len() > MOST_LABELS || reads.labels.iter().any(is_long) {
                let message = format!("at most {MOST_LABELS} labels of one line and {LONGEST} characters");
                faults.push((place("labels"), "too_long", message));
            }
            if let Some(label) = keys.into_iter().find(|key| !key.is_empty() && !labels.insert(key.clone())) {
                faults.push((place("labels"), "site_letter_label", format!("{label:?} stands before two things")));
            }
        }
    }

    /// An order is of an event, for tickets of a type, for somebody who can be written to.
    fn check_order(&self, faults: &mut Vec<Fault>) {
        let reads = |to: &str| self.reads.iter().any(|reads| reads.to == to);
        let mut missing =
            |key: &str, message: &str| faults.push((key.to_owned(), "site_letter_lacks", message.to_owned()));
        if !reads("event") && self.event.is_none() {
            missing("event", "which event are the tickets for?");
        }
        if !reads("ticket_type") {
            missing("reads", "an order names ticket types: ticket_type");
        }
        for part in ["name", "email"] {
            if !reads(&format!("attendee_{part}")) && !reads(&format!("buyer_{part}")) {
                missing("reads", &format!("an order names somebody: attendee_{part} or buyer_{part}"));
            }
        }
        if !self.values.is_empty() {
            faults.push(("values".to_owned(), "unknown_field", "an order has no values of its own here".to_owned()));
        }
    }

    fn check_values(&self, module: &Module, definitions: &Definitions, faults: &mut Vec<Fault>) {
        for (name, json) in &self.values {
            let mut wrong = |code: &'static str, message: String| faults.push(("values".to_owned(), code, message));
            let Some(field) = module.field(name) else {
                wrong("unknown_field", no_field(module, name));
                continue;
            };
            if !is_free(module, field, definitions) {
                wrong("form_unwritable", unwritable(module, name));
            } else if self.reads.iter().any(|reads| reads.to == *name) {
                wrong("name_taken", format!("{name:?} is read from the letter: it has no value of its own"));
            } else if let Err(error) = Value::read(field, json, Reading::default()) {
                wrong(error.code, format!("{name}: {}", error.message));
            }
        }
    }
}

impl Reads {
    fn fault(&self, module: &Module, definitions: &Definitions) -> Option<(&'static str, String)> {
        let name = self.to.as_str();
        if module.name == "orders" {
            let message = || format!("a letter says of an order: {}", ORDER.join(", "));
            return (!ORDER.contains(&name)).then(|| ("unknown_field", message()));
        }
        let Some(field) = module.field(name) else {
            let is_retired = module.retired_fields.iter().any(|field| field.name == name);
            return (!is_retired).then(|| ("unknown_field", no_field(module, name)));
        };
        if !is_free(module, field, definitions) {
            return Some(("form_unwritable", unwritable(module, name)));
        }
        kind_of(field)
            .is_none()
            .then(|| ("form_kind", format!("{name:?} of {} is nothing that a letter says", module.name)))
    }
}

/// Whether it is an address as it is stored, or `@` and a domain.
fn is_sender(text: &str) -> bool {
    let whole = if text.starts_with('@') { format!("a{text}") } else { text.to_owned() };
    email::normalise(&whole).is_ok_and(|email| email.as_str() == whole)
}

/// What each field of the module is called that letters say or have a value for; of an order none.
pub(crate) fn named(letter: &SiteLetter) -> BTreeSet<&str> {
    let is_order = letter.module == "orders";
    let read = letter.reads.iter().filter(|_| !is_order).map(|reads| reads.to.as_str());
    read.chain(letter.values.keys().map(String::as_str)).collect()
}
