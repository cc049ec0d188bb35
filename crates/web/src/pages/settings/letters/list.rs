//! All letters: what sends each, and whose words they are.

use axum::extract::State;
use maud::{Markup, html};
use store::Error;

use super::{CONTROLS, LETTERS, one, sent_by};
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

/// The page, with what was typed of a new letter and why it was refused.
pub(super) async fn shown(web: &Web, visitor: &Visitor, refused: Option<(&Typed, &Error)>) -> Result<Markup, Problem> {
    let frame = frame(web, visitor).await?;
    let definitions = web.app.workspace().knowledge().definitions;
    let (l, title) = (frame.locale, frame.locale.say("letter-letters"));
    let typed = refused.map_or_else(Typed::default, |(typed, _)| typed.clone());
    let told = Told { l, error: refused.map(|(_, error)| error), controls: CONTROLS };
    let content = html! {
        header.top { h1 { (title) } }
        (tabs(l, LETTERS))
        div.page {
            p.dim { (l.say("letter-list-text")) }
            (told.above(&definitions))
            section {
                div.scroll tabindex="0" role="region" aria-label=(title) {
                    table.plain.as-cards {
                        thead { tr { th { (l.say("letter-letter")) } th { (l.say("letter-sent")) } th { (l.say("letter-words")) } } }
                        tbody {
                            @for (letter, pack) in definitions.letters() {
                                tr {
                                    td { a.link href=(format!("{LETTERS}/{}", letter.name)) { (letter.label.or(l, &letter.name)) } }
                                    td data-label=(l.say("letter-sent")) { (sent_by(&definitions, &letter.name, l)) }
                                    td data-label=(l.say("letter-words")) {
                                        @if pack == store::shape::OWN { span.tag.acc { (l.say("letter-own")) } } @else { (l.say("letter-of-pack")) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
            section {
                h2 { (l.say("letter-new")) }
                p.help { (l.say("letter-new-help")) }
                form.form method="post" action=(LETTERS) data-guard {
                    (inputs::labels(told, &inputs::typed_label(&typed)))
                    (inputs::name(told, &typed))
                    (one::templates(told, &typed))
                    footer.actions { button.btn.main-action { (icon(assets::icon::PLUS)) (l.say("letter-make")) } }
                }
            }
        }
    };
    Ok(shell::page(&frame, &Page { title: &title, at: LETTERS, content }))
}
