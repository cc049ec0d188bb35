//! Rules that are called from outside: a program that knows a rule's own address posts JSON to it. A call is kept as a record,
//! and the rule runs by it as rules run by records: after the commit, from the log.

use jiff::SignedDuration;
use model::expr::Plan;
use model::rule::{CALLED, CALLS, When};
use model::{Id, Value};
use serde_json::Value as Json;
use store::{Draft, Error, List, LockKey, Result, Work, space};

use crate::{App, secrets};

/// Calls of one rule that are taken in a minute.
const MOST: i64 = 120;

/// What became of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// It is kept, now or when it came first, as this record.
    Taken(Id),
    /// There is no such address, or its rule is switched off.
    Unknown,
    /// The rule is called too often.
    TooOften,
}

impl App {
    /// Makes an address for a rule, which replaces the one that it had; the only time that it is told.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without the right to administer; [`Error::NotFound`]; the refusal `not_called`.
    pub fn new_hook(&self, work: &mut Work<'_>, rule: &str, secret: &str) -> Result<String> {
        work.require(model::rights::Capability::Administer)?;
        let known = work.definitions().rule(rule).cloned();
        let known = known.ok_or_else(|| Error::NotFound { module: "rules".to_owned(), id: rule.to_owned() })?;
        if known.when != When::Called {
            return Err(Error::conflict("not_called", "only rules that are called from outside have an address"));
        }
        work.keep_hook(rule, secret)?;
        Ok(self.ticketing().page_url(&format!("hooks/{secret}")))
    }

    /// A secret for an address, for whoever keeps it.
    ///
    /// # Errors
    /// When the system has no randomness to give.
    pub fn new_hook_secret(&self) -> Result<String> {
        secrets::fresh()
    }

    /// Takes a call: at the address with this secret, once under one key.
    ///
    /// # Errors
    /// [`Error::Invalid`] for JSON that no database keeps.
    pub fn take_call(&self, work: &mut Work<'_>, secret: &str, key: Option<&str>, body: &Json) -> Result<Call> {
        let Some(name) = work.hook_of(secret)? else { return Ok(Call::Unknown) };
        let definitions = work.definitions().clone();
        let is_called = definitions.rule(&name).is_some_and(|rule| rule.active && rule.when == When::Called);
        let Some(module) = definitions.module(CALLS).filter(|_| is_called) else { return Ok(Call::Unknown) };
        if body.to_string().contains("\\u0000") {
            return Err(Error::field("body", "invalid_json", "texts hold no signs of the code 0"));
        }
        work.as_process(|work| {
            // Calls of one rule come one after the other: they are counted, and known by their keys.
            work.lock(&[LockKey::new(space::WORKSPACE, format!("hook:{name}"))])?;
            let built = |error: model::expr::ExprError| Error::bad_query(error.code.as_str(), error.message);
            let of_rule = || Plan::field(module, CALLED)?.eq(name.as_str());
            if let Some(key) = key {
                let same = Plan::field(module, "key").and_then(|field| field.eq(key)).map_err(built)?;
                let known = work.find(CALLS, of_rule().map_err(built)?.and(same))?;
                if let Some(first) = known.first() {
                    return Ok(Call::Taken(first.id));
                }
            }
            let since = work.now().saturating_sub(SignedDuration::from_mins(1)).unwrap_or(jiff::Timestamp::MIN);
            let recent = Plan::field(module, "created_at").and_then(|at| at.at_least(Value::Instant(since)));
            let filter = Some(of_rule().map_err(built)?.and(recent.map_err(built)?));
            if work.count(CALLS, &List { filter, ..List::default() }, Some(MOST))? >= MOST {
                return Ok(Call::TooOften);
            }
            let draft = Draft::new().set(CALLED, name.as_str()).set("body", Value::Json(body.clone()));
            let draft = draft.set("key", key.map(str::to_owned));
            Ok(Call::Taken(work.create(CALLS, draft)?.id))
        })
    }
}
