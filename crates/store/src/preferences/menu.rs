//! The menu of a user: in which order its modules stand, and which are left out.

use std::collections::BTreeSet;

use model::rights::Scope;
use serde::{Deserialize, Serialize};

use crate::error::{Error, FieldError, Result};
use crate::work::Work;

/// The name under which it is kept; it is about no one module.
const NAME: &str = "menu";
/// Modules that are named at most.
const LIMIT: usize = 500;

/// How a user has put their menu in order. Modules that `order` does not name follow in the product's own order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Menu {
    /// Names of modules, the first one on top.
    pub order: Vec<String>,
    /// Names of modules that are left out. Their pages stay where they are.
    pub hidden: Vec<String>,
}

impl Menu {
    /// The place of a module among those that were put in order; behind them all for any other.
    #[must_use]
    pub fn place(&self, module: &str) -> usize {
        self.order.iter().position(|name| name == module).unwrap_or(self.order.len())
    }

    /// Whether a module is left out.
    #[must_use]
    pub fn hides(&self, module: &str) -> bool {
        self.hidden.iter().any(|name| name == module)
    }
}

impl Work<'_> {
    /// The menu of the caller. One query.
    ///
    /// # Errors
    /// When the database fails.
    pub fn menu(&mut self) -> Result<Menu> {
        self.preference("", NAME)
    }

    /// Puts the menu of the caller in order.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a module that is not there for the caller or is named twice, [`Error::Forbidden`] for
    /// whoever is no user or came with a narrowed token.
    pub fn set_menu(&mut self, menu: &Menu) -> Result<()> {
        let mut faults = Vec::new();
        for (part, names) in [("order", &menu.order), ("hidden", &menu.hidden)] {
            let mut seen = BTreeSet::new();
            for (index, name) in names.iter().enumerate().take(LIMIT + 1) {
                let at = format!("menu.{part}[{index}]");
                if !self.is_read(name) {
                    faults.push(FieldError::new(at, "unknown_module", format!("there is no module {name:?}")));
                } else if !seen.insert(name) {
                    faults.push(FieldError::new(at, "named_twice", format!("{name:?} is named twice")));
                }
            }
            if names.len() > LIMIT {
                faults.push(FieldError::new(format!("menu.{part}"), "too_many", format!("at most {LIMIT} modules")));
            }
        }
        if faults.is_empty() { self.prefer("", NAME, menu) } else { Err(Error::Invalid(faults)) }
    }

    fn is_read(&self, module: &str) -> bool {
        self.module(module).is_ok_and(|module| self.grant(&module).read != Scope::None)
    }
}
