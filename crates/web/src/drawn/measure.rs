//! How much room a text takes, nearly: the server has no font at hand, so letters are taken a little wider than they are.

/// How wide a text is at most, in pixels.
pub(super) fn width(text: &str, size: i32) -> i32 {
    text.chars().map(letter).sum::<i32>() * size / 1_000 + 1
}

/// In thousandths of the size.
fn letter(letter: char) -> i32 {
    match letter {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | '·' | '•' => 330,
        ' ' | '\u{a0}' | 'f' | 'r' | 't' | '(' | ')' | '[' | ']' | '-' | '/' | '"' => 410,
        'm' | 'w' | 'M' | 'W' | 'м' | 'ж' | 'ф' | 'ш' | 'щ' | 'ы' | 'ю' | '@' | '%' | '—' | '…' => 920,
        'Ж' | 'М' | 'Ф' | 'Ш' | 'Щ' | 'Ы' | 'Ю' => 1_000,
        _ if letter.is_uppercase() => 760,
        // What is written in squares, and pictures.
        '\u{1100}'.. => 1_100,
        _ => 600,
    }
}

/// The text in lines of at most `room` pixels, of which there are `most`; what is left over is cut off and said to be.
pub(super) fn wrapped(text: &str, size: i32, room: i32, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text
        .split(|letter: char| {
            letter.is_whitespace() || letter.is_control() || matches!(letter, '\u{fffe}' | '\u{ffff}')
        })
        .filter(|word| !word.is_empty())
    {
        let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if width(&longer, size) <= room {
            line = longer;
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        for letter in word.chars() {
            line.push(letter);
            if width(&line, size) > room && line.chars().nth(1).is_some() {
                line.pop();
                lines.push(std::mem::replace(&mut line, letter.to_string()));
            }
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            while width(&format!("{last}…"), size) > room && last.pop().is_some() {}
            last.push('…');
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::{width, wrapped};

    #[test]
    fn words_stay_whole_where_they_can() {
        assert_eq!(wrapped("Подготовка документов", 13, 110, 3), ["Подготовка", "документов"]);
        assert_eq!(wrapped("  Won \n\t again ", 13, 200, 3), ["Won again"]);
        assert_eq!(wrapped("", 13, 200, 3), [""; 0]);
    }

    #[test]
    fn what_is_too_long_is_broken_and_cut() {
        let lines = wrapped(&"щ".repeat(400), 12, 60, 3);
        assert_eq!(lines.len(), 3);
        assert!(lines[2].ends_with('…'));
        assert!(lines.iter().all(|line| width(line, 12) <= 60), "{lines:?}");
    }
}
