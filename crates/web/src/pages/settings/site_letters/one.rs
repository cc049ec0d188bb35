//! One kind of letters of a site: how they are known, which lines are read, what would be made of one.

use app::site_letters::{Tried, WouldBe};
use axum::extract::{Path, State};
use maud::{Markup, html};
use model::site_letter::SiteLetter;
use model::{Definitions, Locale, Module, Value, l10n};
use store::Error;

use super::{CONTROLS, SITE_LETTERS, known, list, read};
use crate::pages::settings::{frame, inputs};
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::shell::{self, Page};
use crate::ui::site_letter::{called, place};
use crate::ui::told::Told;
use crate::ui::typed::Typed;
use crate::ui::{Words, icon, note};

/// What the page has to tell besides.
pub(super) enum News<'a> {
    Nothing,
    /// What was typed, and why it was refused.
    Refused(Option<&'a Typed>, &'a Error),
    /// What was tried, and what would come of it.
    Tried(&'a str, &'a Tried),
}

pub(super) async fn page(
    State(web): State<Web>,
    visitor: Visitor,
    Path(name): Path<String>,
) -> Result<Markup, Problem> {
    let definitions = web.app.workspace().knowledge().definitions;
    app::shape::may_shape(&visitor.actor(), &definitions)?;
    shown(&web, &visitor, known(&definitions, &name)?, News::Nothing).await
}

pub(super) async fn shown(
    web: &Web,
    visitor: &Visitor,
    letter: &SiteLetter,
    news: News<'_>,
) -> Result<Markup, Problem> {
    let frame = frame(web, visitor).await?;
    let definitions = web.app.workspace().knowledge().definitions;
    let (l, at) = (frame.locale, format!("{SITE_LETTERS}/{}", letter.name));
    let title = letter.label.or(l, &letter.name).to_owned();
    let is_own = definitions.site_letter_pack(&letter.name) == Some(store::shape::OWN);
    let (typed, error) = match news {
        News::Refused(typed, error) => (typed.cloned(), Some(error)),
        News::Nothing | News::Tried(..) => (None, None),
    };
    let typed = typed.unwrap_or_else(|| read::typed(letter));
    let told = Told { l, error, controls: CONTROLS };
    let is_saved = matches!(news, News::Nothing) && visitor.here.ends_with("saved=true");
    let content = html! {
        header.top {
            nav.crumbs aria-label=(l.say("crumbs")) { a href=(SITE_LETTERS) { (l.say("site-letters")) } }
            h1 { (title) }
            (list::standing(letter, l))
        }
        div.page {
            (told.above(&definitions))
            @if is_saved { (note::good(&l.say("saved"))) }
            p.dim { (list::becomes(letter, &definitions, l)) }
            (trial(&news, letter, &definitions, &at, l))
            section {
                h2 { (l.say("site-letters-set-up")) }
                form.form method="post" action=(at) id="site-letter" data-guard { (controls(told, &typed, letter, &definitions)) }
            }
            @if is_own {
                section {
                    h2 { (l.say("site-letters-delete")) }
                    p.help { (l.say("site-letters-delete-help")) }
                    form method="post" action=(format!("{at}/delete")) { button.btn.danger { (icon(assets::icon::TRASH_2)) (l.say("site-letters-delete")) } }
                }
            }
        }
    };
    Ok(shell::page(&frame, &Page { title: &title, at: SITE_LETTERS, content }))
}

fn controls(told: Told<'_>, typed: &Typed, letter: &SiteLetter, definitions: &Definitions) -> Markup {
    let l = told.l;
    let line = |name: &'static str, key: &str, help: &str| {
        inputs::optional(told, name, &l.say(key), Some(&l.say(help)), typed)
    };
    let is_order = letter.module == "orders";
    html! {
        (inputs::labels(told, &inputs::typed_label(typed)))
        (inputs::line(told, "from", &l.say("site-letters-from"), typed.text("from"), true))
        p.help { (l.say("site-letters-from-help")) }
        (line("subject", "site-letters-subject", "site-letters-subject-help"))
        (line("vouched_by", "site-letters-vouched", "site-letters-vouched-help"))
        @if is_order { (line("event", "site-letters-event", "site-letters-event-help")) }
        (reads(told, typed, letter, definitions))
        (area(told, "words", "site-letters-words", "site-letters-words-help", typed))
        @if !is_order { (area(told, "values", "form-values", "form-values-help", typed)) }
        (inputs::tick_with("active", &l.say("site-letters-active"), &l.say("site-letters-active-help"), typed.has("active")))
        footer.actions { button.btn.main-action { (l.say("save")) } a.btn.quiet href=(SITE_LETTERS) { (l.say("cancel")) } }
    }
}

