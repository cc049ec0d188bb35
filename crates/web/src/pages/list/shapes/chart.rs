//! A list as bars: one for each group, as long as what it counts or what a field of its records comes to.

use std::collections::BTreeMap;

use maud::{Markup, html};
use model::rights::Grant;
use model::{Field, Module, Value};
use store::{Group, Grouping, List, Result, Work};

use super::{Asked, board};
use crate::drawn::bars::{self, Bar, Bars};
use crate::pages::list::groups;
use crate::ui::{Lens, Words, icon};

/// Bars of one picture: the longest, or the latest of periods.
const BARS: usize = 60;

/// The fields that bars can be as long as.
pub(super) fn measures<'m>(module: &'m Module, grant: &Grant) -> impl Iterator<Item = &'m Field> {
    let names: Vec<String> = module.fields.iter().map(|field| field.name.clone()).collect();
    let summed = groups::summed(module, &names);
    let hidden = grant.hidden.clone();
    module.fields.iter().filter(move |field| summed.contains(&field.name) && !hidden.contains(&field.name))
}

/// The field called `name` among them; nothing where records are counted.
pub(super) fn measure<'m>(module: &'m Module, grant: &Grant, name: &str) -> Option<&'m Field> {
    measures(module, grant).find(|field| field.name == name)
}

pub(super) struct Chart<'a> {
    lens: &'a Lens,
    module: &'a Module,
    /// Its address, and whether its reader may take numbers out.
    here: String,
    exports: bool,
    /// What the bars are of.
    by: String,
    /// What the bars are as long as.
    caption: String,
    /// The bars with the lists of their records, of money one picture for each currency.
    pictures: BTreeMap<String, Vec<(Bar, String)>>,
    /// Groups that are not drawn.
    left: usize,
}

/// Reads the groups and draws them. One statement, however many records there are.
pub(super) fn read<'a>(
    work: &mut Work<'_>,
    lens: &'a mut Lens,
    asked: &Asked<'a>,
    measure: Option<&Field>,
    list: &List,
) -> Result<Chart<'a>> {
    let group = match (&list.group, board::field(asked.module, asked.grant, "")) {
        (Some(group), _) => group.clone(),
        (None, Some(stages)) => stages.name.clone(),
        (None, None) => "created_at.month".to_owned(),
    };
    let by = work.grouping(asked.module, &group)?;
    let list = List { group: Some(group), ..list.clone() };
    let summed: Vec<&str> = measure.iter().map(|field| field.name.as_str()).collect();
    let mut groups = work.totals(&asked.module.name, &list, &summed)?;
    if by.period.is_some() {
        // Time goes on downwards, also where a list shows the latest first.
        groups.sort_by_key(|group| match group.value {
            Some(Value::Date(first)) => Some(first),
            _ => None,
        });
    }
    let left = groups.len().saturating_sub(BARS);
    if left > 0 {
        if by.period.is_none() {
            groups.sort_by(|one, other| longest(measure, other).total_cmp(&longest(measure, one)));
            groups.truncate(BARS);
        } else {
            groups.drain(..left);
        }
    }
    groups::learn(work, lens, &by, &groups)?;
    let caption = match measure {
        Some(field) => lens.field_label(field),
        None => lens.locale.say("chart-count"),
    };
    let mut chart = Chart {
        module: asked.module,
        here: asked.query.address(&asked.module.name),
        exports: asked.grant.export,
        by: lens.label(asked.module, &by.field.name),
        lens,
        caption,
        pictures: BTreeMap::new(),
        left,
    };
    for group in &groups {
        chart.add(asked, &by, measure, group);
    }
    Ok(chart)
}

/// How long the longest bar of a group is.
fn longest(measure: Option<&Field>, group: &Group) -> f64 {
    match measure.map(|field| group.totals.get(&field.name)) {
        None => as_length(group.count),
        Some(totals) => totals.into_iter().flatten().map(|total| size(&total.sum)).fold(0.0, f64::max),
    }
}

