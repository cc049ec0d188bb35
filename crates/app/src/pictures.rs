//! Pictures that every browser shows, told by their bytes and never by what they are called.

/// Beginnings of pictures, with their media types.
const BEGINNINGS: [(&[u8], &str); 4] = [
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
];
/// Its mark stands behind the length of the file.
const WEBP: &str = "image/webp";

/// The media type of a picture, by the bytes that it begins with.
pub(crate) fn of(head: &[u8]) -> Option<&'static str> {
    if let Some((_, media)) = BEGINNINGS.iter().find(|(begins, _)| head.starts_with(begins)) {
        return Some(media);
    }
    let is_webp = head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP");
    is_webp.then_some(WEBP)
}

/// Every media type that [`of`] answers.
pub(crate) fn media_types() -> impl Iterator<Item = &'static str> {
    BEGINNINGS.iter().map(|(_, media)| *media).chain([WEBP])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_told_by_its_bytes() {
        for (bytes, wanted) in [
            (&b"\x89PNG\r\n\x1a\nrest"[..], Some("image/png")),
            (b"\xff\xd8\xff\xe0", Some("image/jpeg")),
            (b"GIF89a", Some("image/gif")),
            (b"RIFF\x01\x02\x03\x04WEBPVP8 ", Some(WEBP)),
            (b"RIFF\x01\x02\x03\x04WAVE", None),
            (b"<svg></svg>", None),
            (b"RIFF", None),
            (b"", None),
        ] {
            assert_eq!(of(bytes), wanted);
            assert!(wanted.is_none_or(|media| media_types().any(|known| known == media)));
        }
    }
}
