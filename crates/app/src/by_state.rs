//! How many records of each of several names are in which state: one question for all, whatever their number.

use std::collections::BTreeMap;

use model::Value;
use model::expr::Plan;
use store::{Error, Result, Work};

/// Counts the records of a module whose `field` is one of `names` by their `status`, as far as the caller may read them: name by
/// name in the order asked, each of the `states` with its number.
///
/// # Errors
/// When the database fails.
pub(crate) fn by_state(
    work: &mut Work<'_>,
    (module, field): (&str, &str),
    names: &[String],
    states: &[&'static str],
) -> Result<Vec<BTreeMap<&'static str, i64>>> {
    let module = work.module(module)?;
    let mut found = vec![states.iter().map(|state| (*state, 0)).collect::<BTreeMap<_, _>>(); names.len()];
    let hidden = work.grant(&module).hidden;
    let is_seen = |name: &str| module.field(name).is_some() && !hidden.iter().any(|hidden| hidden == name);
    if names.is_empty() || !is_seen(field) || !is_seen("status") {
        return Ok(found);
    }
    let filter = Plan::field(&module, field).and_then(|of| of.one_of(names));
    let filter = filter.and_then(|of| Ok(of.and(Plan::field(&module, "status")?.one_of(states.iter().copied())?)));
    let filter = filter.map_err(|error| Error::bad_query(error.code.as_str(), error.message))?;
    for counted in work.counts(&module.name, Some(filter), &[field, "status"])? {
        let [Value::Text(name), Value::Text(state)] = &counted.group[..] else { continue };
        let of_name = names.iter().position(|it| it == name).and_then(|place| found.get_mut(place));
        if let Some(count) = of_name.and_then(|of_name| of_name.get_mut(state.as_str())) {
            *count = counted.count;
        }
    }
    Ok(found)
}
