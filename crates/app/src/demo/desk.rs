//! The desk: leads that are worked, clients, deals, cases, activities.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use jiff::Timestamp;
use model::{Actor, Id, Paper};
use serde_json::{Map, Value, json};
use store::{Error, List, Result, Sort};

use super::cast::{below, person};
use super::doing::with;
use super::stage::Stage;
use super::story::{Activity, Deal, Moved, Story};

/// What later steps need of earlier ones, by its place in the story.
#[derive(Default)]
struct Seen {
    companies: BTreeMap<usize, Matter>,
    deals: BTreeMap<usize, Matter>,
}

/// A company or a deal, who speaks for it, and whose it is.
#[derive(Clone, Copy)]
struct Matter {
    module: &'static str,
    id: Id,
    contact: Id,
    owner: Option<Id>,
}

type Board = Rc<RefCell<Seen>>;

/// Numbers of people who are not buyers of tickets.
const STRANGERS: usize = 700;
/// … and of those who speak for companies.
const SPEAKERS: usize = 800;
/// … and of the telephones in offices.
const OFFICES: usize = 900;
/// When the first companies were written down.
const FIRST_DAY: i64 = -58;

/// Plans the work of the team outside ticket sales.
pub(super) fn plan(stage: &mut Stage<'_>, story: &Story) -> Result<()> {
    let board = Board::default();
    companies(stage, story, &board);
    for (index, lead) in story.leads.iter().enumerate() {
        let name = person(story, STRANGERS + index);
        let who = json!({"name": name.name, "email": name.email, "phone": name.phone});
        lead_worked(stage, lead, &who, index, -40 + 3 * days(index));
    }
    for (index, case) in story.cases.iter().enumerate() {
        let due = stage.day(days(index) - 4).to_string();
        let more = json!({"direction": "in", "answer_due": due});
        received(stage, case, &more, days(index) - 9, &board);
    }
    for (index, activity) in story.activities.iter().enumerate() {
        activities(stage, activity.clone(), index, &board);
    }
    Ok(())
}

fn days(index: usize) -> i64 {
    i64::try_from(index).unwrap_or(0)
}

fn companies(stage: &mut Stage<'_>, story: &Story, board: &Board) {
    for (index, company) in story.companies.iter().enumerate() {
        let deals = story.deals.iter().enumerate().filter(|(_, deal)| deal.company == index);
        let deals: Vec<_> = deals.map(|(place, deal)| (place, deal.clone())).collect();
        let (company, speaker, board) = (company.clone(), person(story, SPEAKERS + index), board.clone());
        let phone = format!("{}{:03}", story.phone, OFFICES + index);
        let at = stage.day(FIRST_DAY + 2 * days(index));
        stage.plan(at, move |stage, at| {
            let owner = stage.cast.seller(index);
            let actor = stage.cast.actor(owner);
            let domain = format!("{}.example", company.login);
            let more = json!({
                "owner": owner, "email": format!("office@{domain}"), "readiness": "warm", "phone": phone,
            });
            let account = stage.make(at, &actor, "accounts", with(company.fields, &more))?;
            let contact = json!({
                "name": speaker.name, "email": speaker.email.map(|email| email.replace('@', ".at.") + "@" + &domain),
                "phone": speaker.phone, "account": account, "position": company.position, "owner": owner,
            });
            let contact = stage.make(at, &actor, "contacts", with(Map::new(), &contact))?;
            let company = Matter { module: "accounts", id: account, contact, owner };
            board.borrow_mut().companies.insert(index, company);
            for (place, deal) in deals {
                let (at, actor, board) = (stage.hours_after(at, 20), actor.clone(), board.clone());
                stage.plan(at, move |stage, at| {
                    let event = stage.on_sale(at)?;
                    let close = stage.midnight(20 + days(index)).to_zoned(stage.zone.clone()).date().to_string();
                    let links = json!({"account": account, "contact": contact, "event": event, "owner": owner, "close_date": close});
                    let id = open_deal(stage, at, &actor, deal, &links)?;
                    board.borrow_mut().deals.insert(place, Matter { module: "deals", id, ..company });
                    Ok(())
                });
            }
            Ok(())
        });
    }
}

