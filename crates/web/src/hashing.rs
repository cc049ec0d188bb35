//! Turns at passwords. Judging or making one takes a core and 19 MB for a while, on purpose: so there are few at once and
//! few who wait, and whoever comes then is told to come again.

use std::sync::Arc;

use axum::http::StatusCode;
use tokio::sync::Semaphore;

use crate::blocking::blocking;
use crate::problem::Problem;

/// How many are worked on at once.
const AT_ONCE: usize = 2;
/// How many are there at most, those that wait included: the last of them waits for about a second.
const PLACES: usize = 64;
/// The code of the refusal when all places are taken.
pub(crate) const BUSY: &str = "busy";

/// The queue at the passwords.
pub(crate) struct Hashing {
    places: Arc<Semaphore>,
    turns: Arc<Semaphore>,
}

impl Default for Hashing {
    fn default() -> Self {
        Self { places: Arc::new(Semaphore::new(PLACES)), turns: Arc::new(Semaphore::new(AT_ONCE)) }
    }
}

impl Hashing {
    /// Runs slow work with passwords off the asynchronous threads. Place and turn are held until it is done, also when
    /// whoever asked has gone.
    ///
    /// # Errors
    /// 503 where all places are taken.
    pub(crate) async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
        let busy = || Problem::new(StatusCode::SERVICE_UNAVAILABLE, BUSY, "too many sign in at this moment: try again");
        let place = self.places.clone().try_acquire_owned().map_err(|_| busy())?;
        let turn = self.turns.clone().acquire_owned().await.map_err(|_| busy())?;
        let done = blocking(move || {
            let _held = (place, turn);
            work()
        });
        done.await
    }
}
