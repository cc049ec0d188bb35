//! Requests that write: their body, their idempotency key, their answer.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use data_encoding::HEXLOWER;
use model::{Actor, Id};
use serde::Serialize;
use serde_json::{Map, Value, json as tree};
use sha2::{Digest, Sha256};
use store::db::DbError;
use store::{Answer, Author, Origin, Work};

use crate::bodies;
use crate::caller::Bearer;
use crate::problem::Problem;
use crate::state::Web;

/// The header that names the change set of a write.
pub(crate) const CHANGE_SET: HeaderName = HeaderName::from_static("change-set");

/// A request that writes, read whole.
pub(crate) struct Write {
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
    key: Option<String>,
    digest: Sha256,
    /// Where a key of somebody without a name is looked for: their address and what they write to.
    stranger: String,
}

impl FromRequest<Web> for Write {
    type Rejection = Problem;

    async fn from_request(request: Request, web: &Web) -> Result<Self, Problem> {
        let (head, path) = (Self::head(web, &request)?, request.uri().path().to_owned());
        let bytes = Bytes::from_request(request, web).await.map_err(|rejection| {
            let status = rejection.status();
            let code = if status == StatusCode::PAYLOAD_TOO_LARGE { "too_large" } else { "unreadable_body" };
            Problem::new(status, code, rejection.body_text())
        })?;
        let body = read_json(&path, &head.headers, &bytes)?;
        Ok(Self { body, ..head.with_body(&bytes) })
    }
}

impl Write {
    /// What is known of a request before its body is read.
    ///
    /// # Errors
    /// 400 `invalid_idempotency_key`.
    pub(crate) fn head(web: &Web, request: &Request) -> Result<Self, Problem> {
        let (uri, headers) = (request.uri(), request.headers().clone());
        let address = web.proxies.client(request.extensions(), &headers).map(|address| address.to_string());
        // The path may hold the secret of a link, so only its digest is kept.
        let mut place = Sha256::new();
        place.update(format!("{} {}", address.unwrap_or_default(), uri.path()));
        let stranger = HEXLOWER.encode(&place.finalize());
        let key = idempotency_key(&headers)?;
        let mut digest = Sha256::new();
        digest.update(format!("{} {uri}\n", request.method()));
        Ok(Self { headers, body: Value::Null, key, digest, stranger })
    }

    /// The request with what its body was, or what stands for it: under one key it is the same each time.
    pub(crate) fn with_body(mut self, body: &[u8]) -> Self {
        self.digest.update(body);
        self
    }

    /// The idempotency key.
    pub(crate) fn key(&self) -> Option<&str> {
        self.key.as_deref()
    }

    /// The body as an object; an empty body is an empty object.
    pub(crate) fn object(&self) -> Result<Map<String, Value>, Problem> {
        match &self.body {
            Value::Object(map) => Ok(map.clone()),
            Value::Null => Ok(Map::new()),
            _ => Err(Problem::bad_request("invalid_json", "the body is a JSON object")),
        }
    }

    /// Runs `work` in one transaction and answers. A repeat of the same request under its key gets the first answer, be
    /// it a refusal.
    pub(crate) async fn run(
        self,
        web: &Web,
        author: impl Into<Author>,
        work: impl FnMut(&mut Work<'_>) -> store::Result<Reply> + Send + 'static,
    ) -> Result<Response, Problem> {
        let author = author.into();
        let origin = Origin::from(if author.is_public() { "public" } else { "api" });
        let (answer, _) = web.app.workspace().write(author, origin, self.answering(work)).await?;
        Ok(respond(answer))
    }

    /// [`Write::run`] as whoever bears a pass.
    pub(crate) async fn run_for(
        self,
        web: &Web,
        bearer: Bearer,
        work: impl FnMut(&mut Work<'_>) -> store::Result<Reply> + Send + 'static,
    ) -> Result<Response, Problem> {
        Ok(respond(bearer.write(web, self.answering(work)).await?))
    }

    /// `work`, with its answer kept under the request's key, or the one that was kept.
    fn answering(
        self,
        mut work: impl FnMut(&mut Work<'_>) -> store::Result<Reply> + Send + 'static,
    ) -> impl FnMut(&mut Work<'_>) -> store::Result<Answer> + Send + 'static {
        let (digest, stranger) = (self.digest.finalize().to_vec(), self.stranger);
        move |under_way| {
            let Some(key) = &self.key else { return Ok(work(under_way)?.answer(under_way.change_set())) };
            let caller = name(under_way.actor(), &stranger);
            if let Some(first) = under_way.answered(&caller, key, &digest)? {
                return Ok(first);
            }
            // What a refused request did is taken back; that it was refused is kept.
            let answer = match under_way.attempt(&mut work) {
                Ok(reply) => reply.answer(under_way.change_set()),
                Err(error) => refusal(error)?,
            };
            under_way.keep_answer(&caller, key, &digest, &answer)?;
            Ok(answer)
        }
    }

    /// [`Write::run`] for what takes many transactions. A repeat that comes meanwhile is told so, and is not begun.
    pub(crate) async fn run_long<F>(
        self,
        web: &Web,
        actor: Actor,
        work: impl FnOnce() -> F,
    ) -> Result<Response, Problem>
    where
        F: Future<Output = Result<Reply, Problem>>,
    {
        let Some(key) = self.key.clone() else { return Ok(respond(work().await?.answer(None))) };
        let (caller, digest, origin) =
            (name(&actor, &self.stranger), self.digest.finalize().to_vec(), Origin::from("api"));
        let look = {
            let (caller, key, digest) = (caller.clone(), key.clone(), digest.clone());
            move |under_way: &mut Work<'_>| {
                let first = under_way.answered(&caller, &key, &digest)?;
                if first.is_none() {
                    under_way.begin_answer(&caller, &key, &digest)?;
                }
                Ok(first)
            }
        };
        let (first, _) = web.app.workspace().write(actor.clone(), origin.clone(), look).await?;
        if let Some(first) = first {
            return Ok(respond(first));
        }
        let answer = match work().await {
            Ok(reply) => Ok(reply.answer(None)),
            Err(problem) if is_kept(problem.status) => Ok(kept(&problem)),
            Err(problem) => Err(problem),
        };
        let keep = {
            let answer = answer.as_ref().ok().cloned();
            move |under_way: &mut Work<'_>| match &answer {
                Some(answer) => under_way.end_answer(&caller, &key, answer),
                None => under_way.take_answer_back(&caller, &key),
            }
        };
        web.app.workspace().write(actor, origin, keep).await?;
        Ok(respond(answer?))
    }
}

/// Under whose name a key is kept.
fn name(actor: &Actor, stranger: &str) -> String {
    actor.id().map_or_else(|| format!("public {stranger}"), |id| id.to_string())
}

/// Whether a refusal is the answer to its request for good. One that says who somebody is, or to wait, is not.
fn is_kept(status: StatusCode) -> bool {
    let passes = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN, StatusCode::TOO_MANY_REQUESTS];
    status.is_client_error() && !passes.contains(&status)
}

/// A refusal as an answer to be kept; what is none comes back as it was.
fn refusal(error: store::Error) -> store::Result<Answer> {
    let problem = Problem::from(error.clone());
    if is_kept(problem.status) { Ok(kept(&problem)) } else { Err(error) }
}

fn kept(problem: &Problem) -> Answer {
    let headers = vec![(header::CONTENT_TYPE.as_str().to_owned(), "application/problem+json".to_owned())];
    Answer { status: problem.status.as_u16(), headers, body: problem.body().to_string().into_bytes() }
}

/// What a handler has to say.
pub(crate) struct Reply {
    status: StatusCode,
    body: Option<Value>,
    headers: BTreeMap<&'static str, String>,
}

impl Reply {
    pub(crate) fn new(status: StatusCode, body: Value) -> Self {
        Self { status, body: Some(body), headers: BTreeMap::new() }
    }

