//! All letters of sites: whether each is read, who sends them, what they become.

use axum::extract::State;
use maud::{Markup, html};
use model::site_letter::{INTO, SiteLetter};
use model::{Definitions, Locale};
use store::Error;

use super::{CONTROLS, SITE_LETTERS};
use crate::pages::settings::{frame, inputs, tabs};
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::shell::{self, Page};
use crate::ui::told::Told;
use crate::ui::typed::Typed;
use crate::ui::{Words, icon};

pub(super) async fn page(State(web): State<Web>, visitor: Visitor) -> Result<Markup, Problem> {
    shown(&web, &visitor, None).await
}

pub(super) async fn shown(web: &Web, visitor: &Visitor, refused: Option<(&Typed, &Error)>) -> Result<Markup, Problem> {
    let frame = frame(web, visitor).await?;
    let definitions = web.app.workspace().knowledge().definitions;
    let (l, title) = (frame.locale, frame.locale.say("site-letters"));
    let typed = refused.map_or_else(Typed::default, |(typed, _)| typed.clone());
    let told = Told { l, error: refused.map(|(_, error)| error), controls: CONTROLS };
    let is_empty = definitions.site_letters().next().is_none();
    let content = html! {
        header.top { h1 { (title) } }
        (tabs(l, SITE_LETTERS))
        div.page {
            p.dim { (l.say("site-letters-text")) }
            (told.above(&definitions))
            @if is_empty {
                div.empty { (icon(assets::icon::MAIL)) h2 { (l.say("site-letters-empty")) } p { (l.say("site-letters-empty-help")) } }
            } @else {
                section {
                    div.scroll tabindex="0" role="region" aria-label=(title) {
                        table.plain.as-cards {
                            thead { tr { th { (l.say("site-letters-one")) } th { (l.say("settings-state")) } th { (l.say("site-letters-from")) } th { (l.say("site-letters-module")) } } }
                            tbody {
                                @for (letter, _) in definitions.site_letters() {
                                    tr {
                                        td { a.link href=(format!("{SITE_LETTERS}/{}", letter.name)) { (letter.label.or(l, &letter.name)) } }
                                        td data-label=(l.say("settings-state")) { (standing(letter, l)) }
                                        td data-label=(l.say("site-letters-from")) { (letter.from) }
                                        td data-label=(l.say("site-letters-module")) { (becomes(letter, &definitions, l)) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
            section {
                h2 { (l.say("site-letters-new")) }
                form.form method="post" action=(SITE_LETTERS) id="new-site-letter" {
                    (inputs::labels(told, &inputs::typed_label(&typed)))
                    (inputs::name(told, &typed))
                    (inputs::line(told, "from", &l.say("site-letters-from"), typed.text("from"), true))
                    div.field {
                        label for="module" { (l.say("site-letters-module")) }
                        select id="module" name="module" {
                            @for module in INTO.iter().filter_map(|name| definitions.module(name)) {
                                option value=(module.name) selected[typed.text("module") == module.name] { (module.label.get(l)) }
                            }
                        }
                    }
                    footer.actions { button.btn.main-action { (icon(assets::icon::PLUS)) (l.say("site-letters-make")) } }
                }
            }
        }
    };
    Ok(shell::page(&frame, &Page { title: &title, at: SITE_LETTERS, content }))
}

/// Whether they are read.
pub(super) fn standing(letter: &SiteLetter, l: Locale) -> Markup {
    html! { @if letter.active { span.tag.good { (l.say("site-letters-on")) } } @else { span.tag.cold { (l.say("form-draft")) } } }
}

/// What they become.
pub(super) fn becomes<'d>(letter: &'d SiteLetter, definitions: &'d Definitions, l: Locale) -> &'d str {
    definitions.module(&letter.module).map_or(letter.module.as_str(), |module| module.label.get(l))
}
