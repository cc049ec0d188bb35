//! Links to many records, as titles that lead there.

use maud::{Markup, html};
use model::{Field, Id};

use super::Lens;
use crate::ui::Words;

/// The most titles that are shown of one field.
pub(super) const SHOWN: usize = 100;
/// The most in a cell of a list.
pub(super) const IN_CELL: usize = 3;

impl Lens {
    /// The first `most` of the records that a field leads to, and how many more there are.
    pub(super) fn many(&self, field: &Field, ids: &[Id], most: usize) -> Markup {
        let module = field.module.as_deref().unwrap_or_default();
        html! {
            @for (index, id) in ids.iter().take(most).enumerate() {
                @if index > 0 { ", " }
                (self.linked(module, *id))
            }
            @if let Some(more) = self.more(ids, most) { " " span.dim { (more) } }
        }
    }

    /// The same in words alone.
    pub(super) fn many_text(&self, field: &Field, ids: &[Id]) -> String {
        let module = field.module.as_deref().unwrap_or_default();
        let title = |id: &Id| self.title(module, *id).map_or_else(|| self.locale.say("link-hidden"), str::to_owned);
        let titles = ids.iter().take(SHOWN).map(title).collect::<Vec<_>>().join(", ");
        self.more(ids, SHOWN).into_iter().fold(titles, |titles, more| format!("{titles} {more}"))
    }

    fn more(&self, ids: &[Id], most: usize) -> Option<String> {
        let more = ids.len().checked_sub(most).filter(|more| *more > 0)?;
        Some(self.locale.say_with("links-more", &[("count", more.into())]))
    }
}
