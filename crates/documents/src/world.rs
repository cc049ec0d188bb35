//! What a template can reach while it is drawn: itself, its data, the fonts and the date given.

use std::sync::{Arc, LazyLock};

use jiff::civil::Date;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

use crate::qr::QR_CODE;

static TEMPLATE: LazyLock<FileId> = LazyLock::new(|| file_id("/template.typ"));
static DATA: LazyLock<FileId> = LazyLock::new(|| file_id("/data.json"));

#[expect(clippy::expect_used, reason = "both paths are constants without a step upwards")]
fn file_id(path: &str) -> FileId {
    RootedPath::new(VirtualRoot::Project, VirtualPath::new(path).expect("a valid path")).intern()
}

/// The part that all documents share: the language's functions and the fonts.
pub(crate) struct Workshop {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
}

impl Workshop {
    pub(crate) fn new(fonts: Vec<Font>) -> Self {
        let mut library = Library::default();
        library.global.scope_mut().define_func_with_data(&QR_CODE);
        Self { library: LazyHash::new(library), book: LazyHash::new(FontBook::from_fonts(&fonts)), fonts }
    }
}

/// The surroundings of one document.
pub(crate) struct DocumentWorld {
    workshop: Arc<Workshop>,
    template: Source,
    data: Bytes,
    today: Option<Datetime>,
}

impl DocumentWorld {
    pub(crate) fn new(workshop: Arc<Workshop>, template: &str, data: &serde_json::Value, today: Date) -> Self {
        let (month, day) = (today.month().unsigned_abs(), today.day().unsigned_abs());
        Self {
            workshop,
            template: Source::new(*TEMPLATE, template.to_owned()),
            data: Bytes::from_string(data.to_string()),
            today: Datetime::from_ymd(today.year().into(), month, day),
        }
    }

    pub(crate) fn template(&self) -> &Source {
        &self.template
    }
}

impl World for DocumentWorld {
    fn library(&self) -> &LazyHash<Library> {
        &self.workshop.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.workshop.book
    }

    fn main(&self) -> FileId {
        *TEMPLATE
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == *TEMPLATE { Ok(self.template.clone()) } else { Err(missing(id)) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == *DATA { Ok(self.data.clone()) } else { Err(missing(id)) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.workshop.fonts.get(index).cloned()
    }

    /// The day given by the caller, in whatever time zone it was meant.
    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        self.today
    }
}

fn missing(id: FileId) -> FileError {
    FileError::NotFound(id.vpath().get_with_slash().into())
}
