//! The text of a letter, line by line: which labels stand there, and what stands behind them.

use std::collections::BTreeMap;

use super::SiteLetter;
use crate::identity::fold;

/// Lines that are read, things that are found, and characters of one of them, at most.
const MOST_LINES: usize = 5_000;
const MOST_FOUND: usize = 1_000;
const LONGEST: usize = 5_000;
/// Where in its line a label ends at the latest, in bytes, and behind how many colons: longer ones there are none, and strangers
/// write the lines.
const LABEL_ENDS: usize = 1_000;
const COLONS: usize = 20;

/// Something that a letter says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// What it is: `to` of [`super::Reads`].
    pub to: String,
    /// The label as it stands in the letter.
    pub label: String,
    /// What stands behind it, in words of the workspace.
    pub value: String,
}

/// A person as a letter names them, by `name`, `email`, `phone`.
pub type Person = BTreeMap<&'static str, String>;

/// So many tickets of a type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ticket {
    /// The type as the letter calls it.
    pub ticket_type: Option<String>,
    /// How many, as it stands there; one where nothing is said.
    pub quantity: Option<String>,
    /// Who will come.
    pub attendee: Person,
}

/// What a letter says of an order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Order {
    /// The event as the letter calls it.
    pub event: Option<String>,
    /// Who orders: the first who comes where nobody is named.
    pub buyer: Person,
    /// What.
    pub tickets: Vec<Ticket>,
}

impl Order {
    /// Sorts what was found into tickets: where a thing of a ticket comes again, the next ticket begins.
    #[must_use]
    pub fn of(found: &[Found]) -> Self {
        let mut order = Self::default();
        for Found { to, value, .. } in found {
            if let Some(part) = to.strip_prefix("buyer_").and_then(part) {
                order.buyer.entry(part).or_insert_with(|| value.clone());
            } else if to == "event" {
                order.event.get_or_insert_with(|| value.clone());
            } else {
                let is_again = order.tickets.last().is_none_or(|ticket| ticket.has(to));
                if is_again {
                    order.tickets.push(Ticket::default());
                }
                if let Some(ticket) = order.tickets.last_mut() {
                    ticket.put(to, value);
                }
            }
        }
        if order.buyer.is_empty()
            && let Some(first) = order.tickets.iter().find(|ticket| !ticket.attendee.is_empty())
        {
            order.buyer = first.attendee.clone();
        }
        order
    }
}

impl Ticket {
    fn has(&self, to: &str) -> bool {
        match to {
            "ticket_type" => self.ticket_type.is_some(),
            "quantity" => self.quantity.is_some(),
            _ => to.strip_prefix("attendee_").and_then(part).is_some_and(|part| self.attendee.contains_key(part)),
        }
    }

    fn put(&mut self, to: &str, value: &str) {
        match to {
            "ticket_type" => self.ticket_type = Some(value.to_owned()),
            "quantity" => self.quantity = Some(value.to_owned()),
            _ => {
                if let Some(part) = to.strip_prefix("attendee_").and_then(part) {
                    self.attendee.insert(part, value.to_owned());
                }
            }
        }
    }
}

fn part(name: &str) -> Option<&'static str> {
    ["name", "email", "phone"].into_iter().find(|part| *part == name)
}

