//! Fields that must be filled before a record goes on, and how it is said that they are not: whoever can fill one in is told
//! which; whoever sees it and does not change it is told to ask; whoever does not see it learns that something is missing and
//! nothing more.

use model::{Actor, Module, Record};

use crate::error::FieldError;
use crate::work::{Authority, Work};

impl Work<'_> {
    /// What is wrong where the fields `names` of a record of `module` are empty and must not be; `how` is said of those that
    /// the caller can fill in.
    #[must_use]
    pub fn unfilled<'n>(
        &self,
        module: &Module,
        names: impl IntoIterator<Item = &'n String>,
        how: &str,
    ) -> Vec<FieldError> {
        let grant = self.grant(module);
        let (mut faults, mut is_out_of_sight) = (Vec::new(), false);
        for name in names {
            if grant.hidden.contains(name) {
                is_out_of_sight = true;
            } else if grant.read_only.contains(name) {
                let message = "your roles do not change this field: ask an administrator to fill it in first";
                faults.push(FieldError::new(name, "filled_by_others", message));
            } else {
                faults.push(FieldError::new(name, "required", how));
            }
        }
        if is_out_of_sight {
            // However many there are, and whichever: they may not know.
            let message = "something that your roles do not see must be filled in first: ask an administrator";
            faults.push(FieldError::new("", "filled_out_of_sight", message));
        }
        faults
    }

    /// What a record that is being made lacks in the state in which it begins. People are asked; typed services make records
    /// for buyers and by the clock, who could not answer.
    pub(super) fn unfilled_at_start(&self, record: &Record) -> Vec<FieldError> {
        let module = &record.module;
        if self.authority == Authority::Process || !matches!(self.actor(), Actor::User(_)) {
            return Vec::new();
        }
        let Some(process) = self.definitions().process(&module.name) else { return Vec::new() };
        let state = record.text(&process.field).unwrap_or_default();
        let asked = module.fields.iter().filter(|field| field.required_at.iter().any(|at| at == state));
        let empty = asked.filter(|field| record.get(&field.name).is_null()).map(|field| &field.name);
        self.unfilled(module, empty, "the state in which the record begins asks for it")
    }
}
