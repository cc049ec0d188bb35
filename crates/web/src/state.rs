//! What every handler knows.

use std::ops::Deref;
use std::sync::Arc;

use app::App;
use axum::extract::FromRef;

use crate::acting::Acting;
use crate::attempts::Attempts;
use crate::hashing::Hashing;
use crate::limits::PublicLimit;
use crate::live::{Feed, Places};
use crate::proxies::{Network, Proxies};

/// The web door of an application; clones share it. Every layer and handler of a request takes one, so it is one pointer.
#[derive(Clone)]
pub struct Web(Arc<Door>);

/// What stands behind the door.
#[derive(Clone)]
pub struct Door {
    /// What users do.
    pub app: App,
    /// How often one address may knock at the public doors.
    pub(crate) limit: Arc<PublicLimit>,
    /// The proxies whose word about addresses holds.
    pub(crate) proxies: Arc<Proxies>,
    /// Turns at passwords.
    pub(crate) hashing: Arc<Hashing>,
    /// Taken by whoever moves the clock of a rehearsal.
    pub(crate) rehearsal: Arc<tokio::sync::Mutex<()>>,
    /// When the database last took a row; whoever asks at the same time waits for the one answer.
    pub(crate) probed: Arc<tokio::sync::Mutex<Option<std::time::Instant>>>,
    /// Failed sign-ins.
    pub(crate) attempts: Arc<Attempts>,
    /// Whose act on many records is under way.
    pub(crate) acting: Acting,
    /// The one who reads the log for those who listen.
    pub(crate) feed: Arc<Feed>,
    /// Who listens.
    pub(crate) places: Places,
}

impl Web {
    /// The door to `app`; one address may send `per_minute` requests to the public pages and endpoints.
    #[must_use]
    pub fn new(app: App, per_minute: u32) -> Self {
        Self(Arc::new(Door {
            app,
            limit: Arc::new(PublicLimit::new(per_minute)),
            proxies: Arc::default(),
            hashing: Arc::default(),
            rehearsal: Arc::default(),
            probed: Arc::default(),
            attempts: Arc::new(Attempts::default()),
            acting: Acting::default(),
            feed: Arc::default(),
            places: Places::default(),
        }))
    }

    /// The same behind proxies at these addresses, which say who is behind them. One on this machine is always believed.
    #[must_use]
    pub fn behind(self, proxies: Vec<Network>) -> Self {
        Self(Arc::new(Door { proxies: Arc::new(Proxies::new(proxies)), ..Door::clone(&self) }))
    }
}

impl Deref for Web {
    type Target = Door;

    fn deref(&self) -> &Door {
        &self.0
    }
}

impl FromRef<Web> for App {
    fn from_ref(web: &Web) -> Self {
        web.app.clone()
    }
}
