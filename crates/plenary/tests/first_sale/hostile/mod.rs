//! Nothing that anybody sends breaks the program, is taken for something else, or is written: whatever is wrong gets a
//! problem of RFC 9457 with a stable code.

mod bodies;
mod fields;
mod lists;
mod pages;
mod paths;
mod records;
mod roles;
mod routes;
mod sample;

use std::cell::RefCell;
use std::fmt::Display;

use serde_json::Value;

use crate::harness::http::Response;
use crate::harness::world::on_both;
use crate::harness::{Api, World};
use sample::Sample;

on_both!(input, super::input_is_refused);
on_both!(callers, super::callers_stay_within_their_rights);
on_both!(readers, super::pages_keep_what_is_hidden);

fn input_is_refused(world: &mut World) {
    let sample = Sample::make(&world.admin());
    routes::are_all_listed(&world.admin());
    let before = sample.state(&world.admin());
    let unchanged = |what: &str| {
        let after = sample.state(&world.admin());
        must(after == before, || format!("{what} changed something: {after:?} was {before:?}"));
    };
    paths::are_refused(&world.admin(), &sample);
    unchanged("a path");
    bodies::are_refused(&world.admin(), &sample);
    unchanged("a body");
    fields::are_refused(&world.admin(), &sample);
    unchanged("a field");
    lists::are_refused(&world.admin(), &sample);
    unchanged("a query");
    records::are_refused(&world.admin(), &sample);
    unchanged("a request for a record");
    nothing_was_found();
}

fn callers_stay_within_their_rights(world: &mut World) {
    let sample = Sample::make(&world.admin());
    let before = sample.state(&world.admin());
    roles::nobody_gets_in(&world.anybody(), &sample);
    assert_eq!(sample.state(&world.admin()), before, "somebody without a token changed something");
    roles::each_within_its_grants(world, &sample);
    nothing_was_found();
}

fn pages_keep_what_is_hidden(world: &mut World) {
    pages::show_no_more_than_the_api(world);
    nothing_was_found();
}

thread_local! {
    /// What is not as it must be, so that one run tells of everything.
    static FINDINGS: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Notes what must hold and does not.
fn must<Words: Display>(holds: bool, what: impl FnOnce() -> Words) {
    if !holds {
        FINDINGS.with_borrow_mut(|findings| findings.push(what().to_string()));
    }
}

/// Fails with everything that was noted.
fn nothing_was_found() {
    let found = FINDINGS.take();
    assert!(found.is_empty(), "{} findings:\n{}", found.len(), found[..found.len().min(400)].join("\n"));
}

/// A refusal: 4xx, of RFC 9457, with a code. Returns it.
fn problem(response: &Response, what: &str) -> Value {
    let body = String::from_utf8_lossy(&response.body).chars().take(300).collect::<String>();
    let problem: Value = serde_json::from_slice(&response.body).unwrap_or_default();
    let kind = response.header("content-type");
    let whole = (400..500).contains(&response.status)
        && kind == Some("application/problem+json")
        && problem["status"].as_u64() == Some(u64::from(response.status))
        && problem["code"].as_str().is_some_and(|code| !code.is_empty())
        && problem["title"].is_string()
        && problem["detail"].is_string()
        && problem["errors"].is_array();
    must(whole, || format!("{what} gets {} {kind:?}: {body}", response.status));
    problem
}

/// Sends and expects a refusal.
fn refused(api: &Api, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Value {
    let what =
        format!("{method} {} {}", &path[..path.len().min(200)], String::from_utf8_lossy(&body[..body.len().min(200)]));
    match api.raw(method, path, headers, body) {
        Ok(response) => problem(&response, &what),
        Err(error) => {
            must(false, || format!("{what}: {error}"));
            Value::Null
        }
    }
}
