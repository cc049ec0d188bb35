//! One operation: read in the short form of the texts, written in OpenAPI's.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value, json};

/// An operation as the texts have it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Described {
    /// `operationId`.
    name: String,
    tag: String,
    summary: String,
    #[serde(default)]
    says: Option<String>,
    /// No token is needed.
    #[serde(default)]
    public: bool,
    /// Answers with the header `Change-Set`; a POST can be repeated under its key.
    #[serde(default)]
    writes: bool,
    /// What a module must offer for it to have the operation.
    #[serde(default)]
    pub(super) needs: Needs,
    /// Names in `parameters.json`, besides those in the path.
    #[serde(default)]
    parameters: Vec<String>,
    /// Name of the body's schema.
    #[serde(default)]
    body: Option<String>,
    /// The body may be a form as well, with or without files.
    #[serde(default)]
    form: bool,
    /// The body is a form with files.
    #[serde(default)]
    upload: bool,
    answers: BTreeMap<String, Answered>,
    /// Statuses in `problems.json`, besides 401 and 503.
    #[serde(default)]
    errors: Vec<u16>,
}

/// What a module must offer for it to have an operation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Needs {
    #[default]
    Nothing,
    Create,
    Update,
    Delete,
    Transition,
    /// Its records are people.
    Person,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Answered {
    says: String,
    /// Name of a schema, or the schema itself.
    #[serde(default)]
    schema: Option<Value>,
    /// Content type where it is not JSON.
    #[serde(rename = "type", default)]
    content_type: Option<String>,
    /// Names in `headers.json`.
    #[serde(default)]
    headers: Vec<String>,
}

impl Described {
    /// The operation under `method` at `path`, in OpenAPI's form.
    pub(super) fn operation(&self, method: &str, path: &str) -> Value {
        let mut operation = Map::new();
        let mut add = |name: &str, value: Value| operation.insert(name.to_owned(), value);
        add("operationId", json!(self.name));
        add("tags", json!([self.tag]));
        add("summary", json!(self.summary));
        if let Some(says) = &self.says {
            add("description", json!(says));
        }
        if self.public {
            add("security", json!([]));
        }
        // Only a POST that writes keeps its first answer.
        let repeatable = (self.writes && method == "post").then(|| "idempotency_key".to_owned());
        let named: Vec<_> = variables(path)
            .map(str::to_owned)
            .chain(self.parameters.iter().cloned())
            .chain(repeatable)
            .map(|name| reference("parameters", &name))
            .collect();
        if !named.is_empty() {
            add("parameters", Value::Array(named));
        }
        if let Some(body) = &self.body {
            let forms = ["application/x-www-form-urlencoded", "multipart/form-data"];
            let kinds = ["application/json"].into_iter().chain(forms.into_iter().filter(|_| self.form));
            let content: Map<String, Value> =
                kinds.map(|kind| (kind.to_owned(), json!({"schema": reference("schemas", body)}))).collect();
            add("requestBody", json!({"required": true, "content": content}));
        }
        if self.upload {
            add("requestBody", json!({"required": true, "content": {"multipart/form-data": {"schema": files_form()}}}));
        }
        let errors = self.errors.iter().map(|status| status.to_string());
        let usual =
            (!self.public).then_some("401").into_iter().chain((!self.answers.contains_key("503")).then_some("503"));
        let problems = errors.chain(usual.map(str::to_owned));
        let mut responses: Map<_, _> =
            problems.map(|status| (status.clone(), reference("responses", &status))).collect();
        responses.extend(
            self.answers
                .iter()
                .map(|(status, answer)| (status.clone(), answer.response(self.writes && status.starts_with('2')))),
        );
        add("responses", Value::Object(responses));
        Value::Object(operation)
    }
}

impl Answered {
    fn response(&self, writes: bool) -> Value {
        let mut response = json!({"description": self.says});
        let change_set = writes.then_some("change_set");
        let headers: Map<_, _> = self
            .headers
            .iter()
            .map(String::as_str)
            .chain(change_set)
            .map(|name| (header(name), reference("headers", name)))
            .collect();
        let schema = match &self.schema {
            Some(Value::String(name)) => Some(reference("schemas", name)),
            Some(schema) => Some(schema.clone()),
            None => self.content_type.as_ref().map(|kind| match kind.as_str() {
                "text/plain" => json!({"type": "string"}),
                // Bytes: OpenAPI 3.1 describes them by the content type alone.
                _ => json!({}),
            }),
        };
        if let Some(response) = response.as_object_mut() {
            if let Some(schema) = schema {
                let kind = self.content_type.as_deref().unwrap_or("application/json");
                response.insert("content".to_owned(), json!({kind: {"schema": schema}}));
            }
            if !headers.is_empty() {
                response.insert("headers".to_owned(), Value::Object(headers));
            }
        }
        response
    }
}

/// A form with files, in OpenAPI 3.1's way.
fn files_form() -> Value {
    let file = json!({"type": "string", "contentMediaType": "application/octet-stream"});
    json!({"type": "object", "required": ["file"], "properties": {
        "file": {"type": "array", "items": file, "minItems": 1},
        "field": {"type": "string", "description": "A field of the type `file` that takes the first one."},
    }})
}

/// `{"$ref": …}` to a component.
pub(super) fn reference(kind: &str, name: &str) -> Value {
    json!({"$ref": format!("#/components/{kind}/{name}")})
}

/// `retry_after` as it stands in an answer: `Retry-After`.
pub(super) fn header(name: &str) -> String {
    match name {
        "etag" => return "ETag".to_owned(),
        "www_authenticate" => return "WWW-Authenticate".to_owned(),
        _ => {}
    }
    let words = name.split('_').map(|word| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
    });
    words.collect::<Vec<_>>().join("-")
}

/// Names in braces, in order.
pub(super) fn variables(path: &str) -> impl Iterator<Item = &str> {
    path.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name)
}
