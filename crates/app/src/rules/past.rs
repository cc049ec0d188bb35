//! What a rule would have done: its trigger and its condition over the changes of the last while. Nothing is written, nothing
//! leaves.

use channels::consent::standing;
use jiff::{SignedDuration, Timestamp};
use model::rights::Capability;
use model::rule::{Action, Rule, When};
use model::{Id, Record};
use store::{Error, FieldError, PastChanges, Result, Work};

use super::act::About;
use super::{holds, letter};
use crate::App;

/// How far it is looked back.
const BACK: SignedDuration = SignedDuration::from_hours(30 * 24);
/// Records that are told.
const TOLD: usize = 50;
/// Turns of records whose moment has come that are looked at.
const TURNS: usize = 10;
/// Records of one of them.
const AT_ONCE: usize = 200;

/// One time that a rule would have run.
#[derive(Clone, Debug)]
pub struct Fired {
    /// The record.
    pub record: Id,
    /// What it was called then.
    pub title: String,
    /// When.
    pub at: Timestamp,
    /// The change set that would have set it off; nothing where a date would.
    pub change_set: Option<Id>,
}

/// A letter that a rule would have sent.
#[derive(Clone, Debug)]
pub struct WouldSend {
    /// The record.
    pub record: Id,
    /// When.
    pub at: Timestamp,
    /// Name of the template.
    pub template: String,
    /// To whom.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// What stands in it.
    pub text: String,
}

/// What a rule would have done.
#[derive(Clone, Debug, Default)]
pub struct Rehearsed {
    /// How often it would have run.
    pub count: usize,
    /// How often its trigger fitted, whatever its condition said.
    pub set_off: usize,
    /// The newest of them.
    pub first: Vec<Fired>,
    /// Whether all changes of the while were looked at.
    pub is_whole: bool,
    /// Records that stand in a state of the rule and for which no rule counts time: the program set them up, as sample data.
    pub uncounted: usize,
    /// How many letters it would have sent.
    pub letters: usize,
    /// How many of them could not have been: there was no address, something to say was missing, or the address agreed to none such.
    pub unsent: usize,
    /// The newest letters.
    pub first_letters: Vec<WouldSend>,
}

impl App {
    /// What `rule`, kept or not, would have done in the last 30 days.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without the right to administer; [`Error::Invalid`] where the rule does not fit.
    pub fn rehearse_rule(&self, work: &mut Work<'_>, rule: &Rule) -> Result<Rehearsed> {
        work.require(Capability::Administer)?;
        let faults = rule.faults(work.definitions());
        if !faults.is_empty() {
            let fault = |fault: model::rule::Fault| FieldError::new(fault.at, fault.code, fault.message);
            return Err(Error::Invalid(faults.into_iter().map(fault).collect()));
        }
        let since = work.now().checked_sub(BACK).unwrap_or(Timestamp::MIN);
        let mut uncounted = 0;
        let (changes, is_whole) = if rule.stay().is_some() {
            by_stay(work, rule, since, &mut uncounted)?
        } else if rule.moment().is_some() {
            by_date(work, rule, since)?
        } else if let Some(schedule) = rule.schedule() {
            let (now, zone) = (work.now(), work.settings().zone());
            by_schedule(work, rule, schedule.last(now, &zone).filter(|last| *last > since))?
        } else {
            let PastChanges { changes, is_whole } = work.past_changes(rule, since)?;
            let seen = |change: store::Changed| (change.after, change.before, change.at, Some(change.change_set));
            (changes.into_iter().map(seen).collect(), is_whole)
        };
        let mut told = Rehearsed { set_off: changes.len(), is_whole, uncounted, ..Rehearsed::default() };
        for (after, before, at, change_set) in changes {
            if holds(work, rule, &after, before.as_ref())? {
                told.count += 1;
                if told.first.len() < TOLD {
                    told.first.push(Fired { record: after.id, title: after.title(), at, change_set });
                }
                self.would_send(work, rule, (&after, before.as_ref()), at, &mut told)?;
            }
        }
        Ok(told)
    }

