//! The address of a list: what it asks for, and the addresses of its neighbours.

use model::{Definitions, Id, Module};
use store::{List, Look, Sort, View, Work};

use super::shapes::Shape;
use crate::ui::typed::Typed;

/// Cursors of earlier pages that an address carries.
const TRAIL: usize = 8;

/// What a view calls the way in which a list is shown when nothing is said.
const TABLE: &str = "table";

/// What the address asks for. It may begin with a saved view, and says then what is otherwise than there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Query {
    /// An expression.
    pub(super) filter: String,
    /// Words to be found.
    pub(super) words: String,
    /// The field to sort by, with `-` in front when the largest come first.
    pub(super) sort: String,
    /// Fields shown, in their order; none where the module says.
    pub(super) columns: Vec<String>,
    /// The field that parts the list into groups.
    pub(super) group: String,
    /// The bin.
    pub(super) deleted: bool,
    /// In which way it is shown, and what a board, calendar or timeline is told besides.
    pub(super) layout: Shape,
    /// The list as it is, though it opens with a view.
    pub(super) is_plain: bool,
    base: Option<Base>,
    cursor: String,
    /// Cursors of the pages before this one, the latest last.
    trail: Vec<String>,
    /// Pages before this one.
    page: usize,
}

/// The view that the address begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Base {
    id: Id,
    look: Vec<(&'static str, String)>,
}

impl Base {
    fn of(view: &View) -> Self {
        let look = Query::of(&view.look);
        Self { id: view.id, look: look.parts().into() }
    }

    fn text(&self, name: &str) -> &str {
        self.look.iter().find(|(known, _)| *known == name).map_or("", |(_, text)| text)
    }
}

impl Query {
    /// What the address asks for, on top of the view that it names.
    pub(super) fn read(pairs: &Typed, view: Option<&View>) -> Self {
        let base = view.map(Base::of);
        let short = |name: &str, limit: usize| -> String {
            let kept = base.as_ref().map_or("", |base| base.text(name));
            let text = if pairs.has(name) { pairs.text(name) } else { kept };
            text.chars().take(limit).collect()
        };
        let trail = pairs.text("trail").split('.').filter(|cursor| !cursor.is_empty()).map(str::to_owned).collect();
        Self {
            filter: short("filter", 8_000),
            words: short("q", 400),
            sort: short("sort", 60),
            columns: names(&short("columns", 4_000)),
            group: short("group", 80),
            deleted: pairs.text("deleted") == "true",
            layout: Shape::read(pairs, |name| short(name, 130)),
            cursor: short("cursor", 8_000),
            trail,
            page: pairs.text("page").parse().unwrap_or(0).min(1_000_000),
            is_plain: pairs.has("view") && base.is_none(),
            base,
        }
    }

    /// The same by the present names of fields: an address may be older than they are.
    pub(super) fn follow(&mut self, module: &Module, definitions: &Definitions) {
        let mut look = self.look();
        look.follow(module, definitions);
        (self.filter, self.sort, self.columns, self.group) = (look.filter, look.sort, look.columns, look.group_by);
        self.layout.called(look.by);
    }

    /// The query of a look that was kept.
    fn of(look: &Look) -> Self {
        let said = |name: &str| match name {
            "as" => look.kind.clone(),
            "by" => look.by.clone(),
            "span" => look.span.clone(),
            "who" => look.who.clone(),
            _ => String::new(),
        };
        Self {
            layout: Shape::laid_out(said),
            filter: look.filter.clone(),
            words: look.q.clone(),
            sort: look.sort.clone(),
            columns: look.columns.clone(),
            group: look.group_by.clone(),
            ..Self::default()
        }
    }

    /// What a view keeps of it.
    pub(super) fn look(&self) -> Look {
        let [span, who, by] = self.layout.kept().map(|(_, value)| value.to_owned());
        Look {
            by,
            span,
            who,
            kind: Some(self.layout.name()).filter(|name| !name.is_empty()).unwrap_or(TABLE).to_owned(),
            filter: self.filter.clone(),
            q: self.words.clone(),
            sort: self.sort.clone(),
            columns: self.columns.clone(),
            group_by: self.group.clone(),
        }
    }

