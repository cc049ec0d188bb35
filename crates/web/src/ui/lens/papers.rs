//! What papers are called. A bare number says too little among others: which paper, of which day, and for whom go with it.

use std::collections::{BTreeMap, BTreeSet};

use model::{Id, Record, Value, l10n};
use store::{Hit, Result, Work};

use super::Lens;
use crate::ui::Words;

/// The field that says whom a paper is for, and the module that it leads to.
pub(super) const PARTY: (&str, &str) = ("account", "accounts");

/// Modules of papers, with the messages of a numbered one, of one that has no number yet, and of one whose number the reader
/// may not see: with its day, and without.
const PAPERS: [(&str, [&str; 4]); 2] = [
    ("invoices", ["paper-invoice", "paper-invoice-draft", "paper-invoice-of-day", "paper-invoice-bare"]),
    ("contracts", ["paper-contract", "paper-contract-draft", "paper-contract-of-day", "paper-contract-bare"]),
];

/// The field that numbers them.
const NUMBER: &str = "number";

/// Whether records of the module are papers.
pub(super) fn are(module: &str) -> bool {
    PAPERS.iter().any(|(name, _)| *name == module)
}

/// The modules of papers whose numbers are not for the reader.
pub(super) fn unnumbered(work: &Work<'_>) -> BTreeSet<&'static str> {
    let hides = |name: &&str| work.actor().grant(work.definitions(), name).hidden.iter().any(|field| field == NUMBER);
    PAPERS.into_iter().map(|(name, _)| name).filter(hides).collect()
}

impl Lens {
    /// What a record is called where it is a paper; nothing where it is none.
    pub(crate) fn paper(&self, record: &Record) -> Option<String> {
        let (name, messages) = PAPERS.into_iter().find(|(name, _)| *name == record.module.name)?;
        let [numbered, draft, of_day, bare] = messages;
        let date = match record.get("date") {
            Value::Date(date) => Some(l10n::date(self.locale, *date)),
            _ => None,
        };
        let paper = match (record.text(NUMBER), date) {
            (Some(number), Some(date)) => {
                self.locale.say_with(numbered, &[("number", number.into()), ("date", date.into())])
            }
            (Some(number), None) => number.to_owned(),
            // That there is none is not known to whom it is hidden from.
            (None, Some(date)) if self.unnumbered.contains(name) => {
                self.locale.say_with(of_day, &[("date", date.into())])
            }
            (None, None) if self.unnumbered.contains(name) => self.locale.say(bare),
            (None, _) => self.locale.say(draft),
        };
        let party = record.link(PARTY.0).and_then(|id| self.title(PARTY.1, id));
        Some(match party {
            Some(party) => self.locale.say_with("paper-of", &[("paper", paper.into()), ("party", party.into())]),
            None => paper,
        })
    }

    /// Calls those hits that are papers by their names: the index knows their numbers alone.
    pub(crate) fn name_papers(&mut self, work: &mut Work<'_>, hits: &mut [Hit]) -> Result<()> {
        let mut found: BTreeMap<String, BTreeSet<Id>> = BTreeMap::new();
        for hit in hits.iter().filter(|hit| are(&hit.module)) {
            found.entry(hit.module.clone()).or_default().insert(hit.id);
        }
        self.learn_named(work, found, BTreeSet::new())?;
        for hit in hits {
            if let Some(title) = self.title(&hit.module, hit.id).filter(|_| are(&hit.module)) {
                title.clone_into(&mut hit.title);
                // The day is a part of the name.
                hit.subtitle.clear();
            }
        }
        Ok(())
    }
}
