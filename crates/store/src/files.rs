//! Files beside the database: drawn documents, attachments. Written whole or not at all.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

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

    /// Keeps a file; an earlier one of that name is replaced.
    ///
    /// # Errors
    /// When the disk refuses, or the name is none.
    pub fn put(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let path = self.path(name)?;
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let unfinished = path.with_extension(format!("{}.part", uuid::Uuid::now_v7()));
        write_to_disk(&unfinished, bytes).and_then(|()| std::fs::rename(&unfinished, &path)).inspect_err(|_| {
            let _ = std::fs::remove_file(&unfinished);
        })
    }

    /// Names are made of the product's own words and ids: anything else could leave the folder.
    fn path(&self, name: &str) -> io::Result<PathBuf> {
        let fine = |part: &str| {
            !part.is_empty()
                && !part.starts_with('.')
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
        };
        if name.split('/').all(fine) {
            Ok(self.root.join(Path::new(name)))
        } else {
            Err(io::Error::new(io::ErrorKind::InvalidInput, "not the name of a file"))
        }
    }
}

/// On disk before it gets its name: after a loss of power the name never stands for half a file.
fn write_to_disk(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = std::fs::File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
