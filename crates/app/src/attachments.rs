//! Files that people attach to records. Their bytes are kept beside the database under their digest, written before the
//! record that speaks of them; the record is one like others, so that rights, history and the bin hold for it too.

mod kind;
mod sweep;

use std::fs::File;
use std::io;

use model::field::FieldType;
use model::module::FILES;
use model::{Id, Module, Record, Value};
use store::{Draft, Error, FieldError, Incoming, Result, Work, seen_whole};

use crate::App;

pub use kind::Kind;
pub use sweep::Swept;
pub(crate) use sweep::turn_of;

/// The largest file that may be attached, in bytes.
pub const LARGEST: u64 = 25 * 1024 * 1024;
/// What may be attached at once, in bytes.
pub const TOGETHER: u64 = 128 * 1024 * 1024;
/// Files that may be attached at once.
pub const AT_ONCE: usize = 20;
/// The longest name of a file, in characters.
const NAME: usize = 200;
/// How much of a file is looked at to learn what it is.
const HEAD: usize = 4 * 1024;

/// A file that was taken in and belongs to no record yet.
#[derive(Clone, Debug)]
pub struct Upload {
    name: String,
    kind: Kind,
    size: u64,
    digest: String,
}

impl Upload {
    /// What it is called.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its digest: the same for the same content.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// How large it is, in bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }
}

impl Upload {
    /// The same bytes once more, of a file that is attached already.
    pub(crate) fn again(file: &Record) -> Option<Self> {
        let size = file.get("size").as_int().and_then(|size| u64::try_from(size).ok())?;
        let kind = Kind::read(file.text("content_type").unwrap_or_default());
        Some(Self { name: file.text("name")?.to_owned(), kind, size, digest: file.text("digest")?.to_owned() })
    }
}

/// A file that is being taken in.
#[derive(Debug)]
pub struct Reception {
    name: String,
    head: Vec<u8>,
    size: u64,
    incoming: Incoming,
}

impl Reception {
    /// Takes in more of it.
    ///
    /// # Errors
    /// When it grows too large ([`io::ErrorKind::FileTooLarge`]) or the disk refuses.
    pub fn take(&mut self, bytes: &[u8]) -> io::Result<()> {
        let missing = HEAD.saturating_sub(self.head.len());
        self.head.extend(bytes.iter().take(missing));
        self.size = self.incoming.take(bytes)?;
        if self.size > LARGEST { Err(io::ErrorKind::FileTooLarge.into()) } else { Ok(()) }
    }

    /// Keeps it.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn keep(self) -> io::Result<Upload> {
        let kind = Kind::of(&self.name, &self.head);
        Ok(Upload { name: self.name, kind, size: self.size, digest: self.incoming.keep()? })
    }
}

/// An attached file that its reader may have.
#[derive(Clone, Debug)]
pub struct Attached {
    /// The record of it.
    pub id: Id,
    /// What it is called.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// Its digest: other content has another one.
    pub digest: String,
}

