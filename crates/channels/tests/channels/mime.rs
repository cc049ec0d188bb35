//! Letters as they come: in Russian charsets, nested, broken. Whatever comes, it is read as far as it goes.

use channels::mime::{Letter, Party, message_id, read, sanitised};

/// A letter whose lines end as they do on the wire.
fn wire(text: &str) -> Vec<u8> {
    text.replace('\n', "\r\n").into_bytes()
}

fn of(text: &str) -> Letter {
    read(&wire(text)).unwrap()
}

/// Letters of the past in the charset of the past: bytes above 127 stand for themselves.
fn in_charset(charset: &str, body: &[u8]) -> Letter {
    let head = format!(
        "From: a@example.org\nMessage-ID: <1@example.org>\nContent-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: 8bit\n\n"
    );
    read(&[wire(&head), body.to_vec(), b"\r\n".to_vec()].concat()).unwrap()
}

const NESTED: &str = "From: =?windows-1251?Q?=C0=ED=ED=E0?= <Anna@Example.ORG>
To: =?koi8-r?B?78bJ0w==?= <office@example.org>, other@example.org
Subject: =?utf-8?B?0KHRgtC10L3QtA==?=
 =?utf-8?B?INC4INGA0LXQutC70LDQvNCw?=
Date: Tue, 13 Apr 2027 12:00:00 +0300
Message-ID: <third@example.org>
In-Reply-To: <second@example.org>
References: <first@example.org>
 <second@example.org>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=outer

--outer
Content-Type: multipart/related; boundary=middle

--middle
Content-Type: multipart/alternative; boundary=inner

--inner
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: base64

0J/RgNC40LLQtdGC
--inner
Content-Type: text/html; charset=utf-8

<html><head><style>p{color:red}</style></head><body><p>\u{41f}\u{440}\u{438}\u{432}\u{435}\u{442} <img src=\"cid:logo\"></p></body></html>
--inner--

--middle
Content-Type: image/png
Content-ID: <logo>
Content-Transfer-Encoding: base64

iVBORw0KGgo=
--middle--

--outer
Content-Type: application/ms-tnef; name=\"winmail.dat\"
Content-Disposition: attachment; filename=\"winmail.dat\"
Content-Transfer-Encoding: base64

eJ8+Ig==
--outer
Content-Type: message/rfc822

From: b@example.org
Subject: Inside

Forwarded.
--outer--
";

#[test]
fn a_nested_letter_is_read_whole() {
    let letter = of(NESTED);
    assert_eq!(letter.message_id.as_deref(), Some("third@example.org"));
    assert_eq!(letter.earlier, ["second@example.org", "first@example.org"]);
    assert_eq!(letter.from, Some(Party { name: Some("Анна".to_owned()), email: "Anna@Example.ORG".to_owned() }));
    assert_eq!(letter.to.as_ref().map(|to| to.email.as_str()), Some("office@example.org"));
    assert_eq!(letter.subject.as_deref(), Some("Стенд и реклама"));
    assert_eq!(letter.text.as_deref(), Some("Привет"));
    assert_eq!(letter.written_at, Some(1_807_606_800));
    let html = letter.html.unwrap();
    assert!(html.contains("Привет") && !html.contains("<img") && !html.contains("color"), "{html}");
    let names: Vec<_> = letter.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["file.png", "winmail.dat", "Inside.eml"]);
    assert_eq!(letter.files[1].bytes, [0x78, 0x9f, 0x3e, 0x22], "what only one program reads is kept as it is");
    assert!(!letter.is_automatic && letter.undelivered.is_none());
}

#[test]
fn charsets_of_russian_letters_are_read() {
    let windows = in_charset("windows-1251", &[0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2]);
    let koi = in_charset("koi8-r", &[0xf0, 0xd2, 0xc9, 0xd7, 0xc5, 0xd4]);
    let dos = in_charset("ibm866", &[0x8f, 0xe0, 0xa8, 0xa2, 0xa5, 0xe2]);
    for letter in [windows, koi, dos] {
        assert_eq!(letter.text.as_deref(), Some("Привет"));
    }
}

