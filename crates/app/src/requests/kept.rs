//! A request of a line as it is kept: what came, and by what it was read. Where it could not be made it waits among the rejected
//! requests, and is read anew when somebody sends it again.

use channels::requests::{Came, Source};
use jiff::Timestamp;
use model::form::{CONSENT, MARKETING, Told};
use model::{Actor, Id, Locale, Record, Value};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};
use store::{Draft, Error, FieldError, Line, Origin, Result, Work};

use super::SOURCE;
use crate::App;
use crate::forms::source as came_from;
use crate::rejected::{Intake, REJECTED, content, keep};

/// Under what a rejected request keeps what came.
pub const KEPT: &str = "line_request";

/// A request of a line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// The line.
    pub line: Id,
    /// What people called it then.
    pub line_name: String,
    /// What it brings requests from, by its name.
    pub kind: String,
    /// The form by which it was read.
    pub form: String,
    /// Under which name it is taken in once.
    pub key: String,
    /// When it was sent, where that is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// What is known of it besides: the form of the network, the advertisement.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub about: Map<String, Json>,
    /// What was answered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<Told>,
    /// All that came.
    pub raw: Json,
    /// The number of a lead whose answers were not given yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unfetched: Option<String>,
}

impl Request {
    /// What a line has brought.
    pub(super) fn of(line: &Line, came: &Came) -> Self {
        // What programs call their requests is each program's own.
        let key = match super::source(line) {
            Some(Source::Vk | Source::Meta) => came.name.clone(),
            Some(Source::Webhook) | None => format!("{}/{}", line.id, came.name),
        };
        Self {
            line: line.id,
            line_name: line.setup.name.clone(),
            kind: line.setup.kind.clone(),
            form: line.setup.form.clone().unwrap_or_default(),
            key,
            at: came.at,
            about: came.about.clone(),
            answers: came.answers.clone(),
            raw: came.raw.clone(),
            unfetched: None,
        }
    }

    /// The channel of its message.
    pub(super) fn channel(&self) -> &'static str {
        Source::parse(&self.kind).map_or("api", Source::channel)
    }

    /// Where somebody came from: marks of advertising among the answers, and what is known of the advertisement.
    pub(super) fn source(&self) -> Map<String, Json> {
        let said: Vec<(&str, String)> = self.answers.iter().map(|told| (told.last(), told.text())).collect();
        let mut source = came_from(said.iter().map(|(name, text)| (*name, text.as_str())));
        for (name, value) in &self.about {
            source.entry(name.clone()).or_insert_with(|| value.clone());
        }
        source
    }

    /// Whether somebody agrees to news and offers, as far as that is told.
    pub(super) fn wants_news(&self) -> bool {
        self.says(MARKETING) == Some(true)
    }

    /// Whether it is told that somebody does not agree that anything is kept of them.
    pub(super) fn refuses_consent(&self) -> bool {
        self.says(CONSENT) == Some(false)
    }

    fn says(&self, word: &str) -> Option<bool> {
        let told = self.answers.iter().find(|told| told.last() == word)?;
        match told.text().trim().to_lowercase().as_str() {
            "yes" | "on" | "true" | "1" | "да" => Some(true),
            "no" | "off" | "false" | "0" | "нет" => Some(false),
            _ => None,
        }
    }
}

/// The request of a line that a rejected request keeps; nothing where it is none.
#[must_use]
pub fn kept(request: &Record) -> Option<Request> {
    if request.module.name != REJECTED {
        return None;
    }
    serde_json::from_value(content(request).remove(KEPT)?).ok()
}

/// What a form finds in a request by now, and what was answered that it does not ask for.
#[must_use]
pub fn found(work: &Work<'_>, request: &Request) -> (Map<String, Json>, Vec<(String, String)>) {
    let definitions = work.definitions();
    let form = definitions.form(&request.form);
    let module = form.and_then(|form| definitions.module(&form.module));
    let placed = form.zip(module).map(|(form, module)| form.place(module, &request.answers));
    let placed = placed.unwrap_or_default();
    let more = unasked(request, &placed.places);
    (placed.fields, more)
}

/// What was answered and has no place.
pub(super) fn unasked(request: &Request, places: &[Option<String>]) -> Vec<(String, String)> {
    let has_none = |at: usize| places.get(at).is_none_or(Option::is_none);
    let left = request.answers.iter().enumerate().filter(|(at, told)| has_none(*at) && !told.is_empty());
    left.map(|(_, told)| (told.called().to_owned(), told.text())).collect()
}

