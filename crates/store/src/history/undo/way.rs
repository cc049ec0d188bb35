//! Undo goes no way that a process closes: what would come to stand in a state out of use stays where it is, and a move
//! that is made again is judged again.

use model::process::{Phase, Transition};
use model::{Record, Value};

use super::touched::Touched;
use crate::error::{Error, FieldError, Result};
use crate::process::Wanting;
use crate::work::Work;

impl Work<'_> {
    /// Fails where `record`, as it was brought back, stands in a state to which it may not have come from where it `was`.
    /// A way back is free, but into a good end: the condition of that is what the end means.
    pub(super) fn judge_way(&mut self, touched: &Touched, record: &Record, was: &Record) -> Result<()> {
        let Some(process) = self.definitions().process(&touched.module.name).cloned() else { return Ok(()) };
        let (from, to) =
            (was.text(&process.field).unwrap_or_default(), record.text(&process.field).unwrap_or_default());
        let Some(state) = process.state(to).filter(|_| from != to && touched.module.service.is_none()) else {
            return Ok(());
        };
        if state.retired {
            let message = format!("{to:?} is out of use: nothing comes to stand there any more");
            return Err(refused(touched, &message, vec![(process.field.clone(), "state_retired")]));
        }
        let leads_there = || process.transitions.iter().filter(|step| step.to == to);
        let mut ways: Vec<&Transition> =
            leads_there().filter(|step| step.from.iter().any(|start| start == from)).collect();
        if ways.is_empty() && state.phase == Phase::Won {
            ways = leads_there().collect();
        }
        // As whoever presses it is judged: with everything in place but the state.
        let mut pressed = record.clone();
        pressed.set(&process.field, Value::Text(from.to_owned()));
        let mut fields = Vec::new();
        for way in &ways {
            match self.wanting(way, &pressed)? {
                Wanting::Nothing => return Ok(()),
                Wanting::Another => {}
                Wanting::Wants(wanted) => fields.extend(wanted),
            }
        }
        if ways.is_empty() {
            return Ok(());
        }
        let faults = fields.into_iter().map(|field| (field, "unmet")).collect();
        Err(refused(touched, "the condition of the move does not hold any more", faults))
    }
}

fn refused(touched: &Touched, message: &str, faults: Vec<(String, &'static str)>) -> Error {
    let place = |field: &str| format!("{}/{}.{field}", touched.module.name, touched.id);
    let errors = faults.into_iter().map(|(field, code)| FieldError::new(place(&field), code, message)).collect();
    Error::Conflict { code: "undo_conflict", message: message.to_owned(), errors }
}
