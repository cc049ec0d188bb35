//! Where a plan finds the values of fields, and what it knows besides the record.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::plan::Part;
use super::{Leaf, Path};
use crate::{Id, Module, Record, Value};

/// What an expression knows besides the record.
#[derive(Clone, Debug)]
pub struct Env {
    /// The present instant, from the workspace's clock.
    pub now: Timestamp,
    /// The workspace's time zone.
    pub zone: TimeZone,
    /// The user, if it is one.
    pub me: Option<Id>,
    /// Everybody in the user's teams.
    pub my_team: BTreeSet<Id>,
}

/// Gives the values of fields.
pub trait Scope {
    /// The value at the end of `path`; null where a record on the way is missing.
    fn value(&self, path: &Path) -> Cow<'_, Value>;

    /// The value at the end of `path`, which begins at the record `id` of `module`; null where it is missing.
    fn value_of(&self, _module: &Module, _id: Id, _path: &Path) -> Cow<'_, Value> {
        Cow::Owned(Value::Null)
    }
}

/// A record without the ones it links to: paths through links are null.
impl Scope for Record {
    fn value(&self, path: &Path) -> Cow<'_, Value> {
        if path.hops.is_empty() { of_record(self, &path.leaf) } else { Cow::Owned(Value::Null) }
    }
}

/// A record with a way to load the ones it links to.
pub struct Linked<'a> {
    /// The record.
    pub record: &'a Record,
    /// Loads a linked record; nothing where it is missing or may not be seen. Records in the bin count as missing.
    pub load: &'a dyn Fn(&Module, Id) -> Option<Arc<Record>>,
}

impl Linked<'_> {
    fn load(&self, module: &Module, id: Option<Id>) -> Option<Arc<Record>> {
        id.and_then(|id| (self.load)(module, id)).filter(|record| record.deleted_at.is_none())
    }

    /// The value at the end of `path` from the record `reached`, or from this one.
    fn follow(&self, mut reached: Option<Arc<Record>>, path: &Path) -> Cow<'_, Value> {
        for hop in &path.hops {
            let id = reached.as_deref().unwrap_or(self.record).link(&hop.field);
            match self.load(&hop.target, id) {
                Some(record) => reached = Some(record),
                None => return Cow::Owned(Value::Null),
            }
        }
        match reached {
            Some(record) => Cow::Owned(of_record(&record, &path.leaf).into_owned()),
            None => of_record(self.record, &path.leaf),
        }
    }
}

impl Scope for Linked<'_> {
    fn value(&self, path: &Path) -> Cow<'_, Value> {
        self.follow(None, path)
    }

    fn value_of(&self, module: &Module, id: Id, path: &Path) -> Cow<'_, Value> {
        match self.load(module, Some(id)) {
            None => Cow::Owned(Value::Null),
            reached => self.follow(reached, path),
        }
    }
}

fn of_record<'a>(record: &'a Record, leaf: &Leaf) -> Cow<'a, Value> {
    let id = |id: Option<Id>| Cow::Owned(id.map_or(Value::Null, Value::Id));
    let whole = match leaf.name.as_str() {
        "id" => id(Some(record.id)),
        "version" => Cow::Owned(Value::Int(record.version)),
        "created_at" => Cow::Owned(Value::Instant(record.created_at)),
        "updated_at" => Cow::Owned(Value::Instant(record.updated_at)),
        "deleted_at" => Cow::Owned(record.deleted_at.map_or(Value::Null, Value::Instant)),
        "created_by" => id(record.created_by),
        "owner" => id(record.owner),
        name => Cow::Borrowed(record.get(name)),
    };
    match (leaf.part, whole.as_ref()) {
        (Part::Whole, _) => whole,
        (Part::Currency, Value::Money(money)) => Cow::Owned(Value::Text(money.currency.code().to_owned())),
        (Part::Module, Value::Record { module, .. }) => Cow::Owned(Value::Text(module.clone())),
        _ => Cow::Owned(Value::Null),
    }
}
