//! People as small round faces: initials on a colour of their own.

use maud::{Markup, html};
use model::Id;

/// The initials of a name, at most two.
pub(crate) fn initials(name: &str) -> String {
    let firsts = name.split_whitespace().filter_map(|word| word.chars().find(|letter| letter.is_alphanumeric()));
    firsts.take(2).flat_map(char::to_uppercase).collect()
}

/// One of the eight hues, always the same for one person.
fn hue(id: Id) -> u128 {
    id.0.as_u128() % 8 + 1
}

/// The face alone; the name stands beside it.
pub(crate) fn face(id: Id, name: &str) -> Markup {
    html! { span class=(format!("face h{}", hue(id))) aria-hidden="true" { (initials(name)) } }
}

/// Face and name.
pub(crate) fn who(id: Id, name: &str) -> Markup {
    html! { span.who { (face(id, name)) (name) } }
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn initials_are_of_the_first_two_words() {
        assert_eq!(initials("Ксения Соколова Петровна"), "КС");
        assert_eq!(initials("«анна»"), "А");
        assert_eq!(initials(""), "");
    }
}
