//! What is hidden from some of those who read a record: its conditions are read once when packs are joined.

use std::sync::Arc;

use super::Definitions;
use super::join::{file, missing};
use crate::expr::{Want, compile};
use crate::field::FieldType;
use crate::module::{Module, Veil};
use crate::pack::PackError;

/// Veils of one module.
const MOST: usize = 8;

impl Definitions {
    /// Gives the veils of every module what their conditions come to.
    pub(super) fn hang_veils(&mut self, errors: &mut Vec<PackError>) {
        let mut hung = Vec::new();
        for module in self.modules.values().filter(|module| !module.veils.is_empty()) {
            let mut error = |code: &'static str, message: String| {
                errors.push(PackError::new(&file(&module.name), &message).coded(code));
            };
            if module.veils.len() > MOST {
                error("too_many", format!("a module has {MOST} veils at most"));
            }
            let mut veils = module.veils.clone();
            for veil in &mut veils {
                self.unfit_for(module, veil).into_iter().for_each(|(code, message)| error(code, message));
                match compile(&veil.shown, module, self, Want::Bool) {
                    Ok(plan) => veil.plan = Some(Arc::new(plan)),
                    Err(wrong) => error(wrong.code.as_str(), format!("veils: shown: {wrong}")),
                }
            }
            let mut veiled = Module::clone(module);
            veiled.veils = veils;
            hung.push(veiled);
        }
        for module in hung {
            self.modules.insert(module.name.clone(), Arc::new(module));
        }
    }

    /// What cannot be hidden by a veil, and why.
    fn unfit_for(&self, module: &Module, veil: &Veil) -> Vec<(&'static str, String)> {
        let mut wrong = Vec::new();
        for name in veil.fields.iter().chain(&veil.over) {
            if module.field(name).is_none() && !module.retired_fields.iter().any(|field| field.name == *name) {
                wrong.push(("unknown_field", format!("veils: {}", missing(module, name))));
            }
        }
        for field in veil.fields.iter().filter_map(|name| module.field(name)) {
            let process = self.process(&module.name);
            let moves = process.is_some_and(|process| process.field == field.name);
            let asked = process.into_iter().flat_map(|process| &process.transitions);
            let is_asked = asked.into_iter().any(|step| step.asks.contains(&field.name));
            // Each of these would say something of what is hidden to whoever does not see it.
            let why = if !field.is_stored() || field.kind == FieldType::Links {
                "is no value that stands in the record"
            } else if field.unique {
                "is unique, so that a refusal would tell it"
            } else if moves || is_asked || !field.required_at.is_empty() {
                "is asked for by moves"
            } else if module.ways().any(|way| way.name == field.name) {
                "decides who sees the record"
            } else {
                continue;
            };
            wrong.push(("wrong_use", format!("veils: {:?} {why}, and cannot be hidden in some records", field.name)));
        }
        // Under this name programs are told what is hidden in a record.
        if module.field("hidden").is_some() {
            wrong.push(("reserved_name", "veils: a module that has some has no field \"hidden\"".to_owned()));
        }
        wrong
    }
}
