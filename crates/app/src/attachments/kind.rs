//! What a file is, by what is in it. What is said of it by its name or its sender is believed of nothing that a browser
//! would show by itself.

use crate::pictures;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A picture that every browser shows.
    Picture(&'static str),
    /// A PDF.
    Pdf,
    /// Text without any form.
    Text,
    /// Anything else: it is saved, never shown.
    Other,
}

/// Endings of names of plain text.
const TEXTS: [&str; 5] = [".txt", ".md", ".csv", ".log", ".tsv"];

impl Kind {
    /// By the name and the beginning of a file.
    pub(super) fn of(name: &str, head: &[u8]) -> Self {
        if let Some(media) = pictures::of(head) {
            return Self::Picture(media);
        }
        if head.starts_with(b"%PDF-") {
            return Self::Pdf;
        }
        let name = name.to_lowercase();
        let is_text = TEXTS.iter().any(|end| name.ends_with(end)) && !head.contains(&0);
        if is_text { Self::Text } else { Self::Other }
    }

    /// By the media type that [`Kind::media_type`] said.
    #[must_use]
    pub fn read(media_type: &str) -> Self {
        let mut known = pictures::media_types().map(Self::Picture).chain([Self::Pdf, Self::Text]);
        known.find(|kind| kind.media_type() == media_type).unwrap_or(Self::Other)
    }

    /// Its media type (RFC 6838).
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Picture(media) => media,
            Self::Pdf => "application/pdf",
            Self::Text => "text/plain",
            Self::Other => "application/octet-stream",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_a_file_says_what_it_is() {
        assert_eq!(Kind::of("x.png", b"<script>"), Kind::Other);
        assert_eq!(Kind::of("x.svg", b"<svg onload=1>"), Kind::Other);
        assert_eq!(Kind::of("x.html", b"\x89PNG\r\n\x1a\n"), Kind::Picture("image/png"));
        assert_eq!(Kind::of("x", b"RIFF\0\0\0\0WEBPVP8 "), Kind::Picture("image/webp"));
        assert_eq!(Kind::of("СПИСОК.CSV", "имя;почта".as_bytes()), Kind::Text);
        assert_eq!(Kind::of("x.txt", b"\0\0"), Kind::Other);
        for kind in [Kind::Picture("image/gif"), Kind::Picture("image/webp"), Kind::Pdf, Kind::Text, Kind::Other] {
            assert_eq!(Kind::read(kind.media_type()), kind);
        }
        assert_eq!(Kind::read("text/html"), Kind::Other);
    }
}
