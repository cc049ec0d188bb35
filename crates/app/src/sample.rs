//! Sample data leaves as it came: record by record through the one write path, in one change set.

use std::collections::{BTreeMap, BTreeSet};

use billing::Balance;
use channels::outbox;
use model::expr::Plan;
use model::field::FieldType;
use model::rights::Capability;
use model::{Id, Money, Record};
use store::{Error, Result, Work};
use ticketing::LOOK_JOB;

/// Records that are asked about at once.
const MANY: usize = 200;

/// What became of the sample data.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Removed {
    /// Records that are gone.
    pub gone: usize,
    /// Records that stay, because somebody's own lead to them.
    pub kept: usize,
}

/// How many records of each module are there of the sample data; nothing where there is none.
///
/// # Errors
/// [`Error::Forbidden`] for whoever does not administer.
pub fn counts(work: &mut Work<'_>) -> Result<BTreeMap<String, usize>> {
    work.require(Capability::Administer)?;
    let mut counts = BTreeMap::new();
    for record in work.as_process(there)? {
        *counts.entry(record.module.name.clone()).or_default() += 1;
    }
    Ok(counts)
}

/// Removes the sample data for good, also what was changed in it since. An order goes with its tickets and payments or
/// not at all; whatever somebody's own records lead to stays and is from now on like any other.
///
/// # Errors
/// [`Error::Forbidden`] for whoever does not administer.
pub fn remove(work: &mut Work<'_>) -> Result<Removed> {
    work.require(Capability::Administer)?;
    work.as_process(|work| {
        let all = there(work)?;
        for record in &all {
            work.dequeue(&format!("{LOOK_JOB}:{}", record.id))?;
            work.dequeue(&outbox::job_key(record.id))?;
        }
        let talked_about = talked_about(work, &all)?;
        let (sales, rest) = sales(all, &talked_about)?;
        let (held, mut rest): (Vec<_>, Vec<_>) = rest.into_iter().partition(|record| talked_about.contains(&record.id));
        let mut removed = Removed { kept: sales.kept + held.len(), gone: 0 };
        for sale in sales.whole {
            let count = sale.len();
            let purge = |work: &mut Work<'_>| sale.iter().try_for_each(|record| purge(work, record));
            match work.attempt(purge) {
                Ok(()) => removed.gone += count,
                Err(error) if is_linked(&error) => removed.kept += count,
                Err(error) => return Err(error),
            }
        }
        // What leads to others goes before them, in as many rounds as it takes.
        loop {
            let before = rest.len();
            let mut left = Vec::new();
            for record in rest {
                match work.attempt(|work| purge(work, &record)) {
                    Ok(()) => removed.gone += 1,
                    Err(error) if is_linked(&error) => left.push(record),
                    Err(error) => return Err(error),
                }
            }
            rest = left;
            if rest.is_empty() || rest.len() == before {
                break;
            }
        }
        removed.kept += rest.len();
        work.forget_sample()?;
        Ok(removed)
    })
}

/// What somebody's own comments, files, plans or letters are about: without it nobody would reach these any more.
fn talked_about(work: &mut Work<'_>, sample: &[Record]) -> Result<BTreeSet<Id>> {
    let ids: Vec<Id> = sample.iter().map(|record| record.id).collect();
    let ours: BTreeSet<Id> = ids.iter().copied().collect();
    let modules: Vec<_> = work.definitions().modules().cloned().collect();
    let mut found = BTreeSet::new();
    for module in modules {
        for field in module.fields.iter().filter(|field| field.kind == FieldType::Record) {
            for some in ids.chunks(MANY) {
                let Ok(about) = Plan::field(&module, &field.name).and_then(|about| about.one_of(some.to_vec())) else {
                    continue;
                };
                let others = work.find(&module.name, about)?.into_iter().filter(|record| !ours.contains(&record.id));
                found.extend(others.filter_map(|record| record.get(&field.name).as_id()));
            }
        }
    }
    Ok(found)
}

fn purge(work: &mut Work<'_>, record: &Record) -> Result<()> {
    work.purge(&record.module.name, record.id, None)
}

fn is_linked(error: &Error) -> bool {
    matches!(error, Error::Conflict { code: "linked", .. })
}

/// What is still there of the sample data, newest first.
fn there(work: &mut Work<'_>) -> Result<Vec<Record>> {
    let made = work.sample()?;
    let mut by_module: BTreeMap<String, BTreeSet<Id>> = BTreeMap::new();
    for (module, id) in &made {
        by_module.entry(module.clone()).or_default().insert(*id);
    }
    let mut found = BTreeMap::new();
    for (module, ids) in by_module {
        // What is set up (users, teams) stands in the log too and is no record.
        let Ok(module) = work.module(&module) else { continue };
        found.extend(work.several(&module, &ids)?.into_iter().map(|record| (record.id, record)));
    }
    Ok(made.iter().filter_map(|(_, id)| found.remove(id)).collect())
}

/// Orders with what belongs to them.
#[derive(Default)]
struct Sales {
    /// Those of which the money is all here, what leads to others first.
    whole: Vec<Vec<Record>>,
    /// Records of those that are paid by other money, or whose money pays for others.
    kept: usize,
}

/// Parts the orders with their tickets and payments from the rest.
fn sales(all: Vec<Record>, talked_about: &BTreeSet<Id>) -> Result<(Sales, Vec<Record>)> {
    let orders: BTreeSet<Id> =
        all.iter().filter(|record| record.module.name == "orders").map(|order| order.id).collect();
    let (mut of_order, mut rest): (BTreeMap<Id, Vec<Record>>, Vec<Record>) = (BTreeMap::new(), Vec::new());
    let (mut paid, mut entangled) = (BTreeMap::<Id, Vec<Money>>::new(), BTreeSet::new());
    let mut sales = Sales::default();
    for record in all {
        let order = match record.module.name.as_str() {
            "orders" => Some(record.id),
            "tickets" => record.link("order"),
            "payments" => {
                let balance = Balance::of(&record)?;
                // What pays for the invoice of a deal is no part of a sale of tickets: it stays with what it pays for.
                let is_of_deal = balance.allocations().iter().any(|line| line.of_deal().is_some());
                let lines = balance.allocations().iter().filter_map(|line| Some((line.order?, line.amount)));
                let lines: Vec<_> = lines.collect();
                for (order, amount) in &lines {
                    paid.entry(*order).or_default().push(*amount);
                }
                let is_elsewhere = is_of_deal || lines.iter().any(|(order, _)| !orders.contains(order));
                if lines.len() > 1 || is_elsewhere {
                    // Its money is spread: everything that it pays for stays.
                    entangled.extend(lines.iter().map(|(order, _)| *order));
                }
                if is_elsewhere {
                    sales.kept += 1;
                    continue;
                }
                lines.first().map(|(order, _)| *order).or_else(|| record.link("order"))
            }
            _ => None,
        };
        match order.filter(|order| orders.contains(order)) {
            Some(order) => of_order.entry(order).or_default().push(record),
            None => rest.push(record),
        }
    }
    for (id, sale) in of_order {
        let order = sale.iter().find(|record| record.id == id).and_then(|order| order.get("paid").as_money());
        let ours =
            order.and_then(|paid_for| Money::checked_sum(paid_for.currency, paid.remove(&id).unwrap_or_default()));
        let is_talked_about = sale.iter().any(|record| talked_about.contains(&record.id));
        if is_talked_about || entangled.contains(&id) || ours != order {
            sales.kept += sale.len();
        } else {
            sales.whole.push(sale);
        }
    }
    Ok((sales, rest))
}
