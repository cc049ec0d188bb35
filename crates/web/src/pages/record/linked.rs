//! Records of other modules that link to this one: a few of each, and where the others are.

use std::sync::Arc;

use app::App;
use model::expr::Plan;
use model::rights::Scope;
use model::{Field, Module, Record};
use store::{List, Result, Sort, Work};

use crate::ui::Lens;

/// Records of one kind that are shown.
const SHOWN: usize = 3;
/// Counting stops here.
const COUNTED: i64 = 999;

/// Records of one module that link here by one field.
pub(super) struct Linked {
    pub(super) module: Arc<Module>,
    pub(super) field: Field,
    pub(super) records: Vec<Record>,
    pub(super) total: i64,
}

impl Linked {
    /// The list of them all.
    pub(super) fn all(&self, record: &Record) -> String {
        super::super::event::filtered(&self.module.name, &self.field.name, record.id)
    }
}

/// Everything that links to `record` and that the caller may see.
pub(super) fn of(app: &App, work: &mut Work<'_>, lens: &mut Lens, record: &Record) -> Result<Vec<Linked>> {
    let mut links = Vec::new();
    for module in work.definitions().modules() {
        let grant = work.grant(module);
        if grant.read != Scope::None {
            let here = module
                .links()
                .filter(|(field, target)| *target == record.module.name && !grant.hidden.contains(&field.name));
            links.extend(here.map(|(field, _)| (module.clone(), field.clone())));
        }
    }
    let mut all = Vec::new();
    for (module, field) in links {
        // What stands on the timeline, and the tickets of an order above it, need no second place.
        if matches!(
            (record.module.name.as_str(), module.name.as_str()),
            (_, "messages" | "activities") | ("orders", "tickets")
        ) {
            continue;
        }
        let Ok(filter) = Plan::field(&module, &field.name).and_then(|link| link.eq(record.id)) else { continue };
        let sort = vec![Sort { field: "id".to_owned(), descending: true }];
        let list = List { filter: Some(filter), sort, limit: SHOWN, ..List::default() };
        let records = app.list(work, &module.name, &list)?.records;
        if records.is_empty() {
            continue;
        }
        let total =
            if records.len() < SHOWN { records.len() as i64 } else { work.count(&module.name, &list, Some(COUNTED))? };
        lens.learn(work, &records)?;
        all.push(Linked { module, field, records, total });
    }
    Ok(all)
}
