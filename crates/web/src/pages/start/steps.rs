//! Which steps somebody has, by what they may do, and which of them are done: one small question to the database for each.

use model::expr::Plan;
use model::rights::{Capability, Scope};
use store::{Result, Settings, Work};

use crate::ui::addresses::ORGANISATION;

/// The steps of one part.
pub(super) struct List {
    /// The message of its title.
    pub(super) title: &'static str,
    pub(super) steps: Vec<Step>,
}

impl List {
    /// Whether something of it is still to be done.
    pub(super) fn has_open(&self) -> bool {
        self.steps.iter().any(|step| !step.is_done)
    }
}

/// One thing to do.
pub(super) struct Step {
    /// The message that names it.
    pub(super) key: &'static str,
    /// The message that says what for.
    pub(super) help: &'static str,
    /// Where it is done.
    pub(super) address: String,
    pub(super) is_done: bool,
}

impl Step {
    fn new(key: &'static str, help: &'static str, address: impl Into<String>, is_done: bool) -> Self {
        Self { key, help, address: address.into(), is_done }
    }
}

/// The lists of whoever works.
pub(super) fn of(work: &mut Work<'_>) -> Result<Vec<List>> {
    let has = |work: &Work<'_>, capability| work.require(capability).is_ok();
    let mut lists = Vec::new();
    let administers = has(work, Capability::Administer);
    if administers {
        lists.push(List { title: "start-administrator", steps: administrator(work)? });
    }
    if makes(work, "leads") {
        lists.push(List { title: "start-sales", steps: sales(work)? });
    }
    if !administers && has(work, Capability::BookPayments) {
        lists.push(List { title: "start-accountant", steps: accountant(work)? });
    }
    if !administers && has(work, Capability::CheckIn) {
        lists.push(List { title: "start-door", steps: door(work)? });
    }
    lists.retain(|list| !list.steps.is_empty());
    Ok(lists)
}

fn administrator(work: &mut Work<'_>) -> Result<Vec<Step>> {
    let settings = work.settings().clone();
    let is_named = !settings.name.is_empty() && !settings.legal_entities.is_empty();
    let sends = settings.sender != Settings::default().sender;
    let has_colleagues = work.people()?.len() > 1;
    let mut steps = vec![
        Step::new("start-organisation", "start-organisation-help", ORGANISATION, is_named),
        Step::new("start-sender", "start-sender-help", format!("{ORGANISATION}#sender"), sends),
        Step::new("start-colleagues", "start-colleagues-help", "/settings/users", has_colleagues),
    ];
    if makes(work, "events") {
        let has_event = exists(work, "events", None)?;
        let is_on_sale = exists(work, "events", Some(("status", "on_sale")))?;
        steps.push(Step::new("start-event", "start-event-help", "/events/new", has_event));
        steps.push(Step::new("start-on-sale", "start-on-sale-help", "/events", is_on_sale));
    }
    Ok(steps)
}

fn sales(work: &mut Work<'_>) -> Result<Vec<Step>> {
    let has_lead = exists(work, "leads", None)?;
    let mut steps = vec![Step::new("start-lead", "start-lead-help", "/leads/new", has_lead)];
    if makes(work, "deals") {
        let has_deal = exists(work, "deals", None)?;
        steps.push(Step::new("start-deal", "start-deal-help", "/deals/new", has_deal));
    }
    if makes(work, "activities") {
        let has_call = exists(work, "activities", Some(("kind", "call")))?;
        steps.push(Step::new("start-call", "start-call-help", "/activities/new", has_call));
    }
    let has_view = work.has_own_view()?;
    steps.push(Step::new("start-view", "start-view-help", "/leads", has_view));
    Ok(steps)
}

fn accountant(work: &mut Work<'_>) -> Result<Vec<Step>> {
    let has_payment = exists(work, "payments", None)?;
    let waits = exists(work, "payments", Some(("status", "needs_attention")))?;
    Ok(vec![
        Step::new("start-payment", "start-payment-help", "/orders", has_payment),
        Step::new("start-attention", "start-attention-help", "/payments", has_payment && !waits),
    ])
}

fn door(work: &mut Work<'_>) -> Result<Vec<Step>> {
    let has_ticket = exists(work, "tickets", None)?;
    let has_come = exists(work, "tickets", Some(("status", "checked_in")))?;
    Ok(vec![
        Step::new("start-tickets", "start-tickets-help", "/tickets", has_ticket),
        Step::new("start-check-in", "start-check-in-help", "/tickets", has_come),
    ])
}

fn makes(work: &Work<'_>, module: &str) -> bool {
    work.module(module).is_ok_and(|module| work.grant(&module).create)
}

/// Whether there is a record that the visitor sees, with a value in a field where one is asked for.
fn exists(work: &mut Work<'_>, module: &str, wanted: Option<(&str, &str)>) -> Result<bool> {
    let Ok(module) = work.module(module) else { return Ok(false) };
    if work.grant(&module).read == Scope::None {
        return Ok(false);
    }
    let filter = match wanted {
        None => None,
        Some((field, value)) => match Plan::field(&module, field).and_then(|field| field.eq(value)) {
            Ok(filter) => Some(filter),
            Err(_) => return Ok(false),
        },
    };
    let list = store::List { filter, ..store::List::default() };
    Ok(work.count(&module.name, &list, Some(1))? > 0)
}
