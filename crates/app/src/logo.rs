//! The logo of the organisation: a picture among the files, named by the digest of its bytes.

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use store::{Error, Result};

use crate::{App, pictures};

/// The most bytes of a logo.
const LOGO_BYTES: usize = 512 * 1024;
/// The folder of logos among the files.
const FOLDER: &str = "brand";

const SVG: &str = "image/svg+xml";
/// Kinds of pictures: the end of the file's name and its media type.
const KINDS: [(&str, &str); 4] = [("png", "image/png"), ("jpg", "image/jpeg"), ("webp", "image/webp"), ("svg", SVG)];
/// Media types of what may be a logo.
pub const LOGO_TYPES: [&str; 4] = [KINDS[0].1, KINDS[1].1, KINDS[2].1, KINDS[3].1];

impl App {
    /// Keeps a picture; answers its name. What it is is found out by its bytes, never by what it is called.
    ///
    /// # Errors
    /// [`Error::Invalid`] for what is too large or no picture; [`Error::Conflict`] when the disk refuses.
    pub fn keep_logo(&self, bytes: &[u8]) -> Result<String> {
        if bytes.len() > LOGO_BYTES {
            return Err(Error::field("logo", "logo_too_large", "a logo has at most 512 KB"));
        }
        let kind = kind(bytes)
            .ok_or_else(|| Error::field("logo", "not_a_picture", "a logo is a picture: PNG, JPEG, WebP or SVG"))?;
        let name = format!("{}.{kind}", HEXLOWER.encode(&Sha256::digest(bytes)));
        self.0.files.put(&format!("{FOLDER}/{name}"), bytes).map_err(|error| {
            tracing::error!(%error, "a logo could not be kept");
            Error::conflict("not_kept", "the file could not be kept: the disk refuses")
        })?;
        Ok(name)
    }

    /// The logo in use, if it is called so, with its content type.
    #[must_use]
    pub fn logo(&self, name: &str) -> Option<(Vec<u8>, &'static str)> {
        if self.workspace().knowledge().settings.logo.as_deref() != Some(name) {
            return None;
        }
        let (_, end) = name.rsplit_once('.')?;
        let (_, content_type) = KINDS.into_iter().find(|(kind, _)| *kind == end)?;
        let bytes = self.0.files.get(&format!("{FOLDER}/{name}")).inspect_err(|error| {
            tracing::error!(%error, "the logo cannot be read");
        });
        Some((bytes.ok()??, content_type))
    }
}

/// Which kind of picture the bytes are.
fn kind(bytes: &[u8]) -> Option<&'static str> {
    let media = pictures::of(bytes).or_else(|| is_svg(bytes).then_some(SVG))?;
    KINDS.into_iter().find(|(_, known)| *known == media).map(|(end, _)| end)
}

/// Whether the text begins as an SVG does: a declaration and comments may stand before its root.
fn is_svg(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let mut rest = text.trim_start_matches('\u{feff}').trim_start();
    loop {
        let end = match rest {
            _ if rest.starts_with("<?") => "?>",
            _ if rest.starts_with("<!--") => "-->",
            _ if rest.starts_with("<!DOCTYPE svg") => ">",
            _ => return rest.starts_with("<svg") && rest.contains("</svg>"),
        };
        let Some((_, after)) = rest.split_once(end) else { return false };
        rest = after.trim_start();
    }
}

#[cfg(test)]
mod tests {
    use super::kind;

    #[test]
    fn a_logo_is_told_by_its_bytes() {
        let svg = "<?xml version=\"1.0\"?>\n<!-- made by hand -->\n<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>";
        for (bytes, wanted) in [
            (&b"\x89PNG\r\n\x1a\nrest"[..], Some("png")),
            (b"\xff\xd8\xff\xe0", Some("jpg")),
            (b"RIFF\x01\x02\x03\x04WEBPVP8 ", Some("webp")),
            (svg.as_bytes(), Some("svg")),
            (b"<html><svg></svg></html>", None),
            (b"<!-- <svg></svg>", None),
            (b"GIF89a", None),
            (b"", None),
        ] {
            assert_eq!(kind(bytes), wanted);
        }
    }
}