/// The stages before the one that a sponsorship leaves with its documents.
const PREPARING: usize = 2;

fn open_deal(stage: &mut Stage<'_>, at: Timestamp, actor: &Actor, deal: Deal, links: &Value) -> Result<Id> {
    let mut fields = with(deal.fields.clone(), links);
    fields.insert("amount".to_owned(), json!({"amount": deal.amount, "currency": stage.currency()}));
    let is_won = deal.end.as_deref() == Some("win");
    if is_won && !deal.issued {
        // Without a contract a sponsorship is not won.
        fields.insert("contract_signed_on".to_owned(), json!(at.to_zoned(stage.zone.clone()).date().to_string()));
    }
    let id = stage.make(at, actor, "deals", fields)?;
    for (name, kind) in deal.papers.into_iter().zip(Paper::ALL) {
        let paper = with(Map::new(), &json!({"name": name, "deal": id, "kind": kind.name()}));
        let paper = stage.make(at, actor, "deal_documents", paper)?;
        if deal.moves > PREPARING && !deal.issued {
            let (at, actor) = (stage.hours_after(at, 6), actor.clone());
            stage.plan(at, move |stage, at| scanned(stage, at, &actor, paper, &name));
        }
    }
    if deal.issued {
        let (at, actor) = (stage.hours_after(at, 6), actor.clone());
        stage.plan(at, move |stage, at| {
            let app = stage.app.clone();
            stage.work(at, &actor, "interface", |work| {
                let contract = app.issue_paper(work, id, Paper::Contract)?.id;
                app.issue_paper(work, id, Paper::Invoice)?;
                if is_won {
                    app.transition(work, Paper::Contract.module(), contract, "sign", &Map::new())?;
                }
                Ok(())
            })
        });
    }
    for (turn, text) in deal.said.into_iter().enumerate() {
        let at = stage.hours_after(at, 5 + 23 * days(turn));
        let actor = if turn % 2 == 0 { actor.clone() } else { stage.cast.with_role("head_of_sales") };
        let comment = with(Map::new(), &json!({"text": text, "about": {"module": "deals", "id": id}}));
        stage.plan(at, move |stage, at| stage.make(at, &actor, "comments", comment).map(drop));
    }
    let mut moves = vec![("advance".to_owned(), json!({"payment_terms": "prepaid"})); deal.moves];
    moves.extend(deal.end.map(|end| (end, json!({"lost_reason": deal.lost_reason}))));
    later(stage, at, actor.clone(), "deals", id, moves);
    Ok(id)
}

/// A document of a deal comes as a file, and is there.
fn scanned(stage: &mut Stage<'_>, at: Timestamp, actor: &Actor, document: Id, name: &str) -> Result<()> {
    let refused = |error: std::io::Error| Error::conflict("disk", error.to_string());
    let app = stage.app.clone();
    let mut reception = app.receive(&format!("{name}.txt")).map_err(refused)?;
    reception.take(name.as_bytes()).map_err(refused)?;
    let file = reception.keep().map_err(refused)?;
    stage.work(at, actor, "interface", |work| {
        app.attach(work, "deal_documents", document, &[file], None)?;
        app.transition(work, "deal_documents", document, "receive", &Map::new()).map(drop)
    })
}

/// Makes the moves one after the other, a day or two between them.
fn later(
    stage: &mut Stage<'_>,
    at: Timestamp,
    actor: Actor,
    module: &'static str,
    id: Id,
    mut moves: Vec<(String, Value)>,
) {
    if moves.is_empty() {
        return;
    }
    let (name, fields) = moves.remove(0);
    let pause = 20 + i64::try_from(below(stage, 30)).unwrap_or(0);
    let at = stage.hours_after(at, pause);
    stage.plan(at, move |stage, at| {
        let asked = with(fields.as_object().cloned().unwrap_or_default(), &json!({}));
        let asked = asked.into_iter().filter(|(field, _)| name == "lose" || field != "lost_reason").collect();
        stage.press(at, &actor, module, id, &name, &Value::Object(asked))?;
        later(stage, at, actor, module, id, moves);
        Ok(())
    });
}

