//! What every handler knows.

use std::sync::Arc;

use app::App;
use axum::extract::FromRef;

use crate::limits::PublicLimit;
use crate::pages::Attempts;

/// The web door of an application; clones share it.
#[derive(Clone)]
pub struct Web {
    /// What users do.
    pub app: App,
    /// How often one address may knock at the public doors.
    pub(crate) limit: Arc<PublicLimit>,
    /// How many passwords are checked at once: each takes a core and 19 MB for a while.
    pub(crate) hashing: Arc<tokio::sync::Semaphore>,
    /// Failed sign-ins.
    pub(crate) attempts: Arc<Attempts>,
}

impl Web {
    /// The door to `app`; one address may send `per_minute` requests to the public pages and endpoints.
    #[must_use]
    pub fn new(app: App, per_minute: u32) -> Self {
        Self {
            app,
            limit: Arc::new(PublicLimit::new(per_minute)),
            hashing: Arc::new(tokio::sync::Semaphore::new(2)),
            attempts: Arc::new(Attempts::default()),
        }
    }
}

impl FromRef<Web> for App {
    fn from_ref(web: &Web) -> Self {
        web.app.clone()
    }
}
