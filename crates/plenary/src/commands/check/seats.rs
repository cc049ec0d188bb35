//! Seats: no more tickets than the quota and the capacity ever were.

use std::collections::BTreeMap;

use model::{Id, Record};
use store::{Result, Work};

use super::each;

/// Changes of a quota or capacity that are looked at.
const CHANGES: usize = 10_000;

pub(super) fn check(work: &mut Work<'_>, findings: &mut Vec<String>) -> Result<()> {
    let mut taken: BTreeMap<Id, i64> = BTreeMap::new();
    each(work, "tickets", |_, ticket| {
        if matches!(ticket.text("status"), Some("reserved" | "issued" | "checked_in")) {
            for limited in [ticket.link("event"), ticket.link("ticket_type")].into_iter().flatten() {
                *taken.entry(limited).or_default() += 1;
            }
        }
        Ok(())
    })?;
    for (module, field) in [("ticket_types", "quota"), ("events", "capacity")] {
        each(work, module, |work, record| {
            let seats = taken.get(&record.id).copied().unwrap_or(0);
            let limit = record.get(field).as_int();
            // Whoever lowers a limit below what is sold has oversold nothing.
            if limit.is_some_and(|limit| seats > limit)
                && greatest(work, record, field)?.is_some_and(|most| seats > most)
            {
                let limit = limit.unwrap_or_default();
                findings.push(format!("seats: {module} {}: {seats} seats are taken of {limit}", record.id));
            }
            Ok(())
        })?;
    }
    Ok(())
}

/// The greatest limit that was ever set; nothing where there once was none.
fn greatest(work: &mut Work<'_>, record: &Record, field: &str) -> Result<Option<i64>> {
    let mut greatest = record.get(field).as_int();
    for entry in work.history(&record.module, record.id, None, CHANGES)? {
        let change = entry.fields.iter().find(|change| change.field == field);
        let set = match (change, entry.operation.as_str()) {
            (Some(change), _) => change.after.as_i64(),
            (None, "create") => None,
            (None, _) => continue,
        };
        greatest = greatest.zip(set).map(|(most, set)| most.max(set));
    }
    Ok(greatest)
}
