//! The widths of the columns of a list, of a module's own list or of one of its views.

use std::collections::BTreeMap;

use model::Id;
use model::definitions::is_name;

use crate::error::{Error, Result};
use crate::params;
use crate::work::Work;

/// A column that is narrower shows nothing.
pub const NARROWEST_COLUMN: u16 = 48;
/// A column that is wider hides all others.
pub const WIDEST_COLUMN: u16 = 1200;
/// Columns whose widths are kept: as many as a view has at most.
const LIMIT: usize = 100;

/// Widths by the names of fields, in pixels.
pub type Widths = BTreeMap<String, u16>;

impl Work<'_> {
    /// The widths that the caller has given the columns of a list; none where they are as wide as what stands in them.
    ///
    /// # Errors
    /// When the database fails.
    pub fn widths(&mut self, module: &str, view: Option<Id>) -> Result<Widths> {
        self.preference(module, &name(view))
    }

    /// Keeps widths of columns, each within [`NARROWEST_COLUMN`] and [`WIDEST_COLUMN`]; none gives all columns back.
    ///
    /// # Errors
    /// [`Error::Invalid`] for more columns than a list has or names that are none, [`Error::Forbidden`] for whoever is no
    /// user or came with a narrowed token.
    pub fn set_widths(&mut self, module: &str, view: Option<Id>, widths: &Widths) -> Result<()> {
        if widths.len() > LIMIT {
            return Err(Error::field("widths", "too_many", format!("at most {LIMIT} columns")));
        }
        if let Some(wrong) = widths.keys().find(|name| !is_name(name)) {
            return Err(Error::field("widths", "unknown_field", format!("there is no field {wrong:?}")));
        }
        let bounded = |(name, width): (&String, &u16)| (name.clone(), (*width).clamp(NARROWEST_COLUMN, WIDEST_COLUMN));
        let widths: Widths = widths.iter().map(bounded).collect();
        self.prefer(module, &name(view), &widths)
    }

    /// Forgets how wide anybody had the columns of a view that is no more, and which of its groups were folded.
    pub(crate) fn forget_widths(&mut self, module: &str, view: Id) -> Result<()> {
        self.kept.clear();
        let forget = "delete from user_preferences where module = $1 and name in ($2, $3)";
        self.run(forget, params![module, name(Some(view)), super::folds::name(Some(view))])?;
        Ok(())
    }
}

fn name(view: Option<Id>) -> String {
    view.map_or_else(|| "widths".to_owned(), |view| format!("widths of {view}"))
}
