//! How the workspace is set up, for both doors: the API and the pages say the same in bodies of the same form.

pub(crate) mod body;
pub(crate) mod organisation;
pub(crate) mod packs;
pub(crate) mod users;
