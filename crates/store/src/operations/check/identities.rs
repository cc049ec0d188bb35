//! E-mails, phones and names beside the records that carry them.

use std::collections::BTreeMap;

use model::{Id, Module, Record};

use super::{Area, Report, ids};
use crate::db::Sql;
use crate::error::Result;
use crate::work::Work;
use crate::write::identities;

pub(super) fn check(work: &mut Work<'_>, module: &Module, records: &[Record], report: &mut Report) -> Result<()> {
    if module.identity.is_none() || records.is_empty() {
        return Ok(());
    }
    let sql = Sql::new("select record, kind, value from identities where record in ").bind_list(ids(records));
    let mut kept: BTreeMap<Id, Vec<(String, String)>> = BTreeMap::new();
    for row in work.rows(&sql)? {
        kept.entry(Id(row.uuid(0)?)).or_default().push((row.text(1)?, row.text(2)?));
    }
    for record in records {
        let wanted = identities(module, &record.values);
        let mut wanted: Vec<_> = wanted.into_iter().map(|(kind, value)| (kind.name().to_owned(), value)).collect();
        let mut there = kept.remove(&record.id).unwrap_or_default();
        wanted.sort_unstable();
        there.sort_unstable();
        if wanted != there {
            report.add(Area::Identities, Some((&module.name, record.id)), "its identities are not those of its values");
        }
    }
    Ok(())
}

/// Identities of records that are gone, in the bin, or nobody.
pub(super) fn superfluous(work: &mut Work<'_>, module: &Module, report: &mut Report) -> Result<()> {
    let sql = Sql::new("select distinct i.record from identities i where i.module = ").bind(module.name.as_str());
    let sql = if module.identity.is_none() {
        sql
    } else {
        let sql = sql.push(" and not exists (select 1 from ").push_ident(&module.name)?;
        sql.push(" t where t.id = i.record and t.deleted_at is null)")
    };
    for row in work.rows(&sql)? {
        let record = Some((module.name.as_str(), Id(row.uuid(0)?)));
        report.add(Area::Identities, record, "identities of what is not there");
    }
    Ok(())
}
