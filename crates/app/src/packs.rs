//! Packs on their way in and out: those that ship, those in folders, and how two differ.

mod bundle;
mod folder;
mod unfit;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;

use channels::letters::render;
use model::Locale;
use model::pack::{Pack, PackError};
use model::process::Timer;
use model::rule::Action;
use serde_json::Value as Json;
use store::shape::{Edit, ShapeError};
use ticketing::{LETTERS, Ticketing};

pub use bundle::{bundle, unbundle};

/// `pack/folder/file` and its text, for every file of every pack that ships.
const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/packs.rs"));

/// Why a pack cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum PackFileError {
    /// The folder cannot be read or written.
    #[error("{path}: {source}")]
    Io {
        /// Where.
        path: String,
        /// Why.
        source: io::Error,
    },
    /// The files are no pack.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Pack(Vec<PackError>),
    /// No pack of that name ships.
    #[error("no pack {0:?} ships with this program; there are {1}. A folder or file is given by its path")]
    Unknown(String, String),
}

/// Names of the packs that ship, each after those it needs.
#[must_use]
pub fn shipped() -> Vec<&'static str> {
    let names: BTreeSet<_> = FILES.iter().filter_map(|(path, _)| path.split_once('/')).map(|(name, _)| name).collect();
    let mut ordered = Vec::new();
    for &name in &names {
        behind_needs(name, &names, &mut ordered);
    }
    ordered
}

fn behind_needs(name: &'static str, names: &BTreeSet<&'static str>, ordered: &mut Vec<&'static str>) {
    if ordered.contains(&name) {
        return;
    }
    for needed in needs(name) {
        if let Some(needed) = names.get(needed.as_str()) {
            behind_needs(needed, names, ordered);
        }
    }
    ordered.push(name);
}

/// What a pack that ships needs, by its manifest alone.
fn needs(name: &str) -> Vec<String> {
    let manifest = FILES.iter().find(|(path, _)| path.strip_prefix(name) == Some("/pack.toml"));
    let files = manifest.map(|(_, text)| BTreeMap::from([("pack.toml".to_owned(), (*text).to_owned())]));
    files.and_then(|files| Pack::read(files).ok()).map(|pack| pack.manifest.requires).unwrap_or_default()
}

/// The pack called `name` behind those it needs, as [`find`] finds them.
///
/// # Errors
/// As [`find`].
pub fn with_needs(name: &str) -> Result<Vec<Pack>, PackFileError> {
    let mut wanted = Vec::new();
    add_with_needs(name, &mut wanted)?;
    Ok(wanted)
}

/// Adds a pack behind those it needs, each once.
pub(crate) fn add_with_needs(name: &str, wanted: &mut Vec<Pack>) -> Result<(), PackFileError> {
    let pack = find(name)?;
    if wanted.iter().any(|there| there.manifest.name == pack.manifest.name) {
        return Ok(());
    }
    for needed in &pack.manifest.requires {
        add_with_needs(needed, wanted)?;
    }
    wanted.push(pack);
    Ok(())
}

/// What becomes of a pack that is older than the one of its name that is applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Older {
    /// It is refused.
    Refused,
    /// It is taken, as whoever asks for it means it.
    Taken,
}

/// What applying a pack does where these are there. Packs that ship fit together as they ship: with one of them come those that
/// it needs and that are not there, and those that are there in an older version.
///
/// # Errors
/// [`ShapeError::Packs`] for an older version over a newer one, and for a link to a module of which nobody knows.
pub fn applied_to(pack: &Pack, there: &[Pack], older: Older) -> Result<Edit, ShapeError> {
    let errors = unfit::faults(pack, there, older);
    if errors.is_empty() { Ok(edit(pack, there)) } else { Err(ShapeError::Packs(errors)) }
}

