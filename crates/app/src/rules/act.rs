//! What rules do, one action at a time, each over the record as the one before left it.

use std::collections::{BTreeMap, BTreeSet};

use channels::letters::render;
use model::expr::Want;
use model::field::FieldType;
use model::rule::{Action, Addressee, Pool, Rule, Share, SortInto, Worth, fitted};
use model::{Field, Id, Label, Module, Record, Value};
use serde_json::{Map, Value as Json, json};
use store::{Draft, Error, Result, RuleReason, Work};

use super::due::Due;
use super::{Cause, holds, letter, webhook};
use crate::App;
use crate::queue::Way;
use crate::surveys::Sending;

/// Linked records that one action sets.
const MOST_LINKED: usize = 100;

impl App {
    /// Does one thing of a rule. Answers why it came to nothing where that is nobody's fault.
    pub(super) fn act(
        &self,
        work: &mut Work<'_>,
        rule: &Rule,
        cause: &Cause,
        (index, action): (usize, &Action),
    ) -> Result<Option<RuleReason>> {
        // What the actions before it left of the record.
        let record = match index {
            0 => cause.record.clone(),
            _ => work.get(&cause.record.module.name, cause.record.id)?,
        };
        // What a rule hands on is read by whoever gets it: it says no more than everybody sees.
        let record = work.as_anybody_sees(&record)?;
        let before = cause.before.as_ref().map(|before| work.as_anybody_sees(before)).transpose()?;
        let (module, id) = (record.module.clone(), record.id);
        let about = About { record: &record, before: before.as_ref() };
        if let Action::Letter { template, to, name } = action {
            let cause = format!("rule:{}:{}:{index}", rule.name, cause.of.name());
            let whom = letter::Whom { to, name: name.as_deref() };
            let withheld = letter::send(self, work, cause, (template, &whom), &about)?;
            return Ok(withheld.map(|why| why.at(index, action.name())));
        }
        let done = match action {
            Action::Set { of: None, fields } => {
                let values = self.values(work, &module, fields, &about)?;
                self.update(work, &module.name, id, &values, None).map(drop)
            }
            Action::Set { of: Some(link), fields } => self.set_linked(work, link, fields, &about),
            // What stands behind it is a run of its own; a letter was sent above.
            Action::Wait { .. } | Action::Approve { .. } | Action::Letter { .. } => Ok(()),
            Action::Due { field, within, since, stands_in, warn, share } => {
                let (since, warn) = (since.as_deref(), warn.as_deref());
                self.work_out_due(work, &Due { field, within, since, stands_in, warn, share: *share }, &about)
            }
            Action::Move { transition, fields } => {
                let values = self.values(work, &module, fields, &about)?;
                self.transition(work, &module.name, id, transition, &values).map(drop)
            }
            Action::Sort { into, fields, to, by } => {
                let made = into.makes().map(|made| work.module(made)).transpose()?;
                let values = match &made {
                    Some(made) => self.values(work, made, fields, &about)?,
                    None => Map::new(),
                };
                let way = match (into, to) {
                    (SortInto::Case, _) => Way::Case(values),
                    (SortInto::Lead, _) => Way::Lead(values),
                    (SortInto::Person, Some(pool)) => {
                        Way::Person { to: work.next_owner(pool, *by, &module, None)?, from: None }
                    }
                    (SortInto::Person, None) => return Err(Error::conflict("nobody_there", "nobody is named")),
                    (SortInto::Nothing, _) => Way::Nothing(None),
                    (SortInto::Queue, _) => Way::Queue,
                };
                self.sort(work, id, &way).map(drop)
            }
            Action::Create { module: made, fields, owner, by } => {
                let made = work.module(made)?;
                let mut values = self.values(work, &made, fields, &about)?;
                if let Some(pool) = owner {
                    match work.next_owner(pool, *by, &made, None) {
                        Ok(next) => drop(values.insert("owner".to_owned(), json!(next))),
                        // What is to be done is not lost because nobody is there.
                        Err(Error::Conflict { code: "nobody_there", .. }) => {}
                        Err(error) => return Err(error),
                    }
                }
                self.create(work, &made.name, &values).map(drop)
            }
            Action::Assign { to, by } if is_still_meant(work, rule, cause)? => assign(work, &record, to, *by),
            Action::Assign { .. } => Ok(()),
            Action::Sms { to, text, through } => {
                let cause = format!("rule:{}:{}:{index}", rule.name, cause.of.name());
                let sms = letter::sms(self, work, (to, text, through.as_deref()), &about)?;
                self.send_short(work, sms, &record, cause)
            }
            Action::Webhook { url } => webhook::queue(work, (rule, index), cause, &record, url),
            Action::Survey { survey: None } => self.send_survey_again(work, id).map(drop),
            Action::Survey { survey: Some(survey) } => {
                let about = (module.name.clone(), id);
                let sending = Sending { survey: survey.clone(), about, to: None, person: None };
                self.send_survey(work, &sending).map(drop)
            }
            Action::Issue { papers, send } => {
                self.issue_missing(work, id, papers)?;
                if *send {
                    let cause = format!("rule:{}:{}:{index}", rule.name, cause.of.name());
                    self.send_papers(work, id, papers, cause)?;
                }
                Ok(())
            }
            Action::Notify { to } => {
                let mut readers = BTreeSet::new();
                for whom in to {
                    match whom {
                        Addressee::Owner => readers.extend(record.owner),
                        Addressee::Role(role) => readers.extend(work.pool(&Pool::Role(role.clone()), true)?),
                        Addressee::Team(team) => readers.extend(work.pool(&Pool::Team(team.clone()), true)?),
                    }
                }
                work.tell_by_rule(&record, readers)
            }
        };
        done.map(|()| None)
    }

