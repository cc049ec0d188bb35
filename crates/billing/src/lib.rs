//! Billing: money that came, and where it went. A payment is a fact and is recorded before anybody asks what it is for;
//! each part of it is then allocated to an order, waits unallocated for a person, or was given back:
//! `amount = Σ allocations + unallocated + refunded`, always, no part below zero, in one currency.
//!
//! The unallocated part waits for one order, or for nobody in particular.
//!
//! Invoices ask for money under numbers without gaps and are kept as they were issued.
//!
//! The functions write with the powers of a process: whoever calls them has judged the actor.

mod attention;
mod balance;
mod contract;
mod deal;
mod invoice;
mod payment;

pub use attention::Attention;
pub use balance::{Allocation, Balance, BalanceError, PaymentStatus};
pub use contract::{ContractTerms, NewContract, SIGNED, draw_up};
pub use deal::{
    awaited, book_for_deal, deal_lock, due_on, invoice_of_deal, is_of_deal, is_still_earned, kept, mark, put_on_deal,
    release_of_deal, signed, standing, win,
};
pub use invoice::{
    DRAFT, InvoiceLine, InvoiceParties, NewInvoice, Requisites, VOID, current_invoice, invoices_of, issue,
    pay_invoices, void_invoices, waits_for_seller, without_seller,
};
pub use payment::{Method, NewPayment, Recorded, Released, allocate, attribute, rebalance, record, refund, release};
