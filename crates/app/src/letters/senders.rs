//! Who sends a letter, what it may therefore say, and how it looks over made-up data.

use channels::letters::{LetterError, Part, Rendered, render};
use model::letter::Letter;
use model::rule::Action;
use model::{Definitions, Label, Locale};
use serde_json::Value as Json;
use store::{Error, FieldError, Result};
use ticketing::{LETTERS, Ticketing};

use crate::{notices, papers, rules, surveys};

/// What sends a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sender {
    /// The program itself: orders, their money and their tickets.
    Orders,
    /// The program itself: what its users are told of.
    Notices,
    /// The program itself: contract and invoice of a deal.
    Papers,
    /// The rule of this name.
    Rule(String),
    /// The survey of this name.
    Survey(String),
}

/// What sends the letter called `letter`, running or not; nothing where nobody does.
#[must_use]
pub fn senders(definitions: &Definitions, letter: &str) -> Vec<Sender> {
    let sends = |action: &Action| matches!(action, Action::Letter { template, .. } if template == letter);
    let rules = definitions.rules().filter(|(rule, _)| rule.then.iter().any(sends));
    let surveys = definitions.surveys().filter(|(survey, _)| survey.letter == letter);
    let orders = LETTERS.contains(&letter).then_some(Sender::Orders);
    let notices = (letter == notices::TEMPLATE).then_some(Sender::Notices);
    let papers = (letter == papers::TEMPLATE).then_some(Sender::Papers);
    let rules = rules.map(|(rule, _)| Sender::Rule(rule.name.clone()));
    orders
        .into_iter()
        .chain(notices)
        .chain(papers)
        .chain(rules)
        .chain(surveys.map(|(it, _)| Sender::Survey(it.name.clone())))
        .collect()
}

/// Made-up data of each of those who send the letter. One that nobody sends yet may become anybody's.
fn samples(definitions: &Definitions, (letter, is_marketing): (&str, bool), locale: Locale) -> (Vec<Vec<Json>>, bool) {
    let senders = senders(definitions, letter);
    let of = |sender: &Sender| match sender {
        Sender::Orders => Ticketing::samples_of(letter, locale),
        Sender::Notices => notices::letter_samples(),
        Sender::Papers => papers::letter_samples(locale),
        Sender::Survey(_) => surveys::letter_samples(),
        Sender::Rule(rule) => {
            let module = definitions.rule(rule).and_then(|rule| definitions.module(&rule.module));
            rules::letter_samples(&module.map(|module| rules::sayable(module)).unwrap_or_default(), is_marketing)
        }
    };
    if !senders.is_empty() {
        return (senders.iter().map(of).collect(), true);
    }
    let all: Vec<&str> = definitions.modules().flat_map(|module| rules::sayable(module)).collect();
    (vec![rules::letter_samples(&all, is_marketing), surveys::letter_samples()], false)
}

/// The templates of a letter that can never be filled, with the line that is wrong.
pub(crate) fn faults(letter: &Letter, definitions: &Definitions) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let alone = |part: Part| match part {
        Part::Subject => Letter { text: Label::default(), ..letter.clone() },
        Part::Text => Letter { subject: Label::default(), ..letter.clone() },
    };
    for (part, locale) in both(&[Part::Subject, Part::Text]) {
        let (sets, by_all) = samples(definitions, (&letter.name, letter.marketing), locale);
        let (letter, is_text) = (alone(part), part == Part::Text);
        let wrong = |set: &Vec<Json>| set.iter().find_map(|data| render(&letter, locale, data).err());
        let mut wrongs = sets.iter().map(wrong);
        let fault =
            if by_all { wrongs.flatten().next() } else { wrongs.try_fold(None, |_, wrong| wrong.map(Some)).flatten() };
        if fault.is_none() && is_text && letter.marketing && !says_way_out(&letter, &sets, locale) {
            let message = "a letter that advertises says how its reader gets no more of them: {{ unsubscribe.url }}";
            faults.push(FieldError::new(format!("text.{locale}"), "no_unsubscribe", message));
        }
        faults.extend(fault.map(|error| fault_of(&error, locale)));
    }
    faults
}

