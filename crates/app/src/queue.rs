//! The inbox of a team: messages that came in and are no business of anything yet, who has them, and what is made of them
//! (processes.md, 1.1 and 1.2); and whose turn it is in conversations.

pub(crate) mod hand;
mod parts;
pub(crate) mod turns;
mod whose;

use channels::consent::CONSENTS;
use model::{Id, Record, Value};
use serde_json::{Map, Value as Json, json};
use store::{Draft, Error, IdentityKind, Person, Result, Work};

use self::whose::{Whose, whose};
use crate::{App, secrets};

pub use parts::Part;

/// The module of messages.
pub const MESSAGES: &str = "messages";

/// What is made of a message.
#[derive(Clone, Debug)]
pub enum Way {
    /// A case of whoever is known; with fields of the case.
    Case(Map<String, Json>),
    /// The business of sales: a case of an open lead, of a known client's new one, or of a new person's; with fields of the
    /// lead.
    Lead(Map<String, Json>),
    /// A colleague's; a call was forwarded. Where it is said who had it, nobody else has it by now.
    Person {
        /// Whose it is from now on.
        to: Id,
        /// Who had it when somebody decided.
        from: Option<Id>,
    },
    /// Whoever works has it: nobody else has, or whoever it is taken over from.
    Mine {
        /// From whom it is taken over.
        from: Option<Id>,
    },
    /// Nothing, with why: it is ignored mail, kept, found, brought back.
    Nothing(Option<String>),
    /// It needs no answer.
    Done,
    /// It waits again, and nobody has it.
    Queue,
}

impl Way {
    /// Reads `{"into": "case"|"lead"|"person"|"mine"|"nothing"|"done"|"queue", "fields": {…}, "owner": ID, "holder": ID,
    /// "reason": TEXT}`.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every key that does not fit.
    pub fn read(body: &Map<String, Json>) -> Result<Self> {
        let fault = |field: &str, code: &str, message: &str| Error::field(field, code, message);
        let known = ["into", "fields", "owner", "holder", "reason"];
        if let Some(key) = body.keys().find(|key| !known.contains(&key.as_str())) {
            return Err(Error::field(key, "unknown_field", format!("there is no {key:?} here")));
        }
        let fields = match body.get("fields") {
            None | Some(Json::Null) => Map::new(),
            Some(Json::Object(fields)) => fields.clone(),
            Some(_) => return Err(fault("fields", "invalid_type", "expected fields by name")),
        };
        let owner = || match body.get("owner").and_then(Json::as_str).map(str::parse) {
            Some(Ok(id)) => Ok(id),
            Some(Err(_)) => Err(fault("owner", "invalid_id", "an owner is the id of a user")),
            None => Err(fault("owner", "required", "whom is it passed to?")),
        };
        let from = match body.get("holder") {
            None | Some(Json::Null) => None,
            Some(holder) => match holder.as_str().map(str::parse) {
                Some(Ok(id)) => Some(id),
                _ => return Err(fault("holder", "invalid_id", "whoever has it is the id of a user")),
            },
        };
        let reason = match body.get("reason") {
            None | Some(Json::Null) => None,
            Some(Json::String(text)) if text.chars().count() > REASON => {
                return Err(fault("reason", "too_long", "a reason is a line or two"));
            }
            Some(Json::String(text)) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
            Some(_) => return Err(fault("reason", "invalid_type", "expected a text")),
        };
        match body.get("into").and_then(Json::as_str) {
            Some(into) if reason.is_some() && into != "nothing" => {
                Err(fault("reason", "unknown_field", "only what is set aside has a reason"))
            }
            Some(into) if from.is_some() && !["person", "mine"].contains(&into) => {
                Err(fault("holder", "unknown_field", "only what is given or taken over is had by somebody"))
            }
            Some("case") => Ok(Self::Case(fields)),
            Some("lead") => Ok(Self::Lead(fields)),
            Some("person") => owner().map(|to| Self::Person { to, from }),
            Some("mine") => Ok(Self::Mine { from }),
            Some("nothing") => Ok(Self::Nothing(reason)),
            Some("done") => Ok(Self::Done),
            Some("queue") => Ok(Self::Queue),
            _ => Err(fault("into", "invalid_choice", "one of case, lead, person, mine, nothing, done, queue")),
        }
    }

