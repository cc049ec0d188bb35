//! The questionnaire is answered: seats are reserved under the locks of every order, the requisites stand on the account, and
//! the invoice goes out.

use std::collections::BTreeMap;

use billing::Requisites;
use model::process::Phase;
use model::{Id, Money, Record};
use serde_json::{Map, Value as Json};
use store::{Draft, Error, FieldError, Person, Result, Work};

use super::client::{account, is_numbered};
use super::deal;
use super::invoice::lead;
use super::questionnaire::{Questionnaire, QuestionnaireLine, value};
use super::request::{Company, contact_of};
use super::terms::Terms;
use crate::condition::by_field;
use crate::locks::Locks;
use crate::order::Order;
use crate::place::{Line, active, open_order, seats};
use crate::request::missing;
use crate::sale::Sale;
use crate::seats::Taken;
use crate::{Refusal, Ticketing};

/// Questions and the fields of the account to which their answers go.
const WRITTEN: [(&str, &str); 7] = [
    ("name", "name"),
    ("country", "country"),
    ("kpp", "kpp"),
    ("address", "legal_address"),
    ("bik", "bik"),
    ("bank_account", "bank_account"),
    ("corr_account", "corr_account"),
];

/// Who fills in a questionnaire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnsweredBy {
    /// Whoever has its link.
    Buyer,
    /// Staff, for the buyer.
    Staff,
}

impl Ticketing {
    /// The order that was made of a deal's questionnaire and has not ended.
    pub(super) fn group_order_of(&self, work: &mut Work<'_>, deal: Id) -> Result<Option<Record>> {
        let orders = work.as_process(|work| by_field(work, "orders", "deal", [deal]))?;
        let is_live = |order: &Record| matches!(order.text("status"), Some("pending" | "paid"));
        Ok(orders.into_iter().find(|order| order.get("group").is_true() && is_live(order)))
    }

    /// Whether the questionnaire of a deal waits for answers.
    fn takes_answers(&self, work: &mut Work<'_>, deal: &Record) -> Result<bool> {
        let is_group = deal.text("pipeline") == Some("group_tickets") && deal.deleted_at.is_none();
        let is_open = is_group && deal::phase(work, deal) == Phase::Open;
        Ok(is_open && self.group_order_of(work, deal.id)?.is_none())
    }

    /// Takes the answers to a deal's questionnaire: an order is made, invoiced and sent. The caller has judged who answers.
    /// An account that the buyer's own request did not make is changed by staff alone: what strangers say stands on the
    /// invoice, and staff [take it over](Ticketing::proposed_requisites).
    ///
    /// # Errors
    /// [`Error::Invalid`] by question, such as `lines[0].quantity`; the refusal `questionnaire_closed`.
    pub fn group_answers(
        &self,
        work: &mut Work<'_>,
        deal: Id,
        answers: &Map<String, Json>,
        by: AnsweredBy,
    ) -> Result<Record> {
        let actor = work.actor().id();
        work.as_process(|work| {
            let seen = work.get("deals", deal)?;
            let (event, contact) = parties(work, &seen)?;
            let known = seen.link("account").map(|id| work.get("accounts", id)).transpose()?;
            let country = known.as_ref().and_then(|account| account.text("country")).unwrap_or("RU").to_owned();
            let (questionnaire, mut errors) = Questionnaire::judge(answers, &country);
            let locks = Locks::default().people([&contact]).company(Some(&questionnaire.buyer.inn)).event(event);
            work.lock(&locks.types(questionnaire.lines.iter().map(|line| line.ticket_type)).keys())?;
            let deal = work.hold_for_process("deals", deal)?;
            if !self.takes_answers(work, &deal)? {
                return Err(Refusal::QuestionnaireClosed.into());
            }
            let sale = Sale::read(work, event)?;
            let nobody = Person::default();
            let taken = Taken::count(work, &[sale.event.id])?;
            let lines = reserved(&sale, &taken, &questionnaire.lines, &nobody, &mut errors);
            if !errors.is_empty() {
                return Err(Error::Invalid(errors));
            }
            let account = self.buyer_of(work, &deal, known, &questionnaire, by)?;
            let owner = active(work, deal.owner.or(actor))?;
            // The number of a taxpayer is no secret: who only knows it is not trusted with the terms of a client.
            let is_vouched = by != AnsweredBy::Buyer || deal.created_by.is_some();
            let terms = Terms::of(work, &deal, is_vouched.then_some(&account));
            let total = Money::checked_sum(sale.currency(work.settings()), lines.iter().map(|line| line.price.price));
            let total = total.ok_or_else(|| Error::field("lines", "too_many", "the order is too large"))?;
            let agreed = Draft::new()
                .set("account", account.id)
                .set("payment_terms", terms.name)
                .set("prepayment_share", terms.share)
                .set("amount", total);
            work.update("deals", deal.id, agreed, None)?;
            let locale = deal.text("locale").unwrap_or(work.settings().locale.tag()).to_owned();
            let draft = Draft::new()
                .set("group", true)
                .set("deal", deal.id)
                .set("buyer", account.id)
                .set("contact", deal.link("contact"))
                .set("channel", if by == AnsweredBy::Buyer { "web_form" } else { "phone" })
                .set("locale", locale)
                .owned_by(owner);
            let order = open_order(work, &sale, &contact, &lines, total, draft)?;
            let tickets = seats(work, &order, &lines)?;
            if total.is_zero() {
                return Ok(self.settle(work, order, &sale, tickets, None)?.record);
            }
            self.invoiced(work, order, &sale, tickets, questionnaire)
        })
    }

