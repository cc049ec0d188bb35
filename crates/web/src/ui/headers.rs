//! Headers that go along with a page: cookies, and the short messages that the script shows.

use axum::http::{HeaderName, HeaderValue, header};
use axum::response::Response;

/// Sets a cookie of the whole site for `seconds`; none of them ends it.
pub(crate) fn cookie(response: &mut Response, name: &str, value: &str, seconds: u32, is_secure: bool) {
    let secure = if is_secure { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    add(response, header::SET_COOKIE, &text);
}

/// Adds a header; what no header can carry is left out.
pub(crate) fn add(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().append(name, value);
    }
}
