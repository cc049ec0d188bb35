//! Surveys for people who work here: sent from a record, read on its page, counted.

pub(crate) mod results;
pub(crate) mod send;

use std::collections::BTreeSet;
use std::sync::Arc;

use app::surveys::{answers_of, file_of};
use maud::{Markup, html};
use model::survey::{Kind, SENT, Survey};
use model::{Id, Record};
use store::{Result, Work};

use crate::ui::{Words, icon};

/// Where all results stand.
pub(crate) const RESULTS: &str = "/surveys/results";

/// What the page of a record says of surveys.
#[derive(Default)]
pub(crate) struct Part {
    /// Surveys that may be sent about it, and whether the record offers them.
    about: Vec<(Arc<Survey>, bool)>,
    /// Of a survey: its answers, and the questions that asked for files.
    answers: Vec<Record>,
    of_files: BTreeSet<String>,
}

/// Read with the record's page.
pub(crate) fn read(work: &mut Work<'_>, record: &Record, is_open: bool) -> Result<Part> {
    let mut part = Part::default();
    if record.module.name == SENT {
        part.answers = answers_of(work, record.id)?;
        let survey = work.definitions().survey(record.text("questionnaire").unwrap_or_default());
        let files = survey.iter().flat_map(|survey| &survey.questions).filter(|question| question.kind == Kind::File);
        part.of_files = files.map(|question| question.key.clone()).collect();
    }
    if is_open {
        for survey in about(work, record) {
            let offered = survey.of(&record.module.name).and_then(|about| about.offered.as_deref());
            let is_offered = offered.map(|text| work.holds(text, record)).transpose()? == Some(true);
            part.about.push((survey, is_offered));
        }
    }
    Ok(part)
}

/// The surveys in use that are about such records.
fn about(work: &Work<'_>, record: &Record) -> Vec<Arc<Survey>> {
    let surveys = work.definitions().surveys().map(|(survey, _)| survey);
    surveys.filter(|survey| survey.active && survey.of(&record.module.name).is_some()).cloned().collect()
}

impl Part {
    /// The button of a survey that the record offers, and the one that sends a survey once more.
    pub(crate) fn buttons(&self, l: model::Locale, record: &Record) -> Markup {
        let at = send::address(record);
        let offered = self.about.iter().find(|(_, is_offered)| *is_offered);
        html! {
            @if let Some((survey, _)) = offered {
                @let at = format!("{at}?survey={}", survey.name);
                a.btn href=(at) hx-get=(at) hx-target="body" hx-swap="beforeend" { (icon(assets::icon::CLIPBOARD_LIST)) (l.say("survey-send-it")) }
            }
            @if record.module.name == SENT && send::waits(record) {
                form method="post" action=(format!("/{SENT}/{}/send", record.id)) { button.btn { (icon(assets::icon::SEND)) (l.say("survey-send-again")) } }
            }
        }
    }

    /// What stands in the menu of what is wanted now and then.
    pub(crate) fn menu(&self, l: model::Locale, record: &Record) -> Markup {
        let at = send::address(record);
        html! {
            @if !self.about.is_empty() && !self.about.iter().any(|(_, is_offered)| *is_offered) {
                a href=(at) hx-get=(at) hx-target="body" hx-swap="beforeend" { (l.say("survey-send-it")) }
            }
        }
    }

    /// The file that an answer is.
    fn file(&self, answer: &Record) -> Option<Id> {
        file_of(answer).filter(|_| answer.text("question").is_some_and(|question| self.of_files.contains(question)))
    }

    /// The answers, on the page of a survey.
    pub(crate) fn answers(&self, l: model::Locale, record: &Record) -> Markup {
        let name = record.text("questionnaire").unwrap_or_default();
        html! {
            @if record.module.name == SENT {
                section.card.roomy {
                    h2 { (l.say("survey-answers")) }
                    @if self.answers.is_empty() { p.dim { (l.say("survey-no-answers")) } }
                    @else {
                        dl.fields.roomy {
                            @for answer in &self.answers {
                                dt { (answer.text("name").unwrap_or_default()) }
                                dd {
                                    @match self.file(answer) {
                                        Some(file) => a.link href=(format!("/files/{file}")) { (icon(assets::icon::PAPERCLIP)) (answer.text("answer").unwrap_or_default()) },
                                        None => (crate::ui::markup::lines(answer.text("answer").unwrap_or_default())),
                                    }
                                }
                            }
                        }
                    }
                    p { a.link href=(format!("{RESULTS}/{name}")) { (l.say("survey-results")) } }
                }
            }
        }
    }
}
