//! Roles: made by an administrator, whole or out of another one, and changed. A role of the workspace's own stands whole in
//! its pack; what is changed of a role that another pack defines stands there as a change of it.

use model::definitions::{Definitions, is_name};
use model::pack::Pack;
use model::process::By;
use model::rights::{Capability, EVERY, Grant, Role};
use model::{Actor, Label};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use store::shape::{Edit, Manner, Reshaped, ShapeError};
use store::{Error, FieldError, Handover, Result};

use super::own::Own;
use super::role_parts::{CAPABILITIES, LABEL, Part, Seen, of_module};
use super::{may_shape, plainly, request};
use crate::App;

/// The role that always administers: whoever has it can set everything right again.
pub const ADMINISTRATOR: &str = "administrator";

/// What an administrator wants of a role; bodies are those of the API.
#[derive(Clone, Debug)]
pub enum RoleEdit {
    /// A new role.
    New(Map<String, Json>),
    /// Other properties of a role; null takes back what the workspace says of a role that a pack defines.
    Change {
        /// Which one.
        role: String,
        /// The properties.
        body: Map<String, Json>,
        /// What whoever changes it had before them; where a part says something else by now, it is not changed.
        seen: Seen,
    },
    /// A role of the workspace's own is there no more.
    Delete {
        /// Which one.
        role: String,
        /// The role that those who have it are given instead.
        move_to: Option<String>,
    },
}

impl App {
    /// Makes the change, or with `dry_run` tells what it would be, and answers the role's name. With `expected` only while
    /// that is still the version of the workspace's own pack. Blocks: not for asynchronous code.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::Invalid`] with the JSON path of what does not fit; [`Error::Conflict`] where a name is
    /// taken, a part was changed meanwhile, somebody has the role that goes or nobody would be left to administer;
    /// [`Error::NotFound`]; [`Error::Stale`].
    pub fn shape_role(
        &self,
        actor: &Actor,
        edit: RoleEdit,
        expected: Option<i64>,
        dry_run: bool,
    ) -> Result<(String, Reshaped)> {
        may_shape(actor, &self.workspace().knowledge().definitions)?;
        let manner = Manner::of(actor, dry_run)?;
        let (name, handover) = (edit.name().to_owned(), edit.handover());
        let make = move |packs: &[Pack]| {
            let mut own = Own::of(packs);
            if let Some(current) = expected.map(|_| own.version()).filter(|current| Some(*current) != expected) {
                return Err(Error::Stale { current }.into());
            }
            let definitions = Definitions::from_packs(packs).map_err(ShapeError::Packs)?;
            edit.make(&mut own, &definitions)?;
            let pack = own.pack(packs)?;
            Ok(Edit::Put(Box::new(pack)))
        };
        let reshaped = match handover {
            Some(handover) => self.workspace().hand_over(manner, handover, make),
            None => self.workspace().reshape(manner, make),
        };
        let reshaped = reshaped.map_err(|error| plainly(error, |error| error.file.clone()))?;
        Ok((name, reshaped))
    }
}

impl RoleEdit {
    /// The role that it is about.
    fn name(&self) -> &str {
        match self {
            Self::New(body) => body.get("name").and_then(Json::as_str).unwrap_or_default(),
            Self::Change { role, .. } | Self::Delete { role, .. } => role,
        }
    }

    fn handover(&self) -> Option<Handover> {
        match self {
            Self::Delete { role, move_to: Some(to) } => Some(Handover { from: role.clone(), to: to.clone() }),
            _ => None,
        }
    }

    fn make(&self, own: &mut Own, definitions: &Definitions) -> Result<()> {
        match self {
            Self::New(body) => add(own, definitions, body),
            Self::Change { role, body, seen } => change(own, definitions, role, body, seen),
            Self::Delete { role, move_to } => delete(own, definitions, role, move_to.as_deref()),
        }
    }
}

