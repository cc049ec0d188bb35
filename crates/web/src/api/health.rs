//! Whether the program lives and whether it can serve.

use std::time::{Duration, Instant};

use axum::extract::State;
use axum::http::StatusCode;
use tokio::time::timeout;

use crate::problem::Problem;
use crate::state::Web;

/// How long the database may take to take a row: whoever asks waits two seconds.
const PATIENCE: Duration = Duration::from_millis(1_500);
/// So long an answer holds for everybody who asks: each takes a sync of the disk.
const HOLDS: Duration = Duration::from_secs(1);

pub(crate) async fn alive() -> &'static str {
    "ok"
}

pub(crate) async fn ready(State(web): State<Web>) -> Result<&'static str, Problem> {
    let probe = async {
        let mut last = web.probed.lock().await;
        if last.is_none_or(|last: Instant| last.elapsed() > HOLDS) {
            web.app.workspace().probe().await?;
            *last = Some(Instant::now());
        }
        Ok::<_, store::db::DbError>(())
    };
    let why = match timeout(PATIENCE, probe).await {
        Ok(Ok(())) => return Ok("ready"),
        Ok(Err(error)) => {
            tracing::error!(%error, "the database takes nothing");
            "the database takes nothing"
        }
        Err(_) => "the database does not answer",
    };
    Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", why))
}
