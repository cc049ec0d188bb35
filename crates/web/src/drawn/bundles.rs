//! Moves that share an arrow, and the lanes beside the states in which long arrows run.

use std::collections::BTreeMap;

use super::graph::Graph;

/// How an arrow runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Way {
    /// To the next state.
    Down,
    /// To the state before.
    Up,
    /// On the right, past states, downwards.
    Right,
    /// On the left, past states, upwards.
    Left,
    /// From a state to itself.
    Round,
}

/// Moves on one arrow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bundle {
    pub(super) way: Way,
    /// Where it starts, from top to bottom.
    pub(super) from: Vec<usize>,
    pub(super) to: usize,
    /// Names of the moves, each once.
    pub(super) labels: Vec<String>,
    /// All of them happen by themselves.
    pub(super) is_own: bool,
    pub(super) is_gone: bool,
    /// The lane of a long arrow, counted from the states.
    pub(super) lane: usize,
}

impl Bundle {
    /// The first and the last row that it touches.
    fn rows(&self) -> (usize, usize) {
        let from = self.from.iter().copied();
        (from.clone().fold(self.to, usize::min), from.fold(self.to, usize::max))
    }
}

/// Every move is in a bundle for each direction in which it goes.
pub(super) fn bundles(graph: &Graph) -> Vec<Bundle> {
    let mut shared: BTreeMap<(Way, Vec<usize>, usize), Bundle> = BTreeMap::new();
    for step in &graph.moves {
        for (way, from) in ways(&step.from, step.to) {
            let key = (way, from.clone(), step.to);
            let bundle = shared.entry(key).or_insert_with(|| Bundle {
                way,
                from,
                to: step.to,
                labels: Vec::new(),
                is_own: true,
                is_gone: false,
                lane: 0,
            });
            if !bundle.labels.contains(&step.label) {
                bundle.labels.push(step.label.clone());
            }
            bundle.is_own &= step.is_own;
            bundle.is_gone |= step.is_gone;
        }
    }
    let mut bundles: Vec<Bundle> = shared.into_values().collect();
    give_lanes(&mut bundles, Way::Right);
    give_lanes(&mut bundles, Way::Left);
    bundles
}

/// A move parted by the directions in which it goes: where it goes to its neighbour alone it goes straight.
fn ways(from: &[usize], to: usize) -> Vec<(Way, Vec<usize>)> {
    let mut sorted = from.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    let of =
        |fits: &dyn Fn(usize) -> bool| -> Vec<usize> { sorted.iter().copied().filter(|from| fits(*from)).collect() };
    let (above, below, same) = (of(&|from| from < to), of(&|from| from > to), of(&|from| from == to));
    let down = if above == [to.wrapping_sub(1)] { Way::Down } else { Way::Right };
    let up = if below == [to + 1] { Way::Up } else { Way::Left };
    [(down, above), (up, below), (Way::Round, same)].into_iter().filter(|(_, from)| !from.is_empty()).collect()
}

/// The shortest run nearest to the states; no two that touch one row share a lane.
fn give_lanes(bundles: &mut [Bundle], way: Way) {
    let mut rails: Vec<&mut Bundle> = bundles.iter_mut().filter(|bundle| bundle.way == way).collect();
    rails.sort_by_key(|bundle| {
        let (first, last) = bundle.rows();
        (last - first, first)
    });
    let mut lanes: Vec<Vec<(usize, usize)>> = Vec::new();
    for bundle in rails {
        let (first, last) = bundle.rows();
        let is_free = |lane: &Vec<(usize, usize)>| lane.iter().all(|(begin, end)| last < *begin || *end < first);
        let lane = lanes.iter().position(is_free).unwrap_or_else(|| {
            lanes.push(Vec::new());
            lanes.len() - 1
        });
        lanes[lane].push((first, last));
        bundle.lane = lane;
    }
}
