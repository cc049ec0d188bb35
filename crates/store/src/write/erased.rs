//! Nothing is written of somebody who was erased.

use model::{Id, Record, Value};

use super::validate::Moment;
use crate::db::Sql;
use crate::error::{Error, FieldError, Result};
use crate::privacy::WRITTEN_OFF;
use crate::work::{Authority, Work};

impl Work<'_> {
    /// Fails where a caller links a record anew to somebody who was erased. It is asked once the row stands: who had to wait for
    /// an erasure sees it then.
    pub(super) fn expect_no_erased_targets(
        &mut self,
        before: Option<&Record>,
        after: &Record,
        moment: Moment,
    ) -> Result<()> {
        if self.authority != Authority::Caller || moment == Moment::Undo {
            return Ok(());
        }
        let mut targets: Vec<(String, Id)> = Vec::new();
        for (_, field) in after.module.stored() {
            let (value, known) =
                (after.get(&field.name), before.map_or(&Value::Null, |before| before.get(&field.name)));
            let target = match value {
                Value::Record { module, .. } => Some(module),
                Value::Id(_) | Value::Ids(_) => field.module.as_ref(),
                _ => None,
            };
            let target = target.and_then(|name| self.definitions().module(name));
            if value == known || target.is_none_or(|target| target.identity.is_none()) {
                continue;
            }
            targets.extend(value.as_id().map(|id| (field.name.clone(), id)));
            let many = value.as_ids().iter().enumerate().filter(|(_, id)| !known.as_ids().contains(id));
            targets.extend(many.map(|(place, id)| (format!("{}[{place}]", field.name), *id)));
        }
        if targets.is_empty() {
            return Ok(());
        }
        let sql = Sql::new("select record from _erasures where record in ");
        let rows = self.rows(&sql.bind_list(targets.iter().map(|(_, id)| id.0)))?;
        let erased = rows.iter().map(|row| Ok(Id(row.uuid(0)?))).collect::<Result<Vec<_>>>()?;
        let faults = targets
            .into_iter()
            .filter(|(_, id)| erased.contains(id))
            .map(|(field, _)| FieldError::new(field, WRITTEN_OFF.0, WRITTEN_OFF.1));
        let faults: Vec<_> = faults.collect();
        if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
    }
}
