//! Bytes that no record speaks of: refused uploads, files that were removed for good, alone or with their record. They wait
//! before they go, so that an undo still finds them.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;
use model::module::FILES;
use model::{Actor, Value};
use store::{Clock, Draft, Error, Fate, Files, LockKey, Lying, Result, Work, space};

use super::{AttachedError, on_disk};
use crate::App;

/// How often is swept.
const EVERY: Duration = Duration::from_secs(60 * 60);
/// Digests that one statement asks for.
const AT_ONCE: usize = 500;

/// What a sweep did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Bytes that nobody speaks of any more: they wait.
    pub loose: usize,
    /// Bytes that waited and are spoken of again.
    pub back: usize,
    /// Bytes that waited long enough and are gone.
    pub gone: usize,
    /// Uploads and documents that were begun and never ended.
    pub unfinished: usize,
}

impl Swept {
    fn note(&mut self, fate: Fate) {
        match fate {
            Fate::Stayed => {}
            Fate::SetLoose => self.loose += 1,
            Fate::PutBack => self.back += 1,
            Fate::Removed => self.gone += 1,
        }
    }

    fn and(self, other: Self) -> Self {
        Self {
            loose: self.loose + other.loose,
            back: self.back + other.back,
            gone: self.gone + other.gone,
            unfinished: self.unfinished + other.unfinished,
        }
    }
}

impl App {
    /// Sweeps from time to time, until the future is dropped.
    pub(crate) async fn run_sweeps(&self) {
        loop {
            tokio::time::sleep(EVERY).await;
            match self.sweep_files(Clock::of_the_system()).await {
                Ok(swept) if swept == Swept::default() => {}
                Ok(Swept { loose, back, gone, unfinished }) => {
                    tracing::info!(loose, back, gone, unfinished, "files were swept");
                }
                Err(error) => tracing::error!(%error, "files cannot be swept"),
            }
        }
    }

    /// Sweeps the files at the time `now` of the system's clock. In quarantine nothing is swept: what the database speaks
    /// of may not be what its owner wants it to.
    ///
    /// # Errors
    /// When the database fails or the disk refuses.
    pub async fn sweep_files(&self, now: Timestamp) -> std::result::Result<Swept, AttachedError> {
        let files = self.0.files.clone();
        let mut swept = Swept::default();
        let lying = on_disk(move || files.lying(now)).await?;
        for some in lying.chunks(AT_ONCE).map(<[Lying]>::to_vec) {
            let Some(spoken_of) = self.spoken_of(&some).await? else { return Ok(swept) };
            let files = self.0.files.clone();
            swept = swept.and(on_disk(move || settle(&files, &some, &spoken_of, now)).await?);
        }
        let files = self.0.files.clone();
        swept.unfinished = on_disk(move || files.clear_unfinished(now)).await?;
        Ok(swept)
    }

    async fn spoken_of(&self, bytes: &[Lying]) -> Result<Option<BTreeSet<String>>> {
        let digests: Vec<String> = bytes.iter().map(|bytes| bytes.digest.clone()).collect();
        let ask = move |work: &mut Work<'_>| match work.quarantine()? {
            Some(_) => Ok(None),
            None => work.spoken_of(&digests),
        };
        self.workspace().read(Actor::System("files"), ask).await
    }

    /// Fails where a file is about to be made again whose bytes are gone.
    pub(crate) fn has_bytes(&self, work: &mut Work<'_>, module: &str, draft: &Draft) -> Result<()> {
        let (true, Some(Value::Text(digest))) = (module == FILES, draft.values.get("digest")) else { return Ok(()) };
        if self.keeps(work, &[digest])? {
            return Ok(());
        }
        Err(Error::field("digest", "bytes_gone", "what was in the file is gone for good"))
    }

    /// Whether bytes are there and stay until the transaction ends that is about to speak of them.
    pub(super) fn keeps(&self, work: &mut Work<'_>, digests: &[&str]) -> Result<bool> {
        let turns: Vec<LockKey> = digests.iter().map(|digest| turn_of(digest)).collect();
        work.lock(&turns)?;
        for digest in digests {
            match self.0.files.lasts(digest, Clock::of_the_system()) {
                Ok(true) => {}
                Ok(false) => return Ok(false),
                Err(error) => {
                    tracing::error!(%error, "it cannot be seen whether a file is there");
                    return Err(Error::conflict("not_kept", "the disk refuses"));
                }
            }
        }
        Ok(true)
    }
}

/// What those take turns on who speak of the same bytes, and who remove them at once.
pub(crate) fn turn_of(digest: &str) -> LockKey {
    LockKey::new(space::FILE, digest)
}

fn settle(files: &Files, bytes: &[Lying], spoken_of: &BTreeSet<String>, now: Timestamp) -> std::io::Result<Swept> {
    let mut swept = Swept::default();
    for bytes in bytes {
        swept.note(files.settle(bytes, spoken_of.contains(&bytes.digest), now)?);
    }
    Ok(swept)
}