    /// Sets fields of the records that a link leads to; those in the bin are left alone.
    fn set_linked(
        &self,
        work: &mut Work<'_>,
        link: &str,
        fields: &BTreeMap<String, Worth>,
        about: &About<'_>,
    ) -> Result<()> {
        let module = &about.record.module;
        let target = module.field(link).and_then(|field| field.module.clone());
        let Some(target) = target else {
            return Err(Error::field(link, "unknown_field", model::extension::no_field(module, link)));
        };
        let linked = match about.record.get(link) {
            Value::Id(id) => vec![*id],
            value => value.as_ids().to_vec(),
        };
        if linked.len() > MOST_LINKED {
            let message = format!("{link:?} leads to {} records, and a rule sets {MOST_LINKED} at most", linked.len());
            return Err(Error::conflict("too_many", message));
        }
        let target = work.module(&target)?;
        let values = self.values(work, &target, fields, about)?;
        for id in linked {
            if work.get(&target.name, id)?.deleted_at.is_none() {
                self.update(work, &target.name, id, &values, None)?;
            }
        }
        Ok(())
    }

    /// What expressions and words come to, as a program would send them.
    fn values(
        &self,
        work: &mut Work<'_>,
        module: &Module,
        fields: &BTreeMap<String, Worth>,
        about: &About<'_>,
    ) -> Result<Map<String, Json>> {
        let mut values = Map::new();
        for (name, worth) in fields {
            let owner = Field::new("owner", FieldType::Person);
            let field = if name == "owner" && module.owners { Some(&owner) } else { module.field(name) };
            let Some(field) = field else {
                return Err(Error::field(name, "unknown_field", model::extension::no_field(module, name)));
            };
            let value = match worth {
                Worth::Words(words) => Json::from(self.worded(work, words, about.record)?),
                Worth::Expression(text) => about.fitted(work, text, field)?,
            };
            values.insert(name.clone(), value);
        }
        Ok(values)
    }

    /// Words over a record, in the language of the workspace.
    fn worded(&self, work: &mut Work<'_>, words: &Label, record: &Record) -> Result<String> {
        let locale = work.settings().locale;
        let data = letter::data(self, work, record, locale);
        let rendered = render(&letter::worded(words), locale, &data);
        Ok(rendered.map_err(|error| Error::conflict("broken_template", error.to_string()))?.subject)
    }
}

/// What actions are about: the record as it is, and as it was before what set the rule off.
pub(super) struct About<'a> {
    pub(super) record: &'a Record,
    pub(super) before: Option<&'a Record>,
}

impl About<'_> {
    /// What an expression comes to, as a field takes it.
    fn fitted(&self, work: &mut Work<'_>, text: &str, field: &Field) -> Result<Json> {
        let plan = work.rule_plan(&self.record.module, text, Want::Any)?;
        let value = work.rule_value(&plan, self.record, self.before);
        let (definitions, zone) = (work.definitions().clone(), work.settings().zone());
        let seen = definitions.seen_by_rules(&self.record.module);
        Ok(fitted(&value, &plan, (field, &seen), &definitions, &zone))
    }

    /// What an expression comes to, where that is a text.
    pub(super) fn text(&self, work: &mut Work<'_>, text: &str) -> Result<Option<String>> {
        let plan = work.rule_plan(&self.record.module, text, Want::Any)?;
        Ok(work.rule_value(&plan, self.record, self.before).as_text().map(str::to_owned))
    }
}

/// Whether the condition of a rule holds beside the owner who may have come since it was set off, too.
fn is_still_meant(work: &mut Work<'_>, rule: &Rule, cause: &Cause) -> Result<bool> {
    if cause.record.owner == cause.after.owner {
        return Ok(true);
    }
    let present = Record { owner: cause.record.owner, ..cause.after.clone() };
    holds(work, rule, &present, cause.before.as_ref())
}

fn assign(work: &mut Work<'_>, record: &Record, pool: &Pool, by: Share) -> Result<()> {
    let module = record.module.clone();
    let next: Id = work.next_owner(pool, by, &module, record.owner)?;
    work.update(&module.name, record.id, Draft::new().owned_by(Some(next)), None).map(drop)
}