fn edit(pack: &Pack, there: &[Pack]) -> Edit {
    let put = |pack: &Pack| Edit::Put(Box::new(pack.clone()));
    let ships = |name: &str| shipped_pack(name).and_then(Result::ok);
    if ships(&pack.manifest.name).is_none_or(|ships| ships.files != pack.files) {
        return put(pack);
    }
    let applied = |name: &str| there.iter().find(|there| there.manifest.name == name);
    let is_older =
        |pack: &Pack| applied(&pack.manifest.name).is_some_and(|there| there.manifest.version < pack.manifest.version);
    let all: Vec<Pack> = shipped().into_iter().filter_map(ships).collect();
    let mut wanted: BTreeSet<&str> =
        all.iter().filter(|pack| is_older(pack)).map(|pack| &*pack.manifest.name).collect();
    wanted.insert(&pack.manifest.name);
    // Each stands behind what it needs, so the other way round every need is met.
    for pack in all.iter().rev() {
        if wanted.contains(&*pack.manifest.name) {
            wanted.extend(pack.manifest.requires.iter().map(String::as_str).filter(|name| applied(name).is_none()));
        }
    }
    // Those that are there first: what they need is put before them.
    let (old, new): (Vec<&Pack>, Vec<&Pack>) = all
        .iter()
        .filter(|pack| wanted.contains(&*pack.manifest.name))
        .partition(|pack| applied(&pack.manifest.name).is_some());
    Edit::Together(old.into_iter().chain(new).map(put).collect())
}

/// A pack that ships, or the pack in a folder or a [bundle]. Names come from whoever has the machine: for others there are
/// [`shipped_pack`] and [`read`].
///
/// # Errors
/// See [`PackFileError`].
pub fn find(name: &str) -> Result<Pack, PackFileError> {
    if let Some(pack) = shipped_pack(name) {
        return pack;
    }
    let path = Path::new(name);
    if path.is_file() {
        return read(unbundle(name, &folder::bundled(path)?)?);
    }
    if !path.is_dir() {
        return Err(PackFileError::Unknown(name.to_owned(), shipped().join(", ")));
    }
    read(folder::files(path)?)
}

/// The pack of this name that ships, where one does.
#[must_use]
pub fn shipped_pack(name: &str) -> Option<Result<Pack, PackFileError>> {
    let of_pack = |path: &str| path.strip_prefix(name)?.strip_prefix('/').map(str::to_owned);
    let files = FILES.iter().filter_map(|(path, text)| Some((of_pack(path)?, (*text).to_owned())));
    let files: BTreeMap<String, String> = files.collect();
    (!files.is_empty()).then(|| read(files))
}

/// A pack all of whose letters can be made: each is tried in both languages, with everything there and with everything
/// missing that can be.
///
/// # Errors
/// [`PackFileError::Pack`]: every file that is none of a pack, with its name.
pub fn read(files: BTreeMap<String, String>) -> Result<Pack, PackFileError> {
    bundle::weigh(&files)?;
    let pack = Pack::read(files).map_err(PackFileError::Pack)?;
    let mut errors = idle_timers(&pack);
    for letter in &pack.letters {
        let file = format!("letters/{}.toml", letter.name);
        for locale in [Locale::Ru, Locale::En] {
            let error = |samples: Vec<Json>| samples.iter().find_map(|data| render(letter, locale, data).err());
            let of_rules = || crate::rules::letter_samples(&fields(&pack), letter.marketing);
            let wrong = if letter.name == crate::notices::TEMPLATE {
                error(crate::notices::letter_samples())
            } else if is_of_a_rule(&pack, &letter.name) {
                error(of_rules())
            } else if is_of_a_survey(&pack, &letter.name) {
                error(crate::surveys::letter_samples())
            } else if letter.name == crate::papers::TEMPLATE {
                error(crate::papers::letter_samples(locale))
            } else if LETTERS.contains(&letter.name.as_str()) {
                error(Ticketing::samples_of(&letter.name, locale))
            } else {
                // Rules and surveys of other packs may send it.
                let of_orders = error(Ticketing::letter_samples(locale));
                of_orders
                    .and_then(|wrong| error(of_rules()).and(error(crate::surveys::letter_samples())).and(Some(wrong)))
            };
            if let Some(error) = wrong {
                errors.push(PackError::new(&file, &format!("{error} ({locale})")).coded("template_unfillable"));
            }
        }
    }
    if errors.is_empty() { Ok(pack) } else { Err(PackFileError::Pack(errors)) }
}

