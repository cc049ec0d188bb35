//! The form of a role as it was sent: what stands in it, and what of that was changed by whoever sent it.

use std::collections::BTreeSet;

use app::shape::{ADMINISTRATOR, CAPABILITIES_PART, LABEL_PART, Seen, mark, of_module};
use model::rights::{Capability, EVERY, Grant, Role, Scope};
use model::{Definitions, Field, Module};
use serde_json::{Map, Value as Json, json};

use super::super::inputs;
use super::super::roles::{CAPABILITIES, SCOPES, modules};
use crate::ui::typed::Typed;

/// Every module of the matrix; first what stands for all that are not named.
pub(super) fn rows(definitions: &Definitions) -> Vec<(&str, Option<&Module>)> {
    let named = modules(definitions).into_iter().map(|module| (module.name.as_str(), Some(module)));
    std::iter::once((EVERY, None)).chain(named).collect()
}

/// The name of a control of the matrix.
pub(super) fn control(module: &str, right: &str) -> String {
    format!("{module}.{right}")
}

/// The fields that a role may hide or lock; secrets are nobody's to read anyhow.
pub(super) fn boxed(module: &Module) -> impl Iterator<Item = &Field> {
    module.fields.iter().filter(|field| !field.secret)
}

/// Every part of a role that the form shows.
fn parts(definitions: &Definitions) -> impl Iterator<Item = String> {
    let fixed = [LABEL_PART.to_owned(), CAPABILITIES_PART.to_owned()];
    fixed.into_iter().chain(rows(definitions).into_iter().map(|(name, _)| of_module(name)))
}

/// The marks of a role as it stands.
pub(super) fn marks_of(definitions: &Definitions, role: &Role) -> Seen {
    parts(definitions).map(|part| (part.clone(), mark(role, &part))).collect()
}

/// The form as it was sent.
pub(super) struct Sheet {
    /// The role as the form has it.
    wanted: Role,
    label: Json,
    /// Modules of which the workspace is to say nothing any more.
    resets: BTreeSet<String>,
    /// What whoever sent it had before them.
    pub(super) seen: Seen,
}

impl Sheet {
    /// Reads it. `role` is the role as it stands, which holds for what the form does not show.
    pub(super) fn read(definitions: &Definitions, role: &Role, typed: &Typed) -> Self {
        let given = |(capability, name, _): (Capability, &str, &str)| {
            let is_fixed = role.name == ADMINISTRATOR && capability == Capability::Administer;
            (is_fixed || typed.all("capabilities").any(|ticked| ticked == name)).then_some(capability)
        };
        let mut wanted = Role { label: inputs::typed_label(typed), ..role.clone() };
        wanted.capabilities = CAPABILITIES.into_iter().filter_map(given).collect();
        for (name, module) in rows(definitions) {
            if typed.has(&control(name, "read")) {
                wanted.modules.insert(name.to_owned(), grant(role, name, module, typed));
            }
        }
        let resets = typed.all("reset").map(str::to_owned).collect();
        let was = |part: String| {
            let sent = typed.text(&format!("was.{part}"));
            let mark = if sent.is_empty() { mark(role, &part) } else { sent.to_owned() };
            (part, mark)
        };
        Self { wanted, label: inputs::label_json(typed), resets, seen: parts(definitions).map(was).collect() }
    }

    /// Whether whoever sent the form changed this part of it.
    fn has_changed(&self, part: &str) -> bool {
        let is_reset = part.strip_prefix("modules.").is_some_and(|module| self.resets.contains(module));
        is_reset || self.seen.get(part).is_some_and(|was| *was != mark(&self.wanted, part))
    }

    /// What is to change, in the form of the API.
    pub(super) fn body(&self, definitions: &Definitions) -> Map<String, Json> {
        let mut body = Map::new();
        if self.has_changed(LABEL_PART) {
            body.insert("label".to_owned(), self.label.clone());
        }
        if self.has_changed(CAPABILITIES_PART) {
            body.insert("capabilities".to_owned(), json!(self.wanted.capabilities));
        }
        let changed = rows(definitions).into_iter().filter(|(name, _)| self.has_changed(&of_module(name)));
        let grant = |name: &str| if self.resets.contains(name) { Json::Null } else { json!(self.wanted.grant(name)) };
        let modules = changed.map(|(name, _)| (name.to_owned(), grant(name))).collect();
        body.insert("modules".to_owned(), Json::Object(modules));
        body
    }

    /// The role as it stands now, under what was changed in the form.
    pub(super) fn over(&self, definitions: &Definitions, present: &Role) -> Role {
        let mut role = present.clone();
        if self.has_changed(LABEL_PART) {
            role.label = self.wanted.label.clone();
        }
        if self.has_changed(CAPABILITIES_PART) {
            role.capabilities.clone_from(&self.wanted.capabilities);
        }
        for (name, _) in rows(definitions).into_iter().filter(|(name, _)| self.has_changed(&of_module(name))) {
            if let Some(grant) = self.wanted.grant(name).filter(|_| !self.resets.contains(name)) {
                role.modules.insert(name.to_owned(), grant.clone());
            }
        }
        role
    }

    /// What the form, drawn again over `present`, carries along: of what was changed in it what it carried before, unless
    /// it says now what somebody else made of it.
    pub(super) fn seen_again(&self, definitions: &Definitions, present: &Role, is_told: bool) -> Seen {
        let mut seen = marks_of(definitions, present);
        if !is_told {
            for (part, mark) in self.seen.iter().filter(|(part, _)| self.has_changed(part)) {
                seen.insert(part.clone(), mark.clone());
            }
        }
        seen
    }
}

fn grant(role: &Role, name: &str, module: Option<&Module>, typed: &Typed) -> Grant {
    let scope = |right: &str| {
        let text = typed.text(&control(name, right)).to_owned();
        SCOPES.iter().find(|known| known.1 == text).map_or(Scope::None, |known| known.0)
    };
    let present = role.grant(name).cloned().unwrap_or_default();
    let fields = |right: &str, there: &[String]| {
        let ticks = control(name, right);
        let ticked: Vec<&str> = typed.all(&ticks).collect();
        // What has no box stays as it is.
        let has_box = |field: &&String| module.is_some_and(|module| boxed(module).any(|it| it.name == **field));
        let mut names: Vec<String> = there.iter().filter(|field| !has_box(field)).cloned().collect();
        let boxes = module.into_iter().flat_map(boxed).map(|field| field.name.clone());
        names.extend(boxes.filter(|field| ticked.contains(&field.as_str())));
        names
    };
    Grant {
        read: scope("read"),
        create: typed.has(&control(name, "create")),
        update: scope("update"),
        delete: scope("delete"),
        purge: typed.has(&control(name, "purge")),
        export: typed.has(&control(name, "export")),
        hidden: fields("hidden", &present.hidden),
        read_only: fields("read_only", &present.read_only),
    }
}
