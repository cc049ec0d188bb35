//! Addresses that every page leads to.

/// What one is told of.
pub(crate) const NOTICES: &str = "/notifications";
/// First steps.
pub(crate) const START: &str = "/start";
/// The first page of the settings.
pub(crate) const ORGANISATION: &str = "/settings/organisation";
/// Where the pages of modules stand.
pub(crate) const MODULES: &str = "/settings/modules";
/// Where the pages of processes stand.
pub(crate) const PROCESSES: &str = "/settings/processes";
/// Where the pages of roles stand.
pub(crate) const ROLES: &str = "/settings/roles";
/// Where the pages of rules stand.
pub(crate) const RULES: &str = "/settings/rules";
/// Where the pages of surveys stand.
pub(crate) const SURVEYS: &str = "/settings/surveys";
/// Where the pages of forms stand.
pub(crate) const FORMS: &str = "/settings/forms";
/// Where the pages of letters stand.
pub(crate) const LETTERS: &str = "/settings/letters";
/// Where the pages of mailboxes stand.
pub(crate) const MAILBOXES: &str = "/settings/mailboxes";
/// Where the pages of letters of sites stand.
pub(crate) const SITE_LETTERS: &str = "/settings/site-letters";
/// Where the pages of telephone lines stand.
pub(crate) const LINES: &str = "/settings/lines";
/// Where the pages of lines stand that bring requests.
pub(crate) const REQUESTS: &str = "/settings/requests";
/// What rules sent outside.
pub(crate) const WEBHOOKS: &str = "/settings/webhooks";
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
/// The inbox: what came in and is nobody's yet, who has it, and what waits for whom.
pub(crate) const QUEUE: &str = "/messages/queue";
