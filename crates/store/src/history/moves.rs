//! Which moves records made since a line of the log.

use model::rights::Capability;

use super::said::Said;
use crate::db::Sql;
use crate::error::{Error, Result};
use crate::work::Work;

/// Records that came from one value of a field to another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moves {
    /// The value before.
    pub from: String,
    /// The value afterwards.
    pub to: String,
    /// How often that happened.
    pub count: i64,
}

impl Work<'_> {
    /// The last line of the log; 0 where there is none.
    ///
    /// # Errors
    /// When the database fails.
    pub fn log_end(&mut self) -> Result<i64> {
        let end = self.rows(&Sql::new("select coalesce(max(seq), 0) from changes"))?;
        Ok(end.first().map(|row| row.int(0)).transpose()?.unwrap_or(0))
    }

    /// How often records of the module came from one value of `field` to another behind the line `after` of the log. It is told
    /// of all records: only who administers asks.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for others; [`Error::BadQuery`] for a field that is not there.
    pub fn moves_since(&mut self, module: &str, field: &str, after: i64) -> Result<Vec<Moves>> {
        self.require(Capability::Administer)?;
        let module = self.module(module)?;
        let known = module.field(field).filter(|field| field.is_stored());
        let no_field = || Error::bad_query("unknown_field", format!("{} have no field {field:?}", module.name));
        let said = Said::of(known.ok_or_else(no_field)?, self.dialect());
        let names = module.formerly.iter().map(String::as_str).chain([module.name.as_str()]);
        let lines = Sql::new("select ").append(said.before("c")).push(" as was, ").append(said.after("c"));
        let lines = lines.push(" as became from changes c where c.seq > ").bind(after);
        let lines = lines.push(" and c.operation = 'update' and c.module in ").bind_list(names);
        let sql = Sql::new("select m.was, m.became, count(*) from (").append(lines);
        let sql =
            sql.push(") m where m.was is not null and m.became is not null group by m.was, m.became order by 1, 2");
        let read = |row: &crate::db::Row| Ok(Moves { from: row.text(0)?, to: row.text(1)?, count: row.int(2)? });
        self.rows(&sql)?.iter().map(read).collect()
    }
}
