//! What stands in the inbox, by who has it and whose turn it is.

/// Messages that wait to be sorted: they came in, are about nothing yet, and nothing followed them in their conversation.
const WAITING: &str = r#"direction == "in" && status == "received" && !has(about) && (!has(sorted) || sorted == "passed") && turn != "past""#;
/// Letters that did not reach whoever should answer them.
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

    /// The filter over messages that finds it, for the reader's rights to be added.
    #[must_use]
    pub fn filter(self) -> String {
        let ours = format!(r#"({WAITING} || turn == "ours" || {CAME_BACK})"#);
        match self {
            Self::Unassigned => format!("{WAITING} && !has(owner)"),
            Self::Mine => format!("owner == me() && {ours}"),
            Self::Ours => ours,
            Self::Theirs => r#"turn == "theirs" && status in ["queued", "sending", "sent"]"#.to_owned(),
            Self::SetAside => r#"direction == "in" && status == "set_aside""#.to_owned(),
        }
    }
}
