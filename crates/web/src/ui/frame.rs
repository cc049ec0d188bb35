//! What stands around every page of the interface: modules, events on sale, who is signed in. Read together with the page.

use std::collections::BTreeMap;
use std::sync::Arc;

use app::queue::MESSAGES;
use app::telephone::Ringing;
use maud::Markup;
use model::expr::Plan;
use model::rights::{Capability, Scope};
use model::{Id, Locale, Module, Value, l10n};
use store::{Counted, List, Menu, Result, Sort, ViewName, Work};

use super::views;
use super::visitor::Visitor;
use crate::brand::Brand;

/// Events in the menu at most.
const EVENTS: usize = 6;

/// The frame of one page.
pub(crate) struct Frame {
    pub(crate) locale: Locale,
    /// `light`, `dark` or nothing: as the system is set.
    pub(crate) theme: Option<&'static str>,
    /// Whether rows of lists stand close together.
    pub(crate) is_compact: bool,
    /// Whether there is something to be told about an act of the visitor's on many records.
    pub(crate) has_act: bool,
    pub(crate) organisation: String,
    /// Its logo and its colour.
    pub(crate) brand: Brand,
    pub(crate) user: (Id, String),
    /// Address of the page, for forms that come back to it.
    pub(crate) here: String,
    /// Whether the visitor reads messages, and so the inbox.
    pub(crate) has_inbox: bool,
    pub(crate) modules: Vec<Entry>,
    pub(crate) events: Vec<OnSale>,
    /// Saved views of the module that is shown, by name.
    pub(crate) views: Vec<ViewName>,
    /// The clock of a sandbox.
    pub(crate) sandbox: Option<String>,
    /// The place in the log that the page is as new as.
    pub(crate) place: i64,
    /// When the page was made, by the clock of the workspace.
    pub(crate) at: jiff::Timestamp,
    /// A short message in the corner.
    pub(crate) toast: Option<Markup>,
    /// Whether the visitor shapes modules and fields.
    pub(crate) may_shape: bool,
    /// Whether an administrator looks through the visitor's eyes.
    pub(crate) is_looked_as: bool,
    /// Notices that the visitor has not read, counted up to a hundred.
    pub(crate) unread: i64,
    /// Calls that ring for the visitor.
    pub(crate) ringing: Vec<Ringing>,
}

/// A module in the menu.
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) icon: String,
}

/// An event in the menu.
pub(crate) struct OnSale {
    pub(crate) id: Id,
    pub(crate) name: String,
    /// Sold, in percent of the capacity; nothing for whoever may not know how many are sold.
    pub(crate) share: Option<i64>,
}

impl Frame {
    /// Reads the frame for a visitor.
    pub(crate) fn read(work: &mut Work<'_>, visitor: &Visitor) -> Result<Self> {
        let module = visitor.here.trim_start_matches('/').split(['/', '?']).next().unwrap_or_default();
        let views = work.view_names(module, views::SHOWN)?;
        Self::around(work, visitor, views)
    }

    /// The frame of a page that has read the views of its module.
    pub(crate) fn around(work: &mut Work<'_>, visitor: &Visitor, views: Vec<ViewName>) -> Result<Self> {
        Ok(Self {
            has_inbox: work.module(MESSAGES).is_ok_and(|module| work.grant(&module).read != Scope::None),
            modules: entries(work, visitor.locale)?,
            events: on_sale(work)?,
            views,
            place: work.log_place()?,
            unread: work.unread_notices()?,
            ringing: app::telephone::ringing(work)?,
            ..Self::bare(work, visitor)
        })
    }

    /// The frame of what is drawn without one where htmx asks for it, such as a dialog: then nothing is read.
    pub(crate) fn unless_partial(work: &mut Work<'_>, visitor: &Visitor) -> Result<Self> {
        if visitor.partial { Ok(Self::bare(work, visitor)) } else { Self::read(work, visitor) }
    }

    /// What is known without asking: enough for a part of a page.
    pub(crate) fn bare(work: &Work<'_>, visitor: &Visitor) -> Self {
        let settings = work.settings().clone();
        let zone = settings.zone();
        Self {
            locale: visitor.locale,
            theme: visitor.theme,
            is_compact: visitor.is_compact,
            has_act: visitor.has_act,
            organisation: settings.name.clone(),
            brand: Brand::of(&settings),
            user: (visitor.user.id, visitor.user.name.clone()),
            here: visitor.here.clone(),
            has_inbox: false,
            modules: Vec::new(),
            events: Vec::new(),
            views: Vec::new(),
            sandbox: settings.sandbox.then(|| l10n::date_time(visitor.locale, work.now(), &zone)),
            place: 0,
            at: work.now(),
            toast: None,
            may_shape: work.require(Capability::Administer).is_ok(),
            is_looked_as: visitor.looker.is_some(),
            unread: 0,
            ringing: Vec::new(),
        }
    }
}

