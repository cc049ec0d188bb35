//! The ticket as its holder, a scanner and a printer meet it.

use crate::paper;
use crate::sample::{draw, english, russian, ticket};
use documents::TicketDocument;

const SCREEN_DPI: u32 = 96;
const PAPER_DPI: u32 = 200;

#[test]
fn the_code_reads_from_screen_and_paper() {
    for (document, code) in [(russian(), "JV27-7QKM-3FD9"), (english(), "JV27-9XRT-H4CE")] {
        let pdf = draw(&document);
        for dpi in [SCREEN_DPI, PAPER_DPI] {
            assert_eq!(paper::scanned(&pdf, dpi), [code], "{dpi} dpi");
        }
    }
}

#[test]
fn russian_text_can_be_copied() {
    let text = paper::flowing_text(&draw(&russian()));
    for part in [
        "Ява-клуб",
        "JavaВесна 2027",
        "13–14 апреля 2027 · Москва, Центр международной торговли",
        "Участник Пётр Ёлкин ООО «Северный ветер»",
        "Участник, офлайн",
        "10 000 ₽",
        "JV27-00533",
        "JV27-7QKM-3FD9",
        "Изменить имя участника можно до 10 апреля 2027.",
        "Регистрация с 9:00, первый доклад в 10:00",
        "Марина Соколова · bilety@java-vesna.example · +7 495 000-00-00",
    ] {
        assert!(text.contains(part), "no {part:?} in\n{text}");
    }
}

#[test]
fn the_english_ticket_has_no_russian_word() {
    let text = paper::flowing_text(&draw(&english()));
    assert!(text.contains("Attendee Grace Hopper Northwind Ltd"), "{text}");
    assert!(text.contains("name can be changed until 10 April 2027."), "{text}");
    assert!(!text.chars().any(|letter| ('А'..='я').contains(&letter)), "{text}");
}

#[test]
fn an_order_is_a_page_for_each_ticket() {
    let mut document = russian();
    let codes: Vec<String> = (1..=12).map(|number| format!("JV27-AB{number:02}-XK7M")).collect();
    document.tickets = codes.iter().map(|code| ticket(code, "Анна Ли", "ООО «Ветер»", "Участник", "1 ₽")).collect();
    let pdf = draw(&document);
    let text = paper::text(&pdf);
    let pages: Vec<&str> = text.split_terminator('\u{c}').collect();
    assert_eq!(pages.len(), codes.len());
    for (number, (page, code)) in pages.iter().zip(&codes).enumerate() {
        assert!(page.contains(code), "{page}");
        assert!(page.contains(&format!("{} / 12", number + 1)), "{page}");
    }
    assert_eq!(paper::scanned(&pdf, SCREEN_DPI), codes);
}

#[test]
fn what_is_not_known_is_left_out() {
    let mut document = russian();
    document.tickets[0].attendee = None;
    document.tickets[0].company = None;
    document.tickets[0].price = None;
    document.rename_until = None;
    document.order_url = None;
    document.event.address = None;
    document.event.times = None;
    let text = paper::flowing_text(&draw(&document));
    assert!(text.contains("Имя пока не указано"), "{text}");
    assert!(text.contains("имя участника изменить нельзя"), "{text}");
    assert!(!text.contains("Цена") && !text.contains("Открыть страницу"), "{text}");
}

#[test]
fn directions_keep_their_paragraphs() {
    let mut document = russian();
    document.event.directions = Some("Метро «Выставочная».\r\n\r\nВход со двора.".into());
    let text = paper::text(&draw(&document));
    let line = |part: &str| text.lines().position(|line| line.contains(part)).unwrap();
    assert!(line("Вход со двора.") > line("Метро «Выставочная»."), "{text}");
    assert!(!text.contains("назовите код билета"), "{text}");
}

