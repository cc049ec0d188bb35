//! Makes anew what is derived of records.

use std::collections::BTreeSet;

use model::{Actor, Id};

use super::{Finding, Report};
use crate::error::{Error, Result};
use crate::params;
use crate::work::{Origin, Work};
use crate::workspace::Workspace;

/// Records in one turn of the writer.
const TURN: usize = 50;

impl Workspace {
    /// Brings words, identities and keys of the records that `report` names in line with their values; answers how many.
    ///
    /// # Errors
    /// When the database fails.
    pub fn repair(&self, report: &Report) -> Result<usize> {
        let named = report.findings.iter().filter(|finding| finding.is_derived());
        let records: BTreeSet<(String, Id)> = named.filter_map(|Finding { record, .. }| record.clone()).collect();
        let records: Vec<_> = records.into_iter().collect();
        for turn in records.chunks(TURN) {
            let turn = turn.to_vec();
            self.write_blocking(Actor::System("repair"), Origin::from("command"), move |work| {
                turn.iter().try_for_each(|(module, id)| index_anew(work, module, *id))
            })?;
        }
        Ok(records.len())
    }
}

fn index_anew(work: &mut Work<'_>, module: &str, id: Id) -> Result<()> {
    let record = match work.hold_for_process(module, id) {
        Ok(record) => Some(record),
        Err(Error::NotFound { .. }) => None,
        Err(error) => return Err(error),
    };
    // Whatever the module says now, nothing of before stays.
    work.forget_rows("record = $1", params![id.0])?;
    work.run("delete from identities where record = $1", params![id.0])?;
    if let Some(record) = &record {
        super::keys::make_anew(work, record)?;
    }
    if let Some(record) = record.filter(|record| record.deleted_at.is_none()) {
        work.index_words(&record, None)?;
        work.index_identities(&record, None)?;
    }
    Ok(())
}
