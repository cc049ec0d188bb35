//! Sample data: that it is there, what would go with it, and that it goes.

use axum::extract::State;
use axum::response::Redirect;
use maud::{Markup, html};
use model::Locale;
use model::rights::Capability;
use store::{Origin, Result, Work};

use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::addresses::{ORGANISATION, START};
use crate::ui::frame::Frame;
use crate::ui::shell::{self, Page};
use crate::ui::{Words, icon, note};

/// Whether there is sample data, and the visitor is one who may remove it.
pub(in crate::pages) fn offers_removal(work: &mut Work<'_>) -> Result<bool> {
    Ok(work.require(Capability::Administer).is_ok() && work.has_sample()?)
}

/// The line that says that it is there.
pub(in crate::pages) fn bar(l: Locale) -> Markup {
    html! {
        div.note.cold.sample-bar {
            (icon(assets::icon::SPARKLES))
            div { (l.say("sample-there")) }
            a.btn.small href="/settings/sample" { (l.say("sample-remove")) }
        }
    }
}

/// What goes and what stays.
pub(super) async fn ask(State(web): State<Web>, visitor: Visitor) -> std::result::Result<Markup, Problem> {
    let reader = visitor.clone();
    let read = move |work: &mut Work<'_>| Ok((app::sample::counts(work)?, Frame::read(work, &reader)?));
    let (counts, frame) = web.app.workspace().read(visitor.actor(), read).await?;
    let definitions = web.app.workspace().knowledge().definitions;
    let (l, title) = (frame.locale, frame.locale.say("sample-title"));
    let label =
        |name: &str| definitions.module(name).map_or_else(|| name.to_owned(), |module| module.label.get(l).to_owned());
    let content = html! {
        header.top { h1 { (title) } }
        div.page.narrow {
            @if counts.is_empty() { (note::good(&l.say("sample-none"))) }
            @else {
                section {
                    h2 { (l.say("sample-goes")) }
                    dl.fields.roomy { @for (module, count) in &counts { dt { (label(module)) } dd { (count) } } }
                }
                section {
                    h2 { (l.say("sample-rules")) }
                    ul.sample-rules {
                        li { (l.say("sample-rule-changed")) }
                        li { (l.say("sample-rule-linked")) }
                        li { (l.say("sample-rule-numbers")) }
                    }
                }
                form.form method="post" action="/settings/sample/remove" {
                    footer.actions {
                        button.btn.danger.main-action { (l.say("sample-remove-now")) }
                        a.btn.quiet href=(START) { (l.say("cancel")) }
                    }
                }
            }
        }
    };
    Ok(shell::page(&frame, &Page { title: &title, at: ORGANISATION, content }))
}

pub(super) async fn remove(State(web): State<Web>, visitor: Visitor) -> std::result::Result<Redirect, Problem> {
    let origin = Origin::because("interface", "sample data");
    web.app.workspace().write(visitor.author(), origin, app::sample::remove).await?;
    Ok(Redirect::to(&format!("{START}?removed=true")))
}
