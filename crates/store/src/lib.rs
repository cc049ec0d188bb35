//! The store: SQLite or PostgreSQL, queries under rights, the one write path with its change log, the search index,
//! identities, jobs, users. Nothing above it knows SQL.

mod access;
mod clock;
mod counters;
pub mod db;
mod error;
mod files;
mod history;
mod hooks;
mod idempotency;
mod jobs;
mod knowledge;
mod lines;
mod mailboxes;
mod notices;
pub mod operations;
mod patience;
mod people;
mod preferences;
mod privacy;
mod private;
mod probe;
mod process;
mod query;
mod rules;
mod sample;
pub mod schema;
mod search;
mod settings;
pub mod shape;
mod steps;
mod taken_in;
mod views;
mod webhooks;
mod work;
mod workspace;
mod write;

#[cfg(feature = "testing")]
pub mod testing;

pub use access::{Account, Author, Credentials, Handover, NewUser, Pass, Sight, Team, Token, UserChange, digest};
pub use clock::Clock;
pub use counters::space;
pub use db::{DbOptions, Location, LockKey};
pub use error::{Error, FAULTS_TOLD, FieldError, Result};
pub use files::{Fate, Files, Incoming, Lying};
pub use history::{
    Act, ActPart, Acts, ActsAsked, ChangeSet, Changed, Changes, Conflict, Conflicts, Course, Done, Glimpse, LastChange,
    Left, Logged, Moves, PastChanges, Phase, Services, Stage, Stand, Stays, Tail, Told, Touched, UNDO_JOB, Undo,
    Undoing, by_operation,
};
pub use idempotency::Answer;
pub use jobs::{Job, Kinds, PUT_ASIDE};
pub use knowledge::Knowledge;
pub use lines::{Line, LineSecrets, LineSetup};
pub use mailboxes::{
    LETTER_BEGUN, LetterNote, LetterPlace, LetterState, LettersAsked, MAIL_JOB, MARK_JOB, Mailbox, MailboxLetter,
    MailboxSetup, MailboxState, Readers, Seen, Visibility,
};
pub use notices::{Candidate, Inbox, MailChoice, NOTICE_LETTER, NOTICE_TEMPLATE, Notice, NoticeKind};
pub use patience::wait_after;
pub use people::{Person, Who};
pub use preferences::{Folds, Menu, NARROWEST_COLUMN, WIDEST_COLUMN, Widths};
pub use privacy::{Erased, Erasure, Foreseen, Held, PRIVACY_LIMIT, Story, Tie};
pub use private::{private_file, private_folder};
pub use process::{Judged, four_eyes};
pub use query::{
    COUNT_LIMIT, Counted, Group, Grouping, Groups, List, Page, Reach, Sort, Total, Witness, reads_now, seen_whole,
    sets_nothing_hidden,
};
pub use rules::{
    Moments, RULE_DATES_JOB, RULE_JOB, RULE_RESUME_JOB, RuleCause, RuleCounts, RuleReason, RuleRun, RuleState,
    RunState, Turn, Window, is_moment_still,
};
pub use search::{Colleague, Hit, lexemes, stem, words};
pub use settings::Settings;
pub use views::{Audience, Look, OwnFirst, SharedFirst, View, ViewChange, ViewName};
pub use webhooks::{NewWebhook, WEBHOOK_JOB, Webhook, WebhookState, WebhooksAsked};
pub use work::{Origin, Work};
pub use workspace::{OpenError, Reading, Workspace};
pub use write::{ChangeEntry, Draft, FieldChange, IdentityKind, Known, Operation};
