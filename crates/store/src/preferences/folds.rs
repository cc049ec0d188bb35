//! Which groups of a list somebody has folded, for each list and view by itself.

use model::Id;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::error::{Error, Result};
use crate::work::Work;

/// Groups that are kept at most: more are nothing that anybody folded one by one.
const LIMIT: usize = 200;
/// Characters of a value that a group shares.
const TEXT_LIMIT: usize = 1_000;

/// The folded groups of a list, while it is grouped as it was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Folds {
    /// What the list was grouped by.
    pub by: String,
    /// Whether groups are folded about which nothing is said.
    pub all: bool,
    /// The groups that are otherwise, by the value that their records share.
    pub otherwise: Vec<Json>,
}

impl Folds {
    /// Whether the group of a value is folded.
    #[must_use]
    pub fn is_folded(&self, shared: &Json) -> bool {
        self.all != self.otherwise.contains(shared)
    }

    /// Folds a group or unfolds it.
    pub fn fold(&mut self, shared: Json, is_folded: bool) {
        self.otherwise.retain(|known| *known != shared);
        if is_folded != self.all {
            self.otherwise.push(shared);
        }
    }
}

impl Work<'_> {
    /// The groups that the caller has folded in a list that is grouped so; none where it was grouped otherwise. One query.
    ///
    /// # Errors
    /// When the database fails.
    pub fn folds(&mut self, module: &str, view: Option<Id>, by: &str) -> Result<Folds> {
        let kept: Folds = self.preference(module, &name(view))?;
        Ok(if kept.by == by { kept } else { Folds { by: by.to_owned(), ..Folds::default() } })
    }

    /// Keeps which groups are folded; where none is, nothing is kept.
    ///
    /// # Errors
    /// [`Error::Invalid`] for too many groups or too long a value, [`Error::Forbidden`] for whoever is no user or came with a
    /// narrowed token.
    pub fn set_folds(&mut self, module: &str, view: Option<Id>, folds: &Folds) -> Result<()> {
        if folds.otherwise.len() > LIMIT {
            return Err(Error::field("folds", "too_many", format!("at most {LIMIT} groups")));
        }
        if folds.otherwise.iter().any(|shared| shared.to_string().chars().count() > TEXT_LIMIT) {
            return Err(Error::field("folds", "too_long", format!("at most {TEXT_LIMIT} characters")));
        }
        let is_plain = !folds.all && folds.otherwise.is_empty();
        let none = Folds::default();
        self.prefer(module, &name(view), if is_plain { &none } else { folds })
    }
}

/// The name under which the folds of a list are kept.
pub(super) fn name(view: Option<Id>) -> String {
    view.map_or_else(|| "folds".to_owned(), |view| format!("folds of {view}"))
}
