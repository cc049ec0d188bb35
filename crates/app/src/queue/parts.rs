//! What stands in the inbox, by who has it and whose turn it is.

use model::Module;

/// Messages that wait to be sorted: they came in and are about nothing yet …
const WAITING: &str =
    r#"direction == "in" && status == "received" && !has(about) && (!has(sorted) || sorted == "passed")"#;
/// … and nothing followed them in their conversation.
const NOT_FOLLOWED: &str = r#"turn != "past""#;
/// Messages that did not reach whoever should answer them.
const CAME_BACK: &str = r#"turn == "theirs" && status in ["failed", "bounced"]"#;

/// A part of the inbox. A conversation stands in it with its last message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What nobody has.
    Unassigned,
    /// What the reader has and what waits for them.
    Mine,
    /// What waits for us, whoever has it.
    Ours,
    /// What waits for the client.
    Theirs,
    /// What was set aside as nothing, and can be brought back.
    SetAside,
}

impl Part {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 5] = [Self::Unassigned, Self::Mine, Self::Ours, Self::Theirs, Self::SetAside];

    /// Whether these messages have it: packs of before conversations know of no turns.
    #[must_use]
    pub fn is_of(self, messages: &Module) -> bool {
        has_turns(messages) || matches!(self, Self::Unassigned | Self::SetAside)
    }

    /// The filter over messages that finds it, for the reader's rights to be added.
    #[must_use]
    pub fn filter(self, messages: &Module) -> String {
        if self == Self::Unassigned && !has_turns(messages) {
            return format!("{WAITING} && !has(owner)");
        }
        let waiting = format!("{WAITING} && {NOT_FOLLOWED}");
        let ours = format!(r#"({waiting} || turn == "ours" || {CAME_BACK})"#);
        match self {
            Self::Unassigned => format!("{waiting} && !has(owner)"),
            Self::Mine => format!("owner == me() && {ours}"),
            Self::Ours => ours,
            Self::Theirs => r#"turn == "theirs" && !(status in ["draft", "failed", "bounced"])"#.to_owned(),
            Self::SetAside => r#"direction == "in" && status == "set_aside""#.to_owned(),
        }
    }
}

fn has_turns(messages: &Module) -> bool {
    messages.field("turn").is_some()
}
