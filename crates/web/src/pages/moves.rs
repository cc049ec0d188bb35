//! A move of a record as people make it: the form for what it asks, as a dialog over the page or as a page, and what is
//! said when it is made or refused.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use model::process::Transition;
use model::{Id, Record};

use super::visitor::Visitor;
use crate::problem::Problem;
use crate::ui::frame::Frame;
use crate::ui::inputs::Input;
use crate::ui::shell::{self, Page};
use crate::ui::{Words, attach, htmx, note};

/// The code of refusals that bring their own words.
const CODE: &str = "not_moved";

/// The form of a move.
pub(crate) struct Form<'a> {
    pub(crate) frame: &'a Frame,
    pub(crate) record: &'a Record,
    /// What the record is called.
    pub(crate) title: &'a str,
    pub(crate) transition: &'a Transition,
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
        if partial { self.dialog() } else { self.page() }
    }

    fn rows(&self) -> Markup {
        html! {
            @for (name, value) in &self.carried { input type="hidden" name=(name) value=(value); }
            @for fault in self.faults { (note::bad(fault)) }
            @if let Some(told) = &self.told { p { (told) } }
            @for input in self.inputs { (input.row(self.frame.locale)) }
        }
    }

    fn dialog(&self) -> Markup {
        let (l, label) = (self.frame.locale, self.transition.label.get(self.frame.locale));
        html! {
            dialog.dialog open data-modal aria-labelledby="move-title" {
                form method="post" action=(self.address) {
                    header { h2 id="move-title" { (label) } }
                    div.body { (self.rows()) }
                    footer {
                        button.btn formmethod="dialog" formnovalidate { (l.say("back")) }
                        button.btn.main-action { (label) }
                    }
                }
            }
        }
    }

    fn page(&self) -> Markup {
        let (l, label) = (self.frame.locale, self.transition.label.get(self.frame.locale));
        let module = &self.record.module;
        let (list, record) = (format!("/{}", module.name), format!("/{}/{}", module.name, self.record.id));
        let content = html! {
            header.top {
                nav.crumbs aria-label=(l.say("crumbs")) { a href=(list) { (module.label.get(l)) } a href=(record) { (self.title) } }
                h1 { (label) }
            }
            div.page.narrow {
                form.form method="post" action=(self.address) id="move" data-guard novalidate {
                    (self.rows())
                    footer.actions {
                        button.btn.main-action { (label) }
                        a.btn.quiet href=(self.back) { (l.say("back")) }
                    }
                }
            }
        };
        shell::page(self.frame, &Page { title: self.title, at: &list, content })
    }
}

/// The answer to a move that was made: for the script nothing but a message with its way back, else the page one came from.
pub(crate) fn done(visitor: &Visitor, next: &str, words: &str, set: Option<Id>) -> Response {
    if !visitor.partial {
        return Redirect::to(next).into_response();
    }
    let mut response = (StatusCode::OK, html! {}).into_response();
    attach::add(&mut response, htmx::TRIGGER, &htmx::done(visitor.locale, words, set));
    response
}

/// A refusal in the words of whoever asked.
pub(crate) fn refused(words: String) -> Problem {
    Problem::new(StatusCode::CONFLICT, CODE, words)
}
