//! Where everything stands: states under each other in the order of their path, ends below a rule; short arrows between
//! neighbours, long ones in lanes beside them, forwards on the right and backwards on the left.

use super::bundles::{Bundle, Way, bundles};
use super::graph::Graph;
use super::measure::{width, wrapped};
use super::slots::{Side, Slots};

/// Sizes of letters, and how far their lines are apart.
pub(super) const FACT: (i32, i32) = (12, 16);
pub(super) const MOVE: (i32, i32) = (12, 14);

/// Where the words of a fact with a clock begin.
pub(super) const CLOCK: i32 = 17;
/// Between two states that no arrow joins.
const APART: i32 = 18;
/// More between the path and the ends.
const BEFORE_ENDS: i32 = 26;

/// How much room there is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Room {
    /// Of the whole picture, where it has few enough lanes.
    width: i32,
    narrowest: i32,
    widest: i32,
    /// For the names of long arrows: so much at least, and so much where they have long words.
    label: (i32, i32),
    lane: i32,
    edge: i32,
    /// Between the edge of a state and its words.
    inside: i32,
    /// Size of the letters of names, and how far their lines are apart.
    letters: (i32, i32),
}

/// A screen or a sheet of paper.
pub(crate) const WIDE: Room = Room {
    width: 700,
    narrowest: 200,
    widest: 280,
    label: (120, 160),
    lane: 12,
    edge: 8,
    inside: 10,
    letters: (13, 17),
};
/// A phone.
pub(crate) const NARROW: Room =
    Room { width: 346, narrowest: 118, widest: 220, label: (78, 108), lane: 7, edge: 3, inside: 7, letters: (12, 16) };

/// The places of a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Layout {
    pub(crate) width: i32,
    pub(crate) height: i32,
    /// State by state.
    pub(crate) boxes: Vec<Placed>,
    pub(crate) arrows: Vec<Arrow>,
    /// The line above the ends.
    pub(crate) rule: Option<i32>,
    /// Between the edge of a state and its words.
    pub(crate) inside: i32,
    /// Size of the letters of names, and how far their lines are apart.
    pub(crate) letters: (i32, i32),
}

/// A rectangle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rect {
    pub(crate) x: i32,
    pub(crate) y: i32,
    pub(crate) width: i32,
    pub(crate) height: i32,
}

/// A state in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Placed {
    pub(crate) rect: Rect,
    pub(crate) label: Vec<String>,
    /// Lines of the facts, and whether a clock stands before them.
    pub(crate) facts: Vec<(bool, Vec<String>)>,
}

/// An arrow in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Arrow {
    /// From which states to which.
    pub(crate) from: Vec<usize>,
    pub(crate) to: usize,
    /// The path, as SVG says it.
    pub(crate) path: String,
    /// The head, as SVG says it.
    pub(crate) head: String,
    /// The points through which it runs, for proofs.
    pub(crate) points: Vec<(i32, i32)>,
    pub(crate) label: Vec<String>,
    /// Where the lines of the label stand.
    pub(crate) place: Rect,
    /// Whether they end at the right edge of their place.
    pub(crate) is_ended: bool,
    pub(crate) is_own: bool,
    pub(crate) is_gone: bool,
}

/// What stands where from left to right.
struct Columns {
    left: i32,
    right: i32,
    /// Where names of long arrows have room on either side.
    label: (i32, i32),
    lane: i32,
    width: i32,
}

/// Places everything.
pub(crate) fn lay_out(graph: &Graph, room: &Room) -> Layout {
    let bundles = bundles(graph);
    let columns = columns(&bundles, room);
    let labels: Vec<Vec<String>> = bundles.iter().map(|bundle| label(bundle, &columns, &bundles)).collect();
    let slots = Slots::of(graph.nodes.len(), &bundles, &labels);
    let (mut boxes, mut rule, mut y) = (Vec::new(), None, room.edge + 6);
    for (row, node) in graph.nodes.iter().enumerate() {
        if row > 0 {
            y += gap(row, &bundles, &labels);
            if node.is_end && !graph.nodes[row - 1].is_end {
                y += BEFORE_ENDS;
                rule = Some(y - 12);
            }
        }
        let inner = columns.right - columns.left - 2 * room.inside;
        let label = wrapped(&node.label, room.letters.0, inner, 3);
        let fact = |is_timer: bool, text: &str| {
            (is_timer, wrapped(text, FACT.0, if is_timer { inner - CLOCK } else { inner }, 2))
        };
        let facts: Vec<_> = node.facts.iter().map(|fact_of| fact(fact_of.is_timer, &fact_of.text)).collect();
        let lines: usize = facts.iter().map(|(_, lines)| lines.len()).sum();
        let content = many(label.len()) * room.letters.1 + many(lines) * FACT.1 + 2 * room.inside;
        let height = content.max(slots.height(row) + 12);
        let rect = Rect { x: columns.left, y, width: columns.right - columns.left, height };
        boxes.push(Placed { rect, label, facts });
        y += height;
    }
    let arrows = bundles.iter().enumerate().zip(labels).map(|((index, bundle), label)| {
        let placed = Drawn { boxes: &boxes, slots: &slots, columns: &columns };
        placed.arrow(index, bundle, label)
    });
    let arrows = arrows.collect();
    let (inside, letters) = (room.inside, room.letters);
    Layout { width: columns.width, height: y + room.edge + 2, boxes, arrows, rule, inside, letters }
}

