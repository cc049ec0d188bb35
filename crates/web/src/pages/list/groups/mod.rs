//! Groups of a list with what each comes to, folded and unfolded, and what the whole list comes to.

mod folds;
mod head;
mod menu;
mod totals;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::field::FieldType;
use model::{Id, Module, Record, Value};
use serde_json::Value as Json;
use store::{Folds, Group, Grouping, Groups, List, Result, Work};

use super::View;
use super::read::Asked;
use crate::ui::Lens;

pub(super) use folds::form;
pub(crate) use folds::keep;
pub(super) use head::{called, head, heads, inside, rest};
pub(super) use menu::menu;
pub(super) use totals::{foot, summed};

/// Heads of groups in one page, where all are folded.
const HEADS: usize = 200;

/// A list that is grouped.
pub(super) struct Grouped {
    by: Grouping,
    folds: Folds,
    /// The groups that are drawn, in the order of the list.
    heads: Vec<Group>,
    /// Whether there are more groups than are drawn.
    is_cut: bool,
}

impl Grouped {
    /// What the list is grouped by, and which groups its reader has folded; nothing where it is not grouped.
    pub(super) fn of(work: &mut Work<'_>, module: &Module, list: &List, view: Option<Id>) -> Result<Option<Self>> {
        let Some(name) = &list.group else { return Ok(None) };
        let by = work.grouping(module, name)?;
        let folds = work.folds(&module.name, view, name)?;
        Ok(Some(Self { by, folds, heads: Vec::new(), is_cut: false }))
    }

    /// The list without the records of folded groups.
    pub(super) fn narrow(&self, list: List) -> List {
        let groups = match (self.folds.all, self.otherwise()) {
            (false, values) if values.is_empty() => Groups::All,
            (false, values) => Groups::But(values),
            (true, values) => Groups::Only(values),
        };
        List { groups, ..list }
    }

    /// Reads the groups whose heads are drawn among the records, with their names. One query for the groups, however many.
    pub(super) fn read(
        &mut self,
        work: &mut Work<'_>,
        lens: &mut Lens,
        (module, list): (&Arc<Module>, &List),
        summed: &[String],
        (records, asked): (&[Record], &Asked),
    ) -> Result<()> {
        if asked.only.is_some() && asked.sums.is_none() {
            return Ok(());
        }
        let summed: Vec<&str> = summed.iter().map(String::as_str).collect();
        self.heads = match &asked.sums {
            Some(marks) => {
                let among: Vec<Value> = marks.iter().filter_map(|mark| self.by.read(mark)).collect();
                work.totals_among(&module.name, list, &summed, &among)?
            }
            None if self.folds.all => work.totals(&module.name, list, &summed)?,
            None => {
                let among = self.among(records, asked.after.as_deref());
                work.totals_among(&module.name, list, &summed, &among)?
            }
        };
        self.is_cut = self.heads.len() > HEADS;
        self.heads.truncate(HEADS);
        learn(work, lens, &self.by, &self.heads)
    }

    /// The groups of the records and those that are folded: a page shows a few of very many.
    fn among(&self, records: &[Record], after: Option<&str>) -> Vec<Value> {
        let mut among: Vec<Value> = Vec::new();
        let folded = self.otherwise();
        for value in records.iter().map(|record| self.by.shared(record)).chain(folded.iter().cloned()) {
            if !among.contains(&value) {
                among.push(value);
            }
        }
        // What goes on from the page before is not counted again, unless folded groups find their place behind it.
        let goes_on = after.is_some() && among.first().map(marked).as_deref() == after;
        if goes_on && folded.is_empty() {
            among.remove(0);
        }
        among
    }

    /// The groups that are otherwise than the rest.
    fn otherwise(&self) -> Vec<Value> {
        self.folds.otherwise.iter().filter_map(|mark| self.by.read(mark)).collect()
    }

    /// Whether there is anything to draw though no record is shown.
    pub(super) fn has_heads(&self) -> bool {
        !self.heads.is_empty()
    }

    /// Whether records of the list are not shown because their groups are folded.
    pub(super) fn hides_some(&self) -> bool {
        self.heads.iter().any(|group| self.is_folded(group))
    }

    fn is_folded(&self, group: &Group) -> bool {
        group.value.as_ref().is_some_and(|value| self.folds.is_folded(&value.to_json()))
    }

    fn place(&self, value: &Value) -> Option<usize> {
        self.heads.iter().position(|group| group.value.as_ref() == Some(value))
    }

    fn place_of_mark(&self, mark: &str) -> Option<usize> {
        self.heads.iter().position(|group| group.value.as_ref().is_some_and(|value| marked(value) == mark))
    }
}

/// Reads what groups of people and of linked records are called.
pub(super) fn learn(work: &mut Work<'_>, lens: &mut Lens, by: &Grouping, groups: &[Group]) -> Result<()> {
    let ids: BTreeSet<Id> = groups.iter().filter_map(Group::id).collect();
    match (by.field.kind, &by.field.module) {
        (FieldType::Person, _) => lens.learn_users(work, ids),
        (FieldType::Link | FieldType::File, Some(linked)) => {
            lens.learn_named(work, BTreeMap::from([(linked.clone(), ids)]), BTreeSet::new())
        }
        _ => Ok(()),
    }
}

/// The whole list.
pub(super) fn whole(
    work: &mut Work<'_>,
    module: &Arc<Module>,
    list: &List,
    summed: &[String],
) -> Result<Option<Group>> {
    let list = List { group: None, ..list.clone() };
    let summed: Vec<&str> = summed.iter().map(String::as_str).collect();
    Ok(work.totals(&module.name, &list, &summed)?.pop())
}

/// The value of a record's group as an address carries it.
pub(super) fn mark(view: &View, record: &Record) -> Option<String> {
    view.grouped.as_ref().map(|grouped| marked(&grouped.by.shared(record)))
}

fn marked(value: &Value) -> String {
    value.to_json().to_string()
}

/// The marks of the heads that a page shows and wants to have anew.
pub(super) fn marks(text: &str) -> Vec<Json> {
    let mut marks: Vec<Json> = serde_json::from_str(text).unwrap_or_default();
    marks.truncate(HEADS);
    marks
}
