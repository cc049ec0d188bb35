//! Formulas and roll-ups: worked out once when packs are joined, so that queries only take them.

use std::collections::HashMap;
use std::sync::Arc;

use super::Definitions;
use super::join::file;
use crate::expr::{self, Plan};
use crate::module::Module;
use crate::pack::{PackError, Place};

impl Definitions {
    /// Gives every module the plans of its formulas and roll-ups, and their fields the types of what they give.
    pub(super) fn derive(&mut self, errors: &mut Vec<PackError>) {
        let mut all: Vec<(String, HashMap<String, Arc<Plan>>)> = Vec::new();
        for module in self.modules.values() {
            let mut plans = HashMap::new();
            for field in module.fields.iter().filter(|field| field.kind.is_derived()) {
                match expr::derive(module, field, self) {
                    Ok(plan) => drop(plans.insert(field.name.clone(), Arc::new(plan))),
                    Err((key, error)) => {
                        let message = format!("the {key} of {}: {error}", field.name);
                        let place = Place::field(&module.name, &field.name, key);
                        errors.push(PackError::new(&file(&module.name), &message).coded(error.code.as_str()).at(place));
                    }
                }
            }
            all.push((module.name.clone(), plans));
        }
        for (name, plans) in all {
            if let Some(module) = self.modules.get_mut(&name).filter(|_| !plans.is_empty()) {
                *module = Arc::new(with_results(module, plans));
            }
        }
    }
}

fn with_results(module: &Module, plans: HashMap<String, Arc<Plan>>) -> Module {
    let mut module = module.clone();
    for field in &mut module.fields {
        if let Some((kind, scale)) = plans.get(&field.name).and_then(|plan| expr::field_type(plan.kind)) {
            field.result = Some(kind);
            field.scale = scale;
        }
    }
    module.derived = plans;
    module
}
