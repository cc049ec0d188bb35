//! What goes along with letters: documents that are drawn for them and stay as they were, files that people attached.

use std::collections::BTreeMap;

use app::timeline::Entry;
use app::{App, is_document_seen};
use axum::extract::{Path, State};
use axum::response::Response;
use channels::outbox;
use maud::{Markup, html};
use model::expr::Plan;
use model::module::FILES;
use model::rights::Scope;
use model::{Id, Locale, Record, Value};
use store::{List, Sort, Work};

use super::{files, id};
use crate::blocking::blocking;
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ticket_file;
use crate::ui::{Words, icon};

/// The module of letters.
const MESSAGES: &str = "messages";
/// Files of the letters of one page that are shown.
const FILES_SHOWN: usize = 100;

/// What goes along with each letter of a page.
#[derive(Default)]
pub(super) struct Enclosed(BTreeMap<Id, Vec<Enclosure>>);

/// One thing that goes along.
struct Enclosure {
    name: String,
    /// How long it is, in bytes; nothing while it has not been drawn or measured.
    size: Option<i64>,
    /// Which attachment of the letter it is, where its length is that of a file on the disk.
    drawn: Option<usize>,
    /// Where it is fetched.
    address: String,
}

impl Enclosure {
    fn measure(&mut self, app: &App, letter: Id) {
        let Some(index) = self.drawn else { return };
        let size = app.attachment_size(letter, index).unwrap_or_else(|error| {
            tracing::error!(%error, "the size of an attachment cannot be read");
            None
        });
        self.size = size.and_then(|size| i64::try_from(size).ok());
    }
}

/// Read with the record's page: for the letters of its story, and for the record where it is a letter itself.
pub(super) fn read(work: &mut Work<'_>, record: &Record, story: &[Entry]) -> store::Result<Enclosed> {
    let is_letter = |record: &Record| record.module.name == MESSAGES;
    let told = story.iter().filter_map(|entry| match entry {
        Entry::About(other) if is_letter(other) => Some(&**other),
        _ => None,
    });
    let told: Vec<&Record> = told.collect();
    let own = Some(record).filter(|record| is_letter(record));
    let mut enclosed = BTreeMap::new();
    for letter in told.iter().copied().chain(own) {
        enclosed.insert(letter.id, documents(work, letter)?);
    }
    // The files of the record itself stand in a group of their own.
    for file in attached(work, &told)? {
        if let Value::Record { id: letter, .. } = file.get("about")
            && let Some(those) = enclosed.get_mut(letter)
        {
            let (size, address) = (file.get("size").as_int(), format!("/files/{}/content?save", file.id));
            those.push(Enclosure { name: file.title(), size, drawn: None, address });
        }
    }
    Ok(Enclosed(enclosed))
}

/// The documents of a letter that the reader may see.
fn documents(work: &mut Work<'_>, letter: &Record) -> store::Result<Vec<Enclosure>> {
    let mut documents = Vec::new();
    for (index, attachment) in outbox::attachments(letter).into_iter().enumerate() {
        if !is_document_seen(work, &attachment)? {
            continue;
        }
        let address = format!("/{MESSAGES}/{}/attachments/{index}", letter.id);
        documents.push(Enclosure { name: attachment.name, size: None, drawn: Some(index), address });
    }
    Ok(documents)
}

/// The files that people attached to letters, of which the reader sees them.
fn attached(work: &mut Work<'_>, letters: &[&Record]) -> store::Result<Vec<Record>> {
    let Ok(module) = work.module(FILES) else { return Ok(Vec::new()) };
    let ids = letters.iter().map(|letter| letter.id);
    let filter = Plan::field(&module, "about").and_then(|about| about.one_of(ids));
    let (false, Ok(filter)) = (letters.is_empty() || work.grant(&module).read == Scope::None, filter) else {
        return Ok(Vec::new());
    };
    // Where there are more, the letters at the top keep theirs.
    let newest = vec![Sort { field: "id".to_owned(), descending: true }];
    let list = List { filter: Some(filter), sort: newest, limit: FILES_SHOWN, ..List::default() };
    let mut files = work.list(FILES, &list)?.records;
    files.reverse();
    Ok(files)
}

impl Enclosed {
    /// Asks the disk how long documents are, when the turn of the database is over.
    pub(super) async fn measured(mut self, app: &App) -> Result<Self, Problem> {
        if self.0.values().flatten().all(|enclosure| enclosure.drawn.is_none()) {
            return Ok(self);
        }
        let app = app.clone();
        blocking(move || {
            for (letter, those) in &mut self.0 {
                for enclosure in those {
                    enclosure.measure(&app, *letter);
                }
            }
            self
        })
        .await
    }

    /// What goes along with a letter, each a way to fetch it.
    pub(super) fn of(&self, letter: &Record, l: Locale) -> Markup {
        let those = self.0.get(&letter.id).map(Vec::as_slice).unwrap_or_default();
        html! {
            @if !those.is_empty() {
                ul.enclosed aria-label=(l.say("letter-enclosed")) {
                    @for Enclosure { name, size, address, .. } in those {
                        li {
                            a.link href=(address) download=(name) { (icon(assets::icon::PAPERCLIP)) (name) }
                            @if let Some(size) = size { " " small { (files::sized(l, *size)) } }
                        }
                    }
                }
            }
        }
    }
}

/// A document of a letter, for those who read the letter and what the document shows.
pub(crate) async fn document(
    State(web): State<Web>,
    visitor: Visitor,
    Path((message, index)): Path<(String, usize)>,
) -> Result<Response, Problem> {
    let id = id(MESSAGES, &message)?;
    let read = move |work: &mut Work<'_>| {
        let letter = work.get(MESSAGES, id)?;
        let Some(document) = outbox::attachments(&letter).into_iter().nth(index) else { return Ok(None) };
        Ok(is_document_seen(work, &document)?.then_some(document))
    };
    let attachment = web.app.workspace().read(visitor.actor(), read).await?;
    let attachment = attachment.ok_or_else(|| Problem::not_found("the letter has no such attachment"))?;
    Ok(ticket_file::answer(web.app.attachment(id, index, &attachment).await?))
}
