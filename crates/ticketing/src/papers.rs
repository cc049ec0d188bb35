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
    /// money stands on is not void before the money is taken off.
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
        let void =
            work.as_process(|work| work.update("invoices", id, Draft::new().set("status", billing::VOID), None))?;
        if let Some(deal) = void.link("deal") {
            billing::mark(work, deal, Paper::Invoice)?;
        }
        Ok(void)
    }

    /// A transition of a contract: `sign` `{signed_on?}`, today where no day is said; `void`.
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
        press(work, "contracts", id, name, fields, &[SIGNED_ON])?;
        let draft = match name {
            "sign" => Draft::new().set("status", billing::SIGNED).set(SIGNED_ON, on),
            _ => Draft::new().set("status", billing::VOID),
        };
        let moved = work.as_process(|work| work.update("contracts", id, draft, None))?;
        match (deal, name) {
            (Some(deal), "sign") => billing::signed(work, deal, on)?,
            (Some(deal), _) => billing::mark(work, deal, Paper::Contract)?,
            (None, _) => {}
        }
        Ok(moved)
    }
}
