//! What controls of links hold and offer, by name. All that a form holds is named together: one query for each module and
//! one for users. What it offers besides is read by one statement for all modules that the reader reads whole, one for each
//! other module, and one for users.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::expr::Plan;
use model::field::FieldType;
use model::rights::Scope;
use model::{Field, Id, Module};
use store::{Hit, List, Result, Work};

use super::inputs::Input;
use super::{Lens, Words, frame};

/// Records that are offered before anything is typed: of one module, and of each where it may be any.
const LATEST: usize = 20;
const LATEST_OF_EACH: usize = 3;

/// A record or user that can be chosen.
pub(crate) struct Offer {
    /// What the control sends.
    pub(crate) value: String,
    pub(crate) name: String,
    /// Its page; nothing for users, and for what may not be seen.
    pub(crate) at: Option<String>,
}

/// What one control holds and offers.
#[derive(Default)]
pub(crate) struct Offers {
    pub(crate) chosen: Vec<Offer>,
    /// Others, with the heading over them where they are of several modules.
    pub(crate) others: Vec<(Option<String>, Vec<Offer>)>,
}

impl Offers {
    /// What is chosen is not offered once more.
    fn tell_apart(&mut self) {
        for (_, offers) in &mut self.others {
            offers.retain(|offer| self.chosen.iter().all(|chosen| chosen.value != offer.value));
        }
        self.others.retain(|(_, offers)| !offers.is_empty());
    }
}

/// What a field may lead to.
pub(crate) enum Target<'f> {
    /// Records of a module.
    Records(&'f str),
    /// Records of any module; the value is `module/id`.
    Any,
    /// Users.
    People,
}

impl<'f> Target<'f> {
    /// That of a field; nothing where it is no link.
    pub(crate) fn of(field: &'f Field) -> Option<Self> {
        match (field.kind, &field.module) {
            // Many users are chosen where lists are filtered; no field holds them.
            (FieldType::Person, _) | (FieldType::Links, None) => Some(Self::People),
            (FieldType::Link | FieldType::Links, Some(module)) => Some(Self::Records(module)),
            (FieldType::Record, _) => Some(Self::Any),
            _ => None,
        }
    }

    /// Where the script asks for what agrees with what is typed.
    pub(crate) fn asked_at(&self) -> String {
        match self {
            Self::Records(module) => format!("/search/links?of={module}"),
            Self::Any => "/search/links".to_owned(),
            Self::People => "/search/people".to_owned(),
        }
    }

    /// The record that a value leads to.
    fn record(&self, value: &str) -> Option<(String, Id)> {
        match self {
            Self::Records(module) => Some(((*module).to_owned(), value.parse().ok()?)),
            Self::Any => {
                let (module, id) = value.split_once('/')?;
                Some((module.to_owned(), id.parse().ok()?))
            }
            Self::People => None,
        }
    }

    fn chosen(&self, lens: &Lens, value: &str) -> Offer {
        let named = match self.record(value) {
            Some((module, id)) => {
                lens.title(&module, id).map(|title| (title.to_owned(), Some(format!("/{module}/{id}"))))
            }
            None => {
                let user = value.parse().ok().filter(|_| matches!(self, Self::People));
                user.and_then(|id| lens.user(id)).map(|name| (name.to_owned(), None))
            }
        };
        let (name, at) = named.unwrap_or_else(|| (lens.locale.say("link-hidden"), None));
        Offer { value: value.to_owned(), name, at }
    }

    /// What the control of a record of `hit` sends.
    fn value(&self, hit: &Hit) -> String {
        match self {
            Self::Any => format!("{}/{}", hit.module, hit.id),
            _ => hit.id.to_string(),
        }
    }
}

/// Names what stands in the controls.
pub(super) fn name(work: &mut Work<'_>, lens: &mut Lens, inputs: &mut [Input]) -> Result<()> {
    let (mut records, mut users) = (BTreeMap::<String, BTreeSet<Id>>::new(), BTreeSet::new());
    for input in inputs.iter() {
        let Some(target) = Target::of(&input.field) else { continue };
        for value in input.text.lines() {
            match target.record(value) {
                Some((module, id)) => drop(records.entry(module).or_default().insert(id)),
                None => users.extend(value.parse::<Id>().ok().filter(|_| matches!(target, Target::People))),
            }
        }
    }
    lens.learn_named(work, records, users)?;
    for input in inputs {
        let Some(target) = Target::of(&input.field) else { continue };
        input.links.chosen = input.text.lines().map(|value| target.chosen(lens, value)).collect();
        input.links.tell_apart();
    }
    Ok(())
}

