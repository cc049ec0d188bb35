//! The shape of the database: what the definitions want, what is there, and the steps between.

pub mod columns;
mod plan;
mod system;

pub use plan::{Plan, PlanStep, apply, plan};
pub use system::STEPS;
