//! What would be made of a request: everything is done, told and undone.

use channels::requests::{Came, sample};
use channels::telephone::Refused;
use model::form::Told;
use model::rights::Capability;
use model::{Actor, Id, Value};
use serde_json::{Map, Value as Json};
use store::{Error, FieldError, Line, Origin, Result, Work};

use super::take::{Made, refused};
use super::{Request, source};
use crate::App;

/// How a request was read, and what would come of it.
#[derive(Clone, Debug)]
pub struct Tried {
    /// The module of what the form makes.
    pub module: String,
    /// What was answered, each with the field that it is for; those without are kept and stand in the message.
    pub found: Vec<(Told, Option<String>)>,
    /// What the record would be called, with the fields that are told; nothing where it is refused.
    pub made: Option<(String, Vec<(String, Value)>)>,
    /// Why it is refused.
    pub faults: Vec<FieldError>,
}

impl App {
    /// Finds out what would be made of a sample of what a source sends, now; nothing is kept and nobody is asked.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for whoever does not administer; [`Error::NotFound`]; [`Error::Invalid`] of a sample that cannot be
    /// read; [`Error::Conflict`] `no_requests` of a line that brings none, `form_gone`.
    pub async fn try_request(&self, actor: Actor, line: Id, body: &Json) -> Result<Tried> {
        let read = move |work: &mut Work<'_>| {
            work.require(Capability::Administer)?;
            work.line(line)
        };
        let line: Line = self.workspace().read(actor, read).await?;
        let none = || Error::conflict("no_requests", "the line brings no requests");
        let came = sample(source(&line).ok_or_else(none)?, body).map_err(|error| match error {
            Refused::Signature => Error::field("body", "invalid_request", "the sample cannot be read"),
            Refused::Unreadable(how) => Error::field("body", "invalid_request", how),
        })?;
        let (app, came) = (self.clone(), Came { name: "sample".to_owned(), ..came });
        let attempt = move |work: &mut Work<'_>| {
            let request = Request::of(&line, &came);
            let form = app.form_of_line(work, &request.form)?.form;
            let mut tried = None;
            let undone: Result<()> = work.attempt(|work| {
                work.as_process(|work| {
                    let placed = form.place(&*work.module(&form.module)?, &request.answers);
                    let found = request.answers.iter().cloned().zip(placed.places).collect();
                    let (made, faults) = match app.make_of_request(work, &request, &Map::new()) {
                        Ok(Made { record, fields }) => {
                            let told = fields.keys().chain(form.values.keys());
                            let told = told.map(|name| (name.clone(), record.get(name).clone()));
                            let told = told.filter(|(_, value)| !value.is_null()).collect();
                            (Some((record.title(), told)), Vec::new())
                        }
                        Err(error) => (None, refused(error)?),
                    };
                    tried = Some(Tried { module: form.module.clone(), found, made, faults });
                    Err(Error::conflict("request_tried", "nothing is kept of what is tried"))
                })
            });
            match (tried, undone) {
                (Some(tried), _) => Ok(tried),
                (None, Err(error)) => Err(error),
                (None, Ok(())) => Err(Error::conflict("request_tried", "nothing was tried")),
            }
        };
        // By the door by which it would come.
        Ok(self.workspace().write(Actor::Public, Origin::from("interface"), attempt).await?.0)
    }
}
