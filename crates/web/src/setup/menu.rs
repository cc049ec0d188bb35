//! The menu of the interface, as a body puts it in order.

use model::rights::Scope;
use serde_json::{Map, Value};
use store::{Menu, Work};

use super::body::Body;

/// What is to change of a menu; a part that is not named stays as it is.
#[derive(Clone, Debug, Default)]
pub(super) struct MenuChange {
    order: Option<Vec<String>>,
    hidden: Option<Vec<String>>,
}

impl MenuChange {
    /// What stands under `menu`; null gives the whole menu back. Nothing where the body says nothing of it.
    pub(super) fn read(body: &mut Body) -> Option<Self> {
        match body.raw("menu")?.clone() {
            Value::Null => Some(Self { order: Some(Vec::new()), hidden: Some(Vec::new()) }),
            Value::Object(map) => {
                for key in map.keys().filter(|key| !["order", "hidden"].contains(&key.as_str())) {
                    body.wrong::<()>(&format!("menu.{key}"), "unknown_field", format!("a menu has no {key:?}"));
                }
                Some(Self { order: names(body, &map, "order"), hidden: names(body, &map, "hidden") })
            }
            _ => body.wrong("menu", "invalid_type", "expected an object"),
        }
    }

    /// The menu as it is then. What is no longer there for its user leaves the part that stays: nobody sent it.
    pub(super) fn of(&self, mut before: Menu, work: &Work<'_>) -> Menu {
        let is_there = |name: &String| work.module(name).is_ok_and(|it| work.grant(&it).read != Scope::None);
        before.order.retain(is_there);
        before.hidden.retain(is_there);
        Menu { order: self.order.clone().unwrap_or(before.order), hidden: self.hidden.clone().unwrap_or(before.hidden) }
    }
}

fn names(body: &mut Body, map: &Map<String, Value>, key: &str) -> Option<Vec<String>> {
    let names = match map.get(key)? {
        Value::Array(items) => items.iter().map(|item| item.as_str().map(str::to_owned)).collect(),
        _ => None,
    };
    names.or_else(|| body.wrong(&format!("menu.{key}"), "invalid_type", "expected a list of names of modules"))
}
