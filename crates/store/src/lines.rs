//! Lines to the outside: who tells of calls, carries messages and brings requests, and whose extension is whose. They are kept
//! beside the settings, and so are their secrets, which are never given back (B2, B3, B5).

use std::collections::BTreeMap;

use model::Id;
use model::rights::Capability;
use serde_json::{Map, Value as Json, json};

use crate::db::{Row, Sql};
use crate::error::{Error, FieldError, Result};
use crate::knowledge;
use crate::params;
use crate::work::Work;
use crate::write::{Operation, Setup};

/// What the keys begin with under which lines are kept, what lets us in, and what their providers prove themselves with where
/// that is something else.
const KEY: &str = "line:";
const SECRET: &str = "line_secret:";
const HOOK: &str = "line_hook:";
/// Characters of each part of the set-up at most, and of an extension.
const PART: usize = 200;
const EXTENSION: usize = 60;
/// Characters of an address, and of what is sent there.
const ADDRESS: usize = 1_000;
const BODY: usize = 1_000;
/// Characters of a secret at least and at most.
const SECRETS: std::ops::RangeInclusive<usize> = 8..=500;
/// Extensions of one line at most.
const EXTENSIONS: usize = 500;

/// What an administrator says of a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LineSetup {
    /// What people call it; no two share a name.
    pub name: String,
    /// The kind of its provider, by a name that the caller has checked.
    pub kind: String,
    /// What the provider calls the account, where it signs that too.
    pub account: Option<String>,
    /// The number or name that messages come from.
    pub sender: Option<String>,
    /// Where messages are handed over, in place of the address that is known; the caller has checked where it leads.
    pub url: Option<String>,
    /// What is sent there, with places for what differs.
    pub body: Option<String>,
    /// The form by which requests are read that it brings, by a name that the caller has checked.
    pub form: Option<String>,
    /// What is answered where the other side asks whether this is the right door.
    pub confirmation: Option<String>,
    /// The header in which its signature stands.
    pub header: Option<String>,
    /// The path of what it calls a request.
    pub id_path: Option<String>,
    /// Whose extension is whose.
    pub extensions: BTreeMap<String, Id>,
    /// Whether its provider is heard, and carries messages.
    pub active: bool,
}

/// What a line and its provider alone know.
#[derive(Clone)]
pub struct LineSecrets {
    /// What lets us in, and what the provider signs with where nothing else is agreed on.
    pub secret: String,
    /// What the provider proves itself with, where that is something else.
    pub hook: Option<String>,
}

/// A line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its id, which stands in the address of its door.
    pub id: Id,
    /// What an administrator says of it.
    pub setup: LineSetup,
}