    fn name(&self) -> Option<&'static str> {
        match self {
            Self::Case(_) => Some("case"),
            Self::Lead(_) => Some("lead"),
            Self::Person { .. } | Self::Mine { .. } => Some("passed"),
            Self::Nothing(_) => Some("nothing"),
            Self::Done => Some("done"),
            Self::Queue => None,
        }
    }
}

/// What is kept of a message that is set aside: why, by whom, when.
const ASIDE: [&str; 3] = ["aside_reason", "aside_by", "aside_at"];
/// How long a reason may be.
const REASON: usize = 500;

/// Sets a message aside. A rule that says no reason is the reason itself.
fn set_aside(work: &Work<'_>, draft: Draft, reason: Option<String>) -> Draft {
    let rule = Some(work.origin()).filter(|origin| origin.source == "rule").and_then(|origin| origin.reason.clone());
    draft
        .set("status", "set_aside")
        .set("aside_reason", reason.or(rule))
        .set("aside_by", work.actor().id().map_or(Value::Null, Value::Id))
        .set("aside_at", Value::Instant(work.now()))
}

/// Whether a message waits for somebody to say what it is, whoever has it.
#[must_use]
pub fn is_waiting(message: &Record) -> bool {
    is_incoming(message)
        && message.text("status") == Some("received")
        && matches!(message.text("sorted"), None | Some("passed"))
        && message.get("about").is_null()
}

/// Whether a conversation waits with this message, for us or for the client.
#[must_use]
pub fn is_live(message: &Record) -> bool {
    let is_there = message.module.name == MESSAGES && message.deleted_at.is_none();
    is_there
        && match message.text("turn") {
            Some(turns::OURS) => true,
            Some(turns::THEIRS) => message.text("status") != Some("draft"),
            Some(_) => false,
            None => is_waiting(message),
        }
}

/// Whether a message was set aside, needs no answer or is in somebody's hands, and can be brought back.
#[must_use]
pub fn comes_back(message: &Record) -> bool {
    let is_moved = message.text("status") == Some("set_aside")
        || matches!(message.text("sorted"), Some("passed" | "done"))
        || is_waiting(message) && message.owner.is_some();
    is_incoming(message) && message.get("about").is_null() && is_moved
}

fn is_incoming(message: &Record) -> bool {
    message.module.name == MESSAGES && message.text("direction") == Some("in") && message.deleted_at.is_none()
}

