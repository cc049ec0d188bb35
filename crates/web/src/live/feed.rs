//! The one who reads the log: woken by what this program writes, and looking from time to time for what others write to the
//! same database. It lives while somebody listens.

use std::sync::Arc;
use std::time::Duration;

use app::App;
use model::Actor;
use store::{Glimpse, Logged, Tail};
use tokio::sync::broadcast;
use tokio::time::{sleep, timeout};

/// How often it is looked for what another program has written.
const LOOK: Duration = Duration::from_secs(1);
/// What is written in so short a time is told together.
const TOGETHER: Duration = Duration::from_millis(60);
/// Looks that a listener may be behind; one who is further behind is dropped and begins again from the log.
const BEHIND: usize = 64;

/// What one look brought.
#[derive(Debug)]
pub(crate) struct News {
    pub(crate) lines: Vec<Logged>,
    /// Whoever begins again here misses nothing of it.
    pub(crate) settled: i64,
}

/// The door to it.
#[derive(Debug, Default)]
pub(crate) struct Feed(tokio::sync::Mutex<Option<broadcast::Sender<Arc<News>>>>);

impl Feed {
    /// Listens from now on.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn listen(self: &Arc<Self>, app: &App) -> store::Result<broadcast::Receiver<Arc<News>>> {
        let mut running = self.0.lock().await;
        if let Some(sender) = running.as_ref() {
            return Ok(sender.subscribe());
        }
        let place = app.workspace().read(Actor::System("stream"), |work| work.log_place()).await?;
        let (sender, receiver) = broadcast::channel(BEHIND);
        *running = Some(sender.clone());
        tokio::spawn(Arc::clone(self).read(app.clone(), sender, Tail::after(place)));
        Ok(receiver)
    }

    async fn read(self: Arc<Self>, app: App, sender: broadcast::Sender<Arc<News>>, mut tail: Tail) {
        loop {
            let _ = timeout(LOOK, app.workspace().changes().notified()).await;
            sleep(TOGETHER).await;
            let mut running = self.0.lock().await;
            if sender.receiver_count() == 0 {
                *running = None;
                return;
            }
            drop(running);
            match look(&app, &tail).await {
                Ok(look) => {
                    let lines = tail.take(look);
                    if !lines.is_empty() {
                        let _ = sender.send(Arc::new(News { lines, settled: tail.settled() }));
                    }
                }
                Err(error) => tracing::warn!(%error, "the log cannot be read for those who listen"),
            }
        }
    }
}

async fn look(app: &App, tail: &Tail) -> store::Result<Glimpse> {
    let (settled, remembered) = (tail.settled(), tail.remembered());
    app.workspace().read(Actor::System("stream"), move |work| work.look_at_log(settled, remembered)).await
}
