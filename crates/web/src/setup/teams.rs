//! Teams as they are made and changed.

use model::Id;
use model::rights::Capability;
use serde_json::{Map, Value};
use store::{Result, Work};

use super::body::Body;

const FIELDS: [&str; 2] = ["name", "members"];

/// What makes the team that `map` describes.
pub(crate) fn made(map: Map<String, Value>) -> impl Fn(&mut Work<'_>) -> Result<Id> + Send + 'static {
    let mut body = Body::new(map, &FIELDS);
    if !body.has("name") {
        body.wrong::<()>("name", "required", "a team has a name");
    }
    let (name, members) = (body.text("name", true), body.ids("members"));
    move |work: &mut Work<'_>| {
        work.require(Capability::Administer)?;
        body.check()?;
        let id = work.add_team(name.as_deref().unwrap_or_default())?;
        if let Some(members) = &members {
            work.set_members(id, members)?;
        }
        Ok(id)
    }
}

/// What changes a team as `map` says.
pub(crate) fn changed(id: Id, map: Map<String, Value>) -> impl Fn(&mut Work<'_>) -> Result<()> + Send + 'static {
    let mut body = Body::new(map, &FIELDS);
    let (name, members) = (body.text("name", true), body.ids("members"));
    move |work: &mut Work<'_>| {
        work.require(Capability::Administer)?;
        body.check()?;
        if let Some(name) = &name {
            work.rename_team(id, name)?;
        }
        if let Some(members) = &members {
            work.set_members(id, members)?;
        }
        Ok(())
    }
}
