//! The picture as SVG. Its colours are those of light paper, for whoever opens it alone; on our pages classes give it the
//! colours of the page. Nothing in it is pressed: what is a link stands in the table beside it.

use maud::{Markup, html};

use super::graph::{Graph, Mark};
use super::layout::{Arrow, CLOCK, FACT, Layout, MOVE, Placed};

/// What the picture is called, for whoever does not see it.
pub(crate) struct Told<'a> {
    pub(crate) title: &'a str,
    pub(crate) description: &'a str,
    /// Tells it from other pictures of the page.
    pub(crate) id: &'a str,
}

/// The picture.
pub(crate) fn svg(graph: &Graph, layout: &Layout, told: &Told<'_>) -> Markup {
    let (title, description) = (format!("{}-title", told.id), format!("{}-text", told.id));
    let (width, height) = (layout.width, layout.height);
    html! {
        svg class=(format!("drawing {}", told.id)) xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby=(title) aria-describedby=(description)
            width=(width) height=(height) viewBox=(format!("0 0 {width} {height}")) font-family="Inter, system-ui, sans-serif" {
            title id=(title) { (told.title) }
            desc id=(description) { (told.description) }
            rect.paper width=(width) height=(height) fill="#fff" {}
            @if let Some(y) = layout.rule {
                path.rule d=(format!("M0 {y}H{width}")) fill="none" stroke="#ddd" stroke-dasharray="2 4" {}
            }
            @for arrow in &layout.arrows { (drawn(arrow)) }
            @for (node, placed) in graph.nodes.iter().zip(&layout.boxes) {
                (state(placed, layout, (node.mark, node.tone), node.is_end))
                @if node.is_start { circle.start cx=(placed.rect.x + 14) cy=(placed.rect.y) r="4.5" fill="#333" {} }
            }
            @for arrow in &layout.arrows { (called(arrow)) }
        }
    }
}

fn drawn(arrow: &Arrow) -> Markup {
    let class = match (arrow.is_gone, arrow.is_own) {
        (true, _) => "way gone",
        (_, true) => "way own",
        _ => "way",
    };
    html! {
        g class=(class) {
            path d=(arrow.path) fill="none" stroke="#667" stroke-width="1.5" stroke-dasharray=[arrow.is_own.then_some("4 3")] {}
            path.head d=(arrow.head) fill="#667" {}
        }
    }
}

fn called(arrow: &Arrow) -> Markup {
    let (x, anchor) =
        if arrow.is_ended { (arrow.place.x + arrow.place.width, "end") } else { (arrow.place.x, "start") };
    html! {
        @for (y, line) in lines(&arrow.label, arrow.place.y, MOVE) {
            text.move x=(x) y=(y) text-anchor=(anchor) font-size=(MOVE.0) fill="#334" { (line) }
        }
    }
}

fn state(placed: &Placed, layout: &Layout, (mark, tone): (Mark, &str), is_end: bool) -> Markup {
    let (rect, x) = (&placed.rect, placed.rect.x + layout.inside);
    let class = match mark {
        Mark::None => "state",
        Mark::Slow => "state slow",
        Mark::Gone => "state gone",
        Mark::Here => "state here",
        Mark::Unseen => "state unseen",
    };
    let round = if is_end { 16 } else { 7 };
    let facts_y = rect.y + layout.inside + layout.letters.1 * super::layout::many(placed.label.len());
    let tops = placed.facts.iter().scan(facts_y, |y, (_, lines)| {
        let top = *y;
        *y += FACT.1 * super::layout::many(lines.len());
        Some(top)
    });
    html! {
        g class=(class) {
            rect class=(format!("box {tone}").trim_end()) x=(rect.x) y=(rect.y) width=(rect.width) height=(rect.height) rx=(round) fill="#fff" stroke="#889" stroke-width="1.5" {}
            @for (y, line) in lines(&placed.label, rect.y + layout.inside, layout.letters) {
                text.name x=(x) y=(y) font-size=(layout.letters.0) font-weight="600" fill="#223" { (line) }
            }
            @for ((is_timer, text), top) in placed.facts.iter().zip(tops) {
                @if *is_timer { (clock(x, top)) }
                @for (y, line) in lines(text, top, FACT) {
                    text.fact x=(if *is_timer { x + CLOCK } else { x }) y=(y) font-size=(FACT.0) fill="#445" { (line) }
                }
            }
        }
    }
}

/// A small clock before what waits.
fn clock(x: i32, top: i32) -> Markup {
    let (x, y) = (x + 6, top + FACT.1 / 2);
    html! {
        circle.clock cx=(x) cy=(y) r="5" fill="none" stroke="#445" stroke-width="1.3" {}
        path.clock d=(format!("M{x} {}V{y}h3", y - 3)) fill="none" stroke="#445" stroke-width="1.3" {}
    }
}

/// Lines with the height at which each stands.
fn lines(lines: &[String], top: i32, (size, apart): (i32, i32)) -> impl Iterator<Item = (i32, &String)> {
    let first = top + (apart + size) / 2 - 2;
    (0..).zip(lines).map(move |(number, line): (i32, &String)| (first + number * apart, line))
}
