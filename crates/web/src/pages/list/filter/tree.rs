//! A filter as people see it: conditions of which all or any have to hold, some of them in groups of the other kind. What
//! the form does not know stays as it is written.

use super::condition::{Condition, Operator};
use super::fields::Fields;
use super::reading;
use crate::pages::list::conjuncts::{Joint, bare, joined, parts, unwrapped};

/// A whole filter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::pages::list) struct Filter {
    pub(in crate::pages::list) joint: Joint,
    pub(in crate::pages::list) parts: Vec<Part>,
}

/// A condition, or conditions that the other joint holds together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::pages::list) enum Part {
    One(Item),
    Group(Vec<Item>),
}

/// A condition as it is written, and what it says where the form knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::pages::list) struct Item {
    pub(in crate::pages::list) text: String,
    pub(in crate::pages::list) condition: Option<Condition>,
}

/// Where a condition stands or is to stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::pages::list) enum Place {
    /// Behind all others.
    New,
    /// In the group of a part, which becomes one.
    In(usize),
    /// In the place of a condition: its part, and which of a group.
    At(usize, usize),
}

impl Place {
    /// As an address says it.
    pub(in crate::pages::list) fn read(text: &str) -> Self {
        let (part, item) = text.split_once('.').unwrap_or((text, "0"));
        match (part.parse(), item.parse(), item) {
            (Ok(part), Ok(item), _) => Self::At(part, item),
            (Ok(part), _, "new") => Self::In(part),
            _ => Self::New,
        }
    }

    pub(in crate::pages::list) fn text(self) -> String {
        match self {
            Self::New => "new".to_owned(),
            Self::In(part) => format!("{part}.new"),
            Self::At(part, item) => format!("{part}.{item}"),
        }
    }
}

impl Item {
    pub(super) fn read(text: &str, fields: &Fields) -> Self {
        Self { text: bare(text), condition: reading::condition(text, fields) }
    }
}

impl Part {
    /// Its conditions.
    pub(in crate::pages::list) fn items(&self) -> &[Item] {
        match self {
            Self::One(item) => std::slice::from_ref(item),
            Self::Group(items) => items,
        }
    }

    /// What it says where it is one condition that a choice has one of some values.
    fn holds(&self, field: &str) -> Option<&Condition> {
        let Self::One(item) = self else { return None };
        item.condition.as_ref().filter(|condition| condition.field == field && condition.operator == Operator::Is)
    }

    fn read(text: &str, joint: Joint, fields: &Fields) -> Self {
        let item = Item::read(text, fields);
        if item.condition.is_some() {
            return Self::One(item);
        }
        let inside = unwrapped(text).unwrap_or_else(|| text.to_owned());
        match parts(&inside) {
            Some((within, parts)) if parts.len() > 1 && within == joint.other() => {
                Self::Group(parts.iter().map(|part| Item::read(part, fields)).collect())
            }
            _ => Self::One(item),
        }
    }

    fn written(&self, joint: Joint) -> String {
        match self {
            Self::One(item) => item.text.clone(),
            Self::Group(items) => {
                let texts: Vec<&str> = items.iter().map(|item| item.text.as_str()).collect();
                format!("({})", joined(joint.other(), &texts))
            }
        }
    }
}

impl Filter {
    /// Takes a filter apart.
    pub(in crate::pages::list) fn read(filter: &str, fields: &Fields) -> Self {
        if filter.trim().is_empty() {
            return Self::default();
        }
        let is_known = reading::condition(filter, fields).is_some();
        // Brackets around the whole say nothing.
        let inside = if is_known { None } else { unwrapped(filter) };
        match parts(inside.as_deref().unwrap_or(filter)) {
            Some((joint, parts)) if !is_known => {
                Self { joint, parts: parts.iter().map(|part| Part::read(part, joint, fields)).collect() }
            }
            _ => Self { joint: Joint::All, parts: vec![Part::One(Item::read(filter.trim(), fields))] },
        }
    }

