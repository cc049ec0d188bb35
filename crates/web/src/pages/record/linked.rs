//! Records of other modules that link to this one: a few of each, and where the others are.

use std::sync::Arc;

use app::App;
use model::expr::Plan;
use model::field::FieldType;
use model::rights::Scope;
use model::{Field, Module, Record};
use store::{List, Result, Sort, Work};

use crate::pages::next::escaped;
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
        let (module, field, id) = (&self.module.name, &self.field.name, record.id);
        if self.field.kind == FieldType::Links {
            return format!("/{module}?filter={}", escaped(&format!("\"{id}\" in {field}")));
        }
        super::super::event::filtered(module, field, id)
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
                .chain(module.many_links())
                .filter(|(field, target)| *target == record.module.name && !grant.hidden.contains(&field.name));
            links.extend(here.map(|(field, _)| (module.clone(), field.clone())));
            links.extend(belonging(module).map(|field| (module.clone(), field.clone())));
        }
    }
    let mut all = Vec::new();
    for (module, field) in links {
        // What stands on the timeline, the tickets of an order above it and the check list need no second place.
        if matches!(
            (record.module.name.as_str(), module.name.as_str()),
            (_, "messages" | "calls" | "activities" | "files" | "comments")
                | ("orders", "tickets")
                | ("deals", "deal_documents")
                | ("surveys", "survey_answers")
        ) {
            continue;
        }
        let links_here = |link: Plan| match field.kind {
            FieldType::Links => link.holds(record.id),
            _ => link.eq(record.id),
        };
        let Ok(filter) = Plan::field(&module, &field.name).and_then(links_here) else { continue };
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

/// The link by which records of `module` belong to a record of any kind.
fn belonging(module: &Module) -> Option<&Field> {
    let link = module.field(module.belongs_to.as_deref()?)?;
    (link.kind == FieldType::Record).then_some(link)
}
