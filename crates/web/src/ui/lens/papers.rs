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

/// Modules of papers, with the messages of a numbered one, of one the day of which is not said, and of one without a number.
const PAPERS: [(&str, &str, &str, &str); 2] = [
    ("invoices", "paper-invoice", "paper-invoice-undated", "paper-invoice-draft"),
    ("contracts", "paper-contract", "paper-contract-undated", "paper-contract-draft"),
];

/// Whether records of the module are papers.
pub(super) fn are(module: &str) -> bool {
    PAPERS.iter().any(|(name, ..)| *name == module)
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
        let (_, numbered, undated, draft) = PAPERS.into_iter().find(|(name, ..)| *name == record.module.name)?;
        let paper = match (record.text("number"), record.get(DAY)) {
            (Some(number), Value::Date(date)) if !is_beside(DAY) => {
                let date = l10n::date(self.locale, *date);
                self.locale.say_with(numbered, &[("number", number.into()), ("date", date.into())])
            }
            (Some(number), _) => self.locale.say_with(undated, &[("number", number.into())]),
            (None, _) => self.locale.say(draft),
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