impl App {
    /// Makes something of a message.
    ///
    /// # Errors
    /// [`Error::NotFound`] and [`Error::Forbidden`] for whoever may not change the message or make what becomes of it, and
    /// `partly_hidden` for whoever does not see all of what would be copied;
    /// [`Error::Conflict`] `already_sorted`, and `in_hand` where somebody else has it; [`Error::Invalid`] by field, such as an
    /// e-mail that is none.
    pub fn sort(&self, work: &mut Work<'_>, id: Id, way: &Way) -> Result<Record> {
        work.check_may_update(MESSAGES, id)?;
        if matches!(way, Way::Case(_) | Way::Lead(_)) {
            // What is made of it says what it says, to whoever sees cases and leads.
            work.expect_seen_whole(MESSAGES, id)?;
        }
        let seen = work.get(MESSAGES, id)?;
        // Identities are held before the record is.
        let found = match way {
            Way::Case(_) => Some((whose(work, &sender(work, &seen)?, None)?, None)),
            Way::Lead(fields) => Some(wanted_lead(work, &seen, fields)?),
            _ => None,
        };
        let held = work.hold_for_process(MESSAGES, id)?;
        hand::expect_open(work, &held, way)?;
        // What is about a record, and what we wrote, is sorted by nobody: it waits, or waits no more.
        let is_sorted = is_incoming(&held) && held.get("about").is_null();
        let mut draft = Draft::new();
        if is_sorted {
            draft = draft.set("sorted", way.name().map(str::to_owned));
        }
        draft = match way {
            Way::Case(_) | Way::Lead(_) => {
                let case = self.make_case(work, &seen, way, found)?;
                draft.set("about", Value::Record { module: "cases".to_owned(), id: case }).set("turn", Value::Null)
            }
            Way::Person { to, .. } => draft.owned_by(Some(*to)),
            Way::Mine { .. } => draft.owned_by(work.actor().id()),
            Way::Nothing(reason) => set_aside(work, draft, reason.clone()),
            Way::Done if is_sorted => draft,
            Way::Done => draft.set("turn", turns::PAST),
            Way::Queue => {
                let draft = draft.set("status", "received").set("turn", Value::Null);
                let draft = ASIDE.iter().fold(draft, |draft, name| draft.set(name, Value::Null));
                // Ignored mail comes back to whose it was.
                if held.text("status") == Some("set_aside") { draft } else { draft.owned_by(None) }
            }
        };
        let draft = draft.fitting(&held.module);
        let sorted = work.as_process(|work| work.update(MESSAGES, id, draft, None))?;
        turns::follow(work, &sorted, way)?;
        // What was set aside by a form was nobody's word until somebody brought it back.
        if matches!(way, Way::Queue) && held.text("status") == Some("set_aside") {
            crate::consents::of_message(work, &held)?;
        }
        self.shown(work, sorted)
    }

    /// The case of a message, attached to whoever it is from.
    fn make_case(
        &self,
        work: &mut Work<'_>,
        message: &Record,
        way: &Way,
        found: Option<(Whose, Option<Said>)>,
    ) -> Result<Id> {
        let (whose, new_lead) = found.unwrap_or_default();
        let lead = match (&whose.lead, new_lead) {
            (Some(lead), _) => Some(lead.clone()),
            (None, Some(said)) => Some(make_lead(work, message, &whose, said)?),
            (None, None) => None,
        };
        let from = sender(work, message)?;
        let subject = message.text("subject").or_else(|| message.text("from_name")).or_else(|| message.text("from"));
        let told = Map::from_iter([
            ("subject".to_owned(), json!(subject.unwrap_or("—"))),
            ("body".to_owned(), json!(message.text("text"))),
            ("channel".to_owned(), json!(message.text("channel"))),
            ("direction".to_owned(), json!("in")),
            ("from_name".to_owned(), json!(message.text("from_name"))),
            ("email".to_owned(), json!(from.email)),
            ("phone".to_owned(), json!(from.phone)),
            ("locale".to_owned(), json!(message.text("locale"))),
        ]);
        let told = told.into_iter().chain(filled_in(message, "cases")).collect();
        let none = Map::new();
        let given = if let Way::Case(given) = way { given } else { &none };
        let Said { given, told } = Said::of(work, "cases", told, given)?;
        // Whoever it is may be out of sight of whoever sorts: the process knows.
        let owner = match &lead {
            Some(lead) => lead.owner,
            None => whose.owner(work)?,
        };
        let known =
            known_of(&whose, owner).set("lead", lead.as_ref().map(|lead| lead.id)).set("token", secrets::fresh()?);
        Ok(work.create_known("cases", given, with(told, filled(known)))?.id)
    }
}

/// What is said of a record that a message becomes. What the message tells the process writes, whatever fields whoever sorts
/// may write: they see the message. What they add is theirs to say.
struct Said {
    given: Draft,
    told: Draft,
}

impl Said {
    fn of(work: &Work<'_>, module: &str, told: Map<String, Json>, given: &Map<String, Json>) -> Result<Self> {
        let (module, mut all) = (work.module(module)?, told);
        // What a message says of a field that is out of use stays on the message.
        all.retain(|name, _| module.field(name).is_some());
        all.extend(given.clone());
        all.retain(|_, value| !value.is_null());
        // Read together: every fault is told at once.
        let mut draft = Draft::read(&module, &all, work.settings().reading())?;
        let (given, told) =
            std::mem::take(&mut draft.values).into_iter().partition(|(name, _)| given.contains_key(name));
        Ok(Self { given: Draft { values: given, ..draft }, told: Draft { values: told, ..Draft::new() } })
    }
}

