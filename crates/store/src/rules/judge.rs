//! Expressions of rules, worked out over a record with its fields before the change.

use std::cell::RefCell;
use std::sync::Arc;

use model::expr::{Linked, Plan, Want, compile};
use model::rule::Before;
use model::{Id, Module, Record, Value};

use crate::error::{Error, Result};
use crate::work::Work;

impl Work<'_> {
    /// Reads an expression of a rule of `module`.
    ///
    /// # Errors
    /// [`Error::BadQuery`] where it does not fit the module.
    pub fn rule_plan(&self, module: &Module, text: &str, want: Want) -> Result<Plan> {
        let plan = compile(text, &self.definitions().seen_by_rules(module), self.definitions(), want);
        plan.map_err(|error| Error::BadQuery {
            code: error.code.as_str().to_owned(),
            message: error.to_string(),
            position: error.position,
        })
    }

    /// What an expression of a rule works out for a record, judged by the product and not under anybody's rights.
    pub fn rule_value(&mut self, plan: &Plan, record: &Record, before: Option<&Record>) -> Value {
        self.as_process(|work| work.worked_out(plan, record, before))
    }

    /// What an expression works out for a record as the caller sees it, and the records it links to.
    pub fn seen_value(&mut self, plan: &Plan, record: &Record) -> Value {
        self.worked_out(plan, record, None)
    }

    fn worked_out(&mut self, plan: &Plan, record: &Record, before: Option<&Record>) -> Value {
        let (env, record) = (self.env(), &self.gathered(plan, record));
        let work = RefCell::new(self);
        let load = |module: &Module, id: Id| {
            let found = work.borrow_mut().get(&module.name, id).ok();
            found.filter(|linked| linked.deleted_at.is_none()).map(Arc::new)
        };
        let after = Linked { record, load: &load };
        let earlier = before.map(|record| Linked { record, load: &load });
        let before = earlier.as_ref().map(|linked| linked as &dyn model::expr::Scope);
        plan.eval(&Before { after: &after, before, module: &record.module }, &env)
    }
}
