//! The words of a comment as they are shown.

use maud::{Markup, html};

use super::links;

/// Text with its line breaks; whoever is mentioned stands out, and addresses of pages lead there.
pub(super) fn worded(text: &str, names: &[&str]) -> Markup {
    html! {
        @for (index, line) in text.trim().lines().enumerate() {
            @if index > 0 { br; }
            @for (is_name, part) in parts(line, names) {
                @if is_name { span.mention { (part) } } @else { (links::linked(part)) }
            }
        }
    }
}

/// A line cut where a name of `names` stands behind an `@`.
fn parts<'t>(line: &'t str, names: &[&str]) -> Vec<(bool, &'t str)> {
    let (mut parts, mut plain) = (Vec::new(), 0);
    for (at, _) in line.match_indices('@') {
        let rest = line.get(at + 1..).unwrap_or_default();
        let length = names.iter().filter_map(|name| beginning(rest, name)).max();
        if let Some(end) = length.map(|length| at + 1 + length).filter(|_| at >= plain) {
            parts.push((false, line.get(plain..at).unwrap_or_default()));
            parts.push((true, line.get(at..end).unwrap_or_default()));
            plain = end;
        }
    }
    parts.push((false, line.get(plain..).unwrap_or_default()));
    parts
}

/// How many bytes of `text` are `name`, whatever its capitals.
fn beginning(text: &str, name: &str) -> Option<usize> {
    let (mut letters, mut length) = (text.chars(), 0);
    for expected in name.chars() {
        let letter = letters.next()?;
        if !letter.to_lowercase().eq(expected.to_lowercase()) {
            return None;
        }
        length += letter.len_utf8();
    }
    letters.next().is_none_or(|next| !next.is_alphanumeric()).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn names_stand_out_and_the_text_stays_whole() {
        let line = "ё @анна Ли, @Анна Лисина и @Петр: a@b";
        let cut = parts(line, &["Анна Ли", "Анна"]);
        assert_eq!(cut.iter().map(|(_, part)| *part).collect::<String>(), line);
        let names: Vec<_> = cut.iter().filter(|(is_name, _)| *is_name).map(|(_, part)| *part).collect();
        assert_eq!(names, ["@анна Ли", "@Анна"]);
    }
}
