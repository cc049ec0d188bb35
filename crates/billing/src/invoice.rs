//! Invoices: what was asked for stays as it was asked for. A number is given once and stays used; what changes is asked for
//! anew under the next one.

use model::requisites::LegalEntity;
use model::series::Series;
use model::{Currency, Id, Locale, Money, Record, Value};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Draft, Error, Result, Work};

/// What somebody is asked to pay.
#[derive(Clone, Debug)]
pub struct NewInvoice {
    /// The order; none where a deal is invoiced.
    pub order: Option<Id>,
    /// The deal.
    pub deal: Option<Id>,
    /// Who pays.
    pub account: Option<Id>,
    /// For what.
    pub lines: Vec<InvoiceLine>,
    /// In which currency.
    pub currency: Currency,
    /// What is printed beside it.
    pub printed: InvoiceParties,
}

/// A line; an element of `invoices.lines`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvoiceLine {
    /// What.
    pub name: String,
    /// How many.
    pub quantity: i64,
    /// Of what unit; its word stands in the texts of the document.
    pub unit: &'static str,
    /// Of one, with tax.
    pub price: Money,
    /// Percent of VAT; nothing for what is sold without it.
    pub vat_rate: Option<u8>,
}

/// Whose invoice it is, as they stood on the day: `invoices.printed`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct InvoiceParties {
    /// Who asks.
    pub seller: LegalEntity,
    /// Who pays.
    pub buyer: Requisites,
    /// Number of the order.
    pub order: String,
    /// What it is about.
    pub event: String,
    /// On what it stands where there is no order: a contract, or the deal.
    pub basis: String,
    /// Language of the document.
    pub locale: Locale,
}

/// Requisites of a buyer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Requisites {
    /// Full name.
    pub name: String,
    /// Two letters.
    pub country: String,
    /// Number of the taxpayer, of whatever country.
    pub inn: String,
    /// Place in a Russian tax office; legal entities have it.
    pub kpp: String,
    /// Number in the state register, OGRN or OGRNIP.
    pub ogrn: String,
    /// Legal address.
    pub address: String,
    /// BIK of the bank.
    pub bik: String,
    /// Name of the bank.
    pub bank_name: String,
    /// Account with that bank.
    pub bank_account: String,
    /// That bank's account with the Bank of Russia.
    pub corr_account: String,
}

impl Requisites {
    /// As an account has them.
    #[must_use]
    pub fn of(account: &Record) -> Self {
        let text = |name: &str| account.text(name).unwrap_or_default().to_owned();
        let inn = Some(text("inn")).filter(|inn| !inn.is_empty()).unwrap_or_else(|| text("tax_id"));
        Self {
            name: text("name"),
            country: text("country"),
            inn,
            kpp: text("kpp"),
            ogrn: text("ogrn"),
            address: text("legal_address"),
            bik: text("bik"),
            bank_name: text("bank_name"),
            bank_account: text("bank_account"),
            corr_account: text("corr_account"),
        }
    }
}

/// Where invoices are kept.
pub(crate) const MODULE: &str = "invoices";
/// Waits for a seller; it has no number yet.
pub const DRAFT: &str = "draft";
/// The states in which an invoice asks for money, or has got it.
pub(crate) const ISSUED: &str = "issued";
pub(crate) const PAID: &str = "paid";
/// Nobody is to pay by it.
pub const VOID: &str = "void";

/// Issues an invoice: it takes the next number of its legal entity and year, and what it says is kept as it is now. One that
/// has no seller stays a draft without a number: its numbers would be nobody's.
///
/// # Errors
/// [`Error::Invalid`] where the sum is too large.
pub fn issue(work: &mut Work<'_>, new: NewInvoice) -> Result<Record> {
    let too_much = || Error::field("lines", "too_many", "the sum is too large");
    let sums = new.lines.iter().map(|line| line.price.checked_mul(line.quantity)).collect::<Option<Vec<_>>>();
    let sums = sums.ok_or_else(too_much)?;
    let total = Money::checked_sum(new.currency, sums.iter().copied()).ok_or_else(too_much)?;
    let rates: Vec<_> = new.lines.iter().zip(&sums).filter_map(|(line, sum)| Some((line.vat_rate?, *sum))).collect();
    // Of each line by itself, as it is printed.
    let parts = rates.iter().map(|(rate, sum)| vat_in(*sum, *rate));
    let vat = parts.collect::<Option<Vec<_>>>().and_then(|parts| Money::checked_sum(new.currency, parts));
    let vat = vat.filter(|_| !rates.is_empty());
    let date = work.settings().zone().to_datetime(work.now()).date();
    let lines: Vec<_> = new.lines.iter().map(line_json).collect();
    work.as_process(|work| {
        let is_sold = new.printed.seller != LegalEntity::default();
        let number = is_sold.then(|| number(work, MODULE, &new.printed.seller.inn, date.year())).transpose()?;
        let draft = Draft::new()
            .set("number", number)
            .set("date", is_sold.then_some(date))
            .set("status", if is_sold { ISSUED } else { DRAFT })
            .set("order", new.order)
            .set("deal", new.deal)
            .set("account", new.account)
            .set("legal_entity", Some(new.printed.seller.inn.clone()).filter(|inn| !inn.is_empty()))
            .set("total", total)
            .set("vat", vat)
            .set("paid", new.order.is_none().then_some(Money::zero(new.currency)))
            .set("lines", Value::Json(json!(lines)))
            .set("printed", Value::Json(json!(new.printed)));
        work.create("invoices", draft)
    })
}

