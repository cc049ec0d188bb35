//! The board as markup.

use maud::{Markup, html};
use model::Field;

use super::{Board, Column};
use crate::pages::list::filter::{Condition, Fields, Filter};
use crate::pages::list::shapes::Asked;
use crate::ui::{Lens, Words};

/// The whole board, or of a part of it what takes the place of what is there.
pub(super) fn board(lens: &Lens, asked: &Asked<'_>, board: &Board) -> Markup {
    let l = lens.locale;
    if !board.whole {
        return html! { @for column in &board.columns { (cards(lens, asked, &board.field, column)) } };
    }
    if !asked.query.layout.stages.is_empty() {
        return html! { @for column in &board.columns { (self::column(lens, asked, &board.field, column)) } };
    }
    html! {
        form id="stages" method="post" action=(format!("/{}", asked.module.name)) {
            input type="hidden" name="by" value=(board.field.name);
            input type="hidden" name="next" value=(asked.here);
        }
        p.visually-hidden id="board-help" { (l.say("board-help")) }
        div.board data-board role="group" aria-label=(lens.field_label(&board.field)) aria-describedby="board-help" {
            @for column in &board.columns { (self::column(lens, asked, &board.field, column)) }
        }
    }
}

fn column(lens: &Lens, asked: &Asked<'_>, field: &Field, column: &Column) -> Markup {
    let l = lens.locale;
    let id = format!("col-{}", if column.value.is_empty() { "-" } else { &column.value });
    let count = column.group.as_ref().map_or(0, |group| group.count);
    let totals = column.group.iter().flat_map(|group| group.totals.values().flatten());
    let sums = totals.filter_map(|total| total.sum.as_money()).filter(|sum| !sum.is_zero());
    let sums: Vec<String> = sums.map(|sum| model::l10n::money(l, sum)).collect();
    html! {
        section.col id=(id) data-to=(column.value) aria-labelledby=(format!("{id}-name")) {
            header {
                h2 id=(format!("{id}-name")) { (column.label) }
                span.faint { span.visually-hidden { (l.say("board-count")) " " } (lens.number(count)) }
                @if !sums.is_empty() { span.num { (sums.join(" + ")) } }
            }
            (cards(lens, asked, field, column))
            @if count == 0 { p.faint.nobody { (l.say("board-nobody")) } }
        }
    }
}

/// The cards, and the way to those that follow: without script, the list of this stage.
fn cards(lens: &Lens, asked: &Asked<'_>, field: &Field, column: &Column) -> Markup {
    html! {
        @for card in &column.cards { (card.markup(lens)) }
        @if let Some(cursor) = &column.next {
            @let stage = condition(asked.fields, field, &column.value);
            @let filter = Filter::read(&asked.query.filter, asked.fields).narrowed(stage, asked.fields).written();
            @let more = asked.query.part(&asked.module.name, &column.value, cursor);
            a.btn.small.more href=(asked.query.as_table(&asked.module.name, filter)) hx-get=(more) hx-target="this" hx-swap="outerHTML" { (lens.locale.say("board-more")) }
        }
    }
}

/// What the records of one column have in common.
pub(super) fn condition(fields: &Fields, field: &Field, value: &str) -> Condition {
    Condition::that(fields, &field.name, Some(value).filter(|value| !value.is_empty()))
}
