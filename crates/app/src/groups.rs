//! Orders of organisations: the request sends the questionnaire, and its answers make the order.

use std::collections::BTreeMap;

use model::expr::Plan;
use model::rights::Capability;
use model::survey::{Kind, SENT};
use model::{ChoiceOption, Id, Label, Locale, Record, Value, l10n};
use serde_json::{Map, Value as Json};
use store::{Draft, Error, FieldError, List, Result, Work};
use ticketing::{AnsweredBy, GroupRequest, questionnaire_faults};

use crate::App;
use crate::surveys::{Choices, Read, Sending, Taker};

/// Name of the survey that asks what an organisation orders.
pub(crate) const QUESTIONNAIRE: &str = "group_order";

impl App {
    /// Whether organisations can order: their questionnaire is there, in use or not.
    #[must_use]
    pub fn sells_to_groups(&self, work: &Work<'_>) -> bool {
        work.definitions().survey(QUESTIONNAIRE).is_some()
    }

    /// Takes in the request of an organisation and sends it the questionnaire by a personal link. Answers the deal.
    ///
    /// # Errors
    /// As [`ticketing::Ticketing::request_group`].
    pub fn request_group(&self, work: &mut Work<'_>, request: &GroupRequest) -> Result<Record> {
        let deal = self.ticketing().request_group(work, request)?;
        // Whoever took the survey out of use writes to those who ask themselves.
        if work.definitions().survey(QUESTIONNAIRE).is_some_and(|survey| survey.active) {
            let about = ("deals".to_owned(), deal.id);
            let sending = Sending { survey: QUESTIONNAIRE.to_owned(), about, to: None, person: None };
            work.as_process(|work| self.send_survey(work, &sending))?;
        }
        Ok(deal)
    }

    /// Enters the questionnaire of a deal for its buyer, as on the telephone, with the further questions of its survey; answers
    /// the order.
    ///
    /// # Errors
    /// [`Error::NotFound`] and [`Error::Forbidden`] for whoever may not change the deal or make orders; else as
    /// [`ticketing::Ticketing::group_answers`].
    pub fn enter_questionnaire(&self, work: &mut Work<'_>, deal: Id, answers: &Map<String, Json>) -> Result<Record> {
        work.check_may_update("deals", deal)?;
        let may_order = work.grant(&*work.module("orders")?).create || work.require(Capability::ManageOrders).is_ok();
        if !may_order {
            return Err(Error::forbidden("create_forbidden", "your roles may not create orders"));
        }
        let entered = work.as_process(|work| {
            let record = work.get("deals", deal)?;
            let own = GroupOrder.reads();
            self.read_entered(work, (QUESTIONNAIRE, own), &record, answers).map(|entered| (record, entered))
        });
        let (record, entered) = entered?;
        let own = of_order(answers);
        if !entered.faults.is_empty() {
            // All at once, as whoever answers by the link reads them.
            return Err(Error::Invalid(entered.faults.into_iter().chain(questionnaire_faults(&own)).collect()));
        }
        let order = self.ticketing().group_answers(work, deal, &own, AnsweredBy::Staff)?;
        work.as_process(|work| {
            self.keep_entered(work, &record, &entered)?;
            stop_asking(work, deal)
        })?;
        self.shown(work, order)
    }
}

/// What was said on the telephone is asked for no more: the questionnaires that still wait for the deal are over.
fn stop_asking(work: &mut Work<'_>, deal: Id) -> Result<()> {
    let module = work.module(SENT)?;
    let about = Plan::field(&module, "about").and_then(|field| field.eq(Value::Id(deal)));
    let Ok(about) = about else { return Ok(()) };
    let sent = work.list(SENT, &List { filter: Some(about), limit: 200, ..List::default() })?.records;
    for sent in sent {
        let is_asked = sent.text("questionnaire") == Some(QUESTIONNAIRE);
        if is_asked && matches!(sent.text("status"), Some("sent" | "invalid")) {
            work.makes(&sent, "close");
            work.update(SENT, sent.id, Draft::new().set("status", "expired"), None)?;
        }
    }
    Ok(())
}

/// Makes an order of a questionnaire that a buyer has answered.
pub(crate) struct GroupOrder;

impl Taker for GroupOrder {
    fn reads(&self) -> &'static [Read] {
        const fn text(key: &'static str, is_needed: bool) -> Read {
            Read { key, kind: Kind::Text, columns: &[], is_needed }
        }
        const READS: &[Read] = &[
            Read { key: "lines", kind: Kind::Lines, columns: &["ticket_type", "quantity"], is_needed: true },
            text("name", true),
            text("country", false),
            text("inn", true),
            text("kpp", true),
            text("address", true),
            text("bik", false),
            text("bank_account", false),
            text("corr_account", false),
        ];
        READS
    }

    /// The ticket types that are on sale, with their prices.
    fn choices(&self, app: &App, work: &mut Work<'_>, about: Option<&Record>) -> Result<Choices> {
        let Some(event) = about.and_then(|deal| deal.link("event")) else { return Ok(Choices::new()) };
        let sold = app.ticketing().offers(work, event)?.into_iter();
        let option = |offer: ticketing::Offer| {
            let price = offer.price.ok()?.price;
            let label = |locale| format!("{} · {}", offer.kind.name, l10n::money(locale, price));
            let label = Label { ru: label(Locale::Ru), en: label(Locale::En) };
            Some(ChoiceOption { value: offer.kind.id.to_string(), label, colour: String::new() })
        };
        Ok(BTreeMap::from([("lines.ticket_type".to_owned(), sold.filter_map(option).collect())]))
    }

    fn faults(&self, answers: &Map<String, Json>) -> Vec<FieldError> {
        questionnaire_faults(&of_order(answers))
    }

    fn take(&self, app: &App, work: &mut Work<'_>, sent: &Record, answers: &Map<String, Json>) -> Result<()> {
        let Value::Record { id, .. } = sent.get("about") else {
            return Err(Error::conflict("survey_over", "the deal of this questionnaire is gone"));
        };
        app.ticketing().group_answers(work, *id, &of_order(answers), AnsweredBy::Buyer).map(drop)
    }
}

/// The answers that the order is made of. What an administrator asks besides is the survey's: it is checked and kept there, and
/// written where its question says.
fn of_order(answers: &Map<String, Json>) -> Map<String, Json> {
    let answers = answers.iter().filter(|(key, _)| GroupOrder.reads().iter().any(|read| read.key == key.as_str()));
    answers.map(|(key, answer)| (key.clone(), answer.clone())).collect()
}
