//! One row of the table of routes.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter};

use super::openapi;
use crate::problem::Problem;
use crate::query::pairs;
use crate::state::Web;

static NONE: LazyLock<BTreeSet<String>> = LazyLock::new(BTreeSet::new);
static PURGE: LazyLock<BTreeSet<String>> = LazyLock::new(|| BTreeSet::from(["purge".to_owned()]));

/// An operation: a method, an address, and the handler that serves it.
pub(crate) struct Route {
    /// The method as OpenAPI has it: `get`, `post`, `put`, `patch`, `delete`.
    pub(crate) method: &'static str,
    /// The address with its variable parts in braces.
    pub(crate) path: &'static str,
    filter: MethodFilter,
    handler: Handler,
}

impl Route {
    /// What axum serves here. What writes is not done where its query asks for something that it does not know: who sends
    /// `?dry_run=true` does not mean it.
    pub(crate) fn serve(&self) -> MethodRouter<Web> {
        let served = (self.handler)(self.filter);
        let known = match (self.method, openapi::queries(self.method, self.path)) {
            ("get", _) => return served,
            (_, Some(known)) => known,
            // Operations of modules stand under no address of the texts.
            ("delete", None) => &PURGE,
            (_, None) => &NONE,
        };
        served.route_layer(from_fn(move |request: Request, next: Next| only_known(known, request, next)))
    }
}

async fn only_known(known: &BTreeSet<String>, request: Request, next: Next) -> Response {
    let unknown = match pairs(request.uri().query()) {
        Ok(asked) => asked.into_iter().map(|(name, _)| name).find(|name| !known.contains(name)),
        Err(problem) => return problem.into_response(),
    };
    match unknown {
        Some(name) => {
            let message = format!("there is no parameter {name:?} here, and nothing was done");
            Problem::bad_request("unknown_parameter", message).into_response()
        }
        None => next.run(request).await,
    }
}

/// The method is handed to the handler's closure, so that it stands in a row only once.
type Handler = fn(MethodFilter) -> MethodRouter<Web>;

pub(crate) const fn get(path: &'static str, handler: Handler) -> Route {
    Route { method: "get", path, filter: MethodFilter::GET, handler }
}

pub(crate) const fn post(path: &'static str, handler: Handler) -> Route {
    Route { method: "post", path, filter: MethodFilter::POST, handler }
}

pub(crate) const fn put(path: &'static str, handler: Handler) -> Route {
    Route { method: "put", path, filter: MethodFilter::PUT, handler }
}

pub(crate) const fn patch(path: &'static str, handler: Handler) -> Route {
    Route { method: "patch", path, filter: MethodFilter::PATCH, handler }
}

pub(crate) const fn delete(path: &'static str, handler: Handler) -> Route {
    Route { method: "delete", path, filter: MethodFilter::DELETE, handler }
}