/// Puts a request aside with what is wrong with it, under the fields that were found.
pub(super) fn put_aside(
    work: &mut Work<'_>,
    request: &Request,
    (target, fields): (&str, Map<String, Json>),
    faults: &[FieldError],
) -> Result<Record> {
    let intake = Intake {
        mailbox: None,
        source: "form".to_owned(),
        target: target.to_owned(),
        fields: keeps(request, fields),
        external_id: Some(request.key.clone()),
    };
    let record = keep(work, &intake, faults)?;
    work.keep_taken_in(SOURCE, &request.key, (REJECTED, record.id))?;
    Ok(record)
}

/// What a rejected request keeps of it.
fn keeps(request: &Request, mut fields: Map<String, Json>) -> Map<String, Json> {
    fields.insert(KEPT.to_owned(), json!(request));
    fields
}

impl App {
    /// Reads a kept request anew, with fields corrected, by the form that its line reads by now. Answers what was made, and what
    /// the rejected request keeps then.
    pub(crate) fn make_of_line(
        &self,
        work: &mut Work<'_>,
        kept: Request,
        corrected: &Map<String, Json>,
    ) -> Result<(Record, Map<String, Json>)> {
        if kept.unfetched.is_some() {
            let how = "its answers are not there yet: they are asked for once more when somebody sends it again";
            return Err(Error::conflict("request_unfetched", how));
        }
        let request = self.as_line_says(work, kept)?;
        let module = self.form_of_line(work, &request.form)?.form.module.clone();
        let module = work.module(&module)?;
        if !work.grant(&module).create {
            return Err(Error::forbidden("create_forbidden", format!("your roles may not create {}", module.name)));
        }
        let made = work.as_process(|work| self.make_of_request(work, &request, corrected))?;
        Ok((made.record, keeps(&request, made.fields)))
    }

    /// The same request, read by what its line says today where it is still there.
    fn as_line_says(&self, work: &mut Work<'_>, request: Request) -> Result<Request> {
        let lines = work.as_process(|work| work.lines())?;
        let form = lines.into_iter().find(|line| line.id == request.line).and_then(|line| line.setup.form);
        Ok(Request { form: form.unwrap_or(request.form), ..request })
    }

    /// Asks once more for the answers of a rejected request that are not there yet, and keeps them; false where there was nothing to
    /// ask for. Before it is sent again: nothing is asked outside while something is written.
    ///
    /// # Errors
    /// [`Error::Conflict`] `request_unfetched` in the words of the other side, `sandbox`; [`Error::NotFound`],
    /// [`Error::Forbidden`].
    pub async fn fetch_rejected(&self, actor: Actor, id: Id) -> Result<bool> {
        let find = move |work: &mut Work<'_>| {
            work.check_may_update(REJECTED, id)?;
            let Some(request) = kept(&work.get(REJECTED, id)?).filter(|request| request.unfetched.is_some()) else {
                return Ok(None);
            };
            if work.settings().sandbox {
                return Err(Error::conflict("sandbox", "nothing leaves a sandbox"));
            }
            let line = work.line_at_door(request.line)?;
            let off = || Error::conflict("request_unfetched", "the line that brought it is switched off, or not there");
            Ok(Some((request, line.ok_or_else(off)?)))
        };
        let Some((request, (line, secrets))) = self.workspace().read(actor.clone(), find).await? else {
            return Ok(false);
        };
        let whole = self.asked_for(&request, &line, &secrets).await?;
        let keep_it = move |work: &mut Work<'_>| {
            work.check_may_update(REJECTED, id)?;
            let held = work.hold_for_process(REJECTED, id)?;
            // Somebody else was faster.
            if kept(&held).is_none_or(|request| request.unfetched.is_none()) {
                return Ok(());
            }
            let keeps = Value::Json(Json::Object(keeps(&whole, Map::new())));
            let draft = Draft::new().set("content", keeps);
            work.as_process(|work| work.update(REJECTED, id, draft, None)).map(drop)
        };
        self.workspace().write(actor, Origin::from("interface"), keep_it).await?;
        Ok(true)
    }
}

/// The language of what a line brings: nobody says it.
pub(super) fn locale(work: &Work<'_>) -> Locale {
    work.settings().locale
}
