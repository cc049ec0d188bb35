//! Letters: each sample says what it says, and whatever chance makes of one keeps to what is promised of all.

use std::cell::Cell;
use std::panic;
use std::sync::atomic::{AtomicUsize, Ordering};

use channels::mime::{Letter, message_id, read};
use model::value::{LONG_TEXT_LIMIT, TEXT_LIMIT};
use store::testing::changed;

use crate::chaos::{dice, is_clean, many};
use crate::html::{GROWS as PAGE_GROWS, harm_in_page};
use crate::samples::{Sample, samples};

/// What makes letters go wrong.
const PIECES: [&[u8]; 26] = [
    b"\r\n\r\n",
    b"\n",
    b"\r",
    b"\0",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"--",
    b"--b--",
    b"=?utf-8?B?",
    b"=?koi8-r?Q?=F0?=",
    b"?=",
    b"=\r\n",
    b"=00",
    b"\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n",
    b"\r\nContent-Type: message/rfc822\r\n\r\n",
    b"\r\nContent-Type: text/html; charset=utf-7\r\n\r\n",
    b"\r\nContent-Transfer-Encoding: base64\r\n",
    b"\r\nContent-Transfer-Encoding: quoted-printable\r\n",
    b"; filename*0*=utf-8''%D0%9F; filename*1=\"x\"",
    b"; charset=\"iso-2022-jp\"",
    b"\"",
    b"(",
    b"<",
    b"&#1;",
    b"<script>x()</script>",
    b"Message-ID: <a b@c>\r\n",
];
/// No letter has more files: those that are kept one by one, and what there was no room for among the fields.
const FILES: usize = 102;
/// A letter in all that is kept of it beside the page: charsets have three bytes where there was one, and what is formatted is kept
/// as text too.
const GROWS: usize = 12;
/// A letter is asked for its name by its head alone where that is no longer.
const HEAD: usize = 32 * 1024;

/// What is said of the letter, by its name: subject, a piece of its text, files.
const SAID: [(&str, &str, &str, &[&str]); 18] = [
    ("plain", "Two seats", "Нужны два места", &[]),
    ("windows_1251", "Стенд у входа", "Ёлки — №5", &[]),
    ("koi8_r", "Доклад", "Пришлём доклад в среду", &[]),
    ("ibm866", "DOS", "Привет из прошлого", &[]),
    ("iso_2022_jp", "会議の件", "席は二つ", &[]),
    ("utf_16", "Wide", "Широкие буквы", &[]),
    ("utf_7", "Seven", "Hi при", &[]),
    ("nested_multiparts", "All at once", "Программа приложена", &["logo.gif", "programme.pdf"]),
    ("winmail", "Outlook", "See what is attached", &["winmail.dat"]),
    ("site_order", "Новый заказ 17", "Количество: 2", &[]),
    ("mixed_ends", "One two three", "Text\nline", &[]),
    ("html_only", "Formatted", "Привет", &[]),
    ("html_before_text", "Turned round", "plain", &[]),
    ("calendar", "Invitation", "Come.", &["file.ics", "vera.vcf"]),
    ("signed", "Signed", "Signed text", &["smime.p7s"]),
    ("forwarded", "Fwd", "See below", &["Within.eml", "Encoded.eml"]),
    ("digest", "Digest", "Second.", &[]),
    ("unclosed", "Open", "First", &[]),
];

fn of(all: &[Sample], name: &str) -> Letter {
    let sample = all.iter().find(|sample| sample.name == name).unwrap_or_else(|| panic!("no letter {name}"));
    read(&sample.raw).unwrap_or_else(|| panic!("{name} is not read"))
}

#[test]
fn each_says_what_it_says() {
    let all = samples();
    for (name, subject, words, files) in SAID {
        let letter = of(&all, name);
        assert_eq!(letter.subject.as_deref(), Some(subject), "{name}");
        let text = letter.text.unwrap_or_default();
        assert!(text.contains(words), "{name}: {text}");
        let named: Vec<_> = letter.files.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(named, files, "{name}");
    }
    assert_eq!(of(&all, "koi8_r").from.unwrap().name.as_deref(), Some("Вера Линд"));
    let named = |name: &str| of(&all, name).files.into_iter().map(|file| file.name).collect::<Vec<_>>();
    assert_eq!(named("rfc_2231").first().map(String::as_str), Some("Программа.pdf"));
    assert_eq!(named("rfc_2047"), ["Фото зала.jpg"]);
    let within = of(&all, "forwarded").files.remove(0);
    assert!(String::from_utf8_lossy(&within.bytes).contains("Content-Type: message/rfc822"), "it is kept as it came");
}

#[test]
fn reports_and_machines_are_known() {
    let all = samples();
    let back = |name: &str| of(&all, name).undelivered;
    let bounce = back("bounce").unwrap();
    assert_eq!(bounce.message_id, "sent-1@forum.example");
    assert_eq!(bounce.address.as_deref(), Some("Vera@north-quay.example"));
    assert!(bounce.told.contains("5.1.1") && bounce.told.contains("no such mailbox"), "{}", bounce.told);
    assert_eq!(back("bounce_whole").unwrap().message_id, "sent-2@forum.example");
    assert_eq!((back("delayed"), back("bounce_without_original")), (None, None));
    for name in ["bounce", "absence", "list", "site_order"] {
        assert!(of(&all, name).is_automatic, "{name}");
    }
    assert_eq!(of(&all, "absence").earlier, ["sent-1@forum.example", "first@forum.example"]);
    let long = of(&all, "long_line");
    assert_eq!((long.message_id, long.earlier.len()), (None, 50));
}

