//! How long reading takes: eight times as much is not read in many more than eight times as long, whatever it is made of.

use std::time::{Duration, Instant};

use channels::mime::{read, rows, sanitised, vouches};
use model::site_letter::SiteLetter;
use serde_json::json;

/// What is compared, in bytes: a small one and one of a megabyte.
const SMALL: usize = 128 * 1024;
const TIMES: usize = 8;
/// What grows as its length takes eight times as long, what grows as its square 64 times. In between there is room for a machine
/// that has other things to do.
const MOST: f64 = 24.0;
/// What is over so soon says nothing of how it grows.
const AT_ONCE: Duration = Duration::from_millis(150);
/// The shortest of so many tries counts.
const TRIES: usize = 3;

/// A piece as often as it has room, each time another where it says `#`.
fn filled(size: usize, piece: &str) -> String {
    let mut all = String::with_capacity(size + piece.len());
    let mut number = 0_usize;
    while all.len() < size {
        if piece.contains('#') {
            all.push_str(&piece.replace('#', &number.to_string()));
        } else {
            all.push_str(piece);
        }
        number += 1;
    }
    all
}

fn grows_as_its_length(what: &str, make: impl Fn(usize) -> String, work: impl Fn(&str)) {
    let time = |size: usize| {
        let text = make(size);
        let took = |_| {
            let begun = Instant::now();
            work(&text);
            begun.elapsed()
        };
        (0..TRIES).map(took).min().unwrap_or_default()
    };
    let (little, much) = (time(SMALL), time(SMALL * TIMES));
    let ratio = much.as_secs_f64() / little.as_secs_f64().max(1e-6);
    assert!(much < AT_ONCE || ratio < MOST, "{what}: {little:?}, and {much:?} for {TIMES} times as much");
}

const HEAD: &str = "From: vera@north-quay.example\r\nMessage-ID: <x@north-quay.example>\r\n";

/// A letter whose head goes on with so much of a piece, and which has a text.
fn head(before: &str, piece: &str, size: usize) -> String {
    format!("{HEAD}{before}{}\r\n\r\nText\r\n", filled(size, piece))
}

/// A letter with so much of a piece behind its head.
fn body(kind: &str, piece: &str, size: usize) -> String {
    format!("{HEAD}{kind}\r\n\r\n{}\r\n", filled(size, piece))
}

#[test]
fn heads_of_letters() {
    for (before, piece) in [
        ("Subject: ", "word "),
        ("Subject: ", "=?AB?Q?x "),
        ("Subject: ", "=?utf-8?B?0J8=?= "),
        ("Subject: ", "=?utf-8?Q?=D0"),
        ("Subject: x", "\r\n y"),
        ("To: ", "=?utf-8?B?0J8=?= <a#@b.example>, "),
        ("To: ", "\"a\\\" "),
        ("To: ", "(("),
        ("To: ", "a: b@c.example; "),
        ("To: ", "<"),
        ("References: ", "<#@north-quay.example> "),
        ("References: <x@y>\r\nIn-Reply-To: ", "<#@north-quay.example>\r\n "),
        ("X-", "a#: b\r\nX-"),
        ("Received: ", "from a by b (c [10.0.0.1]) with esmtp id d for <e@f>; "),
        ("Date: ", "1 Jan "),
        ("List-Id: ", "<a.b> "),
        ("Authentication-Results: mx; ", "dkim=pass (a \"b\" \\( "),
        ("Content-Type: text/plain", "; a#*1=b"),
        ("Content-Type: text/plain", "; a*#=b"),
        ("Content-Type: text/plain", "; a#=\"b"),
        ("Content-Disposition: attachment", "; filename*#*=utf-8''%D0"),
        ("Content-Type: ", "content-type:x;"),
        ("Content-Type: message/", "rfc822("),
        ("Content-Type: multipart/mixed; boundary=", "x"),
    ] {
        let letter = |size| head(before, piece, size);
        grows_as_its_length(&format!("{before}{piece}"), letter, |text| drop(read(text.as_bytes())));
    }
}

