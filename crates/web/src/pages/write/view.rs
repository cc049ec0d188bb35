//! The form in which a letter is written.

use app::writing::Addressee;
use maud::{Markup, html};
use model::Locale;

use super::{OUTBOX, View, Which};
use crate::ui::below::Below;
use crate::ui::sheet::{Form, Kind, Sheet};
use crate::ui::{Words, marks, note};

/// Faults that stand beside their control.
const CONTROLS: [&str; 4] = ["to", "cc", "subject", "text"];

/// As a dialog, or a page.
pub(super) fn form(view: &View, partial: bool) -> Markup {
    let l = view.frame.locale;
    let heading = l.say(match &view.which {
        Which::New(..) if view.subject.answered().is_some() => "write-answer",
        Which::New(..) => "write-letter",
        Which::Again(_) => "write-change",
    });
    let record = &view.subject.record;
    let (list, page, title) = (format!("/{}", record.module.name), view.which.page(), record.title());
    let sheet = Sheet {
        frame: &view.frame,
        partial,
        id: "write",
        heading: &heading,
        title: &heading,
        crumbs: &[(&list, record.module.label.get(l)), (&page, &title)],
    };
    let action = view.which.action();
    let send = l.say("write-send");
    let button = (!view.subject.addressees.is_empty()).then_some(send.as_str());
    sheet.form(&Form { kind: Kind::Letter, action: &action, rows: rows(view), button, back: (&page, &l.say("cancel")) })
}

fn rows(view: &View) -> Markup {
    let (l, typed) = (view.frame.locale, &view.typed);
    let template = typed.text("template");
    html! {
        @for fault in view.faults.iter().filter(|fault| !CONTROLS.contains(&fault.field.as_str())) {
            (note::bad(&l.error(fault)))
        }
        @if view.lost_files { (note::warn(&html! { (l.say("write-files-again")) })) }
        @if view.subject.addressees.is_empty() { (note::bad(&l.say("write-no-address"))) }
        (templates(view))
        @if !template.is_empty() { input type="hidden" name="template" value=(template); }
        @let from = typed.text("from");
        @if !from.is_empty() { input type="hidden" name="from" value=(from); }
        (to(view))
        @for email in &view.opted_out { (note::warn(&html! { (l.say_with("write-opted-out", &[("email", email.as_str().into())])) })) }
        @for letter in &view.waiting {
            (note::warn(&html! { (l.say_with("write-waits-already", &[("email", letter.text("to").unwrap_or("—").into())])) " " a.link href=(format!("/messages/{}", letter.id)) { (letter.title()) } }))
        }
        (line(view, "cc", &l.say("write-cc"), Some(l.say("write-cc-help"))))
        (line(view, "subject", &l.say("write-subject"), None))
        @let below = below(view, "text", Some(l.say("marks-help")));
        div.field.writing {
            label for="write-text" { (l.say("write-text")) }
            (marks::bar(l, "write-text"))
            textarea id="write-text" name="text" rows="12" required data-marked aria-invalid=[below.invalid()] aria-describedby=[below.described()] {
                // A browser leaves out a line break that stands first.
                "\n" (typed.get("text").unwrap_or_default())
            }
            (look(l, typed.get("text").filter(|_| typed.has("preview"))))
            (below)
        }
        (along(view))
        p.help { (l.say("write-waits")) " " a.link href=(OUTBOX) { (l.say("outbox")) } }
    }
}

/// How the text looks, where somebody asks for that; else the place for it.
pub(super) fn look(l: Locale, text: Option<&str>) -> Markup {
    html! {
        div.look.formatted id="write-look" role="region" tabindex="0" aria-label=(l.say("letter-look")) data-look hidden[text.is_none()] {
            @if let Some(text) = text { (marks::formatted(text)) }
        }
    }
}

/// What it may begin from.
fn templates(view: &View) -> Markup {
    let l = view.frame.locale;
    html! {
        @if !view.templates.is_empty() {
            details.group {
                summary { (l.say("write-templates")) }
                ul.plain-links {
                    @for (name, label) in &view.templates {
                        @let asked = serde_urlencoded::to_string([("template", name.as_str()), ("from", view.typed.text("from"))]);
                        @let at = format!("{}?{}", view.which.action(), asked.unwrap_or_default());
                        li { a.link href=(at) hx-get=(at) hx-target="closest dialog" hx-swap="outerHTML" { (label) } }
                    }
                }
            }
        }
    }
}

fn to(view: &View) -> Markup {
    let (l, below) = (view.frame.locale, below(view, "to", None));
    let chosen = view.typed.text("to");
    let came_back = view.faults.iter().any(|fault| fault.code == "came_back");
    html! {
        div.field {
            label for="write-to" { (l.say("write-to")) }
            select id="write-to" name="to" aria-invalid=[below.invalid()] aria-describedby=[below.described()] {
                @for addressee in &view.subject.addressees {
                    option value=(addressee.email) selected[addressee.email == chosen] { (called(addressee)) }
                }
            }
            (below)
            @if came_back { label.option { input type="checkbox" name="anyway" value="yes"; (l.say("write-anyway")) } }
        }
    }
}

fn called(addressee: &Addressee) -> String {
    match addressee.name.as_deref().filter(|name| *name != addressee.email) {
        Some(name) => format!("{name} <{}>", addressee.email),
        None => addressee.email.clone(),
    }
}

fn line(view: &View, name: &str, label: &str, help: Option<String>) -> Markup {
    let (id, below) = (format!("write-{name}"), below(view, name, help));
    html! {
        div.field {
            label for=(id) { (label) }
            input id=(id) name=(name) value=(view.typed.text(name)) autocomplete="off" aria-invalid=[below.invalid()] aria-describedby=[below.described()];
            (below)
        }
    }
}

fn below(view: &View, name: &str, help: Option<String>) -> Below<'static> {
    let l: Locale = view.frame.locale;
    let fault = view.faults.iter().find(|fault| fault.field == name).map(|fault| l.error(fault).into());
    let id = match name {
        "to" => "write-to",
        "cc" => "write-cc",
        "subject" => "write-subject",
        _ => "write-text",
    };
    Below { id, fault, help: help.map(Into::into) }
}

/// Files of the record that may go along, and new ones.
fn along(view: &View) -> Markup {
    let l = view.frame.locale;
    html! {
        @if !view.files.is_empty() {
            fieldset.field {
                legend { (l.say("write-files")) }
                div.options {
                    @for file in &view.files {
                        @let id = file.id.to_string();
                        label.option { input type="checkbox" name="files" value=(id) checked[view.typed.all("files").any(|chosen| chosen == id)]; (file.title()) }
                    }
                }
            }
        }
        div.field {
            label for="write-file" { (l.say("files-choose")) }
            input id="write-file" type="file" name="file" multiple;
        }
    }
}
