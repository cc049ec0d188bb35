//! A move of a record as people make it: the form for what it asks, as a dialog over the page or as a page, and what is
//! said when it is made or refused.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use model::process::{Phase, Process, Transition};
use model::{Id, Locale, Record};

use super::done;
use super::visitor::Visitor;
use crate::problem::Problem;
use crate::ui::frame::Frame;
use crate::ui::inputs::Input;
use crate::ui::sheet::{self, Kind, Sheet};
use crate::ui::{Words, headers, htmx, note};

/// The code of refusals that bring their own words.
const CODE: &str = "not_moved";

/// The form of a move.
pub(crate) struct Form<'a> {
    pub(crate) frame: &'a Frame,
    pub(crate) record: &'a Record,
    /// What the record is called.
    pub(crate) title: &'a str,
    pub(crate) transition: &'a Transition,
    /// What the stage is called that it leads to, where it leads to another.
    pub(crate) stage: Option<&'a str>,
    /// Where it is sent.
    pub(crate) address: String,
    /// What it carries along.
    pub(crate) carried: Vec<(&'static str, &'a str)>,
    /// What is moved, or what the move will do.
    pub(crate) told: Option<String>,
    pub(crate) faults: &'a [String],
    pub(crate) inputs: &'a [Input],
    /// The page that one goes back to.
    pub(crate) back: &'a str,
}

impl Form<'_> {
    /// The form: where a part of a page is asked for a dialog, else a page.
    pub(crate) fn shown(&self, partial: bool) -> Markup {
        let (l, label) = (self.frame.locale, self.transition.label.get(self.frame.locale));
        let module = &self.record.module;
        let (list, record) = (format!("/{}", module.name), format!("/{}/{}", module.name, self.record.id));
        let sheet = Sheet {
            frame: self.frame,
            partial,
            id: "move",
            heading: &self.heading(label),
            title: self.title,
            crumbs: &[(&list, module.label.get(l)), (&record, self.title)],
        };
        sheet.form(&sheet::Form {
            kind: Kind::Typed,
            action: &self.address,
            rows: self.rows(),
            button: Some(label),
            back: (self.back, &l.say("back")),
        })
    }

    /// The move, what is moved, and where to.
    fn heading(&self, label: &str) -> String {
        let l = self.frame.locale;
        match self.stage.filter(|stage| *stage != label) {
            Some(stage) => l.say_with(
                "move-heading-to",
                &[("name", label.into()), ("title", self.title.into()), ("stage", stage.into())],
            ),
            None => l.say_with("move-heading", &[("name", label.into()), ("title", self.title.into())]),
        }
    }

    fn rows(&self) -> Markup {
        html! {
            @for (name, value) in &self.carried { input type="hidden" name=(name) value=(value); }
            @for fault in self.faults { (note::bad(fault)) }
            @if let Some(told) = &self.told { p { (told) } }
            @for input in self.inputs { (input.row(self.frame.locale)) }
        }
    }
}

/// What the stage is called that a move of the record leads to; nothing where it stays where it is.
pub(crate) fn stage<'p>(l: Locale, process: &'p Process, record: &Record, transition: &Transition) -> Option<&'p str> {
    let is_here = record.text(&process.field) == Some(transition.to.as_str());
    process.state(&transition.to).filter(|_| !is_here).map(|state| state.label.get(l))
}

/// What a move is called on its button: one that leads back also says where to.
pub(crate) fn called(l: Locale, process: &Process, record: &Record, transition: &Transition) -> String {
    let label = transition.label.get(l);
    let place = |name: &str| process.states.iter().position(|state| state.name == name && state.phase == Phase::Open);
    let from = record.text(&process.field).and_then(place);
    match (from, place(&transition.to), stage(l, process, record, transition)) {
        (Some(from), Some(to), Some(stage)) if to < from => {
            l.say_with("move-back", &[("name", label.into()), ("stage", stage.into())])
        }
        _ => label.to_owned(),
    }
}

/// The answer to a move that was made: for the script nothing but a message with its way back, else the page one came from.
pub(crate) fn done(visitor: &Visitor, next: &str, words: &str, set: Option<Id>) -> Response {
    if !visitor.partial {
        return Redirect::to(&done::address(next, set)).into_response();
    }
    let mut response = (StatusCode::OK, html! {}).into_response();
    headers::add(&mut response, htmx::TRIGGER, &htmx::done(visitor.locale, words, set));
    response
}

/// A refusal in the words of whoever asked.
pub(crate) fn refused(words: String) -> Problem {
    Problem::new(StatusCode::CONFLICT, CODE, words)
}
