//! What comes by letter, form or import and cannot be kept as it is: it does not enter the process and is not lost, but waits
//! with its faults until somebody corrects it (processes.md, 0).

use model::expr::Plan;
use model::{Id, Record, Value};
use serde_json::{Map, Value as Json, json};
use store::{Draft, Error, FieldError, Result, Work};

use crate::App;
use crate::requests;
use crate::site_letters::kept;

/// The module of rejected requests.
pub const REJECTED: &str = "rejected_requests";
/// How long the name of one may be.
const TITLE: usize = 200;
/// How long what its sender calls it may be.
const EXTERNAL_ID: usize = 200;

/// A request that somebody else carries: a mailbox, a form, a file.
#[derive(Clone, Debug)]
pub struct Intake {
    /// `letter`, `form` or `import`.
    pub source: String,
    /// The module of the record that is to be made.
    pub target: String,
    /// Its fields, in the form of the API.
    pub fields: Map<String, Json>,
    /// Under what its sender knows it: the same request twice is one.
    pub external_id: Option<String>,
    /// The mailbox that it came by and what that is called: it says who sees what came.
    pub mailbox: Option<(Id, String)>,
}

/// What became of it.
#[derive(Clone, Debug)]
pub enum Taken {
    /// The module and id of the record that it is.
    Made(String, Id),
    /// It waits to be corrected.
    Kept(Record),
}

impl Intake {
    /// Reads `{"source", "module", "fields", "external_id"}`.
    ///
    /// # Errors
    /// [`Error::Invalid`] by key.
    pub fn read(body: &Map<String, Json>) -> Result<Self> {
        let mut faults: Vec<_> = body
            .keys()
            .filter(|key| !["source", "module", "fields", "external_id"].contains(&key.as_str()))
            .map(|key| FieldError::new(key, "unknown_field", format!("there is no {key:?} here")))
            .collect();
        let mut text = |key: &str, is_wanted: bool| match body.get(key) {
            Some(Json::String(text)) if text.contains('\0') => {
                faults.push(nul(key));
                None
            }
            Some(Json::String(text)) if !text.is_empty() => Some(text.clone()),
            None | Some(Json::Null) if !is_wanted => None,
            _ => {
                faults.push(FieldError::new(key, "required", "expected a text"));
                None
            }
        };
        let (source, target) = (text("source", true), text("module", true));
        let external_id = text("external_id", false);
        let fields = match body.get("fields") {
            Some(Json::Object(fields)) => fields.clone(),
            _ => {
                faults.push(FieldError::new("fields", "required", "expected fields by name"));
                Map::new()
            }
        };
        faults.extend(
            fields
                .iter()
                .filter(|(name, value)| has_nul(name, value))
                .map(|(name, _)| nul(&format!("fields.{}", name.replace('\0', "")))),
        );
        if external_id.as_ref().is_some_and(|id| id.chars().count() > EXTERNAL_ID) {
            faults.push(FieldError::new("external_id", "too_long", format!("at most {EXTERNAL_ID} characters")));
        }
        match (source, target) {
            (Some(source), Some(target)) if faults.is_empty() => {
                Ok(Self { source, target, fields, external_id, mailbox: None })
            }
            _ => Err(Error::Invalid(faults)),
        }
    }
}

impl App {
    /// Makes the record that a request is; where its values cannot be kept, keeps the request with what is wrong.
    ///
    /// # Errors
    /// [`Error::Invalid`] where whoever carries it is wrong: a field or module that is not there.
    pub fn take_in(&self, work: &mut Work<'_>, intake: &Intake) -> Result<Taken> {
        let module = work.module(REJECTED)?;
        if !work.grant(&module).create {
            return Err(Error::forbidden("create_forbidden", format!("your roles may not create {REJECTED}")));
        }
        for (key, field, value) in [("source", "source", &intake.source), ("module", "target", &intake.target)] {
            if module.field(field).is_none_or(|field| field.option(value).is_none()) {
                return Err(Error::field(key, "invalid_choice", format!("{value:?} is not taken in here")));
            }
        }
        // Before the first write, as all who take turns on who it is.
        if let Some(external_id) = intake.external_id.as_deref() {
            if let Some((module, id)) = work.taken_in(&intake.source, external_id)? {
                return Ok(Taken::Made(module, id));
            }
            if let Some(known) = known(work, &intake.source, external_id)? {
                return Ok(Taken::Kept(known));
            }
        }
        let made = work.attempt(|work| self.create(work, &intake.target, &intake.fields));
        match made {
            Ok((record, _)) => {
                if let Some(external_id) = intake.external_id.as_deref() {
                    work.keep_taken_in(&intake.source, external_id, (&intake.target, record.id))?;
                }
                Ok(Taken::Made(intake.target.clone(), record.id))
            }
            Err(Error::Invalid(faults)) if faults.iter().all(|fault| fault.code != "unknown_field") => {
                keep(work, intake, &faults).map(Taken::Kept)
            }
            Err(error) => Err(error),
        }
    }

