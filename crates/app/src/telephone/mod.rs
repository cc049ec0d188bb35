//! Calls by telephone: what a provider tells of one becomes its record, whoever calls is found by their number, and whose set
//! rings sees who it is (B2; processes.md, 0 and 1.2).

mod spoken;
mod state;

use channels::telephone::{CallEvent, Keys, Knock, Provider, Refused};
use jiff::SignedDuration;
use model::expr::Plan;
use model::identity::phone;
use model::rights::Scope;
use model::{Id, Record, Value};
use serde_json::{Map, Value as Json, json};
use store::{Draft, Error, Line, List, Result, Sort, Work};

use self::state::CallState;
use crate::App;
use crate::erased::is_of_erased;
use crate::queue;

/// The module of calls.
pub const CALLS: &str = "calls";
/// Under what calls are taken in, with the line behind it: each once.
const SOURCE: &str = "telephone";
/// Events of a call that are kept as they came, and how long one may be, in characters.
const EVENTS: usize = 16;
const EVENT: usize = 4_000;
/// A call that rings longer has ended without anybody having been told.
const RINGS: SignedDuration = SignedDuration::from_mins(3);
/// Calls that are shown while they ring.
const SHOWN: usize = 3;

/// A call that rings for somebody.
#[derive(Clone, Debug)]
pub struct Ringing {
    /// The call.
    pub call: Id,
    /// The number, E.164; nothing where it is withheld.
    pub number: Option<String>,
    /// Who it is, as far as the reader may know: module, id and name.
    pub who: Option<(String, Id, String)>,
    /// Whether it is somebody, whoever may know who.
    pub is_known: bool,
}

/// What the provider of a line tells; nothing where it is of no interest.
///
/// # Errors
/// [`Refused`].
pub fn heard(line: &Line, secret: &str, knock: &Knock<'_>) -> std::result::Result<Option<CallEvent>, Refused> {
    // A line that carries messages alone tells of no calls.
    let provider = Provider::parse(&line.setup.kind).ok_or(Refused::Signature)?;
    let account = line.setup.account.as_deref().unwrap_or_default();
    channels::telephone::read(provider, Keys { account, secret }, knock)
}

impl App {
    /// The address at which the provider of a line tells of calls.
    #[must_use]
    pub fn line_url(&self, line: Id) -> String {
        self.ticketing().page_url(&format!("api/hooks/telephone/{line}"))
    }

    /// Takes what is told of a call: makes its record, or brings it up to date. What is told twice, or too late, changes nothing.
    ///
    /// # Errors
    /// When the database fails.
    pub fn take_call_event(&self, work: &mut Work<'_>, line: &Line, event: &CallEvent) -> Result<()> {
        work.as_process(|work| take(self, work, line, event))
    }
}

fn take(app: &App, work: &mut Work<'_>, line: &Line, event: &CallEvent) -> Result<()> {
    // Before the first write, as all who take turns on who it is; what is told of one call comes one after the other.
    let source = format!("{SOURCE}:{}", line.id);
    let known = work.taken_in(&source, &event.call)?;
    let module = work.module(CALLS)?;
    let seen = match &known {
        Some((_, id)) => work.several(&module, &[*id].into())?.into_iter().next(),
        None => None,
    };
    // It was taken away, or is of somebody who was erased: it stays so.
    let is_gone = match &seen {
        Some(call) => call.deleted_at.is_some() || is_of_erased(work, call),
        None => known.is_some(),
    };
    if is_gone {
        return Ok(());
    }
    let user = event.extension.as_ref().and_then(|extension| line.setup.extensions.get(extension)).copied();
    let user = match user {
        Some(user) => work.user(user)?.map(|user| user.id),
        None => None,
    };
    let mut state = seen.as_ref().map_or_else(CallState::default, CallState::of);
    state.hear(event, user, work.settings().reading().region, work.now());
    let was_answered = seen.as_ref().is_some_and(|call| !call.get("answered_at").is_null());
    if let (Some(number), Some(at), Some(now)) = (&state.number, state.started_at, state.unanswered_since)
        && now == work.now()
        && spoken::since(work, number, at)?
    {
        state.unanswered_since = None;
    }
    let is_nobodys = seen.as_ref().is_none_or(|call| call.get("about").is_null());
    let whose = if is_nobodys { whose(work, &state)? } else { None };
    let mut draft = state.draft();
    if seen.is_none() {
        draft = draft.set("line", line.setup.name.as_str()).set("call_id", event.call.as_str());
    }
    if let Some(raw) = with_raw(seen.as_ref(), event) {
        draft = draft.set("raw", raw);
    }
    if let Some((about, _)) = &whose {
        draft = draft.set("about", Value::Record { module: about.module.name.clone(), id: about.id });
    }
    if let Some(call) = &seen {
        draft.values.retain(|name, value| call.get(name) != value);
    }
    let owner = whose.and_then(|(_, owner)| owner).or(state.answered_by);
    if owner.is_some() && seen.as_ref().is_none_or(|call| call.owner.is_none()) {
        draft = draft.owned_by(owner);
    }
    let call = match seen {
        Some(call) if draft.values.is_empty() && draft.owner.is_none() => call,
        Some(call) => work.update(CALLS, call.id, draft, None)?,
        None => {
            let call = work.create(CALLS, draft)?;
            work.keep_taken_in(&source, &event.call, (CALLS, call.id))?;
            call
        }
    };
    if was_answered || state.answered_at.is_none() {
        return Ok(());
    }
    spoken::settle(app, work, &call, &state)
}

