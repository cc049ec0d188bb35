//! What goes along with a letter that somebody wrote: files that are attached to its message, of the record or taken in anew.

use std::io::Read as _;

use channels::smtp::File;
use model::expr::Plan;
use model::module::FILES;
use model::{Actor, Id, Record, Value};
use store::{Error, FieldError, Result, Work};

use super::Subject;
use crate::App;
use crate::attachments::{AT_ONCE, TOGETHER, Upload, may_attach, on_disk};
use crate::queue::MESSAGES;

impl App {
    /// Files of the record that a letter is about, ready to go along. Whoever works sees each of them.
    pub(super) fn of_record(&self, work: &mut Work<'_>, subject: &Subject, chosen: &[Id]) -> Result<Vec<Upload>> {
        if chosen.len() > AT_ONCE {
            return Err(too_large());
        }
        let mut uploads = Vec::new();
        for id in chosen {
            let is_of = |file: &Record| match file.get("about") {
                Value::Record { id, .. } => {
                    *id == subject.record.id || subject.about.as_ref().is_some_and(|about| about.id == *id)
                }
                _ => false,
            };
            let no_file = || Error::Invalid(vec![FieldError::new("files", "not_found", "the record has no such file")]);
            match work.get(FILES, *id) {
                Ok(file) if file.deleted_at.is_none() => {}
                Ok(_) | Err(Error::NotFound { .. }) => return Err(no_file()),
                Err(error) => return Err(error),
            }
            let whole = work.as_process(|work| work.get(FILES, *id))?;
            let upload = Upload::again(&whole).filter(|_| is_of(&whole)).ok_or_else(no_file)?;
            uploads.push(upload);
        }
        Ok(uploads)
    }

    /// Attaches to a letter what goes along, beside what does already.
    pub(super) fn enclose_in(&self, work: &mut Work<'_>, letter: Id, uploads: &[Upload]) -> Result<()> {
        let message = work.as_process(|work| work.get(MESSAGES, letter))?;
        may_attach(work, &message)?;
        let there = attached(work, letter)?;
        let size_of = |file: &Record| file.get("size").as_int().and_then(|size| u64::try_from(size).ok()).unwrap_or(0);
        let sizes = uploads.iter().map(Upload::size).chain(there.iter().map(size_of));
        let size = sizes.fold(0, u64::saturating_add);
        if there.len().saturating_add(uploads.len()) > AT_ONCE || size > TOGETHER {
            return Err(too_large());
        }
        work.as_process(|work| self.attach(work, MESSAGES, letter, uploads, None)).map(drop)
    }

    /// The files of a letter with what is in them, as they go over the wire; why not, where they cannot be read.
    pub(crate) async fn files_of_letter(&self, letter: Id) -> std::result::Result<Vec<File>, String> {
        let read = move |work: &mut Work<'_>| attached(work, letter);
        let attached = self.workspace().read(Actor::System("jobs"), read).await.map_err(|error| error.to_string())?;
        let mut files = Vec::new();
        for record in attached {
            let name = record.title();
            let (store, digest) = (self.0.files.clone(), record.text("digest").unwrap_or_default().to_owned());
            let read = move || {
                let Some(mut file) = store.open(&digest)? else { return Ok(None) };
                let mut bytes = Vec::new();
                file.read_to_end(&mut bytes)?;
                Ok(Some(bytes))
            };
            let bytes = on_disk(read).await.map_err(|error| error.to_string())?;
            let bytes = bytes.ok_or_else(|| format!("what was in the file {name:?} is gone"))?;
            let content_type = record.text("content_type").unwrap_or("application/octet-stream").to_owned();
            files.push(File { name, content_type, bytes });
        }
        Ok(files)
    }
}

/// The files that are attached to a letter.
fn attached(work: &mut Work<'_>, letter: Id) -> Result<Vec<Record>> {
    let module = work.module(FILES)?;
    let filter = Plan::field(&module, "about").and_then(|about| about.eq(Value::Id(letter)));
    let filter = filter.map_err(|error| Error::bad_query("invalid_filter", error.to_string()))?;
    work.as_process(|work| work.find(FILES, filter))
}

fn too_large() -> Error {
    let message = format!("at most {AT_ONCE} files go along, {} MB together", TOGETHER / 1024 / 1024);
    Error::field("file", "files_too_large", message)
}
