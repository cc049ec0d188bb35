//! The answers to a survey as a table for spreadsheets.

use std::collections::BTreeMap;

use model::survey::{ANSWERS, Kind, Question, SENT};
use model::{Id, Locale, Record, l10n};
use store::{Error, Result, Work};

use super::no_survey;
use super::results::{columns, each_page, file_of};
use crate::App;

/// Rows of one file.
const ROWS: usize = 20_000;
/// Answers that are read for them.
const READ: usize = 500_000;

/// The surveys that were answered, one to a line, with a column for each question, for whoever may export them.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::NotFound`] where there is no such survey.
pub fn csv(app: &App, work: &mut Work<'_>, name: &str, locale: Locale) -> Result<String> {
    let (of_surveys, of_answers) = (work.module(SENT)?, work.module(ANSWERS)?);
    for module in [&of_surveys, &of_answers] {
        if !work.grant(module).export {
            let message = format!("your roles may not export {}", module.name);
            return Err(Error::forbidden("export_forbidden", message));
        }
    }
    let Some(survey) = work.definitions().survey(name).cloned() else { return Err(no_survey(name)) };
    let (mut surveys, mut answers): (Vec<Record>, BTreeMap<(Id, String), Record>) = (Vec::new(), BTreeMap::new());
    each_page(work, SENT, name, ROWS, |page| {
        surveys.extend(page.into_iter().filter(|sent| sent.text("status") == Some("answered")));
    })?;
    each_page(work, ANSWERS, name, READ, |page| {
        let keyed = page
            .into_iter()
            .filter_map(|answer| Some(((answer.link("survey")?, answer.text("question")?.to_owned()), answer)));
        answers.extend(keyed);
    })?;
    let zone = work.settings().zone();
    let label = |name: &str| of_surveys.field(name).map_or(name, |field| field.called(locale)).to_owned();
    let own = ["answered_at", "person", "email", "score"];
    // The mark by which spreadsheets know the encoding.
    let mut text = String::from("\u{feff}");
    let head = own.iter().map(|field| label(field));
    let asked: Vec<_> = columns(&survey).collect();
    csv_line(&mut text, head.chain(asked.iter().map(|question| question.label.or(locale, &question.key).to_owned())));
    for sent in &surveys {
        let at = sent.get("answered_at").as_instant().map(|at| l10n::date_time(locale, at, &zone));
        let word = |field: &str| sent.text(field).unwrap_or_default().to_owned();
        let score = sent.get("score").as_int().map(|score| score.to_string());
        let own = [at.unwrap_or_default(), word("person"), word("email"), score.unwrap_or_default()];
        let answer = |question: &Question| {
            let Some(answer) = answers.get(&(sent.id, question.key.clone())) else { return String::new() };
            let words = answer.text("answer").unwrap_or_default();
            match file_of(answer).filter(|_| question.kind == Kind::File) {
                // Whoever may read the answer opens it there.
                Some(file) => format!("{words} {}", app.ticketing().page_url(&format!("files/{file}"))),
                None => words.to_owned(),
            }
        };
        csv_line(&mut text, own.into_iter().chain(asked.iter().map(|question| answer(question))));
    }
    Ok(text)
}

/// Writes a line of a table for spreadsheets.
pub fn csv_line(text: &mut String, cells: impl Iterator<Item = String>) {
    let cells: Vec<String> = cells.map(|cell| quoted(&cell)).collect();
    text.push_str(&cells.join(","));
    text.push_str("\r\n");
}

/// A cell that no spreadsheet takes for a formula, whatever a stranger typed.
fn quoted(cell: &str) -> String {
    // Spreadsheets pass over blanks and marks before the sign, and some take the wide forms of it.
    let passed =
        |c: char| c.is_whitespace() || c.is_control() || matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}');
    let signs = ['=', '+', '-', '@', '＝', '＋', '－', '＠', '−'];
    let is_formula = cell.trim_start_matches(passed).starts_with(signs) || cell.starts_with(['\t', '\r']);
    let guard = if is_formula { "'" } else { "" };
    format!("\"{guard}{}\"", cell.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_cell_is_never_a_formula() {
        for cell in [" =1+1", "\u{feff}=1", "＝1", "\u{a0}＋1", "\n@SUM(1)", "\u{200b}-1"] {
            assert!(quoted(cell).starts_with("\"'"), "{cell:?}");
        }
        assert_eq!(quoted("=HYPERLINK(\"x\")"), "\"'=HYPERLINK(\"\"x\"\")\"");
        assert_eq!((quoted("-5"), quoted("5, \"6\"")), ("\"'-5\"".to_owned(), "\"5, \"\"6\"\"\"".to_owned()));
    }
}