#[expect(clippy::cast_precision_loss, reason = "the length of a bar")]
fn as_length(count: i64) -> f64 {
    count as f64
}

/// A sum as a length; what is below nothing has none.
fn size(sum: &Value) -> f64 {
    let size = match sum {
        Value::Money(money) => as_length(money.minor),
        other => other.to_json().to_string().trim_matches('"').parse().unwrap_or_default(),
    };
    size.max(0.0)
}

/// A sum as programs write it.
fn number(sum: &Value) -> String {
    if sum.is_null() {
        return String::new();
    }
    let json = sum.to_json();
    json.get("amount").unwrap_or(&json).to_string().trim_matches('"').to_owned()
}

impl Chart<'_> {
    fn add(&mut self, asked: &Asked<'_>, by: &Grouping, measure: Option<&Field>, group: &Group) {
        let Some(value) = &group.value else { return };
        let label = groups::called(self.lens, by, value);
        let inside = groups::inside(asked.query, asked.fields, by, value);
        let Some(field) = measure else {
            let said = self.lens.number(group.count);
            let bar = Bar { label, size: as_length(group.count), number: group.count.to_string(), said };
            self.pictures.entry(String::new()).or_default().push((bar, inside));
            return;
        };
        for total in group.totals.get(&field.name).into_iter().flatten() {
            let currency = match &total.sum {
                Value::Money(money) => money.currency.to_string(),
                _ => String::new(),
            };
            let said = match &total.sum {
                Value::Null => self.lens.locale.say("total-too-large"),
                sum => self.lens.text(field, sum),
            };
            let bar = Bar { label: label.clone(), size: size(&total.sum), number: number(&total.sum), said };
            self.pictures.entry(currency).or_default().push((bar, inside.clone()));
        }
    }

    /// What a picture is of.
    fn title(&self, currency: &str) -> String {
        let (measure, by) = (self.caption.as_str(), self.by.as_str());
        let title = self.lens.locale.say_with("chart-caption", &[("measure", measure.into()), ("by", by.into())]);
        if currency.is_empty() { title } else { format!("{title}, {currency}") }
    }

    /// One of the pictures, to be kept.
    pub(super) fn picture(self, which: usize) -> Option<Bars> {
        let heads = [self.by.clone(), self.caption.clone()];
        let (currency, title) = self.pictures.keys().nth(which).map(|name| (name.clone(), self.title(name)))?;
        let bars = self.pictures.into_iter().find(|(name, _)| *name == currency)?.1;
        Some(Bars { title, heads, bars: bars.into_iter().map(|(bar, _)| bar).collect() })
    }

    pub(super) fn markup(&self) -> Markup {
        let l = self.lens.locale;
        html! {
            div.scroll.chart data-chart=(self.module.name) tabindex="0" role="region" aria-label=(l.say("shape-chart")) {
                @if self.pictures.values().all(Vec::is_empty) {
                    div.empty { (icon(assets::icon::CHART_COLUMN)) h2 { (l.say("chart-nothing")) } }
                }
                @for (which, (currency, bars)) in self.pictures.iter().enumerate().filter(|(_, (_, bars))| !bars.is_empty()) {
                    @let most = bars.iter().map(|(bar, _)| bar.size).fold(0.0, f64::max);
                    div {
                        table.bars {
                            caption { (self.title(currency)) }
                            tbody {
                                @for (bar, inside) in bars {
                                    tr {
                                        th scope="row" { a href=(inside) { (bar.label) } }
                                        td { progress value=(bar.size) max=(if most > 0.0 { most } else { 1.0 }) aria-label=(bar.label) {} }
                                        td.num { (bar.said) }
                                    }
                                }
                            }
                        }
                        (bars::links(l, &self.here, which, self.exports))
                    }
                }
                @if self.left > 0 { p.dim { (l.say_with("chart-left", &[("count", self.left.into())])) } }
            }
        }
    }
}
