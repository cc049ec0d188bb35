//! What a listener is told of many lines of the log: each change, or of very many only where they are.

use std::collections::BTreeSet;

use store::{Logged, Result, Told, Work};

/// Changes that are told one by one; of more only the modules are told, whose records are to be read anew.
const FEW: usize = 100;
/// Lines that are judged at once.
const AT_ONCE: usize = 500;

/// What is told.
pub(super) enum Heard {
    Each(Vec<Told>),
    Many(BTreeSet<String>),
}

/// What of `lines` the caller may hear of.
pub(super) fn heard(work: &mut Work<'_>, lines: &[&Logged]) -> Result<Heard> {
    let (mut each, mut modules) = (Vec::new(), BTreeSet::new());
    for some in lines.chunks(AT_ONCE) {
        // Where it is known of a module that much changed in it, nothing more is asked.
        let is_many = each.len() > FEW;
        let open = some.iter().filter(|line| !is_many || !modules.contains(line.module()));
        let open: Vec<Logged> = open.copied().cloned().collect();
        let told = work.told(&open)?;
        modules.extend(told.iter().map(|told| told.module.clone()));
        each.extend(told);
    }
    Ok(if each.len() > FEW { Heard::Many(modules) } else { Heard::Each(each) })
}