/// The timers of which nothing would ever come. A pack that was applied before they were looked at stays as it is.
fn idle_timers(pack: &Pack) -> Vec<PackError> {
    let own = pack.processes.iter().flat_map(|process| {
        let idle = process.timers.iter().filter(|timer| !Timer::is_obeyed(&process.module, &timer.name));
        idle.map(|timer| (format!("processes/{}.toml", process.name), timer))
    });
    // To the processes of typed services no timer is added.
    let added = pack
        .process_extensions
        .iter()
        .flat_map(|process| process.timers.iter().map(|timer| (process.file.clone(), timer)));
    let refused =
        |(file, timer): (String, &Timer)| PackError::new(&file, &Timer::unobeyed(&timer.name)).coded("timer_unobeyed");
    own.chain(added).map(refused).collect()
}

/// Whether a rule of the pack sends the letter.
fn is_of_a_rule(pack: &Pack, letter: &str) -> bool {
    let sends = |action: &Action| matches!(action, Action::Letter { template, .. } if template == letter);
    pack.rules.iter().flat_map(|rule| &rule.then).any(sends)
}

/// Whether a survey of the pack sends the letter.
fn is_of_a_survey(pack: &Pack, letter: &str) -> bool {
    letter == model::survey::LETTER || pack.surveys.iter().any(|survey| survey.letter == letter)
}

/// Names of fields that templates of the pack's rules may name: of modules of its own, and those that every module has in
/// common with the packs that ship.
fn fields(pack: &Pack) -> Vec<&str> {
    let own = pack.modules.iter().flat_map(|module| &module.fields).map(|field| field.name.as_str());
    let added = pack.extensions.iter().flat_map(|module| &module.fields).map(|field| field.name.as_str());
    own.chain(added).chain(["name", "subject", "number", "email", "phone", "company", "status"]).collect()
}

/// Writes a pack's files into a folder, which is made.
///
/// # Errors
/// When the folder cannot be written.
pub fn export(pack: &Pack, folder: &Path) -> Result<(), PackFileError> {
    for (path, text) in &pack.files {
        let target = folder.join(path);
        let written = target.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&target, text));
        written.map_err(|source| PackFileError::Io { path: target.display().to_string(), source })?;
    }
    Ok(())
}

/// What happens to a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileChange {
    /// Only the new pack has it.
    Added(String),
    /// Only the old pack has it.
    Removed(String),
    /// Both have it and it differs: the lines that go and that come.
    Changed(String, Vec<String>),
}

/// How `new` differs from `old`, file by file.
#[must_use]
pub fn diff(old: Option<&Pack>, new: &Pack) -> Vec<FileChange> {
    let empty = BTreeMap::new();
    let old = old.map_or(&empty, |pack| &pack.files);
    let names: BTreeSet<_> = old.keys().chain(new.files.keys()).collect();
    names
        .into_iter()
        .filter_map(|name| match (old.get(name), new.files.get(name)) {
            (None, Some(_)) => Some(FileChange::Added(name.clone())),
            (Some(_), None) => Some(FileChange::Removed(name.clone())),
            (Some(old), Some(new)) if old != new => Some(FileChange::Changed(name.clone(), changed_lines(old, new))),
            _ => None,
        })
        .collect()
}

fn changed_lines(old: &str, new: &str) -> Vec<String> {
    similar::TextDiff::from_lines(old, new)
        .iter_all_changes()
        .filter_map(|change| {
            let sign = match change.tag() {
                similar::ChangeTag::Delete => '-',
                similar::ChangeTag::Insert => '+',
                similar::ChangeTag::Equal => return None,
            };
            Some(format!("{sign} {}", change.value().trim_end()))
        })
        .collect()
}
