//! Links to many: read beside the records of a page, one statement for each field.

use std::collections::HashMap;
use std::sync::Arc;

use model::field::FieldType;
use model::{Field, Id, Module, Record, Value};

use super::row::{records, width_of};
use super::veils::names;
use crate::db::{Row, Sql};
use crate::error::Result;
use crate::schema::link_table;
use crate::work::Work;

/// Records whose links are read together; no page has more.
const TOGETHER: usize = 500;

impl Work<'_> {
    /// The records in the rows of a selection, with their links; the fields in `hidden` stay empty, and in each record those
    /// that a veil hides in it from whoever works.
    pub(super) fn records(&mut self, module: &Arc<Module>, rows: Vec<Row>, hidden: &[String]) -> Result<Vec<Record>> {
        let (mut veils, mut closed) = (Vec::new(), Vec::new());
        if let Some(veiled) = self.veiled(module) {
            let at = width_of(module);
            closed = rows.iter().map(|row| row.int(at)).collect::<Result<_, _>>()?;
            veils = veiled.veils.iter().map(|veil| veil.fields.clone()).collect();
        }
        let mut records = self.unveiled_records(module, rows, hidden)?;
        for (record, closed) in records.iter_mut().zip(closed) {
            record.veil(names(&veils, closed).filter(|name| !hidden.contains(name)));
        }
        Ok(records)
    }

    /// The same, whatever is hidden in one of them.
    pub(super) fn unveiled_records(
        &mut self,
        module: &Arc<Module>,
        rows: Vec<Row>,
        hidden: &[String],
    ) -> Result<Vec<Record>> {
        let mut records = records(module, rows, hidden)?;
        for (at, field) in module.stored().filter(|(_, field)| field.kind == FieldType::Links) {
            if !hidden.contains(&field.name) {
                for some in records.chunks_mut(TOGETHER) {
                    self.read_links(module, at, field, some)?;
                }
            }
        }
        Ok(records)
    }

    fn read_links(&mut self, module: &Module, at: usize, field: &Field, records: &mut [Record]) -> Result<()> {
        let sql = Sql::new("select record, target from ").push_ident(&link_table(&module.name, &field.name))?;
        let sql = sql.push(" where record in ").bind_list(records.iter().map(|record| record.id.0));
        let mut links: HashMap<Id, Vec<Id>> = HashMap::new();
        for row in self.rows(&sql.push(" order by record, position"))? {
            links.entry(Id(row.uuid(0)?)).or_default().push(Id(row.uuid(1)?));
        }
        for record in records {
            if let (Some(ids), Some(slot)) = (links.remove(&record.id), record.values.get_mut(at)) {
                *slot = Value::Ids(ids);
            }
        }
        Ok(())
    }
}
