//! Lists the message files, so that a new one is spoken by lying in its folder.
#![expect(clippy::disallowed_methods, reason = "a build script is told by its environment where it works")]

use std::fmt::Write as _;
use std::path::PathBuf;
use std::{env, fs, io};

/// Folders of messages, each with how the code calls its language.
const LANGUAGES: [(&str, &str); 2] = [("ru", "Ru"), ("en", "En")];

fn main() -> io::Result<()> {
    let folder = PathBuf::from(env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?).join("locales");
    let mut list = "&[\n".to_owned();
    for (tag, locale) in LANGUAGES {
        let folder = folder.join(tag);
        println!("cargo::rerun-if-changed={}", folder.display());
        let mut files = fs::read_dir(&folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
        files.retain(|file| file.extension().is_some_and(|extension| extension == "ftl"));
        files.sort();
        for file in files {
            let name = file.file_stem().unwrap_or_default().to_string_lossy();
            writeln!(list, "    (Locale::{locale}, {name:?}, include_str!({:?})),", file.display().to_string())
                .map_err(io::Error::other)?;
        }
    }
    list.push_str("]\n");
    fs::write(PathBuf::from(env::var("OUT_DIR").map_err(io::Error::other)?).join("messages.rs"), list)
}
