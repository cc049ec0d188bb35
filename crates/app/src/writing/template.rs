//! Templates from which a letter begins: those that rules of the record's module send, and those that nobody sends yet.

use std::sync::Arc;

use channels::letters::{Begun, begin};
use model::letter::Letter;
use store::{Error, FieldError, Result, Work};

use super::Subject;
use crate::rules::letter_data;
use crate::{App, Sender, senders};

impl App {
    /// Templates that fit what a letter is written about.
    #[must_use]
    pub fn templates_for(&self, work: &Work<'_>, subject: &Subject) -> Vec<Arc<Letter>> {
        let Some(about) = &subject.about else { return Vec::new() };
        let definitions = work.definitions();
        let is_of_module = |sender: &Sender| match sender {
            Sender::Rule(rule) => definitions.rule(rule).is_some_and(|rule| rule.module == about.module.name),
            _ => false,
        };
        // What advertises goes by rules: there is the way out in each.
        let fits = |letter: &Letter| !letter.marketing && senders(definitions, &letter.name).iter().all(is_of_module);
        definitions.letters().filter(|(letter, _)| fits(letter)).map(|(letter, _)| Arc::clone(letter)).collect()
    }

    /// What a template says over the record, as whoever works sees it, for them to write on.
    ///
    /// # Errors
    /// [`Error::Invalid`] for `template`: none of those that fit, or what is wrong in it and where.
    pub fn begin_letter(&self, work: &mut Work<'_>, subject: &Subject, template: &str) -> Result<Begun> {
        let letter = self.templates_for(work, subject).into_iter().find(|letter| letter.name == template);
        let (Some(letter), Some(about)) = (letter, &subject.about) else {
            return Err(Error::field("template", "invalid_choice", "there is no such letter for this record"));
        };
        let locale = subject.locale(work.settings().locale);
        let data = letter_data(self, work, about, locale);
        begin(&letter, locale, &data).map_err(|error| {
            let line = error.line.map(|line| format!(", line {line}")).unwrap_or_default();
            let message = format!("{}{line}: {}", error.part.name(), error.message);
            Error::Invalid(vec![FieldError::new("template", format!("template_{}", error.code), message)])
        })
    }
}
