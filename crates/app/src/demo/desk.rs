//! The desk: leads that are worked, clients, deals, cases, activities.

use std::cell::RefCell;
use std::rc::Rc;

use model::{Actor, Id};
use serde_json::{Map, Value, json};
use store::Result;

use super::cast::{below, person};
use super::doing::with;
use super::stage::Stage;
use super::story::{Activity, Deal, Moved, Story};

/// What later steps need of earlier ones: clients and deals that activities can be about, with their owners.
type Board = Rc<RefCell<Vec<(&'static str, Id, Option<Id>)>>>;

/// Numbers of people who are not buyers of tickets.
const STRANGERS: usize = 700;
/// … and of those who speak for companies.
const SPEAKERS: usize = 800;
/// When the first companies were written down.
const FIRST_DAY: i64 = -58;

/// Plans the work of the team outside ticket sales.
pub(super) fn plan(stage: &mut Stage<'_>, story: &Story) -> Result<()> {
    let board = Board::default();
    companies(stage, story, &board);
    for (index, lead) in story.leads.iter().enumerate() {
        let name = person(story, STRANGERS + index);
        let who = json!({"name": name.name, "email": name.email, "phone": name.phone});
        moved(stage, "leads", lead, &who, index, -40 + 3 * days(index));
    }
    for (index, case) in story.cases.iter().enumerate() {
        let due = stage.day(days(index) - 4).to_string();
        let more = json!({"direction": "in", "answer_due": due});
        moved(stage, "cases", case, &more, index, days(index) - 9);
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
        let deals: Vec<_> = story.deals.iter().filter(|deal| deal.company == index).cloned().collect();
        let (company, speaker, board) = (company.clone(), person(story, SPEAKERS + index), board.clone());
        let at = stage.day(FIRST_DAY + 2 * days(index));
        stage.plan(at, move |stage, at| {
            let owner = stage.cast.seller(index);
            let actor = stage.cast.actor(owner);
            let domain = format!("{}.example", company.login);
            let more = json!({"owner": owner, "email": format!("office@{domain}"), "readiness": "warm"});
            let account = stage.make(at, &actor, "accounts", with(company.fields, &more))?;
            let contact = json!({
                "name": speaker.name, "email": speaker.email.map(|email| email.replace('@', ".at.") + "@" + &domain),
                "phone": speaker.phone, "account": account, "position": company.position, "owner": owner,
            });
            let contact = stage.make(at, &actor, "contacts", with(Map::new(), &contact))?;
            board.borrow_mut().push(("accounts", account, owner));
            for deal in deals {
                let (at, actor, board) = (stage.hours_after(at, 20), actor.clone(), board.clone());
                stage.plan(at, move |stage, at| {
                    let event = stage.on_sale(at)?;
                    let close = stage.midnight(20 + days(index)).to_zoned(stage.zone.clone()).date().to_string();
                    let links = json!({"account": account, "contact": contact, "event": event, "owner": owner, "close_date": close});
                    open_deal(stage, at, &actor, deal, &links, &board)
                });
            }
            Ok(())
        });
    }
}

fn open_deal(
    stage: &mut Stage<'_>,
    at: jiff::Timestamp,
    actor: &Actor,
    deal: Deal,
    links: &Value,
    board: &Board,
) -> Result<()> {
    let mut fields = with(deal.fields.clone(), links);
    fields.insert("amount".to_owned(), json!({"amount": deal.amount, "currency": stage.currency()}));
    let id = stage.make(at, actor, "deals", fields)?;
    board.borrow_mut().push(("deals", id, actor.id()));
    let mut moves = vec![("advance".to_owned(), json!({"payment_terms": "prepaid"})); deal.moves];
    moves.extend(deal.end.map(|end| (end, json!({"lost_reason": deal.lost_reason}))));
    later(stage, at, actor.clone(), "deals", id, moves);
    Ok(())
}

/// Makes the moves one after the other, a day or two between them.
fn later(
    stage: &mut Stage<'_>,
    at: jiff::Timestamp,
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

fn moved(stage: &mut Stage<'_>, module: &'static str, moved: &Moved, more: &Value, index: usize, day: i64) {
    let (moved, more) = (moved.clone(), more.clone());
    let at = stage.day(day.min(-1));
    stage.plan(at, move |stage, at| {
        let owner = stage.cast.seller(index);
        let actor = if module == "cases" { stage.cast.with_role("secretary") } else { stage.cast.actor(owner) };
        // What nobody has touched yet has no owner.
        let owner = if moved.moves.is_empty() { json!({}) } else { json!({"owner": owner}) };
        let id = stage.make(at, &actor, module, with(with(moved.fields.clone(), &more), &owner))?;
        let moves = moved.moves.into_iter().map(|name| (name, json!({"lost_reason": moved.lost_reason}))).collect();
        later(stage, at, actor, module, id, moves);
        Ok(())
    });
}

fn activities(stage: &mut Stage<'_>, activity: Activity, index: usize, board: &Board) {
    let due = stage.day(activity.due_in);
    let planned = stage.day(activity.due_in.min(0) - 3);
    let board = board.clone();
    stage.plan(planned, move |stage, at| {
        let owner = stage.cast.seller(index);
        let actor = stage.cast.actor(owner);
        let mine: Vec<_> = board.borrow().iter().filter(|(_, _, of)| *of == owner).copied().collect();
        let about = mine.get(below(stage, mine.len())).map(|(module, id, _)| json!({"module": module, "id": id}));
        let priority = ["normal", "high", "normal", "low"].get(index % 4);
        let more = json!({"due_at": due.to_string(), "owner": owner, "about": about, "priority": priority});
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
