//! Answers that staff enter for whoever is asked, as on the telephone: what a typed service takes is its own, the further
//! questions of the survey are judged, kept and written as if they had been answered by the link.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::expr::Plan;
use model::survey::{Answers, Kind, SENT, Survey};
use model::{Locale, Record, Value};
use serde_json::{Map, Value as Json};
use store::{Draft, Error, FieldError, Result, Work};

use super::{Read, is_waiting, take_turn, takers, written};
use crate::App;

/// Answers that were entered and judged.
pub(crate) struct Entered {
    survey: Option<Arc<Survey>>,
    answers: Answers,
    locale: Locale,
    /// What is wrong with those to further questions.
    pub(crate) faults: Vec<FieldError>,
}

impl App {
    /// Judges answers about a record, of which the service takes those to `own` and judges them itself. Files are not entered:
    /// they are attached to the record. The caller has judged who enters.
    pub(crate) fn read_entered(
        &self,
        work: &mut Work<'_>,
        (name, own): (&str, &[Read]),
        record: &Record,
        given: &Map<String, Json>,
    ) -> Result<Entered> {
        take_turn(work, record.id)?;
        let settings = work.settings().clone();
        let locale = record.text("locale").and_then(Locale::parse).unwrap_or(settings.locale);
        let survey = work.definitions().survey(name).filter(|survey| survey.active).cloned();
        let survey = match survey {
            Some(survey) => {
                let mut survey = takers::filled(self, work, &survey, Some(record))?;
                for question in survey.questions.iter_mut().filter(|question| question.kind == Kind::File) {
                    question.required = false;
                }
                Some(Arc::new(survey))
            }
            None => None,
        };
        let is_own = |key: &str| own.iter().any(|read| read.key == key);
        let is_further = |key: &str| {
            let mut asked = survey.iter().flat_map(|survey| survey.asked());
            !is_own(key) && asked.any(|question| question.key == key && question.kind != Kind::File)
        };
        let strange = given.keys().filter(|key| !is_own(key) && !is_further(key));
        let mut faults: Vec<FieldError> =
            strange.map(|key| FieldError::new(key, "unknown_field", format!("there is no {key:?} here"))).collect();
        let mut answers = Answers::default();
        if let Some(survey) = &survey {
            let (read, wrong) = survey.read(given, (settings.reading(), &work.env(), locale));
            let of_further = |place: &str| is_further(place.split(['.', '[']).next().unwrap_or_default());
            let wrong = wrong.into_iter().filter(|wrong| of_further(&wrong.place));
            faults.extend(wrong.map(|wrong| FieldError::of(wrong.place, wrong.error)));
            answers = read;
        }
        let has_further = answers.values.iter().any(|(key, value)| is_further(key) && !value.is_null());
        // Where nothing further was said the answers are all in what the service made.
        let survey = survey.filter(|_| has_further);
        Ok(Entered { survey, answers, locale, faults })
    }

    /// Keeps entered answers with the survey that waits for them, or with a new one, and writes them where its questions say.
    /// The caller acts as the process.
    pub(crate) fn keep_entered(&self, work: &mut Work<'_>, record: &Record, entered: &Entered) -> Result<()> {
        let Some(survey) = &entered.survey else { return Ok(()) };
        let sent = match waiting(work, survey, record)? {
            Some(sent) => sent,
            None => {
                let draft = Draft::new()
                    .set("name", survey.label.or(work.settings().locale, &survey.name).to_owned())
                    .set("questionnaire", survey.name.clone())
                    .set("about", Value::Record { module: record.module.name.clone(), id: record.id })
                    .set("contact", record.link("contact"))
                    .set("channel", "personal")
                    .set("locale", entered.locale.tag());
                work.create(SENT, draft)?
            }
        };
        let sent = self.keep(work, survey, Some(&sent), (&entered.answers, &BTreeMap::new()), entered.locale)?;
        // What was made of the answers has changed it since.
        let record = work.get(&record.module.name, record.id)?;
        written::write(self, work, survey, (&sent, &record), &entered.answers)
    }
}

/// The survey that was sent about the record and still waits.
fn waiting(work: &mut Work<'_>, survey: &Survey, record: &Record) -> Result<Option<Record>> {
    let module = work.module(SENT)?;
    let about = Plan::field(&module, "about").and_then(|field| field.eq(Value::Id(record.id)));
    let about = about.map_err(|error| Error::bad_query(error.code.as_str(), error.message))?;
    let now = work.now();
    let mut sent = work.find(SENT, about)?.into_iter();
    let is_it = |sent: &Record| sent.text("questionnaire") == Some(survey.name.as_str()) && is_waiting(sent, now);
    Ok(sent.rfind(is_it))
}
