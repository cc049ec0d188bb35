//! The files of a pack in a folder. Nothing outside of the folder is read, and nothing that does not end.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use super::PackFileError;
use super::bundle::{MOST_BYTES, MOST_FILES, wrong};

/// How often a text may grow when it is written as JSON: a character becomes six at most.
const ESCAPED: usize = 6;

/// Every file below `root` by its path there.
pub(super) fn files(root: &Path) -> Result<BTreeMap<String, String>, PackFileError> {
    let within = root.canonicalize().map_err(|error| at(root, error))?;
    let (mut files, mut folders, mut left) = (BTreeMap::new(), vec![root.to_owned()], MOST_BYTES);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(|error| at(&folder, error))? {
            let path = entry.map_err(|error| at(&folder, error))?.path();
            let kind = fs::symlink_metadata(&path).map_err(|error| at(&path, error))?.file_type();
            if kind.is_dir() {
                // A pack has folders and files in them: deeper down it would only be refused by its name.
                if folder != root {
                    return Err(refused(&path, "a pack has no folders in its folders"));
                }
                folders.push(path);
                continue;
            }
            let file = if kind.is_symlink() { behind(&path, &within)? } else { path.clone() };
            if !kind.is_symlink() && !kind.is_file() {
                return Err(refused(&path, "neither a file nor a folder"));
            }
            let text = text(&file, left)?;
            left -= text.len();
            let relative = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            files.insert(relative, text);
            if files.len() > MOST_FILES {
                return Err(refused(root, &format!("a pack has {MOST_FILES} files at most")));
            }
        }
    }
    Ok(files)
}

/// The text of a pack in one file.
pub(super) fn bundled(path: &Path) -> Result<String, PackFileError> {
    text(path, MOST_BYTES * ESCAPED)
}

/// The file that a link leads to, which is one of the folder.
fn behind(path: &Path, within: &Path) -> Result<PathBuf, PackFileError> {
    let target = path.canonicalize().map_err(|error| at(path, error))?;
    if target.starts_with(within) && target.is_file() {
        return Ok(target);
    }
    Err(refused(path, "a link that leads out of the folder of the pack, or to no file: put the file itself there"))
}

/// The text of a file of at most so many bytes.
fn text(path: &Path, most: usize) -> Result<String, PackFileError> {
    let file = File::open(path).map_err(|error| at(path, error))?;
    let mut text = String::new();
    let read = file.take(most as u64 + 1).read_to_string(&mut text).map_err(|error| at(path, error))?;
    if read > most { Err(refused(path, "a pack holds a megabyte of text at most")) } else { Ok(text) }
}

fn at(path: &Path, source: io::Error) -> PackFileError {
    PackFileError::Io { path: path.display().to_string(), source }
}

fn refused(path: &Path, why: &str) -> PackFileError {
    wrong(&path.display().to_string(), "unreadable_file", why)
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn links_that_lead_out_and_what_is_too_much_are_told_by_their_path() -> io::Result<()> {
        let (folder, outside) = (tempfile::tempdir()?, tempfile::tempdir()?);
        let path = |name: &str| folder.path().join(name);
        fs::write(path("pack.toml"), "x")?;
        fs::write(outside.path().join("secret"), "y")?;
        symlink("pack.toml", path("READ-ME.md"))?;
        let all = files(folder.path()).map_err(io::Error::other)?;
        assert_eq!(all.values().map(String::as_str).collect::<Vec<_>>(), ["x", "x"]);
        let told = |name: &str| files(folder.path()).is_err_and(|error| error.to_string().contains(name));
        for target in
            [outside.path().join("secret"), outside.path().to_owned(), path(""), path("gone"), "/dev/zero".into()]
        {
            symlink(&target, path("leads.toml"))?;
            assert!(told("leads.toml"), "{}", target.display());
            fs::remove_file(path("leads.toml"))?;
        }
        fs::write(path("large.md"), "x".repeat(MOST_BYTES + 1))?;
        assert!(told("large.md"));
        Ok(())
    }
}
