//! Work that holds its thread: files, passwords, a database that takes a new shape. It is done off the asynchronous threads.

use crate::problem::Problem;

/// Does it, and waits for it.
///
/// # Errors
/// 500 where it fell over.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.map_err(|error| {
        tracing::error!(%error, "work off the asynchronous threads was lost");
        Problem::internal()
    })
}
