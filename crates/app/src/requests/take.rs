//! A request of a line is read by its form and made what that form makes, once; what is refused is kept with its reasons.

use channels::requests::{Came, Notice};
use model::Record;
use serde_json::{Map, Value as Json};
use store::{Error, FieldError, Line, Result, Work};

use super::kept::{locale, put_aside, unasked};
use super::{Request, SOURCE, fetch, found};
use crate::App;
use crate::forms::{Filled, Via, no_consent};

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Became {
    /// What its form makes of it.
    Made,
    /// It was there already.
    Before,
    /// It waits among the rejected requests.
    Rejected,
}

/// What was made of a request, and the fields that were found in it.
pub(super) struct Made {
    pub(super) record: Record,
    pub(super) fields: Map<String, Json>,
}

impl App {
    /// Takes a request that came by a line.
    ///
    /// # Errors
    /// [`Error::Invalid`] `consent_needed` where it says itself that nobody agrees to be kept; when the database fails.
    pub fn take_request(&self, work: &mut Work<'_>, line: &Line, came: &Came) -> Result<Became> {
        let request = Request::of(line, came);
        work.as_process(|work| {
            // Before the first write, as all who take turns on who it is.
            if work.taken_in(SOURCE, &request.key)?.is_some() {
                return Ok(Became::Before);
            }
            if request.refuses_consent() {
                return Err(Error::Invalid(vec![no_consent()]));
            }
            self.make_or_keep(work, &request)
        })
    }

    fn make_or_keep(&self, work: &mut Work<'_>, request: &Request) -> Result<Became> {
        let error = match work.attempt(|work| self.make_of_request(work, request, &Map::new())) {
            Ok(Made { record, .. }) => {
                work.keep_taken_in(SOURCE, &request.key, (&record.module.name, record.id))?;
                return Ok(Became::Made);
            }
            Err(error) => error,
        };
        let faults = refused(error)?;
        let is_case = work.definitions().form(&request.form).is_some_and(|form| form.module == "cases");
        let (fields, _) = found(work, request);
        put_aside(work, request, (if is_case { "cases" } else { "leads" }, fields), &faults)?;
        Ok(Became::Rejected)
    }

    /// Makes what the form of a request makes, with some fields corrected. With the powers of the process.
    pub(super) fn make_of_request(
        &self,
        work: &mut Work<'_>,
        request: &Request,
        corrected: &Map<String, Json>,
    ) -> Result<Made> {
        let opened = self.form_of_line(work, &request.form)?;
        let placed = opened.form.place(&*work.module(&opened.form.module)?, &request.answers);
        let mut answers = placed.fields;
        for (name, value) in corrected {
            if value.is_null() { drop(answers.remove(name)) } else { drop(answers.insert(name.clone(), value.clone())) }
        }
        let more = unasked(request, &placed.places);
        let fields = answers.clone();
        let filled = Filled {
            form: opened.form.name.clone(),
            answers,
            files: Vec::new(),
            // It was asked for where the answers were given; what was asked there is what the form says.
            consents: true,
            marketing: request.wants_news(),
            source: request.source(),
            locale: locale(work),
            key: None,
            spam: None,
            worked: None,
            via: Some(Via {
                channel: request.channel(),
                line: (request.line, request.line_name.clone()),
                name: request.key.clone(),
                at: request.at,
                more,
                raw: request.raw.clone(),
            }),
        };
        let record = self.take_by_line(work, &opened, &filled)?;
        Ok(Made { record, fields })
    }

    /// Notes that the answers of a request are to be asked for; what is known already, or waits, is asked for once.
    ///
    /// # Errors
    /// When the database fails.
    pub fn await_request(&self, work: &mut Work<'_>, line: &Line, notice: &Notice) -> Result<()> {
        let came = channels::requests::of_meta(notice, &Map::new());
        let request = Request { unfetched: Some(notice.lead.clone()), ..Request::of(line, &came) };
        if work.taken_in(SOURCE, &request.key)?.is_some() {
            return Ok(());
        }
        fetch::begin(work, &request)
    }
}

/// Why a request could not be made what it asks for, by field; any other failure is none of the request's.
pub(super) fn refused(error: Error) -> Result<Vec<FieldError>> {
    match error {
        Error::Invalid(faults) => Ok(faults),
        Error::Conflict { code, message, errors } if errors.is_empty() => {
            Ok(vec![FieldError::new("form", code, message)])
        }
        Error::Conflict { errors, .. } => Ok(errors),
        error => Err(error),
    }
}
