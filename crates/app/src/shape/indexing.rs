//! Builds the indexes that were too long for the change that wanted them, beside everything else.

use store::shape::{INDEX_JOB, Indexing};
use store::{Kinds, Origin, Result, Work};

use model::Actor;

use crate::App;
use crate::jobs::{LONGEST_SLEEP, put_off};

impl App {
    /// Builds indexes as they are wanted, until the future is dropped. What was begun is finished, or done anew.
    pub(crate) async fn run_indexing(&self) {
        loop {
            if let Err(error) = self.build_wanted_indexes().await {
                tracing::error!(%error, "indexes cannot be built");
                tokio::time::sleep(LONGEST_SLEEP).await;
            }
            self.until_due(Kinds::Only(&[INDEX_JOB])).await;
        }
    }

    async fn build_wanted_indexes(&self) -> Result<()> {
        let next = |work: &mut Work<'_>| {
            let now = work.now();
            Ok(work.foreseen_jobs(Kinds::Only(&[INDEX_JOB]), now, 1)?.into_iter().next())
        };
        let Some(job) = self.workspace().read(Actor::System("shape"), next).await? else { return Ok(()) };
        // Another program may have shaped what this one does not know yet.
        let refreshed = self.workspace().refresh().await;
        let workspace = self.workspace().clone();
        let build = tokio::task::spawn_blocking(move || workspace.build_indexes());
        let error = match (refreshed, build.await) {
            (Err(error), _) | (_, Ok(Err(error))) => Some(error.to_string()),
            (_, Err(error)) => Some(error.to_string()),
            (Ok(()), Ok(Ok(Indexing { built, elsewhere }))) => {
                built.iter().for_each(|index| tracing::info!(index, "an index was built"));
                // Whether it comes to its end there is looked at later.
                elsewhere.first().map(|index| format!("another program is building {index}"))
            }
        };
        let settle = move |work: &mut Work<'_>| match &error {
            None => work.finish_job(&job).map(drop),
            Some(error) => {
                tracing::warn!(%error, "an index is not built yet, and is looked at again");
                put_off(work, &job, error)
            }
        };
        self.workspace().write(Actor::System("shape"), Origin::from("job"), settle).await?;
        Ok(())
    }
}
