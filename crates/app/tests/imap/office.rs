//! An office with a mailbox.

use std::time::{Duration, Instant};

use app::mail::letters_of;
use channels::testing::ImapServer;
use jiff::{SignedDuration, Timestamp};
use model::{Actor, Id, Record};
use store::{MailboxLetter, MailboxSetup, Origin, Readers, Visibility, Work};
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;

use crate::world::{World, offices};

/// The office and its mail server.
pub(crate) struct Office {
    pub(crate) world: World,
    pub(crate) server: ImapServer,
    runtime: Runtime,
}

/// Runs a test in a fresh office on each database.
pub(crate) fn in_both(test: impl Fn(&Office)) {
    for database in offices() {
        eprintln!("on {}", database.name);
        let world = World::with_mail(database, None);
        world.app.allow_private_mail();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        test(&Office { world, server: ImapServer::start(), runtime });
    }
}

impl Office {
    /// The inbox of the server, under TLS, with all that it has.
    pub(crate) fn setup(&self, name: &str) -> MailboxSetup {
        MailboxSetup {
            name: name.to_owned(),
            host: "localhost".to_owned(),
            port: self.server.tls,
            security: "tls".to_owned(),
            login: "ivan".to_owned(),
            folder: "INBOX".to_owned(),
            certificate: Some(self.server.certificate.clone()),
            owner: None,
            since: "2000-01-01T00:00:00Z".parse::<Timestamp>().unwrap(),
            active: true,
            visibility: Visibility::Full,
            readers: Readers::default(),
        }
    }

    pub(crate) fn add(&self, setup: MailboxSetup) -> Id {
        self.world.by("administrator", move |_, work| work.add_mailbox(&setup, "secret")).unwrap().0
    }

    pub(crate) fn mailbox(&self) -> Id {
        self.add(self.setup("Заявки"))
    }

    /// Looks into all mailboxes, whether they are due or not.
    pub(crate) fn look(&self) {
        let ask = |work: &mut Work<'_>| {
            for mailbox in work.mailboxes()?.iter().filter(|mailbox| mailbox.setup.active) {
                work.look_into_mailbox(mailbox.id)?;
            }
            Ok(())
        };
        self.world.by("administrator", move |_, work| ask(work)).unwrap();
        self.runtime.block_on(self.world.app.look_into_mailboxes()).unwrap();
    }

    /// Does what the program does, until the answer is aborted.
    pub(crate) fn run(&self) -> JoinHandle<()> {
        let app = self.world.app.clone();
        self.runtime.spawn(async move { app.run_jobs().await })
    }

    /// Waits until something is so, and not for ever.
    pub(crate) fn until(&self, what: &str, is_so: impl Fn() -> bool) {
        let begun = Instant::now();
        while !is_so() {
            assert!(begun.elapsed() < Duration::from_secs(30), "{what}");
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// Looks for so long, as a program does that is killed then; and comes to the time at which another would take it up.
    pub(crate) fn look_until(&self, killed: Duration) {
        let app = self.world.app.clone();
        self.runtime.block_on(async move {
            let _ = tokio::time::timeout(killed, app.look_into_mailboxes()).await;
        });
        let workspace = self.world.app.workspace();
        workspace.move_clock(workspace.clock().now() + SignedDuration::from_mins(6)).unwrap();
    }

    pub(crate) fn try_out(&self, mailbox: Id) -> Option<&'static str> {
        let told = self.runtime.block_on(self.world.app.try_mailbox(self.world.user("administrator"), mailbox));
        told.unwrap().map(|wrong| wrong.code)
    }

    pub(crate) fn ledger(&self, mailbox: Id) -> Vec<MailboxLetter> {
        self.find(mailbox, "")
    }

    pub(crate) fn find(&self, mailbox: Id, words: &str) -> Vec<MailboxLetter> {
        let words = words.to_owned();
        let read = move |work: &mut Work<'_>| letters_of(work, mailbox, &words, None, (None, 500));
        self.world.app.workspace().read_blocking(self.world.user("administrator"), read).unwrap()
    }

    /// What became of the letters of a mailbox, the oldest first.
    pub(crate) fn became(&self, mailbox: Id) -> Vec<&'static str> {
        self.ledger(mailbox).iter().rev().map(|letter| letter.state.name()).collect()
    }

    /// Messages that came in.
    pub(crate) fn arrived(&self) -> Vec<Record> {
        let all = self.world.all("messages");
        all.into_iter().filter(|message| message.text("direction") == Some("in")).collect()
    }

    pub(crate) fn write<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut Work<'_>) -> store::Result<T> + Send + 'static,
    ) -> T {
        self.world.app.workspace().write_blocking(Actor::System("test"), Origin::from("job"), work).unwrap()
    }
}

/// A letter with a head of its own, as somebody writes it.
pub(crate) fn letter(number: u32, head: &str, text: &str) -> String {
    format!(
        "From: =?utf-8?B?0JDQvdC90LAg0JrQvtGC0L7QstCw?= <kotova@romashka.example>\nTo: office@example.org\n\
         Subject: Letter {number}\nMessage-ID: <letter-{number}@romashka.example>\n\
         Date: Tue, 13 Apr 2027 12:00:00 +0300\n{head}Content-Type: text/plain; charset=utf-8\n\n{text}\n"
    )
}