    /// Makes what a rejected request should have made, with fields corrected; a letter of a site and a request of a line are read
    /// anew, as their settings say now. Answers the request and the record.
    ///
    /// # Errors
    /// [`Error::Conflict`] where it waits no more; what making the record fails with.
    pub fn resubmit(&self, work: &mut Work<'_>, id: Id, corrected: &Map<String, Json>) -> Result<(Record, Record)> {
        work.check_may_update(REJECTED, id)?;
        // What is made of it says what it says.
        work.expect_seen_whole(REJECTED, id)?;
        let held = work.hold_for_process(REJECTED, id)?;
        if held.deleted_at.is_some() || held.text("status") != Some("waiting") {
            return Err(Error::conflict("invalid_transition", "this request does not wait to be corrected"));
        }
        let target = held.text("target").unwrap_or_default().to_owned();
        let mut draft = Draft::new();
        let made = if let Some(letter) = kept(&held) {
            let (made, keeps) = self.make_of_kept(work, &held, &letter, corrected)?;
            draft = draft.set("content", Value::Json(Json::Object(keeps)));
            made
        } else if let Some(request) = requests::kept(&held) {
            let (made, keeps) = self.make_of_line(work, request, corrected)?;
            draft = draft.set("content", Value::Json(Json::Object(keeps)));
            made
        } else {
            let mut fields = content(&held);
            fields.extend(corrected.clone());
            fields.retain(|_, value| !value.is_null());
            self.create(work, &target, &fields)?.0
        };
        let draft = draft
            .set("status", "resubmitted")
            .set("became", Value::Record { module: made.module.name.clone(), id: made.id });
        let request = work.as_process(|work| work.update(REJECTED, id, draft, None))?;
        Ok((self.shown(work, request)?, made))
    }
}

/// The fields that were sent.
#[must_use]
pub fn content(request: &Record) -> Map<String, Json> {
    match request.get("content") {
        Value::Json(Json::Object(fields)) => fields.clone(),
        _ => Map::new(),
    }
}

/// What is wrong with them.
#[must_use]
pub fn faults(request: &Record) -> Vec<FieldError> {
    let Value::Json(Json::Array(faults)) = request.get("faults") else { return Vec::new() };
    let text = |fault: &Json, key: &str| fault.get(key).and_then(Json::as_str).unwrap_or_default().to_owned();
    let fault = |fault: &Json| FieldError::new(text(fault, "field"), text(fault, "code"), text(fault, "message"));
    faults.iter().map(fault).collect()
}

/// Puts a request aside with what is wrong with it.
pub(crate) fn keep(work: &mut Work<'_>, intake: &Intake, faults: &[FieldError]) -> Result<Record> {
    let told = |name: &str| intake.fields.get(name).and_then(Json::as_str).filter(|text| !text.trim().is_empty());
    let subject = ["name", "buyer_name", "subject", "email", "buyer_email", "phone"].into_iter().find_map(told);
    let subject: String = subject.unwrap_or("—").chars().take(TITLE).collect();
    let told: Json =
        faults.iter().map(|it| json!({"field": it.field, "code": it.code, "message": it.message})).collect();
    let draft = Draft::new()
        .set("subject", subject)
        .set("source", intake.source.clone())
        .set("target", intake.target.clone())
        .set("content", Value::Json(Json::Object(intake.fields.clone())))
        .set("external_id", intake.external_id.clone())
        .set("wrong", Value::List(kinds(faults)))
        .set("faults", Value::Json(told));
    let draft = match &intake.mailbox {
        Some((id, name)) => draft.set("mailbox", name.clone()).set("mailbox_id", id.to_string()),
        None => draft,
    };
    let draft = draft.fitting(&*work.module(REJECTED)?);
    work.as_process(|work| work.create(REJECTED, draft))
}

/// The same request, rejected before.
pub(crate) fn known(work: &mut Work<'_>, source: &str, external_id: &str) -> Result<Option<Record>> {
    let module = work.module(REJECTED)?;
    let same = Plan::field(&module, "external_id").and_then(|field| field.eq(external_id));
    let source = Plan::field(&module, "source").and_then(|field| field.eq(source));
    let (Ok(same), Ok(source)) = (same, source) else { return Ok(None) };
    Ok(work.as_process(|work| work.find(REJECTED, same.and(source)))?.into_iter().next())
}

/// What no database keeps.
fn nul(field: &str) -> FieldError {
    FieldError::new(field, "invalid_text", "the character U+0000 cannot be kept")
}

fn has_nul(name: &str, value: &Json) -> bool {
    let inside = match value {
        Json::String(text) => text.contains('\0'),
        Json::Array(items) => items.iter().any(|item| has_nul("", item)),
        Json::Object(fields) => fields.iter().any(|(name, value)| has_nul(name, value)),
        _ => false,
    };
    inside || name.contains('\0')
}

/// Which kinds of faults there are.
fn kinds(faults: &[FieldError]) -> Vec<String> {
    let kind = |fault: &FieldError| {
        let field = fault.field.rsplit('.').next().unwrap_or_default();
        ["email", "phone"].into_iter().find(|kind| field.ends_with(kind)).unwrap_or("other")
    };
    let found: Vec<&str> = faults.iter().map(kind).collect();
    ["email", "phone", "other"].into_iter().filter(|kind| found.contains(kind)).map(str::to_owned).collect()
}
