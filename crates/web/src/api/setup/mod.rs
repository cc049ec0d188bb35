//! How the workspace is set up: its organisation, its users and teams; and what users change of themselves.

pub(crate) mod absence;
pub(crate) mod lines;
pub(crate) mod mailboxes;
pub(crate) mod organisation;
pub(crate) mod own;
pub(crate) mod teams;
pub(crate) mod users;
pub(crate) mod views;
