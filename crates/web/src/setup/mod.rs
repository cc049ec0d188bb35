//! How the workspace is set up, for both doors: the API and the pages say the same in bodies of the same form.

pub(crate) mod body;
pub(crate) mod lines;
pub(crate) mod mailboxes;
mod menu;
pub(crate) mod organisation;
pub(crate) mod own;
pub(crate) mod packs;
pub(crate) mod teams;
pub(crate) mod trial;
pub(crate) mod users;
