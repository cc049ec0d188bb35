//! Addresses that webhooks may be meant for.

/// The longest address.
const LONGEST_ADDRESS: usize = 2_000;

/// Whether a text is an address that a webhook may be meant for; whether it is a public one is asked when it is sent. Over
/// `http` it is this machine alone, for whoever develops.
pub(super) fn is_address(text: &str) -> bool {
    let (scheme, rest) = text.split_once("://").unwrap_or_default();
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_plain = text.len() <= LONGEST_ADDRESS && !text.contains(|c: char| c.is_whitespace() || c.is_control());
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    let is_own = ["localhost", "127.0.0.1", "[::1]"].contains(&host);
    is_plain && !host.is_empty() && !authority.contains('@') && (scheme == "https" || scheme == "http" && is_own)
}
