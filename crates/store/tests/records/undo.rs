//! Undo: a change set taken back leaves exactly what stood before it, or nothing is changed and the refusal is true.

mod choices;
mod generated;
mod moments;
mod pages;
mod rights;
mod sets;
mod taken_over;
mod turns;
mod wanted;

use model::{Id, Record};
use store::{Conflicts, Draft, Error, Result, Services, Touched, Undo, Undoing, Work};

use crate::world::World;

/// A world without typed services.
pub(crate) struct Bare;

impl Services for Bare {
    fn stays(&self, _: &mut Work<'_>, _: &Touched) -> Result<bool> {
        Ok(false)
    }

    fn check(&self, _: &mut Work<'_>, _: &str, _: &mut Draft, _: Option<&Record>) -> Result<()> {
        Ok(())
    }

    fn binned(&self, _: &mut Work<'_>, _: &str, _: Id) -> Result<()> {
        Ok(())
    }

    fn take_back(&self, _: &mut Work<'_>, _: &Undoing) -> Result<()> {
        Err(Error::conflict("undo_by_operation", "there is no service here"))
    }
}

/// Takes a set back as the product.
fn undo(world: &World, set: Id) -> Result<Undo> {
    world.run(move |work| work.undo(set, Conflicts::Refuse, &Bare))
}

/// The change set of an undo that must succeed.
fn undone(world: &World, set: Id) -> Id {
    match undo(world, set).unwrap() {
        Undo::Done(new) => new,
        other => panic!("{other:#?}"),
    }
}

/// The change set of work that is done as the product.
fn set(world: &World, mut work: impl FnMut(&mut Work<'_>) -> Result<()> + Send + 'static) -> Id {
    world
        .run(move |under_way| {
            work(under_way)?;
            Ok(under_way.change_set().unwrap())
        })
        .unwrap()
}

/// What one field of a company says.
fn text(world: &World, module: &'static str, id: Id, field: &'static str) -> Option<String> {
    world.run(move |work| Ok(work.get(module, id)?.text(field).map(str::to_owned))).unwrap()
}

fn code(error: &Error) -> &'static str {
    match error {
        Error::Conflict { code, .. } | Error::Forbidden { code, .. } => code,
        Error::NotFound { .. } => "not_found",
        other => panic!("{other:?}"),
    }
}
