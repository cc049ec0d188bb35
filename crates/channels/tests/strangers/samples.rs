//! Letters of our own as strangers write them, in files: charsets of the past, what is nested, broken, reported, signed, wrongly
//! named.

use std::fs;

/// A letter by its name, lines ending as they do on the wire.
pub(crate) struct Sample {
    pub(crate) name: String,
    pub(crate) raw: Vec<u8>,
}

/// Those whose line ends are what they are about.
const AS_THEY_ARE: [&str; 2] = ["bare_cr", "mixed_ends"];

/// All of them, by name.
pub(crate) fn samples() -> Vec<Sample> {
    let mut all: Vec<Sample> = fs::read_dir("tests/strangers/letters")
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let bytes = fs::read(&path).unwrap();
            let raw = if AS_THEY_ARE.contains(&name.as_str()) { bytes } else { wire(&bytes) };
            Sample { name, raw }
        })
        .collect();
    all.sort_by(|one, other| one.name.cmp(&other.name));
    all
}

/// Each line ends with CR LF.
pub(crate) fn wire(bytes: &[u8]) -> Vec<u8> {
    bytes
        .iter()
        .flat_map(|byte| if *byte == b'\n' { &b"\r\n"[..] } else { std::slice::from_ref(byte) })
        .copied()
        .collect()
}
