//! The order form, and forms of the organiser's own, inside a page of another site: which pages let themselves be framed, their addresses, and the lines of
//! HTML that a site takes over. Of everything else `frame-ancestors 'none'` stays true.

use axum::http::Uri;

use crate::assets_route::EMBED;
use crate::pages::visitor::Guest;
use crate::query::pairs;

/// Where the pages of forms stand.
const FORMS: &str = "/forms/";

/// Whether the page at this address may stand in a frame of any site: the order form where it was asked for so, and what
/// is said when the order is placed. Both show nothing of whoever is signed in, and no button of theirs does more than what
/// was typed there.
pub(crate) fn is_framed(uri: &Uri) -> bool {
    let path = uri.path();
    let is_form = path.starts_with("/e/") || path.starts_with(FORMS);
    is_embedded(uri.query()) && is_form || path.starts_with("/p/o/") && path.ends_with("/placed")
}

/// Whether the form is asked for without what stands around it.
pub(super) fn is_embedded(query: Option<&str>) -> bool {
    pairs(query).is_ok_and(|pairs| pairs.iter().any(|(name, value)| name == "embed" && value == "1"))
}

/// The address to which the form is sent: a frame keeps no cookie, so the language goes along.
pub(super) fn form_address(slug: &str, guest: &Guest) -> String {
    address(&format!("/e/{slug}"), guest)
}

/// The same of any page that lets itself be framed.
pub(super) fn address(path: &str, guest: &Guest) -> String {
    format!("{path}?embed=1{}", language(guest, '&'))
}

/// Where the buyer goes in the frame when the order is placed.
pub(super) fn placed_address(token: &str, guest: &Guest) -> String {
    format!("/p/o/{token}/placed{}", language(guest, '?'))
}

fn language(guest: &Guest, mark: char) -> String {
    if guest.asked { format!("{mark}lang={}", guest.locale.tag()) } else { String::new() }
}

/// What a site puts into its page: the frame, and the script that makes it as high as the form.
pub(crate) fn snippet(url: &str, event: &str) -> String {
    let base = ["/e/", FORMS].iter().find_map(|door| url.rsplit_once(*door)).map_or(url, |(base, _)| base);
    let title = event.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
    format!(
        "<iframe src=\"{url}?embed=1\" title=\"{title}\" width=\"100%\" height=\"900\" loading=\"lazy\" \
         style=\"border:0\"></iframe>\n<script async src=\"{base}{EMBED}\"></script>"
    )
}

#[cfg(test)]
mod tests {
    use super::{is_framed, snippet};

    #[test]
    fn only_the_form_and_its_thanks_are_framed() {
        for (uri, wanted) in [
            ("/e/spring?embed=1", true),
            ("/e/spring?utm_source=x&embed=1", true),
            ("/p/o/secret/placed", true),
            ("/forms/request?embed=1", true),
            ("/forms/request", false),
            ("/e/spring", false),
            ("/e/spring?embed=0", false),
            ("/p/o/secret?embed=1", false),
            ("/p/o/secret/cancel?embed=1", false),
            ("/sign-in?embed=1", false),
            ("/leads?embed=1", false),
            ("/?next=/e/spring?embed=1", false),
        ] {
            assert_eq!(is_framed(&uri.parse().unwrap()), wanted, "{uri}");
        }
    }

    #[test]
    fn a_name_cannot_leave_its_quotes() {
        let text = snippet("https://x.example/e/spring", "\"><script>");
        assert!(text.contains("title=\"&quot;>&lt;script>\""), "{text}");
        assert!(text.contains("src=\"https://x.example/embed.js\""), "{text}");
    }
}
