//! Templates become letters; nothing in the data or in the template gets out of hand.

use channels::letters::{Part, from_text, render};
use model::letter::Letter;
use model::{Label, Locale};
use serde_json::{Value as Json, json};

use crate::world::pack;

fn letter(subject: &str, text: &str) -> Letter {
    let both = |text: &str| Label { ru: text.to_owned(), en: text.to_owned() };
    Letter {
        name: "trial".to_owned(),
        label: both("Trial"),
        subject: both(subject),
        text: both(text),
        formatted: false,
        marketing: false,
    }
}

fn text(template: &str, data: &Json) -> String {
    render(&letter("Subject", template), Locale::En, data).unwrap().text
}

fn order(name: &str) -> Json {
    json!({
        "organiser": "Ява-клуб",
        "buyer": {"name": name},
        "event": {"name": "JavaВесна 2027", "dates": "13–14 апреля 2027", "venue": null, "url": "https://plenary.example/e/java"},
        "order": {
            "number": "A-118", "total": "24 000 ₽", "paid": "24 000 ₽", "due": "0 ₽", "part": "1", "rest": "1", "refunded": "1", "surplus": "1",
            "url": "https://plenary.example/o/abc?x=1&y=2",
        },
        "tickets": [{"type": "Очно", "attendee": "Анна", "price": "12 000 ₽", "code": "T1"}, {"type": "Онлайн", "attendee": null, "price": "1 ₽", "code": "T2"}],
        "price_until": "1 декабря", "check_at": "завтра в 09:00", "reason": "no payment", "revived": false, "attendees_told": 1, "price_before": "1", "price_now": "2",
    })
}

#[test]
fn a_letter_that_ships_speaks_both_languages() {
    let letters = pack("tickets").letters;
    let paid = letters.iter().find(|letter| letter.name == "order_paid").unwrap();

    let russian = render(paid, Locale::Ru, &order("Иван")).unwrap();
    assert_eq!(russian.subject, "Ваши билеты: JavaВесна 2027");
    assert!(russian.text.starts_with("Здравствуйте, Иван!\n\nОплата получена: 24 000 ₽."), "{}", russian.text);
    assert!(russian.text.contains("• T2: Онлайн, участник пока не назван\n"), "{}", russian.text);
    assert!(russian.html.contains("<html lang=\"ru\">"));
    assert!(russian.html.contains(">Ява-клуб</td>"));
    assert!(russian.html.contains("<a href=\"https://plenary.example/o/abc?x=1&amp;y=2\""), "{}", russian.html);

    let english = render(paid, Locale::En, &order("Ivan")).unwrap();
    assert_eq!(english.subject, "Your tickets: JavaВесна 2027");
    assert!(english.text.starts_with("Hello Ivan,\n"), "{}", english.text);
    assert!(english.html.contains("<html lang=\"en\">"));
}

#[test]
fn data_is_text_and_never_a_template() {
    let hostile = "{{ 7*7 }}{% for x in range(9) %}x{% endfor %}{# gone #}";
    assert_eq!(text("Hello {{ name }}!", &json!({"name": hostile})), format!("Hello {hostile}!\n"));
}

#[test]
fn data_is_escaped_in_html_and_plain_in_text() {
    let name = "<script>alert(\"1\")</script> & 'O''Brien'";
    let made = render(
        &letter("For {{ name }}", "Hello {{ name }}"),
        Locale::En,
        &json!({"name": name, "organiser": "<b>Club</b>"}),
    )
    .unwrap();
    assert_eq!(made.text, format!("Hello {name}\n"));
    assert!(!made.html.contains("<script>") && !made.html.contains("<b>"), "{}", made.html);
    assert!(
        made.html.contains("Hello &lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;O&#39;&#39;Brien&#39;"),
        "{}",
        made.html
    );
    assert!(made.html.contains("&lt;b&gt;Club&lt;/b&gt;"));
}

#[test]
fn a_subject_is_one_line() {
    let data = json!({"name": "Eve\r\nBcc: victim@example.org\u{2028}\u{85}\u{7}end"});
    let made = render(&letter("Hi\n{{ name }}", "."), Locale::En, &data).unwrap();
    assert_eq!(made.subject, "Hi Eve Bcc: victim@example.org end");
    let numbered = render(&letter("Заказ №\u{a0}7", "."), Locale::Ru, &json!({})).unwrap();
    assert_eq!(numbered.subject, "Заказ №\u{a0}7", "a no-break space stays");
}