    /// The expression.
    pub(in crate::pages::list) fn written(&self) -> String {
        let texts: Vec<String> = self.parts.iter().map(|part| part.written(self.joint)).collect();
        joined(self.joint, &texts.iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// The condition in a place.
    pub(in crate::pages::list) fn at(&self, place: Place) -> Option<&Item> {
        let Place::At(part, item) = place else { return None };
        self.parts.get(part)?.items().get(item)
    }

    /// With a condition in a place. One that is there already is not put behind once more.
    pub(in crate::pages::list) fn with(mut self, place: Place, new: Item) -> Self {
        match place {
            Place::At(part, item) if self.at(place).is_some() => match self.parts.get_mut(part) {
                Some(Part::Group(items)) => {
                    if let Some(old) = items.get_mut(item) {
                        *old = new;
                    }
                }
                Some(Part::One(old)) => *old = new,
                None => {}
            },
            Place::In(part) if part < self.parts.len() => {
                if let Some(part) = self.parts.get_mut(part) {
                    let mut items = part.items().to_vec();
                    if !items.contains(&new) {
                        items.push(new);
                    }
                    *part = Part::Group(items);
                }
            }
            _ if self.parts.contains(&Part::One(new.clone())) => {}
            _ => self.parts.push(Part::One(new)),
        }
        self.plain()
    }

    /// Without the condition in a place.
    pub(in crate::pages::list) fn without(mut self, part: usize, item: usize) -> Self {
        match self.parts.get_mut(part) {
            Some(Part::Group(items)) if item < items.len() => drop(items.remove(item)),
            Some(Part::One(_)) => drop(self.parts.remove(part)),
            _ => {}
        }
        self.plain()
    }

    /// The values to one of which the whole filter holds a choice.
    pub(in crate::pages::list) fn chosen(&self, field: &str) -> &[String] {
        let held = self.parts.iter().filter(|_| self.joint == Joint::All).find_map(|part| part.holds(field));
        held.map_or(&[], |condition| &condition.values)
    }

    /// Holds a choice to one of the values, or to none of them in particular where there are none.
    pub(in crate::pages::list) fn choosing(mut self, field: &str, values: Vec<String>, fields: &Fields) -> Self {
        self = self.gathered();
        let place = self.parts.iter().position(|part| part.holds(field).is_some());
        let condition = Condition { field: field.to_owned(), operator: Operator::Is, values };
        let item = condition.written(fields).filter(|_| !condition.values.is_empty());
        let item = item.map(|text| Item { text, condition: Some(condition) });
        match (place, item) {
            (Some(part), Some(item)) => self.with(Place::At(part, 0), item),
            (Some(part), None) => self.without(part, 0),
            (None, Some(item)) => self.with(Place::New, item),
            (None, None) => self,
        }
    }

    /// Narrowed to where a condition holds as well.
    pub(in crate::pages::list) fn narrowed(self, condition: Condition, fields: &Fields) -> Self {
        let text = condition.text(fields);
        self.gathered().with(Place::New, Item { text, condition: Some(condition) })
    }

    /// The same as one condition where any of several has to hold, so that another can be put beside it.
    fn gathered(self) -> Self {
        if self.joint == Joint::All || self.parts.len() < 2 {
            return self;
        }
        let whole = Item { text: self.written(), condition: None };
        Self { joint: Joint::All, parts: vec![Part::One(whole)] }
    }

    /// With the other joint at its outermost level, and the first one in its groups.
    pub(in crate::pages::list) fn flipped(mut self) -> Self {
        self.joint = self.joint.other();
        self.plain()
    }

    /// Groups of one are none, and a group alone is the whole.
    fn plain(mut self) -> Self {
        self.parts.retain(|part| !part.items().is_empty());
        for part in &mut self.parts {
            if let [item] = part.items() {
                *part = Part::One(item.clone());
            }
        }
        if let [Part::Group(items)] = self.parts.as_mut_slice() {
            let items = std::mem::take(items);
            return Self { joint: self.joint.other(), parts: items.into_iter().map(Part::One).collect() };
        }
        if self.parts.len() < 2 {
            self.joint = Joint::All;
        }
        self
    }
}
