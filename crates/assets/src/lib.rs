//! The interface's styles, scripts, icons and fonts, built from `web/` and compiled into the binary.
//!
//! Addresses are constants made by the build ([`APP_CSS`], [`icon::MAIL`]…), so a page can't name a file that
//! isn't there. The class names that pages use are in the crate's README.

mod table {
    use super::Asset;
    include!(concat!(env!("OUT_DIR"), "/table.rs"));
}

pub use table::*;

/// One servable file of the bundles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asset {
    /// The file as it is.
    pub bytes: &'static [u8],
    /// The same, brotli-compressed, for clients that accept `br`; absent where it would gain nothing.
    pub brotli: Option<&'static [u8]>,
    /// Value of the `Content-Type` header.
    pub content_type: &'static str,
    /// The name carries a hash of the contents: may be cached for ever.
    pub immutable: bool,
}

/// The file behind `/assets/{name}`.
#[must_use]
pub fn file(name: &str) -> Option<Asset> {
    table::find(name)
}

/// The address of a file by its name without the hash: `app.css` → `/assets/app-1A2B3C4D.css`.
///
/// For names that come as data; pages use the constants.
#[must_use]
pub fn path(logical: &str) -> Option<&'static str> {
    table::address(logical)
}

/// Names of the icons in the sprite.
pub fn icons() -> impl Iterator<Item = &'static str> {
    table::ICON_ADDRESSES.iter().map(|(name, _)| *name)
}

/// The address of an icon by its name, for names that come as data (a module's icon); `None` when the sprite lacks it.
#[must_use]
pub fn icon_path(name: &str) -> Option<&'static str> {
    let (_, address) = table::ICON_ADDRESSES.iter().find(|(known, _)| *known == name)?;
    Some(address)
}

/// The keys of the interface: what each does, with its combinations, in the order in which they are told.
pub fn keys() -> impl Iterator<Item = (&'static str, Vec<&'static str>)> {
    let lines = include_str!("../web/src/keys.txt").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once(' ')).map(|(what, keys)| (what, keys.split(" | ").collect()))
}

/// Inter as static TrueType files (Regular, Medium, SemiBold, Bold), for setting documents.
#[must_use]
pub fn document_fonts() -> &'static [&'static [u8]] {
    table::DOCUMENT_FONTS
}