#[test]
fn errors_name_the_place() {
    let cases = [
        ("one\ntwo {{ nobody.name }}\n", "undefined", Some(2)),
        ("one\n\n{{ order.nothing }}", "undefined", Some(3)),
        ("one\n{% if %}", "syntax", Some(2)),
        ("{{ name|no_such_filter }}", "syntax", Some(1)),
        ("{{ '%999999999d'|format(1) }}", "syntax", Some(1)),
        ("{{ name|indent(900000000, true) }}", "syntax", Some(1)),
        ("{% include 'other' %}", "syntax", Some(1)),
        ("{% import 'other' as other %}", "syntax", Some(1)),
        ("{% macro a() %}{{ a() }}{% endmacro %}", "syntax", Some(1)),
    ];
    for (template, code, line) in cases {
        let error =
            render(&letter("Subject", template), Locale::En, &json!({"order": {}, "name": "secret of a person"}))
                .unwrap_err();
        assert_eq!(
            (error.letter.as_str(), error.part, error.code, error.line),
            ("trial", Part::Text, code, line),
            "{template}: {error}"
        );
        assert!(!error.to_string().contains("secret of a person"), "{error}");
    }
    let error = render(&letter("{{ nobody }}", "."), Locale::En, &json!({})).unwrap_err();
    assert_eq!(error.to_string(), "the letter \"trial\", subject, line 1: undefined value: `nobody` is undefined");
}

#[test]
fn templates_without_end_are_stopped() {
    let long = "x".repeat(64 * 1024 + 1);
    let cases = [
        (
            "{% for a in range(10000) %}{% for b in range(10000) %}{% if a %}{% endif %}{% endfor %}{% endfor %}",
            "endless",
        ),
        (
            "{% for a in range(9000) %}{{ 'a long line of text for everybody to read, and then some more' }}{% endfor %}",
            "too_long",
        ),
        (long.as_str(), "too_long"),
    ];
    for (template, code) in cases {
        let begun = std::time::Instant::now();
        let name = "a long line of text for everybody to read";
        let error = render(&letter("Subject", template), Locale::En, &json!({"name": name})).unwrap_err();
        assert_eq!(error.code, code, "{error}");
        assert!(begun.elapsed().as_secs() < 2, "stopped after {:?}", begun.elapsed());
    }
    let error =
        render(&letter("{{ name }}", "."), Locale::En, &json!({"name": "a long subject, again and again ".repeat(90)}))
            .unwrap_err();
    assert_eq!((error.part, error.code), (Part::Subject, "too_long"));
}

/// Each of these made gigabytes, or went so deep that the program died, within the steps that a template may take.
#[test]
fn templates_that_fill_the_memory_are_refused() {
    let doubled = "{% set a = a ~ a %}".repeat(40);
    let summed = "{% set a = a + a %}".repeat(40);
    let nested = format!("{}.{}", "{% for a in [a ~ a] %}".repeat(30), "{% endfor %}".repeat(30));
    let pairs =
        format!("{}{{{{ a|string|length }}}}{}", "{% for a in [[a, a]] %}".repeat(30), "{% endfor %}".repeat(30));
    let tuples = "{% set a = (a, a) %}".repeat(60) + "{{ a == a }}{{ a|string }}";
    let bare = "{% set a = a, a %}".repeat(60) + "{{ a|string }}";
    let quoted = "{{ a".to_owned() + &"|list|string".repeat(60) + " }}";
    let deep = "{{ a".to_owned() + &".a".repeat(30_000) + " }}";
    let long = "{{ a".to_owned() + &" ~ a".repeat(16_000) + " }}";
    let upper = "{{ a".to_owned() + &"|upper".repeat(9_000) + " }}";
    let cases = [
        "{% set a = 'x' %}{% for i in range(1000) %}{% set a = a ~ a %}{% endfor %}",
        "{% set a = [] %}{% for i in range(90000) %}{% set a = [a] %}{% endfor %}",
        "{% set n = namespace(a='xx') %}{% for i in range(90) %}{% set n.a = n.a ~ n.a %}{% endfor %}",
        "{% set a %}{{ a }}{{ a }}{% endset %}",
        "{% set a | upper %}{{ a }}{{ a }}{% endset %}",
        "{% filter upper %}{% for i in range(90000) %}{{ a }}{% endfor %}{% endfilter %}",
        "{% with b = a ~ a %}{{ b }}{% endwith %}",
        "{% for i in [1] recursive %}{{ loop([1]) }}{{ loop([1]) }}{% endfor %}",
        "{{ range(90000)|join(a)|length }}",
        "{{ range(90000)|join('', a)|length }}",
        "{{ a|list|join(a)|length }}",
        "{{ [a, a]|join|length }}",
        "{{ {'a': a} }}",
        "{{ (a * 90000)|length }}",
        "{{ ([1] * 90000000)|list|length }}",
        "{{ range(90000)|map('default', a)|join|length }}",
        &doubled,
        &summed,
        &nested,
        &pairs,
        &tuples,
        &bare,
        &quoted,
        &deep,
        &long,
        &upper,
    ];
    let data = json!({"a": "a long line of text for everybody to read ".repeat(100)});
    for template in cases {
        let begun = std::time::Instant::now();
        let shown: String = template.chars().take(80).collect();
        let error = render(&letter("Subject", template), Locale::En, &data).expect_err(&shown);
        assert!(matches!(error.code, "syntax" | "too_long" | "failed"), "{shown}: {error}");
        assert!(error.line.is_some(), "{shown}: {error}");
        assert!(begun.elapsed().as_millis() < 500, "{shown} took {:?}", begun.elapsed());
    }
}

