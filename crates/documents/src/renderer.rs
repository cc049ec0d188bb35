//! Drawing: template + data + fonts → the bytes of a PDF.

use std::sync::Arc;

use jiff::civil::Date;
use typst::diag::SourceResult;
use typst::foundations::{Bytes, Smart};
use typst::text::Font;
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;

use crate::error::DocumentError;
use crate::world::{DocumentWorld, Workshop};

/// Documents for which typst's memory of past work is kept: enough to draw a batch of tickets from the
/// warm, small enough that memory stays flat.
const REMEMBERED_DOCUMENTS: usize = 3;

/// Draws documents. Built once with the fonts; clones share them.
#[derive(Clone)]
pub struct Renderer {
    workshop: Arc<Workshop>,
}

impl Renderer {
    /// A renderer with these fonts (TrueType, OpenType or collections of them). The first family that the
    /// template names is used, the others step in for letters it does not have.
    ///
    /// # Errors
    /// [`DocumentError::NoFonts`] when none of the files is a font.
    pub fn new(fonts: impl IntoIterator<Item = &'static [u8]>) -> Result<Self, DocumentError> {
        let fonts: Vec<Font> = fonts.into_iter().flat_map(|file| Font::iter(Bytes::new(file))).collect();
        if fonts.is_empty() {
            return Err(DocumentError::NoFonts);
        }
        Ok(Self { workshop: Arc::new(Workshop::new(fonts)) })
    }

    /// The PDF that `template` makes of `data` (`/data.json` for it); `today` is its `datetime.today()`.
    /// The same arguments give the same bytes: no clock, no random identifier.
    ///
    /// Takes tens of milliseconds of processor time: not for an async thread, nor the writer's turn.
    ///
    /// # Errors
    /// [`DocumentError::Template`] with every fault found and its line.
    pub fn pdf(&self, template: &str, data: &serde_json::Value, today: Date) -> Result<Vec<u8>, DocumentError> {
        let world = DocumentWorld::new(Arc::clone(&self.workshop), template, data, today);
        let drawn = draw(&world);
        // Past work is remembered for the whole process, and failed work too.
        comemo::evict(REMEMBERED_DOCUMENTS);
        drawn.map_err(|found| DocumentError::from_diagnostics(&world, &found))
    }
}

fn draw(world: &DocumentWorld) -> SourceResult<Vec<u8>> {
    let document = typst::compile::<PagedDocument>(world).output?;
    let options = PdfOptions { creator: Smart::Custom(Some("Plenary".to_owned())), ..PdfOptions::default() };
    typst_pdf::pdf(&document, &options)
}
