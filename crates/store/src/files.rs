//! Files beside the database: drawn documents, attachments. Written whole or not at all.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::private::{private_file, private_folder};

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
        let unfinished = path.with_extension(format!("{}.part", uuid::Uuid::now_v7()));
        write_to_disk(&unfinished, bytes).and_then(|()| std::fs::rename(&unfinished, &path)).inspect_err(|_| {
            let _ = std::fs::remove_file(&unfinished);
        })
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
        } else if !name.ends_with(".part") {
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
