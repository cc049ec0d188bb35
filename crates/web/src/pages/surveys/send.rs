//! Sending a survey from a record: which one, to whom.

use app::surveys::Sending;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use model::survey::SENT;
use model::{Locale, Record};
use store::{Error, Origin, Work};

use super::super::moves;
use super::super::record::id;
use super::super::visitor::Visitor;
use super::about;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::frame::Frame;
use crate::ui::sheet::{Form, Kind, Sheet};
use crate::ui::told::Told;
use crate::ui::typed::{Asked, Typed};
use crate::ui::{Below, Words, note};

struct View {
    frame: Frame,
    record: Record,
    /// Names of the surveys and what people call them.
    surveys: Vec<(String, String)>,
    typed: Typed,
}

/// Where a survey is sent from.
pub(super) fn address(record: &Record) -> String {
    format!("/{}/{}/surveys", record.module.name, record.id)
}

/// Whether the survey waits for an answer by a personal link.
pub(super) fn waits(sent: &Record) -> bool {
    matches!(sent.text("status"), Some("sent" | "invalid")) && sent.text("channel") == Some("personal")
}

/// The sheet.
pub(crate) async fn form(
    State(web): State<Web>,
    visitor: Visitor,
    Path((module, record)): Path<(String, String)>,
    Asked(asked): Asked,
) -> Result<Markup, Problem> {
    let partial = visitor.partial;
    let view = read(&web, &visitor, &module, &record, asked, true).await?;
    Ok(view.shown(None, partial))
}

/// Sends it.
pub(crate) async fn make(
    State(web): State<Web>,
    visitor: Visitor,
    Path((module, record)): Path<(String, String)>,
    typed: Typed,
) -> Result<Response, Problem> {
    let id = id(&module, &record)?;
    let text = |name: &str| Some(typed.text(name).to_owned()).filter(|text| !text.is_empty());
    let sending = Sending {
        survey: typed.text("survey").to_owned(),
        about: (module.clone(), id),
        // Left empty it goes to the address of the record, which not every sender sees.
        to: text("to"),
        person: text("person"),
    };
    let app = web.app.clone();
    let write = move |work: &mut Work<'_>| app.send_survey(work, &sending).map(drop);
    let error = match web.app.workspace().write(visitor.author(), Origin::from("interface"), write).await {
        Ok((_, set)) => {
            let words = visitor.locale.say("survey-sent");
            return Ok(moves::done(&visitor, &format!("/{module}/{id}"), &words, set));
        }
        Err(error @ (Error::Invalid(_) | Error::Conflict { .. })) => error,
        Err(error) => return Err(error.into()),
    };
    let partial = visitor.partial;
    let view = read(&web, &visitor, &module, &record, typed, false).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, view.shown(Some(&error), partial)).into_response())
}

/// Sends one that waits once more.
pub(crate) async fn again(
    State(web): State<Web>,
    visitor: Visitor,
    Path(survey): Path<String>,
) -> Result<Response, Problem> {
    let id = id(SENT, &survey)?;
    let app = web.app.clone();
    let write = move |work: &mut Work<'_>| app.send_survey_again(work, id).map(drop);
    match web.app.workspace().write(visitor.author(), Origin::from("interface"), write).await {
        Ok((_, set)) => {
            let words = visitor.locale.say("survey-sent");
            Ok(moves::done(&visitor, &format!("/{SENT}/{id}"), &words, set))
        }
        Err(Error::Conflict { code, message, .. }) => Err(moves::refused(visitor.locale.refusal(code, &message))),
        Err(error) => Err(error.into()),
    }
}

async fn read(
    web: &Web,
    visitor: &Visitor,
    module: &str,
    record: &str,
    mut typed: Typed,
    is_new: bool,
) -> Result<View, Problem> {
    let (id, module) = (id(module, record)?, module.to_owned());
    let (app, reader) = (web.app.clone(), visitor.clone());
    let read = move |work: &mut Work<'_>| {
        work.check_may_update(&module, id)?;
        let record = work.get(&module, id)?;
        let surveys = about(work, &record);
        let chosen = surveys.iter().find(|survey| survey.name == typed.text("survey")).or(surveys.first());
        let Some(about) = chosen.and_then(|survey| survey.of(&module)) else {
            return Err(Error::NotFound { module: SENT.to_owned(), id: id.to_string() });
        };
        if is_new {
            let (to, person) = app.survey_addressee(work, about, &record)?;
            typed.set("to", to);
            typed.set("person", person);
        }
        let l = reader.locale;
        let named = surveys.iter().map(|survey| (survey.name.clone(), survey.label.or(l, &survey.name).to_owned()));
        let frame = Frame::unless_partial(work, &reader)?;
        Ok(View { frame, surveys: named.collect(), record, typed: typed.clone() })
    };
    Ok(web.app.workspace().read(visitor.actor(), read).await?)
}

impl View {
    fn shown(&self, error: Option<&Error>, partial: bool) -> Markup {
        let l = self.frame.locale;
        let (heading, title) = (l.say("survey-send-it"), self.record.title());
        let module = &self.record.module;
        let (list, page) = (format!("/{}", module.name), format!("/{}/{}", module.name, self.record.id));
        let sheet = Sheet {
            frame: &self.frame,
            partial,
            id: "survey",
            heading: &heading,
            title: &title,
            crumbs: &[(&list, module.label.get(l)), (&page, &title)],
        };
        let told = Told { l, error, controls: &[] };
        sheet.form(&Form {
            kind: Kind::Typed,
            action: &address(&self.record),
            rows: self.rows(told, l),
            button: Some(&l.say("survey-send-do")),
            back: (&page, &l.say("cancel")),
        })
    }

    fn rows(&self, told: Told<'_>, l: Locale) -> Markup {
        let chosen = self.typed.text("survey");
        let (to, person) = (told.below("to", "to", None), told.below("person", "person", None));
        html! {
            @if let Some(error) = told.error.filter(|_| to.fault.is_none()) { (note::bad(&crate::ui::told::whole(error, l))) }
            p.dim { (l.say("survey-send-text")) }
            div.field {
                label for="survey" { (l.say("survey-which")) }
                select id="survey" name="survey" {
                    @for (name, words) in &self.surveys { option value=(name) selected[name == chosen] { (words) } }
                }
            }
            (self.line("to", &l.say("survey-to"), "email", false, &to))
            (self.line("person", &l.say("survey-person"), "text", false, &person))
        }
    }

    fn line(&self, name: &str, label: &str, kind: &str, required: bool, below: &Below<'_>) -> Markup {
        html! {
            div.field {
                label for=(name) { (label) @if !required { " " small { (self.frame.locale.say("optional")) } } }
                input id=(name) name=(name) type=(kind) required[required] value=(self.typed.text(name))
                    aria-invalid=[below.invalid()] aria-describedby=[below.described()];
                (below)
            }
        }
    }
}
