//! Expressions over records: as a condition of a query, and over one record.

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use model::expr::{ExprError, Linked, Plan, Want, compile};
use model::rights::Scope;
use model::{Id, Module, Record};

use super::expression::{SqlContext, condition};
use crate::db::Sql;
use crate::error::{Error, Result};
use crate::work::Work;

impl Work<'_> {
    /// Reads the text of a filter over `module`.
    ///
    /// # Errors
    /// [`Error::BadQuery`] with the position of what cannot be understood.
    pub fn filter(&self, module: &str, text: &str) -> Result<Plan> {
        let module = self.module(module)?;
        compile(text, &module, self.definitions(), Want::Bool).map_err(refused)
    }

    /// Whether the text of a filter tells the caller of nothing that is hidden from them. An empty one tells of nothing.
    pub(crate) fn is_plain_filter(&self, module: &Module, text: &str) -> bool {
        if text.is_empty() {
            return true;
        }
        let Ok(plan) = self.filter(&module.name, text) else { return false };
        let met = Cell::new(false);
        let note = |is_hidden: bool| {
            met.set(met.get() || is_hidden);
            is_hidden
        };
        let hidden =
            |module: &Module, field: &str| note(self.grant(module).hidden.iter().any(|hidden| hidden == field));
        let rights = |module: &Module, alias: &str| {
            let read = self.grant(module).read;
            note(read == Scope::None);
            self.reach(module, alias, read)
        };
        let env = self.env();
        // What a veil hides is null, so that a filter by it tells nothing.
        let cx = SqlContext {
            dialect: self.dialect(),
            module,
            alias: "t",
            env: &env,
            rights: &rights,
            hidden: &hidden,
            veiled: &|module, field, alias| self.seen_if(module, field, alias),
            closed: &|depth| self.closed_mailboxes(depth),
        };
        condition(&plan, &cx).is_ok() && !met.get()
    }

    /// A filter as the condition of a query over `t`: linked records count only as far as the caller may see them.
    pub(crate) fn filter_sql(&self, module: &Module, plan: &Plan) -> Result<Sql> {
        self.in_sql(module, |cx| condition(plan, cx)).map_err(refused)
    }

    /// Whether an expression holds for a record, judged by the product and not under the caller's rights.
    ///
    /// # Errors
    /// [`Error::BadQuery`] where the expression does not fit the module.
    pub fn holds(&mut self, text: &str, record: &Record) -> Result<bool> {
        let plan = self.filter(&record.module.name, text)?;
        Ok(self.failing(&plan, &[&plan], record).is_empty())
    }

    /// The fields that each of the joined conditions reads which does not hold for a record, judged like [`Work::holds`].
    pub(crate) fn unmet(&mut self, text: &str, record: &Record) -> Result<Vec<Vec<String>>> {
        let plan = self.filter(&record.module.name, text)?;
        let failing = self.failing(&plan, &plan.conjuncts(), record);
        Ok(failing.into_iter().map(|part| part.fields().into_iter().map(str::to_owned).collect()).collect())
    }

    /// Those of `parts` of a plan that do not hold for a record.
    fn failing<'p>(&mut self, plan: &Plan, parts: &[&'p Plan], record: &Record) -> Vec<&'p Plan> {
        let (env, record) = (self.env(), &self.gathered(plan, record));
        self.as_process(|work| {
            let work = RefCell::new(work);
            let load = |module: &Module, id: Id| {
                let found = work.borrow_mut().get(&module.name, id).ok();
                found.filter(|linked| linked.deleted_at.is_none()).map(Arc::new)
            };
            let linked = Linked { record, load: &load };
            parts.iter().copied().filter(|part| !part.test(&linked, &env)).collect()
        })
    }
}

/// What is wrong with an expression, as an error of the query it stands in.
pub(crate) fn refused(error: ExprError) -> Error {
    Error::BadQuery { code: error.code.as_str().to_owned(), message: error.message, position: error.position }
}