#[test]
fn hostile_names_are_printed_as_they_stand() {
    let mut document = russian();
    let name = r##"#eval("1+1") $x^2$ *жирно* _к_ `c` \ "q" <l> @r //"##;
    document.tickets[0].attendee = Some(name.into());
    document.tickets[0].company = Some("= #sys.version".into());
    document.event.name = "#panic() [Ява] {весна}".into();
    document.accent = "red; #panic()".into();
    let text = paper::flowing_text(&draw(&document));
    for part in [name, "= #sys.version", "#panic() [Ява] {весна}"] {
        assert!(text.contains(part), "no {part:?} in\n{text}");
    }
}

#[test]
fn letters_beyond_the_fonts_do_not_stop_a_ticket() {
    for name in
        ["🎉 Анна", "שלום עולם", "محمد علي", "王小明", "a\nb\tc", "\u{202e}reversed", "\u{0}", "e\u{301}\u{302}"]
    {
        let mut document = russian();
        document.tickets[0].attendee = Some(name.into());
        assert_eq!(paper::scanned(&draw(&document), SCREEN_DPI), ["JV27-7QKM-3FD9"], "{name:?}");
    }
}

/// 300 letters in every field: `words` makes them of one word.
fn overlong(words: impl Fn(&str, usize) -> String) -> TicketDocument {
    let fill = |word: &str| words(word, 300 / word.chars().count());
    let mut document = russian();
    document.organiser = fill("Организатор");
    document.event.name = fill("Конференция");
    document.event.venue = fill("Экспоцентр");
    document.tickets = vec![ticket(
        "JV27-7QKM-3FD9-XXRT-99AB",
        &fill("Рождественский"),
        &fill("Объединение"),
        &fill("Практикум"),
        "1 234 567,89 ₽",
    )];
    document
}

#[test]
fn long_texts_are_neither_cut_nor_overlapping() {
    for document in [overlong(|word, times| vec![word; times].join(" ")), overlong(str::repeat)] {
        let pdf = draw(&document);
        assert_eq!(paper::scanned(&pdf, PAPER_DPI), [document.tickets[0].code.as_str()]);
        let together = |text: &str| text.replace(char::is_whitespace, "");
        let text = together(&paper::flowing_text(&pdf));
        let ticket = &document.tickets[0];
        let attendee = ticket.attendee.as_deref().unwrap();
        let company = ticket.company.as_deref().unwrap();
        for part in
            [&document.organiser, &document.event.name, &document.event.venue, attendee, company, &ticket.ticket_type]
        {
            assert!(text.contains(&together(part)), "no {part:?} in\n{text}");
        }
        assert_apart(&paper::words(&pdf));
    }
}

/// Every word stands on its page and on no other word.
fn assert_apart(words: &[paper::Word]) {
    const PAGE: (f64, f64) = (595.3, 841.9);
    for (number, word) in words.iter().enumerate() {
        assert!(word.left > 0.0 && word.right < PAGE.0 && word.top > 0.0 && word.bottom < PAGE.1, "{word:?}");
        for other in words.iter().skip(number + 1).filter(|other| other.page == word.page) {
            let across = word.right.min(other.right) - word.left.max(other.left);
            let down = word.bottom.min(other.bottom) - word.top.max(other.top);
            // The boxes hold the font's ascent and descent, which neighbouring lines share.
            let height = (word.bottom - word.top).min(other.bottom - other.top);
            assert!(
                across < 1.0 || down < 0.4 * height,
                "{:?} and {:?} overlap: {word:?} {other:?}",
                word.text,
                other.text
            );
        }
    }
}

#[test]
fn the_same_data_give_the_same_bytes() {
    assert_eq!(draw(&russian()), draw(&russian()));
    assert_ne!(draw(&russian()), draw(&english()));
}

#[test]
fn a_ticket_is_light_enough_for_a_letter() {
    let size = draw(&russian()).len();
    assert!(size < 80_000, "{size} bytes");
}