    fn invoiced(
        &self,
        work: &mut Work<'_>,
        order: Order,
        sale: &Sale,
        tickets: Vec<Record>,
        questionnaire: Questionnaire,
    ) -> Result<Record> {
        let invoice = self.issue_invoice(work, &order, sale, &tickets, Some(questionnaire.buyer))?;
        lead(work, &order, &tickets, &invoice)?;
        self.send_invoice(work, &order, sale, &tickets, &invoice)?;
        Ok(self.issue_by_terms(work, order, sale, tickets)?.record)
    }

    /// The account of whoever answers, with their requisites. Another number of the taxpayer is another account.
    fn buyer_of(
        &self,
        work: &mut Work<'_>,
        deal: &Record,
        known: Option<Record>,
        questionnaire: &Questionnaire,
        by: AnsweredBy,
    ) -> Result<Record> {
        let buyer = &questionnaire.buyer;
        let company =
            Company { name: buyer.name.clone(), number: Some(buyer.inn.clone()), country: buyer.country.clone() };
        let is_it = |account: &Record| match account.text(company.field()) {
            Some(number) => number == buyer.inn,
            None => !is_numbered(account),
        };
        let account = match known.filter(|account| account.deleted_at.is_none() && is_it(account)) {
            Some(account) => account,
            None => account(work, &company, None)?,
        };
        // An account is the buyer's own only where their request made it, or this answer does.
        let is_own = account.created_by.is_none() && [deal.created_at, work.now()].contains(&account.created_at);
        if by == AnsweredBy::Buyer && !is_own {
            // Whoever answers for the client sees what differs, and takes it over.
            if !differing(&account, buyer).is_empty() {
                work.tell_by_rule(deal, deal.owner.into_iter().collect())?;
            }
            return Ok(account);
        }
        let mut draft = Draft::new();
        for (field, answer) in differing(&account, buyer) {
            draft = draft.set(field, answer);
        }
        if draft.values.is_empty() { Ok(account) } else { work.update("accounts", account.id, draft, None) }
    }
}

/// What requisites say other than the account does: fields of the account with what would stand there.
pub(super) fn differing(account: &Record, buyer: &Requisites) -> Vec<(&'static str, String)> {
    let number = if buyer.country.is_empty() || buyer.country == "RU" { "inn" } else { "tax_id" };
    let all = WRITTEN.into_iter().map(|(key, field)| (field, value(buyer, key)));
    let differs = |(field, said): &(&str, &str)| !said.is_empty() && account.text(field) != Some(*said);
    let all = all.chain([(number, buyer.inn.as_str())]).filter(differs);
    all.map(|(field, said)| (field, said.to_owned())).collect()
}

/// The event that a deal is about, and who speaks for its buyer.
fn parties(work: &mut Work<'_>, deal: &Record) -> Result<(Id, Person)> {
    let mut errors = Vec::new();
    let (event, contact) = (deal.link("event"), deal.link("contact"));
    if event.is_none() {
        missing(&mut errors, "event");
    }
    let contact = contact.map(|id| work.get("contacts", id)).transpose()?.map(|contact| contact_of(&contact));
    if contact.as_ref().is_none_or(|contact| contact.email.is_none() || contact.name.is_none()) {
        errors.push(FieldError::new("contact", "required", "the deal needs a contact with name and e-mail"));
    }
    match (event, contact) {
        (Some(event), Some(contact)) if errors.is_empty() => Ok((event, contact)),
        _ => Err(Error::Invalid(errors)),
    }
}

/// One seat for each ticket that is wanted, or what is wrong with it: not sold, or not so many free.
fn reserved<'a>(
    sale: &'a Sale,
    taken: &Taken,
    wanted: &[QuestionnaireLine],
    nobody: &'a Person,
    errors: &mut Vec<FieldError>,
) -> Vec<Line<'a>> {
    let (mut lines, mut counts) = (Vec::new(), BTreeMap::<Id, i64>::new());
    let mut of_event = taken.of_event(sale.event.id, sale.capacity()).available;
    for line in wanted {
        let index = line.place;
        let Some(kind) = sale.ticket_type(line.ticket_type) else {
            let message = "the event has no such ticket type";
            errors.push(FieldError::new(format!("lines[{index}].ticket_type"), "not_found", message));
            continue;
        };
        let price = match sale.offer(kind) {
            Ok(price) => price,
            Err(why) => {
                let field = format!("lines[{index}].ticket_type");
                errors.push(FieldError::new(field, "not_on_sale", why.sentence()));
                continue;
            }
        };
        let before = counts.entry(kind.id).or_default();
        let left = sale.seats(taken, kind).available.map(|left| (left - *before).max(0));
        let left = [left, of_event].into_iter().flatten().min();
        if let Some(left) = left.filter(|left| *left < line.quantity) {
            let message = format!("{}: {left} left, {} asked for", kind.name, line.quantity);
            errors.push(FieldError::new(format!("lines[{index}].quantity"), "sold_out", message));
        }
        *before += line.quantity;
        of_event = of_event.map(|left| (left - line.quantity).max(0));
        lines.extend((0..line.quantity).map(|_| Line { kind, price, attendee: nobody }));
    }
    lines
}
