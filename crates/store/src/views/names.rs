//! Views of one module: by name alone for menus, which are read on every page and compile no filter, and with what they
//! show for the tabs of a list.

use model::rights::Scope;
use model::{Id, Label};

use super::{Audience, COLUMNS, View};
use crate::db::Sql;
use crate::error::Result;
use crate::work::Work;

/// A view by its name: what it shows is learned where it is opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewName {
    /// Its id, part of its address.
    pub id: Id,
    /// The module it is a view of.
    pub module: String,
    /// What people call it: the same in every language where somebody made it.
    pub name: Label,
    /// Who sees it.
    pub audience: Audience,
}

impl From<&View> for ViewName {
    fn from(view: &View) -> Self {
        let View { id, module, name, audience, .. } = view;
        Self { id: *id, module: module.clone(), name: name.clone(), audience: *audience }
    }
}

impl Work<'_> {
    /// The first views of a module by name, one's own before those of others, those of packs last; none where the caller sees nothing of the
    /// module. A view whose filter is not for the caller may be among them, but is refused where it is opened.
    ///
    /// # Errors
    /// When the database fails.
    pub fn view_names(&mut self, module: &str, limit: usize) -> Result<Vec<ViewName>> {
        if !self.has_views(module) {
            return Ok(Vec::new());
        }
        let sql = Sql::new("select v.id, v.name, v.audience, v.team from views v where ");
        let sql = sql.append(self.so_many(module, limit));
        let mut names = Vec::new();
        for row in self.rows(&sql)? {
            let audience = Audience::read(&row.text(2)?, row.opt_uuid(3)?.map(Id)).unwrap_or(Audience::Private);
            names.push(ViewName {
                id: Id(row.uuid(0)?),
                module: module.to_owned(),
                name: Label { ru: row.text(1)?, en: row.text(1)? },
                audience,
            });
        }
        names.extend(self.pack_views(|view| view.module == module).iter().map(ViewName::from));
        names.truncate(limit);
        let l = self.views_locale();
        names.sort_by(|left, right| (left.name.get(l), left.id).cmp(&(right.name.get(l), right.id)));
        Ok(names)
    }

    /// The same with what they show, without those that would tell the caller of something hidden.
    ///
    /// # Errors
    /// When the database fails.
    pub fn views_of(&mut self, module: &str, limit: usize) -> Result<Vec<View>> {
        if !self.has_views(module) {
            return Ok(Vec::new());
        }
        let sql = Sql::new(COLUMNS).append(self.so_many(module, limit));
        let rows = self.rows(&sql)?;
        let views = rows.iter().map(|row| self.read_view(row)).collect::<Result<Vec<_>>>()?;
        let all = views.into_iter().chain(self.pack_views(|view| view.module == module));
        let mut views: Vec<View> = all.filter_map(|view| self.seen_view(view)).take(limit).collect();
        self.sort_views(&mut views);
        Ok(views)
    }

    fn has_views(&self, module: &str) -> bool {
        self.module(module).is_ok_and(|module| self.grant(&module).read != Scope::None)
    }

    fn so_many(&self, module: &str, limit: usize) -> Sql {
        let me = self.reader().ok().map(|me| me.0);
        let sql = self.views_seen().push(" and v.module = ").bind(module);
        let sql = sql.push(" order by case when v.owner = ").bind(me);
        sql.push(" then 0 else 1 end, v.name, v.id").limit(limit)
    }
}