#[test]
fn bodies_of_letters() {
    let mixed = "Content-Type: multipart/mixed; boundary=b";
    for (kind, piece) in [
        ("Content-Type: text/plain; charset=utf-8", "Слово и ещё слово.\r\n"),
        ("Content-Type: text/plain; charset=windows-1251", "word "),
        ("Content-Type: text/plain\r\nContent-Transfer-Encoding: base64", "0J/RgNC40LLQtdGC\r\n"),
        ("Content-Type: text/plain\r\nContent-Transfer-Encoding: base64", "0J/R!"),
        ("Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable", "=D0=9F =\r\n=ZZ"),
        ("Content-Type: text/plain; charset=utf-7", "+BD8E"),
        (mixed, "--b\r\n\r\nText\r\n"),
        (mixed, "--b"),
        (mixed, "-- b --"),
        (
            mixed,
            "--b\r\nContent-Type: application/pdf; name=#.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBE\r\n",
        ),
        (mixed, "--b\r\nContent-Transfer-Encoding: base64\r\n\r\n!\r\n"),
        (mixed, "--b\r\nContent-Type: multipart/mixed; boundary=never#\r\n\r\n"),
        (mixed, "--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"),
        (mixed, "--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\n"),
        (mixed, "--b\r\nContent-Type: text/html\r\n\r\n<p>a<b>b\r\n"),
        ("Content-Type: message/rfc822", "Content-Type: message/rfc822\r\n\r\n"),
        ("Content-Type: multipart/digest; boundary=b", "--b\r\n\r\nContent-Type: multipart/digest; boundary=b\r\n\r\n"),
        (
            "Content-Type: multipart/report; report-type=delivery-status; boundary=b",
            "--b\r\nContent-Type: message/delivery-status\r\n\r\nAction: failed\r\nStatus: 5\r\n 1\r\n",
        ),
    ] {
        let letter = |size| body(kind, piece, size);
        grows_as_its_length(&format!("{kind}, {piece}"), letter, |text| drop(read(text.as_bytes())));
    }
}

#[test]
fn formatted_text() {
    for (before, piece) in [
        ("", "<p>A paragraph with <b>words</b> and a <a href=\"https://example.org/?a=1&amp;b=2\">link</a>.</p>\n"),
        ("", "A long text that has no tags at all, and goes on. "),
        ("", "<div>"),
        ("", "<b>"),
        ("", "<a href=x>"),
        ("", "<p><i>"),
        ("", "<table><tr><td>"),
        ("<table>", "<br>"),
        ("<table>", "a<b>"),
        ("<p", " a#=b"),
        ("<p", " a#=\">\""),
        ("", "<body a#=b>"),
        ("<p title='", "<a"),
        ("", "</p>"),
        ("", "<!--"),
        ("", "<!-->"),
        ("", "&amp;"),
        ("", "&#0;"),
        ("<style>", "</styl>"),
        ("", "<svg><p>"),
        ("", "<select><option>"),
    ] {
        let html = |size| format!("{before}{}", filled(size, piece));
        grows_as_its_length(&format!("{before}{piece}"), html, |text| drop(sanitised(text)));
        grows_as_its_length(&format!("rows of {before}{piece}"), html, |text| drop(rows(text)));
        let letter =
            |size| format!("{HEAD}Content-Type: text/html; charset=utf-8\r\n\r\n{before}{}\r\n", filled(size, piece));
        grows_as_its_length(&format!("a letter with {before}{piece}"), letter, |text| drop(read(text.as_bytes())));
    }
}

#[test]
fn letters_of_sites_and_who_vouches_for_them() {
    let reads: Vec<_> = (0..50).map(|number| json!({"to": "need", "labels": [format!("Label {number}")]})).collect();
    let letter = json!({
        "name": "shop", "label": {"ru": "Сайт", "en": "Site"}, "from": "@shop.example", "module": "leads", "reads": reads,
    });
    let site: SiteLetter = serde_json::from_value(letter).unwrap();
    for piece in [
        "Label 1: value\n",
        "Label 1\tLabel 2\tLabel 3\n",
        "a:",
        "a:b:c:d:\n",
        "word ",
        "\t",
        "x\ty\n",
        "Label 1:\n",
        ": * > ",
    ] {
        grows_as_its_length(piece, |size| filled(size, piece), |text| drop(site.read(text)));
    }
    for piece in ["(", "\"", "\\", "; dkim=pass", " a=b", " = "] {
        let result = |size| format!("mx.forum.example; {}", filled(size, piece));
        let asked = |text: &str| {
            let _ = vouches(&[text.to_owned()], "mx.forum.example", "robot@shop.example");
        };
        grows_as_its_length(piece, result, asked);
    }
}
