//! Mailboxes as they are set up and changed.

use std::collections::BTreeSet;

use jiff::Timestamp;
use model::Id;
use model::rights::Capability;
use serde_json::{Map, Value};
use store::{MailboxSetup, Readers, Result, Visibility, Work};

use super::body::Body;

const FIELDS: [&str; 13] = [
    "name",
    "host",
    "port",
    "security",
    "login",
    "password",
    "folder",
    "certificate",
    "owner",
    "since",
    "active",
    "visibility",
    "readers",
];

/// What a body says of a mailbox; what it does not say stays.
struct Said {
    name: Option<String>,
    host: Option<String>,
    port: Option<u16>,
    security: Option<String>,
    login: Option<String>,
    password: Option<String>,
    folder: Option<String>,
    certificate: Option<Option<String>>,
    owner: Option<Option<Id>>,
    since: Option<Timestamp>,
    active: Option<bool>,
    visibility: Option<Visibility>,
    readers: Option<Readers>,
}

impl Said {
    fn of(body: &mut Body) -> Self {
        Self {
            name: body.text("name", true),
            host: body.text("host", true),
            port: port(body),
            security: body.text("security", true),
            login: body.text("login", true),
            password: password(body),
            folder: body.text("folder", true),
            certificate: certificate(body),
            owner: owner(body),
            since: since(body),
            active: body.flag("active"),
            visibility: visibility(body),
            readers: readers(body),
        }
    }

    fn over(&self, setup: MailboxSetup) -> MailboxSetup {
        let text = |said: &Option<String>, before: String| said.clone().unwrap_or(before);
        MailboxSetup {
            name: text(&self.name, setup.name),
            host: text(&self.host, setup.host),
            port: self.port.unwrap_or(setup.port),
            security: text(&self.security, setup.security),
            login: text(&self.login, setup.login),
            folder: text(&self.folder, setup.folder),
            certificate: self.certificate.clone().unwrap_or(setup.certificate),
            owner: self.owner.unwrap_or(setup.owner),
            since: self.since.unwrap_or(setup.since),
            active: self.active.unwrap_or(setup.active),
            visibility: self.visibility.unwrap_or(setup.visibility),
            readers: self.readers.clone().unwrap_or(setup.readers),
        }
    }
}

/// What makes the mailbox that `map` describes.
pub(crate) fn made(map: Map<String, Value>) -> impl Fn(&mut Work<'_>) -> Result<Id> + Send + 'static {
    let mut body = Body::new(map, &FIELDS);
    for field in ["name", "host", "login", "password"] {
        if !body.has(field) {
            body.wrong::<()>(field, "required", "a mailbox is reached by this");
        }
    }
    let said = Said::of(&mut body);
    move |work: &mut Work<'_>| {
        work.require(Capability::Administer)?;
        body.check()?;
        let security = said.security.as_deref().unwrap_or("tls");
        let fresh = MailboxSetup {
            name: String::new(),
            host: String::new(),
            port: if security == "tls" { 993 } else { 143 },
            security: security.to_owned(),
            login: String::new(),
            folder: "INBOX".to_owned(),
            certificate: None,
            owner: None,
            since: work.now(),
            active: true,
            visibility: Visibility::default(),
            readers: Readers::default(),
        };
        work.add_mailbox(&said.over(fresh), said.password.as_deref().unwrap_or_default())
    }
}

/// What changes a mailbox as `map` says.
pub(crate) fn changed(id: Id, map: Map<String, Value>) -> impl Fn(&mut Work<'_>) -> Result<()> + Send + 'static {
    let mut body = Body::new(map, &FIELDS);
    let said = Said::of(&mut body);
    move |work: &mut Work<'_>| {
        work.require(Capability::Administer)?;
        body.check()?;
        let before = work.mailbox(id)?.setup;
        work.change_mailbox(id, &said.over(before), said.password.as_deref())
    }
}

fn port(body: &mut Body) -> Option<u16> {
    let port = body.raw("port")?.as_u64().and_then(|port| u16::try_from(port).ok()).filter(|port| *port > 0);
    port.or_else(|| body.wrong("port", "out_of_range", "a port is a number from 1 to 65535"))
}

/// As it was typed: blanks around it are part of it.
fn password(body: &mut Body) -> Option<String> {
    match body.raw("password")? {
        Value::String(password) if !password.is_empty() => Some(password.clone()),
        _ => body.wrong("password", "required", "a password is a text that is not empty"),
    }
}

fn certificate(body: &mut Body) -> Option<Option<String>> {
    match body.raw("certificate")? {
        Value::Null => Some(None),
        Value::String(pem) if pem.contains('\0') => {
            body.wrong("certificate", "invalid_text", "the character U+0000 cannot be kept")
        }
        Value::String(pem) => Some(Some(pem.trim().to_owned()).filter(|pem| !pem.is_empty())),
        _ => body.wrong("certificate", "invalid_type", "expected text in quotes, or null"),
    }
}

fn owner(body: &mut Body) -> Option<Option<Id>> {
    match body.raw("owner")? {
        Value::Null => Some(None),
        Value::String(id) => match id.parse() {
            Ok(id) => Some(Some(id)),
            Err(_) => body.wrong("owner", "invalid_id", "an owner is the id of a user, or null"),
        },
        _ => body.wrong("owner", "invalid_type", "an owner is the id of a user, or null"),
    }
}

fn visibility(body: &mut Body) -> Option<Visibility> {
    let name = body.text("visibility", true)?;
    let known = Visibility::parse(&name);
    known.or_else(|| body.wrong("visibility", "invalid_choice", "one of full, subject, metadata"))
}

/// `{"users": [ID…], "teams": [ID…]}`; what is left out is nobody.
fn readers(body: &mut Body) -> Option<Readers> {
    let said = match body.raw("readers")? {
        Value::Null => Map::new(),
        Value::Object(said) => said.clone(),
        _ => return body.wrong("readers", "invalid_type", "expected ids of users and of teams"),
    };
    let ids = |key: &str| match said.get(key) {
        None | Some(Value::Null) => Some(BTreeSet::new()),
        Some(Value::Array(ids)) => ids.iter().map(|id| id.as_str()?.parse::<Id>().ok()).collect(),
        Some(_) => None,
    };
    let is_known = said.keys().all(|key| ["users", "teams"].contains(&key.as_str()));
    match (ids("users"), ids("teams")) {
        (Some(users), Some(teams)) if is_known => Some(Readers { users, teams }),
        _ => body.wrong("readers", "invalid_id", "readers are lists of ids: users and teams"),
    }
}

fn since(body: &mut Body) -> Option<Timestamp> {
    let text = body.text("since", true)?;
    match text.parse() {
        Ok(since) => Some(since),
        Err(_) => body.wrong("since", "invalid_datetime", "expected an instant such as 2027-04-13T09:00:00Z"),
    }
}