    /// The letters of one run, over the record as it was: its own, and those of surveys that it sends.
    fn would_send(
        &self,
        work: &mut Work<'_>,
        rule: &Rule,
        (record, before): (&Record, Option<&Record>),
        at: Timestamp,
        told: &mut Rehearsed,
    ) -> Result<()> {
        for action in &rule.then {
            let written = match action {
                Action::Letter { template, to, name } => {
                    let whom = letter::Whom { to, name: name.as_deref() };
                    let written = letter::written(self, work, (template, &whom), &About { record, before });
                    written.map(|written| (template.clone(), written.to.email, written.subject, written.text))
                }
                Action::Sms { to, text, through } => {
                    let said = (to.as_str(), text, through.as_deref());
                    let written = letter::sms(self, work, said, &About { record, before });
                    written.map(|sms| (String::new(), sms.to, String::new(), sms.text))
                }
                Action::Survey { survey: Some(survey) } => {
                    let asked = self.would_ask(work, survey, record);
                    asked.map(|asked| (asked.template, asked.to, asked.words.subject, asked.words.text))
                }
                _ => continue,
            };
            match written {
                Ok((template, to, ..)) if is_withheld(work, &template, &to)? => told.unsent += 1,
                Ok((template, to, subject, text)) => {
                    told.letters += 1;
                    if told.first_letters.len() < TOLD {
                        told.first_letters.push(WouldSend { record: record.id, at, template, to, subject, text });
                    }
                }
                Err(Error::Db(error)) => return Err(Error::Db(error)),
                Err(_) => told.unsent += 1,
            }
        }
        Ok(())
    }
}

/// Whether a letter advertises to an address that has not agreed to that.
fn is_withheld(work: &mut Work<'_>, template: &str, to: &str) -> Result<bool> {
    let is_marketing = work.definitions().letter(template).is_some_and(|letter| letter.marketing);
    Ok(is_marketing && standing(work, to)?.withheld().is_some())
}

/// A record after and before what set a rule off, when that was, and by which change set.
type Seen = (Record, Option<Record>, Timestamp, Option<Id>);

/// The records whose moment came since, as they are now.
fn by_date(work: &mut Work<'_>, rule: &Rule, since: Timestamp) -> Result<(Vec<Seen>, bool)> {
    let (now, mut cursor, mut seen) = (work.now(), None, Vec::new());
    for _ in 0..TURNS {
        let found = work.rule_moments(rule, (since, now), cursor)?;
        seen.extend(found.records.into_iter().map(|record| (record.clone(), Some(record), now, None)));
        cursor = found.next;
        if cursor.is_none() {
            return Ok((seen, true));
        }
    }
    Ok((seen, false))
}

/// The records that fit now, at the last time of the schedule: what fitted at the others is not known.
fn by_schedule(work: &mut Work<'_>, rule: &Rule, last: Option<Timestamp>) -> Result<(Vec<Seen>, bool)> {
    let (Some(last), mut cursor, mut seen) = (last, None, Vec::new()) else { return Ok((Vec::new(), true)) };
    for _ in 0..TURNS {
        let found = work.scheduled(rule, cursor)?;
        seen.extend(found.records.into_iter().map(|record| (record.clone(), Some(record), last, None)));
        cursor = found.next;
        if cursor.is_none() {
            return Ok((seen, true));
        }
    }
    Ok((seen, false))
}

/// The records that stood long enough in a state of the rule: those that do now, and those that went out of it since.
fn by_stay(work: &mut Work<'_>, rule: &Rule, since: Timestamp, uncounted: &mut usize) -> Result<(Vec<Seen>, bool)> {
    let Some(stay) = rule.stay() else { return Ok((Vec::new(), true)) };
    let definitions = work.definitions().clone();
    let Some(process) = definitions.process(&rule.module) else { return Ok((Vec::new(), true)) };
    let (now, mut cursor, mut seen, mut is_whole) = (work.now(), None, Vec::new(), false);
    for _ in 0..TURNS {
        let found = work.standing_in(rule, cursor, AT_ONCE)?;
        for record in found.records {
            if let Some(stand) = work.stand_for(rule, &record)? {
                let moments = work.stay_moments(&stay, stand.since).into_iter();
                let come = moments.filter(|at| *at > since && *at <= now);
                seen.extend(come.map(|at| (record.clone(), Some(record.clone()), at, None)));
            } else {
                *uncounted += 1;
            }
        }
        cursor = found.next;
        is_whole = cursor.is_none();
        if is_whole {
            break;
        }
    }
    let left = Rule { when: When::Left { states: stay.states.to_vec() }, ..rule.clone() };
    let past = work.past_changes(&left, since)?;
    for change in past.changes {
        let Some(record) = change.before else { continue };
        if let Some(stand) = work.stands_since(&record, process, Some(change.after.version))? {
            let moments = work.stay_moments(&stay, stand.since).into_iter();
            let come = moments.filter(|at| *at > since && *at <= change.at);
            seen.extend(come.map(|at| (record.clone(), Some(record.clone()), at, None)));
        }
    }
    seen.sort_by_key(|(_, _, at, _)| std::cmp::Reverse(*at));
    Ok((seen, is_whole && past.is_whole))
}
