//! What may be named in an expression over the records of a module: fetched by the script once it is wanted, and a page
//! of its own without it.

use axum::extract::{Path, State};
use maud::{Markup, html};
use model::rights::Scope;
use store::{Error, Work};

use super::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::Words;
use crate::ui::expression::Names;
use crate::ui::frame::Frame;
use crate::ui::shell::{self, Page};

/// Where the names stand that the filter of a list may say.
pub(super) fn address(module: &str) -> String {
    format!("/{module}/names")
}

/// Those that the visitor may see.
pub(super) async fn names(
    State(web): State<Web>,
    visitor: Visitor,
    Path(module): Path<String>,
) -> Result<Markup, Problem> {
    let actor = visitor.actor();
    let read = move |work: &mut Work<'_>| {
        let module = work.module(&module)?;
        if work.grant(&module).read == Scope::None {
            return Err(Error::NoModule(module.name.clone()));
        }
        let (l, definitions) = (visitor.locale, work.definitions());
        let list = Names::seen_by(l, definitions, &module, work.actor()).list();
        if visitor.partial {
            return Ok(list);
        }
        let label = module.label.get(l).to_owned();
        let frame = Frame::read(work, &visitor)?;
        Ok(page(&frame, (&label, &format!("/{}", module.name)), &list))
    };
    Ok(web.app.workspace().read(actor, read).await?)
}

/// The names as a page, with the way back to where they are of.
pub(super) fn page(frame: &Frame, (of, at): (&str, &str), list: &Markup) -> Markup {
    let (l, title) = (frame.locale, frame.locale.say("names-summary"));
    let content = html! {
        header.top {
            nav.crumbs aria-label=(l.say("crumbs")) { a href=(at) { (of) } }
            h1 { (title) }
        }
        div.page.narrow { (list) }
    };
    shell::page(frame, &Page { title: &title, at, content })
}
