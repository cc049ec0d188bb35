//! The shape of the database: what the definitions want, what is there, and the steps between.

pub mod columns;
mod limits;
mod plan;
mod system;

pub(crate) use limits::limits;
pub use plan::{Plan, PlanStep, apply, plan};
pub(crate) use plan::{index_name, present_step};
pub use system::STEPS;
