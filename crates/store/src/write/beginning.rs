//! What a new record is given besides what its maker says: where its process starts, and numbers of series.

use model::process::Process;
use model::series::Series;
use model::{Record, Value};

use crate::error::Result;
use crate::work::Work;

impl Work<'_> {
    /// Puts a record into the state in which its process starts for such a record.
    pub(super) fn start(&mut self, process: &Process, record: &mut Record) -> Result<()> {
        for start in &process.starts {
            if self.holds(&start.when, record)? {
                record.set(&process.field, Value::Text(start.state.clone()));
                break;
            }
        }
        Ok(())
    }

    /// Gives a record the next number of each series in which it has none. The series are held until the transaction
    /// ends, so that a number that is rolled back is given again.
    pub(super) fn number(&mut self, record: &mut Record) -> Result<()> {
        let module = record.module.clone();
        for (position, field) in module.stored() {
            let Some(series) = Series::of(field) else { continue };
            if !record.values.get(position).is_none_or(Value::is_null) {
                continue;
            }
            let number = loop {
                let next = self.next_number(&format!("{}.{}", module.name, field.name))?;
                let number = Value::Text(series.number(next));
                // A number that came from elsewhere, with an import, is passed over.
                if !self.is_taken(&module, field, &number, None)? {
                    break number;
                }
            };
            record.set(&field.name, number);
        }
        Ok(())
    }
}
