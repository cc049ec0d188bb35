//! Which notices go to somebody by letter as well.

use super::NoticeKind;

/// What of the notices goes to their reader by letter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MailChoice {
    /// Nothing.
    None,
    /// What is about its reader: mentions and records that are theirs now.
    #[default]
    Personal,
    /// Everything.
    All,
}

impl MailChoice {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::None, Self::Personal, Self::All];

    /// Its name, as it is kept and as the API says it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Personal => "personal",
            Self::All => "all",
        }
    }

    /// The choice of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.name() == name)
    }

    /// Whether a notice of this kind goes by letter.
    #[must_use]
    pub fn wants(self, kind: NoticeKind) -> bool {
        match self {
            Self::None => false,
            Self::Personal => kind.is_personal(),
            Self::All => true,
        }
    }
}
