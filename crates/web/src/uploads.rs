//! Files on their way in: taken in part by part, never whole in memory.

use std::collections::BTreeSet;
use std::io;

use app::App;
use app::attachments::{AT_ONCE, LARGEST, Reception, TOGETHER, Upload, may_attach};
use app::surveys::LARGEST_ANSWER;
use axum::body::Bytes;
use axum::extract::{FromRequest as _, Request};
use axum::http::StatusCode;
use model::Id;
use store::Work;

use crate::parts::{Part, Parts};
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::typed::Typed;

/// Texts that may go along with files, and how long one may be, in bytes.
const WORDS: usize = 4;
const WORD: usize = 200;

/// The same of a letter: its text, and files of the record that are ticked.
const LETTER_WORDS: usize = 40;
const LETTER_WORD: usize = 256 * 1024;

/// What the control of a file is called at the page of a survey, before the key of the question.
pub(crate) const FILE: &str = "file.";
/// Texts of all answers to a survey together, in bytes, and how many controls send them.
const ANSWERED_WORDS: usize = 64 * 1024;
const ANSWERED_CONTROLS: usize = 2_000;

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
        content(&self.files.iter().map(|file| ("", file)).collect::<Vec<_>>(), &self.typed)
    }
}

fn content(files: &[(&str, &Upload)], typed: &Typed) -> String {
    let files = files.iter().map(|(key, file)| format!("{key} {} {}", file.digest(), file.name()));
    let words = typed.pairs().iter().map(|(name, text)| format!("{name}={text}"));
    files.chain(words).collect::<Vec<_>>().join("\n")
}

/// Takes in a form with files. What is taken in and then belongs to nothing does no harm: it has no name.
///
/// # Errors
/// 413 `file_too_large`, `files_too_large`, `too_many_files`; 507 `disk_full`; 400 where it is no such form.
pub(crate) async fn receive(web: &Web, request: Request) -> Result<Parcel, Problem> {
    received(web, request, WORDS, WORD).await
}

/// Takes in a letter with what goes along.
///
/// # Errors
/// As [`receive`].
pub(crate) async fn letter(web: &Web, request: Request) -> Result<Parcel, Problem> {
    received(web, request, LETTER_WORDS, LETTER_WORD).await
}

