//! Letters with marks: what is typed plainly goes as it was typed, marks format, and nothing that was typed becomes HTML.

use std::time::{Duration, Instant};

use channels::letters::{begin, body, escaped, from_marked, from_text, plain, render};
use channels::mime::sanitised;
use model::letter::Letter;
use model::{Label, Locale};
use serde_json::json;

/// The HTML without the styles of letters.
fn bare(text: &str) -> String {
    let html = body(text);
    let mut bare = String::new();
    for (index, part) in html.split(" style=\"").enumerate() {
        bare.push_str(if index == 0 { part } else { part.split_once('"').unwrap().1 });
    }
    bare.replace('\n', "")
}

#[test]
fn what_is_typed_plainly_goes_as_before() {
    let plainly = [
        "Добрый день!\nПрошу выставить счёт.\n\nС уважением,\nАнна",
        "2*3*4 = 24, 5 * 3 * 2 = 30, a*b и 10*",
        "Цена 5000* и 6000* за место\n* без НДС",
        "(*) обязательные поля (*)",
        "файлы *.pdf и *.doc, **.txt",
        "Пароль: *****, отель 4* или 5*",
        "snake_case_name, __init__, Подпись: ________ и _слово_",
        "№ 12\n# 12345\n#тег\n#### четыре",
        "Текст\n---\nещё\n===\nи\n--\nАнна",
        "***\n---\n___\n- - -\n* * *",
        "```\nкод\n```\n~~~\nи ещё `код`",
        "[1]: https://a.example/1\n[^1]: сноска",
        "&nbsp; &copy; &#60;b&#62; AT&amp;T",
        "\\\\server\\share\\файл, C:\\Temp, C:\\*",
        "<b>жирный</b> <script>x()</script> <!-- x --> <https://a.example>",
        "1) первое\n5) пятое",
        "01. первое",
        "2027. Год начала",
        "15. ноября\nмы ждём Вас",
        "15.11.2027 и 1.5 часа",
        "Он сказал:\n- Да.\nИ ушёл.",
        "-5 градусов\n-без пробела\n+ плюс\n+7 921 123-45-67",
        "> 100 участников",
        ">5 млн",
        ">без пробела",
        "[слова] (https://a.example) [пусто]() [](https://a.example) [x](www.a.example) [x](javascript:x())",
        "![картинка](https://spy.example/1.png)",
        "**не закрыт, *и этот, [и этот](",
        "** не здесь **, * и не здесь *",
        "слово**внутри**слова и сло*во*слово",
        "https://a.example/a*b*c_d_e?x=[1]",
        "таблица | из | черт\n---|---|---",
        "",
        "\n\n\n",
    ];
    for text in plainly {
        // A backslash before a mark is the one sign that is taken away.
        let expected = text.replace("C:\\*", "C:*");
        let html = from_marked("s", text, "", Locale::Ru, |_| true);
        assert_eq!(html, from_text("s", &expected, "", Locale::Ru, |_| true), "{text}");
        assert_eq!(plain(text), expected, "{text}");
    }
}

