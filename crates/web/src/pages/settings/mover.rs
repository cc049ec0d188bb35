//! What stands in an order that people make: buttons that move it up and down, the move, and what is wrong with one.

use maud::{Markup, html};
use model::Locale;
use store::{Error, FieldError};

use crate::ui::{Words, icon};

/// One of several that stand in an order.
pub(super) struct Mover<'a> {
    /// What people call it.
    pub(super) label: &'a str,
    /// Names and values of the buttons.
    pub(super) up: (&'a str, &'a str),
    pub(super) down: (&'a str, &'a str),
    pub(super) is_first: bool,
    pub(super) is_last: bool,
    /// Where the page that comes back after a move up or down is looked at.
    pub(super) back: Option<(String, String)>,
}

impl Mover<'_> {
    /// The buttons.
    pub(super) fn buttons(&self, l: Locale) -> Markup {
        let (above, below) = self.back.as_ref().map(|(above, below)| (above.as_str(), below.as_str())).unzip();
        html! {
            button.btn.quiet.small.icon name=(self.up.0) value=(self.up.1) formaction=[above] formnovalidate disabled[self.is_first]
                aria-label=(l.say_with("column-up", &[("name", self.label.into())])) { (icon(assets::icon::ARROW_UP)) }
            button.btn.quiet.small.icon name=(self.down.0) value=(self.down.1) formaction=[below] formnovalidate disabled[self.is_last]
                aria-label=(l.say_with("column-down", &[("name", self.label.into())])) { (icon(assets::icon::ARROW_DOWN)) }
        }
    }
}

/// Moves what stands at `at` one place up or down; at the edge it stays.
pub(super) fn step<T>(items: &mut [T], at: usize, is_up: bool) {
    let to = if is_up { at.checked_sub(1) } else { at.checked_add(1) };
    if let Some(to) = to.filter(|to| at.max(*to) < items.len()) {
        items.swap(at, to);
    }
}

/// Faults of what stands at `index` of a list, as those of its own form.
pub(super) fn of_one(error: Error, list: &str, index: usize) -> Error {
    let Error::Invalid(faults) = error else { return error };
    let before = format!("{list}[{index}].");
    let fault = |fault: FieldError| match fault.field.strip_prefix(&before) {
        Some(rest) => FieldError { field: rest.to_owned(), ..fault },
        None => fault,
    };
    Error::Invalid(faults.into_iter().map(fault).collect())
}

#[cfg(test)]
mod tests {
    use super::step;

    #[test]
    fn a_step_ends_at_the_edge() {
        let mut items = ["a", "b", "c"];
        for (at, is_up, after) in [
            (0, true, ["a", "b", "c"]),
            (0, false, ["b", "a", "c"]),
            (2, false, ["b", "a", "c"]),
            (2, true, ["b", "c", "a"]),
            (3, true, ["b", "c", "a"]),
            (9, false, ["b", "c", "a"]),
        ] {
            step(&mut items, at, is_up);
            assert_eq!(items, after);
        }
    }
}
