//! A layout as it stands in the form.

use model::field::FieldType;
use model::module::Group;
use model::{Field, Label, Module};
use serde_json::{Map, Value as Json, json};

use super::super::mover::step;
use crate::ui::typed::Typed;

/// Groups that a form may hold.
const MOST: usize = 40;

/// What every record has and a list can show.
pub(super) const SYSTEM: [&str; 4] = ["owner", "created_at", "updated_at", "created_by"];

/// Groups, columns and searched fields in their order.
pub(super) struct Layout {
    pub(super) groups: Vec<Group>,
    /// Fields in none of the groups.
    pub(super) rest: Vec<String>,
    pub(super) columns: Vec<String>,
    pub(super) search: Vec<String>,
    pub(super) title: String,
    pub(super) subtitle: String,
}

impl Layout {
    /// As the module is laid out now.
    pub(super) fn of(module: &Module) -> Self {
        let grouped = |name: &str| module.groups.iter().any(|group| group.fields.iter().any(|field| field == name));
        Self {
            groups: module.groups.clone(),
            rest: placed(module).filter(|name| !grouped(name)).map(str::to_owned).collect(),
            columns: module.columns.clone(),
            search: module.search.clone(),
            title: module.title.clone(),
            subtitle: module.subtitle.clone().unwrap_or_default(),
        }
    }

    /// As it stands in the form, with what a button has moved.
    pub(super) fn read(module: &Module, typed: &Typed) -> Self {
        let text = |index: usize, language: &str| typed.text(&format!("group.{index}.{language}"));
        let indexes = (0..MOST).take_while(|index| typed.has(&format!("group.{index}.ru")));
        let group = |index| Group { label: Label::both(text(index, "ru"), text(index, "en")), fields: Vec::new() };
        let mut layout = Self { groups: indexes.map(group).collect(), ..Self::of(module) };
        layout.rest.clear();
        for (name, place) in
            typed.pairs().iter().filter_map(|(name, place)| Some((name.strip_prefix("place.")?, place)))
        {
            if !placed(module).any(|known| known == name) {
                continue;
            }
            match place.parse::<usize>().ok().and_then(|index| layout.groups.get_mut(index)) {
                Some(group) => group.fields.push(name.to_owned()),
                None => layout.rest.push(name.to_owned()),
            }
        }
        layout.columns = typed.all("column").map(str::to_owned).collect();
        let is_ticked = |name: &&String| typed.all("search").any(|ticked| ticked == name.as_str());
        let kept: Vec<String> = module.search.iter().filter(is_ticked).cloned().collect();
        let new = typed.all("search").filter(|name| !kept.iter().any(|there| there == name)).map(str::to_owned);
        layout.search = kept.iter().cloned().chain(new).collect();
        if typed.has("title") {
            typed.text("title").clone_into(&mut layout.title);
        }
        typed.text("subtitle").clone_into(&mut layout.subtitle);
        if let Some((act, what)) = typed.text("do").split_once(':') {
            layout.act(act, what);
        }
        layout
    }

    fn act(&mut self, act: &str, what: &str) {
        let index = what.parse::<usize>().ok().filter(|index| *index < self.groups.len());
        match (act, index) {
            ("group-up", Some(index)) => step(&mut self.groups, index, true),
            ("group-down", Some(index)) => step(&mut self.groups, index, false),
            ("group-remove", Some(index)) => {
                let gone = self.groups.remove(index);
                self.rest.splice(0..0, gone.fields);
            }
            ("group-add", _) => self.groups.push(Group { label: Label::default(), fields: Vec::new() }),
            ("field-up", _) => self.move_field(what, true),
            ("field-down", _) => self.move_field(what, false),
            ("column-up", _) => shift(&mut self.columns, what, true),
            ("column-down", _) => shift(&mut self.columns, what, false),
            _ => {}
        }
    }

    /// One place up or down, beyond the edge of its group into the next one.
    fn move_field(&mut self, name: &str, is_up: bool) {
        let mut lists: Vec<&mut Vec<String>> = self.groups.iter_mut().map(|group| &mut group.fields).collect();
        lists.push(&mut self.rest);
        let at = lists.iter().enumerate().find_map(|(list, fields)| {
            fields.iter().position(|field| field == name).map(|place| (list, place, fields.len()))
        });
        let Some((list, place, length)) = at else { return };
        let is_at_edge = if is_up { place == 0 } else { place + 1 == length };
        if !is_at_edge {
            return shift(lists.swap_remove(list), name, is_up);
        }
        let next = if is_up { list.checked_sub(1) } else { Some(list + 1).filter(|next| *next < lists.len()) };
        let Some(next) = next else { return };
        if let Some(fields) = lists.get_mut(list) {
            fields.remove(place);
        }
        if let Some(fields) = lists.get_mut(next) {
            fields.insert(if is_up { fields.len() } else { 0 }, name.to_owned());
        }
    }