impl SiteLetter {
    /// What a text says, in its order. Lines are `label: value`, or the label with the value on the next line; cells of tables
    /// are parted by tabs: a label beside its value, or a row of labels above rows of values.
    #[must_use]
    pub fn read(&self, text: &str) -> Vec<Found> {
        let labels: BTreeMap<String, &str> = self
            .reads
            .iter()
            .flat_map(|reads| reads.labels.iter().map(|label| (label_key(label), reads.to.as_str())))
            .filter(|(label, _)| !label.is_empty())
            .collect();
        let mut reader = Reader { labels, columns: Vec::new(), is_open: false, found: Vec::new() };
        for line in text.lines().take(MOST_LINES) {
            let cells: Vec<&str> = line.split('\t').map(str::trim).collect();
            match cells.as_slice() {
                [_, _, ..] => reader.row(&cells),
                [line] => reader.line(line),
                [] => {}
            }
            if reader.found.len() > MOST_FOUND {
                break;
            }
        }
        let mut found = reader.found;
        found.retain(|found| !found.value.is_empty());
        found.truncate(MOST_FOUND);
        // Of words that are the same when folded the first counts.
        let words: BTreeMap<String, &String> = self.words.iter().rev().map(|(word, here)| (fold(word), here)).collect();
        for found in &mut found {
            if let Some(here) = words.get(&fold(&found.value)) {
                found.value = (*here).clone();
            }
        }
        found
    }
}

struct Reader<'l> {
    /// What stands behind which label.
    labels: BTreeMap<String, &'l str>,
    /// The labels of a table's columns.
    columns: Vec<Option<(String, &'l str)>>,
    /// Whether the value of the last label may stand on the next line.
    is_open: bool,
    found: Vec<Found>,
}

impl<'l> Reader<'l> {
    fn known(&self, text: &str) -> Option<&'l str> {
        self.labels.get(&label_key(text)).copied()
    }

    fn push(&mut self, label: &str, to: &str, value: &str) {
        let value: String = value.trim().trim_matches('*').trim().chars().take(LONGEST).collect();
        let label = label.trim().chars().take(LABEL_ENDS).collect();
        self.found.push(Found { to: to.to_owned(), label, value });
    }

    fn line(&mut self, line: &str) {
        self.columns.clear();
        if line.is_empty() {
            return;
        }
        let start = line.char_indices().take_while(|(at, _)| *at <= LABEL_ENDS);
        for (at, colon) in start.filter(|(_, sign)| matches!(sign, ':' | '：')).take(COLONS) {
            let (label, value) =
                (line.get(..at).unwrap_or_default(), line.get(at + colon.len_utf8()..).unwrap_or_default());
            if let Some(to) = self.known(label) {
                self.push(label, to, value);
                self.is_open = self.found.last().is_some_and(|found| found.value.is_empty());
                return;
            }
        }
        if self.is_open {
            self.is_open = false;
            if let Some(last) = self.found.last_mut() {
                last.value = line.chars().take(LONGEST).collect();
            }
        } else if let Some(to) = self.known(line) {
            self.push(line, to, "");
            self.is_open = true;
        }
    }

    fn row(&mut self, cells: &[&str]) {
        self.is_open = false;
        let known: Vec<Option<(String, &'l str)>> =
            cells.iter().map(|cell| Some(((*cell).to_owned(), self.known(cell)?))).collect();
        let count = known.iter().flatten().count();
        // Labels and values by turns are no head: there no label stands where a value does.
        let is_head = count > 1 && (known.iter().skip(1).step_by(2).any(Option::is_some) || cells.len() % 2 == 1);
        if is_head {
            self.columns = known;
        } else if self.columns.len() == cells.len() {
            let columns = self.columns.clone();
            for ((label, to), cell) in
                columns.iter().zip(cells).filter_map(|(column, cell)| Some((column.as_ref()?, *cell)))
            {
                if !cell.is_empty() {
                    self.push(label, to, cell);
                }
            }
        } else {
            self.columns.clear();
            for pair in cells.chunks(2) {
                if let [label, value] = pair
                    && let Some(to) = self.known(label)
                {
                    self.push(label, to, value);
                }
            }
        }
    }
}

/// A label as labels are compared: without what stands around it in lists and formatted text.
pub(super) fn label_key(text: &str) -> String {
    let around = |sign: char| {
        sign.is_whitespace() || matches!(sign, ':' | '：' | '*' | '•' | '·' | '-' | '–' | '—' | '>' | '#' | '_')
    };
    fold(text.trim_matches(around))
}
