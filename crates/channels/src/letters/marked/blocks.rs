//! What a formatted text is made of from line to line: paragraphs, headings, lists, what is quoted.

/// A piece of a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Block<'t> {
    /// Lines, each of which stays one.
    Paragraph(Vec<&'t str>),
    /// A heading, of the first level in a letter or the second.
    Heading { is_first: bool, line: &'t str },
    /// Items, with the number of the first where they are numbered.
    List { first: Option<usize>, items: Vec<Vec<Block<'t>>> },
    /// What somebody else wrote: blocks that are quoted or literal.
    Quote(Vec<Block<'t>>),
    /// Lines in which no mark means anything.
    Literal(Vec<&'t str>),
}

/// How deep lists and quotes may stand in each other.
const DEPTH: usize = 5;
/// Digits that the number of an item has at most: what has more is a year.
pub(super) const DIGITS: usize = 3;

/// Reads a text.
pub(super) fn read(text: &str) -> Vec<Block<'_>> {
    within(&text.lines().collect::<Vec<_>>(), DEPTH)
}

/// Reads lines in which so many lists may still stand in each other.
fn within<'t>(lines: &[&'t str], room: usize) -> Vec<Block<'t>> {
    let (mut blocks, mut paragraph, mut rest) = (Vec::new(), Vec::new(), lines);
    while let Some((line, after)) = rest.split_first() {
        let found = if room > 0 { special(rest, paragraph.is_empty(), room - 1) } else { None };
        let is_over = found.is_some() || line.trim().is_empty();
        if is_over && !paragraph.is_empty() {
            blocks.push(Block::Paragraph(std::mem::take(&mut paragraph)));
        }
        rest = match found {
            Some((block, taken)) => {
                blocks.push(block);
                rest.get(taken..).unwrap_or_default()
            }
            None => {
                if !is_over {
                    paragraph.push(*line);
                }
                after
            }
        };
    }
    if !paragraph.is_empty() {
        blocks.push(Block::Paragraph(paragraph));
    }
    blocks
}

/// What these lines begin with that is no paragraph, and how many lines it takes. `is_apart` says that no line of a paragraph stands
/// right before them.
fn special<'t>(lines: &[&'t str], is_apart: bool, room: usize) -> Option<(Block<'t>, usize)> {
    let first = *lines.first()?;
    if let Some(heading) = heading(first) {
        return Some((heading, 1));
    }
    if quoted(first, false).is_some() {
        return quote(lines);
    }
    list(lines, is_apart, room)
}

fn heading(line: &str) -> Option<Block<'_>> {
    let (is_first, line) = match line.strip_prefix("## ") {
        Some(line) => (true, line.trim()),
        None => (false, line.strip_prefix("### ")?.trim()),
    };
    (!line.is_empty()).then_some(Block::Heading { is_first, line })
}

/// What stands behind the sign of a quoted line; nothing where none begins it. Programs of mail put a blank behind it, and none
/// between two.
fn quoted(line: &str, is_inside: bool) -> Option<&str> {
    let rest = line.strip_prefix('>')?;
    let is_sign = is_inside || rest.is_empty() || rest.starts_with([' ', '>']);
    is_sign.then(|| rest.strip_prefix(' ').unwrap_or(rest))
}

fn quote<'t>(lines: &[&'t str]) -> Option<(Block<'t>, usize)> {
    let inside: Vec<&str> = lines.iter().map_while(|&line| quoted(line, false)).collect();
    // “> 100 people” says that there are more of them.
    let is_number = |line: &&str| line.trim_start().starts_with(|first: char| first.is_ascii_digit());
    if inside.len() == 1 && inside.first().is_some_and(is_number) {
        return None;
    }
    let taken = inside.len();
    Some((Block::Quote(of_others(&inside, DEPTH)), taken))
}

/// What others wrote, who knew of no marks: only how deep it is quoted counts.
fn of_others<'t>(lines: &[&'t str], room: usize) -> Vec<Block<'t>> {
    let (mut blocks, mut rest) = (Vec::new(), lines);
    while let Some((line, after)) = rest.split_first() {
        let deeper = |line: &'t str| quoted(line, true).filter(|_| room > 0);
        let inner: Vec<&str> = rest.iter().copied().map_while(deeper).collect();
        if !inner.is_empty() {
            rest = rest.get(inner.len()..).unwrap_or_default();
            blocks.push(Block::Quote(of_others(&inner, room.saturating_sub(1))));
        } else if line.trim().is_empty() {
            rest = after;
        } else {
            let is_same = |&line: &&'t str| !line.trim().is_empty() && deeper(line).is_none();
            let same: Vec<&str> = rest.iter().copied().take_while(is_same).collect();
            rest = rest.get(same.len()..).unwrap_or_default();
            blocks.push(Block::Literal(same));
        }
    }
    blocks
}

/// How wide the mark is with which an item begins, and its number in a numbered list. A row of dashes is no item.
fn item(line: &str) -> Option<(usize, Option<usize>)> {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let (number, mark) = match line.get(..digits)? {
        "" => (None, "- "),
        // It would be shown as another number.
        number if number.starts_with('0') || number.len() > DIGITS => return None,
        number => (Some(number.parse().ok()?), ". "),
    };
    let text = line.get(digits..)?.strip_prefix(mark)?;
    text.chars().any(char::is_alphanumeric).then_some((digits + mark.len(), number))
}

/// Items that follow one another, numbered as they are typed. One alone that text stands beside is a line of that text: a dash in
/// a talk, a date.
fn list<'t>(lines: &[&'t str], is_apart: bool, room: usize) -> Option<(Block<'t>, usize)> {
    let (_, first) = item(lines.first()?)?;
    let (mut items, mut width, mut taken) = (Vec::<Vec<&str>>::new(), 0, 0);
    for &line in lines {
        let next = first.map(|first| first + items.len());
        if let Some((wide, _)) = item(line).filter(|(_, number)| *number == next) {
            width = wide;
            items.push(vec![line.get(wide..).unwrap_or_default()]);
        } else if let Some(before) = items.last_mut().filter(|_| is_indented(line)) {
            before.push(outdented(line, width));
        } else {
            break;
        }
        taken += 1;
    }
    let is_last = lines.get(taken).is_none_or(|line| line.trim().is_empty());
    if items.len() == 1 && !(is_apart && is_last) {
        return None;
    }
    let items = items.iter().map(|lines| within(lines, room)).collect();
    Some((Block::List { first, items }, taken))
}

/// Whether a line goes on with the item before it.
fn is_indented(line: &str) -> bool {
    !line.trim().is_empty() && (line.starts_with("  ") || line.starts_with('\t'))
}

/// The line without so many of the blanks that it begins with.
fn outdented(line: &str, width: usize) -> &str {
    let blanks = line.bytes().take(width).take_while(|byte| *byte == b' ').count();
    line.strip_prefix('\t').or_else(|| line.get(blanks..)).unwrap_or_default()
}