/// Reads what the controls offer besides what stands in them.
pub(super) fn offer(work: &mut Work<'_>, lens: &mut Lens, inputs: &mut [Input]) -> Result<()> {
    let mut modules = BTreeSet::new();
    let (mut any, mut people) = (Vec::new(), Vec::new());
    for input in inputs.iter() {
        match Target::of(&input.field) {
            Some(Target::Records(module)) => drop(modules.insert(module.to_owned())),
            Some(Target::Any) if any.is_empty() => any = subjects(work),
            Some(Target::People) if people.is_empty() => people = work.colleagues("")?,
            _ => {}
        }
    }
    let mut of_each = latest(work, &modules.into_iter().collect::<Vec<_>>(), LATEST)?;
    let mut of_any = latest(work, &any.iter().map(|module| module.name.clone()).collect::<Vec<_>>(), LATEST_OF_EACH)?;
    lens.name_papers(work, &mut of_each)?;
    lens.name_papers(work, &mut of_any)?;
    for input in inputs {
        let Some(target) = Target::of(&input.field) else { continue };
        let group = |hits: &[Hit], module: &str| -> Vec<Offer> {
            // What names a record is not in the index where some role may not see it.
            let of_it = hits.iter().filter(|hit| hit.module == module && !hit.title.is_empty());
            of_it.map(|hit| Offer { value: target.value(hit), name: worded(hit), at: None }).collect()
        };
        input.links.others = match &target {
            Target::Records(module) => vec![(None, group(&of_each, module))],
            Target::Any => {
                let heading = |module: &Module| Some(module.label.get(lens.locale).to_owned());
                any.iter().map(|module| (heading(module), group(&of_any, &module.name))).collect()
            }
            Target::People => {
                let offer = |it: &store::Colleague| Offer { value: it.id.to_string(), name: it.name.clone(), at: None };
                vec![(None, people.iter().map(offer).collect())]
            }
        };
        input.links.tell_apart();
    }
    Ok(())
}

/// A hit in one line.
fn worded(hit: &Hit) -> String {
    let parts = [hit.title.as_str(), hit.subtitle.as_str()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// Modules whose records others may be about, in the order of the menu: those that the caller reads and finds by words,
/// and that are not about something themselves.
pub(crate) fn subjects(work: &Work<'_>) -> Vec<Arc<Module>> {
    let is_about = |module: &Module| module.fields.iter().any(|field| field.kind == FieldType::Record);
    let modules = work.definitions().modules();
    let modules = modules.filter(|module| !module.search.is_empty() && !is_about(module) && is_read(work, module));
    let mut modules: Vec<_> = modules.cloned().collect();
    modules.sort_by_key(|module| (frame::place(&module.name), module.name.clone()));
    modules
}

/// Up to `each` records of each of the modules, in their order, the newest first. Of modules that the caller reads whole
/// the index tells in one statement; of others it would have to look at everybody's records, so each is read as a list.
pub(crate) fn latest(work: &mut Work<'_>, modules: &[String], each: usize) -> Result<Vec<Hit>> {
    let known: Vec<Arc<Module>> = modules
        .iter()
        .filter_map(|name| work.definitions().module(name))
        .filter(|it| is_read(work, it))
        .cloned()
        .collect();
    let is_whole = |module: &Arc<Module>| !module.search.is_empty() && work.grant(module).read == Scope::All;
    let (whole, others): (Vec<_>, Vec<_>) = known.into_iter().partition(is_whole);
    let whole: Vec<String> = whole.into_iter().map(|module| module.name.clone()).collect();
    let mut hits = work.latest_in(&whole, each)?;
    for module in others {
        hits.extend(listed(work, &module, None, each)?);
    }
    hits.sort_by_key(|hit| modules.iter().position(|module| *module == hit.module));
    Ok(hits)
}

/// Records of the modules that agree with what was typed, best first.
pub(crate) fn agreeing(work: &mut Work<'_>, modules: &[String], text: &str, limit: usize) -> Result<Vec<Hit>> {
    let mut hits = work.search_in(modules, text, limit)?;
    // Modules of which the index has nothing are read as lists, by what names their records.
    let known = modules.iter().filter_map(|name| work.definitions().module(name));
    let wordless: Vec<_> = known.filter(|it| it.search.is_empty() && is_read(work, it)).cloned().collect();
    for module in wordless {
        let filter = Plan::field(&module, &module.title).and_then(|title| title.contains(text));
        if let Ok(filter) = filter {
            hits.extend(listed(work, &module, Some(filter), limit)?);
        }
    }
    hits.truncate(limit);
    Ok(hits)
}

/// Whether the caller reads records of the module and what they are called.
fn is_read(work: &Work<'_>, module: &Module) -> bool {
    let grant = work.grant(module);
    grant.read != Scope::None && !grant.hidden.contains(&module.title)
}

fn listed(work: &mut Work<'_>, module: &Module, filter: Option<Plan>, limit: usize) -> Result<Vec<Hit>> {
    let list = List { filter, limit, ..List::default() };
    let records = work.list(&module.name, &list)?.records;
    let hit = |record: model::Record| Hit {
        module: module.name.clone(),
        id: record.id,
        title: record.title(),
        subtitle: module.subtitle.as_deref().and_then(|name| record.text(name)).unwrap_or_default().to_owned(),
    };
    Ok(records.into_iter().map(hit).collect())
}
