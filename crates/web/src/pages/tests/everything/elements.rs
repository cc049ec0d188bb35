//! HTML read as a browser reads what the pages write: elements, attributes, text. What no page writes is a fault.

use std::borrow::Cow;

/// A piece of a page.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'h> {
    Open { name: &'h str, attributes: Vec<(&'h str, Cow<'h, str>)> },
    Close(&'h str),
    Text(Cow<'h, str>),
    Comment(&'h str),
}

/// Elements whose content is text up to their end.
const RAW: [&str; 4] = ["script", "style", "textarea", "title"];

/// The pieces of a page in their order, or where it cannot be read.
pub(super) fn read(html: &str) -> Result<Vec<Piece<'_>>, String> {
    let mut rest =
        html.strip_prefix("<!DOCTYPE html>").or_else(|| html.strip_prefix("<!doctype html>")).unwrap_or(html);
    let mut pieces = Vec::new();
    while !rest.is_empty() {
        let Some(tag) = rest.strip_prefix('<') else {
            let end = rest.find('<').unwrap_or(rest.len());
            let (text, after) = rest.split_at(end);
            pieces.push(Piece::Text(plain(text)));
            rest = after;
            continue;
        };
        if let Some(comment) = tag.strip_prefix("!--") {
            let (comment, after) = comment.split_once("-->").ok_or_else(|| near("a comment without an end", rest))?;
            pieces.push(Piece::Comment(comment));
            rest = after;
        } else if let Some(closing) = tag.strip_prefix('/') {
            let (name, after) = closing.split_once('>').ok_or_else(|| near("a tag without an end", rest))?;
            pieces.push(Piece::Close(name.trim()));
            rest = after;
        } else {
            let (piece, after) = opening(tag).ok_or_else(|| near("no tag", rest))?;
            rest = after;
            if let Piece::Open { name, .. } = &piece
                && RAW.contains(name)
            {
                let name = *name;
                let end = rest.find(&format!("</{name}")).ok_or_else(|| near("no end", rest))?;
                let (text, after) = rest.split_at(end);
                pieces.push(piece);
                let is_code = ["script", "style"].contains(&name);
                pieces.push(Piece::Text(if is_code { Cow::Borrowed(text) } else { plain(text) }));
                rest = after;
                continue;
            }
            pieces.push(piece);
        }
    }
    Ok(pieces)
}

/// An opening tag behind its `<`, and what follows it.
fn opening(tag: &str) -> Option<(Piece<'_>, &str)> {
    let end = tag.find(|c: char| c.is_whitespace() || c == '>' || c == '/')?;
    let (name, mut rest) = tag.split_at(end);
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start().trim_start_matches('/');
        if let Some(after) = rest.strip_prefix('>') {
            return Some((Piece::Open { name, attributes }, after));
        }
        let end = rest.find(|c: char| c.is_whitespace() || c == '=' || c == '>')?;
        let (attribute, after) = rest.split_at(end);
        if attribute.is_empty() {
            return None;
        }
        let (value, after) = match after.strip_prefix('=') {
            None => ("", after),
            Some(after) => match after.strip_prefix('"') {
                Some(after) => after.split_once('"')?,
                None => after.split_at(after.find(|c: char| c.is_whitespace() || c == '>')?),
            },
        };
        attributes.push((attribute, plain(value)));
        rest = after;
    }
}

/// Text as a reader sees it.
fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let pairs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&#x27;", "'"), ("&nbsp;", "\u{a0}")];
    let text = pairs.iter().fold(text.to_owned(), |text, (written, meant)| text.replace(written, meant));
    Cow::Owned(text.replace("&amp;", "&"))
}

fn near(what: &str, rest: &str) -> String {
    format!("{what}: {}", rest.chars().take(120).collect::<String>())
}

#[test]
fn pages_are_read_as_browsers_read_them() {
    let open = |name, attributes: &[(&'static str, &'static str)]| Piece::Open {
        name,
        attributes: attributes.iter().map(|(name, value)| (*name, Cow::Borrowed(*value))).collect(),
    };
    let text = |text| Piece::Text(Cow::Borrowed(text));
    let html = "<!DOCTYPE html><p class=\"a>b\" hidden id=x>&lt;b&gt; &amp;lt;</p><textarea><b></textarea><br/><script src=\"/x\"></script>";
    let expected = vec![
        open("p", &[("class", "a>b"), ("hidden", ""), ("id", "x")]),
        text("<b> &lt;"),
        Piece::Close("p"),
        open("textarea", &[]),
        text("<b>"),
        Piece::Close("textarea"),
        open("br", &[]),
        open("script", &[("src", "/x")]),
        text(""),
        Piece::Close("script"),
    ];
    assert_eq!(read(html).unwrap(), expected);
    for broken in ["a < b", "<p", "<p class=\"", "<!-- x", "<script>x"] {
        assert!(read(broken).is_err(), "{broken}");
    }
}