impl App {
    /// Begins to take in a file of that name.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn receive(&self, name: &str) -> io::Result<Reception> {
        let incoming = self.0.files.receive()?;
        Ok(Reception { name: cleaned(name), head: Vec::new(), size: 0, incoming })
    }

    /// Attaches what was taken in to a record that the caller sees; with `field` the first of it becomes the value of that
    /// field.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Invalid`] where the field takes no file, `file_empty` where there
    /// is nothing in one (a document of which nothing came is none); [`Error::Conflict`] `attach_again` where they were removed meanwhile with somebody who was erased.
    pub fn attach(
        &self,
        work: &mut Work<'_>,
        module: &str,
        id: Id,
        uploads: &[Upload],
        field: Option<&str>,
    ) -> Result<Vec<Record>> {
        let record = work.get(module, id)?;
        may_attach(work, &record)?;
        if let Some(empty) = uploads.iter().find(|upload| upload.size == 0) {
            return Err(Error::Invalid(vec![is_empty("file", &empty.name)]));
        }
        let digests: Vec<&str> = uploads.iter().map(Upload::digest).collect();
        if !self.keeps(work, &digests)? {
            return Err(Error::conflict(
                "attach_again",
                "the same file was removed meanwhile with somebody who was erased: attach it again",
            ));
        }
        let files = work.module(FILES)?;
        let attached = uploads.iter().map(|upload| {
            let about = Value::Record { module: record.module.name.clone(), id };
            let draft = Draft::new().set("name", upload.name.as_str()).set("about", about);
            let draft = draft.set("content_type", upload.kind.media_type()).set("digest", upload.digest.as_str());
            let draft = draft.set("size", i64::try_from(upload.size).unwrap_or(i64::MAX));
            work.as_process(|work| work.create(&files.name, draft))
        });
        let attached: Vec<Record> = attached.collect::<Result<_>>()?;
        work.expect_not_erased_meanwhile(&record)?;
        if let (Some(field), Some(first)) = (field, attached.first()) {
            holds_file(&record.module, field)?;
            work.update(module, id, Draft::new().set(field, first.id), None)?;
        }
        Ok(attached)
    }

    /// An attached file that the caller sees; with `about` only where it is attached to that record.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn attached(&self, actor: model::Actor, file: Id, about: Option<(String, Id)>) -> Result<Attached> {
        let read = move |work: &mut Work<'_>| {
            let seen = work.get(FILES, file)?;
            // What is in it does not depend on which of its fields its reader sees.
            let whole = work.as_process(|work| work.get(FILES, file))?;
            let is_there = match (&about, whole.get("about")) {
                (None, _) => true,
                (Some(wanted), Value::Record { module, id }) => *wanted == (module.clone(), *id),
                (Some(_), _) => false,
            };
            // What was taken away is handed out again once it is back.
            let is_there = is_there && whole.deleted_at.is_none();
            let digest = whole.text("digest").filter(|_| is_there).ok_or_else(|| Error::not_found(FILES, file))?;
            let kind = Kind::read(whole.text("content_type").unwrap_or_default());
            Ok(Attached { id: file, name: seen.title(), kind, digest: digest.to_owned() })
        };
        self.workspace().read(actor, read).await
    }

    /// What is in an attached file, ready to be read, and how many bytes that are.
    ///
    /// # Errors
    /// [`Error::NotFound`] where its bytes are gone; [`AttachedError::Io`] when the disk refuses.
    pub async fn open(&self, attached: &Attached) -> std::result::Result<(File, u64), AttachedError> {
        let (files, digest) = (self.0.files.clone(), attached.digest.clone());
        let open = move || match files.open(&digest)? {
            Some(file) => file.metadata().map(|about| Some((file, about.len()))),
            None => Ok(None),
        };
        let opened = on_disk(open).await?;
        opened.ok_or_else(|| Error::not_found(FILES, attached.id).into())
    }
}

/// A file in which there is nothing.
pub(crate) fn is_empty(field: &str, name: &str) -> FieldError {
    FieldError::new(field, "file_empty", format!("there is nothing in {name:?}: it has no bytes"))
}

/// Does what may wait for the disk.
pub(crate) async fn on_disk<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(io::Error::other)?
}

/// Why an attached file cannot be sent.
#[derive(Debug, thiserror::Error)]
pub enum AttachedError {
    /// It may not be seen, or is not there.
    #[error(transparent)]
    Store(#[from] Error),
    /// The disk refuses.
    #[error("the disk refuses: {0}")]
    Io(#[from] io::Error),
}

/// Whether the caller may attach files to a record that they see.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::Conflict`] where the record takes none.
pub fn may_attach(work: &mut Work<'_>, record: &Record) -> Result<()> {
    let files = work.module(FILES)?;
    if !work.grant(&files).create {
        return Err(Error::forbidden("create_forbidden", "your roles attach no files"));
    }
    // Who attached a file would not see it, where the others are hidden.
    seen_whole(record)?;
    if record.deleted_at.is_some() || record.module.name == FILES {
        return Err(Error::conflict("takes_no_files", "nothing is attached to files, nor to what is in the bin"));
    }
    work.expect_not_erased(record)
}

fn holds_file(module: &Module, field: &str) -> Result<()> {
    match module.field(field) {
        Some(found) if found.kind == FieldType::File => Ok(()),
        _ => Err(Error::Invalid(vec![FieldError::new(field, "unknown_field", "this is no field of a file")])),
    }
}

/// The last part of a name, without what no name should have.
fn cleaned(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    // Marks of direction could show an ending that is none.
    let turns =
        |letter: char| matches!(letter, '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let clean: String = last.chars().filter(|letter| !letter.is_control() && !turns(*letter)).take(NAME).collect();
    match clean.trim().trim_start_matches('.') {
        "" => "file".to_owned(),
        name => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_nowhere() {
        assert_eq!(cleaned("../../etc/passwd"), "passwd");
        assert_eq!(cleaned("C:\\Договоры\\Счёт № 7.pdf"), "Счёт № 7.pdf");
        assert_eq!(cleaned("\u{0}\n.."), "file");
        assert_eq!(cleaned("invoice\u{202e}fdp.exe"), "invoicefdp.exe");
        assert_eq!(cleaned(&"ё".repeat(300)).chars().count(), NAME);
    }
}
