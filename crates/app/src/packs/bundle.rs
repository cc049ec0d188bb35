//! A pack as one file: JSON that holds the text of every file by its name, the same that the API takes. And how much of a
//! pack is too much, wherever it comes from.

use std::collections::BTreeMap;

use model::pack::{Pack, PackError};
use serde::Deserialize;
use serde_json::json;

use super::PackFileError;

/// The most files of a pack.
pub(super) const MOST_FILES: usize = 300;
/// The most that all of them hold, in bytes.
pub(super) const MOST_BYTES: usize = 1024 * 1024;
/// The longest name of a file, in bytes.
const LONGEST_NAME: usize = 100;

/// What of a bundle is read; its name and version stand in its `pack.toml`.
#[derive(Deserialize)]
struct Bundle {
    files: BTreeMap<String, String>,
}

/// The pack as one file.
#[must_use]
pub fn bundle(pack: &Pack) -> String {
    let manifest = &pack.manifest;
    let bundle = json!({"name": manifest.name, "version": manifest.version, "files": pack.files});
    format!("{bundle:#}\n")
}

/// The files in a bundle called `name`.
///
/// # Errors
/// [`PackFileError::Pack`] with line and column where it is none.
pub fn unbundle(name: &str, text: &str) -> Result<BTreeMap<String, String>, PackFileError> {
    let read: Result<Bundle, _> = serde_json::from_str(text);
    read.map(|bundle| bundle.files)
        .map_err(|error| wrong(name, "unreadable_file", &format!("not a pack in one file: {error}")))
}

/// Refuses what no pack holds. Names become paths when a pack is written into a folder, so they lead nowhere else.
pub(super) fn weigh(files: &BTreeMap<String, String>) -> Result<(), PackFileError> {
    if files.len() > MOST_FILES {
        return Err(wrong("pack.toml", "too_many", &format!("a pack has {MOST_FILES} files at most")));
    }
    if files.values().map(String::len).sum::<usize>() > MOST_BYTES {
        return Err(wrong("pack.toml", "too_large", "a pack holds a megabyte of text at most"));
    }
    // Neither database keeps it.
    if let Some((name, _)) = files.iter().find(|(_, text)| text.contains('\0')) {
        return Err(wrong(name, "invalid_text", "the character U+0000 cannot be kept"));
    }
    match files.keys().find(|name| !is_name(name)) {
        Some(name) => {
            Err(wrong(name, "not_of_a_pack", "not a name of a file in a pack: `folder/name.toml`, in Latin letters"))
        }
        None => Ok(()),
    }
}

fn is_name(name: &str) -> bool {
    let is_part = |part: &str| {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
        !part.is_empty() && !part.starts_with('.') && part.bytes().all(allowed)
    };
    name.len() <= LONGEST_NAME && name.split('/').count() <= 2 && name.split('/').all(is_part)
}

pub(super) fn wrong(file: &str, code: &'static str, message: &str) -> PackFileError {
    PackFileError::Pack(vec![PackError::new(file, message).coded(code)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pack_goes_into_one_file_and_back() -> Result<(), PackFileError> {
        let pack = super::super::find("crm")?;
        let back = super::super::read(unbundle("crm.json", &bundle(&pack))?)?;
        assert_eq!(back, pack);
        Ok(())
    }

    #[test]
    fn what_is_none_is_told_with_its_place() {
        let told = unbundle("x.json", "{\n\"files\": 1}").map_err(|error| error.to_string());
        assert!(told.is_err_and(|message| message.starts_with("x.json: ") && message.contains("line 2")));
    }

    #[test]
    fn no_name_leads_out_of_the_folder() {
        let with = |name: &str| weigh(&BTreeMap::from([(name.to_owned(), String::new())])).is_ok();
        assert!(with("pack.toml") && with("documents/ticket.ru.toml") && with("READ-ME.md"));
        let wrong =
            ["../pack.toml", "modules/../../x.toml", "/etc/passwd", "modules/", "a/b/c.toml", ".git", "a\\b", "м.toml"];
        assert!(wrong.iter().all(|name| !with(name)), "{wrong:?}");
        assert!(!with(&"a".repeat(LONGEST_NAME + 1)));
        let large = BTreeMap::from([("pack.toml".to_owned(), "x".repeat(MOST_BYTES + 1))]);
        assert!(weigh(&large).is_err());
    }
}