/// Whether a letter names the way out over whatever of the data it can be filled with.
fn says_way_out(letter: &Letter, sets: &[Vec<Json>], locale: Locale) -> bool {
    let mut filled = sets.iter().flatten().filter_map(|data| render(letter, locale, data).ok());
    filled.all(|letter| letter.text.contains(rules::WAY_OUT))
}

fn both(parts: &[Part]) -> impl Iterator<Item = (Part, Locale)> {
    parts.iter().flat_map(|part| [(*part, Locale::Ru), (*part, Locale::En)])
}

fn fault_of(error: &LetterError, locale: Locale) -> FieldError {
    let line = error.line.map(|line| format!("line {line}: ")).unwrap_or_default();
    let (field, code) = (format!("{}.{locale}", error.part.name()), format!("template_{}", error.code));
    FieldError::new(field, code, format!("{line}{}", error.message))
}

/// The letter over made-up data of the first of its senders.
pub(super) fn preview(letter: &Letter, definitions: &Definitions, is_full: bool) -> Result<[(Locale, Rendered); 2]> {
    let wrong = faults(letter, definitions);
    if !wrong.is_empty() {
        return Err(Error::Invalid(wrong));
    }
    let rendered = |locale: Locale| {
        let (sets, _) = samples(definitions, (&letter.name, letter.marketing), locale);
        let mut wrong = None;
        // Everything that can be there is there in the first, and is missing in the second.
        for set in &sets {
            let data = if is_full { set.first() } else { set.get(1) };
            match render(letter, locale, data.unwrap_or(&Json::Null)) {
                Ok(rendered) => return Ok((locale, rendered)),
                Err(error) => wrong = wrong.or(Some(error)),
            }
        }
        Err(wrong.map_or_else(
            || Error::conflict("no_sample", "there is no data for it"),
            |error| Error::Invalid(vec![fault_of(&error, locale)]),
        ))
    };
    Ok([rendered(Locale::Ru)?, rendered(Locale::En)?])
}

/// What the templates of a letter may name, each with what could stand there: `order.number`, and of lists `tickets[].price`.
#[must_use]
pub fn variables(definitions: &Definitions, letter: &str, locale: Locale) -> Vec<(String, String)> {
    let is_marketing = definitions.letter(letter).is_some_and(|letter| letter.marketing);
    let (sets, is_sent) = samples(definitions, (letter, is_marketing), locale);
    let mut all: Vec<(String, String)> = Vec::new();
    // What any field of any module is called would be a list without an end.
    let sets =
        if is_sent { sets } else { vec![rules::letter_samples(&["name"], is_marketing), surveys::letter_samples()] };
    for data in sets.iter().filter_map(|set| set.first()) {
        name_all("", data, &mut all);
    }
    let mut named = std::collections::BTreeSet::new();
    all.retain(|(name, _)| named.insert(name.clone()));
    all
}

fn name_all(at: &str, json: &Json, all: &mut Vec<(String, String)>) {
    match json {
        Json::Object(map) => {
            for (key, inner) in map {
                let name = if at.is_empty() { key.clone() } else { format!("{at}.{key}") };
                name_all(&name, inner, all);
            }
        }
        Json::Array(items) => items.iter().take(1).for_each(|item| name_all(&format!("{at}[]"), item, all)),
        Json::String(text) => all.push((at.to_owned(), text.clone())),
        Json::Null => all.push((at.to_owned(), String::new())),
        other => all.push((at.to_owned(), other.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_orders_send_is_what_their_pack_brings() {
        let packs = ["tickets", "group_tickets"].map(|name| crate::packs::find(name).unwrap());
        let letters = packs.iter().flat_map(|pack| &pack.letters);
        let mut names: Vec<&str> = letters.map(|letter| letter.name.as_str()).collect();
        names.sort_unstable();
        assert_eq!(names, LETTERS);
    }
}
