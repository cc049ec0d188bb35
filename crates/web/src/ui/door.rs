//! Pages of one column without a frame: set-up, sign-in, what went wrong, and what buyers see.

use maud::{DOCTYPE, Markup, html};
use model::Locale;

use super::{Words, fonts};
use crate::brand::Brand;

/// A page of one column.
pub(crate) struct Sheet<'a> {
    pub(crate) locale: Locale,
    pub(crate) theme: Option<&'static str>,
    pub(crate) title: &'a str,
    pub(crate) kind: Kind,
    /// Everything inside `main`.
    pub(crate) content: Markup,
    /// Where the other language is: the address without its `lang`, with `?` or `&` at its end.
    pub(crate) languages: Option<&'a str>,
}

/// Which sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// In the middle of the window.
    Door,
    /// The same, for two columns.
    RoomyDoor,
    /// What buyers see.
    Public,
    /// The same, for two columns.
    RoomyPublic,
    /// What buyers see inside a page of another site.
    Framed,
}

/// The whole page.
pub(crate) fn sheet(sheet: &Sheet<'_>) -> Markup {
    branded(sheet, &Brand::default())
}

/// The whole page in the organisation's colour.
pub(crate) fn branded(sheet: &Sheet<'_>, brand: &Brand) -> Markup {
    let l = sheet.locale;
    let body = match sheet.kind {
        Kind::Door | Kind::RoomyDoor => "public door",
        Kind::Public | Kind::RoomyPublic => "public",
        Kind::Framed => "public framed",
    };
    let is_roomy = matches!(sheet.kind, Kind::RoomyDoor | Kind::RoomyPublic | Kind::Framed);
    let main = if is_roomy { "sheet roomy" } else { "sheet" };
    html! {
        (DOCTYPE)
        html lang=(l.tag()) data-theme=[sheet.theme] {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content=(if sheet.kind == Kind::RoomyPublic { "all" } else { "noindex" });
                title { (sheet.title) }
                link rel="icon" href=(assets::LOGO_SVG);
                link rel="stylesheet" href=(assets::PUBLIC_CSS);
                (fonts::ahead(l))
                (brand.styles())
                @if sheet.kind == Kind::Framed { script type="module" src=(assets::FRAME_JS) {} }
            }
            body class=(body) {
                main class=(main) { (sheet.content) }
                @if let Some(address) = sheet.languages {
                    footer {
                        @for (language, key) in [(Locale::Ru, "language-ru"), (Locale::En, "language-en")] {
                            @if language != l {
                                a href=(format!("{address}lang={}", language.tag())) lang=(language.tag()) hreflang=(language.tag()) { (l.say(key)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The head of a door.
pub(crate) fn head(title: &str, line: &str) -> Markup {
    branded_head(title, line, &Brand::default())
}

/// The same with the organisation's own logo.
pub(crate) fn branded_head(title: &str, line: &str, brand: &Brand) -> Markup {
    html! {
        header {
            @if let Some(logo) = brand.mark() { (logo) } @else { img src=(assets::LOGO_SVG) alt=""; }
            h1 { (title) }
            @if !line.is_empty() { p { (line) } }
        }
    }
}
