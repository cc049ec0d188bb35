//! What users do: records and their processes, letters, jobs, set-up, rehearsal. The doors (HTTP, command line) call this;
//! it calls the typed services and the store.

pub mod attachments;
pub mod attendee_list;
mod by_state;
pub mod cases;
mod consents;
pub mod convert;
pub mod demo;
mod drawing;
mod erased;
mod forget;
pub mod forms;
mod groups;
pub mod hooks;
mod intake;
mod invoices;
mod jobs;
mod letters;
mod logo;
pub mod mail;
pub mod notices;
mod pace;
pub mod packs;
pub mod papers;
pub mod passwords;
mod pictures;
mod present;
pub mod privacy;
pub mod quality;
pub mod queue;
pub mod records;
pub mod rehearsal;
pub mod rejected;
pub mod requests;
pub mod rules;
pub mod sample;
pub mod secrets;
pub mod setup;
pub mod shape;
pub mod short;
pub mod site_letters;
pub mod spreadsheet;
pub mod surveys;
pub mod telephone;
mod tickets;
pub mod timeline;
pub mod transitions;
mod undo;
mod webhooks;
pub mod writing;

use std::sync::Arc;

use channels::smtp::Smtp;
use documents::Renderer;
use drawing::Drawing;
use store::{Files, Workspace};
use ticketing::Ticketing;

pub use drawing::DrawingError;
pub use letters::{LettersByTemplate, Sender, senders, variables};
pub use logo::LOGO_TYPES;
pub use present::{Shape, Shown, ShownRecord, plain, present, shown};
pub use tickets::{TicketFile, TicketFileError, is_document_seen};

/// A workspace with everything that works in it; clones share it.
#[derive(Clone)]
pub struct App(Arc<Parts>);

struct Parts {
    workspace: Workspace,
    ticketing: Ticketing,
    drawing: Arc<Drawing>,
    smtp: Option<Smtp>,
    files: Files,
    /// Jobs run one after the other, so that a rehearsal sees them in order; with those that are noted as begun.
    runner: tokio::sync::Mutex<Vec<jobs::Begun>>,
    /// Told when jobs were put on the queue, for the loop that delivers letters.
    outbox: tokio::sync::Notify,
    /// The same for the loop that delivers webhooks, …
    webhooks: tokio::sync::Notify,
    /// … for the one that delivers short messages, …
    texting: tokio::sync::Notify,
    /// … for the one that asks for the answers of requests, …
    fetching: tokio::sync::Notify,
    /// … and for the one that looks into mailboxes.
    mail: tokio::sync::Notify,
    /// Places for letters on their way …
    deliveries: Arc<tokio::sync::Semaphore>,
    /// … for webhooks, …
    calls: Arc<tokio::sync::Semaphore>,
    /// … for short messages, …
    shorts: Arc<tokio::sync::Semaphore>,
    /// … for requests whose answers are asked for, …
    fetches: Arc<tokio::sync::Semaphore>,
    /// … and for looks into mailboxes.
    looks: Arc<tokio::sync::Semaphore>,
    /// Whether webhooks go to this machine, too.
    loopback: std::sync::atomic::AtomicBool,
    /// Whether mailboxes may be at servers that are not public.
    private_mail: std::sync::atomic::AtomicBool,
    /// Whether it runs over a copy of a workspace: what happens there is told to whoever rehearses, and not to the log.
    is_copy: std::sync::atomic::AtomicBool,
    /// Whether somebody looks for what is to be forgotten.
    forgets: std::sync::atomic::AtomicBool,
    /// How fast letters go.
    pace: pace::Pace,
    /// What seals the pages of forms, …
    stamps: forms::Stamps,
    /// … and how many came by each lately.
    rush: forms::Rush,
    /// Taken by whoever rehearses a change: copies take memory and time.
    rehearsing: Arc<tokio::sync::Mutex<()>>,
}

/// What an application needs of the machine it runs on.
#[derive(Clone, Debug)]
pub struct Doors {
    /// Where people reach it, for the links in letters.
    pub public_url: String,
    /// The mail server; without one letters wait in the outbox.
    pub smtp: Option<Smtp>,
    /// Where drawn documents are kept.
    pub files: Files,
}

impl App {
    /// Puts the parts together.
    ///
    /// # Errors
    /// When the fonts for documents cannot be read.
    pub fn new(workspace: Workspace, doors: Doors) -> Result<Self, documents::DocumentError> {
        let Doors { public_url, smtp, files } = doors;
        let ticketing = Ticketing::new(Arc::new(LettersByTemplate), &public_url);
        let drawing = Arc::new(Drawing::new(Renderer::new(assets::document_fonts().iter().copied())?));
        Ok(Self::of(workspace, ticketing, drawing, smtp, files))
    }

    fn of(workspace: Workspace, ticketing: Ticketing, drawing: Arc<Drawing>, smtp: Option<Smtp>, files: Files) -> Self {
        Self(Arc::new(Parts {
            workspace,
            ticketing,
            drawing,
            smtp,
            files,
            runner: tokio::sync::Mutex::new(Vec::new()),
            outbox: tokio::sync::Notify::new(),
            webhooks: tokio::sync::Notify::new(),
            texting: tokio::sync::Notify::new(),
            fetching: tokio::sync::Notify::new(),
            mail: tokio::sync::Notify::new(),
            deliveries: Arc::new(tokio::sync::Semaphore::new(jobs::AT_ONCE)),
            calls: Arc::new(tokio::sync::Semaphore::new(webhooks::AT_ONCE)),
            shorts: Arc::new(tokio::sync::Semaphore::new(short::AT_ONCE)),
            fetches: Arc::new(tokio::sync::Semaphore::new(requests::AT_ONCE)),
            looks: Arc::new(tokio::sync::Semaphore::new(mail::AT_ONCE)),
            loopback: std::sync::atomic::AtomicBool::new(false),
            private_mail: std::sync::atomic::AtomicBool::new(false),
            is_copy: std::sync::atomic::AtomicBool::new(false),
            forgets: std::sync::atomic::AtomicBool::new(false),
            pace: pace::Pace::default(),
            stamps: forms::Stamps::default(),
            rush: forms::Rush::default(),
            rehearsing: Arc::default(),
        }))
    }

    /// The store.
    #[must_use]
    pub fn workspace(&self) -> &Workspace {
        &self.0.workspace
    }

    /// Seats, orders, tickets.
    #[must_use]
    pub fn ticketing(&self) -> &Ticketing {
        &self.0.ticketing
    }
}
