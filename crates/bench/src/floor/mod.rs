//! The floor: a bare handler that runs the same SQL over the same columns and answers the same bytes, with nothing of
//! Plenary in between. What Plenary adds (rights, filters, history, search) is measured as the distance to it.

mod lead;
mod postgres;
mod sqlite;

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use tokio::net::TcpListener;

use crate::Failure;
use lead::{Lead, NewLead};

/// The database below the floor.
pub(crate) enum Floor {
    Sqlite(sqlite::Sqlite),
    Postgres(postgres::Postgres),
}

impl Floor {
    /// Opens the database of Plenary at `place`: `sqlite:PATH` or `postgres://…`.
    pub(crate) async fn open(place: &str) -> Result<Self, Failure> {
        match place.strip_prefix("sqlite:") {
            Some(path) => Ok(Self::Sqlite(sqlite::Sqlite::open(path)?)),
            None => Ok(Self::Postgres(postgres::Postgres::open(place).await?)),
        }
    }
}

#[derive(Deserialize)]
struct Filter {
    status: String,
    /// Whether it is counted too, as for a page.
    #[serde(default)]
    counted: bool,
}

#[derive(serde::Serialize)]
struct Page {
    data: Vec<Lead>,
    next_cursor: Option<String>,
}

/// Serves until the process is ended; prints the address like Plenary does.
pub(crate) async fn serve(place: &str) -> Result<(), Failure> {
    let floor = Arc::new(Floor::open(place).await?);
    let router =
        Router::new().route("/leads", get(list).post(create)).route("/leads/{id}", get(read)).with_state(floor);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("listening on http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, router).await?)
}

struct Refusal(Failure);

impl<E: Into<Failure>> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (StatusCode::INTERNAL_SERVER_ERROR, self.0.to_string()).into_response()
    }
}

async fn list(State(floor): State<Arc<Floor>>, Query(filter): Query<Filter>) -> Result<Json<Page>, Refusal> {
    let mut data = match &*floor {
        Floor::Sqlite(sqlite) => sqlite.list(filter.status, filter.counted).await?,
        Floor::Postgres(postgres) => postgres.list(&filter.status, filter.counted).await?,
    };
    let more = data.len() > 50;
    data.truncate(50);
    // As long as the cursor of Plenary.
    let next_cursor = more.then(|| "-".repeat(CURSOR));
    Ok(Json(Page { data, next_cursor }))
}

/// Bytes of a cursor over two keys.
const CURSOR: usize = 150;

async fn read(State(floor): State<Arc<Floor>>, Path(id): Path<uuid::Uuid>) -> Result<Response, Refusal> {
    let lead = match &*floor {
        Floor::Sqlite(sqlite) => sqlite.read(id).await?,
        Floor::Postgres(postgres) => postgres.read(id).await?,
    };
    Ok(match lead {
        Some(lead) => ([(header::ETAG, format!("\"{}\"", lead.version))], Json(lead)).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    })
}

async fn create(State(floor): State<Arc<Floor>>, Json(new): Json<NewLead>) -> Result<Response, Refusal> {
    let lead = Lead::of(new);
    let lead = match &*floor {
        Floor::Sqlite(sqlite) => sqlite.create(lead).await?,
        Floor::Postgres(postgres) => postgres.create(lead).await?,
    };
    Ok((StatusCode::CREATED, Json(lead)).into_response())
}
