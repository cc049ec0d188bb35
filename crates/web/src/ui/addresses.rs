//! Addresses that every page leads to.

/// What one is told of.
pub(crate) const NOTICES: &str = "/notifications";
/// First steps.
pub(crate) const START: &str = "/start";
/// The first page of the settings.
pub(crate) const ORGANISATION: &str = "/settings/organisation";
/// All manuals.
pub(crate) const HELP: &str = "/help";
/// All saved views.
pub(crate) const VIEWS: &str = "/views";
/// The order of one's own menu.
pub(crate) const OWN_MENU: &str = "/me/menu";
/// One's own profile.
pub(crate) const ME: &str = "/me";
/// What was done lately.
pub(crate) const ACTS: &str = "/undo";
/// The queue of what came in and is nobody's yet.
pub(crate) const QUEUE: &str = "/messages/queue";