async fn received(web: &Web, request: Request, most: usize, longest: usize) -> Result<Parcel, Problem> {
    let mut parts = Parts::from_request(request, web).await?;
    let mut parcel = Parcel { files: Vec::new(), typed: Typed::default() };
    while let Some(part) = parts.next().await.map_err(together)? {
        let Some(name) = part.file_name().map(str::to_owned) else {
            if parcel.typed.pairs().len() == most {
                return Err(too_large("too_large", format!("at most {most} texts go along with files")));
            }
            let key = part.control().chars().take(WORD).collect::<String>();
            let text = short(part, longest).await?;
            if text.contains('\0') {
                return Err(Problem::bad_request("invalid_form", "the form holds the character U+0000"));
            }
            parcel.typed.add(&key, text);
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

/// What came by the page of a survey.
pub(crate) struct Replied {
    /// Texts of the form.
    pub(crate) typed: Typed,
    /// Files by the question that they answer.
    pub(crate) files: Vec<(String, Upload)>,
    /// Questions whose file was too large.
    pub(crate) too_large: Vec<String>,
}

impl Replied {
    /// What is in it, said in one text: the same for the same files and words.
    pub(crate) fn content(&self) -> String {
        content(&self.files.iter().map(|(key, file)| (key.as_str(), file)).collect::<Vec<_>>(), &self.typed)
    }
}

/// Takes in the answers to a survey: a file for each of `questions` at most, sent by a control called `FILE` and the key.
///
/// # Errors
/// 413 where all of it is too large; as [`receive`].
pub(crate) async fn replied(web: &Web, request: Request, questions: &BTreeSet<String>) -> Result<Replied, Problem> {
    let mut parts = Parts::from_request(request, web).await?;
    let mut replied = Replied { typed: Typed::default(), files: Vec::new(), too_large: Vec::new() };
    let mut words = 0;
    while let Some(mut part) = parts.next().await? {
        let control = part.control().to_owned();
        if let Some(name) = part.file_name().map(str::to_owned) {
            // Sites that draw their own forms call the control as the question is called.
            let question = control.strip_prefix(FILE).unwrap_or(&control).to_owned();
            let is_known = questions.contains(&question) && replied.files.iter().all(|(key, _)| *key != question);
            if name.is_empty() || !is_known {
                continue;
            }
            match one_of(&web.app, &name, part, LARGEST_ANSWER).await? {
                Some(upload) => replied.files.push((question, upload)),
                None => replied.too_large.push(question),
            }
            continue;
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = part.chunk().await? {
            words += chunk.len();
            if words > ANSWERED_WORDS {
                return Err(too_large("too_large", format!("the answers have at most {ANSWERED_WORDS} bytes")));
            }
            bytes.extend_from_slice(&chunk);
        }
        // A page sends a few hundred controls at most.
        if replied.typed.pairs().len() == ANSWERED_CONTROLS {
            return Err(too_large("too_large", format!("a form has at most {ANSWERED_CONTROLS} controls")));
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if text.contains('\0') {
            return Err(Problem::bad_request("invalid_form", "the form holds the character U+0000"));
        }
        replied.typed.add(&control, text);
    }
    Ok(replied)
}

/// A file of at most so many bytes; nothing where it has more, all of it passed over.
async fn one_of(app: &App, name: &str, mut part: Part<'_>, most: u64) -> Result<Option<Upload>, Problem> {
    let (app, name) = (app.clone(), name.to_owned());
    let mut reception = Some(on_disk(move || app.receive(&name)).await?);
    let mut size = 0_u64;
    while let Some(chunk) = part.chunk().await? {
        size = size.saturating_add(u64::try_from(chunk.len()).unwrap_or(u64::MAX));
        reception = match reception.take().filter(|_| size <= most) {
            Some(reception) => Some(on_disk(move || taken(reception, &chunk)).await?),
            None => None,
        };
    }
    match reception {
        Some(reception) => on_disk(move || reception.keep()).await.map(Some),
        None => Ok(None),
    }
}

/// A text of a form with files: the name of a field or an id.
async fn short(mut part: Part<'_>, longest: usize) -> Result<String, Problem> {
    let mut bytes = Vec::new();
    while let Some(chunk) = part.chunk().await.map_err(together)? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > longest {
            return Err(too_large("too_large", format!("a text beside files has at most {longest} bytes")));
        }
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

async fn one(app: &App, name: &str, mut part: Part<'_>) -> Result<Upload, Problem> {
    let (app, name) = (app.clone(), name.to_owned());
    let mut reception = on_disk(move || app.receive(&name)).await?;
    while let Some(chunk) = part.chunk().await.map_err(together)? {
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
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            let how = "the disk is full and nothing was attached: make room, then send it again";
            Problem::new(StatusCode::INSUFFICIENT_STORAGE, "disk_full", how)
        }
        _ => Problem::new(StatusCode::SERVICE_UNAVAILABLE, "not_kept", "the disk refuses and nothing was attached"),
    }
}

fn too_large(code: &'static str, detail: String) -> Problem {
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, code, detail)
}

/// A form that is too large is one with too many bytes in its files: its texts are short.
fn together(problem: Problem) -> Problem {
    if problem.status == StatusCode::PAYLOAD_TOO_LARGE {
        let most = TOGETHER / 1024 / 1024;
        return too_large("files_too_large", format!("all files of a form have at most {most} MB together"));
    }
    problem
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_from_a_broken_one_and_from_a_large_file() {
        let said = |kind: io::ErrorKind| {
            let problem = refused(&kind.into());
            (problem.status.as_u16(), problem.code)
        };
        assert_eq!(said(io::ErrorKind::StorageFull), (507, "disk_full".to_owned()));
        assert_eq!(said(io::ErrorKind::QuotaExceeded), (507, "disk_full".to_owned()));
        assert_eq!(said(io::ErrorKind::PermissionDenied), (503, "not_kept".to_owned()));
        assert_eq!(said(io::ErrorKind::FileTooLarge), (413, "file_too_large".to_owned()));
    }
}