/// The modules that the visitor may read and has not left out of the menu. How many records each has is not told:
/// counting them all costs more than the page.
fn entries(work: &mut Work<'_>, locale: Locale) -> Result<Vec<Entry>> {
    let menu = work.menu()?;
    let entry = |module: &Arc<Module>| Entry {
        name: module.name.clone(),
        label: module.label.get(locale).to_owned(),
        icon: module.icon.clone(),
    };
    Ok(in_order(work, &menu).iter().filter(|module| !menu.hides(&module.name)).map(entry).collect())
}

/// The modules that belong into the menu and that the visitor may read, in their own order, behind those in the order
/// of [`place`].
pub(crate) fn in_order(work: &Work<'_>, menu: &Menu) -> Vec<Arc<Module>> {
    let mut shown: Vec<_> = work.definitions().modules().filter(|module| module.menu).collect();
    shown.retain(|module| work.grant(module).read != Scope::None);
    shown.sort_by_key(|module| (menu.place(&module.name), place(&module.name), &module.name));
    shown.into_iter().cloned().collect()
}

/// The order in which work flows: from the first letter to the money. Other modules follow.
pub(crate) fn place(module: &str) -> usize {
    const ORDER: [&str; 15] = [
        "messages",
        "calls",
        "cases",
        "activities",
        "leads",
        "contacts",
        "accounts",
        "deals",
        "events",
        "orders",
        "tickets",
        "participants",
        "contracts",
        "invoices",
        "payments",
    ];
    ORDER.iter().position(|name| *name == module).unwrap_or(ORDER.len())
}

fn on_sale(work: &mut Work<'_>) -> Result<Vec<OnSale>> {
    let Some(events) = work.definitions().module("events").cloned() else { return Ok(Vec::new()) };
    let Ok(filter) = Plan::field(&events, "status").and_then(|status| status.eq("on_sale")) else {
        return Ok(Vec::new());
    };
    if work.grant(&events).read == Scope::None {
        return Ok(Vec::new());
    }
    let sort = vec![Sort { field: "starts_on".to_owned(), descending: false }];
    let list = List { filter: Some(filter), sort, limit: EVENTS, ..List::default() };
    let records = work.list("events", &list)?.records;
    let sold = if knows_sold(work) { sold(work, records.iter().map(|event| event.id).collect())? } else { None };
    let shown = records.into_iter().map(|event| {
        let capacity = event.get("capacity").as_int().filter(|capacity| *capacity > 0 && sold.is_some());
        let sold = sold.as_ref().and_then(|sold| sold.get(&event.id)).copied().unwrap_or(0);
        OnSale {
            id: event.id,
            name: event.title(),
            share: capacity.map(|capacity| sold.saturating_mul(100) / capacity),
        }
    });
    Ok(shown.collect())
}

/// Whether the visitor may know how many tickets of every type are sold.
pub(crate) fn knows_sold(work: &Work<'_>) -> bool {
    let Ok(types) = work.module("ticket_types") else { return false };
    let grant = work.grant(&types);
    grant.read == Scope::All
        && ["sold", "reserved", "available"].iter().all(|name| !grant.hidden.iter().any(|it| it == name))
}

/// Tickets sold by event. Whoever may know how many are sold may know it of all orders, so it is counted over all.
fn sold(work: &mut Work<'_>, events: Vec<Id>) -> Result<Option<BTreeMap<Id, i64>>> {
    let Some(tickets) = work.definitions().module("tickets").cloned() else { return Ok(None) };
    let filter = Plan::field(&tickets, "event")
        .and_then(|event| event.one_of(events))
        .and_then(|of_events| Ok(of_events.and(Plan::field(&tickets, "status")?.one_of(["issued", "checked_in"])?)));
    let Ok(filter) = filter else { return Ok(None) };
    let groups = work.as_process(|work| work.counts("tickets", Some(filter), &["event"]))?;
    let of_event = |group: Counted| match group.group.first() {
        Some(Value::Id(event)) => Some((*event, group.count)),
        _ => None,
    };
    Ok(Some(groups.into_iter().filter_map(of_event).collect()))
}
