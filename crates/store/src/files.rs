//! Files beside the database: drawn documents, attachments. Written whole or not at all.

mod spoken_of;
mod sweep;

use std::fs::File;
use std::io::{self, Read as _, Write};
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use crate::private::{private_file, private_folder};

pub use sweep::{Fate, Lying};

/// Where what people attach is kept, under its digest: the same file twice takes its room once.
const ATTACHED: &str = "attached";
/// What a file that has not got its name yet ends with.
const PART: &str = ".part";
/// How much of a file is in memory at once, in bytes.
const CHUNK: usize = 64 * 1024;

/// A folder of files under names that the product makes.
#[derive(Clone, Debug)]
pub struct Files {
    root: PathBuf,
}

impl Files {
    /// Files under `root`, which is made with the first one.
    #[must_use]
    pub fn at(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The names of all files, sorted; without those that are just being written.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn names(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        collect(&self.root, "", &mut names)?;
        names.sort_unstable();
        Ok(names)
    }

    /// Every file by the name under which it is found, for whoever carries all of them; a sweep may move one meanwhile.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(crate) fn each(&self) -> io::Result<impl Iterator<Item = io::Result<(String, Vec<u8>)>> + '_> {
        let found = |name: String| -> io::Result<Option<(String, Vec<u8>)>> {
            for name in [Some(name.clone()), sweep::elsewhere(&name), Some(name)].into_iter().flatten() {
                if let Some(bytes) = self.get(&name)? {
                    return Ok(Some((name, bytes)));
                }
            }
            Ok(None)
        };
        Ok(self.names()?.into_iter().filter_map(move |name| found(name).transpose()))
    }

    /// The file called `name`, if it is there.
    ///
    /// # Errors
    /// When the disk refuses, or the name is none.
    pub fn get(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        match std::fs::read(self.path(name)?) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// How long the file called `name` is, in bytes, if it is there.
    ///
    /// # Errors
    /// When the disk refuses, or the name is none.
    pub fn size(&self, name: &str) -> io::Result<Option<u64>> {
        match std::fs::metadata(self.path(name)?) {
            Ok(about) => Ok(Some(about.len())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Keeps a file; an earlier one of that name is replaced.
    ///
    /// # Errors
    /// When the disk refuses, or the name is none.
    pub fn put(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let path = self.path(name)?;
        if let Some(folder) = path.parent() {
            private_folder(folder)?;
        }
        let unfinished = path.with_extension(format!("{}{PART}", uuid::Uuid::now_v7()));
        write_to_disk(&unfinished, bytes).and_then(|()| std::fs::rename(&unfinished, &path)).inspect_err(|_| {
            let _ = std::fs::remove_file(&unfinished);
        })
    }

    /// Begins to take in what somebody attaches.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn receive(&self) -> io::Result<Incoming> {
        let folder = self.root.join(ATTACHED);
        private_folder(&folder)?;
        let part = folder.join(format!("{}{PART}", uuid::Uuid::now_v7()));
        let file = private_file(&part)?;
        Ok(Incoming { root: self.root.clone(), part, file, digest: Sha256::new(), size: 0 })
    }

    /// What was attached and has this digest, ready to be read, if it is there.
    ///
    /// # Errors
    /// When the disk refuses, or the digest is none.
    pub fn open(&self, digest: &str) -> io::Result<Option<File>> {
        // Between two looks a sweep may have moved it, either way.
        for name in [attached(digest), sweep::loose(digest), attached(digest)] {
            match File::open(self.path(&name)?) {
                Ok(file) => return Ok(Some(file)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    /// Removes a folder with all that is in it.
    ///
    /// # Errors
    /// When the disk refuses, or the name is none.
    pub fn destroy_folder(&self, name: &str) -> io::Result<()> {
        match std::fs::remove_dir_all(self.path(name)?) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Removes what was attached and has this digest at once, wherever it lies.
    ///
    /// # Errors
    /// When the disk refuses, or the digest is none.
    pub fn destroy(&self, digest: &str) -> io::Result<()> {
        for name in [attached(digest), sweep::loose(digest), attached(digest)] {
            match std::fs::remove_file(self.path(&name)?) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    /// Whether what was attached and has this digest is still what it was; nothing where it is not there.
    ///
    /// # Errors
    /// When the disk refuses, or the digest is none.
    pub fn is_whole(&self, digest: &str) -> io::Result<Option<bool>> {
        let Some(mut file) = self.open(digest)? else { return Ok(None) };
        let (mut found, mut chunk) = (Sha256::new(), vec![0; CHUNK]);
        loop {
            let read = file.read(&mut chunk)?;
            match chunk.get(..read) {
                Some(bytes) if read > 0 => found.update(bytes),
                _ => return Ok(Some(HEXLOWER.encode(&found.finalize()) == digest)),
            }
        }
    }

    /// Names are made of the product's own words and ids: anything else could leave the folder.
    fn path(&self, name: &str) -> io::Result<PathBuf> {
        if name.split('/').all(is_name) {
            Ok(self.root.join(Path::new(name)))
        } else {
            Err(io::Error::new(io::ErrorKind::InvalidInput, "not the name of a file"))
        }
    }
}

/// A file on its way in: it has no name until it is whole, and is gone when it does not get one.
#[derive(Debug)]
pub struct Incoming {
    root: PathBuf,
    part: PathBuf,
    file: File,
    digest: Sha256,
    size: u64,
}

impl Incoming {
    /// Takes in more of it; answers how many bytes there are by now.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn take(&mut self, bytes: &[u8]) -> io::Result<u64> {
        self.file.write_all(bytes)?;
        self.digest.update(bytes);
        self.size = self.size.saturating_add(bytes.len() as u64);
        Ok(self.size)
    }

    /// Keeps it, under its digest (SHA-256, hexadecimal), which it answers.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn keep(self) -> io::Result<String> {
        self.file.sync_all()?;
        let digest = HEXLOWER.encode(&self.digest.clone().finalize());
        let path = self.root.join(attached(&digest));
        if let Some(folder) = path.parent() {
            private_folder(folder)?;
        }
        std::fs::rename(&self.part, &path)?;
        // The name lasts as the bytes do: folders are made durable like files.
        for folder in path.ancestors().skip(1).take(2) {
            File::open(folder)?.sync_all()?;
        }
        Ok(digest)
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.part);
    }
}

/// The name of what is kept under a digest.
fn attached(digest: &str) -> String {
    let (folder, _) = digest.split_at_checked(2).unwrap_or((digest, ""));
    format!("{ATTACHED}/{folder}/{digest}")
}

fn is_name(part: &str) -> bool {
    !part.is_empty()
        && !part.starts_with('.')
        && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

fn collect(folder: &Path, prefix: &str, names: &mut Vec<String>) -> io::Result<()> {
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        let Some(name) = entry.file_name().to_str().filter(|name| is_name(name)).map(str::to_owned) else { continue };
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &format!("{prefix}{name}/"), names)?;
        } else if !name.ends_with(PART) {
            names.push(format!("{prefix}{name}"));
        }
    }
    Ok(())
}

/// On disk before it gets its name: after a loss of power the name never stands for half a file.
fn write_to_disk(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = private_file(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