fn columns(bundles: &[Bundle], room: &Room) -> Columns {
    let lanes = |way: Way| many(bundles.iter().filter(|it| it.way == way).map(|it| it.lane + 1).max().unwrap_or(0));
    let side = |way: Way| {
        let name = name_room(bundles, way, room);
        match lanes(way) {
            0 => (name, name),
            lanes => (name, name + 4 + lanes * room.lane),
        }
    };
    let ((left_name, left), (right_name, right)) = (side(Way::Left), side(Way::Right));
    // Names of short arrows may stand out over the edge of their states.
    let (before, behind) = (left.max(room.edge * 4), right.max(room.edge * 4));
    let middle = (room.width - before - behind - 2 * room.edge).clamp(room.narrowest, room.widest);
    let x = room.edge + before;
    Columns {
        left: x,
        right: x + middle,
        label: (if left_name > 0 { left_name } else { before }, if right_name > 0 { right_name } else { behind }),
        lane: room.lane,
        width: x + middle + behind + room.edge,
    }
}

/// What the names of one side need so that their words stay whole; nothing where nothing is named there.
fn name_room(bundles: &[Bundle], way: Way, room: &Room) -> i32 {
    let is_there = |bundle: &&Bundle| bundle.way == way || way == Way::Right && bundle.way == Way::Round;
    let of_bundle = |bundle: &Bundle| {
        let aside = if bundle.way == Way::Round { 18 } else { 12 };
        let before = if bundle.labels.len() > 1 { "• " } else { "" };
        let words = bundle.labels.iter().flat_map(|label| label.split_whitespace());
        words.map(|word| width(&format!("{before}{word}"), MOVE.0)).max().unwrap_or(0) + aside
    };
    let widest = bundles.iter().filter(is_there).map(of_bundle).max();
    widest.map_or(0, |widest| widest.clamp(room.label.0, room.label.1))
}

/// The lines of an arrow's label.
fn label(bundle: &Bundle, columns: &Columns, all: &[Bundle]) -> Vec<String> {
    let half = (columns.right - columns.left) / 2;
    let room = match bundle.way {
        Way::Right => columns.label.1 - 12,
        Way::Left => columns.label.0 - 12,
        Way::Round => columns.label.1 - 18,
        Way::Down if is_answered(bundle, all) => columns.label.0 + half - 22,
        Way::Down | Way::Up => columns.label.1 + half - 22,
    };
    let several = bundle.labels.len() > 1;
    let written = bundle.labels.iter().map(|label| if several { format!("• {label}") } else { label.clone() });
    written.flat_map(|label| wrapped(&label, MOVE.0, room, 3)).collect()
}

/// Whether an arrow goes back where this short one comes from.
fn is_answered(bundle: &Bundle, all: &[Bundle]) -> bool {
    all.iter().any(|other| other.way == Way::Up && bundle.from.contains(&other.to) && other.from.contains(&bundle.to))
}

/// The room between a row and the one above it.
fn gap(row: usize, bundles: &[Bundle], labels: &[Vec<String>]) -> i32 {
    let joins = |bundle: &Bundle| match bundle.way {
        Way::Down => bundle.to == row,
        Way::Up => bundle.to + 1 == row,
        _ => false,
    };
    let tall = bundles.iter().zip(labels).filter(|(bundle, _)| joins(bundle)).map(|(_, label)| many(label.len()));
    tall.max().map_or(APART, |lines| (lines * MOVE.1 + 12).max(30))
}

/// What is known when arrows are drawn.
struct Drawn<'a> {
    boxes: &'a [Placed],
    slots: &'a Slots,
    columns: &'a Columns,
}