/// Whose business a call is, and who answers for them. Somebody who called, is nobody we know and was answered becomes a lead of
/// whoever answered (processes.md, 1.2).
fn whose(work: &mut Work<'_>, state: &CallState) -> Result<Option<(Record, Option<Id>)>> {
    let Some(number) = &state.number else { return Ok(None) };
    if let Some(known) = queue::caller(work, number)? {
        return Ok(Some(known));
    }
    if !state.is_incoming() || state.answered_at.is_none() {
        return Ok(None);
    }
    let lead = Draft::new().set("name", phone::display(number)).set("phone", number.as_str());
    let lead = if state.answered_by.is_some() { lead.owned_by(state.answered_by) } else { lead };
    match work.attempt(|work| work.create_known("leads", lead, Draft::new())) {
        Ok(lead) => {
            let owner = lead.owner;
            Ok(Some((lead, owner)))
        }
        // The organisation wants of a lead what a number does not say: the call is kept, and a person makes it.
        Err(Error::Invalid(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// All that came of a call, with this event as it came first; nothing where that is there.
fn with_raw(seen: Option<&Record>, event: &CallEvent) -> Option<Json> {
    let mut all = match seen.map(|call| call.get("raw")) {
        Some(Value::Json(Json::Object(all))) => all.clone(),
        _ => Map::new(),
    };
    let what = [Some(event.what.as_str()), event.extension.as_deref()];
    let what: String = what.into_iter().flatten().collect::<Vec<_>>().join(" ").chars().take(200).collect();
    if all.contains_key(&what) || all.len() >= EVENTS {
        return None;
    }
    let text = event.raw.to_string();
    let is_long = text.chars().count() > EVENT;
    let kept = if is_long { json!(text.chars().take(EVENT).collect::<String>()) } else { event.raw.clone() };
    all.insert(what, kept);
    Some(Json::Object(all))
}

/// Calls that ring for the reader now, newest first.
///
/// # Errors
/// When the database fails.
pub fn ringing(work: &mut Work<'_>) -> Result<Vec<Ringing>> {
    let Some(me) = work.actor().id() else { return Ok(Vec::new()) };
    let Some(module) = work.definitions().module(CALLS).cloned() else { return Ok(Vec::new()) };
    let hidden = work.grant(&module).hidden;
    if work.grant(&module).read == Scope::None
        || hidden.iter().any(|name| ["rings_for", "status"].contains(&name.as_str()))
    {
        return Ok(Vec::new());
    }
    let since = work.now().saturating_sub(RINGS).unwrap_or(jiff::Timestamp::MIN);
    let filter = Plan::field(&module, "rings_for").and_then(|field| field.eq(Value::Id(me)));
    let filter = filter.and_then(|mine| Ok(mine.and(Plan::field(&module, "status")?.eq("ringing")?)));
    let filter =
        filter.and_then(|mine| Ok(mine.and(Plan::field(&module, "created_at")?.at_least(Value::Instant(since))?)));
    let Ok(filter) = filter else { return Ok(Vec::new()) };
    let sort = vec![Sort { field: "id".to_owned(), descending: true }];
    let calls = work.list(CALLS, &List { filter: Some(filter), sort, limit: SHOWN, ..List::default() })?.records;
    let mut all = Vec::new();
    for call in calls {
        let about = match call.get("about") {
            Value::Record { module, id } => Some((module.clone(), *id)),
            _ => None,
        };
        let is_known = about.is_some();
        // Whoever it is may be out of the reader's sight.
        let who = about.and_then(|(module, id)| Some((id, work.get(&module, id).ok()?, module)));
        let who = who.map(|(id, record, module)| (module, id, record.title()));
        all.push(Ringing { call: call.id, number: call.text("number").map(str::to_owned), who, is_known });
    }
    Ok(all)
}
