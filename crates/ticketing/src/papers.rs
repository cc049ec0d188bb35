//! What people do with papers: an invoice that nobody is to pay, a contract that is signed or void.

use jiff::civil::Date;
use model::Paper;
use model::{Id, Record};
use serde_json::{Map, Value as Json};
use store::{Draft, Error, Result, Work};

use crate::locks::Locks;
use crate::press::{not_from_here, press};
use crate::{Refusal, Ticketing};

impl Ticketing {
    /// A transition of an invoice: `void`. Of an order, what is due stays due, and money for it still belongs there. Of a deal, one that
    /// money stands on is not void before the money is taken off, nor one by which it was won before it is reopened.
    ///
    /// # Errors
    /// [`store::Error::NotFound`], [`store::Error::Forbidden`], and the refusals.
    pub fn invoice_transition(
        &self,
        work: &mut Work<'_>,
        id: Id,
        name: &str,
        fields: &Map<String, Json>,
    ) -> Result<Record> {
        let seen = work.get("invoices", id)?;
        if name != "void" {
            return Err(not_from_here(work, &seen, name));
        }
        let seen = work.as_process(|work| work.get("invoices", seen.id))?;
        let deal = seen.link("deal").filter(|_| billing::is_of_deal(&seen));
        let locks = seen.link("order").into_iter().fold(Locks::default(), Locks::order);
        work.lock(&deal.into_iter().fold(locks, |locks, deal| locks.key(billing::deal_lock(deal))).keys())?;
        let held = press(work, "invoices", id, name, fields, &[])?;
        if let (Some(_), Some(paid)) = (deal, held.get("paid").as_money().filter(|paid| !paid.is_zero())) {
            return Err(Refusal::MoneyOnInvoice(paid).into());
        }
        void(work, &held, Paper::Invoice)
    }

    /// A transition of a contract: `sign` `{signed_on?}`, today where no day is said; `void`, unless its deal was won by it.
    ///
    /// # Errors
    /// [`store::Error::NotFound`], [`store::Error::Forbidden`], [`Error::Invalid`], and the refusals.
    pub fn contract_transition(
        &self,
        work: &mut Work<'_>,
        id: Id,
        name: &str,
        fields: &Map<String, Json>,
    ) -> Result<Record> {
        const SIGNED_ON: &str = "signed_on";
        let seen = work.get("contracts", id)?;
        if !matches!(name, "sign" | "void") {
            return Err(not_from_here(work, &seen, name));
        }
        let today = work.settings().zone().to_datetime(work.now()).date();
        let on = match fields.get(SIGNED_ON) {
            None | Some(Json::Null) => today,
            Some(said) => {
                let day = said.as_str().and_then(|text| text.parse::<Date>().ok());
                day.ok_or_else(|| Error::field(SIGNED_ON, "invalid_date", "a day such as 2026-11-22 is expected"))?
            }
        };
        let deal = work.as_process(|work| work.get("contracts", id))?.link("deal");
        work.lock(&deal.map(billing::deal_lock).into_iter().collect::<Vec<_>>())?;
        let held = press(work, "contracts", id, name, fields, &[SIGNED_ON])?;
        if name != "sign" {
            return void(work, &held, Paper::Contract);
        }
        let draft = Draft::new().set("status", billing::SIGNED).set(SIGNED_ON, on);
        let signed = work.as_process(|work| work.update("contracts", id, draft, None))?;
        if let Some(deal) = deal {
            billing::signed(work, deal, on)?;
        }
        Ok(signed)
    }
}

/// Voids a paper that is held, and its deal's check list learns of it. A deal that was won by a condition which holds with the
/// paper and not without it is reopened first: nothing that is sold is left without its documents (E6).
fn void(work: &mut Work<'_>, paper: &Record, kind: Paper) -> Result<Record> {
    let deal = paper.link("deal");
    let was_earned = deal.map(|deal| billing::is_still_earned(work, deal)).transpose()?.flatten();
    let draft = Draft::new().set("status", billing::VOID);
    let void = work.as_process(|work| work.update(kind.module(), paper.id, draft, None))?;
    let Some(deal) = deal else { return Ok(void) };
    billing::mark(work, deal, kind)?;
    if was_earned == Some(true) && billing::is_still_earned(work, deal)? == Some(false) {
        return Err(Refusal::WonWithIt.into());
    }
    Ok(void)
}
