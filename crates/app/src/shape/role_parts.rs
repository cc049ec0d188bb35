//! A role in parts, each with a mark of what it says: of two who change one role at once only those meet who change the
//! same part, whoever changed it and however it came: an administrator, or the next version of a pack.

use std::collections::BTreeMap;

use data_encoding::HEXLOWER;
use model::Label;
use model::rights::{Capability, Grant, Role};
use serde_json::json;
use sha2::{Digest, Sha256};
use store::{Error, FieldError, Result};

/// The part of a role that says what it is called.
pub const LABEL: &str = "label";
/// The part of a role that says what it may besides records.
pub const CAPABILITIES: &str = "capabilities";

/// The marks that the parts of a role had when somebody saw them, by part.
pub type Seen = BTreeMap<String, String>;

/// The part of a role that is about a module.
#[must_use]
pub fn of_module(module: &str) -> String {
    format!("modules.{module}")
}

/// The mark of a part as it stands.
#[must_use]
pub fn mark(role: &Role, part: &str) -> String {
    match part {
        LABEL => Part::Label(&role.label).mark(),
        CAPABILITIES => Part::Capabilities(&role.capabilities).mark(),
        module => {
            let grant = role.grant(module.strip_prefix("modules.").unwrap_or(module)).cloned();
            Part::Grant(&grant.unwrap_or_default()).mark()
        }
    }
}

/// What a part says.
#[derive(Clone, Copy)]
pub(super) enum Part<'r> {
    Label(&'r Label),
    Capabilities(&'r [Capability]),
    Grant(&'r Grant),
}

impl Part<'_> {
    /// The same for what says the same, in whatever order.
    fn mark(self) -> String {
        let said = match self {
            Self::Label(label) => json!(label),
            Self::Capabilities(rights) => {
                let mut rights = rights.to_vec();
                rights.sort_unstable();
                rights.dedup();
                json!(rights)
            }
            Self::Grant(grant) => {
                let mut grant = grant.clone();
                grant.hidden.sort_unstable();
                grant.read_only.sort_unstable();
                json!(grant)
            }
        };
        let digest = Sha256::digest(said.to_string());
        HEXLOWER.encode(&digest.iter().copied().take(8).collect::<Vec<_>>())
    }
}

/// Fails where a part is to say something else that says something else already than whoever changes it saw. A part that
/// is to go back to its pack is `None`.
pub(super) fn not_overtaken(role: &Role, wanted: &[(String, Option<Part<'_>>)], seen: &Seen) -> Result<()> {
    let is_overtaken = |(part, wanted): &&(String, Option<Part<'_>>)| {
        let present = mark(role, part);
        let is_there = wanted.is_some_and(|wanted| wanted.mark() == present);
        !is_there && seen.get(part).is_some_and(|was| *was != present)
    };
    let fault = |(part, _): &(String, Option<Part<'_>>)| {
        FieldError::new(part, "changed_meanwhile", "somebody else changed this meanwhile")
    };
    let errors: Vec<FieldError> = wanted.iter().filter(is_overtaken).map(fault).collect();
    if errors.is_empty() {
        return Ok(());
    }
    let message = "somebody else changed the role meanwhile".to_owned();
    Err(Error::Conflict { code: "changed_meanwhile", message, errors })
}