    pub(crate) fn empty() -> Self {
        Self { status: StatusCode::NO_CONTENT, body: None, headers: BTreeMap::new() }
    }

    pub(crate) fn with(mut self, header: &'static str, value: String) -> Self {
        self.headers.insert(header, value);
        self
    }

    fn answer(self, change_set: Option<Id>) -> Answer {
        let set = change_set.map(|id| (CHANGE_SET.as_str().to_owned(), id.to_string()));
        let headers = self.headers.into_iter().map(|(name, value)| (name.to_owned(), value)).chain(set).collect();
        let body = self.body.map(|body| body.to_string().into_bytes()).unwrap_or_default();
        Answer { status: self.status.as_u16(), headers, body }
    }
}

fn respond(answer: Answer) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let is_empty = answer.body.is_empty();
    let mut response = (status, answer.body).into_response();
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_TYPE);
    if !is_empty {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    for (name, value) in answer.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            headers.insert(name, value);
        }
    }
    response
}

/// The ETag of a version.
pub(crate) fn etag(version: i64) -> String {
    format!("\"{version}\"")
}

/// The version that `If-Match` names.
pub(crate) fn if_match(headers: &HeaderMap) -> Result<Option<i64>, Problem> {
    let Some(value) = headers.get(header::IF_MATCH) else { return Ok(None) };
    let text = value.to_str().unwrap_or_default().trim();
    if text == "*" {
        return Ok(None);
    }
    let version = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).and_then(|text| text.parse().ok());
    let how = "If-Match names a version in double quotes, for instance \"3\"";
    version.map(Some).ok_or_else(|| Problem::bad_request("invalid_if_match", how))
}

fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let key = value.to_str().ok().map(str::trim).filter(|key| !key.is_empty() && key.len() <= 255);
    let how = "an idempotency key is 1 to 255 visible ASCII characters";
    key.map(|key| Some(key.to_owned())).ok_or_else(|| Problem::bad_request("invalid_idempotency_key", how))
}

fn read_json(path: &str, headers: &HeaderMap, bytes: &[u8]) -> Result<Value, Problem> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Ok(Value::Null);
    }
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("application/json");
    let essence = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if essence != "application/json" && !essence.ends_with("+json") {
        let detail = format!("send JSON (Content-Type: application/json), not {essence:?}");
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", detail));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        Problem::bad_request("invalid_utf8", format!("the body is not UTF-8 from byte {}", error.valid_up_to()))
    })?;
    bodies::weigh(path, bytes)?;
    serde_json::from_str(text)
        .map_err(|error| Problem::bad_request("invalid_json", format!("the body is not JSON: {error}")))
}

/// Bytes that a record mostly takes: room is made once and not again and again.
const RECORD_BYTES: usize = 1_024;

/// An answer of so many records in JSON, written in the turn of the database that read them.
///
/// # Errors
/// Never for what is shown: its keys are texts.
pub(crate) fn json(answer: &impl Serialize, records: usize) -> store::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity((records + 1) * RECORD_BYTES);
    serde_json::to_writer(&mut bytes, answer).map_err(|error| DbError::Value(error.to_string()))?;
    Ok(bytes)
}

/// An answer of [`json`].
pub(crate) fn written(json: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], json).into_response()
}

/// `{"data": …}`.
pub(crate) fn data(items: Vec<Value>) -> Value {
    tree!({"data": items})
}
