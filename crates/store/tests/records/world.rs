//! A workspace with the small pack and three people: `me`, my `mate` of the same team, and a `stranger`.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use model::actor::User;
use model::{Actor, Id, Locale};
use serde_json::{Map, Value as Json};
use store::testing::{TestDatabase, databases};
use store::{Draft, Error, List, NewUser, Origin, Result, Sort, Work, Workspace};

use crate::pack;

pub(crate) struct World {
    pub(crate) workspace: Workspace,
    pub(crate) me: Id,
    pub(crate) mate: Id,
    pub(crate) stranger: Id,
    pub(crate) database: TestDatabase,
}

/// Runs a test in a fresh world on each engine, and says on which one it failed.
pub(crate) fn in_both(test: impl Fn(&World)) {
    for database in databases() {
        let world = World::new(database);
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| test(&world))) {
            eprintln!("the test failed on {}", world.database.name);
            resume_unwind(panic);
        }
    }
}

impl World {
    pub(crate) fn new(database: TestDatabase) -> Self {
        let workspace = Workspace::open(database.options.clone()).unwrap();
        workspace.apply_pack(&pack::pack()).unwrap();
        let [me, mate, stranger] = workspace
            .write_blocking(Actor::System("test"), Origin::from("command"), |work| {
                let mut add = |name: &str| work.add_user(&user(name, "chief"));
                Ok([add("me")?, add("mate")?, add("stranger")?])
            })
            .unwrap();
        Self { workspace, me, mate, stranger, database }
    }

    /// Writes as the product.
    pub(crate) fn run<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut Work<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.by(Actor::System("test"), work)
    }

    /// Writes as `actor`.
    pub(crate) fn by<T: Send + 'static>(
        &self,
        actor: Actor,
        work: impl FnMut(&mut Work<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.workspace.write_blocking(actor, Origin::from("api"), work)
    }

    /// Reads as `actor`.
    pub(crate) fn see<T: Send + 'static>(
        &self,
        actor: Actor,
        work: impl FnMut(&mut Work<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.workspace.read_blocking(actor, work)
    }

    /// Me, with `roles`.
    pub(crate) fn as_role(&self, roles: &[&str]) -> Actor {
        Actor::User(Box::new(User {
            id: self.me,
            name: "me".to_owned(),
            email: "me@example.org".to_owned(),
            roles: roles.iter().map(|role| (*role).to_owned()).collect(),
            teammates: BTreeSet::from([self.me, self.mate]),
            locale: Locale::Ru,
            scopes: Vec::new(),
            looker: None,
        }))
    }

    /// Makes a record from JSON, as the product.
    pub(crate) fn make(&self, module: &'static str, json: &Json) -> Id {
        let json = json.clone();
        self.run(move |work| create(work, module, &json)).unwrap()
    }

    /// Changes a record from JSON, as the product.
    pub(crate) fn change(&self, module: &'static str, id: Id, json: &Json) -> Result<i64> {
        let json = json.clone();
        self.run(move |work| {
            let draft = draft(work, module, &json)?;
            Ok(work.update(module, id, draft, None)?.version)
        })
    }
}

pub(crate) fn user(name: &str, role: &str) -> NewUser {
    NewUser {
        email: format!("{name}@example.org"),
        name: name.to_owned(),
        password_hash: "-".to_owned(),
        roles: vec![role.to_owned()],
        locale: Locale::Ru,
    }
}

pub(crate) fn create(work: &mut Work<'_>, module: &str, json: &Json) -> Result<Id> {
    let draft = draft(work, module, json)?;
    Ok(work.create(module, draft)?.id)
}

pub(crate) fn draft(work: &Work<'_>, module: &str, json: &Json) -> Result<Draft> {
    let empty = Map::new();
    Draft::read(&*work.module(module)?, json.as_object().unwrap_or(&empty), work.settings().reading())
}

/// All ids of a list, page by page.
pub(crate) fn ids(work: &mut Work<'_>, module: &str, list: List) -> Result<Vec<Id>> {
    let (mut list, mut all) = (list, Vec::new());
    loop {
        let page = work.list(module, &list)?;
        all.extend(page.records.iter().map(|record| record.id));
        list.cursor = page.next;
        if list.cursor.is_none() {
            return Ok(all);
        }
    }
}

pub(crate) fn sort(field: &str, descending: bool) -> Sort {
    Sort { field: field.to_owned(), descending }
}

/// The stable codes of the faults of an error, by field.
pub(crate) fn faults(error: &Error) -> Vec<(String, String)> {
    let (Error::Invalid(errors) | Error::Conflict { errors, .. }) = error else { panic!("no faults: {error:?}") };
    errors.iter().map(|fault| (fault.field.clone(), fault.code.clone())).collect()
}

/// What a work answers to take back what it did.
pub(crate) fn rolled_back() -> Error {
    Error::conflict("rolled_back", "taken back")
}