fn with(mut draft: Draft, more: Draft) -> Draft {
    draft.values.extend(more.values);
    draft.owner = more.owner.or(draft.owner);
    draft
}

/// Whose the message is, and the lead that is made where nobody has an open one.
fn wanted_lead(work: &mut Work<'_>, message: &Record, fields: &Map<String, Json>) -> Result<(Whose, Option<Said>)> {
    let said = Said::of(work, "leads", described(message), fields)?;
    let value = |name: &str| said.given.values.get(name).or_else(|| said.told.values.get(name));
    let text = |name: &str| value(name).and_then(Value::as_text).map(str::to_owned);
    // Whoever does not say their name contradicts nobody: the address that stands for it on the lead is no name.
    let named = said.given.values.get("name").and_then(Value::as_text).or_else(|| message.text("from_name"));
    let person = Person { name: named.map(str::to_owned), email: text("email"), phone: text("phone") };
    let whose = whose(work, &person, text("company").as_deref())?;
    Ok((whose, Some(said)))
}

fn make_lead(work: &mut Work<'_>, message: &Record, whose: &Whose, said: Said) -> Result<Record> {
    // The manager who took the call owns the new lead; a letter's owner is chosen by rule.
    let taken = message.owner.filter(|_| message.text("channel") == Some("phone"));
    let owner = whose.owner(work)?.or(taken);
    let known = known_of(whose, owner).set("possible_duplicates", whose.duplicates.clone().unwrap_or(Value::Null));
    work.create_known("leads", said.given, with(said.told, filled(known)))
}

/// What the process knows of what is made for somebody: it is there from the beginning, so that rules see it.
fn known_of(whose: &Whose, owner: Option<Id>) -> Draft {
    let known = Draft::new()
        .set("contact", whose.contact.as_ref().map(|contact| contact.id))
        .set("account", whose.account.as_ref().map(|account| account.id));
    if owner.is_some() { known.owned_by(owner) } else { known }
}

fn filled(mut draft: Draft) -> Draft {
    draft.values.retain(|_, value| !value.is_null());
    draft
}

/// What a message says of a lead.
#[must_use]
pub fn described(message: &Record) -> Map<String, Json> {
    let from = message.text("from");
    let (email, phone) = match message.text("channel") {
        // A form may ask for a telephone number alone.
        Some("web_form" | "api" | "social") if from.is_some_and(|from| !from.contains('@')) => (None, from),
        Some("email" | "web_form" | "api" | "social") => (from, None),
        Some("phone" | "sms") => (None, from),
        _ => (None, None),
    };
    let name = message.text("from_name").or(from);
    let mut described = Map::from_iter([
        ("name".to_owned(), json!(name)),
        ("email".to_owned(), json!(email)),
        ("phone".to_owned(), json!(phone)),
        ("need".to_owned(), json!(message.text("text").or_else(|| message.text("subject")))),
    ]);
    described.extend(filled_in(message, "leads"));
    described
}

/// What somebody filled in of a record of that module, where the message came by a form.
fn filled_in(message: &Record, module: &str) -> Map<String, Json> {
    let Value::Json(content) = message.get("content") else { return Map::new() };
    let fields = content.get("fields").filter(|_| content.get("module").and_then(Json::as_str) == Some(module));
    fields.and_then(Json::as_object).cloned().unwrap_or_default()
}

