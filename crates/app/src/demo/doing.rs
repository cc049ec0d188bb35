//! What everybody does: make a record, make a move with it.

use jiff::Timestamp;
use model::{Actor, Id};
use serde_json::{Map, Value, json};
use store::Result;

use super::stage::Stage;

impl Stage<'_> {
    /// Makes a record as the interface would.
    pub(super) fn make(
        &mut self,
        at: Timestamp,
        actor: &Actor,
        module: &str,
        fields: Map<String, Value>,
    ) -> Result<Id> {
        let app = self.app.clone();
        self.work(at, actor, "interface", |work| app.create(work, module, &fields).map(|(record, _)| record.id))
    }

    /// Makes a move of a process.
    pub(super) fn press(
        &mut self,
        at: Timestamp,
        actor: &Actor,
        module: &str,
        id: Id,
        name: &str,
        fields: &Value,
    ) -> Result<()> {
        let app = self.app.clone();
        let fields = fields.as_object().cloned().unwrap_or_default();
        self.work(at, actor, "interface", |work| app.transition(work, module, id, name, &fields).map(drop))
    }
}

/// `fields` and more of them.
pub(super) fn with(mut fields: Map<String, Value>, more: &Value) -> Map<String, Value> {
    fields.extend(more.as_object().cloned().unwrap_or_default());
    fields.retain(|_, value| *value != json!("") && !value.is_null());
    fields
}
