//! Changes as they happen: one reader of the log for the whole program, and for each listener a stream of what they may
//! hear of. How pages use it is the script's business (`assets/web/src/ts/changes.ts`).

mod feed;
mod heard;
mod only;
mod places;
mod stream;

pub(crate) use feed::Feed;
pub(crate) use only::{asked, narrowed};
pub(crate) use places::Places;
pub(crate) use stream::stream;

use tokio::sync::watch;

/// Turns true when the program is asked to stop: streams end by themselves, they would be waited for.
#[derive(Clone, Debug)]
pub(crate) struct Closing(pub(crate) watch::Receiver<bool>);
