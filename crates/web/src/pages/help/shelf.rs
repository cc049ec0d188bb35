//! The manuals, as they stand in `docs/`.

use std::sync::LazyLock;

use model::Locale;

use super::markdown::Manual;

/// Each manual by its name in addresses, with its text in both languages. Whoever works all day comes first.
const SHELF: [(&str, &str, &str); 4] = [
    (
        "salesperson",
        include_str!("../../../../../docs/ru/salesperson.md"),
        include_str!("../../../../../docs/en/salesperson.md"),
    ),
    (
        "head-of-sales",
        include_str!("../../../../../docs/ru/head-of-sales.md"),
        include_str!("../../../../../docs/en/head-of-sales.md"),
    ),
    (
        "organiser",
        include_str!("../../../../../docs/ru/organiser.md"),
        include_str!("../../../../../docs/en/organiser.md"),
    ),
    (
        "administrator",
        include_str!("../../../../../docs/ru/administrator.md"),
        include_str!("../../../../../docs/en/administrator.md"),
    ),
];

static RUSSIAN: LazyLock<Vec<Manual>> =
    LazyLock::new(|| SHELF.iter().map(|(name, text, _)| Manual::read(name, text)).collect());
static ENGLISH: LazyLock<Vec<Manual>> =
    LazyLock::new(|| SHELF.iter().map(|(name, _, text)| Manual::read(name, text)).collect());

/// All of them in a language.
pub(super) fn manuals(locale: Locale) -> &'static [Manual] {
    match locale {
        Locale::Ru => &RUSSIAN,
        Locale::En => &ENGLISH,
    }
}

/// The one with this name.
pub(super) fn manual(name: &str, locale: Locale) -> Option<&'static Manual> {
    manuals(locale).iter().find(|manual| manual.name == name)
}

/// Whether a file of `docs/` is a manual that the program holds.
pub(super) fn holds(name: &str) -> bool {
    SHELF.iter().any(|manual| manual.0 == name)
}
