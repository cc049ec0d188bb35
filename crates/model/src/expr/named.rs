//! The fields that an expression names, each with its module and place: so that a field which is called otherwise is followed
//! through links, lists and `exists`, and nothing else that is spelled alike is touched.

use std::cell::RefCell;

use super::check::Checker;
use super::parser;
use crate::{Definitions, Module};

/// A field where an expression names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The first character of its name.
    pub at: usize,
    /// The module that has it.
    pub module: String,
    /// What it is called there.
    pub field: String,
}

/// What was named so far.
pub(super) type Noted = RefCell<Vec<Named>>;

/// The fields that the expression over records of `module` names, in their order; none where the text is no expression.
#[must_use]
pub fn names(text: &str, module: &Module, definitions: &Definitions) -> Vec<Named> {
    noted(text, module, definitions).unwrap_or_default()
}

fn noted(text: &str, module: &Module, definitions: &Definitions) -> Option<Vec<Named>> {
    let noted = Noted::default();
    let tree = parser::parse(text).ok()?;
    Checker::new(module, definitions).noting(&noted).plan(&tree).ok()?;
    let mut names = noted.into_inner();
    names.sort_by_key(|named| named.at);
    names.dedup();
    Some(names)
}

/// The expression over records of `module` with other names for its fields, as `now` says them; nothing where no name is
/// another, or where the text is no expression.
#[must_use]
pub fn renamed(
    text: &str,
    module: &Module,
    definitions: &Definitions,
    now: impl Fn(&Named) -> Option<String>,
) -> Option<String> {
    let names = noted(text, module, definitions)?;
    let mut written = String::with_capacity(text.len());
    let (mut rest, mut before, mut is_other) = (text.chars(), 0, false);
    for named in &names {
        let Some(new) = now(named) else { continue };
        written.extend(rest.by_ref().take(named.at.saturating_sub(before)));
        rest.by_ref().take(named.field.chars().count()).for_each(drop);
        written.push_str(&new);
        before = named.at + named.field.chars().count();
        is_other = true;
    }
    written.extend(rest);
    is_other.then_some(written)
}
