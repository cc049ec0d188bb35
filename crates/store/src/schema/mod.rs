//! The shape of the database: what the definitions want, what is there, and the steps between.

pub mod columns;
mod limits;
mod links;
mod names;
mod plan;
mod rename;
mod step;
mod system;

pub(crate) use limits::{before, limits, misfits, module_before, returning};
pub(crate) use links::{link_table, linking};
pub(crate) use names::taken;
pub use plan::{Plan, apply, plan};
pub(crate) use plan::{STEP, apply_at_once, index_name, present_step, searched};
pub use step::{PlanStep, StepKind};
pub use system::STEPS;
pub(crate) use system::TABLES;
#[cfg(feature = "testing")]
pub(crate) use system::{FOUND, SIGHTS};
