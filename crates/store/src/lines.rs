//! Telephone lines: who tells of their calls, and whose extension is whose. They are kept beside the settings, and so is what
//! their provider signs with, which is never given back (B2).

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

/// What the keys begin with under which lines are kept, and what their providers sign with.
const KEY: &str = "line:";
const SECRET: &str = "line_secret:";
/// Characters of each part of the set-up at most, and of an extension.
const PART: usize = 200;
const EXTENSION: usize = 60;
/// Characters of a secret at least and at most.
const SECRETS: std::ops::RangeInclusive<usize> = 8..=500;
/// Extensions of one line at most.
const EXTENSIONS: usize = 500;

/// What an administrator says of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineSetup {
    /// What people call it; no two share a name.
    pub name: String,
    /// The kind of its provider, by a name that the caller has checked.
    pub kind: String,
    /// What the provider calls the account, where it signs that too.
    pub account: Option<String>,
    /// Whose extension is whose.
    pub extensions: BTreeMap<String, Id>,
    /// Whether its provider is heard.
    pub active: bool,
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
    fn parts(&self) -> [(&'static str, Json); 5] {
        let extensions: Map<_, _> =
            self.extensions.iter().map(|(extension, user)| (extension.clone(), json!(user.to_string()))).collect();
        [
            ("name", json!(self.name)),
            ("kind", json!(self.kind)),
            ("account", json!(self.account)),
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
            extensions: extensions.into_iter().flatten().filter_map(pair).collect(),
            active: kept.get("active").and_then(Json::as_bool).unwrap_or_default(),
        }
    }

    fn check(&self) -> Result<()> {
        let mut faults = Vec::new();
        let account = self.account.as_deref().unwrap_or("—");
        for (field, text) in [("name", self.name.as_str()), ("account", account)] {
            if text.trim().is_empty() {
                faults.push(FieldError::new(field, "required", "this is never empty"));
            } else if text.chars().count() > PART {
                faults.push(FieldError::new(field, "too_long", format!("at most {PART} characters")));
            } else if text.chars().any(char::is_control) {
                faults.push(FieldError::new(field, "invalid_text", "this stands on one line"));
            }
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

    /// A line that is heard, with what its provider signs with: for its door, never for whoever asks.
    ///
    /// # Errors
    /// When the database fails.
    pub fn line_at_door(&mut self, id: Id) -> Result<Option<(Line, String)>> {
        let sql = Sql::new("select key, value from settings where key = ").bind(key(id));
        let line = self.rows(&sql)?.first().map(Line::read).transpose()?.flatten();
        let Some(line) = line.filter(|line| line.setup.active) else { return Ok(None) };
        let kept = knowledge::setting(self.tx, &secret_key(id))?;
        Ok(kept.and_then(|kept| kept.as_str().map(|secret| (line, secret.to_owned()))))
    }

    /// Sets a line up.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without the right to administer; [`Error::Invalid`] by part; [`Error::Conflict`] where the name is
    /// taken.
    pub fn add_line(&mut self, setup: &LineSetup, secret: &str) -> Result<Id> {
        self.hold_rights()?;
        self.check_line(setup, None)?;
        let id = self.new_id();
        knowledge::keep(self.tx, &key(id), &setup.json())?;
        self.keep_line_secret(id, secret)?;
        let delta = setup.parts().map(|(name, value)| (name, Json::Null, value));
        self.log_setup(Setup::Line, id, Operation::Create, delta)?;
        Ok(id)
    }

    /// Changes a line; without a secret it keeps the one that it has.
    ///
    /// # Errors
    /// As [`Work::add_line`]; [`Error::NotFound`].
    pub fn change_line(&mut self, id: Id, setup: &LineSetup, secret: Option<&str>) -> Result<()> {
        self.hold_rights()?;
        let before = self.line(id)?;
        self.check_line(setup, Some(id))?;
        knowledge::keep(self.tx, &key(id), &setup.json())?;
        if let Some(secret) = secret {
            self.keep_line_secret(id, secret)?;
        }
        let pairs = before.setup.parts().into_iter().zip(setup.parts());
        let delta: Vec<_> = pairs.filter(|(was, is)| was != is).map(|((name, was), (_, is))| (name, was, is)).collect();
        // That the secret is another one is told, never which.
        let word = secret.map(|_| ("secret", Json::Null, json!("…")));
        self.log_setup(Setup::Line, id, Operation::Update, delta.into_iter().chain(word))
    }

    /// Takes a line away. Its calls stay.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`].
    pub fn delete_line(&mut self, id: Id) -> Result<()> {
        self.hold_rights()?;
        let gone = self.line(id)?;
        for key in [key(id), secret_key(id)] {
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

    fn keep_line_secret(&mut self, id: Id, secret: &str) -> Result<()> {
        let is_short = !SECRETS.contains(&secret.chars().count());
        if is_short || secret.trim() != secret || secret.chars().any(char::is_control) {
            let how = format!("a secret is one line of {} to {} characters", SECRETS.start(), SECRETS.end());
            return Err(Error::field("secret", "invalid_text", how));
        }
        Ok(knowledge::keep(self.tx, &secret_key(id), &json!(secret))?)
    }
}

fn key(id: Id) -> String {
    format!("{KEY}{id}")
}

fn secret_key(id: Id) -> String {
    format!("{SECRET}{id}")
}
