//! What is drawn of a process, in words, before anything has its place.

/// States from top to bottom, and the moves between them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Graph {
    /// The states of the path in its order, behind them the ends.
    pub(crate) nodes: Vec<Node>,
    pub(crate) moves: Vec<Move>,
}

/// A state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Node {
    pub(crate) label: String,
    pub(crate) facts: Vec<Fact>,
    /// `good`, `warn`, `bad`, `cold`, `acc` or nothing.
    pub(crate) tone: &'static str,
    pub(crate) is_end: bool,
    /// Whether records begin here.
    pub(crate) is_start: bool,
    pub(crate) mark: Mark,
}

/// What is to be seen of a state at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Mark {
    /// Nothing.
    #[default]
    None,
    /// Most time is lost here.
    Slow,
    /// The record has been here.
    Gone,
    /// The record is here.
    Here,
    /// The record has never been here.
    Unseen,
}

/// A line under the name of a state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fact {
    pub(crate) text: String,
    /// A clock stands before it.
    pub(crate) is_timer: bool,
}

/// A move, by the places of its states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Move {
    pub(crate) from: Vec<usize>,
    pub(crate) to: usize,
    pub(crate) label: String,
    /// It happens by itself.
    pub(crate) is_own: bool,
    /// The record was moved along it.
    pub(crate) is_gone: bool,
}