#[test]
fn what_letters_need_is_said() {
    let data = json!({"who": "Ann", "others": 2, "items": [{"name": "a"}, {"name": "b"}], "kind": "vip"});
    let cases = [
        ("{{ who ~ ' & ' ~ (others + 1) }}", "Ann & 3"),
        ("{% if kind in ['vip', 'press'] %}{{ kind|upper }}{% endif %}", "VIP"),
        (
            "{% for item in items %}{{ loop.index }}. {{ item['name'] }}{% if not loop.last %}, {% endif %}{% endfor %}",
            "1. a, 2. b",
        ),
        ("{% set first = items|first %}{{ first.name|default('none') }}", "a"),
        ("{% for name, value in items[0]|items %}{% endfor %}.", ""),
        ("{{ ['b', 'a']|sort|join(', ') }}", "a, b"),
        ("{{ missing|default('nobody') }}", "nobody"),
        ("{{ 'one' if items|length == 1 else 'some' }}", "some"),
        ("{{ who[:1] }}{# {{ a * b }} #}{% raw %}{{ a * b }}{% endraw %}", "A{{ a * b }}"),
    ];
    for (template, expected) in cases {
        match render(&letter("Subject", template), Locale::En, &data) {
            Ok(made) => assert_eq!(made.text.trim_end(), expected, "{template}"),
            Err(error) => assert!(expected.is_empty(), "{template}: {error}"),
        }
    }
}

#[test]
fn web_addresses_become_links_and_nothing_else_does() {
    let cases = [
        ("See https://a.example/x.", Some("https://a.example/x")),
        ("(http://a.example/b_(c))", Some("http://a.example/b_(c)")),
        ("«https://a.example/?q=1&w=2»", Some("https://a.example/?q=1&amp;w=2")),
        ("https://пример.рф/путь, да", Some("https://пример.рф/путь")),
        ("https://a.example/\"onmouseover=\"x", Some("https://a.example/")),
        ("javascript:alert(1)", None),
        ("xhttps://a.example", None),
        ("https:// nothing", None),
        ("www.a.example", None),
        ("data:text/html,http", None),
    ];
    for (line, link) in cases {
        let html = from_text("s", line, "", Locale::En, |_| true);
        match link {
            Some(link) => assert!(html.contains(&format!("<a href=\"{link}\" style=")), "{line}: {html}"),
            None => assert!(!html.contains("<a "), "{line}: {html}"),
        }
        assert!(!html.contains("onmouseover=\""), "{html}");
    }
}

#[test]
fn lines_and_paragraphs_stay() {
    let html = from_text("s", "one\ntwo\n\n\n\nthree\n", "", Locale::En, |_| true);
    assert_eq!(html.matches("<p ").count(), 2, "{html}");
    assert!(html.contains("one<br>\ntwo</p>"), "{html}");
    let tidy = text("a  \r\n\n\n\n{% if false %}{% endif %}\nb\u{0}\u{8}\n\n", &json!({}));
    assert_eq!(tidy, "a\n\nb\n");
}

#[test]
fn what_a_stranger_typed_is_no_link() {
    let template =
        "Hello {{ buyer.name }}, see {{ order.url }} and https://organiser.example/rules.\n{{ payment_instructions }}";
    let data = json!({
        "buyer": {"name": "Win https://evil.example/prize now"}, "order": {"url": "https://plenary.example/p/o/x"},
        "payment_instructions": "By card: https://bank.example/pay",
    });
    let html = render(&letter("Subject", template), Locale::En, &data).unwrap().html;
    assert_eq!(html.matches("<a href=").count(), 3, "{html}");
    assert!(html.contains("Win https://evil.example/prize now"), "{html}");
    for own in ["https://plenary.example/p/o/x", "https://organiser.example/rules", "https://bank.example/pay"] {
        assert!(html.contains(&format!("<a href=\"{own}\"")), "{own}: {html}");
    }
}
