//! Table, board, calendar, timeline, chart: offered where the module has what they need.

use maud::{Markup, html};
use model::Module;
use model::rights::Grant;

use super::shape::{Kind, Shape};
use super::{board, chart, dates};
use crate::pages::list::query::Query;
use crate::ui::{Lens, Words, icon};

/// The switch, and the field by which the present shape is laid out where there are several.
pub(in crate::pages::list) fn switch(lens: &Lens, module: &Module, grant: &Grant, query: &Query) -> Markup {
    let l = lens.locale;
    let (has_stages, has_dates) =
        (board::field(module, grant, "").is_some(), dates::chosen(module, grant, "").is_some());
    let is_offered = |kind: &Kind| match kind {
        Kind::Table | Kind::Chart => true,
        Kind::Board => has_stages,
        Kind::Calendar | Kind::Timeline => has_dates,
    };
    let kinds: Vec<Kind> = Kind::ALL.into_iter().filter(is_offered).collect();
    let present = query.layout.kind;
    html! {
        @if kinds.len() > 1 && !query.deleted {
            nav.views aria-label=(l.say("shapes")) {
                @for kind in kinds {
                    @let address = query.shaped(&module.name, Shape { kind, ..Shape::default() });
                    @let (icon_of, key) = match kind {
                        Kind::Table => (assets::icon::TABLE, "shape-table"),
                        Kind::Board => (assets::icon::KANBAN, "shape-board"),
                        Kind::Calendar => (assets::icon::CALENDAR, "shape-calendar"),
                        Kind::Timeline => (assets::icon::CHART_GANTT, "shape-timeline"),
                        Kind::Chart => (assets::icon::CHART_COLUMN, "shape-chart"),
                    };
                    // On phones the picture stands alone.
                    a.btn.quiet href=(address) aria-label=(l.say(key)) title=(l.say(key)) aria-current=[(kind == present).then_some("true")] {
                        (icon(icon_of)) span { (l.say(key)) }
                    }
                }
            }
            (fields(lens, module, grant, query))
            hr;
        }
    }
}

/// The fields among which the present shape can choose.
fn fields(lens: &Lens, module: &Module, grant: &Grant, query: &Query) -> Markup {
    let (choices, present): (Vec<(String, String)>, Option<String>) = match query.layout.kind {
        Kind::Table => (Vec::new(), None),
        Kind::Board => (
            board::fields(module, grant).map(|field| (field.name.clone(), lens.field_label(field))).collect(),
            board::field(module, grant, &query.layout.by).map(|field| field.name.clone()),
        ),
        Kind::Calendar | Kind::Timeline => (
            dates::offered(module, grant).iter().map(|dates| (dates.key(), dates.label(lens))).collect(),
            dates::chosen(module, grant, &query.layout.by).map(|dates| dates.key()),
        ),
        Kind::Chart => {
            let counted = (String::new(), lens.locale.say("chart-count"));
            let measures = chart::measures(module, grant).map(|field| (field.name.clone(), lens.field_label(field)));
            let present = chart::measure(module, grant, &query.layout.by).map(|field| field.name.clone());
            (std::iter::once(counted).chain(measures).collect(), Some(present.unwrap_or_default()))
        }
    };
    let named = choices.iter().find(|(key, _)| Some(key) == present.as_ref()).map(|(_, label)| label.as_str());
    // What one filters by bears the name of the same field.
    let key = match query.layout.kind {
        Kind::Board => "shape-columns",
        Kind::Chart => "shape-measure",
        Kind::Table | Kind::Calendar | Kind::Timeline => "shape-dates",
    };
    html! {
        @if let (Some(named), true) = (named, choices.len() > 1) {
            details.menu {
                summary.btn.quiet title=(lens.locale.say_with("shape-by", &[("name", named.into())])) {
                    (lens.locale.say_with(key, &[("name", named.into())])) (icon(assets::icon::CHEVRON_DOWN))
                }
                div.pop {
                    @for (key, label) in &choices {
                        @let is_on = Some(key) == present.as_ref();
                        a href=(query.shaped(&module.name, Shape { by: key.clone(), ..query.layout.clone() })) aria-current=[is_on.then_some("true")] {
                            @if is_on { (icon(assets::icon::CHECK)) }
                            (label)
                        }
                    }
                }
            }
        }
    }
}
