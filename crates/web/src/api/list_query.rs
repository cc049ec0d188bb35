//! The query of a list: `filter`, `q`, `sort`, `limit`, `cursor`, `fields`, `expand`, `count`, `deleted`.

use app::Shape;
use axum::extract::{FromRequestParts, RawQuery};
use axum::http::request::Parts;
use jiff::Timestamp;
use model::value::read_instant;
use model::{Field, FieldType};
use store::{List, Reading, Sort, Work};

use crate::problem::Problem;
use crate::query::pairs;
use crate::state::Web;

/// Whether the records are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Count {
    #[default]
    No,
    /// Exactly up to a limit.
    Capped,
    Exact,
}

/// What the query asks for, before it is checked against a module.
#[derive(Clone, Debug)]
pub(crate) struct ListQuery {
    filter: Option<String>,
    text: Option<String>,
    sort: Vec<Sort>,
    limit: usize,
    cursor: Option<String>,
    deleted: bool,
    /// The moment as of which records are shown.
    pub(crate) as_of: Option<Timestamp>,
    pub(crate) count: Count,
    pub(crate) shape: Shape,
}

impl Default for ListQuery {
    fn default() -> Self {
        Self {
            filter: None,
            text: None,
            sort: Vec::new(),
            limit: 50,
            cursor: None,
            deleted: false,
            as_of: None,
            count: Count::No,
            shape: Shape::default(),
        }
    }
}

impl FromRequestParts<Web> for ListQuery {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Problem> {
        let RawQuery(raw) = RawQuery::from_request_parts(parts, web).await.unwrap_or(RawQuery(None));
        Self::read(&pairs(raw.as_deref())?)
    }
}

impl ListQuery {
    fn read(pairs: &[(String, String)]) -> Result<Self, Problem> {
        let mut query = Self::default();
        for (name, value) in pairs {
            if value.contains('\0') {
                return Err(invalid(name, "holds the character U+0000"));
            }
            match name.as_str() {
                "filter" => query.filter = Some(value.clone()).filter(|text| !text.trim().is_empty()),
                "q" if value.chars().count() > 400 => return Err(invalid(name, "has at most 400 characters")),
                "q" => query.text = Some(value.clone()),
                "sort" => query.sort = names(value).map(sort).collect(),
                "limit" => {
                    let limit = value.parse().ok().filter(|limit| (1..=500).contains(limit));
                    query.limit = limit.ok_or_else(|| invalid(name, "is a number from 1 to 500"))?;
                }
                "cursor" => query.cursor = Some(value.clone()).filter(|cursor| !cursor.is_empty()),
                "fields" => query.shape.fields = names(value).map(str::to_owned).collect(),
                "expand" => query.shape.expand = names(value).map(str::to_owned).collect(),
                "deleted" => query.deleted = flag(name, value)?,
                "as_of" => {
                    let wrong = |_| invalid(name, "is an RFC 3339 instant, for instance 2027-04-13T09:00:00Z");
                    query.as_of = Some(read_instant(value).map_err(wrong)?);
                }
                "count" if value == "exact" => query.count = Count::Exact,
                "count" => query.count = if flag(name, value)? { Count::Capped } else { Count::No },
                _ => {}
            }
        }
        Ok(query)
    }

    /// How much it asks of the database.
    pub(crate) fn reading(&self, web: &Web, module: &str) -> Reading {
        let more = self.as_of.is_some() || self.count != Count::No || !self.shape.expand.is_empty();
        let known = web.app.workspace().knowledge().definitions.module(module).cloned();
        let asks_more = |field: &Field| field.computed || field.kind == FieldType::Links;
        let is_plain = known.is_none_or(|module| !module.fields.iter().any(asks_more));
        if is_plain && !more { Reading::One } else { Reading::Several }
    }

    /// The list over `module`, with its filter understood.
    pub(crate) fn list(&self, work: &Work<'_>, module: &str) -> store::Result<List> {
        Ok(List {
            filter: self.filter.as_deref().map(|text| work.filter(module, text)).transpose()?,
            text: self.text.clone(),
            sort: self.sort.clone(),
            limit: self.limit,
            cursor: self.cursor.clone(),
            deleted: self.deleted,
            ..List::default()
        })
    }
}

fn names(value: &str) -> impl Iterator<Item = &str> {
    value.split(',').map(str::trim).filter(|name| !name.is_empty())
}

fn sort(name: &str) -> Sort {
    match name.strip_prefix('-') {
        Some(field) => Sort { field: field.to_owned(), descending: true },
        None => Sort { field: name.to_owned(), descending: false },
    }
}

fn flag(name: &str, value: &str) -> Result<bool, Problem> {
    match value {
        "true" | "1" => Ok(true),
        "false" | "0" | "" => Ok(false),
        _ => Err(invalid(name, "is true or false")),
    }
}

fn invalid(name: &str, what: &str) -> Problem {
    Problem::bad_request("invalid_parameter", format!("{name} {what}"))
}
