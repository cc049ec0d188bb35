//! The API over a fresh SQLite workspace, called as a program would, every answer held against the document.

use std::collections::BTreeMap;
use std::sync::Mutex;

use app::setup::{Setup, set_up};
use app::{App, Doors};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, Response, StatusCode, header};
use model::{Actor, Id, Locale};
use serde_json::{Value, json};
use store::{DbOptions, Files, Origin, Workspace};
use tempfile::TempDir;
use tower::ServiceExt as _;
use web::Web;

const TOKEN: &str = "plenary_token_of_the_tests_that_is_long_enough";

pub(crate) struct Api {
    router: Router,
    pub(crate) user: Id,
    /// Read once: it does not change while a test runs.
    document: tokio::sync::OnceCell<Value>,
    change_set: Mutex<String>,
    _folder: TempDir,
}

impl Api {
    pub(crate) fn new() -> Self {
        let folder = TempDir::with_prefix("plenary-openapi-").unwrap();
        let workspace = Workspace::open(DbOptions::sqlite(folder.path().join("plenary.db"))).unwrap();
        let setup = Setup {
            admin_email: "admin@example.org".to_owned(),
            admin_password: "a long password".to_owned(),
            admin_name: "Admin".to_owned(),
            organisation: "Harbour".to_owned(),
            packs: Vec::new(),
            locale: Locale::Ru,
            sandbox: true,
        };
        let user = set_up(&workspace, &setup).unwrap();
        let token = move |work: &mut store::Work<'_>| work.add_token(user, "test", TOKEN, &[]).map(drop);
        workspace.write_blocking(Actor::System("test"), Origin::from("test"), token).unwrap();
        let doors = Doors {
            public_url: "http://127.0.0.1".to_owned(),
            smtp: None,
            files: Files::at(folder.path().join("files")),
        };
        let router = web::router(Web::new(App::new(workspace, doors).unwrap(), 6_000));
        let (document, change_set) = (tokio::sync::OnceCell::new(), Mutex::default());
        Self { router, user, document, change_set, _folder: folder }
    }

    pub(crate) async fn document(&self) -> Value {
        let read = || async {
            let (status, _, body) = self.send("get", "/api/v1/openapi.json", None, true).await;
            assert_eq!(status, StatusCode::OK);
            body
        };
        self.document.get_or_init(read).await.clone()
    }

    /// Asks without a token.
    pub(crate) async fn anonymous(&self, method: &str, path: &str, body: Option<Value>) -> (StatusCode, Value) {
        let (status, _, body) = self.send(method, path, body, false).await;
        (status, body)
    }

    /// Asks, expects `status`, and holds question and answer against the document.
    pub(crate) async fn call(&self, method: &str, path: &str, body: Option<Value>, status: u16) -> Value {
        let document = self.document().await;
        let (answered, headers, answer) = self.send(method, path, body.clone(), true).await;
        assert_eq!(answered.as_u16(), status, "{method} {path}: {answer}");
        let Some(operation) = operation(&document, method, path) else {
            assert_eq!(status, 404, "{method} {path} is not described");
            return answer;
        };
        if let (Some(body), true) = (&body, status < 400) {
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            hold(&document, schema, body, &format!("the body of {method} {path}"));
        }
        let mut response = operation["responses"][status.to_string()].clone();
        assert!(response.is_object(), "{method} {path} does not describe {status}");
        if let Some(reference) = response["$ref"].as_str() {
            response = document.pointer(reference.trim_start_matches('#')).unwrap().clone();
        }
        let kind = headers.get("content-type").cloned().unwrap_or_default();
        let what = format!("{status} of {method} {path}");
        match response["content"].as_object() {
            Some(content) => hold(&document, &content.get(&kind).unwrap()["schema"], &answer, &what),
            None => assert!(answer.is_null(), "{what} has a body"),
        }
        for name in response["headers"].as_object().into_iter().flat_map(|headers| headers.keys()) {
            let is_there = headers.contains_key(&name.to_ascii_lowercase());
            // Nothing was written when the answer repeats an earlier one.
            assert!(is_there || name == "Change-Set" && status == 200, "{what} has no {name}");
        }
        if let Some(set) = headers.get("change-set") {
            self.change_set.lock().unwrap().clone_from(set);
        }
        answer
    }

    /// The change set of the last write.
    pub(crate) fn last_change_set(&self) -> String {
        self.change_set.lock().unwrap().clone()
    }

    async fn send(
        &self,
        method: &str,
        path: &str,
        body: Option<Value>,
        token: bool,
    ) -> (StatusCode, BTreeMap<String, String>, Value) {
        let mut request = Request::builder().method(method.to_ascii_uppercase().as_str()).uri(path);
        if token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {TOKEN}"));
        }
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        let request = request.header(header::CONTENT_TYPE, "application/json").body(Body::from(body)).unwrap();
        let response: Response<Body> = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        let text = |value: &header::HeaderValue| value.to_str().unwrap().to_owned();
        let headers = parts.headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect();
        let read = || serde_json::from_slice(&bytes).unwrap_or_else(|_| json!(String::from_utf8_lossy(&bytes)));
        (parts.status, headers, if bytes.is_empty() { Value::Null } else { read() })
    }
}

/// The operation that describes an address.
fn operation(document: &Value, method: &str, path: &str) -> Option<Value> {
    let path = path.split('?').next().unwrap_or_default();
    let same = |template: &str| {
        let (template, path): (Vec<_>, Vec<_>) = (template.split('/').collect(), path.split('/').collect());
        template.len() == path.len() && template.iter().zip(&path).all(|(part, is)| part.starts_with('{') || part == is)
    };
    let paths = document["paths"].as_object().unwrap();
    let exact = paths.get(path).into_iter();
    let mut items = exact.chain(paths.iter().filter(|(template, _)| same(template)).map(|(_, item)| item));
    items.find_map(|item| item.get(method).cloned())
}

/// Fails unless `json` is of the form that `schema` says, with nothing in it that the schema does not name.
fn hold(document: &Value, schema: &Value, json: &Value, what: &str) {
    let whole = json!({"$schema": "https://json-schema.org/draft/2020-12/schema", "allOf": [schema], "unevaluatedProperties": false, "components": document["components"]});
    let validator = jsonschema::options().should_validate_formats(true).build(&whole).unwrap();
    let errors: Vec<_> =
        validator.iter_errors(json).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{what}: {errors:#?}\n{json:#}");
}