#[test]
fn marks_format() {
    let cases = [
        ("**жирный** и *курсив*", "<p><strong>жирный</strong> и <em>курсив</em></p>"),
        (
            "***оба***, **«так»**, (**так**)!",
            "<p><strong><em>оба</em></strong>, <strong>«так»</strong>, (<strong>так</strong>)!</p>",
        ),
        ("**жирный *и курсив* в нём**", "<p><strong>жирный <em>и курсив</em> в нём</strong></p>"),
        ("**в две\nстроки** нет", "<p>**в две<br>строки** нет</p>"),
        (
            "[сайт](https://a.example/x_(y)?a=1&b=2).",
            "<p><a href=\"https://a.example/x_(y)?a=1&amp;b=2\">сайт</a>.</p>",
        ),
        ("[**сайт**](https://a.example)", "<p><a href=\"https://a.example\"><strong>сайт</strong></a></p>"),
        (
            "[почта](mailto:a@b.example), [звоните](tel:+7(921)1234567)",
            "<p><a href=\"mailto:a@b.example\">почта</a>, <a href=\"tel:+7(921)1234567\">звоните</a></p>",
        ),
        ("**https://a.example**.", "<p><strong><a href=\"https://a.example\">https://a.example</a></strong>.</p>"),
        ("## Программа\nдень **первый**", "<h2>Программа</h2><p>день <strong>первый</strong></p>"),
        ("### Ниже", "<h3>Ниже</h3>"),
        ("Нужно:\n- раз\n- два", "<p>Нужно:</p><ul><li>раз</li><li>два</li></ul>"),
        ("- один", "<ul><li>один</li></ul>"),
        ("1. раз\n2. два\n\n3. три", "<ol><li>раз</li><li>два</li></ol><ol start=\"3\"><li>три</li></ol>"),
        (
            "5. пять\n6. шесть\n8. восемь\n9. девять",
            "<ol start=\"5\"><li>пять</li><li>шесть</li></ol><ol start=\"8\"><li>восемь</li><li>девять</li></ol>",
        ),
        ("- a\n  - b\n  - c\n- d", "<ul><li>a<ul><li>b</li><li>c</li></ul></li><li>d</li></ul>"),
        ("- a\n  дальше\n- b", "<ul><li>a<br>дальше</li><li>b</li></ul>"),
        (
            "> раз\n> два\n>\n> > глубже\n\nответ",
            "<blockquote type=\"cite\"><p>раз<br>два</p><blockquote type=\"cite\"><p>глубже</p></blockquote></blockquote><p>ответ</p>",
        ),
        (
            "> 100 человек\n> **не** [наше](https://a.example)\n> # и\n> - это",
            "<blockquote type=\"cite\"><p>100 человек<br>**не** [наше](<a href=\"https://a.example\">https://a.example</a>)<br># и<br>- это</p></blockquote>",
        ),
        ("  отступ\n\tещё", "<p>&nbsp;&nbsp;отступ<br>&nbsp;ещё</p>"),
        (
            "\\*так\\*, \\[так](x), \\- и\n\\- так\n\\## так\n\\> так\n1\\. так",
            "<p>*так*, [так](x), - и<br>- так<br>## так<br>&gt; так<br>1. так</p>",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(bare(text), expected, "{text}");
    }
}

#[test]
fn the_plain_part_is_what_was_typed_with_addresses_in_words() {
    let cases = [
        ("**Да**, *да*", "**Да**, *да*"),
        ("[сайт](https://a.example)", "сайт (https://a.example)"),
        ("[https://a.example](https://a.example)", "https://a.example"),
        ("[почта](mailto:a@b.example)", "почта (a@b.example)"),
        ("\\*так\\* и 1\\. так", "*так* и 1. так"),
        ("## Раз\n- два\n> [три](https://a.example) \\*", "## Раз\n- два\n> [три](https://a.example) \\*"),
        ("  отступ  \n\n\nконец\n", "  отступ  \n\n\nконец\n"),
    ];
    for (text, expected) in cases {
        assert_eq!(plain(text), expected, "{text}");
    }
}

/// What people try in order to have something run.
const WILD: [&str; 12] = [
    "<script>x()</script>",
    "<img src=x onerror=x()>",
    "[x](javascript:x())",
    "[x](JaVaScRiPt:x())",
    "[x](data:text/html,<script>x()</script>)",
    "[x](https://a.example/\"onmouseover=\"x())",
    "[x](https://a.example/' onmouseover='x())",
    "[<img src=x onerror=x()>](https://a.example)",
    "**<svg onload=x()>**",
    "## <style>*{}</style>",
    "- <iframe src=https://a.example>",
    "> <a href=\"javascript:x()\">x</a>",
];

#[test]
fn nothing_that_was_typed_becomes_html() {
    for wild in WILD {
        let html = body(wild);
        let tags: Vec<&str> = html.split('<').skip(1).map(|tag| tag.split(['>', ' ']).next().unwrap()).collect();
        let known = [
            "p",
            "/p",
            "strong",
            "/strong",
            "h2",
            "/h2",
            "ul",
            "/ul",
            "li",
            "/li",
            "blockquote",
            "/blockquote",
            "a",
            "/a",
        ];
        assert!(tags.iter().all(|tag| known.contains(tag)), "{wild}: {html}");
        for attribute in html.split('<').filter_map(|tag| tag.split_once('>')).map(|(tag, _)| tag) {
            assert!(!attribute.contains(" on"), "{wild}: {html}");
            assert!(!attribute.contains("href=") || attribute.contains("href=\"https://a.example"), "{wild}: {html}");
        }
        // Cleaned for a page it says the same.
        let clean = sanitised(&html);
        assert!(!clean.contains("style=") && !clean.contains("<script"), "{clean}");
    }
    let page = sanitised(&from_marked("Subject", "**a**", "", Locale::En, |_| true));
    assert!(page.contains("<strong>a</strong>") && !page.contains("Subject"), "{page}");
}

#[test]
fn what_is_escaped_formats_nothing_wherever_it_stands() {
    let names = [
        "**Анна**",
        "*Анна*",
        "[Анна](https://evil.example)",
        "- Анна",
        "1. Анна",
        "## Анна",
        "> Анна",
        ">> Анна",
        "12.",
        "-",
        "a*b",
        "\\*",
        "x\\",
        "\\> x \\- y",
        "](https://evil.example)",
        "***",
        "Анна\n- раз\n- два\n## три\n> четыре\n1. пять\n2. шесть",
        "ООО «А_Б» (#1)",
    ];
    for name in names {
        let name = name.to_owned();
        let said = escaped(&name);
        for around in ["{}", "Здравствуйте, {}!", "- {} x\n- y", "\n{} x\n", "> x\n\n{}"] {
            let text = around.replace("{}", &said);
            assert_eq!(plain(&text), around.replace("{}", &name), "{text}");
            let (with, without) = (bare(&text), bare(&around.replace("{}", "x")));
            for mark in ["<strong", "<em", "<h2", "<ol", "<li", "<blockquote"] {
                assert!(with.matches(mark).count() <= without.matches(mark).count(), "{mark} of {text}: {with}");
            }
            assert!(!with.contains(">Анна</a>"), "{with}");
        }
    }
    assert_eq!(
        escaped("ООО «Ромашка» (#1), 15.11.2027, a_b, C:\\x, http://a.example"),
        "ООО «Ромашка» (#1), 15.11.2027, a_b, C:\\x, http://a.example"
    );
}

fn letter(formatted: bool, text: &str) -> Letter {
    let both = |text: &str| Label { ru: text.to_owned(), en: text.to_owned() };
    Letter {
        name: "trial".to_owned(),
        label: both("Trial"),
        subject: both("{{ name }}"),
        text: both(text),
        formatted,
        marketing: false,
    }
}

#[test]
fn a_template_formats_and_its_data_does_not() {
    let template = "**Здравствуйте, {{ name }}!**\n\n- {{ name }}\n- [страница]({{ order.url }})\n\n{{ name | upper }}: {{ order.url }}, {{ site }}";
    let data = json!({"name": "*Eve* [x](https://evil.example)", "order": {"url": "https://own.example/o"}, "site": "https://evil.example/2"});
    let made = render(&letter(true, template), Locale::Ru, &data).unwrap();
    assert_eq!(made.subject, "*Eve* [x](https://evil.example)");
    assert!(
        made.text.contains("- *Eve* [x](https://evil.example)\n- страница (https://own.example/o)"),
        "{}",
        made.text
    );
    assert!(made.text.contains("*EVE* [X]"), "{}", made.text);
    assert!(made.html.contains("<strong>Здравствуйте, *Eve* [x](https://evil.example)!</strong>"), "{}", made.html);
    assert_eq!(made.html.matches("<a href=\"https://own.example/o\"").count(), 2, "{}", made.html);
    assert!(!made.html.contains("<em>") && !made.html.contains("href=\"https://evil"), "{}", made.html);

    // A plain one is what it was, and formats where somebody writes on.
    let plainly = letter(false, "**{{ name }}**");
    let made = render(&plainly, Locale::Ru, &json!({"name": "*Eve*"})).unwrap();
    assert!(made.text == "***Eve***\n" && made.html.contains(">***Eve***</p>"), "{made:?}");
    let begun = begin(&plainly, Locale::Ru, &json!({"name": "*Eve*"})).unwrap();
    assert_eq!(begun.text, "**\\*Eve\\***\n");
    assert_eq!(bare(&begun.text), "<p><strong>*Eve*</strong></p>");
    // What stands in conditions is compared as it is.
    let asks = letter(true, "{% if name == '*Eve*' %}yes{% endif %}{{ name | length }}");
    assert_eq!(begin(&asks, Locale::Ru, &json!({"name": "*Eve*"})).unwrap().text, "yes5\n");
}

#[test]
fn a_text_is_read_about_as_fast_as_it_is_long() {
    let long = 200_000;
    for part in [
        "*a ",
        "**a *b ***c ",
        "[",
        "[a](",
        "[a](x",
        "a**",
        "\\",
        "*\\",
        "- a\n  ",
        "> ",
        ">",
        "1. a\n",
        "https://a.example/)",
        ")",
        "h",
        "[a](https://a.example/(",
        "*a* ",
        "  - a\n",
    ] {
        let whole = part.repeat(long / part.len());
        for text in [format!("https://a.example/{whole}"), whole] {
            let begun = Instant::now();
            drop((body(&text), plain(&text), escaped(&text)));
            assert!(begun.elapsed() < Duration::from_secs(5), "{part:?} took {:?}", begun.elapsed());
        }
    }
}
