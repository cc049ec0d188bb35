//! The query of an address.

use crate::problem::Problem;

/// The pairs of a query string.
pub(crate) fn pairs(raw: Option<&str>) -> Result<Vec<(String, String)>, Problem> {
    serde_urlencoded::from_str(raw.unwrap_or_default())
        .map_err(|error| Problem::bad_request("invalid_query", format!("the query cannot be read: {error}")))
}
