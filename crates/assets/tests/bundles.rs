//! What the build put into the binary is whole: addresses lead to files, compressed copies to the same bytes.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::io::Read as _;

const ADDRESSES: [&str; 8] = [
    assets::APP_CSS,
    assets::APP_JS,
    assets::PUBLIC_CSS,
    assets::LOGO_SVG,
    assets::THIRD_PARTY_TXT,
    assets::EMBED_JS,
    assets::FRAME_JS,
    assets::PROOF_JS,
];

/// The file behind an address a page would write.
fn served(address: &str) -> assets::Asset {
    assets::file(address.strip_prefix("/assets/").unwrap()).unwrap()
}

/// Every `/assets/…` address written inside a text file.
fn mentioned(text: &str) -> Vec<&str> {
    text.split("/assets/").skip(1).filter_map(|rest| rest.split(['"', '\'', ')', ' ']).next()).collect()
}

#[test]
fn every_address_leads_to_a_file_of_its_type() {
    for address in ADDRESSES {
        let file = served(address);
        assert!(!file.bytes.is_empty(), "{address}");
        assert!(file.immutable, "{address}");
    }
    assert_eq!(served(assets::APP_CSS).content_type, "text/css; charset=utf-8");
    assert_eq!(served(assets::APP_JS).content_type, "text/javascript; charset=utf-8");
    assert_eq!(served(assets::ICONS_SVG).content_type, "image/svg+xml");
    let icon = served(assets::TOUCH_ICON_PNG);
    assert!(icon.content_type == "image/png" && icon.bytes.starts_with(b"\x89PNG") && icon.brotli.is_none());
}

#[test]
fn logical_names_resolve_and_unknown_ones_do_not() {
    assert_eq!(assets::path("app.css"), Some(assets::APP_CSS));
    assert_eq!(assets::path("public.css"), Some(assets::PUBLIC_CSS));
    assert_eq!(assets::path("app.scss"), None);
    assert_eq!(assets::file("app.css"), None, "only hashed names are served");
    assert_eq!(assets::file("../Cargo.toml"), None);
}

#[test]
fn brotli_copies_hold_the_same_bytes() {
    for address in ADDRESSES.into_iter().chain([assets::ICONS_SVG]) {
        let file = served(address);
        let mut plain = Vec::new();
        brotli_decompressor::Decompressor::new(file.brotli.unwrap(), 4096).read_to_end(&mut plain).unwrap();
        assert!(plain == file.bytes, "{address} differs from its compressed copy");
    }
}

#[test]
fn styles_ask_only_for_fonts_that_are_served() {
    for address in [assets::APP_CSS, assets::PUBLIC_CSS] {
        let css = str::from_utf8(served(address).bytes).unwrap();
        let fonts: Vec<_> = mentioned(css).into_iter().filter(|name| !name.ends_with(".map")).collect();
        assert!(fonts.len() >= 2, "{address} has Latin and Cyrillic");
        for name in fonts {
            let font = assets::file(name).unwrap();
            assert!(font.bytes.starts_with(b"wOF2"), "{name}");
            assert_eq!(font.brotli, None, "{name} is compressed already");
        }
    }
}

#[test]
fn the_sprite_has_every_icon_of_the_list() {
    let sprite = str::from_utf8(served(assets::ICONS_SVG).bytes).unwrap();
    assert!(assets::icons().count() > 100);
    for name in assets::icons() {
        assert!(sprite.contains(&format!("<symbol id=\"{name}\"")), "{name}");
        assert_eq!(assets::icon_path(name), Some(format!("{}#{name}", assets::ICONS_SVG).as_str()));
    }
    assert_eq!(sprite.matches("<symbol").count(), assets::icons().count());
    assert_eq!(assets::icon_path("no-such-icon"), None);
    assert_eq!(assets::icon_path("mail"), Some(assets::icon::MAIL));
}

#[test]
fn nothing_in_the_bundles_needs_a_laxer_content_policy() {
    let sprite = str::from_utf8(served(assets::ICONS_SVG).bytes).unwrap();
    assert!(!sprite.contains("style=") && !sprite.contains("<script"));
    let script = str::from_utf8(served(assets::APP_JS).bytes).unwrap();
    assert!(!script.contains("createElement(\"style\")"));
    for address in [assets::APP_CSS, assets::PUBLIC_CSS] {
        let css = str::from_utf8(served(address).bytes).unwrap();
        assert!(!css.contains("http:") && !css.contains("https:"), "{address} fetches from elsewhere");
    }
}

#[test]
fn documents_get_four_truetype_weights() {
    let fonts = assets::document_fonts();
    assert_eq!(fonts.len(), 4);
    for font in fonts {
        assert!(font.starts_with(&[0, 1, 0, 0]), "not TrueType");
    }
}

#[test]
fn licences_of_what_is_bundled_are_served() {
    let notices = str::from_utf8(served(assets::THIRD_PARTY_TXT).bytes).unwrap();
    for package in ["htmx.org 4", "@fontsource-variable/inter", "@expo-google-fonts/inter", "lucide-static"] {
        assert!(notices.contains(package), "{package}");
    }
}
