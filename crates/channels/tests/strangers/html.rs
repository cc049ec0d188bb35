//! Formatted text: of whatever is sent nothing is left that runs, asks for anything, or looks like a part of our page.

use channels::mime::{rows, sanitised};
use store::testing::changed_text;

use crate::chaos::{dice, is_clean, many};

/// Ways to have something run or asked for, of our own.
const VECTORS: [&str; 46] = [
    "<script>x()</script>",
    "<SCRIPT SRC=//spy.example/x.js></SCRIPT>",
    "<scr<script>ipt>x()</scr</script>ipt>",
    "<p onclick=x()>a</p>",
    "<p ONMOUSEOVER\n=\n'x()'>a</p>",
    "<p/onfocus=x()/autofocus tabindex=1>a",
    "<a href=\"javascript:x()\">a</a>",
    "<a href=\"java\tscript:x()\">a</a>",
    "<a href=\" &#1; javascript:x()\">a</a>",
    "<a href=\"java&#11;script:x()\">a</a>",
    "<a href=\"java&#0;script:x()\">a</a>",
    "<a href=\"JaVaScRiPt&colon;x()\">a</a>",
    "<a href=\"&#x6A;&#97vascript:x()\">a</a>",
    "<a href=\"data:text/html,<script>x()</script>\">a</a>",
    "<a href=vbscript:x()>a</a>",
    "<a href=\"view-source:javascript:x()\">a</a>",
    "<img src=x onerror=x()>",
    "<img srcset=\"https://spy.example/1 2x\" loading=lazy>",
    "<svg onload=x()><animate attributeName=href values=javascript:x() /></svg>",
    "<svg><a xlink:href=\"javascript:x()\"><text>a</text></a></svg>",
    "<svg><style><img src=x onerror=x()></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=x onerror=x()&gt;\">",
    "<math><annotation-xml encoding=\"text/html\"><script>x()</script></annotation-xml></math>",
    "<math href=\"javascript:x()\">a</math>",
    "<iframe src=\"https://spy.example\"></iframe><iframe srcdoc=\"<script>x()</script>\">",
    "<object data=\"data:text/html,x\"></object><embed src=x>",
    "<form action=\"https://spy.example\"><input type=image src=x formaction=javascript:x()><button>a</button></form>",
    "<style>@import url(https://spy.example/x.css);</style>",
    "<p style=\"background:url(https://spy.example/1)\">a</p>",
    "<div style=\"position:fixed;inset:0\">a</div>",
    "<link rel=stylesheet href=https://spy.example/x.css>",
    "<meta http-equiv=refresh content=\"0;url=javascript:x()\">",
    "<base href=\"https://spy.example/\">",
    "<template><script>x()</script></template>",
    "<noscript><p title=\"</noscript><img src=x onerror=x()>\">",
    "<title><img src=x onerror=x()></title>",
    "<textarea><img src=x onerror=x()></textarea>",
    "<xmp><img src=x onerror=x()></xmp><plaintext><script>x()</script>",
    "<!--><img src=x onerror=x()>-->",
    "<!-- --!><script>x()</script> -->",
    "<![CDATA[<script>x()</script>]]>",
    "<?xml version=\"1.0\"?><?x <script>x()</script>",
    "<table background=https://spy.example/1><td><video poster=https://spy.example/2 autoplay><source src=x></video>",
    "<select><option><style></option></select><img src=x onerror=x()></style>",
    "<details open ontoggle=x()><summary>a</summary></details>",
    "<a href=\"https://example.org/?a=1&amp;b=<b>\" target=_blank id=x class=y name=z>a &amp; b</a>",
];
/// What stands around them.
const AROUND: [(&str, &str); 10] = [
    ("", ""),
    ("<table><tr><td>", "</td></tr></table>"),
    ("<table>", "</table>"),
    ("<svg>", "</svg>"),
    ("<svg><foreignObject>", "</foreignObject></svg>"),
    ("<math><mi>", "</mi></math>"),
    ("<select>", "</select>"),
    ("<b><i><p>", "</b></i>"),
    ("<ul><li><a href=https://example.org>", "</a></ul>"),
    ("<p title='", "'>"),
];
const PIECES: [&str; 30] = [
    "<",
    ">",
    "</",
    "/>",
    "\"",
    "'",
    "=",
    "&",
    ";",
    "&#",
    "&lt;",
    "&#x3c;",
    "&Tab;",
    "&NewLine;",
    "<!--",
    "-->",
    "\0",
    "\u{b}",
    "\u{200b}",
    " onload=x() ",
    "javascript:",
    "<svg>",
    "<math>",
    "</p>",
    "<table>",
    "<style>",
    "</style>",
    "<a href=",
    "\u{fffd}",
    "\n",
];

/// Elements that may be left, and attributes of any of them.
const ELEMENTS: [&str; 76] = [
    "a",
    "abbr",
    "acronym",
    "article",
    "aside",
    "b",
    "bdi",
    "bdo",
    "blockquote",
    "br",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "data",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "i",
    "ins",
    "kbd",
    "li",
    "mark",
    "nav",
    "ol",
    "p",
    "pre",
    "q",
    "rp",
    "rt",
    "rtc",
    "ruby",
    "s",
    "samp",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
    "wbr",
    "main",
    "section",
    "big",
];
const ATTRIBUTES: [&str; 20] = [
    "href", "hreflang", "rel", "title", "lang", "dir", "cite", "datetime", "align", "char", "charoff", "span", "size",
    "width", "start", "summary", "colspan", "headers", "rowspan", "scope",
];
/// Attributes that lead somewhere, and where they may lead.
const LEADS: [&str; 2] = ["href", "cite"];
const SCHEMES: [&str; 12] =
    ["http", "https", "mailto", "tel", "sms", "smsto", "sip", "ftp", "ftps", "geo", "news", "xmpp"];