    /// The list that is asked for.
    pub(super) fn list(&self, work: &Work<'_>, module: &Module, limit: usize) -> store::Result<List> {
        let mut list = work.list_of(&self.look(), module)?;
        if list.sort.is_empty() {
            list.sort = vec![Sort { field: "id".to_owned(), descending: true }];
        }
        list.limit = limit;
        list.cursor = Some(self.cursor.clone()).filter(|cursor| !cursor.is_empty());
        list.deleted = self.deleted;
        Ok(list)
    }

    /// The view that it begins with.
    pub(super) fn view(&self) -> Option<Id> {
        self.base.as_ref().map(|base| base.id)
    }

    /// Whether it asks for something else than its view, or than the module's list.
    pub(super) fn is_changed(&self) -> bool {
        self.kept("").iter().any(|(name, _)| !matches!(*name, "view" | "deleted" | "on"))
    }

    /// How many records stand before this page.
    pub(super) fn before(&self, limit: usize) -> usize {
        self.page.saturating_mul(limit)
    }

    /// Whether nothing narrows the list.
    pub(super) fn is_whole(&self) -> bool {
        self.filter.is_empty() && self.words.is_empty() && !self.deleted
    }

    /// The direction in which the list is sorted by `field`, where it is.
    pub(super) fn direction(&self, field: &str) -> Option<&'static str> {
        match self.sort.strip_prefix('-') {
            Some(sorted) if sorted == field => Some("descending"),
            None if self.sort == field => Some("ascending"),
            _ => None,
        }
    }

    /// The same list sorted by `field`; a second time the other way round.
    pub(super) fn sorted(&self, module: &str, field: &str) -> String {
        let sort = if self.direction(field) == Some("ascending") { format!("-{field}") } else { field.to_owned() };
        Self { sort, ..self.first() }.address(module)
    }

    /// The same list with other columns.
    pub(super) fn with_columns(&self, columns: Vec<String>) -> Self {
        Self { columns, ..self.clone() }
    }

    /// The same list in groups by `field`; by nothing where it is empty.
    pub(super) fn grouped(&self, module: &str, field: &str) -> String {
        Self { group: field.to_owned(), ..self.first() }.address(module)
    }

    /// The same list under another filter, from its beginning.
    pub(super) fn filtered(&self, module: &str, filter: String) -> String {
        Self { filter, ..self.first() }.address(module)
    }

    /// The other of bin and list in use.
    pub(super) fn other_side(&self, module: &str) -> String {
        Self { deleted: !self.deleted, ..self.first() }.address(module)
    }

    pub(super) fn next(&self, module: &str, cursor: &str) -> String {
        let mut next = self.clone();
        next.trail.push(std::mem::replace(&mut next.cursor, cursor.to_owned()));
        next.trail.retain(|cursor| !cursor.is_empty());
        let surplus = next.trail.len().saturating_sub(TRAIL);
        next.trail.drain(..surplus);
        next.page += 1;
        next.address(module)
    }

    /// The rows of the next page alone, behind a group that is marked so.
    pub(super) fn rows(&self, module: &str, cursor: &str, after: Option<String>) -> String {
        let after = after.map(|mark| format!("&{}", pair("after", &mark))).unwrap_or_default();
        format!("{}&rows=true{after}", self.next(module, cursor))
    }

    /// The page before this one; the first one where the way back is no longer known.
    pub(super) fn previous(&self, module: &str) -> Option<String> {
        if self.cursor.is_empty() {
            return None;
        }
        let mut previous = self.clone();
        let back = previous.trail.pop();
        previous.page = if back.is_some() { self.page.saturating_sub(1) } else { 0 };
        previous.cursor = back.unwrap_or_default();
        Some(previous.address(module))
    }

    /// What a form has to carry so that the rest of the list stays.
    pub(super) fn kept(&self, without: &str) -> Vec<(&'static str, String)> {
        let view = self.base.as_ref().map(|base| ("view", base.id.to_string()));
        let view = view.or_else(|| self.is_plain.then(|| ("view", String::new())));
        let in_view = |name: &str| self.base.as_ref().map_or("", |base| base.text(name));
        let all = self.parts().into_iter().filter(|(name, value)| value != in_view(name));
        let deleted = self.deleted.then(|| ("deleted", "true".to_owned()));
        let on = self.layout.day().map(|day| ("on", day));
        let kept = view.into_iter().chain(all).chain(deleted).chain(on);
        kept.filter(|(name, _)| *name != without).collect()
    }

    /// What its address says, for a form that carries it along.
    pub(super) fn written(&self) -> String {
        serde_urlencoded::to_string(self.kept("")).unwrap_or_default()
    }

    /// All that a view keeps, whatever the present one says.
    pub(super) fn whole(&self) -> Vec<(&'static str, String)> {
        self.parts().into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }

    /// What a view can keep, by its name in an address.
    fn parts(&self) -> [(&'static str, String); 9] {
        let [span, who, by] = self.layout.kept().map(|(name, value)| (name, value.to_owned()));
        [
            ("filter", self.filter.clone()),
            ("q", self.words.clone()),
            ("sort", self.sort.clone()),
            ("columns", self.columns.join(",")),
            ("group", self.group.clone()),
            ("as", self.layout.name().to_owned()),
            span,
            who,
            by,
        ]
    }

    /// The same list in another shape, from its beginning.
    pub(super) fn shaped(&self, module: &str, layout: Shape) -> String {
        Self { layout, ..self.first() }.address(module)
    }

    /// The same list as a table under another filter.
    pub(super) fn as_table(&self, module: &str, filter: String) -> String {
        Self { filter, layout: Shape::default(), ..self.first() }.address(module)
    }

    /// The part of a board behind `cursor` in the column of `value`.
    pub(super) fn part(&self, module: &str, value: &str, cursor: &str) -> String {
        let pairs = [("stage", value), ("cursor", cursor)];
        let whole = self.first().address(module);
        let sign = if whole.contains('?') { '&' } else { '?' };
        format!("{whole}{sign}{}", serde_urlencoded::to_string(pairs).unwrap_or_default())
    }

    fn first(&self) -> Self {
        Self { cursor: String::new(), trail: Vec::new(), page: 0, ..self.clone() }
    }

    /// Its address.
    pub(super) fn address(&self, module: &str) -> String {
        let (page, trail) = (self.page.to_string(), self.trail.join("."));
        let mut pairs = self.kept("");
        if !self.cursor.is_empty() {
            let place = [("cursor", self.cursor.clone()), ("trail", trail), ("page", page)];
            pairs.extend(place.into_iter().filter(|(_, value)| !value.is_empty()));
        }
        match serde_urlencoded::to_string(&pairs) {
            Ok(query) if !query.is_empty() => format!("/{module}?{query}"),
            _ => format!("/{module}"),
        }
    }
}

