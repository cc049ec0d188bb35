//! One row of the table of routes.

use axum::routing::{MethodFilter, MethodRouter};

use crate::state::Web;

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
    /// What axum serves here.
    pub(crate) fn serve(&self) -> MethodRouter<Web> {
        (self.handler)(self.filter)
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
