//! Lists the message files and the pictures of the manuals, so that a new one is there by lying in its folder.
#![expect(clippy::disallowed_methods, reason = "a build script is told by its environment where it works")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// Folders of messages, each with how the code calls its language.
const LANGUAGES: [(&str, &str); 2] = [("ru", "Ru"), ("en", "En")];

fn main() -> io::Result<()> {
    let home = PathBuf::from(env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?);
    let out = PathBuf::from(env::var("OUT_DIR").map_err(io::Error::other)?);
    fs::write(out.join("messages.rs"), messages(&home.join("locales"))?)?;
    fs::write(out.join("pictures.rs"), pictures(&home.join("../../docs/images"))?)
}

/// The files of a folder that end so, in order.
fn files(folder: &Path, extension: &str) -> io::Result<Vec<PathBuf>> {
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    files.retain(|file| file.extension().is_some_and(|found| found == extension));
    files.sort();
    Ok(files)
}

fn messages(folder: &Path) -> io::Result<String> {
    let mut list = "&[\n".to_owned();
    for (tag, locale) in LANGUAGES {
        for file in files(&folder.join(tag), "ftl")? {
            let name = file.file_stem().unwrap_or_default().to_string_lossy();
            writeln!(list, "    (Locale::{locale}, {name:?}, include_str!({:?})),", file.display().to_string())
                .map_err(io::Error::other)?;
        }
    }
    list.push_str("]\n");
    Ok(list)
}

/// Each picture by its place below `docs/images`, with a mark of what is in it, so that it can be kept for long.
fn pictures(folder: &Path) -> io::Result<String> {
    let mut list = "&[\n".to_owned();
    for (tag, _) in LANGUAGES {
        for file in files(&folder.join(tag), "webp")? {
            println!("cargo::rerun-if-changed={}", file.display());
            let name = format!("{tag}/{}", file.file_name().unwrap_or_default().to_string_lossy());
            let (mark, path) = (marked(&fs::read(&file)?), file.display().to_string());
            writeln!(list, "    Picture {{ name: {name:?}, mark: \"{mark:016x}\", bytes: include_bytes!({path:?}) }},")
                .map_err(io::Error::other)?;
        }
    }
    list.push_str("]\n");
    Ok(list)
}

/// FNV-1a: other bytes, another mark.
fn marked(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |mark, byte| (mark ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}
