//! Short messages on their way: claimed in one transaction, handed to their carrier without one, and noted in another.

use std::sync::Arc;

use channels::outbox::{self, ClaimedShort, DELIVER_SHORT, claim_short, failed};
use channels::short::{Carrier, Short, Unsent, send};
use model::Actor;
use store::{Kinds, Line, LineSecrets, Origin, Result, Work};

use super::account;
use crate::App;
use crate::jobs::{LONGEST_SLEEP, id};

/// A message in the hands of this program, with the line that it goes out through.
struct Outgoing {
    message: ClaimedShort,
    carrier: Carrier,
    line: Line,
    secrets: LineSecrets,
}

impl App {
    /// Delivers short messages as they fall due, some at a time, until the future is dropped.
    pub(crate) async fn run_shorts(&self) {
        let places = &self.0.shorts;
        loop {
            while !self.workspace().knowledge().settings.sandbox
                && let Ok(place) = Arc::clone(places).try_acquire_owned()
            {
                match self.claim_next_short().await {
                    Ok(Some(outgoing)) => {
                        let app = self.clone();
                        tokio::spawn(async move {
                            if let Err(error) = app.deliver_short(outgoing).await {
                                tracing::error!(%error, "it cannot be noted how a short message was delivered");
                            }
                            drop(place);
                        });
                    }
                    Ok(None) => break,
                    Err(error) => {
                        tracing::error!(%error, "short messages cannot be delivered");
                        tokio::time::sleep(LONGEST_SLEEP).await;
                    }
                }
            }
            let is_full = places.available_permits() == 0;
            tokio::select! {
                _ = places.acquire(), if is_full => {}
                () = self.0.texting.notified(), if !is_full => {}
                () = self.until_due(Kinds::Only(&[DELIVER_SHORT])), if !is_full => {}
            }
        }
    }

    /// Delivers the short messages that are due now, one after the other; answers how many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn deliver_shorts(&self) -> Result<usize> {
        let mut delivered = 0;
        while let Some(outgoing) = self.claim_next_short().await? {
            self.deliver_short(outgoing).await?;
            delivered += 1;
        }
        Ok(delivered)
    }

    /// The next message that is due, claimed; whoever claims it puts it back on the queue for the case that they die.
    async fn claim_next_short(&self) -> Result<Option<Outgoing>> {
        let take = |work: &mut Work<'_>| {
            while let Some(job) = work.due_job_of(Kinds::Only(&[DELIVER_SHORT]), work.now())? {
                work.finish_job(&job)?;
                let claimed = id(&job, "message").map(|message| claim_short(work, message)).transpose()?.flatten();
                let Some(message) = claimed else { continue };
                let known = message.line.map(|line| work.line_at_door(line)).transpose()?.flatten();
                let known = known.and_then(|(line, secrets)| Some((Carrier::parse(&line.setup.kind)?, line, secrets)));
                if let Some((carrier, line, secrets)) = known {
                    return Ok(Some(Outgoing { message, carrier, line, secrets }));
                }
                outbox::withdraw(work, message.id, "its line is switched off, or not there any more")?;
            }
            Ok(None)
        };
        Ok(self.workspace().write(Actor::System("jobs"), Origin::from("job"), take).await?.0)
    }

    /// Hands a claimed message to its carrier and notes how it went.
    async fn deliver_short(&self, outgoing: Outgoing) -> Result<()> {
        let Outgoing { message, carrier, line, secrets } = outgoing;
        let (name, callback) = (message.id.to_string(), self.message_url(line.id));
        let short = Short { id: &name, to: &message.to, text: &message.text, callback: &callback };
        let told = send(carrier, &account(&line, &secrets), &short, self.loopback()).await;
        let (id, attempt) = (message.id, message.attempt);
        let note = move |work: &mut Work<'_>| match &told {
            Ok(known_as) => outbox::taken(work, id, known_as.as_deref()),
            Err(Unsent::Later(words)) => {
                let retry_at = message.retry_at(work.now());
                failed(work, id, attempt, words, retry_at)
            }
            Err(Unsent::Never(words)) => failed(work, id, attempt, words, None),
        };
        self.workspace().write(Actor::System("jobs"), Origin::from("job"), note).await?;
        Ok(())
    }
}
