//! The address of a list: what it asks for, and the addresses of its neighbours.

use model::Module;
use store::{List, Sort, Work};

use crate::ui::typed::Typed;

/// Cursors of earlier pages that an address carries.
const TRAIL: usize = 8;

/// What the address asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Query {
    /// An expression.
    pub(super) filter: String,
    /// Words to be found.
    pub(super) words: String,
    /// The field to sort by, with `-` in front when the largest come first.
    pub(super) sort: String,
    /// The bin.
    pub(super) deleted: bool,
    cursor: String,
    /// Cursors of the pages before this one, the latest last.
    trail: Vec<String>,
    /// Pages before this one.
    page: usize,
}

impl Query {
    pub(super) fn read(pairs: &Typed) -> Self {
        let short = |name: &str, limit: usize| pairs.text(name).chars().take(limit).collect::<String>();
        let trail = pairs.text("trail").split('.').filter(|cursor| !cursor.is_empty()).map(str::to_owned).collect();
        Self {
            filter: short("filter", 8_000),
            words: short("q", 400),
            sort: short("sort", 60),
            deleted: pairs.text("deleted") == "true",
            cursor: short("cursor", 8_000),
            trail,
            page: pairs.text("page").parse().unwrap_or(0).min(1_000_000),
        }
    }

    /// The list that is asked for.
    pub(super) fn list(&self, work: &Work<'_>, module: &Module, limit: usize) -> store::Result<List> {
        let filter = Some(self.filter.as_str()).filter(|text| !text.is_empty());
        let sort = match self.sort.strip_prefix('-') {
            Some(field) => vec![Sort { field: field.to_owned(), descending: true }],
            None if self.sort.is_empty() => vec![Sort { field: "id".to_owned(), descending: true }],
            None => vec![Sort { field: self.sort.clone(), descending: false }],
        };
        Ok(List {
            filter: filter.map(|text| work.filter(&module.name, text)).transpose()?,
            text: Some(self.words.clone()).filter(|text| !text.is_empty()),
            sort,
            limit,
            cursor: Some(self.cursor.clone()).filter(|cursor| !cursor.is_empty()),
            deleted: self.deleted,
        })
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
        let deleted = if self.deleted { "true" } else { "" };
        let all = [("filter", self.filter.as_str()), ("q", &self.words), ("sort", &self.sort), ("deleted", deleted)];
        let kept = all.into_iter().filter(|(name, value)| *name != without && !value.is_empty());
        kept.map(|(name, value)| (name, value.to_owned())).collect()
    }

    fn first(&self) -> Self {
        Self { cursor: String::new(), trail: Vec::new(), page: 0, ..self.clone() }
    }

    fn address(&self, module: &str) -> String {
        let (page, trail) = (self.page.to_string(), self.trail.join("."));
        let mut pairs = self.kept("");
        if !self.cursor.is_empty() {
            pairs.extend([("cursor", self.cursor.clone()), ("trail", trail), ("page", page)]);
        }
        pairs.retain(|(_, value)| !value.is_empty());
        match serde_urlencoded::to_string(&pairs) {
            Ok(query) if !query.is_empty() => format!("/{module}?{query}"),
            _ => format!("/{module}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Query;

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
