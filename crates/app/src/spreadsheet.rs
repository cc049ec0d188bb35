//! Tables for spreadsheets: CSV as RFC 4180 has it, in which no cell is a formula.

/// What such a file begins with: the mark by which spreadsheets know its encoding.
pub const MARK: &str = "\u{feff}";

/// One cell.
pub enum Cell {
    /// Whatever somebody typed.
    Text(String),
    /// Digits that the program wrote, with a sign and a point.
    Number(String),
}

/// Adds a line.
pub fn line(text: &mut String, cells: impl Iterator<Item = Cell>) {
    let cells: Vec<String> = cells.map(|cell| cell.quoted()).collect();
    text.push_str(&cells.join(","));
    text.push_str("\r\n");
}

impl Cell {
    fn quoted(&self) -> String {
        match self {
            Self::Text(text) => quoted(text),
            Self::Number(digits) => digits.clone(),
        }
    }
}

/// A cell that no spreadsheet takes for a formula, whatever a stranger typed.
fn quoted(cell: &str) -> String {
    // Spreadsheets pass over blanks and marks before the sign, and some take the wide forms of it.
    let passed =
        |c: char| c.is_whitespace() || c.is_control() || matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}');
    let signs = ['=', '+', '-', '@', '＝', '＋', '－', '＠', '−'];
    let is_formula = cell.trim_start_matches(passed).starts_with(signs) || cell.starts_with(['\t', '\r']);
    let guard = if is_formula { "'" } else { "" };
    format!("\"{guard}{}\"", cell.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_cell_is_never_a_formula() {
        for cell in [" =1+1", "\u{feff}=1", "＝1", "\u{a0}＋1", "\n@SUM(1)", "\u{200b}-1"] {
            assert!(quoted(cell).starts_with("\"'"), "{cell:?}");
        }
        assert_eq!(quoted("=HYPERLINK(\"x\")"), "\"'=HYPERLINK(\"\"x\"\")\"");
        assert_eq!((quoted("-5"), quoted("5, \"6\"")), ("\"'-5\"".to_owned(), "\"5, \"\"6\"\"\"".to_owned()));
    }
}
