//! Files as answers: attached to the survey as they are sent, named by the answers that come later. What no answer names when
//! they are kept goes to the bin.

use std::collections::{BTreeMap, BTreeSet};

use model::expr::Plan;
use model::module::FILES;
use model::survey::{Answers, Kind, SENT, Survey};
use model::{Id, Record, Value};
use store::{Error, FieldError, List, Result, Work};

use super::open::by_token;
use super::{Opened, take_turn, turn_of};
use crate::App;
use crate::attachments::{Upload, is_empty};

/// The largest file that is taken as an answer, in bytes.
pub const LARGEST_ANSWER: u64 = 10 * 1024 * 1024;
/// What may come at once, in bytes.
pub const ANSWERS_TOGETHER: u64 = 32 * 1024 * 1024;
/// Files that one link brings at most, those taken away again among them: strangers do not fill the disk.
const OF_ONE_LINK: i64 = 20;

impl Opened {
    /// The questions that take a file now.
    #[must_use]
    pub fn takes_files(&self) -> BTreeSet<String> {
        let takes = self.standing.is_open() && self.sent.is_some();
        let files = self.survey.asked().filter(|question| takes && question.kind == Kind::File);
        files.map(|question| question.key.clone()).collect()
    }
}

impl App {
    /// Whether the survey behind a link takes a file for the question: asked before any of its bytes is taken in.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`] `survey_over`; [`Error::Invalid`] where the question takes none.
    pub fn expects_survey_file(&self, work: &mut Work<'_>, token: &str) -> Result<BTreeSet<String>> {
        let opened = self.open_survey(work, token)?;
        if !opened.standing.is_open() {
            return Err(over());
        }
        let keys = opened.takes_files();
        if keys.is_empty() {
            return Err(Error::field("field", "unknown_field", "no question of this survey takes a file"));
        }
        Ok(keys)
    }

    /// Attaches what was taken in, each for its question, and answers which files they are.
    ///
    /// # Errors
    /// As [`App::expects_survey_file`]; [`Error::Invalid`] `survey_files_spent`.
    pub fn attach_answers(
        &self,
        work: &mut Work<'_>,
        token: &str,
        uploads: &[(String, Upload)],
    ) -> Result<Vec<(String, Id)>> {
        let keys = self.expects_survey_file(work, token)?;
        work.as_process(|work| {
            let sent = by_token(work, token)?;
            take_turn(work, turn_of(&sent))?;
            let mut count = files_of(work, sent.id, false, count)? + files_of(work, sent.id, true, count)?;
            let mut attached = Vec::with_capacity(uploads.len());
            for (key, upload) in uploads {
                if !keys.contains(key) {
                    return Err(Error::field(key, "unknown_field", "this question takes no file"));
                }
                if upload.size() == 0 {
                    return Err(Error::Invalid(vec![is_empty(key, upload.name())]));
                }
                if upload.size() > LARGEST_ANSWER {
                    return Err(Error::Invalid(vec![too_large(key)]));
                }
                count += 1;
                if count > OF_ONE_LINK {
                    let message = format!("a link brings {OF_ONE_LINK} files at most");
                    return Err(Error::field(key, "survey_files_spent", message));
                }
                let made = self.attach(work, SENT, sent.id, std::slice::from_ref(upload), None)?;
                attached.extend(made.first().map(|file| (key.clone(), file.id)));
            }
            Ok(attached)
        })
    }
}

/// A file that is larger than an answer may be.
#[must_use]
pub fn too_large(key: &str) -> FieldError {
    let most = LARGEST_ANSWER / 1024 / 1024;
    FieldError::new(key, "answer_file_too_large", format!("a file has at most {most} MB"))
}

fn over() -> Error {
    Error::conflict("survey_over", "this survey is answered, or its time is up")
}

/// What the files are called that were sent by the link of a survey, of those that are asked for.
///
/// # Errors
/// When the database fails.
pub fn file_names(work: &mut Work<'_>, sent: Id, files: &BTreeSet<Id>) -> Result<BTreeMap<Id, String>> {
    if files.is_empty() {
        return Ok(BTreeMap::new());
    }
    let all = work.as_process(|work| files_of(work, sent, false, listed))?;
    Ok(all.into_iter().filter(|file| files.contains(&file.id)).map(|file| (file.id, file.title())).collect())
}

/// The names of the files that answers name; a fault where one is none of this survey's.
pub(super) fn named(
    work: &mut Work<'_>,
    survey: &Survey,
    sent: Option<&Record>,
    answers: &Answers,
) -> Result<BTreeMap<Id, String>> {
    let asked = || survey.asked().filter(|question| question.kind == Kind::File);
    let files: BTreeSet<Id> = asked().filter_map(|question| answers.get(&question.key).as_id()).collect();
    let names = match sent {
        Some(sent) => file_names(work, sent.id, &files)?,
        None => BTreeMap::new(),
    };
    let is_strange = |key: &str| answers.get(key).as_id().is_some_and(|file| !names.contains_key(&file));
    let strange = asked().filter(|question| is_strange(&question.key));
    let faults: Vec<_> =
        strange.map(|it| FieldError::new(&it.key, "not_found", "no such file was sent by this link")).collect();
    if faults.is_empty() { Ok(names) } else { Err(Error::Invalid(faults)) }
}

/// What was sent by the link and is no answer goes to the bin.
pub(super) fn let_go(work: &mut Work<'_>, survey: &Survey, sent: Id, kept: &BTreeMap<Id, String>) -> Result<()> {
    if survey.questions.iter().all(|question| question.kind != Kind::File) {
        return Ok(());
    }
    for file in files_of(work, sent, false, listed)? {
        // What colleagues have attached is theirs.
        if file.created_by.is_none() && !kept.contains_key(&file.id) {
            work.delete(FILES, file.id, None)?;
        }
    }
    Ok(())
}

fn files_of<T>(
    work: &mut Work<'_>,
    sent: Id,
    deleted: bool,
    read: impl Fn(&mut Work<'_>, List) -> Result<T>,
) -> Result<T> {
    let module = work.module(FILES)?;
    let about = Plan::field(&module, "about").and_then(|about| about.eq(Value::Id(sent)));
    let filter = about.map_err(|error| Error::bad_query(error.code.as_str(), error.message))?;
    read(work, List { filter: Some(filter), deleted, limit: 500, ..List::default() })
}

#[expect(clippy::needless_pass_by_value, reason = "as its sister takes it")]
fn count(work: &mut Work<'_>, list: List) -> Result<i64> {
    work.count(FILES, &list, Some(OF_ONE_LINK + 1))
}

#[expect(clippy::needless_pass_by_value, reason = "as its sister takes it")]
fn listed(work: &mut Work<'_>, list: List) -> Result<Vec<Record>> {
    Ok(work.list(FILES, &list)?.records)
}