/// Others that lead to programs of their own and run nothing here.
const STRANGE: [&str; 15] = [
    "bitcoin",
    "im",
    "irc",
    "ircs",
    "magnet",
    "mms",
    "mx",
    "nntp",
    "openpgp4fpr",
    "ssh",
    "url",
    "webcal",
    "wtai",
    "urn",
    "gopher",
];

/// Formatting is opened anew in every paragraph: so many times as long may clean text become.
pub(crate) const GROWS: usize = 200;
/// What a page begins and ends with in which a letter stands.
const PAGE: (&str, &str) = ("<!doctype html><html><head><meta charset=\"utf-8\"></head><body>", "</body></html>");

/// The first thing in clean HTML that should not be there.
pub(crate) fn harm(clean: &str) -> Result<(), String> {
    let mut rest = clean;
    // In what is clean a `<` begins a tag, and values stand in double quotes.
    while let Some((_, after)) = rest.split_once('<') {
        let (is_end, after) = after.strip_prefix('/').map_or((false, after), |after| (true, after));
        let (name, mut tag) =
            after.split_at(after.find(|sign: char| !sign.is_ascii_alphanumeric()).unwrap_or(after.len()));
        if !ELEMENTS.contains(&name) {
            return Err(format!("an element {name:?} in {clean}"));
        }
        rest = loop {
            if let Some(behind) = tag.strip_prefix('>') {
                break behind;
            }
            let broken = || format!("a tag that goes on as {:?} in {clean}", tag.chars().take(20).collect::<String>());
            let (attribute, behind) =
                tag.strip_prefix(' ').filter(|_| !is_end).and_then(|tag| tag.split_once("=\"")).ok_or_else(broken)?;
            let (value, behind) = behind.split_once('"').ok_or_else(broken)?;
            if !ATTRIBUTES.contains(&attribute) {
                return Err(format!("an attribute {attribute:?} in {clean}"));
            }
            if LEADS.contains(&attribute) && !leads_away(value) {
                return Err(format!("{attribute} leads to {value:?}"));
            }
            tag = behind;
        };
    }
    Ok(())
}

/// The same of the page in which a letter stands.
pub(crate) fn harm_in_page(page: &str) -> Result<(), String> {
    let inner = page.strip_prefix(PAGE.0).and_then(|page| page.strip_suffix(PAGE.1));
    harm(inner.ok_or_else(|| format!("no page: {page}"))?)
}

/// Whether an address is one of the ways that lead away from here and run nothing.
fn leads_away(value: &str) -> bool {
    let value = value.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", "\u{a0}");
    // As browsers read it.
    let plain = value.trim_matches(|sign: char| sign <= ' ').replace(['\t', '\n', '\r'], "");
    let end = plain
        .find(|sign: char| !sign.is_ascii_alphanumeric() && !matches!(sign, '+' | '-' | '.'))
        .unwrap_or(plain.len());
    let (scheme, behind) = plain.split_at(end);
    let is_scheme = behind.starts_with(':') && scheme.starts_with(|sign: char| sign.is_ascii_alphabetic());
    let scheme = scheme.to_ascii_lowercase();
    !is_scheme || SCHEMES.contains(&scheme.as_str()) || STRANGE.contains(&scheme.as_str())
}

/// Clean is what it is, and what becomes of it where it is read once more.
fn must_be_harmless(html: &str) -> Result<(), String> {
    let clean = sanitised(html);
    harm(&clean)?;
    harm(&sanitised(&clean)).map_err(|fault| format!("read once more: {fault}"))?;
    if !is_clean(&clean, true) || !is_clean(&rows(html), true) {
        return Err(format!("control characters are left: {clean:?}"));
    }
    if clean.len() > GROWS * html.len() + 1_000 {
        return Err(format!("{} bytes became {}", html.len(), clean.len()));
    }
    Ok(())
}

#[test]
fn nothing_is_left_that_runs_or_asks() {
    for vector in VECTORS {
        for (before, behind) in AROUND {
            let html = format!("Before {before}{vector}{behind} behind");
            must_be_harmless(&html).unwrap_or_else(|fault| panic!("{html}: {fault}"));
        }
    }
    let link = sanitised(VECTORS[VECTORS.len() - 1]);
    assert!(link.contains("href=\"https://example.org/?a=1&amp;b=") && link.contains("a &amp; b"), "{link}");
}

#[test]
fn whatever_chance_makes_of_formatted_text_is_harmless() {
    let ((seed, mut dice), mut count) = (dice(11), 0);
    for round in many(30, 100) {
        let ((before, behind), one, other) = (dice.pick(&AROUND), dice.pick(&VECTORS), dice.pick(&VECTORS));
        let whole = format!("{before}{one}{other}{behind}");
        let html = changed_text(&mut dice, &whole, &PIECES, &VECTORS);
        must_be_harmless(&html)
            .unwrap_or_else(|fault| panic!("PLENARY_SEED={seed}, text {round}: {fault}\nof {html:?}"));
        count += 1;
    }
    println!("proved: {count} pieces of HTML, of which nothing is left that runs or asks");
}
