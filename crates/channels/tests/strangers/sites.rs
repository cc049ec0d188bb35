//! Letters of sites, line by line, and who vouches for them.

use channels::mime::{rows, vouches};
use model::site_letter::{Order, SiteLetter};
use serde_json::json;
use store::testing::changed_text;

use crate::chaos::{dice, many};

const TEXTS: [&str; 6] = [
    "Новый заказ!\n\nБилет: Участник\nКоличество: 2\nИмя: Вера Линд\nПочта: vera@north-quay.example\nТелефон: 8 (921) 555-01-02",
    "Билет\tИмя\tПочта\nУчастник\tВера Линд\tvera@north-quay.example\nУчастник\tБорис Ли\tboris@elsewhere.example\n",
    "Билет:\nУчастник\nИмя:\nВера\nПочта : vera@north-quay.example\n> Имя: Борис\n* Билет: Гость",
    "№\tБилет\tИмя\n1\tУчастник\tВера\n2\tГость\tБорис\t\n\t\t\n",
    "12:00: 13:00: Билет: Участник: ещё: Имя: Вера",
    "",
];
const HTML: [&str; 3] = [
    "<table><tr><th>Билет</th><th>Имя</th></tr><tr><td>Участник</td><td><p>Вера</p><br>Линд</td></tr></table>",
    "<h1>Заказ</h1><table><tr><td><table><tr><td>Билет</td><td>Участник &lt;1&gt;</td></tr></table></td></tr></table><p>x",
    "<ul><li>Имя: Вера<li>Почта:&nbsp;<a href='mailto:vera@north-quay.example'>vera@north-quay.example</a></ul>",
];
const RESULTS: [&str; 4] = [
    "dmarc=pass (p=NONE; x) header.from=shop.example",
    "dkim=pass reason=\"; \\\" dmarc=pass\" header.d=shop.example; spf=pass smtp.mailfrom=x@shop.example",
    "dkim=fail (a (b) \\) ; dmarc=pass header.from=shop.example)",
    "none",
];
const PIECES: [&str; 18] = [
    ":",
    "：",
    "\t",
    "\n",
    "\r",
    "*",
    ">",
    "(",
    ")",
    "\"",
    "\\",
    ";",
    "=",
    "=pass",
    " ",
    "\u{a0}",
    "Имя",
    "header.from=shop.example",
];

fn site() -> SiteLetter {
    let reads = [
        ("ticket_type", "Билет"),
        ("quantity", "Количество"),
        ("attendee_name", "Имя"),
        ("attendee_email", "Почта"),
        ("attendee_phone", "Телефон"),
    ];
    let reads: Vec<_> = reads.iter().map(|(to, label)| json!({"to": to, "labels": [label]})).collect();
    let letter = json!({
        "name": "shop", "label": {"ru": "Сайт", "en": "Site"}, "from": "robot@shop.example", "module": "orders",
        "event": "spring", "words": {"Гость": "Участник"}, "reads": reads,
    });
    serde_json::from_value(letter).unwrap()
}

#[test]
fn whatever_a_letter_of_a_site_says_is_read_as_far_as_it_goes() {
    let (site, (seed, mut dice), mut found) = (site(), dice(17), 0);
    for round in many(30, 100) {
        let (text, html, result) = (*dice.pick(&TEXTS), *dice.pick(&HTML), *dice.pick(&RESULTS));
        let text = changed_text(&mut dice, text, &PIECES, &TEXTS);
        let html = changed_text(&mut dice, html, &PIECES, &HTML);
        for text in [text, rows(&html)] {
            let all = site.read(&text);
            found += all.len();
            let is_bounded = all.len() <= 1_000
                && all.iter().all(|one| one.value.chars().count() <= 5_000 && one.label.chars().count() <= 1_000);
            assert!(is_bounded, "PLENARY_SEED={seed}, text {round}: {text:?}");
            let order = Order::of(&all);
            assert!(order.tickets.len() <= all.len(), "PLENARY_SEED={seed}, text {round}: {text:?}");
        }
        let result = changed_text(&mut dice, result, &PIECES, &RESULTS);
        let of = |server: &str| [format!("{server}; {result}")];
        let is_forged = vouches(&of("mx.evil.example"), "mx.forum.example", "robot@shop.example");
        assert!(!is_forged, "PLENARY_SEED={seed}, text {round}: {result:?}");
        let _ = vouches(&of("mx.forum.example"), "mx.forum.example", "robot@shop.example");
    }
    println!("proved: letters of a site, in which {found} things were found");
    assert!(found > 1_000, "{found}");
}
