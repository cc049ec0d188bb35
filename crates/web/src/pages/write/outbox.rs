//! The outbox: letters, SMS and words in chats that have not gone yet, and those that could not.

use app::App;
use app::queue::MESSAGES;
use axum::extract::State;
use maud::{Markup, html};
use model::rights::Scope;
use model::{Record, Value};
use store::{Error, List, Sort, Work};

use super::{OUTBOX, unsent};
use crate::pages::cells;
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::frame::Frame;
use crate::ui::shell::{self, Page};
use crate::ui::{Lens, Words, tag};

/// What stands in it.
const WAITING: &str = r#"direction == "out" && channel in ["email", "sms", "chat"] && status in ["draft", "queued", "sending", "failed"]"#;
/// Letters of one page.
const SHOWN: usize = 100;

struct View {
    frame: Frame,
    lens: Lens,
    letters: Vec<Record>,
    /// Which of them are the reader's own and have not gone.
    own: Vec<bool>,
    has_more: bool,
}

/// The page.
pub(crate) async fn page(State(web): State<Web>, visitor: Visitor) -> Result<Markup, Problem> {
    let actor = visitor.actor();
    let read = move |work: &mut Work<'_>| {
        let module = work.module(MESSAGES)?;
        if work.grant(&module).read == Scope::None {
            return Err(Error::forbidden("read_forbidden", format!("your roles may not read {MESSAGES}")));
        }
        let filter = work.filter(MESSAGES, WAITING)?;
        let sort = vec![Sort { field: "id".to_owned(), descending: true }];
        let page = work.list(MESSAGES, &List { filter: Some(filter), sort, limit: SHOWN, ..List::default() })?;
        let mut lens = Lens::of(work, visitor.locale);
        lens.learn(work, &page.records)?;
        let own = page.records.iter().map(|letter| App::is_own_unsent(work, letter)).collect();
        let frame = Frame::read(work, &visitor)?;
        Ok(View { frame, lens, has_more: page.next.is_some(), letters: page.records, own })
    };
    Ok(shown(&web.app.workspace().read(actor, read).await?))
}

fn shown(view: &View) -> Markup {
    let l = view.frame.locale;
    let title = l.say("outbox");
    let content = html! {
        header.top { h1 { (title) } }
        div.page.narrow {
            p.help { (l.say("outbox-text")) }
            @if view.letters.is_empty() { p.faint { (l.say("outbox-empty")) } }
            @for (letter, is_own) in view.letters.iter().zip(&view.own) { (one(view, letter, *is_own)) }
            @if view.has_more { p { a.link href=(format!("/{MESSAGES}")) { (l.say("all")) } } }
        }
    };
    shell::page(&view.frame, &Page { title: &title, at: OUTBOX, content })
}

fn one(view: &View, letter: &Record, is_own: bool) -> Markup {
    let l = view.frame.locale;
    let status = letter.module.field("status").and_then(|field| field.option(letter.text("status")?));
    let about = match letter.get("about") {
        Value::Record { module, id } => Some((format!("/{module}/{id}"), view.lens.title(module, *id))),
        _ => None,
    };
    html! {
        section.unsent {
            h2 { a.link href=(format!("/{MESSAGES}/{}", letter.id)) { (cells::title_text(&view.lens, letter)) } @if let Some(status) = status { " " (tag::choice(status, l)) } }
            p.dim {
                (letter.text("to").unwrap_or("—"))
                @if let Some((at, Some(title))) = &about { " · " a.link href=(at) { (title) } }
                " · " (view.lens.time(letter.created_at))
            }
            @if let Some(error) = letter.text("error") { p.error { (error) } }
            @if is_own { (unsent(l, letter, OUTBOX)) }
        }
    }
}
