//! The sheet, as markup.

use app::convert::{self, Candidate, LEADS};
use maud::{Markup, html};
use model::Record;
use model::process::Process;

use super::{Deal, NEW, View, WITH_DEAL};
use crate::ui::sheet::{Form, Kind, Sheet};
use crate::ui::{Words, icon, note};

/// The button on the page of a lead that can be converted.
pub(in crate::pages) fn button(l: model::Locale, record: &Record, process: &Process) -> Markup {
    let at = format!("/{LEADS}/{}/convert", record.id);
    html! {
        @if let Some(step) = convert::step(process, record) {
            a.btn href=(at) hx-get=(at) hx-target="body" hx-swap="beforeend" { (icon(assets::icon::USER_CHECK)) (step.label.get(l)) }
        }
    }
}

pub(super) fn sheet(view: &View, partial: bool) -> Markup {
    let l = view.frame.locale;
    let (heading, title) = (l.say("convert-title"), view.lead.title());
    let page = format!("/{LEADS}/{}", view.lead.id);
    let sheet = Sheet {
        frame: &view.frame,
        partial,
        id: "convert",
        heading: &heading,
        title: &title,
        crumbs: &[("/leads", view.lead.module.label.get(l)), (&page, &title)],
    };
    sheet.form(&Form {
        kind: Kind::Typed,
        action: &format!("{page}/convert"),
        rows: rows(view),
        button: Some(&l.say("convert-do")),
        back: (&page, &l.say("cancel")),
    })
}

fn rows(view: &View) -> Markup {
    let l = view.frame.locale;
    let (company, person) = (view.lead.text("company"), view.lead.title());
    let client = company.unwrap_or(&person);
    html! {
        @for fault in &view.faults { (note::bad(fault)) }
        p.dim { (l.say("convert-text")) }
        (choice(view, "account", &l.say("convert-account"), client, &view.offer.accounts, view.account.as_deref()))
        (choice(view, "contact", &l.say("convert-contact"), &person, &view.offer.contacts, view.contact.as_deref()))
        @if let Some(deal) = &view.deal { (deal_rows(view, deal)) }
    }
}

/// Whom it may be, and that it is somebody new.
fn choice(view: &View, name: &str, legend: &str, new: &str, known: &[Candidate], chosen: Option<&str>) -> Markup {
    let l = view.frame.locale;
    let is_chosen = |value: &str| chosen == Some(value);
    html! {
        fieldset.field {
            legend { (legend) }
            div.options {
                @for candidate in known {
                    @let id = candidate.record.id.to_string();
                    label.option.boxed {
                        input type="radio" name=(name) value=(id) checked[is_chosen(&id)] required;
                        span { (l.say_with("convert-known", &[("name", candidate.record.title().into())])) }
                        small { (because(view, candidate)) }
                    }
                }
                label.option.boxed {
                    input type="radio" name=(name) value=(NEW) checked[is_chosen(NEW)] required;
                    span { (l.say_with("convert-new", &[("name", new.into())])) }
                }
            }
            @if chosen.is_none() { p.help { (l.say("convert-only-name")) } }
        }
    }
}

/// By what it is recognised, and what it is called further.
fn because(view: &View, candidate: &Candidate) -> String {
    let l = view.frame.locale;
    let subtitle = candidate.record.module.subtitle.as_deref().and_then(|name| candidate.record.text(name));
    let signs = candidate.signs.iter().map(|sign| l.say(&format!("same-{}", sign.code())));
    signs.chain(subtitle.map(str::to_owned)).collect::<Vec<_>>().join(" · ")
}

fn deal_rows(view: &View, deal: &Deal) -> Markup {
    let l = view.frame.locale;
    html! {
        fieldset.field {
            legend { (l.say("convert-deal")) }
            label.option {
                input type="checkbox" name=(WITH_DEAL) value="yes" checked[deal.is_wanted];
                (l.say("convert-with-deal"))
            }
        }
        @for input in &deal.inputs { (input.row(l)) }
    }
}
