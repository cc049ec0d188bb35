//! The JSON API as a program uses it.

use std::collections::BTreeSet;
use std::net::SocketAddr;

use serde_json::{Value, json};

use super::http::{self, Response, escaped};

/// Somebody at the API's door.
#[derive(Clone)]
pub(crate) struct Api {
    pub(crate) address: SocketAddr,
    pub(crate) token: Option<String>,
}

/// A JSON answer.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) json: Value,
    pub(crate) raw: Response,
}

impl Answer {
    fn of(raw: Response) -> Self {
        let json = serde_json::from_slice(&raw.body).unwrap_or(Value::Null);
        Self { status: raw.status, json, raw }
    }

    /// The body of an answer that must have this status.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.json);
        self.json
    }

    /// The stable code of a problem.
    pub(crate) fn code(&self) -> &str {
        self.json["code"].as_str().unwrap_or_default()
    }

    /// The fields that a problem names.
    pub(crate) fn fields(&self) -> Vec<&str> {
        let errors = self.json["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
        errors.iter().filter_map(|error| error["field"].as_str()).collect()
    }

    /// Must be a refusal of this kind.
    #[track_caller]
    pub(crate) fn refused(&self, status: u16, code: &str) {
        assert_eq!((self.status, self.code()), (status, code), "{}", self.json);
    }
}

impl Api {
    pub(crate) fn new(address: SocketAddr, token: Option<String>) -> Self {
        Self { address, token }
    }

    /// Sends exact bytes with the token.
    pub(crate) fn raw(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> std::io::Result<Response> {
        let authorization = self.token.as_ref().map(|token| format!("Bearer {token}"));
        let mut all: Vec<(&str, &str)> = authorization.iter().map(|value| ("Authorization", value.as_str())).collect();
        all.extend(headers);
        http::send(self.address, method, path, &all, body)
    }

    /// A request that may fail on the way, for a program that is killed meanwhile.
    pub(crate) fn try_call(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> std::io::Result<Answer> {
        let mut all = vec![("Content-Type", "application/json")];
        all.extend(headers);
        self.raw(method, path, &all, body.to_string().as_bytes()).map(Answer::of)
    }

    #[track_caller]
    pub(crate) fn call(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
        match self.try_call(method, path, headers, body) {
            Ok(answer) => answer,
            Err(error) => panic!("{method} {path}: {error}"),
        }
    }

    #[track_caller]
    pub(crate) fn post(&self, path: &str, body: Value) -> Answer {
        self.call("POST", path, &[], &body)
    }

    #[track_caller]
    pub(crate) fn patch(&self, path: &str, body: Value) -> Answer {
        self.call("PATCH", path, &[], &body)
    }

    #[track_caller]
    pub(crate) fn get(&self, path: &str) -> Answer {
        match self.raw("GET", path, &[], b"") {
            Ok(raw) => Answer::of(raw),
            Err(error) => panic!("GET {path}: {error}"),
        }
    }

    /// Makes a record, which must succeed.
    #[track_caller]
    pub(crate) fn create(&self, module: &str, fields: Value) -> Value {
        self.post(&format!("/api/v1/{module}"), fields).expect(201)
    }

    #[track_caller]
    pub(crate) fn record(&self, module: &str, id: &str) -> Value {
        self.get(&format!("/api/v1/{module}/{id}")).expect(200)
    }

    #[track_caller]
    pub(crate) fn transition(&self, module: &str, id: &str, name: &str, fields: Value) -> Answer {
        self.post(&format!("/api/v1/{module}/{id}/transitions/{name}"), fields)
    }

    /// Every record that the list's parameters choose, page after page; none may come twice.
    #[track_caller]
    pub(crate) fn all(&self, module: &str, parameters: &[(&str, &str)]) -> Vec<Value> {
        let parameters: Vec<_> = parameters.iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect();
        let (mut records, mut ids, mut cursor) = (Vec::new(), BTreeSet::new(), String::new());
        loop {
            let path = format!("/api/v1/{module}?{}{cursor}", parameters.join("&"));
            let page = self.get(&path).expect(200);
            for record in page["data"].as_array().unwrap() {
                assert!(ids.insert(id(record).to_owned()), "{path} gives {} twice", id(record));
                records.push(record.clone());
            }
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={}", escaped(next)),
                None => return records,
            }
        }
    }

    /// How many records of a module there are.
    #[track_caller]
    pub(crate) fn count(&self, module: &str) -> i64 {
        let answer = self.get(&format!("/api/v1/{module}?limit=1&count=exact")).expect(200);
        answer["total"].as_i64().unwrap()
    }

    /// Moves the sandbox's clock; nothing that fell due may have failed. Returns what was done.
    #[track_caller]
    pub(crate) fn move_clock(&self, to: jiff::Timestamp) -> Vec<Value> {
        let moved = self.post("/api/v1/sandbox/clock", json!({"to": to.to_string()})).expect(200);
        let done = moved["done"].as_array().unwrap().clone();
        for job in &done {
            assert!(job["error"].is_null(), "a job failed: {job}");
        }
        done
    }

    /// The workspace's time.
    #[track_caller]
    pub(crate) fn now(&self) -> jiff::Timestamp {
        self.get("/api/v1/sandbox/clock").expect(200)["now"].as_str().unwrap().parse().unwrap()
    }
}

/// A record's id.
#[track_caller]
pub(crate) fn id(record: &Value) -> &str {
    record["id"].as_str().unwrap_or_else(|| panic!("no id in {record}"))
}

/// A text field.
pub(crate) fn text<'a>(record: &'a Value, field: &str) -> &'a str {
    record[field].as_str().unwrap_or_default()
}

/// A money field in minor units.
#[track_caller]
pub(crate) fn minor(money: &Value) -> i64 {
    let amount = money["amount"].as_str().unwrap_or_else(|| panic!("no money in {money}"));
    amount.replace('.', "").parse().unwrap()
}
