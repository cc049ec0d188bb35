//! What no record speaks of any more. It is not removed at once: it is set loose, can still be read, and is put back when a
//! record speaks of it again, which an undo may bring about; only after a long while it is gone.
//!
//! Files carry the times of the system's clock: their age is told by that and not by a clock that a rehearsal moves.

use std::fs::{File, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};

use super::{ATTACHED, Files, PART, attached, is_name};
use crate::private::private_folder;

/// Where what no record speaks of waits.
const LOOSE: &str = "loose";
/// What is younger may be on its way to a record: it was taken in, and the transaction that speaks of it has not ended.
const UNDER_WAY: SignedDuration = SignedDuration::from_hours(24);
/// How long bytes wait after nobody has spoken of them any more.
const TO_BE_KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);
/// What has less than this left to wait is no longer counted on: no transaction takes so long.
const LAST_CALL: SignedDuration = SignedDuration::from_hours(1);

/// Bytes that were attached, as they lie on the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lying {
    /// Their digest.
    pub digest: String,
    /// How many there are.
    pub size: u64,
    /// Whether they were set loose.
    pub is_loose: bool,
    age: SignedDuration,
}

/// What became of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// They stay where they are.
    Stayed,
    /// No record speaks of them: they wait now.
    SetLoose,
    /// A record speaks of them again.
    PutBack,
    /// They have waited long enough.
    Removed,
}

impl Files {
    /// All bytes that were attached, at the time `now` of the system's clock.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn lying(&self, now: Timestamp) -> io::Result<Vec<Lying>> {
        let mut all = Vec::new();
        for (folder, _) in entries(&self.root().join(ATTACHED))?.iter().filter(|(_, about)| about.is_dir()) {
            collect(folder, false, now, &mut all)?;
        }
        collect(&self.root().join(LOOSE), true, now, &mut all)?;
        Ok(all)
    }

    /// Settles what becomes of bytes, by whether a record speaks of them.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn settle(&self, bytes: &Lying, is_spoken_of: bool, now: Timestamp) -> io::Result<Fate> {
        let (place, loose) = (self.path(&attached(&bytes.digest))?, self.path(&loose(&bytes.digest))?);
        let done = match (bytes.is_loose, is_spoken_of) {
            (true, true) => moved(&loose, &place).map(|()| Fate::PutBack),
            (true, false) if bytes.age >= TO_BE_KEPT => std::fs::remove_file(loose).map(|()| Fate::Removed),
            // From now on it waits.
            (false, false) if bytes.age >= UNDER_WAY => {
                aged(&place, now).and_then(|()| moved(&place, &loose)).map(|()| Fate::SetLoose)
            }
            _ => return Ok(Fate::Stayed),
        };
        // Another program on the same folder was faster.
        done.or_else(|error| if is_missing(&error) { Ok(Fate::Stayed) } else { Err(error) })
    }

    /// Whether bytes are there and stay for as long as a transaction may take that is about to speak of them.
    ///
    /// # Errors
    /// When the disk refuses, or the digest is none.
    pub fn lasts(&self, digest: &str, now: Timestamp) -> io::Result<bool> {
        // Loose ones are looked for last: what is set loose between the looks waits from now on.
        Ok(self.path(&attached(digest))?.try_exists()? || self.waits(digest, now)?)
    }

    fn waits(&self, digest: &str, now: Timestamp) -> io::Result<bool> {
        match std::fs::metadata(self.path(&loose(digest))?) {
            Ok(about) => Ok(age(&about, now)? < TO_BE_KEPT - LAST_CALL),
            Err(error) if is_missing(&error) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Removes what was begun and not ended, such as by a program that was killed; answers how much.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn clear_unfinished(&self, now: Timestamp) -> io::Result<usize> {
        let mut cleared = 0;
        for (path, about) in unfinished(self.root())? {
            if age(&about, now)? < UNDER_WAY {
                continue;
            }
            match std::fs::remove_file(path) {
                Ok(()) => cleared += 1,
                Err(error) if is_missing(&error) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(cleared)
    }
}

/// The name of what is loose under a digest.
pub(super) fn loose(digest: &str) -> String {
    format!("{LOOSE}/{digest}")
}

/// Where else the bytes may lie that were seen under a name; nothing for other files.
pub(super) fn elsewhere(name: &str) -> Option<String> {
    let digest = name.rsplit('/').next()?;
    [(loose(digest), attached(digest)), (attached(digest), loose(digest))]
        .into_iter()
        .find_map(|(here, there)| (here == name).then_some(there))
}

fn collect(folder: &Path, is_loose: bool, now: Timestamp, all: &mut Vec<Lying>) -> io::Result<()> {
    for (path, about) in entries(folder)? {
        let name =
            path.file_name().and_then(|name| name.to_str()).filter(|name| is_name(name) && !name.ends_with(PART));
        if let (Some(digest), true) = (name, about.is_file()) {
            all.push(Lying { digest: digest.to_owned(), size: about.len(), is_loose, age: age(&about, now)? });
        }
    }
    Ok(())
}

fn unfinished(folder: &Path) -> io::Result<Vec<(PathBuf, Metadata)>> {
    let mut found = Vec::new();
    for (path, about) in entries(folder)? {
        if about.is_dir() {
            found.extend(unfinished(&path)?);
        } else if path.to_string_lossy().ends_with(PART) {
            found.push((path, about));
        }
    }
    Ok(found)
}

/// What is in a folder; what goes away meanwhile is not.
fn entries(folder: &Path) -> io::Result<Vec<(PathBuf, Metadata)>> {
    let there = match std::fs::read_dir(folder) {
        Err(error) if is_missing(&error) => return Ok(Vec::new()),
        there => there?,
    };
    let mut entries = Vec::new();
    for entry in there {
        let entry = entry?;
        match entry.metadata() {
            Ok(about) => entries.push((entry.path(), about)),
            Err(error) if is_missing(&error) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(entries)
}

fn moved(from: &Path, to: &Path) -> io::Result<()> {
    if let Some(folder) = to.parent() {
        private_folder(folder)?;
    }
    std::fs::rename(from, to)
}

fn aged(path: &Path, since: Timestamp) -> io::Result<()> {
    File::options().write(true).open(path)?.set_modified(since.into())
}

fn age(about: &Metadata, now: Timestamp) -> io::Result<SignedDuration> {
    let since = Timestamp::try_from(about.modified()?).map_err(io::Error::other)?;
    Ok(now.duration_since(since))
}

fn is_missing(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::NotFound
}
