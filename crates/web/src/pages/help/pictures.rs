//! The pictures of the manuals, as they stand in `docs/images/`. Their addresses carry a mark of what is in them, so that browsers
//! keep them.

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::ui::addresses::HELP;

struct Picture {
    /// Language and file.
    name: &'static str,
    mark: &'static str,
    bytes: &'static [u8],
}

static PICTURES: &[Picture] = include!(concat!(env!("OUT_DIR"), "/pictures.rs"));

/// How long a browser keeps one.
const KEPT: &str = "private, max-age=31536000, immutable";

/// Where a picture stands that a manual links to, as its file does: `../images/ru/lead.webp`.
pub(super) fn address(link: &str) -> Option<String> {
    let name = link.strip_prefix("../images/")?;
    let picture = PICTURES.iter().find(|picture| picture.name == name)?;
    Some(format!("{HELP}/pictures/{}/{}", picture.mark, picture.name))
}

/// A picture.
pub(super) async fn picture(
    _: Visitor,
    Path((mark, language, file)): Path<(String, String, String)>,
) -> Result<Response, Problem> {
    let name = format!("{language}/{file}");
    let picture = PICTURES.iter().find(|picture| picture.name == name && picture.mark == mark);
    let picture = picture.ok_or_else(|| Problem::not_found(format!("there is no picture called {name:?}")))?;
    Ok(([(header::CONTENT_TYPE, "image/webp"), (header::CACHE_CONTROL, KEPT)], picture.bytes).into_response())
}

#[cfg(test)]
mod tests {
    use super::{PICTURES, address};

    #[test]
    fn pictures_are_led_to_by_what_is_in_them() {
        let first = &PICTURES[0];
        let there = address(&format!("../images/{}", first.name));
        assert_eq!(there, Some(format!("/help/pictures/{}/{}", first.mark, first.name)));
        assert_eq!(address("../images/ru/none.webp"), None);
        assert_eq!(address("https://elsewhere.example/lead.webp"), None);
        assert!(PICTURES.iter().all(|picture| picture.bytes.starts_with(b"RIFF")));
    }
}
