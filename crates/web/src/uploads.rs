//! Files on their way in and out: taken in part by part, given out so that no browser ever runs what is in them.

use std::io;

use app::App;
use app::attachments::{AT_ONCE, Attached, AttachedError, Kind, LARGEST, Reception, Upload, may_attach};
use axum::body::Bytes;
use axum::extract::{FromRequest as _, Request};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use model::Id;
use store::Work;

use crate::parts::{Part, Parts};
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::typed::Typed;

/// What a shown file may do: be seen, in a frame of ours. A PDF is drawn by the browser's own viewer, which a sandbox would
/// turn away.
const SHOWN: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'";
const SANDBOX: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox";

/// Texts that may go along with files, and how long one may be, in bytes.
const WORDS: usize = 4;
const WORD: usize = 200;

/// What came in a form with files.
pub(crate) struct Parcel {
    pub(crate) files: Vec<Upload>,
    pub(crate) typed: Typed,
}

/// Whether the caller may attach files to the record: asked before any of their bytes is taken in.
///
/// # Errors
/// As reading the record; 403, 409.
pub(crate) async fn expected(web: &Web, actor: model::Actor, module: &str, id: Id) -> Result<(), Problem> {
    let module = module.to_owned();
    let judge = move |work: &mut Work<'_>| {
        let record = work.get(&module, id)?;
        may_attach(work, &record)
    };
    Ok(web.app.workspace().read(actor, judge).await?)
}

impl Parcel {
    /// What is in it, said in one text: the same for the same files and words.
    pub(crate) fn content(&self) -> String {
        let files = self.files.iter().map(|file| format!("{} {}", file.digest(), file.name()));
        let words = self.typed.pairs().iter().map(|(name, text)| format!("{name}={text}"));
        files.chain(words).collect::<Vec<_>>().join("\n")
    }
}

/// Takes in a form with files. What is taken in and then belongs to nothing does no harm: it has no name.
///
/// # Errors
/// 413 `too_large`, `too_many_files`; 400 where it is no such form.
pub(crate) async fn receive(web: &Web, request: Request) -> Result<Parcel, Problem> {
    let mut parts = Parts::from_request(request, web).await?;
    let mut parcel = Parcel { files: Vec::new(), typed: Typed::default() };
    while let Some(part) = parts.next().await? {
        let Some(name) = part.file_name().map(str::to_owned) else {
            if parcel.typed.pairs().len() == WORDS {
                return Err(too_large("too_large", format!("at most {WORDS} texts go along with files")));
            }
            let key = part.control().chars().take(WORD).collect::<String>();
            let text = short(part).await?;
            parcel.typed.set(&key, text);
            continue;
        };
        // A control in which no file was chosen comes with an empty name.
        if name.is_empty() {
            continue;
        }
        if parcel.files.len() == AT_ONCE {
            return Err(too_large("too_many_files", format!("at most {AT_ONCE} files are attached at once")));
        }
        parcel.files.push(one(&web.app, &name, part).await?);
    }
    Ok(parcel)
}

/// A text of a form with files: the name of a field or an id.
async fn short(mut part: Part<'_>) -> Result<String, Problem> {
    let mut bytes = Vec::new();
    while let Some(chunk) = part.chunk().await? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > WORD {
            return Err(too_large("too_large", format!("a text beside files has at most {WORD} bytes")));
        }
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

async fn one(app: &App, name: &str, mut part: Part<'_>) -> Result<Upload, Problem> {
    let (app, name) = (app.clone(), name.to_owned());
    let mut reception = on_disk(move || app.receive(&name)).await?;
    while let Some(chunk) = part.chunk().await? {
        reception = on_disk(move || taken(reception, &chunk)).await?;
    }
    on_disk(move || reception.keep()).await
}

fn taken(mut reception: Reception, chunk: &Bytes) -> io::Result<Reception> {
    reception.take(chunk).map(|()| reception)
}

async fn on_disk<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> Result<T, Problem> {
    let done = tokio::task::spawn_blocking(work).await.map_err(io::Error::other);
    done.and_then(|done| done).map_err(|error| refused(&error))
}

fn refused(error: &io::Error) -> Problem {
    if error.kind() == io::ErrorKind::FileTooLarge {
        return too_large("file_too_large", format!("a file has at most {} MB", LARGEST / 1024 / 1024));
    }
    tracing::error!(%error, "a file cannot be kept");
    Problem::new(StatusCode::INSUFFICIENT_STORAGE, "not_kept", "the file cannot be kept: the disk refuses")
}

fn too_large(code: &'static str, detail: String) -> Problem {
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, code, detail)
}

impl From<AttachedError> for Problem {
    fn from(error: AttachedError) -> Self {
        match error {
            AttachedError::Store(error) => error.into(),
            AttachedError::Io(error) => refused(&error),
        }
    }
}

/// A file as an answer: shown where browsers show such files safely and nobody asks to save it, else saved.
pub(crate) fn answer(file: Attached, asked: &HeaderMap, is_saved: bool) -> Response {
    let tag = format!("\"{}\"", file.digest);
    let known = asked.get(header::IF_NONE_MATCH).is_some_and(|value| value.as_bytes() == tag.as_bytes());
    let (shown, media) = match file.kind {
        Kind::Text => (true, "text/plain; charset=utf-8"),
        Kind::Other => (false, Kind::Other.media_type()),
        kind => (true, kind.media_type()),
    };
    let policy = if file.kind == Kind::Pdf { SHOWN } else { SANDBOX };
    let place = if shown && !is_saved { "inline" } else { "attachment" };
    let mut response =
        if known { StatusCode::NOT_MODIFIED.into_response() } else { Bytes::from(file.bytes).into_response() };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    // Kept by the browser alone, and asked for again each time: rights may have changed.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    for (name, value) in [(header::ETAG, tag), (header::CONTENT_DISPOSITION, disposition(place, &file.name))] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    }
    response
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
}
