//! Bodies: how large one may be, how much JSON may be in it, and how long it may take to come. Whoever has shown no token
//! gets the least, because a tree of JSON takes a hundred times the memory of its text.

use std::io;
use std::time::Duration;

use axum::body::{Body, HttpBody as _};
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::{Method, StatusCode};
use futures_util::{StreamExt as _, stream};
use tokio::time::{Instant, timeout_at};

use crate::problem::Problem;

/// The longest body that anybody may send to the public doors, in bytes.
const PUBLIC_BYTES: usize = 64 * 1024;
/// The longest other body, in bytes: a long text of a million letters in Cyrillic goes in.
const BYTES: usize = 2 * 1024 * 1024;
/// The longest form with files, in bytes: several at once, each bounded by itself, and what stands between them.
const FILES_BYTES: usize = app::attachments::TOGETHER as usize + 64 * 1024;
/// The same at the public page of a survey or form that asks for files: whether it does is known before any of it is read.
const ANSWERS_BYTES: usize = app::surveys::ANSWERS_TOGETHER as usize + PUBLIC_BYTES;
/// The most values (objects, lists, and what stands in them) in a body at the public doors …
const PUBLIC_VALUES: usize = 2_000;
/// … in a record …
const VALUES: usize = 10_000;
/// … and in a batch of a thousand.
const BATCH_VALUES: usize = 40_000;
/// How deep lists and objects may stand in each other.
const DEPTH: usize = 64;
/// How long a whole body may take to come.
const PATIENCE: Duration = Duration::from_secs(30);
/// The same for files, which come over slow lines too.
const FILES_PATIENCE: Duration = Duration::from_mins(15);

/// Gives every body its largest size and its time.
pub(crate) fn bounded(mut request: Request) -> Request {
    let (limit, patience) = match request.uri().path() {
        path if takes_answers(&request, path) => (ANSWERS_BYTES, FILES_PATIENCE),
        path if is_public(path) => (PUBLIC_BYTES, PATIENCE),
        path if request.method() == Method::POST && takes_files(path) => (FILES_BYTES, FILES_PATIENCE),
        _ => (BYTES, PATIENCE),
    };
    DefaultBodyLimit::max(limit).apply(&mut request);
    request.map(|body| in_time(body, patience))
}

/// Doors that are open to everybody.
fn is_public(path: &str) -> bool {
    ["/api/public/", "/p/", "/e/", "/forms/", "/hooks/", "/api/hooks/"].iter().any(|door| path.starts_with(door))
        || path == "/sign-in"
        || path == "/set-up"
}

/// Doors at which a stranger sends files as answers, in a form made for them.
fn takes_answers(request: &Request, path: &str) -> bool {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let is_form = ["/forms/", "/api/public/v1/forms/"].iter().any(|door| path.starts_with(door));
    let is_survey =
        path.starts_with("/p/s/") || path.starts_with("/api/public/v1/surveys/") && path.ends_with("/files");
    let is_door = is_form || is_survey;
    is_door && request.method() == Method::POST && kind.starts_with("multipart/form-data")
}

/// Doors at which files are attached to a record: `/{module}/{id}/files`, and the same of the API; and to a letter.
fn takes_files(path: &str) -> bool {
    let ends = ["/files", "/write", "/rewrite"];
    let record =
        ends.iter().find_map(|end| path.strip_suffix(*end)).map(|path| path.strip_prefix("/api/v1").unwrap_or(path));
    let parts = record.map(|record| record.split('/').collect::<Vec<_>>());
    matches!(parts.as_deref(), Some(["", _, id]) if id.parse::<model::Id>().is_ok())
}

/// The body, which fails when it has not come whole in time.
fn in_time(body: Body, patience: Duration) -> Body {
    if body.is_end_stream() {
        return body;
    }
    let deadline = Instant::now() + patience;
    Body::from_stream(stream::unfold(Some(body.into_data_stream()), move |parts| async move {
        let mut parts = parts?;
        match timeout_at(deadline, parts.next()).await {
            Ok(part) => part.map(|part| (part, Some(parts))),
            Err(_) => Some((Err(axum::Error::new(io::Error::from(io::ErrorKind::TimedOut))), None)),
        }
    }))
}

/// Refuses JSON whose tree would be too large, before one is made of it: every value but the first follows a comma, or is
/// the first in its list or object.
///
/// # Errors
/// 413 `too_large`, 400 `invalid_json`.
pub(crate) fn weigh(path: &str, json: &[u8]) -> Result<(), Problem> {
    let most = match path {
        path if is_public(path) => PUBLIC_VALUES,
        path if path.starts_with("/api/v1/") && path.ends_with("/batch") => BATCH_VALUES,
        _ => VALUES,
    };
    let (mut values, mut depth, mut in_text, mut is_escaped) = (1_usize, 0_usize, false, false);
    for byte in json {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = in_text,
            b'"' => in_text = !in_text,
            _ if in_text => {}
            b'[' | b'{' => {
                depth += 1;
                values += 1;
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            b',' => values += 1,
            _ => {}
        }
        if depth > DEPTH {
            return Err(Problem::bad_request("invalid_json", format!("lists and objects stand {DEPTH} deep at most")));
        }
        if values > most {
            let detail = format!("a body holds at most {most} values here");
            return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", detail));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_counted_outside_of_texts() {
        let list = |count: usize| format!("[{}]", vec!["\",[{\\\"\""; count].join(","));
        weigh("/api/v1/leads", list(VALUES - 1).as_bytes()).unwrap();
        let told = weigh("/api/v1/leads", list(VALUES).as_bytes()).unwrap_err();
        assert_eq!((told.status, &*told.code), (StatusCode::PAYLOAD_TOO_LARGE, "too_large"));
        weigh("/api/v1/leads/batch", list(VALUES).as_bytes()).unwrap();
        weigh("/api/public/v1/events/x/orders", list(PUBLIC_VALUES).as_bytes()).unwrap_err();
        weigh("/api/v1/leads", "[".repeat(DEPTH).as_bytes()).unwrap();
        assert_eq!(weigh("/api/v1/leads", "[".repeat(DEPTH + 1).as_bytes()).unwrap_err().status, 400);
    }

    #[test]
    fn few_doors_take_files() {
        let id = "0198c0de-0000-7000-8000-000000000000";
        for path in ["/leads/ID/files", "/api/v1/leads/ID/files", "/leads/ID/write", "/messages/ID/rewrite"] {
            let path = path.replace("ID", id);
            assert!(takes_files(&path), "{path}");
        }
        for path in ["/api/v1/files", "/files", "/api/v1/meta/modules/files", "/settings/roles/files", "/e/x/files"] {
            assert!(!takes_files(path), "{path}");
        }
    }

    #[tokio::test]
    async fn a_body_that_does_not_come_fails() {
        // Every part comes soon; the whole never does.
        let slow = stream::unfold(0, |part| async move {
            tokio::time::sleep(Duration::from_millis(20)).await;
            Some((Ok::<_, io::Error>("x"), part + 1))
        });
        let body = in_time(Body::from_stream(slow), Duration::from_millis(200));
        assert!(axum::body::to_bytes(body, 1_000).await.is_err());
        let whole = axum::body::to_bytes(in_time(Body::from("whole"), PATIENCE), 1_000).await.unwrap();
        assert_eq!(whole, "whole");
    }
}
