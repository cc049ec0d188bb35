//! The one clock. It ticks like the system's, plus an offset that only a sandbox moves, and only forward; a workspace that was
//! put back as it was left may be behind.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;

/// The workspace's clock; clones share it.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    /// Microseconds ahead of the system's clock; negative in a workspace that stands as it was left some time ago.
    offset: Arc<AtomicI64>,
}

impl Clock {
    /// A clock that is `offset` microseconds ahead.
    #[must_use]
    pub fn ahead(offset: i64) -> Self {
        Self { offset: Arc::new(AtomicI64::new(offset)) }
    }

    /// What the system's clock says, which no sandbox moves: the times of files on the disk are by it.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the system's clock")]
    pub fn of_the_system() -> Timestamp {
        Timestamp::now()
    }

    /// Now, to the microsecond.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let system = Self::of_the_system().as_microsecond();
        let moved = system.saturating_add(self.offset.load(Ordering::Acquire));
        Timestamp::from_microsecond(moved).unwrap_or(Timestamp::MAX)
    }

    /// Moves the clock forward so that it reads at least `instant`; answers the offset in microseconds.
    pub fn move_to(&self, instant: Timestamp) -> i64 {
        let now = self.now().as_microsecond();
        let before = self.offset.load(Ordering::Acquire);
        let wanted = before.saturating_add(instant.as_microsecond().saturating_sub(now));
        // The larger one stays, so that two who move it to one instant at once move it once.
        self.offset.fetch_max(wanted, Ordering::AcqRel).max(wanted)
    }

    /// Goes as far ahead as another program's clock of this workspace.
    pub(crate) fn keep_up(&self, offset: i64) {
        self.offset.fetch_max(offset, Ordering::AcqRel);
    }
}
