//! Requisites that a questionnaire brought and the client's account does not have: staff take them over, nobody else does.

use billing::InvoiceParties;
use model::{Id, Record};
use store::{Draft, Result, Work};

use super::answers::differing;
use crate::Ticketing;

impl Ticketing {
    /// What the last invoice of an order says of its buyer and the account does not: fields of the account that the caller may
    /// change, with what would stand there. Nothing where the caller may not change the account.
    ///
    /// # Errors
    /// When the database fails.
    pub fn proposed_requisites(&self, work: &mut Work<'_>, order: &Record) -> Result<Vec<(&'static str, String)>> {
        let Some(id) = order.link("buyer").filter(|_| order.get("group").is_true()) else { return Ok(Vec::new()) };
        if work.check_may_update("accounts", id).is_err() {
            return Ok(Vec::new());
        }
        let proposed = work.as_process(|work| {
            let printed = billing::invoices_of(work, order.id)?.pop().map(|invoice| invoice.get("printed").to_json());
            let printed = printed.and_then(|printed| serde_json::from_value::<InvoiceParties>(printed).ok());
            let account = work.get("accounts", id)?;
            Ok::<_, store::Error>(printed.map(|printed| differing(&account, &printed.buyer)).unwrap_or_default())
        })?;
        let grant = work.grant(&*work.module("accounts")?);
        let is_closed = |field: &str| grant.read_only.iter().chain(&grant.hidden).any(|closed| closed == field);
        Ok(proposed.into_iter().filter(|(field, _)| !is_closed(field)).collect())
    }

    /// Writes them to the account, with the caller's own rights.
    ///
    /// # Errors
    /// As [`Work::update`].
    pub fn take_over_requisites(&self, work: &mut Work<'_>, order: Id) -> Result<()> {
        let order = work.get("orders", order)?;
        let proposed = self.proposed_requisites(work, &order)?;
        let (Some(account), false) = (order.link("buyer"), proposed.is_empty()) else { return Ok(()) };
        let draft = proposed.into_iter().fold(Draft::new(), |draft, (field, said)| draft.set(field, said));
        work.update("accounts", account, draft, None).map(drop)
    }

    /// Whether the order's invoice waits until the organisation says who sells.
    ///
    /// # Errors
    /// When the database fails.
    pub fn waits_for_seller(&self, work: &mut Work<'_>, order: &Record) -> Result<bool> {
        let is_meant = order.get("group").is_true() && matches!(order.text("status"), Some("pending" | "paid"));
        Ok(is_meant && billing::waits_for_seller(work, order.id)?)
    }

    /// Whether the invoice of a deal waits so.
    ///
    /// # Errors
    /// When the database fails.
    pub fn deal_waits_for_seller(&self, work: &mut Work<'_>, deal: &Record) -> Result<bool> {
        let is_group = deal.module.name == "deals" && deal.text("pipeline") == Some("group_tickets");
        if !is_group || work.definitions().module("orders").is_none() {
            return Ok(false);
        }
        work.as_process(|work| match self.group_order_of(work, deal.id)? {
            Some(order) => self.waits_for_seller(work, &order),
            None => Ok(false),
        })
    }
}
