//! Addresses of pages in what people write, as links. Only `http` and `https`: nothing that could run. Where they lead is
//! told nothing of where one came from, and the page that they stand on vouches for none of them.

use maud::{Markup, html};

const SCHEMES: [&str; 2] = ["https://", "http://"];

/// What ends a sentence and not an address.
const AFTER: &[char] = &['.', ',', ';', ':', '!', '?', '…', '\'', '"', '»', '«', '“', '”', '’', '*', '_'];

/// Text with its links.
pub(super) fn linked(text: &str) -> Markup {
    html! {
        @for (is_link, part) in parts(text) {
            @if is_link { a.link href=(part) target="_blank" rel="noopener noreferrer nofollow" { (part) } } @else { (part) }
        }
    }
}

/// A text cut where addresses stand in it.
fn parts(text: &str) -> Vec<(bool, &str)> {
    let (mut parts, mut rest) = (Vec::new(), text);
    while let Some((before, address, after)) = next(rest) {
        parts.push((false, before));
        parts.push((true, address));
        rest = after;
    }
    parts.push((false, rest));
    parts
}

/// The first address, with what stands before and after it.
fn next(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    loop {
        let at = from + begin(text.get(from..)?)?;
        let rest = text.get(at..)?;
        let scheme = SCHEMES.into_iter().find(|scheme| starts(rest, scheme))?;
        let length = length(rest);
        let host = rest.get(scheme.len()..length).unwrap_or_default();
        // `xhttp://` is no address, and neither is one of nowhere.
        let is_word = text.get(..at)?.chars().next_back().is_some_and(char::is_alphanumeric);
        if !is_word && host.chars().next().is_some_and(|first| first.is_alphanumeric() || first == '[') {
            return Some((text.get(..at)?, rest.get(..length)?, rest.get(length..)?));
        }
        from = at + scheme.len();
    }
}

/// Where the first scheme stands, whatever its capitals.
fn begin(text: &str) -> Option<usize> {
    text.char_indices().map(|(at, _)| at).find(|at| {
        let rest = text.get(*at..).unwrap_or_default();
        SCHEMES.iter().any(|scheme| starts(rest, scheme))
    })
}

fn starts(text: &str, scheme: &str) -> bool {
    text.get(..scheme.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(scheme))
}

/// How long an address is: up to a blank or what no address holds, without what ends the sentence. A bracket that was opened
/// before it is not closed in it.
fn length(text: &str) -> usize {
    let is_end =
        |letter: char| letter.is_whitespace() || letter.is_control() || matches!(letter, '<' | '>' | '"' | '`');
    let mut address = text.get(..text.find(is_end).unwrap_or(text.len())).unwrap_or_default();
    loop {
        let trimmed = address.trim_end_matches(AFTER);
        let is_open = |open: char, close: char| trimmed.matches(close).count() > trimmed.matches(open).count();
        let shut = [('(', ')'), ('[', ']'), ('{', '}')].into_iter();
        let cut =
            shut.filter(|(open, close)| is_open(*open, *close)).find_map(|(_, close)| trimmed.strip_suffix(close));
        match cut {
            Some(cut) => address = cut,
            None => return trimmed.len(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{linked, parts};

    fn links(text: &str) -> Vec<&str> {
        let cut = parts(text);
        assert_eq!(cut.iter().map(|(_, part)| *part).collect::<String>(), text, "the text stays whole");
        cut.into_iter().filter(|(is_link, _)| *is_link).map(|(_, part)| part).collect()
    }

    #[test]
    fn addresses_end_where_the_sentence_goes_on() {
        for (text, found) in [
            ("см. https://example.org/a?b=c&d=1#e.", vec!["https://example.org/a?b=c&d=1#e"]),
            ("(HTTP://Example.org), «https://пример.рф/путь»", vec!["HTTP://Example.org", "https://пример.рф/путь"]),
            ("https://ru.wikipedia.org/wiki/Ява_(остров)", vec!["https://ru.wikipedia.org/wiki/Ява_(остров)"]),
            ("https://a.example и http://b.example!", vec!["https://a.example", "http://b.example"]),
            ("[https://a.example/x]", vec!["https://a.example/x"]),
        ] {
            assert_eq!(links(text), found, "{text}");
        }
    }

    #[test]
    fn nothing_else_is_a_link() {
        for text in [
            "",
            "https://",
            "http:// там",
            "javascript:alert(1)",
            "data:text/html,x",
            "ftp://a.example",
            "xhttps://a.example",
            "https:/a.example",
            "www.example.org",
            "https://\u{0}",
        ] {
            assert_eq!(links(text), Vec::<&str>::new(), "{text}");
        }
    }

    #[test]
    fn what_stands_in_an_address_stays_text() {
        let drawn = linked("https://a.example/?q='x'&y=\"onmouseover=alert(1) <b>").into_string();
        let address = "https://a.example/?q='x'&amp;y=";
        let start = format!(
            "<a class=\"link\" href=\"{address}\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">{address}</a>"
        );
        assert!(drawn.starts_with(&start), "{drawn}");
        assert!(drawn.contains("&quot;onmouseover=alert(1) &lt;b&gt;"), "{drawn}");
    }
}