fn lead_worked(stage: &mut Stage<'_>, lead: &Moved, who: &Value, index: usize, day: i64) {
    let (lead, who) = (lead.clone(), who.clone());
    let at = stage.day(day.min(-1));
    stage.plan(at, move |stage, at| {
        let owner = stage.cast.seller(index);
        let actor = stage.cast.actor(owner);
        // What nobody has touched yet has no owner.
        let owner = if lead.moves.is_empty() { json!({}) } else { json!({"owner": owner}) };
        let id = stage.make(at, &actor, "leads", with(with(lead.fields.clone(), &who), &owner))?;
        later(stage, at, actor, "leads", id, moves(lead));
        Ok(())
    });
}

/// A request comes in, from a company where the story says which, else from somebody who bought.
fn received(stage: &mut Stage<'_>, case: &Moved, more: &Value, day: i64, board: &Board) {
    let (case, more, board) = (case.clone(), more.clone(), board.clone());
    let at = stage.day(day.min(-1));
    stage.plan(at, move |stage, at| {
        let actor = stage.cast.with_role("secretary");
        let company = case.from.and_then(|company| board.borrow().companies.get(&company).copied());
        let from = match company {
            Some(company) => json!({"account": company.id, "contact": company.contact}),
            None => json!({"contact": stage.some_buyer(at)?}),
        };
        let owner = if case.moves.is_empty() { json!({}) } else { json!({"owner": actor.id()}) };
        let fields = with(with(with(case.fields.clone(), &more), &from), &owner);
        let id = stage.make(at, &actor, "cases", fields)?;
        later(stage, at, actor, "cases", id, moves(case));
        Ok(())
    });
}

fn moves(moved: Moved) -> Vec<(String, Value)> {
    moved.moves.into_iter().map(|name| (name, json!({"lost_reason": moved.lost_reason}))).collect()
}

impl Stage<'_> {
    /// Somebody who has ordered before this moment.
    fn some_buyer(&mut self, at: Timestamp) -> Result<Option<Id>> {
        let list =
            List { sort: vec![Sort { field: "id".to_owned(), descending: true }], limit: 200, ..List::default() };
        let orders = self.work(at, &Actor::System("demo"), "read", |work| Ok(work.list("orders", &list)?.records))?;
        let contacts: Vec<Id> = orders.iter().filter_map(|order| order.link("contact")).collect();
        Ok(contacts.get(below(self, contacts.len())).copied())
    }
}

fn activities(stage: &mut Stage<'_>, activity: Activity, index: usize, board: &Board) {
    let due = stage.day(activity.due_in);
    let planned = stage.day(activity.due_in.min(0) - 3);
    let board = board.clone();
    stage.plan(planned, move |stage, at| {
        let seen = board.borrow();
        let deal = activity.deal.and_then(|deal| seen.deals.get(&deal).copied());
        let matter = deal.or_else(|| seen.companies.get(&activity.company?).copied());
        drop(seen);
        let owner = matter.map_or_else(|| stage.cast.seller(index), |matter| matter.owner);
        let actor = stage.cast.actor(owner);
        let about = matter.map(|matter| json!({"module": matter.module, "id": matter.id}));
        let contact = matter.map(|matter| matter.contact);
        let priority = ["normal", "high", "normal", "low"].get(index % 4);
        let more = json!({"due_at": due.to_string(), "owner": owner, "about": about, "contact": contact, "priority": priority});
        let fields = with(activity.fields.into_iter().collect(), &more);
        let id = stage.make(at, &actor, "activities", fields)?;
        if let Some(result) = activity.result {
            stage.plan(due, move |stage, at| {
                let ended = json!({"result": result});
                stage.press(at, &actor, "activities", id, "complete", &ended)
            });
        }
        Ok(())
    });
}