/// Takes a role out of the workspace's own pack. That nobody has it is judged with everything else.
fn delete(own: &mut Own, definitions: &Definitions, name: &str, move_to: Option<&str>) -> Result<()> {
    if definitions.role(name).is_none() {
        return Err(Error::NotFound { module: "roles".to_owned(), id: name.to_owned() });
    }
    if own.role(name).is_none() {
        let message = format!("{name:?} is defined by a pack: only roles of the workspace's own are deleted");
        return Err(Error::conflict("role_of_a_pack", message));
    }
    if let Some(to) = move_to.filter(|to| *to == name || definitions.role(to).is_none()) {
        return Err(no_role("move_to", to));
    }
    let mut steps =
        definitions.processes().flat_map(|process| process.transitions.iter().chain(&process.retired_transitions));
    let names = |by: &By| matches!(by, By::Roles(roles) if roles.iter().any(|role| role == name));
    if let Some(step) = steps.find(|step| names(&step.by)) {
        let message = format!("the move {:?} is made by the role {name:?}", step.name);
        return Err(Error::conflict("role_in_moves", message));
    }
    own.remove_role(name);
    Ok(())
}

/// Adds a role; `copy_of` names one whose rights it begins with.
fn add(own: &mut Own, definitions: &Definitions, body: &Map<String, Json>) -> Result<()> {
    only(body, &["name", "label", "copy_of", "capabilities", "modules"])?;
    let name = body.get("name").and_then(Json::as_str).unwrap_or_default();
    if name.is_empty() {
        return Err(Error::field("name", "required", "a role has a name, a text"));
    }
    if !is_name(name) {
        let message = "lower-case Latin letters, digits and _, beginning with a letter";
        return Err(Error::field("name", "invalid_program_name", message));
    }
    if definitions.role(name).is_some() {
        let error = FieldError::new("name", "name_taken", format!("there is a role {name:?}"));
        let message = error.message.clone();
        return Err(Error::Conflict { code: "name_taken", message, errors: vec![error] });
    }
    let copied = match body.get("copy_of") {
        None | Some(Json::Null) => None,
        Some(Json::String(from)) => Some(definitions.role(from).ok_or_else(|| no_role("copy_of", from))?),
        Some(_) => return Err(Error::field("copy_of", "invalid_type", "the name of a role")),
    };
    let label: Label = request::read(request::label(body.get("label"), &request::worded(name), "label")?, "label")?;
    let mut role = match copied {
        Some(copied) => Role { name: name.to_owned(), label, ..Role::clone(copied) },
        None => Role { name: name.to_owned(), label, capabilities: Vec::new(), modules: Default::default() },
    };
    if let Some(capabilities) = capabilities(body)?.flatten() {
        role.capabilities = capabilities;
    }
    for (module, grant) in grants(body, definitions)? {
        match grant {
            Some(grant) => drop(role.modules.insert(module, grant)),
            None => drop(role.modules.remove(&module)),
        }
    }
    own.roles.push(role);
    Ok(())
}

/// Changes a role, whoever defines it.
fn change(own: &mut Own, definitions: &Definitions, name: &str, body: &Map<String, Json>, seen: &Seen) -> Result<()> {
    only(body, &["label", "capabilities", "modules"])?;
    let Some(present) = definitions.role(name) else {
        return Err(Error::NotFound { module: "roles".to_owned(), id: name.to_owned() });
    };
    let label = match body.get("label") {
        None => None,
        Some(Json::Null) => Some(None),
        given => Some(Some(request::read(request::label(given, name, "label")?, "label")?)),
    };
    let (capabilities, grants) = (capabilities(body)?, grants(body, definitions)?);
    let loses = |rights: &Vec<Capability>| name == ADMINISTRATOR && !rights.contains(&Capability::Administer);
    if capabilities.as_ref().and_then(Option::as_ref).is_some_and(loses) {
        let message = "the administrator always administers";
        return Err(Error::field("capabilities", "always_administers", message));
    }
    let mut parts = Vec::new();
    parts.extend(label.as_ref().map(|label| (LABEL.to_owned(), label.as_ref().map(Part::Label))));
    parts.extend(
        capabilities.as_ref().map(|rights| (CAPABILITIES.to_owned(), rights.as_deref().map(Part::Capabilities))),
    );
    parts.extend(grants.iter().map(|(module, grant)| (of_module(module), grant.as_ref().map(Part::Grant))));
    super::role_parts::not_overtaken(present, &parts, seen)?;
    if let Some(role) = own.role(name) {
        let nothing = |key| Error::field(key, "required", "a role of the workspace's own has it from nowhere else");
        if let Some(label) = label {
            role.label = label.ok_or_else(|| nothing("label"))?;
        }
        if let Some(capabilities) = capabilities {
            role.capabilities = capabilities.ok_or_else(|| nothing("capabilities"))?;
        }
        for (module, grant) in grants {
            match grant {
                Some(grant) => drop(role.modules.insert(module, grant)),
                None => drop(role.modules.remove(&module)),
            }
        }
        return Ok(());
    }
    let said = own.role_change(name);
    if let Some(label) = label {
        said.label = label;
    }
    if let Some(capabilities) = capabilities {
        said.capabilities = capabilities;
    }
    for (module, grant) in grants {
        match grant {
            Some(grant) => drop(said.modules.insert(module, grant)),
            None => drop(said.modules.remove(&module)),
        }
    }
    Ok(())
}

