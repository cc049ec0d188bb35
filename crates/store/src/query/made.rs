//! How many records were made when.

use jiff::Timestamp;
use model::expr::Plan;

use super::List;
use crate::db::Sql;
use crate::error::Result;
use crate::work::Work;

impl Work<'_> {
    /// Counts the records that the caller may see and that fulfil `filter` by when they were made: one number for each two
    /// neighbours of `bounds`, which ascend; the first bound belongs to it, the second does not. One query.
    ///
    /// # Errors
    /// [`Error::BadQuery`](crate::Error::BadQuery) for a filter that does not fit the module.
    pub fn made_between(&mut self, module: &str, filter: Option<Plan>, bounds: &[Timestamp]) -> Result<Vec<i64>> {
        let (Some(first), Some(last)) = (bounds.first(), bounds.last()) else { return Ok(Vec::new()) };
        let module = self.module(module)?;
        let mut sql = Sql::new("select ");
        for (index, pair) in bounds.windows(2).enumerate() {
            let [from, until] = pair else { continue };
            sql.push_str(if index == 0 { "" } else { ", " });
            sql.push_str("count(case when t.created_at >= ");
            sql.push_bind(*from);
            sql.push_str(" and t.created_at < ");
            sql.push_bind(*until);
            sql.push_str(" then 1 end)");
        }
        let list = List { filter, ..List::default() };
        let sql = sql.push(" from ").push_ident(&module.name)?.push(" t where t.created_at >= ").bind(*first);
        let sql = sql.push(" and t.created_at < ").bind(*last).push(" and ").append(self.condition(&module, &list)?);
        let mut counts = Vec::new();
        for row in self.rows(&sql)? {
            counts = (0..row.len()).map(|at| row.int(at)).collect::<std::result::Result<_, _>>()?;
        }
        Ok(counts)
    }
}
