//! Formatted text as lines: what is read by programs. Cells of a table stand beside each other, parted by tabs.

use super::clean::sanitised;

/// Elements that stand on lines of their own.
const BLOCKS: [&str; 22] = [
    "blockquote",
    "br",
    "dd",
    "div",
    "dl",
    "dt",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "table",
    "tbody",
    "thead",
    "tr",
    "ul",
];

/// The words of a piece of HTML, a line for each row of a table and for each paragraph.
#[must_use]
pub fn rows(html: &str) -> String {
    // What is clean has its signs escaped: `<` begins a tag and nothing else.
    let clean = sanitised(html);
    let mut lines = Lines::default();
    let mut rest = clean.as_str();
    while let Some((words, after)) = rest.split_once('<') {
        lines.words(words);
        let (tag, after) = tag(after);
        let is_end = tag.starts_with('/');
        let name =
            tag.trim_start_matches('/').split(|sign: char| !sign.is_ascii_alphanumeric()).next().unwrap_or_default();
        match name {
            "td" | "th" if !is_end => lines.cell(),
            // A table within a cell is one of its own: pages are laid out by them.
            "table" | "tr" => lines.end(),
            name if BLOCKS.contains(&name) => lines.block(),
            _ => {}
        }
        rest = after;
    }
    lines.words(rest);
    lines.finished()
}

/// What stands in a tag, and what behind it; a value may hold what would end it.
fn tag(text: &str) -> (&str, &str) {
    let mut quote = None;
    for (at, sign) in text.char_indices() {
        match (quote, sign) {
            (None, '"' | '\'') => quote = Some(sign),
            (Some(open), sign) if open == sign => quote = None,
            (None, '>') => return (text.get(..at).unwrap_or_default(), text.get(at + 1..).unwrap_or_default()),
            _ => {}
        }
    }
    (text, "")
}

#[derive(Default)]
struct Lines {
    done: String,
    line: String,
    /// Whether the line is one of a table, in which blocks do not end it.
    is_row: bool,
}

impl Lines {
    fn words(&mut self, escaped: &str) {
        // These alone are what clean text escapes.
        let words = escaped.replace("&nbsp;", " ").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
        for sign in words.chars() {
            if !sign.is_whitespace() {
                self.line.push(sign);
            } else if !self.line.is_empty() && !self.line.ends_with([' ', '\t']) {
                self.line.push(' ');
            }
        }
    }

    fn cell(&mut self) {
        if self.is_row {
            self.line.truncate(self.line.trim_end_matches(' ').len());
            self.line.push('\t');
        }
        self.is_row = true;
    }

    fn block(&mut self) {
        if self.is_row { self.words(" ") } else { self.end() }
    }

    fn end(&mut self) {
        let line = self.line.trim_end();
        if !line.trim().is_empty() {
            self.done.push_str(line.trim_matches(' '));
            self.done.push('\n');
        }
        self.line.clear();
        self.is_row = false;
    }

    fn finished(mut self) -> String {
        self.end();
        self.done
    }
}

#[cfg(test)]
mod tests {
    use super::rows;

    #[test]
    fn tables_become_rows_and_blocks_lines() {
        let html = "<style>td { color: red }</style><h1>Order</h1><table><tr><th>Name:</th><td><p>Anna</p> <b>Kotova</b></td></tr>\
                    <tr><td>E-mail</td><td><a href=\"mailto:x>y\">a@a.example</a></td></tr></table><p>A &amp; B &lt;c&gt;<br>next</p>";
        assert_eq!(rows(html), "Order\nName:\tAnna Kotova\nE-mail\ta@a.example\nA & B <c>\nnext\n");
        let nested = "<table><tr><td><table><tr><td>Ticket</td><td>VIP</td></tr></table></td></tr></table>";
        assert_eq!(rows(nested), "Ticket\tVIP\n");
        assert_eq!(rows(""), "");
        assert_eq!(rows("<table><tr><td></td><td>x</td></tr></table>"), "\tx\n");
    }
}