fn only(body: &Map<String, Json>, known: &[&str]) -> Result<()> {
    match body.keys().find(|key| !known.contains(&key.as_str())) {
        Some(key) => Err(Error::field(key, "unknown_field", format!("a role has no {key:?} to be set here"))),
        None => Ok(()),
    }
}

fn no_role(path: &str, name: &str) -> Error {
    Error::field(path, "not_found", format!("there is no role {name:?}"))
}

/// Read as a whole, so that a fault is told with its place.
#[derive(Deserialize)]
struct Given {
    capabilities: Vec<Capability>,
}

/// What is wanted of the rights that are about no module: nothing, what stands elsewhere, or these.
#[expect(clippy::option_option, reason = "left out, null and given are three things")]
fn capabilities(body: &Map<String, Json>) -> Result<Option<Option<Vec<Capability>>>> {
    match body.get("capabilities") {
        None => Ok(None),
        Some(Json::Null) => Ok(Some(None)),
        Some(given) => {
            let Given { capabilities: mut rights } = request::read(json!({"capabilities": given}), "")?;
            rights.sort_unstable();
            rights.dedup();
            Ok(Some(Some(rights)))
        }
    }
}

/// What is wanted by module; nothing for a module takes back what is said of it.
fn grants(body: &Map<String, Json>, definitions: &Definitions) -> Result<Vec<(String, Option<Grant>)>> {
    let given = match body.get("modules") {
        None => return Ok(Vec::new()),
        Some(Json::Object(given)) => given,
        Some(_) => return Err(Error::field("modules", "invalid_type", "rights by module, an object")),
    };
    let mut faults = Vec::new();
    let mut wanted = Vec::new();
    for (module, grant) in given {
        let path = format!("modules.{module}");
        let grant: Option<Grant> = request::read(grant.clone(), &path)?;
        if let Some(grant) = &grant {
            faults.extend(misnamed(definitions, module, grant, &path));
        }
        wanted.push((module.clone(), grant));
    }
    if faults.is_empty() { Ok(wanted) } else { Err(Error::Invalid(faults)) }
}

/// What a grant names that is not there.
fn misnamed(definitions: &Definitions, module: &str, grant: &Grant, path: &str) -> Vec<FieldError> {
    let retired = || definitions.retired_modules().find(|there| there.name == module);
    let known = definitions.module(module).or_else(retired);
    if known.is_none() && module != EVERY {
        return vec![FieldError::new(path, "no_such_module", format!("there is no module {module:?}"))];
    }
    let mut faults = Vec::new();
    for (list, names) in [("hidden", &grant.hidden), ("read_only", &grant.read_only)] {
        for (index, name) in names.iter().enumerate() {
            let is_field = |known: &std::sync::Arc<model::Module>| {
                known.fields.iter().chain(&known.retired_fields).any(|field| field.name == *name)
            };
            if !known.is_some_and(is_field) {
                let message = format!("{module:?} has no field {name:?}");
                faults.push(FieldError::new(format!("{path}.{list}[{index}]"), "unknown_field", message));
            }
        }
    }
    faults
}
