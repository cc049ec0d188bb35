//! Taking answers: checked, kept, written to the record and handed to a typed service, all in one transaction.

use std::collections::BTreeMap;

use model::survey::{ANSWERS, Answers, Kind, Question, SENT, Survey};
use model::{Id, Locale, Record, Value};
use serde_json::{Map, Value as Json};
use store::{Draft, Error, FieldError, Origin, Result, Work};

use super::open::{about, by_token};
use super::{Opened, Standing, files, given, take_turn, takers, turn_of, written};
use crate::App;

impl App {
    /// Takes the answers that came by a link and answers the survey as it stands then. A question that its condition hides
    /// is passed over.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Invalid`] with the question of each fault; [`Error::Conflict`] `survey_over` where
    /// nothing is taken any more.
    pub fn answer_survey(
        &self,
        work: &mut Work<'_>,
        token: &str,
        answers: &Map<String, Json>,
        locale: Locale,
    ) -> Result<Opened> {
        let mut opened = self.open_survey(work, token)?;
        work.as_process(|work| {
            if let Some(sent) = &opened.sent {
                take_turn(work, turn_of(sent))?;
                // Somebody else may have answered by the same link meanwhile.
                let sent = work.hold_for_process(SENT, sent.id)?;
                opened = self.opened(work, sent)?;
            }
            if !opened.standing.is_open() {
                return Err(Error::conflict("survey_over", "this survey is answered, or its time is up"));
            }
            let survey = opened.survey.clone();
            let known = |key: &String| survey.asked().any(|question| question.key == *key);
            if let Some(key) = answers.keys().find(|key| !known(key)) {
                return Err(Error::field(key, "unknown_field", format!("there is no question {key:?}")));
            }
            let (read, wrong) = survey.read(answers, (work.settings().reading(), &work.env(), locale));
            if !wrong.is_empty() {
                let faults = wrong.into_iter().map(|wrong| FieldError::of(wrong.place, wrong.error));
                let mut faults: Vec<FieldError> = faults.collect();
                let further = takers::of(&survey)?.map(|taker| taker.faults(answers)).unwrap_or_default();
                for fault in further {
                    if faults.iter().all(|there| there.field != fault.field) {
                        faults.push(fault);
                    }
                }
                return Err(Error::Invalid(faults));
            }
            let files = files::named(work, &survey, opened.sent.as_ref(), &read)?;
            let sent = self.keep(work, &survey, opened.sent.as_ref(), (&read, &files), locale)?;
            files::let_go(work, &survey, sent.id, &files)?;
            if let Some(taker) = takers::of(&survey)? {
                taker.take(self, work, &sent, &read.to_json())?;
            }
            if let Some(record) = about(work, &survey, &sent)? {
                written::write(self, work, &survey, (&sent, &record), &read)?;
            }
            let is_corrected = survey.corrections && survey.handled_by.is_none() && opened.sent.is_some();
            let standing = if is_corrected { Standing::Correctable } else { Standing::Answered };
            Ok(Opened { survey, sent: Some(sent), standing, answers: read.to_json() })
        })
    }

    /// Notes that somebody tried to answer and was refused, so that rules and people see who may need help. The first refusal
    /// counts.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn note_refused_survey(&self, token: &str) -> Result<()> {
        let token = token.to_owned();
        let note = move |work: &mut Work<'_>| {
            work.as_process(|work| {
                let sent = match by_token(work, &token) {
                    Ok(sent) if sent.text("status") == Some("sent") => sent,
                    Ok(_) | Err(Error::NotFound { .. }) => return Ok(()),
                    Err(error) => return Err(error),
                };
                take_turn(work, turn_of(&sent))?;
                let sent = work.hold_for_process(SENT, sent.id)?;
                if sent.text("status") == Some("sent") {
                    let draft = Draft::new().set("status", "invalid").set("refused_at", work.now());
                    work.update(SENT, sent.id, draft, None)?;
                }
                Ok(())
            })
        };
        self.workspace().write(model::Actor::Public, Origin::from("survey"), note).await.map(drop)
    }

    /// Keeps the answers: the survey first, then an answer for each question.
    pub(super) fn keep(
        &self,
        work: &mut Work<'_>,
        survey: &Survey,
        sent: Option<&Record>,
        (answers, files): (&Answers, &BTreeMap<Id, String>),
        locale: Locale,
    ) -> Result<Record> {
        let (now, own) = (work.now(), work.settings().locale);
        let draft = Draft::new()
            .set("status", "answered")
            .set("answered_at", now)
            .set("score", score(survey, answers))
            .set("not_written", Value::Null)
            .set("locale", locale.tag());
        let sent = match sent {
            Some(sent) => {
                work.dequeue(&format!("{}:{}", super::EXPIRE_JOB, sent.id))?;
                work.update(SENT, sent.id, draft, None)?
            }
            None => {
                let draft = draft
                    .set("name", survey.label.or(own, &survey.name).to_owned())
                    .set("questionnaire", survey.name.clone())
                    .set("channel", "public");
                work.create(SENT, draft)?
            }
        };
        let before = given(work, sent.id)?;
        for question in survey.asked() {
            let (value, known) = (answers.get(&question.key), before.get(&question.key));
            if value.is_null() {
                if let Some(known) = known {
                    work.delete(ANSWERS, known.id, None)?;
                }
                continue;
            }
            let counts = matches!(question.kind, Kind::Number | Kind::Scale | Kind::Stars);
            let number = value.as_int().filter(|_| counts);
            let name: String = question.label.or(own, &question.key).chars().take(1_000).collect();
            let draft = Draft::new()
                .set("name", name)
                .set("answer", worded(question, value, files, own))
                .set("number", number)
                .set("value", value.to_json());
            match known {
                Some(known) => work.update(ANSWERS, known.id, draft, None)?,
                None => work.create(ANSWERS, of(draft, survey, &question.key, sent.id))?,
            };
        }
        Ok(sent)
    }
}

/// An answer in words; a file by its name.
fn worded(question: &Question, value: &Value, files: &BTreeMap<Id, String>, locale: Locale) -> String {
    let file = value.as_id().filter(|_| question.kind == Kind::File).and_then(|file| files.get(&file).cloned());
    file.unwrap_or_else(|| question.worded(value, locale))
}

fn of(draft: Draft, survey: &Survey, question: &str, sent: Id) -> Draft {
    draft.set("survey", sent).set("questionnaire", survey.name.clone()).set("question", question)
}

/// The answer to the first question with a score.
fn score(survey: &Survey, answers: &Answers) -> Option<i64> {
    let of = |kind: Kind| {
        survey.asked().filter(move |question| question.kind == kind).find_map(|it| answers.get(&it.key).as_int())
    };
    of(Kind::Scale).or_else(|| of(Kind::Stars))
}

#[cfg(test)]
pub(super) mod tests;
