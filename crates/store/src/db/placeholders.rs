//! Finds `$1`, `$2` … in a text of SQL, outside quotes and comments, so that texts can be joined.

/// Returns the text with every placeholder moved up by `offset`.
pub(super) fn shift(text: &str, offset: usize) -> String {
    let mut shifted = String::with_capacity(text.len() + 8);
    let mut rest = text;
    while let Some(at) = rest.find(['$', '\'', '"', '-', '/']) {
        let (before, from) = rest.split_at(at);
        shifted.push_str(before);
        let length = match from.as_bytes() {
            [b'\'', ..] => quoted(from, '\''),
            [b'"', ..] => quoted(from, '"'),
            [b'-', b'-', ..] => from.find('\n').unwrap_or(from.len()),
            [b'/', b'*', ..] => from.find("*/").map_or(from.len(), |end| end + 2),
            [b'$', ..] => {
                let digits = from.bytes().skip(1).take_while(u8::is_ascii_digit).count();
                if let Some(number) = from.get(1..=digits).and_then(|number| number.parse::<usize>().ok()) {
                    shifted.push('$');
                    shifted.push_str(&(number + offset).to_string());
                    rest = from.get(1 + digits..).unwrap_or_default();
                    continue;
                }
                1
            }
            _ => 1,
        };
        let (verbatim, after) = from.split_at(length);
        shifted.push_str(verbatim);
        rest = after;
    }
    shifted.push_str(rest);
    shifted
}

/// The length of a quoted piece with its quotes; a doubled quote just starts the next piece.
fn quoted(text: &str, quote: char) -> usize {
    text.char_indices().skip(1).find(|(_, found)| *found == quote).map_or(text.len(), |(at, _)| at + 1)
}

#[cfg(test)]
mod tests {
    use super::shift;

    #[test]
    fn moves_placeholders_and_leaves_quotes_and_comments_alone() {
        let text = "select '$1 o''clock $2', \"$1\", $1, $12+$2 -- $1\n, a/b /* $3 */ - $3 || 'это $1";
        let moved = "select '$1 o''clock $2', \"$1\", $11, $22+$12 -- $1\n, a/b /* $3 */ - $13 || 'это $1";
        assert_eq!(shift(text, 10), moved);
    }
}
