//! The contract as both sides read and sign it.

use std::collections::BTreeMap;

use documents::{ContractDocument, ContractParty};

use crate::paper;
use crate::sample::{RENDERER, TODAY};

const CONTRACT: &str = include_str!("../../../../packs/crm/documents/contract.typ");
const RUSSIAN: &str = include_str!("../../../../packs/crm/documents/contract.ru.toml");
const ENGLISH: &str = include_str!("../../../../packs/crm/documents/contract.en.toml");

fn draw(document: &ContractDocument) -> Vec<u8> {
    RENDERER.pdf(CONTRACT, &serde_json::to_value(document).unwrap(), TODAY).unwrap()
}

fn party(name: &str) -> ContractParty {
    ContractParty {
        name: name.into(),
        inn: "7736207543".into(),
        kpp: "773601001".into(),
        ogrn: "1027700229193".into(),
        address: "123112, Москва, Пресненская набережная, дом 12, этаж 46, помещение 4601".into(),
        bank_name: "ПАО «Банк»".into(),
        bik: "044525225".into(),
        bank_account: "40702810138250123017".into(),
        corr_account: "30101810400000000225".into(),
    }
}

fn contract(language: &str, labels: &str) -> ContractDocument {
    let labels: BTreeMap<String, String> = toml::from_str(labels).unwrap();
    ContractDocument {
        language: language.into(),
        number: "17".into(),
        date: "22 ноября 2026".into(),
        is_void: false,
        seller: party("Общество с ограниченной ответственностью «Причал»"),
        buyer: party("Акционерное общество «Научно-производственное объединение „Северный ветер“»"),
        subject: "Золотой спонсор".into(),
        event: "JavaВесна 2027".into(),
        days: "13–14 апреля 2027".into(),
        total: "122 000,00 ₽".into(),
        total_in_words: "сто двадцать две тысячи рублей 00 копеек".into(),
        vat: Some("22 000,00 ₽".into()),
        vat_rate: Some("22".into()),
        payment_terms: "partial".into(),
        share: Some("30".into()),
        obligations: String::new(),
        labels,
    }
}

#[test]
fn it_says_what_was_agreed() {
    let text = paper::flowing_text(&draw(&contract("ru", RUSSIAN)));
    for part in
        ["17", "Золотой спонсор", "122 000,00 ₽", "сто двадцать две тысячи рублей 00 копеек", "платит 30", "7736207543"]
    {
        assert!(text.contains(part), "no {part:?} in\n{text}");
    }
    assert!(!text.contains(['{', '}']), "{text}");
}

#[test]
fn nobody_signs_a_page_that_says_nothing() {
    for (language, labels) in [("ru", RUSSIAN), ("en", ENGLISH)] {
        let mut pages_of_all = Vec::new();
        for lines in (0..150).step_by(3) {
            let mut document = contract(language, labels);
            document.obligations = "Исполнитель размещает логотип Заказчика на сайте и на сцене. ".repeat(lines);
            let pdf = draw(&document);
            let text = paper::text(&pdf);
            let pages: Vec<&str> = text.split_terminator('\u{c}').collect();
            let last = *pages.last().unwrap();
            let clause = format!("6. {}", document.labels["term_heading"]);
            let signed = document.labels["signature"].as_str();
            assert!(last.contains(&clause) && last.contains(signed), "{language}, {lines} lines:\n{last}");
            assert!(pages[..pages.len() - 1].iter().all(|page| !page.contains(signed)), "{text}");
            pages_of_all.push(pages.len());
        }
        pages_of_all.dedup();
        assert!(pages_of_all.len() > 1, "{language}: the break was nowhere near: {pages_of_all:?}");
    }
}