fn pair(name: &str, value: &str) -> String {
    serde_urlencoded::to_string([(name, value)]).unwrap_or_default()
}

/// Names of fields, separated by commas, each once.
pub(super) fn names(text: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in text.split(',').map(str::trim).filter(|name| model::definitions::is_name(name)) {
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use model::Id;
    use store::{Audience, Look, View};

    use super::Query;
    use crate::ui::typed;

    fn view() -> View {
        let look = Look {
            kind: "table".to_owned(),
            filter: "has(phone)".to_owned(),
            sort: "name".to_owned(),
            columns: vec!["name".to_owned(), "phone".to_owned()],
            ..Look::default()
        };
        let at = jiff::Timestamp::UNIX_EPOCH;
        let (id, owner) = (Id(Default::default()), Id(Default::default()));
        let (module, name) = ("leads".to_owned(), "Mine".to_owned());
        View {
            id,
            module,
            name: model::Label { ru: name.clone(), en: name },
            owner: Some(owner),
            pack: None,
            audience: Audience::Private,
            look,
            created_at: Some(at),
            updated_at: Some(at),
            is_open: true,
        }
    }

    fn asked(query: &str) -> Query {
        Query::read(&typed::read(query.as_bytes()).unwrap(), Some(&view()))
    }

    #[test]
    fn an_address_says_what_is_otherwise_than_in_its_view() {
        let id = view().id;
        let plain = asked(&format!("view={id}"));
        assert_eq!((plain.filter.as_str(), plain.sort.as_str(), plain.columns.len()), ("has(phone)", "name", 2));
        assert!(!plain.is_changed());
        assert_eq!(plain.address("leads"), format!("/leads?view={id}"));
        assert_eq!(plain.filtered("leads", String::new()), format!("/leads?view={id}&filter="));
        let other = asked(&format!("view={id}&filter=&sort=-name&as=board"));
        assert!(other.is_changed() && other.filter.is_empty());
        assert_eq!(other.address("leads"), format!("/leads?view={id}&filter=&sort=-name&as=board"));
        assert_eq!(other.look().kind, "board");
        assert_eq!(other.filtered("leads", "has(phone)".to_owned()), format!("/leads?view={id}&sort=-name&as=board"));
    }

    #[test]
    fn a_view_keeps_how_it_was_laid_out_and_not_the_day() {
        let pairs = typed::read(b"as=calendar&span=week&who=team&by=due_at&on=2026-12-01").unwrap();
        let look = Query::read(&pairs, None).look();
        let kept = (look.kind.as_str(), look.span.as_str(), look.who.as_str(), look.by.as_str());
        assert_eq!(kept, ("calendar", "week", "team", "due_at"));
        let view = View { look, ..view() };
        let shown = |more: &str| {
            let asked = typed::read(format!("view={}{more}", view.id).as_bytes()).unwrap();
            Query::read(&asked, Some(&view))
        };
        let (plain, other) = (shown("&on=2026-12-08"), shown("&span="));
        assert!(!plain.is_changed() && other.is_changed());
        assert_eq!(plain.look(), view.look);
        assert_eq!(plain.address("activities"), format!("/activities?view={}&on=2026-12-08", view.id));
        assert_eq!(other.look().span, "");
        assert_eq!(other.address("activities"), format!("/activities?view={}&span=", view.id));
        let table = shown("&as=");
        assert_eq!(table.look().kind, "table");
        assert_eq!(table.address("activities"), format!("/activities?view={}&as=&span=&who=&by=", view.id));
    }

    #[test]
    fn pages_know_the_way_back() {
        let first = Query { sort: "name".to_owned(), ..Query::default() };
        assert_eq!(first.next("leads", "AAA"), "/leads?sort=name&cursor=AAA&page=1");
        let second = Query { cursor: "AAA".to_owned(), page: 1, ..first };
        assert_eq!(second.previous("leads").as_deref(), Some("/leads?sort=name"));
        assert_eq!(second.next("leads", "BBB"), "/leads?sort=name&cursor=BBB&trail=AAA&page=2");
        let third = Query { cursor: "BBB".to_owned(), trail: vec!["AAA".to_owned()], page: 2, ..second };
        assert_eq!(third.previous("leads").as_deref(), Some("/leads?sort=name&cursor=AAA&page=1"));
    }

    #[test]
    fn sorting_twice_turns_the_order_round() {
        let query = Query { cursor: "AAA".to_owned(), ..Query::default() };
        assert_eq!(query.sorted("leads", "name"), "/leads?sort=name");
        let query = Query { sort: "name".to_owned(), ..Query::default() };
        assert_eq!(query.sorted("leads", "name"), "/leads?sort=-name");
    }
}
