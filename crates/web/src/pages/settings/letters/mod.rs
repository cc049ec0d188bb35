//! Settings → Letters: what the program, its rules and its surveys write, who sends it, how it looks.

mod acts;
mod list;
mod look;
mod one;

use axum::Router;
use axum::routing::{get, post};
use maud::{Markup, html};
use model::letter::Letter;
use model::{Definitions, Locale};
use store::Error;

use app::{Sender, senders};

use super::{rules, surveys};
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::Words;
pub(super) use crate::ui::addresses::LETTERS;
use crate::ui::told::Controls;
use crate::ui::typed::Typed;

/// The controls of a letter.
const CONTROLS: Controls = &[
    ("label", "label_ru", "settings-label-ru"),
    ("name", "name", "settings-name"),
    ("subject.ru", "subject_ru", "letter-subject-ru"),
    ("subject.en", "subject_en", "letter-subject-en"),
    ("text.ru", "text_ru", "letter-text-ru"),
    ("text.en", "text_en", "letter-text-en"),
    ("subject", "subject_ru", "letter-subject-ru"),
    ("text", "text_ru", "letter-text-ru"),
    ("formatted", "formatted", "letter-formatted"),
    ("marketing", "marketing", "letter-marketing"),
];

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/settings/letters", get(list::page).post(acts::add))
        .route("/settings/letters/{letter}", get(one::page).post(acts::change))
        .route("/settings/letters/{letter}/delete", post(acts::delete))
}

fn known<'d>(definitions: &'d Definitions, name: &str) -> Result<&'d Letter, Problem> {
    let letter = definitions.letter(name).map(|letter| &**letter);
    Ok(letter.ok_or_else(|| Error::NotFound { module: "letters".to_owned(), id: name.to_owned() })?)
}

/// What a form holds for a letter that is there.
fn typed_letter(letter: &Letter) -> Typed {
    let mut typed = Typed::default();
    for (key, label) in [("label", &letter.label), ("subject", &letter.subject), ("text", &letter.text)] {
        typed.set(&format!("{key}_ru"), &label.ru);
        typed.set(&format!("{key}_en"), &label.en);
    }
    for (key, is_on) in [("formatted", letter.formatted), ("marketing", letter.marketing)] {
        if is_on {
            typed.set(key, "on");
        }
    }
    typed
}

/// What sends a letter, in words; rules and surveys lead to their pages.
fn sent_by(definitions: &Definitions, letter: &str, l: Locale) -> Markup {
    let senders = senders(definitions, letter);
    html! {
        @for (index, sender) in senders.iter().enumerate() {
            @if index > 0 { br; }
            @match sender {
                Sender::Orders => { (l.say(&format!("letters-when-{letter}"))) }
                Sender::Notices => { (l.say("letter-of-notices")) }
                Sender::Papers => { (l.say("letter-of-papers")) }
                Sender::Rule(name) => {
                    (l.say("letter-of-rule")) " "
                    a.link.above-link href=(format!("{}/{name}", rules::RULES)) { (definitions.rule(name).map_or(name.as_str(), |rule| rule.label.or(l, name))) }
                }
                Sender::Survey(name) => {
                    (l.say("letter-of-survey")) " "
                    a.link.above-link href=(format!("{}/{name}", surveys::SURVEYS)) { (definitions.survey(name).map_or(name.as_str(), |survey| survey.label.or(l, name))) }
                }
            }
        }
        @if senders.is_empty() { (l.say("letter-of-nobody")) }
    }
}