/// A line of labels for each thing that a letter may say.
fn reads(told: Told<'_>, typed: &Typed, letter: &SiteLetter, definitions: &Definitions) -> Markup {
    let l = told.l;
    let Some(module) = definitions.module(&letter.module) else { return html! {} };
    let below = told.below("reads", "reads", None);
    html! {
        fieldset.field id="reads" tabindex="-1" aria-describedby=[below.described()] {
            legend { (l.say("site-letters-reads")) }
            p.help { (l.say("site-letters-reads-help")) }
            (below)
            @for to in read::things(&letter.module, definitions) {
                @let (name, label) = (read::control(&to), called(l, module, &to));
                div.field {
                    label for=(name) { (label) }
                    input id=(name) name=(name) value=(typed.text(&name)) maxlength="4000" spellcheck="false";
                }
            }
        }
    }
}

fn area(told: Told<'_>, name: &str, label: &str, help: &str, typed: &Typed) -> Markup {
    let help = told.l.say(help);
    let below = told.below(name, name, Some(&help));
    html! {
        div.field {
            label for=(name) { (told.l.say(label)) " " small { (told.l.say("optional")) } }
            textarea id=(name) name=(name) rows="3" spellcheck="false" autocapitalize="off"
                aria-invalid=[below.invalid()] aria-describedby=[below.described()] { (typed.text(name)) }
            (below)
        }
    }
}

/// A letter is pasted, and told what would come of it.
fn trial(news: &News<'_>, letter: &SiteLetter, definitions: &Definitions, at: &str, l: Locale) -> Markup {
    let (text, tried) = if let News::Tried(text, tried) = news { (*text, Some(*tried)) } else { ("", None) };
    let module = definitions.module(&letter.module);
    html! {
        section id="trial" {
            h2 { (l.say("site-letters-try")) }
            @if let (Some(tried), Some(module)) = (tried, module) { (outcome(tried, module, l)) }
            form.form method="post" action=(format!("{at}/try")) {
                div.field {
                    label for="text" { (l.say("site-letters-pasted")) }
                    textarea id="text" name="text" rows="8" required spellcheck="false" aria-describedby="text-help" { (text) }
                    p.help id="text-help" { (l.say("site-letters-pasted-help")) }
                }
                footer.actions { button.btn { (l.say("site-letters-try-do")) } }
            }
        }
    }
}

fn outcome(tried: &Tried, module: &Module, l: Locale) -> Markup {
    html! {
        @match &tried.made {
            Some(would) => { (note::good(&l.say("site-letters-would"))) (would_be(would, module, l)) }
            None => {
                (note::bad(&l.say("site-letters-refused")))
                ul { @for fault in &tried.faults { li { b { (place(l, module, &fault.field)) } ": " (l.error(fault)) } } }
            }
        }
        h3 { (l.say("site-letters-found")) }
        @if tried.found.is_empty() { p.dim { (l.say("site-letters-found-nothing")) } } @else {
            div.scroll tabindex="0" role="region" aria-label=(l.say("site-letters-found")) {
                table.plain.as-cards {
                    thead { tr { th { (l.say("site-letters-label")) } th { (l.say("site-letters-is")) } th { (l.say("site-letters-value")) } } }
                    tbody {
                        @for found in &tried.found {
                            tr {
                                td { (found.label) }
                                td data-label=(l.say("site-letters-is")) { (called(l, module, &found.to)) }
                                td data-label=(l.say("site-letters-value")) { (found.value) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn would_be(would: &WouldBe, module: &Module, l: Locale) -> Markup {
    let money = |money| l10n::money(l, money);
    html! {
        h3 { (module.one.get(l)) ": " (would.title) }
        dl.fields.roomy {
            @for (name, value) in &would.fields {
                @if let Some(field) = module.field(name) { dt { (field.called(l)) } dd { (worded(field, value, l)) } }
            }
            @if let Some(total) = would.total { dt { (l.say("site-letters-total")) } dd { (money(total)) } }
        }
        @if !would.tickets.is_empty() {
            div.scroll tabindex="0" role="region" aria-label=(l.say("site-letters-tickets")) {
                table.plain.as-cards {
                    thead { tr { th { (l.say("site-letters-to-type")) } th { (l.say("site-letters-to-attendee")) } th.num { (l.say("site-letters-price")) } } }
                    tbody {
                        @for ticket in &would.tickets {
                            tr {
                                td { (ticket.ticket_type) }
                                td data-label=(l.say("site-letters-to-attendee")) { (ticket.attendee.as_deref().unwrap_or("—")) }
                                td.num data-label=(l.say("site-letters-price")) { @if let Some(price) = ticket.price { (money(price)) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn worded(field: &model::Field, value: &Value, l: Locale) -> String {
    let option =
        |text: &str| field.option(text).map_or_else(|| text.to_owned(), |option| option.label.get(l).to_owned());
    match value {
        Value::Text(text) => option(text),
        Value::List(texts) => texts.iter().map(|text| option(text)).collect::<Vec<_>>().join(", "),
        other => other.to_json().to_string(),
    }
}