/// The VAT in a sum.
pub(crate) fn vat_in(sum: Money, rate: u8) -> Option<Money> {
    sum.ratio(i64::from(rate), 100 + i64::from(rate))
}

fn line_json(line: &InvoiceLine) -> serde_json::Value {
    let price = Value::Money(line.price).to_json();
    json!({"name": line.name, "quantity": line.quantity, "unit": line.unit, "price": price, "vat_rate": line.vat_rate})
}

/// The next number of a legal entity in a year, written by the pattern of the field where it has one. Each kind of paper counts by
/// itself.
pub(crate) fn number(work: &mut Work<'_>, module: &str, inn: &str, year: i16) -> Result<String> {
    let next = work.next_number(&format!("{module}:{inn}:{year}"))?;
    let module = work.module(module)?;
    let series = module.field("number").and_then(Series::of);
    Ok(series.map_or_else(|| next.to_string(), |series| series.number(next)))
}

/// The invoices of an order in the order of their making.
///
/// # Errors
/// When the database fails.
pub fn invoices_of(work: &mut Work<'_>, order: Id) -> Result<Vec<Record>> {
    work.as_process(|work| {
        let module = work.module("invoices")?;
        let of_order = model::expr::Plan::field(&module, "order").and_then(|field| field.eq(order));
        let of_order = of_order.map_err(|error| Error::bad_query(error.code.as_str(), error.message))?;
        let mut invoices = work.find("invoices", of_order)?;
        invoices.sort_by_key(|invoice| invoice.id);
        Ok(invoices)
    })
}

/// Whether an invoice of the order waits for a seller.
///
/// # Errors
/// When the database fails.
pub fn waits_for_seller(work: &mut Work<'_>, order: Id) -> Result<bool> {
    Ok(invoices_of(work, order)?.iter().any(|invoice| invoice.text("status") == Some(DRAFT)))
}

/// The orders whose invoices wait for a seller.
///
/// # Errors
/// When the database fails.
pub fn without_seller(work: &mut Work<'_>) -> Result<Vec<Id>> {
    work.as_process(|work| {
        let module = work.module("invoices")?;
        let drafts = model::expr::Plan::field(&module, "status").and_then(|field| field.eq(DRAFT));
        let drafts = drafts.map_err(|error| Error::bad_query(error.code.as_str(), error.message))?;
        Ok(work.find("invoices", drafts)?.iter().filter_map(|invoice| invoice.link("order")).collect())
    })
}

/// The invoice by which an order is paid now.
///
/// # Errors
/// When the database fails.
pub fn current_invoice(work: &mut Work<'_>, order: Id) -> Result<Option<Record>> {
    let mut invoices = invoices_of(work, order)?;
    invoices.retain(|invoice| matches!(invoice.text("status"), Some(ISSUED | PAID)));
    Ok(invoices.pop())
}

/// Nobody is to pay by what was issued for an order any more; the numbers stay used.
///
/// # Errors
/// When the database fails.
pub fn void_invoices(work: &mut Work<'_>, order: Id) -> Result<()> {
    move_from(work, order, &[DRAFT, ISSUED], VOID)
}

/// The order is paid, and so is what was issued for it.
///
/// # Errors
/// When the database fails.
pub fn pay_invoices(work: &mut Work<'_>, order: Id) -> Result<()> {
    move_from(work, order, &[ISSUED], PAID)
}

fn move_from(work: &mut Work<'_>, order: Id, from: &[&str], status: &'static str) -> Result<()> {
    let is_there = |invoice: &Record| invoice.text("status").is_some_and(|status| from.contains(&status));
    let issued = invoices_of(work, order)?.into_iter().filter(is_there);
    let issued: Vec<_> = issued.collect();
    work.as_process(|work| {
        for invoice in issued {
            work.update("invoices", invoice.id, Draft::new().set("status", status), None)?;
        }
        Ok(())
    })
}