    /// What is otherwise than the module has it, in the form of the API.
    pub(super) fn changes(&self, module: &Module) -> Map<String, Json> {
        let mut body = Map::new();
        let mut set = |key: &str, value: Json| drop(body.insert(key.to_owned(), value));
        let nameless = |group: &&Group| !(group.fields.is_empty() && group.label == Label::default());
        let groups: Vec<&Group> = self.groups.iter().filter(nameless).collect();
        if !groups.iter().copied().eq(&module.groups) {
            set("groups", json!(groups));
        }
        if self.columns != module.columns {
            set("columns", json!(self.columns));
        }
        if self.search != module.search {
            set("search", json!(self.search));
        }
        if self.title != module.title {
            set("title", json!(self.title));
        }
        if self.subtitle != module.subtitle.as_deref().unwrap_or_default() {
            set("subtitle", if self.subtitle.is_empty() { Json::Null } else { json!(self.subtitle) });
        }
        body
    }
}

/// Back to what the pack of the module says.
pub(super) fn undone() -> Map<String, Json> {
    ["groups", "columns", "search", "subtitle"].into_iter().map(|key| (key.to_owned(), Json::Null)).collect()
}

/// Fields that stand on the record page.
pub(super) fn placed(module: &Module) -> impl Iterator<Item = &str> {
    let owner = module.owners.then_some("owner");
    let grouped = module.groups.iter().flat_map(|group| &group.fields).map(String::as_str);
    let system = grouped.filter(|name| module.field(name).is_none() && *name != "owner");
    module.fields.iter().filter(|field| !field.secret).map(|field| field.name.as_str()).chain(owner).chain(system)
}

/// Fields that the list can show.
pub(super) fn listed(module: &Module) -> impl Iterator<Item = &str> {
    let is_shown = |field: &&Field| {
        !field.secret && !matches!(field.kind, FieldType::Json) || module.columns.contains(&field.name)
    };
    let system = SYSTEM.into_iter().filter(|name| *name != "owner" || module.owners);
    module.fields.iter().filter(is_shown).map(|field| field.name.as_str()).chain(system)
}

/// Fields in which search finds words.
pub(super) fn searched(module: &Module) -> impl Iterator<Item = &Field> {
    use FieldType::{Address, Email, LongText, Phone, Text, Url};
    module.fields.iter().filter(|field| {
        let is_text = matches!(field.kind, Text | LongText | Email | Phone | Address | Url);
        is_text && field.is_stored() && !field.secret || module.search.contains(&field.name)
    })
}

/// Fields that can name a record.
pub(super) fn naming(module: &Module) -> impl Iterator<Item = &Field> {
    let names = |field: &&Field| field.is_stored() && !field.secret && field.kind != FieldType::Links;
    module.fields.iter().filter(names)
}

fn shift(list: &mut [String], name: &str, is_up: bool) {
    if let Some(at) = list.iter().position(|there| there == name) {
        step(list, at, is_up);
    }
}

#[cfg(test)]
mod tests {
    use model::field::FieldType;
    use model::{Field, Label};
    use serde_json::json;

    use super::{Group, Layout};

    fn layout() -> Layout {
        let group = |name: &str, fields: &[&str]| Group {
            label: Label { ru: name.to_owned(), en: name.to_owned() },
            fields: fields.iter().map(|&field| field.to_owned()).collect(),
        };
        Layout {
            groups: vec![group("one", &["a", "b"]), group("two", &["c"])],
            rest: vec!["d".to_owned()],
            columns: vec!["a".to_owned(), "b".to_owned()],
            search: Vec::new(),
            title: "a".to_owned(),
            subtitle: String::new(),
        }
    }

    fn places(layout: &Layout) -> Vec<String> {
        let groups = layout.groups.iter().map(|group| group.fields.join(""));
        groups.chain([layout.rest.join("")]).collect()
    }

    #[test]
    fn a_field_goes_on_into_the_next_group() {
        for (act, field, wanted) in [
            ("field-down", "a", ["ba", "c", "d"]),
            ("field-down", "b", ["a", "bc", "d"]),
            ("field-up", "c", ["abc", "", "d"]),
            ("field-up", "d", ["ab", "cd", ""]),
            ("field-up", "a", ["ab", "c", "d"]),
            ("field-down", "d", ["ab", "c", "d"]),
            ("field-down", "nothing", ["ab", "c", "d"]),
        ] {
            let mut layout = layout();
            layout.act(act, field);
            assert_eq!(places(&layout), wanted, "{act} {field}");
        }
    }

    #[test]
    fn what_stood_in_a_group_that_goes_stands_with_the_rest() {
        let mut layout = layout();
        layout.act("group-remove", "0");
        assert_eq!(places(&layout), ["c", "abd"]);
        layout.act("group-remove", "7");
        layout.act("group-add", "");
        assert_eq!(places(&layout), ["c", "", "abd"]);
        layout.act("column-up", "b");
        assert_eq!(layout.columns, ["b", "a"]);
    }

    #[test]
    fn a_secret_stands_nowhere() {
        let label = json!({"ru": "X", "en": "X"});
        let module = json!({"name": "x", "label": label, "one": label, "title": "name", "fields": []});
        let mut module: model::Module = serde_json::from_value(module).unwrap();
        module.fields =
            vec![Field::new("name", FieldType::Text), Field { secret: true, ..Field::new("token", FieldType::Text) }];
        let layout = Layout::of(&module);
        assert_eq!(layout.rest, ["name"]);
        assert!(layout.changes(&module).is_empty());
        assert!(!super::listed(&module).any(|name| name == "token"));
    }
}
