//! What papers are called. A bare number says too little among others: which paper, of which day, and for whom go with it.

use std::collections::{BTreeMap, BTreeSet};

use model::{Id, Record, Value, l10n};
use store::{Hit, Result, Work};

use super::Lens;
use crate::ui::Words;

/// The field that says whom a paper is for, and the module that it leads to.
pub(super) const PARTY: (&str, &str) = ("account", "accounts");

/// The field that says of which day it is.
const DAY: &str = "date";
/// The field that numbers them.
const NUMBER: &str = "number";

/// What papers of a module are called.
struct Called {
    module: &'static str,
    numbered: &'static str,
    /// Where the day is not said.
    undated: &'static str,
    draft: &'static str,
    /// Where the number is not for the reader: with the day, and without.
    of_day: &'static str,
    bare: &'static str,
}

const PAPERS: [Called; 2] = [
    Called {
        module: "invoices",
        numbered: "paper-invoice",
        undated: "paper-invoice-undated",
        draft: "paper-invoice-draft",
        of_day: "paper-invoice-of-day",
        bare: "paper-invoice-bare",
    },
    Called {
        module: "contracts",
        numbered: "paper-contract",
        undated: "paper-contract-undated",
        draft: "paper-contract-draft",
        of_day: "paper-contract-of-day",
        bare: "paper-contract-bare",
    },
];

/// Whether records of the module are papers.
pub(super) fn are(module: &str) -> bool {
    PAPERS.iter().any(|called| called.module == module)
}

/// The modules of papers whose numbers are not for the reader.
pub(super) fn unnumbered(work: &Work<'_>) -> BTreeSet<&'static str> {
    let hides = |name: &&str| work.actor().grant(work.definitions(), name).hidden.iter().any(|field| field == NUMBER);
    PAPERS.iter().map(|called| called.module).filter(hides).collect()
}

/// Whether what a record of the module is called says what stands in the field called `name`.
pub(crate) fn says(module: &str, name: &str) -> bool {
    are(module) && [DAY, PARTY.0].contains(&name)
}

impl Lens {
    /// What a record is called where it is a paper; nothing where it is none.
    pub(crate) fn paper(&self, record: &Record) -> Option<String> {
        self.paper_beside(record, &[])
    }

    /// The same where the fields called `beside` are shown as well: what they say is not said twice.
    pub(crate) fn paper_beside(&self, record: &Record, beside: &[String]) -> Option<String> {
        let is_beside = |name: &str| beside.iter().any(|shown| shown == name);
        let called = PAPERS.iter().find(|called| called.module == record.module.name)?;
        let date = match record.get(DAY) {
            Value::Date(date) if !is_beside(DAY) => Some(l10n::date(self.locale, *date)),
            _ => None,
        };
        let paper = match (record.text(NUMBER), date) {
            (Some(number), Some(date)) => {
                self.locale.say_with(called.numbered, &[("number", number.into()), ("date", date.into())])
            }
            (Some(number), None) => self.locale.say_with(called.undated, &[("number", number.into())]),
            // That there is none is not known to whom it is hidden from.
            (None, Some(date)) if self.unnumbered.contains(called.module) => {
                self.locale.say_with(called.of_day, &[("date", date.into())])
            }
            (None, None) if self.unnumbered.contains(called.module) => self.locale.say(called.bare),
            (None, _) => self.locale.say(called.draft),
        };
        let party = record.link(PARTY.0).filter(|_| !is_beside(PARTY.0)).and_then(|id| self.title(PARTY.1, id));
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
