//! The words of an open field that are in use.

use crate::db::{Dialect, Sql};
use crate::error::{Error, Result};
use crate::work::Work;

/// Records that are looked through, those changed last.
const LOOKED_AT: i64 = 2_000;

impl Work<'_> {
    /// The words that stand in an open field of the records that the caller may see, the most used first.
    ///
    /// # Errors
    /// [`Error::NoModule`], [`Error::BadQuery`] for a field that is not open or not seen.
    pub fn words_in_use(&mut self, module: &str, field: &str, limit: usize) -> Result<Vec<String>> {
        let module = self.module(module)?;
        let (grant, hidden) = (self.grant(&module), self.covered(&module));
        let field = module.field(field).filter(|it| it.open && !hidden.contains(&it.name));
        let field = field.ok_or_else(|| Error::bad_query("unknown_field", "there is no such open field"))?;
        let (function, words) = match self.dialect() {
            Dialect::Sqlite => ("json_each(found.words)", "word.value"),
            Dialect::Postgres => ("jsonb_array_elements_text(found.words) as word(value)", "word.value"),
        };
        let sql = Sql::new("select ").push(words).push(" from (select t.").push_ident(&field.name)?;
        let sql = sql.push(" as words from ").push_ident(&module.name)?.push(" t where t.deleted_at is null and t.");
        let sql = self.reached(sql.push_ident(&field.name)?.push(" is not null"), &module, grant.read);
        let sql = sql.push(" order by t.updated_at desc").limit(LOOKED_AT).push(") found, ").push(function);
        let sql = if self.dialect() == Dialect::Sqlite { sql.push(" word") } else { sql };
        let sql = sql.push(" group by 1 order by count(*) desc, 1").limit(limit);
        let rows = self.rows(&sql)?;
        rows.iter().map(|row| Ok(row.text(0)?)).collect()
    }
}