/// The open lead of whoever a form tells of (processes.md, 1.2), or a new one with what it tells.
///
/// # Errors
/// [`Error::Invalid`] by field.
pub(crate) fn lead_of(app: &App, work: &mut Work<'_>, fields: &Map<String, Json>) -> Result<Record> {
    let mut draft = Draft::read(&*work.module("leads")?, fields, work.settings().reading())?;
    app.check_draft(work, "leads", &mut draft, None)?;
    let text = |name: &str| draft.values.get(name).and_then(Value::as_text).map(str::to_owned);
    let person = Person { name: text("name"), email: text("email"), phone: text("phone") };
    // What a stranger types as a company says nothing of whose lead it is: nobody looks at it in between.
    let whose = whose(work, &person, None)?;
    if let Some(lead) = &whose.lead {
        return Ok(lead.clone());
    }
    let owner = whose.owner(work)?;
    let known = known_of(&whose, owner).set("possible_duplicates", whose.duplicates.clone().unwrap_or(Value::Null));
    work.create_known("leads", draft, filled(known))
}

/// Whose a telephone number is: an open lead, else a contact, else a client; and who answers for them.
pub(crate) fn caller(work: &mut Work<'_>, phone: &str) -> Result<Option<(Record, Option<Id>)>> {
    let person = Person { phone: Some(phone.to_owned()), ..Person::default() };
    let whose = whose(work, &person, None)?;
    let owner = match &whose.lead {
        Some(lead) => lead.owner,
        None => whose.owner(work)?,
    };
    if let Some(known) = whose.lead.or(whose.contact).or(whose.account) {
        return Ok(Some((known, owner)));
    }
    // The number of a company is nobody's in person.
    let ids =
        work.known(&[(IdentityKind::Phone, phone.to_owned())], &["accounts"])?.into_iter().map(|it| it.id).collect();
    let module = work.module("accounts")?;
    let accounts = work.several(&module, &ids)?;
    let account = accounts.into_iter().find(|account| account.deleted_at.is_none());
    let Some(account) = account else { return Ok(None) };
    let owner = match account.owner {
        Some(owner) => work.user(owner)?.map(|user| user.id),
        None => None,
    };
    Ok(Some((account, owner)))
}

/// Who sent a message, as far as it can be read.
fn sender(work: &Work<'_>, message: &Record) -> Result<Person> {
    let module = work.module("leads")?;
    let told = described(message);
    let read = |name: &str| {
        let one = Map::from_iter([(name.to_owned(), told.get(name)?.clone())]);
        let draft = Draft::read(&module, &one, work.settings().reading()).ok()?;
        draft.values.get(name).and_then(Value::as_text).map(str::to_owned)
    };
    Ok(Person { name: message.text("from_name").map(str::to_owned), email: read("email"), phone: read("phone") })
}

/// What the process knows of a new record: a message that came in waits to be sorted from the moment it is there, a case is of
/// whoever is known by its e-mail or telephone.
pub(crate) fn beginning(work: &mut Work<'_>, module: &str, draft: &Draft) -> Result<Draft> {
    let text = |name: &str| draft.values.get(name).and_then(Value::as_text);
    match module {
        MESSAGES if text("direction") == Some("in") => Ok(Draft::new().set("status", "received")),
        "cases" if text("direction").is_none_or(|direction| direction == "in") => {
            Ok(of_whom(work, draft)?.set("token", secrets::fresh()?))
        }
        CONSENTS => crate::consents::beginning(work, draft),
        _ => Ok(Draft::new()),
    }
}

/// Whose a case is that says who it is from and not whose it is.
fn of_whom(work: &mut Work<'_>, draft: &Draft) -> Result<Draft> {
    let is_said = |name: &&str| draft.values.get(*name).is_some_and(|value| !value.is_null());
    let text = |name: &str| draft.values.get(name).and_then(Value::as_text).map(str::to_owned);
    let person = Person { name: text("from_name"), email: text("email"), phone: text("phone") };
    if ["lead", "contact", "account"].iter().any(is_said) || person.email.is_none() && person.phone.is_none() {
        return Ok(Draft::new());
    }
    let whose = whose(work, &person, None)?;
    let owner = match &whose.lead {
        _ if draft.owner.is_some() => None,
        Some(lead) => lead.owner,
        None => whose.owner(work)?,
    };
    Ok(filled(known_of(&whose, owner).set("lead", whose.lead.as_ref().map(|lead| lead.id))))
}
