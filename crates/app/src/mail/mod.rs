//! Letters of mailboxes: each mailbox is looked into by one program at a time, and what is new in it comes into the history
//! (S0, B1; `docs/decisions/068`).

mod look;
mod take;

use std::sync::Arc;
use std::sync::atomic::Ordering;

use channels::imap::{Imap, ImapError, ImapSettings, Private, Security};
use model::{Actor, Id};
use store::{Error, Kinds, LetterState, LettersAsked, List, MAIL_JOB, Mailbox, MailboxLetter, Origin, Result, Work};

use crate::App;
use crate::jobs::{LONGEST_SLEEP, id};
use crate::queue::MESSAGES;
use crate::rejected::REJECTED;

/// Mailboxes that are looked into at once.
pub(crate) const AT_ONCE: usize = 4;
/// Records in which words are found that letters of the ledger are looked for by, at most.
const FOUND: usize = 500;

impl App {
    /// Lets mailboxes be at servers of networks that are not public, and on this machine.
    pub fn allow_private_mail(&self) {
        self.0.private_mail.store(true, Ordering::Relaxed);
    }

    fn private_mail(&self) -> Private {
        Private(self.0.private_mail.load(Ordering::Relaxed))
    }

    /// Connects to a mailbox, signs in and opens its folder; answers what is wrong, if anything is.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without the right to administer, [`Error::NotFound`]; [`Error::Conflict`] `mailbox_sandbox`:
    /// nothing leaves a sandbox.
    pub async fn try_mailbox(&self, actor: Actor, id: Id) -> Result<Option<ImapError>> {
        let read = move |work: &mut Work<'_>| {
            let mailbox = work.mailbox(id)?;
            if work.settings().sandbox {
                return Err(Error::conflict("mailbox_sandbox", "nothing leaves a sandbox: no mail server is asked"));
            }
            Ok((mailbox, work.mailbox_password(id)?.unwrap_or_default()))
        };
        let (mailbox, password) = self.workspace().read(actor, read).await?;
        match Imap::open(&settings(&mailbox, password), self.private_mail()).await {
            Ok(imap) => {
                imap.close().await;
                Ok(None)
            }
            Err(error) => Ok(Some(error)),
        }
    }

    /// Looks into mailboxes as they fall due, some at a time, until the future is dropped.
    pub(crate) async fn run_mail(&self) {
        let places = &self.0.looks;
        loop {
            while !self.workspace().knowledge().settings.sandbox
                && let Ok(place) = Arc::clone(places).try_acquire_owned()
            {
                match self.claim_next_mailbox().await {
                    Ok(Some((mailbox, password))) => {
                        let (app, id) = (self.clone(), mailbox.id);
                        tokio::spawn(async move {
                            let looked = app.look_into(mailbox, password).await;
                            // Whoever only waits keeps no other mailbox waiting.
                            drop(place);
                            let waited = match looked {
                                Ok(Some(imap)) => app.wait_in(imap, id).await,
                                Ok(None) => Ok(()),
                                Err(error) => Err(error),
                            };
                            if let Err(error) = waited {
                                tracing::error!(%error, "it cannot be noted how a mailbox stands");
                            }
                        });
                    }
                    Ok(None) => break,
                    Err(error) => {
                        tracing::error!(%error, "mailboxes cannot be looked into");
                        tokio::time::sleep(LONGEST_SLEEP).await;
                    }
                }
            }
            let is_full = places.available_permits() == 0;
            tokio::select! {
                _ = places.acquire(), if is_full => {}
                () = self.0.mail.notified(), if !is_full => {}
                () = self.until_mail_is_due(), if !is_full => {}
            }
        }
    }

    /// Sleeps until a mailbox is due, and not for long. In a sandbox what is due stays so.
    async fn until_mail_is_due(&self) {
        if self.workspace().knowledge().settings.sandbox {
            tokio::time::sleep(LONGEST_SLEEP).await;
        } else {
            self.until_due(Kinds::Only(&[MAIL_JOB])).await;
        }
    }

    /// Looks into the mailboxes that are due now, one after the other; answers how often.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn look_into_mailboxes(&self) -> Result<usize> {
        let mut looked = 0;
        while let Some((mailbox, password)) = self.claim_next_mailbox().await? {
            if let Some(imap) = self.look_into(mailbox, password).await? {
                imap.close().await;
            }
            looked += 1;
        }
        Ok(looked)
    }

    async fn claim_next_mailbox(&self) -> Result<Option<(Mailbox, String)>> {
        let take = |work: &mut Work<'_>| {
            while let Some(job) = work.due_job_of(Kinds::Only(&[MAIL_JOB]), work.now())? {
                work.finish_job(&job)?;
                let claimed = id(&job, "mailbox").map(|id| work.claim_mailbox(id)).transpose()?.flatten();
                if claimed.is_some() {
                    return Ok(claimed);
                }
            }
            Ok(None)
        };
        Ok(self.workspace().write(Actor::System("mail"), Origin::from("mail"), take).await?.0)
    }
}

/// Letters of a mailbox that are called so, by Message-ID or number, or in whose words that is found by the caller.
///
/// # Errors
/// As [`Work::mailbox_letters`].
pub fn letters_of(
    work: &mut Work<'_>,
    mailbox: Id,
    words: &str,
    state: Option<LetterState>,
    (before, limit): (Option<Id>, usize),
) -> Result<Vec<MailboxLetter>> {
    let words = words.trim();
    let mut text = None;
    if !words.is_empty() {
        let mut found = Vec::new();
        for module in [MESSAGES, REJECTED] {
            let list = List { text: Some(words.to_owned()), limit: FOUND, ..List::default() };
            match work.list(module, &list) {
                Ok(page) => found.extend(page.records.iter().map(|record| record.id)),
                Err(Error::Forbidden { .. } | Error::NotFound { .. } | Error::NoModule(_)) => {}
                Err(error) => return Err(error),
            }
        }
        text = Some((words.to_owned(), found));
    }
    work.mailbox_letters(mailbox, &LettersAsked { text, state, before, limit })
}

/// How a mailbox is reached.
fn settings(mailbox: &Mailbox, password: String) -> ImapSettings {
    let setup = &mailbox.setup;
    ImapSettings {
        host: setup.host.clone(),
        port: setup.port,
        security: Security::parse(&setup.security).unwrap_or(Security::Tls),
        login: setup.login.clone(),
        password,
        folder: setup.folder.clone(),
        certificate: setup.certificate.clone(),
    }
}
