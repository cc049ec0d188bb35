//! Webhooks on their way: claimed in one transaction, sent without one, and noted in another, as letters are.

use std::sync::Arc;

use channels::webhook::{Loopback, Post, PostError, post, refusal, secret};
use model::Actor;
use store::{Job, Kinds, Origin, Result, WEBHOOK_JOB, Webhook, Work};

use crate::jobs::{LONGEST_SLEEP, id};
use crate::{App, secrets};

/// Webhooks that are on their way at once.
pub(crate) const AT_ONCE: usize = 4;

impl App {
    /// Lets webhooks go to this machine itself: for whoever develops against it, and for tests.
    pub fn allow_loopback_webhooks(&self) {
        self.0.loopback.store(true, std::sync::atomic::Ordering::Relaxed);
    }

    /// Why an address is none that webhooks go to, as far as it says so itself.
    pub(crate) fn refuses_webhook(&self, url: &str) -> Option<&'static str> {
        let loopback = self.0.loopback.load(std::sync::atomic::Ordering::Relaxed);
        refusal(url, &self.ticketing().page_url(""), Loopback(loopback))
    }

    /// A secret that webhooks may be signed with, for whoever keeps it.
    ///
    /// # Errors
    /// When the machine has no randomness.
    pub fn new_webhook_secret(&self) -> Result<String> {
        Ok(secret(secrets::fresh()?.as_bytes()))
    }

    /// In a sandbox: what is claimed there counts as what would have been sent. The job is off the queue already.
    pub(crate) fn pass_webhook(&self, work: &mut Work<'_>, job: &Job) -> Result<()> {
        id(job, "webhook").map(|webhook| work.claim_webhook(webhook)).transpose().map(drop)
    }

    /// Delivers webhooks as they fall due, some at a time, until the future is dropped.
    pub(crate) async fn run_webhooks(&self) {
        let places = &self.0.calls;
        loop {
            while !self.workspace().knowledge().settings.sandbox
                && let Ok(place) = Arc::clone(places).try_acquire_owned()
            {
                match self.claim_next_webhook().await {
                    Ok(Some((webhook, secret))) => {
                        let app = self.clone();
                        tokio::spawn(async move {
                            if let Err(error) = app.deliver_webhook(webhook, &secret).await {
                                tracing::error!(%error, "it cannot be noted how a webhook was delivered");
                            }
                            drop(place);
                        });
                    }
                    Ok(None) => break,
                    Err(error) => {
                        tracing::error!(%error, "webhooks cannot be delivered");
                        tokio::time::sleep(LONGEST_SLEEP).await;
                    }
                }
            }
            let is_full = places.available_permits() == 0;
            tokio::select! {
                _ = places.acquire(), if is_full => {}
                () = self.0.webhooks.notified(), if !is_full => {}
                () = self.until_due(Kinds::Only(&[WEBHOOK_JOB])), if !is_full => {}
            }
        }
    }

    /// Delivers the webhooks that are due now, one after the other; answers how many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn deliver_webhooks(&self) -> Result<usize> {
        let mut delivered = 0;
        while let Some((webhook, secret)) = self.claim_next_webhook().await? {
            self.deliver_webhook(webhook, &secret).await?;
            delivered += 1;
        }
        Ok(delivered)
    }

    async fn claim_next_webhook(&self) -> Result<Option<(Webhook, String)>> {
        let take = |work: &mut Work<'_>| {
            let secret = work.webhook_secret()?.unwrap_or_default();
            while let Some(job) = work.due_job_of(Kinds::Only(&[WEBHOOK_JOB]), work.now())? {
                work.finish_job(&job)?;
                let claimed = id(&job, "webhook").map(|id| work.claim_webhook(id)).transpose()?.flatten();
                if let Some(webhook) = claimed {
                    return Ok(Some((webhook, secret)));
                }
            }
            Ok(None)
        };
        Ok(self.workspace().write(Actor::System("jobs"), Origin::from("job"), take).await?.0)
    }

    async fn deliver_webhook(&self, webhook: Webhook, secret: &str) -> Result<()> {
        let (now, loopback) =
            (self.workspace().clock().now(), self.0.loopback.load(std::sync::atomic::Ordering::Relaxed));
        let one = Post { id: webhook.id.to_string(), url: webhook.url.clone(), body: webhook.body.clone() };
        let told = post(&one, secret, now, Loopback(loopback)).await;
        let note = move |work: &mut Work<'_>| match &told {
            Ok(status) => work.webhook_sent(&webhook, &status.to_string()),
            Err(PostError::Refused(why)) => work.webhook_failed(&webhook, why, true),
            Err(PostError::Failed(why) | PostError::Unclear(why)) => work.webhook_failed(&webhook, why, false),
        };
        self.workspace().write(Actor::System("jobs"), Origin::from("job"), note).await?;
        Ok(())
    }
}
