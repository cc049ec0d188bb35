//! A place in the line for whoever stands there: the letter that tells it, its page by a secret link, and leaving.

use jiff::Timestamp;
use model::expr::Plan;
use model::{Id, Locale, Record};
use serde_json::json;
use store::{Draft, Error, List, Result, Sort, Work};

use crate::condition::{by_field, condition};
use crate::letter_data::organiser;
use crate::page::is_token;
use crate::waiting_list::{MODULE, call, is_waiting, seats_of};
use crate::{OutgoingLetter, Refusal, Ticketing, codes};

/// The letter to whoever joins.
pub const PLACE: &str = "waiting_joined";
/// Places are counted up to here.
const COUNTED: i64 = 10_000;

/// A place in the line as whoever stands there sees it.
#[derive(Clone, Debug)]
pub struct WaitingPlace {
    /// The entry, as the process sees it.
    pub entry: Record,
    /// The event.
    pub event: Record,
    /// The ticket type's name.
    pub kind: String,
    /// The place among those who wait for the type; nothing where nobody is waited for any more.
    pub place: Option<i64>,
    /// The secret of the order that holds seats for an answer, and until when.
    pub offer: Option<(String, Timestamp)>,
}

impl Ticketing {
    /// Where whoever waits finds their place.
    #[must_use]
    pub fn waiting_url(&self, token: &str) -> String {
        self.page_url(&format!("p/w/{token}"))
    }

    /// The place in the line whose link has this secret.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn waiting_place(&self, work: &mut Work<'_>, token: &str) -> Result<WaitingPlace> {
        work.as_process(|work| {
            let entry = by_link(work, token)?;
            let unknown = |_| unknown();
            let event = work.get("events", entry.link("event").unwrap_or_default()).map_err(unknown)?;
            let kind = work.get("ticket_types", entry.link("ticket_type").unwrap_or_default()).map_err(unknown)?;
            let place = if is_waiting(&entry) { Some(place_of(work, &entry)?) } else { None };
            let offer = match entry.link("order").filter(|_| entry.text("status") == Some("offered")) {
                Some(order) => {
                    let order = work.get("orders", order)?;
                    order.text("token").map(str::to_owned).zip(self.offered_until(&order)?)
                }
                None => None,
            };
            Ok(WaitingPlace { entry, event, kind: kind.title(), place, offer })
        })
    }

    /// Whoever stands in line leaves it by their link. Seats that are held for them come free, and the next in line has their
    /// turn. Told twice, it does nothing the second time.
    ///
    /// # Errors
    /// [`Error::NotFound`]; a refusal where the seats are taken, or were offered this very moment.
    pub fn leave_waiting_list(&self, work: &mut Work<'_>, token: &str) -> Result<()> {
        let place = self.waiting_place(work, token)?;
        if let Some((order, _)) = place.offer {
            return self.buyer_decline(work, &order).map(drop);
        }
        if place.entry.text("status") == Some("left") {
            return Ok(());
        }
        work.as_process(|work| {
            let entry = work.hold_for_process(MODULE, place.entry.id)?;
            if !is_waiting(&entry) {
                // Seats that were offered meanwhile are left by the order that holds them: its lock comes first.
                return Err(Refusal::NothingToDecline.into());
            }
            work.update(MODULE, entry.id, Draft::new().set("status", "left"), None)?;
            call(work, place.event.id)
        })
    }

    /// Tells whoever joined the line their place, and how to leave it. A workspace whose packs have no such letter sends none.
    ///
    /// # Errors
    /// When the letter cannot be kept.
    pub fn tell_place(&self, work: &mut Work<'_>, entry: Id) -> Result<()> {
        if work.definitions().letter(PLACE).is_none() {
            return Ok(());
        }
        work.as_process(|work| {
            let entry = work.get(MODULE, entry)?;
            let Some(token) = entry.text("token").map(str::to_owned).filter(|_| is_waiting(&entry)) else {
                return Ok(());
            };
            let place = self.waiting_place(work, &token)?;
            let locale = entry.text("locale").and_then(Locale::parse).unwrap_or(work.settings().locale);
            let data = json!({
                "organiser": organiser(work.settings(), &place.event),
                "buyer": {"name": entry.text("name")},
                "event": self.event_data(&place.event, locale),
                "waiting": {
                    "type": place.kind,
                    "seats": seats_of(&entry),
                    "place": place.place,
                    "url": self.waiting_url(&token),
                },
            });
            let letter = OutgoingLetter {
                template: PLACE,
                to_name: entry.text("name").unwrap_or_default().to_owned(),
                to_email: entry.text("email").unwrap_or_default().to_owned(),
                locale,
                about: (MODULE.to_owned(), entry.id),
                cause: format!("{MODULE}/{}/joined", entry.id),
                data,
                tickets: Vec::new(),
                invoice: None,
                contract: None,
            };
            self.send(work, letter)
        })
    }

    /// The secret of a new entry's link, as a draft; nothing where the workspace's entries have none.
    ///
    /// # Errors
    /// When there is no randomness.
    pub fn waiting_link(&self, work: &Work<'_>) -> Result<Draft> {
        // What an older pack says of the list stays until the new one is applied.
        let has_link = work.module(MODULE)?.field("token").is_some();
        Ok(if has_link { Draft::new().set("token", codes::token()?) } else { Draft::new() })
    }

    /// A record went to the bin or came out of it: whoever waits for seats is looked at where the line is another one by it.
    ///
    /// # Errors
    /// When the database fails.
    pub fn binned(&self, work: &mut Work<'_>, module: &str, id: Id) -> Result<()> {
        if module != MODULE {
            return Ok(());
        }
        work.as_process(|work| match work.hold_for_process(MODULE, id)?.link("event") {
            Some(event) => call(work, event),
            None => Ok(()),
        })
    }
}

fn unknown() -> Error {
    Error::NotFound { module: MODULE.to_owned(), id: "by its link".to_owned() }
}

fn by_link(work: &mut Work<'_>, token: &str) -> Result<Record> {
    let has_links = work.module(MODULE).is_ok_and(|module| module.field("token").is_some());
    if !has_links || !is_token(token) {
        return Err(unknown());
    }
    let found = by_field(work, MODULE, "token", [token])?.into_iter().next();
    found.filter(|entry| entry.deleted_at.is_none()).ok_or_else(unknown)
}

/// How many wait for the type up to the entry, itself among them.
fn place_of(work: &mut Work<'_>, entry: &Record) -> Result<i64> {
    let (event, kind) = (entry.link("event").unwrap_or_default(), entry.link("ticket_type").unwrap_or_default());
    let waiting = condition(work, MODULE, |module| {
        let of_kind = Plan::field(module, "ticket_type")?.eq(kind)?;
        let waits = Plan::field(module, "status")?.eq("waiting")?;
        Ok(Plan::field(module, "event")?.eq(event)?.and(of_kind).and(waits))
    })?;
    let at = entry.created_at;
    let earlier = condition(work, MODULE, |module| Plan::field(module, "created_at")?.less(at))?;
    let at_once = condition(work, MODULE, |module| Plan::field(module, "created_at")?.eq(at))?;
    let earlier = List { filter: Some(waiting.clone().and(earlier)), ..List::default() };
    let before = work.count(MODULE, &earlier, Some(COUNTED))?;
    let sort = vec![Sort { field: "id".to_owned(), descending: false }];
    let same = List { filter: Some(waiting.and(at_once)), sort, limit: 100, ..List::default() };
    let same = work.list(MODULE, &same)?.records.iter().filter(|other| other.id < entry.id).count();
    Ok(before + i64::try_from(same).unwrap_or(0) + 1)
}
