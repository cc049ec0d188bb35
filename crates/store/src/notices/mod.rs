//! What people are told of: that somebody mentions them, speaks of what they follow, hands them a record, moves one that
//! they follow. A notice is written in the transaction of its cause and holds no words of its own: what it shows is read
//! with it, under its reader's rights of that moment, so that nothing is told that may no longer be seen.

mod cause;
mod choice;
mod follow;
mod mention;
mod read;

pub use choice::MailChoice;
pub use mention::Candidate;
pub(crate) use mention::{called, note_words};
pub use read::Inbox;

use std::collections::BTreeMap;

use jiff::Timestamp;
use model::Id;

use crate::rules::RunState;

/// The module of what people say about records.
pub(crate) const COMMENTS: &str = "comments";

/// The module in which letters are kept.
pub(crate) const LETTERS: &str = "messages";

/// The template of a notice's letter. What is made from it is read by no user: it says what its addressee might see then.
pub const NOTICE_TEMPLATE: &str = "notification";

/// The kind of the job that sends a notice as a letter; its payload is `{"notification": ID}`.
pub const NOTICE_LETTER: &str = "notifications.letter";

/// What somebody is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoticeKind {
    /// A comment names them.
    Mention,
    /// A comment on a record that they follow.
    Comment,
    /// A record is theirs now.
    Assigned,
    /// A record that they follow moved to another stage.
    Stage,
    /// A rule tells them of a record.
    Rule,
    /// A rule, which they administer, has stopped or begins to fail.
    Trouble,
}

impl NoticeKind {
    /// Its name, as it is kept and as the API says it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Mention => "mention",
            Self::Comment => "comment",
            Self::Assigned => "assigned",
            Self::Stage => "stage",
            Self::Rule => "rule",
            Self::Trouble => "trouble",
        }
    }

    fn parse(name: &str) -> Self {
        let all = [Self::Mention, Self::Comment, Self::Assigned, Self::Stage, Self::Rule, Self::Trouble];
        all.into_iter().find(|kind| kind.name() == name).unwrap_or(Self::Comment)
    }

    /// Whether it is about its reader and not only about a record.
    #[must_use]
    pub fn is_personal(self) -> bool {
        matches!(self, Self::Mention | Self::Assigned | Self::Rule | Self::Trouble)
    }
}

/// A notice as its reader may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Its id.
    pub id: Id,
    /// Of what.
    pub kind: NoticeKind,
    /// Module of the record it is about.
    pub module: String,
    /// The record.
    pub record: Id,
    /// The comment that it is about.
    pub comment: Option<Id>,
    /// Whose doing it was; nothing where the product or somebody outside did it.
    pub actor: Option<Id>,
    /// The stages that the record went from and to.
    pub stages: Option<(String, String)>,
    /// The rule that did it.
    pub rule: Option<String>,
    /// Whether the rule asks its reader whether it may go on.
    pub asks: bool,
    /// What is wrong with the rule: the state of those of its runs that are to be looked at.
    pub trouble: Option<RunState>,
    /// How many more records of the module the same act handed over or moved.
    pub others: i64,
    /// When.
    pub at: Timestamp,
    /// Since when its reader knows.
    pub read_at: Option<Timestamp>,
}

/// What one work has told so far, or found told a moment ago, by reader, kind and module, or the rule that is in trouble: where
/// somebody is told of very many records, the last notice counts the others.
pub(crate) type Told = BTreeMap<(Id, NoticeKind, String), (Id, usize)>;