#[test]
fn ten_thousand_levels_are_no_depth() {
    let letters = "Content-Type: message/rfc822\r\n\r\n".repeat(10_000) + "Subject: bottom\r\n\r\nText\r\n";
    let head = "From: vera@north-quay.example\r\nSubject: top\r\nMessage-ID: <top@north-quay.example>\r\n";
    let in_base64 = coded(letters.as_bytes());
    let parts: String = (0..10_000)
        .map(|level| format!("Content-Type: multipart/mixed; boundary=\"b{level}\"\r\n\r\n--b{level}\r\n"))
        .collect();
    for (what, body) in [
        ("letters", letters.clone()),
        (
            "letters in base64",
            format!("Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n{in_base64}\r\n"),
        ),
        ("parts", format!("{parts}\r\nText\r\n")),
    ] {
        let raw = format!("{head}{body}");
        let letter = read(raw.as_bytes()).unwrap_or_else(|| panic!("{what} are not read"));
        assert_eq!(letter.subject.as_deref(), Some("top"), "{what}");
        assert_eq!(letter.message_id.as_deref(), Some("top@north-quay.example"), "{what}");
        assert!(letter.files.iter().map(|file| file.bytes.len()).sum::<usize>() <= raw.len() * 2, "{what}");
    }
}

fn coded(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

#[test]
fn whatever_chance_makes_of_a_letter_is_kept_as_it_may_be() {
    static STUMBLED: AtomicUsize = AtomicUsize::new(0);
    thread_local! {
        static IS_COUNTED: Cell<bool> = const { Cell::new(false) };
    }
    IS_COUNTED.set(true);
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |told| {
        // Whatever is not this test's own word.
        if IS_COUNTED.get() && told.location().is_some_and(|place| !place.file().contains("strangers")) {
            STUMBLED.fetch_add(1, Ordering::Relaxed);
        } else {
            usual(told);
        }
    }));
    let all = samples();
    let others: Vec<&[u8]> = all.iter().map(|sample| sample.raw.as_slice()).collect();
    for sample in &all {
        holds(&sample.raw).unwrap_or_else(|fault| panic!("{}: {fault}", sample.name));
    }
    assert_eq!(STUMBLED.load(Ordering::Relaxed), 0, "no sample makes the parser stumble");
    let ((seed, mut dice), mut count) = (dice(7), 0);
    for round in many(30, 100) {
        let sample = dice.pick(&all);
        let raw = changed(&mut dice, &sample.raw, &PIECES, &others);
        if let Err(fault) = holds(&raw) {
            panic!("PLENARY_SEED={seed}, letter {round}, {}: {fault}\n{}", sample.name, String::from_utf8_lossy(&raw));
        }
        count += 1;
    }
    let stumbled = STUMBLED.load(Ordering::Relaxed);
    println!(
        "proved: {count} letters of strangers; the parser gave {stumbled} of them up, which are kept as they came"
    );
    assert!(stumbled * 200 <= count, "{stumbled} of {count}");
}

/// What is promised of whatever comes.
fn holds(raw: &[u8]) -> Result<(), String> {
    let named = message_id(raw);
    let Some(letter) = read(raw) else { return Ok(()) };
    let must = |holds: bool, what: &str| if holds { Ok(()) } else { Err(what.to_owned()) };
    must(raw.len() > HEAD || named == letter.message_id, "its name is the same before it is fetched")?;
    let parties = [&letter.from, &letter.to].into_iter().flatten();
    let lines = parties.flat_map(|party| [party.name.as_deref(), Some(party.email.as_str())]);
    let undelivered = letter.undelivered.iter().flat_map(|it| [it.address.as_deref(), Some(it.told.as_str())]);
    let lines = lines.chain(undelivered).chain([letter.subject.as_deref()]);
    let lines = lines.chain(letter.files.iter().map(|file| Some(file.name.as_str())));
    for line in lines.flatten() {
        must(is_clean(line, false), &format!("one line without control characters: {line:?}"))?;
        must(line.chars().count() <= 3 * TEXT_LIMIT, "a line has its length")?;
    }
    for id in letter.message_id.iter().chain(&letter.earlier) {
        must(is_clean(id, false) && !id.contains(char::is_whitespace) && !id.is_empty(), "an id is one word")?;
        must(id.len() <= 998, "an id has its length")?;
    }
    must(letter.earlier.len() <= 50, "so many letters before it")?;
    must(letter.results.len() <= 10, "so many words of servers")?;
    must(letter.results.iter().all(|result| result.chars().count() <= 4_000), "of this length")?;
    for text in [&letter.text, &letter.html].into_iter().flatten() {
        must(is_clean(text, true), "a text without control characters")?;
        must(text.chars().count() <= LONG_TEXT_LIMIT, "a text has its length")?;
    }
    if let Some(page) = &letter.html {
        harm_in_page(page)?;
    }
    must(letter.files.len() <= FILES, "so many files")?;
    must(letter.html.iter().all(|page| page.len() <= PAGE_GROWS * raw.len() + 1_000), "a page grows by so much")?;
    let text = letter.text.iter().map(String::len);
    let all: usize = letter.files.iter().map(|file| file.bytes.len()).chain(text).sum();
    must(all <= GROWS * raw.len() + 1_000, &format!("{all} bytes are kept of {}", raw.len()))
}