#[test]
fn who_wrote_what_is_said_as_it_stands() {
    let nobody = of("Subject: x\n\nText\n");
    assert_eq!((nobody.from, nobody.message_id), (None, None));
    let group = of("From: undisclosed-recipients:;\nSubject: x\n\nText\n");
    assert_eq!(group.from, None);
    let broken = of("From: Ivan <not an address>\nMessage-ID: no brackets\n\nText\n");
    assert!(broken.from.is_none_or(|from| !from.email.contains('@')));
    assert_eq!(broken.message_id, None, "an id has no blanks");
    assert_eq!(message_id(b"Message-ID: <a@b.example>\r\n\r\n").as_deref(), Some("a@b.example"));
    assert_eq!(message_id(b"\r\n"), None);
    for head in ["Auto-Submitted: auto-replied", "Precedence: bulk", "List-Id: <news.example.org>"] {
        assert!(of(&format!("From: a@example.org\n{head}\n\nText\n")).is_automatic, "{head}");
    }
    assert!(!of("From: a@example.org\nAuto-Submitted: no\n\nText\n").is_automatic);
}

#[test]
fn formatted_text_asks_for_nothing_and_runs_nothing() {
    let wild = "<p style=\"background:url(http://spy.example/1)\" onload=x()>Text</p><script>x()</script>\
                <img src=http://spy.example/2><iframe src=http://spy.example/3></iframe>\
                <form action=http://spy.example/4><input></form><a href=\"javascript:x()\">link</a>\
                <a href=\"https://example.org/\">way</a><svg onload=x()><style>@import 'http://spy.example/5'</style>\
                <meta http-equiv=refresh content=\"0;http://spy.example/6\"><base href=http://spy.example/7>";
    let clean = sanitised(wild);
    assert!(clean.contains("Text") && clean.contains("https://example.org/"), "{clean}");
    for what in ["spy.example", "script", "onload", "javascript", "<form", "<svg", "<iframe", "<img", "style"] {
        assert!(!clean.contains(what), "{what}: {clean}");
    }
}

#[test]
fn what_would_grow_without_end_is_kept_as_a_file() {
    let page = |body: &str| of(&format!("From: a@example.org\nContent-Type: text/html; charset=utf-8\n\n{body}\n"));
    let open = |tag: &dyn Fn(usize) -> String| (0..3_000).map(tag).collect::<String>() + &"<p>x\n".repeat(30_000);
    let wild = [
        open(&|number| format!("<b a={number}>\n")),
        open(&|number| format!("<FONT a={number}><!--</font>-->\n")),
        open(&|number| format!("<b a=\">{number}\">\n")),
        open(&|number| format!("<i a=1<{number}></i\n>")),
    ];
    for body in wild {
        let letter = page(&body);
        assert_eq!(letter.html, None);
        assert_eq!(letter.files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(), ["letter.html"]);
    }
    let part = "<table><tr><td><font color=\"#333\"><b>News</b>\n\
                <a href=\"https://example.org/\">more</a></font></td></tr></table>\n";
    let news = page(&part.repeat(1_000));
    assert!(news.html.is_some_and(|html| html.matches("News").count() == 1_000));
    assert!(news.files.is_empty());
}

#[test]
fn a_report_says_which_letter_did_not_arrive() {
    let report = |action: &str| {
        of(&format!(
            "From: mailer-daemon@mail.example\nMIME-Version: 1.0\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=x\n\n\
             --x\nContent-Type: text/plain\n\nSorry.\n--x\nContent-Type: message/delivery-status\n\n\
             Reporting-MTA: dns; mail.example\n\nOriginal-Recipient: rfc822;anna@example.org\nAction: {action}\nStatus: 5.1.1\n\
             Diagnostic-Code: smtp; 550\n  no such user\n\n\
             --x\nContent-Type: message/rfc822\n\nMessage-ID: <gone@example.org>\nSubject: x\n\nText\n--x--\n"
        ))
    };
    let failed = report("failed");
    let undelivered = failed.undelivered.unwrap();
    assert_eq!(undelivered.message_id, "gone@example.org");
    assert_eq!(undelivered.address.as_deref(), Some("anna@example.org"));
    assert!(undelivered.told.contains("5.1.1") && undelivered.told.contains("no such user"), "{}", undelivered.told);
    assert!(failed.is_automatic);
    assert_eq!(report("delayed").undelivered, None, "what is only late may still arrive");
}
