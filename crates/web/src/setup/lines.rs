//! Telephone lines as they are set up and changed.

use std::collections::BTreeMap;

use channels::telephone::Provider;
use model::Id;
use model::rights::Capability;
use serde_json::{Map, Value};
use store::{Error, LineSetup, Result, Work};

use super::body::Body;

const FIELDS: [&str; 6] = ["name", "kind", "account", "secret", "extensions", "active"];

/// What a body says of a line; what it does not say stays.
struct Said {
    name: Option<String>,
    kind: Option<String>,
    account: Option<Option<String>>,
    secret: Option<String>,
    extensions: Option<BTreeMap<String, Id>>,
    active: Option<bool>,
}

impl Said {
    fn of(body: &mut Body) -> Self {
        Self {
            name: body.text("name", true),
            kind: kind(body),
            account: body.text("account", false).map(|account| Some(account).filter(|account| !account.is_empty())),
            secret: body.text("secret", true),
            extensions: extensions(body),
            active: body.flag("active"),
        }
    }

    fn over(&self, setup: LineSetup) -> Result<LineSetup> {
        let setup = LineSetup {
            name: self.name.clone().unwrap_or(setup.name),
            kind: self.kind.clone().unwrap_or(setup.kind),
            account: self.account.clone().unwrap_or(setup.account),
            extensions: self.extensions.clone().unwrap_or(setup.extensions),
            active: self.active.unwrap_or(setup.active),
        };
        if setup.kind == Provider::Mango.name() && setup.account.is_none() {
            return Err(Error::field("account", "required", "Mango Office signs the key of the exchange too"));
        }
        Ok(setup)
    }
}

/// What makes the line that `map` describes.
pub(crate) fn made(map: Map<String, Value>) -> impl Fn(&mut Work<'_>) -> Result<Id> + Send + 'static {
    let mut body = Body::new(map, &FIELDS);
    for field in ["name", "kind", "secret"] {
        if !body.has(field) {
            body.wrong::<()>(field, "required", "a line is known by this");
        }
    }
    let said = Said::of(&mut body);
    move |work: &mut Work<'_>| {
        work.require(Capability::Administer)?;
        body.check()?;
        let fresh = LineSetup {
            name: String::new(),
            kind: String::new(),
            account: None,
            extensions: BTreeMap::new(),
            active: true,
        };
        work.add_line(&said.over(fresh)?, said.secret.as_deref().unwrap_or_default())
    }
}

/// What changes a line as `map` says.
pub(crate) fn changed(id: Id, map: Map<String, Value>) -> impl Fn(&mut Work<'_>) -> Result<()> + Send + 'static {
    let mut body = Body::new(map, &FIELDS);
    let said = Said::of(&mut body);
    move |work: &mut Work<'_>| {
        work.require(Capability::Administer)?;
        body.check()?;
        let before = work.line(id)?.setup;
        work.change_line(id, &said.over(before)?, said.secret.as_deref())
    }
}

fn kind(body: &mut Body) -> Option<String> {
    let kind = body.text("kind", true)?;
    if Provider::parse(&kind).is_some() {
        return Some(kind);
    }
    let known = Provider::ALL.map(Provider::name).join(", ");
    body.wrong("kind", "invalid_choice", format!("one of {known}"))
}

/// Users by their extensions.
fn extensions(body: &mut Body) -> Option<BTreeMap<String, Id>> {
    let said = match body.raw("extensions")? {
        Value::Null => Some(BTreeMap::new()),
        Value::Object(map) => {
            let pair = |(extension, user): (&String, &Value)| {
                let user = user.as_str()?.parse::<Id>().ok()?;
                Some((extension.trim().to_owned(), user))
            };
            map.iter().map(pair).collect()
        }
        _ => None,
    };
    said.or_else(|| body.wrong("extensions", "invalid_type", "expected ids of users by their extensions"))
}