impl LineSetup {
    /// Each part by its name, as it is kept and as the log of the set-up has it.
    fn parts(&self) -> [(&'static str, Json); 12] {
        let extensions: Map<_, _> =
            self.extensions.iter().map(|(extension, user)| (extension.clone(), json!(user.to_string()))).collect();
        [
            ("name", json!(self.name)),
            ("kind", json!(self.kind)),
            ("account", json!(self.account)),
            ("sender", json!(self.sender)),
            ("address", json!(self.url)),
            ("body", json!(self.body)),
            ("form", json!(self.form)),
            ("confirmation", json!(self.confirmation)),
            ("header", json!(self.header)),
            ("id_path", json!(self.id_path)),
            ("extensions", Json::Object(extensions)),
            ("active", json!(self.active)),
        ]
    }

    fn json(&self) -> Json {
        Json::Object(self.parts().into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    fn read(kept: &Json) -> Self {
        let text = |name: &str| kept.get(name).and_then(Json::as_str).map(str::to_owned);
        let pair = |(extension, user): (&String, &Json)| Some((extension.clone(), user.as_str()?.parse::<Id>().ok()?));
        let extensions = kept.get("extensions").and_then(Json::as_object);
        Self {
            name: text("name").unwrap_or_default(),
            kind: text("kind").unwrap_or_default(),
            account: text("account"),
            sender: text("sender"),
            url: text("address"),
            body: text("body"),
            form: text("form"),
            confirmation: text("confirmation"),
            header: text("header"),
            id_path: text("id_path"),
            extensions: extensions.into_iter().flatten().filter_map(pair).collect(),
            active: kept.get("active").and_then(Json::as_bool).unwrap_or_default(),
        }
    }

    /// What the secret is shown to.
    fn shown_to(&self) -> (&str, Option<&str>) {
        (&self.kind, self.url.as_deref())
    }

    fn check(&self) -> Result<()> {
        let mut faults = Vec::new();
        let lines = [
            ("name", Some(&self.name), PART),
            ("account", self.account.as_ref(), PART),
            ("sender", self.sender.as_ref(), PART),
            ("address", self.url.as_ref(), ADDRESS),
            ("form", self.form.as_ref(), PART),
            ("confirmation", self.confirmation.as_ref(), PART),
            ("header", self.header.as_ref(), PART),
            ("id_path", self.id_path.as_ref(), PART),
        ];
        for (field, text, most) in lines.into_iter().filter_map(|(field, text, most)| Some((field, text?, most))) {
            if text.trim().is_empty() {
                faults.push(FieldError::new(field, "required", "this is never empty"));
            } else if text.chars().count() > most {
                faults.push(FieldError::new(field, "too_long", format!("at most {most} characters")));
            } else if text.chars().any(char::is_control) {
                faults.push(FieldError::new(field, "invalid_text", "this stands on one line"));
            }
        }
        if self.body.as_ref().is_some_and(|body| body.chars().count() > BODY) {
            faults.push(FieldError::new("body", "too_long", format!("at most {BODY} characters")));
        }
        let is_one = |extension: &String| {
            !extension.is_empty() && extension.chars().count() <= EXTENSION && !extension.chars().any(char::is_control)
        };
        if self.extensions.len() > EXTENSIONS || !self.extensions.keys().all(is_one) {
            let how = format!("at most {EXTENSIONS} extensions of 1 to {EXTENSION} characters each");
            faults.push(FieldError::new("extensions", "invalid_text", how));
        }
        if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
    }
}

impl Line {
    fn read(row: &Row) -> Result<Option<Self>> {
        let id = row.text(0)?.strip_prefix(KEY).and_then(|id| id.parse::<Id>().ok());
        let setup = LineSetup::read(&row.json(1)?);
        Ok(id.map(|id| Self { id, setup }))
    }
}

impl Work<'_> {
    /// All lines, by name.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without the right to administer.
    pub fn lines(&mut self) -> Result<Vec<Line>> {
        self.require(Capability::Administer)?;
        let sql = Sql::new("select key, value from settings where key like ").bind(format!("{KEY}%"));
        let found = self.rows(&sql)?.iter().map(Line::read).collect::<Result<Vec<_>>>()?;
        let mut lines: Vec<Line> = found.into_iter().flatten().collect();
        lines.sort_by(|one, other| one.setup.name.cmp(&other.setup.name));
        Ok(lines)
    }

    /// One line.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`].
    pub fn line(&mut self, id: Id) -> Result<Line> {
        self.require(Capability::Administer)?;
        let sql = Sql::new("select key, value from settings where key = ").bind(key(id));
        let found = self.rows(&sql)?.first().map(Line::read).transpose()?.flatten();
        found.ok_or_else(|| Error::not_found("lines", id))
    }

    /// The lines that are heard and carry messages, by name: for services, never for whoever asks.
    ///
    /// # Errors
    /// When the database fails.
    pub fn active_lines(&mut self) -> Result<Vec<Line>> {
        let mut lines = self.as_process(|work| work.lines())?;
        lines.retain(|line| line.setup.active);
        Ok(lines)
    }

    /// A line that is heard, with its secrets: for its door and for what it sends, never for whoever asks.
    ///
    /// # Errors
    /// When the database fails.
    pub fn line_at_door(&mut self, id: Id) -> Result<Option<(Line, LineSecrets)>> {
        let sql = Sql::new("select key, value from settings where key = ").bind(key(id));
        let line = self.rows(&sql)?.first().map(Line::read).transpose()?.flatten();
        let Some(line) = line.filter(|line| line.setup.active) else { return Ok(None) };
        let (secret, hook) = (self.kept_secret(&secret_key(id))?, self.kept_secret(&hook_key(id))?);
        Ok(secret.map(|secret| (line, LineSecrets { secret, hook })))
    }

    fn kept_secret(&mut self, key: &str) -> Result<Option<String>> {
        let kept = knowledge::setting(self.tx, key)?;
        Ok(kept.and_then(|kept| kept.as_str().map(str::to_owned)))
    }

    /// Sets a line up.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without the right to administer; [`Error::Invalid`] by part; [`Error::Conflict`] where the name is
    /// taken.
    pub fn add_line(&mut self, setup: &LineSetup, secret: &str, hook: Option<&str>) -> Result<Id> {
        self.hold_rights()?;
        self.check_line(setup, None)?;
        let id = self.new_id();
        knowledge::keep(self.tx, &key(id), &setup.json())?;
        self.keep_line_secret("secret", &secret_key(id), secret)?;
        if let Some(hook) = hook {
            self.keep_line_secret("hook_secret", &hook_key(id), hook)?;
        }
        let delta = setup.parts().map(|(name, value)| (name, Json::Null, value));
        self.log_setup(Setup::Line, id, Operation::Create, delta)?;
        Ok(id)
    }

    /// Changes a line; secrets that are not said stay. What is kept is shown to nobody else than before.
    ///
    /// # Errors
    /// As [`Work::add_line`]; [`Error::NotFound`]; [`Error::Invalid`] `secret_anew`.
    pub fn change_line(&mut self, id: Id, setup: &LineSetup, secret: Option<&str>, hook: Option<&str>) -> Result<()> {
        self.hold_rights()?;
        let before = self.line(id)?;
        self.check_line(setup, Some(id))?;
        if secret.is_none() && before.setup.shown_to() != setup.shown_to() {
            let how = "give the secret anew: another provider or address is named";
            return Err(Error::field("secret", "secret_anew", how));
        }
        knowledge::keep(self.tx, &key(id), &setup.json())?;
        let said = [("secret", secret_key(id), secret), ("hook_secret", hook_key(id), hook)];
        for (field, key, secret) in &said {
            if let Some(secret) = secret {
                self.keep_line_secret(field, key, secret)?;
            }
        }
        let pairs = before.setup.parts().into_iter().zip(setup.parts());
        let delta: Vec<_> = pairs.filter(|(was, is)| was != is).map(|((name, was), (_, is))| (name, was, is)).collect();
        // That the secret is another one is told, never which.
        let words =
            said.iter().filter(|(.., secret)| secret.is_some()).map(|(field, ..)| (*field, Json::Null, json!("…")));
        self.log_setup(Setup::Line, id, Operation::Update, delta.into_iter().chain(words))
    }

    /// Takes a line away. Its calls, messages and requests stay.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`].
    pub fn delete_line(&mut self, id: Id) -> Result<()> {
        self.hold_rights()?;
        let gone = self.line(id)?;
        for key in [key(id), secret_key(id), hook_key(id)] {
            self.run("delete from settings where key = $1", params![key])?;
        }
        let delta = gone.setup.parts().map(|(name, value)| (name, value, Json::Null));
        self.log_setup(Setup::Line, id, Operation::Purge, delta)
    }

    /// Held together by the lock of rights.
    fn check_line(&mut self, setup: &LineSetup, own: Option<Id>) -> Result<()> {
        setup.check()?;
        for user in setup.extensions.values() {
            if self.user(*user)?.is_none() {
                let how = format!("there is no user {user} who is let in");
                return Err(Error::field("extensions", "not_found", how));
            }
        }
        if self.lines()?.iter().any(|line| line.setup.name == setup.name && Some(line.id) != own) {
            let message = format!("there is already a line {:?}", setup.name);
            let errors = vec![FieldError::new("name", "line_exists", message.clone())];
            return Err(Error::Conflict { code: "duplicate", message, errors });
        }
        Ok(())
    }

    fn keep_line_secret(&mut self, field: &str, key: &str, secret: &str) -> Result<()> {
        let is_short = !SECRETS.contains(&secret.chars().count());
        if is_short || secret.trim() != secret || secret.chars().any(char::is_control) {
            let how = format!("a secret is one line of {} to {} characters", SECRETS.start(), SECRETS.end());
            return Err(Error::field(field, "invalid_text", how));
        }
        Ok(knowledge::keep(self.tx, key, &json!(secret))?)
    }
}

fn key(id: Id) -> String {
    format!("{KEY}{id}")
}

fn secret_key(id: Id) -> String {
    format!("{SECRET}{id}")
}

fn hook_key(id: Id) -> String {
    format!("{HOOK}{id}")
}