impl Drawn<'_> {
    fn arrow(&self, index: usize, bundle: &Bundle, label: Vec<String>) -> Arrow {
        let (path, head, points, (place, is_ended)) = match bundle.way {
            Way::Down | Way::Up => self.short(bundle, &label),
            Way::Round => self.round(index, bundle, &label),
            Way::Right | Way::Left => self.long(index, bundle, &label),
        };
        Arrow {
            from: bundle.from.clone(),
            to: bundle.to,
            path,
            head,
            points,
            label,
            place,
            is_ended,
            is_own: bundle.is_own,
            is_gone: bundle.is_gone,
        }
    }

    /// Straight to the neighbour: downwards with its name on the left where one comes back, which has its name on the right.
    fn short(&self, bundle: &Bundle, label: &[String]) -> Run {
        let upper = &self.boxes[bundle.from[0].min(bundle.to)].rect;
        let lower = &self.boxes[bundle.from[0].max(bundle.to)].rect;
        let (top, bottom, middle) = (upper.y + upper.height, lower.y, upper.x + upper.width / 2);
        let is_down = bundle.way == Way::Down;
        let x = if is_down { middle - 7 } else { middle + 7 };
        let (begin, end) = if is_down { (top, bottom) } else { (bottom, top) };
        let sign = if is_down { 1 } else { -1 };
        let path = format!("M{x} {begin}V{}", end - 6 * sign);
        let head = format!("M{x} {end}l-4 {}h8z", -8 * sign);
        let is_ended = is_down && self.is_met(bundle);
        // The ends stand farther off: the name stays with its arrow.
        let height = many(label.len()) * MOVE.1;
        let y = top + (bottom - top - height) / 2;
        let text = label.iter().map(|line| width(line, MOVE.0)).max().unwrap_or(0);
        let place_x = if is_ended { x - 8 - text } else { x + 8 };
        (path, head, vec![(x, begin), (x, end)], (Rect { x: place_x, y, width: text, height }, is_ended))
    }

    fn is_met(&self, bundle: &Bundle) -> bool {
        self.slots.has_short(bundle.to, bundle.from[0])
    }

    /// Out of a state and in again, on its right.
    fn round(&self, index: usize, bundle: &Bundle, label: &[String]) -> Run {
        let rect = &self.boxes[bundle.to].rect;
        let (x, (top, bottom)) = (rect.x + rect.width, self.slot(bundle.to, Side::Right, index));
        let (out, back) = (top + 4, bottom - 4);
        let path = format!(
            "M{x} {out}H{}Q{} {out} {} {}V{}Q{} {back} {} {back}H{}",
            x + 6,
            x + 11,
            x + 11,
            out + 5,
            back - 5,
            x + 11,
            x + 6,
            x + 6
        );
        let head = format!("M{x} {back}l8 -4v8z");
        let points = vec![(x, out), (x + 11, out), (x + 11, back), (x, back)];
        let height = many(label.len()) * MOVE.1;
        let text = label.iter().map(|line| width(line, MOVE.0)).max().unwrap_or(0);
        let place = Rect { x: x + 16, y: top + (bottom - top - height) / 2, width: text, height };
        (path, head, points, (place, false))
    }

    /// In its lane past other states; further sources join it on the way.
    fn long(&self, index: usize, bundle: &Bundle, label: &[String]) -> Run {
        let is_right = bundle.way == Way::Right;
        let (side, out) = if is_right { (Side::Right, 1) } else { (Side::Left, -1) };
        let columns = self.columns;
        let room = if is_right { columns.label.1 } else { columns.label.0 };
        let edge = if is_right { columns.right } else { columns.left };
        let lane = edge + out * (room + 4 + many(bundle.lane) * columns.lane);
        let (top, bottom) = self.slot(bundle.to, side, index);
        let arrives = bottom - 4;
        // The farthest source draws the lane.
        let mut sources = bundle.from.clone();
        if !is_right {
            sources.reverse();
        }
        let (mut path, mut points) = (String::new(), Vec::new());
        for (number, source) in sources.iter().enumerate() {
            let (begin, end) = self.slot(*source, side, index);
            let y = i32::midpoint(begin, end);
            let turn = y + 5 * out;
            path.push_str(&format!("M{edge} {y}H{}Q{lane} {y} {lane} {turn}", lane - 5 * out));
            points.extend([(edge, y), (lane, y)]);
            if number == 0 {
                let leaves =
                    format!("V{}Q{lane} {arrives} {} {arrives}H{}", arrives - 5 * out, lane - 5 * out, edge + 6 * out);
                path.push_str(&leaves);
                points.extend([(lane, arrives), (edge, arrives)]);
            }
        }
        let head = format!("M{edge} {arrives}l{} -4v8z", 8 * out);
        let height = many(label.len()) * MOVE.1;
        let text = label.iter().map(|line| width(line, MOVE.0)).max().unwrap_or(0);
        let x = if is_right { edge + 10 } else { edge - 10 - text };
        (path, head, points, (Rect { x, y: top, width: text, height }, !is_right))
    }

    fn slot(&self, row: usize, side: Side, bundle: usize) -> (i32, i32) {
        let begin = self.boxes[row].rect.y + 6;
        let (top, bottom) = self.slots.place(row, side, bundle);
        (begin + top, begin + bottom)
    }
}

/// Path, head, points, and where the name stands.
type Run = (String, String, Vec<(i32, i32)>, (Rect, bool));

/// A number of things as a number of pixels is counted.
pub(super) fn many(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
