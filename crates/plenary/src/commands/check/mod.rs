//! `plenary check`: what the store checks of itself, and what must hold of seats, money, numbers, timers and files.

mod attachments;
mod money;
mod numbers;
mod seats;
mod waiting;

use model::{Actor, Record};
use store::operations::{Report, Vouched};
use store::{Files, List, Sort, Work, Workspace};

use super::{Done, Failure};
use crate::arguments::Check;
use crate::opening::{files, open_as_it_is};

/// Rounds of repairing: a report names so many records at most.
const ROUNDS: usize = 1_000;

pub(crate) fn run(command: &Check) -> Done {
    let (workspace, configuration) = open_as_it_is(&command.place)?;
    let mut report = workspace.check(command.seal.clone())?;
    if command.repair {
        for _ in 0..ROUNDS {
            let repaired = workspace.repair(&report)?;
            if repaired == 0 {
                break;
            }
            aside!("made anew: words, identities and keys of {repaired} records");
            report = workspace.check(command.seal.clone())?;
        }
    }
    let (services, notes) = services(&workspace, &files(&configuration))?;
    workspace.db().close_blocking();
    report.findings.iter().for_each(|finding| say!("{finding}"));
    services.iter().for_each(|finding| say!("{finding}"));
    if report.more > 0 {
        say!("and {} more of the same", report.more);
    }
    print_summary(&report);
    notes.iter().for_each(|note| say!("{note}"));
    let wrong = report.findings.len() as u64 + report.more + services.len() as u64;
    if wrong == 0 { Ok(()) } else { Err(Failure::new(format!("{wrong} findings"))) }
}

fn print_summary(report: &Report) {
    say!("{} records checked", report.records);
    match &report.chain {
        Some(chain) => say!(
            "the change log is sealed up to {}:{}, {} entries wait for their seal",
            chain.number,
            chain.digest,
            report.unsealed
        ),
        None => say!("the change log is not sealed yet: the program seals it while it serves"),
    }
    for Vouched { change_set, at, entries } in &report.vouched {
        say!("{entries} entries of the change log say less since the erasure {change_set} of {at}");
    }
}

/// What the typed services promise whatever a workspace is configured to: where they fail, and what is worth a note.
fn services(workspace: &Workspace, files: &Files) -> store::Result<(Vec<String>, Vec<String>)> {
    let files = files.clone();
    workspace.read_blocking(Actor::System("check"), move |work| {
        work.as_process(|work| {
            let mut findings = Vec::new();
            money::check(work, &mut findings)?;
            seats::check(work, &mut findings)?;
            numbers::check(work, &mut findings)?;
            waiting::check(work, &mut findings)?;
            attachments::check(work, &files, &mut findings)?;
            let notes = attachments::unspoken_of(work, &files, &mut findings)?;
            Ok((findings, notes))
        })
    })
}

/// Every record of a module, also from the bin; none where no pack brings the module.
fn each(
    work: &mut Work<'_>,
    module: &str,
    mut take: impl FnMut(&mut Work<'_>, &Record) -> store::Result<()>,
) -> store::Result<()> {
    if work.definitions().module(module).is_none() {
        return Ok(());
    }
    for deleted in [false, true] {
        let sort = vec![Sort { field: "id".to_owned(), descending: false }];
        let mut list = List { sort, limit: 500, deleted, ..List::default() };
        loop {
            let page = work.list(module, &list)?;
            page.records.iter().try_for_each(|record| take(work, record))?;
            list.cursor = page.next;
            if list.cursor.is_none() {
                break;
            }
        }
    }
    Ok(())
}
