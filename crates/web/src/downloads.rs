//! Files on their way out: read from the disk part by part, as fast as they are taken, and given out so that no browser
//! ever runs what is in them.

mod range;

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};

use app::App;
use app::attachments::{Attached, AttachedError, Kind};
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;

use crate::problem::Problem;
use range::Wanted;

/// What a shown file may do: be seen, in a frame of ours. A PDF is drawn by the browser's own viewer, which a sandbox would
/// turn away.
const SHOWN: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'";
const SANDBOX: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox";

/// How much of a file is in memory at once, in bytes.
const CHUNK: u64 = 64 * 1024;

impl From<AttachedError> for Problem {
    fn from(error: AttachedError) -> Self {
        match error {
            AttachedError::Store(error) => error.into(),
            AttachedError::Io(error) => {
                tracing::error!(%error, "a file cannot be read");
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "not_read", "the disk refuses: the file cannot be read now")
            }
        }
    }
}

/// A file as an answer: shown where browsers show such files safely and nobody asks to save it, else saved. What the reader
/// has already is not opened.
///
/// # Errors
/// 404 where its bytes are gone, 503 when the disk refuses.
pub(crate) async fn answer(app: &App, file: &Attached, asked: &HeaderMap, is_saved: bool) -> Result<Response, Problem> {
    let tag = format!("\"{}\"", file.digest);
    let mut response = if range::has(asked, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        content(app, file, asked, &tag).await?
    };
    if response.status() != StatusCode::RANGE_NOT_SATISFIABLE {
        dress(response.headers_mut(), file, &tag, is_saved);
    }
    Ok(response)
}

async fn content(app: &App, file: &Attached, asked: &HeaderMap, tag: &str) -> Result<Response, Problem> {
    let (mut opened, size) = app.open(file).await?;
    let (status, first, length) = match range::wanted(asked, tag, size) {
        Wanted::Whole => (StatusCode::OK, 0, size),
        Wanted::Part { first, last } => (StatusCode::PARTIAL_CONTENT, first, last - first + 1),
        Wanted::Nothing => return Ok(beyond(size)),
    };
    opened.seek(SeekFrom::Start(first)).map_err(AttachedError::Io)?;
    let mut response = (status, Body::from_stream(parts(opened, length))).into_response();
    let headers = response.headers_mut();
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(header::CONTENT_LENGTH, length.into());
    if status == StatusCode::PARTIAL_CONTENT {
        say(headers, header::CONTENT_RANGE, &format!("bytes {first}-{}/{size}", first + length - 1));
    }
    Ok(response)
}

/// Nothing of what was asked for is in the file.
fn beyond(size: u64) -> Response {
    let problem =
        Problem::new(StatusCode::RANGE_NOT_SATISFIABLE, "beyond_the_end", format!("the file has {size} bytes"));
    let mut response = problem.into_response();
    say(response.headers_mut(), header::CONTENT_RANGE, &format!("bytes */{size}"));
    response
}

/// The next so many bytes of a file. One that is shorter than it was breaks off: its reader is not told that this is all.
fn parts(file: File, length: u64) -> impl stream::Stream<Item = io::Result<Bytes>> {
    stream::try_unfold((file, length), |(file, left)| async move {
        if left == 0 {
            return Ok(None);
        }
        let read = tokio::task::spawn_blocking(move || part(file, left)).await.map_err(io::Error::other)?;
        let (file, bytes) = read?;
        let left = left - bytes.len() as u64;
        Ok(Some((bytes, (file, left))))
    })
}

fn part(mut file: File, left: u64) -> io::Result<(File, Bytes)> {
    let mut bytes = Vec::new();
    let wanted = left.min(CHUNK);
    file.by_ref().take(wanted).read_to_end(&mut bytes)?;
    if (bytes.len() as u64) < wanted { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok((file, bytes.into())) }
}

fn dress(headers: &mut HeaderMap, file: &Attached, tag: &str, is_saved: bool) {
    let (shown, media) = match file.kind {
        Kind::Text => (true, "text/plain; charset=utf-8"),
        Kind::Other => (false, Kind::Other.media_type()),
        kind => (true, kind.media_type()),
    };
    let policy = if file.kind == Kind::Pdf { SHOWN } else { SANDBOX };
    let place = if shown && !is_saved { "inline" } else { "attachment" };
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    // Kept by the browser alone, and asked for again each time: rights may have changed.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    say(headers, header::ETAG, tag);
    say(headers, header::CONTENT_DISPOSITION, &disposition(place, &file.name));
}

fn say(headers: &mut HeaderMap, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

/// RFC 6266: a name for old readers, and the true one in UTF-8.
fn disposition(place: &str, name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|letter| if letter.is_ascii_alphanumeric() || ".-_ ".contains(letter) { letter } else { '_' })
        .collect();
    let full: String = name
        .bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() || b".-_".contains(&byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect();
    format!("{place}; filename=\"{plain}\"; filename*=UTF-8''{full}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_any_script_go_into_a_header() {
        let header = disposition("attachment", "Счёт \"7\"\r\n.pdf");
        assert!(header.is_ascii() && !header.contains('\r'), "{header}");
        assert!(header.ends_with("filename*=UTF-8''%D0%A1%D1%87%D1%91%D1%82%20%227%22%0D%0A.pdf"), "{header}");
        assert_eq!(header.matches('"').count(), 2, "{header}");
    }

    #[tokio::test]
    async fn a_file_that_was_cut_breaks_off() {
        let mut file = tempfile::tempfile().unwrap();
        std::io::Write::write_all(&mut file, &[7; 100]).unwrap();
        file.rewind().unwrap();
        let whole = file.try_clone().unwrap();
        let bytes = axum::body::to_bytes(Body::from_stream(parts(whole, 100)), 1_000).await.unwrap();
        assert_eq!(bytes, [7; 100][..]);
        file.rewind().unwrap();
        axum::body::to_bytes(Body::from_stream(parts(file, 101)), 1_000).await.unwrap_err();
    }
}
