//! Making and changing records from outside: the generic write path, and for the modules of typed services their own.

use channels::consent::CONSENTS;
use model::module::FILES;
use model::{Id, Record, Value};
use serde_json::{Map, Value as Json};
use store::{Draft, Error, List, Page, Result, Work, sets_nothing_hidden};

use crate::App;
use crate::transitions::transition;

impl App {
    /// A page of records with the fields that are worked out.
    ///
    /// # Errors
    /// As [`Work::list`].
    pub fn list(&self, work: &mut Work<'_>, module: &str, list: &List) -> Result<Page> {
        let mut page = work.list(module, list)?;
        self.ticketing().compute(work, &mut page.records)?;
        Ok(page)
    }

    /// One record with the fields that are worked out.
    ///
    /// # Errors
    /// As [`Work::get`].
    pub fn get(&self, work: &mut Work<'_>, module: &str, id: Id) -> Result<Record> {
        let record = work.get(module, id)?;
        self.computed(work, record)
    }

    /// Makes a record from what was sent. True when it was made now and not by an earlier request.
    ///
    /// # Errors
    /// Every fault by field; [`Error::Conflict`] for what the present state forbids.
    pub fn create(&self, work: &mut Work<'_>, module: &str, json: &Map<String, Json>) -> Result<(Record, bool)> {
        let module = work.module(module)?;
        let (record, made) = match module.name.as_str() {
            "orders" => (self.place_entered(work, &module, json)?, true),
            "payments" => {
                let booked = self.book_entered(work, &module, json)?;
                (booked.payment, !booked.repeated)
            }
            "contracts" => {
                let how = "a contract is issued for a deal: POST /api/v1/deals/{id}/contract";
                return Err(Error::conflict("use_issue", how));
            }
            FILES => {
                let how = "a file is sent, not described: POST /api/v1/{module}/{id}/files";
                return Err(Error::conflict("use_upload", how));
            }
            name => {
                let mut draft = Draft::read(&module, json, work.settings().reading())?;
                self.check_draft(work, name, &mut draft, None)?;
                let known = match name {
                    "waiting_list" => self.ticketing().waiting_link(work)?,
                    _ => crate::queue::beginning(work, name, &draft)?,
                };
                let record = work.create_known(name, draft, known)?;
                if name == "waiting_list" {
                    self.ticketing().tell_place(work, record.id)?;
                }
                (record, true)
            }
        };
        Ok((self.shown(work, record)?, made))
    }

    /// Changes fields. With `expected` only when that is still the record's version.
    ///
    /// # Errors
    /// As [`Work::update`].
    pub fn update(
        &self,
        work: &mut Work<'_>,
        module: &str,
        id: Id,
        json: &Map<String, Json>,
        expected: Option<i64>,
    ) -> Result<Record> {
        let module = work.module(module)?;
        let mut draft = Draft::read(&module, json, work.settings().reading())?;
        let before = work.get(&module.name, id)?;
        self.check_draft(work, &module.name, &mut draft, Some(&before))?;
        let record = match module.name.as_str() {
            "tickets" => self.ticketing().change_ticket(work, id, draft, expected)?,
            CONSENTS => {
                let after = work.update(CONSENTS, id, draft, expected)?;
                crate::consents::stamped(work, &before, after)?
            }
            name => work.update(name, id, draft, expected)?,
        };
        self.shown(work, record)
    }

    /// What the typed services say to a draft of somebody's before it is written.
    pub(crate) fn check_draft(
        &self,
        work: &mut Work<'_>,
        module: &str,
        draft: &mut Draft,
        before: Option<&Record>,
    ) -> Result<()> {
        if let Some(before) = before {
            sets_nothing_hidden(before, draft)?;
        }
        if module == "messages" {
            // Judged by what it is, not by what the caller sees of it.
            let before = before.map(|before| work.as_process(|work| work.get(module, before.id))).transpose()?;
            return channels::outbox::check(draft, before.as_ref());
        }
        self.ticketing().check(work, module, draft, before)
    }

    /// Moves a record to the bin.
    ///
    /// # Errors
    /// As [`Work::delete`].
    pub fn delete(&self, work: &mut Work<'_>, module: &str, id: Id, expected: Option<i64>) -> Result<Record> {
        let record = work.delete(module, id, expected)?;
        self.ticketing().binned(work, module, id)?;
        Ok(record)
    }

    /// Takes a record out of the bin.
    ///
    /// # Errors
    /// As [`Work::restore`].
    pub fn restore(&self, work: &mut Work<'_>, module: &str, id: Id) -> Result<Record> {
        let record = work.restore(module, id)?;
        self.ticketing().binned(work, module, id)?;
        Ok(record)
    }

    /// Makes a move of a record's process.
    ///
    /// # Errors
    /// As [`transition`].
    pub fn transition(
        &self,
        work: &mut Work<'_>,
        module: &str,
        id: Id,
        name: &str,
        fields: &Map<String, Json>,
    ) -> Result<Record> {
        let record = transition(self, work, module, id, name, fields)?;
        self.shown(work, record)
    }

    /// A move that a typed service makes; the caller's right has been judged.
    pub(crate) fn service_transition(
        &self,
        work: &mut Work<'_>,
        service: &str,
        record: &Record,
        name: &str,
        fields: &Map<String, Json>,
    ) -> Result<Record> {
        let ticketing = self.ticketing();
        match record.module.name.as_str() {
            "orders" => ticketing.order_transition(work, record.id, name, fields),
            "tickets" => ticketing.ticket_transition(work, record.id, name, fields),
            "payments" => ticketing.payment_transition(work, record.id, name, fields),
            "invoices" => ticketing.invoice_transition(work, record.id, name, fields),
            "contracts" => ticketing.contract_transition(work, record.id, name, fields),
            other => Err(Error::conflict("invalid_transition", format!("{service} makes no moves of {other}"))),
        }
    }

    /// The record as the caller may see it after having written it. Somebody may make or give away what they may not
    /// read: then only that it is there is told.
    pub(crate) fn shown(&self, work: &mut Work<'_>, record: Record) -> Result<Record> {
        match work.get(&record.module.name, record.id) {
            Ok(record) => self.computed(work, record),
            Err(Error::NotFound { .. }) => {
                let values = vec![Value::Null; record.values.len()];
                Ok(Record { values, owner: None, ..record })
            }
            Err(error) => Err(error),
        }
    }

    fn computed(&self, work: &mut Work<'_>, record: Record) -> Result<Record> {
        let mut one = [record];
        self.ticketing().compute(work, &mut one)?;
        let [record] = one;
        Ok(record)
    }
}
