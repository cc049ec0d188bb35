//! Where somebody goes after signing in: only to a page of ours.

/// The path in `next` if it is one of ours, else the first page. `//host`, `/\host` and control characters lead elsewhere in
/// some browsers.
pub(crate) fn local(next: &str) -> &str {
    let rest = next.strip_prefix('/');
    let is_ours = rest.is_some_and(|rest| !rest.starts_with(['/', '\\']))
        && !next.contains('\\')
        && next.chars().all(|character| !character.is_control() && character.is_ascii());
    if is_ours { next } else { "/" }
}

/// A path as the value of a query's parameter.
pub(crate) fn escaped(text: &str) -> String {
    let pair = [("q", text)];
    let query = serde_urlencoded::to_string(pair).unwrap_or_default();
    query.strip_prefix("q=").unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::{escaped, local};

    #[test]
    fn only_paths_of_ours_are_followed() {
        assert_eq!(local("/leads?filter=a%3D1"), "/leads?filter=a%3D1");
        for elsewhere in [
            "",
            "leads",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/a\r\nSet-Cookie: b",
            "/a\\b",
            "/\tevil",
            "/é",
        ] {
            assert_eq!(local(elsewhere), "/", "{elsewhere:?}");
        }
    }

    #[test]
    fn a_path_survives_being_a_parameter() {
        assert_eq!(escaped("/leads?q=a b&x"), "%2Fleads%3Fq%3Da+b%26x");
    }
}
