//! The other messages of a conversation, on the page of one of them, as far as the reader sees them.

use app::queue::MESSAGES;
use maud::{Markup, html};
use model::Record;
use model::expr::Plan;
use store::{List, Result, Sort, Work};

use super::View;
use crate::pages::cells;
use crate::ui::{Lens, Words};

/// As many are shown, the newest first.
const SHOWN: usize = 20;

/// Read with the page of a message.
pub(super) fn read(work: &mut Work<'_>, lens: &mut Lens, record: &Record) -> Result<Vec<Record>> {
    let key = record.text("conversation").filter(|_| record.module.name == MESSAGES);
    let Some(key) = key else { return Ok(Vec::new()) };
    let filter = Plan::field(&record.module, "conversation").and_then(|field| field.eq(key.to_owned()));
    let Ok(filter) = filter else { return Ok(Vec::new()) };
    let sort = vec![Sort { field: "id".to_owned(), descending: true }];
    let list = List { filter: Some(filter), sort, limit: SHOWN, ..List::default() };
    let mut others = work.list(MESSAGES, &list)?.records;
    others.retain(|other| other.id != record.id);
    lens.learn(work, &others)?;
    Ok(others)
}

/// The others, each with who wrote it and when.
pub(super) fn conversation(view: &View) -> Markup {
    let l = view.frame.locale;
    html! {
        @if !view.conversation.is_empty() {
            section.group {
                h2 { (l.say("letter-conversation")) }
                ul.plain-links {
                    @for other in &view.conversation {
                        li {
                            a.link href=(format!("/{MESSAGES}/{}", other.id)) { (cells::title_text(&view.lens, other)) }
                            br;
                            small.dim {
                                (other.text("from_name").or_else(|| other.text("from")).unwrap_or("—")) " · "
                                (view.lens.time(other.get("sent_at").as_instant().unwrap_or(other.created_at)))
                            }
                        }
                    }
                }
            }
        }
    }
}
