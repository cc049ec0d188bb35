//! Who vouches for the sender of a letter: what the own mail server found out and wrote down (RFC 8601).

use mail_parser::{Header, HeaderName, Message};

/// Headers of the kind that are kept, and characters of one, at most.
const MOST: usize = 10;
const LONGEST: usize = 4_000;

/// The `Authentication-Results` of a letter, the one written last first.
pub(super) fn results(message: &Message<'_>) -> Vec<String> {
    let all = message.headers().iter().filter(|header| header.name == HeaderName::AuthenticationResults);
    all.take(MOST).map(|header| text(message, header)).collect()
}

/// A header as it stands there. One with a byte that is no text is not passed over: one below it would count in its place.
fn text(message: &Message<'_>, header: &Header<'_>) -> String {
    let (start, end) = (usize::try_from(header.offset_start), usize::try_from(header.offset_end));
    let place = start.ok().zip(end.ok());
    let bytes = place.and_then(|(start, end)| message.raw_message.get(start..end)).unwrap_or_default();
    String::from_utf8_lossy(bytes).chars().take(LONGEST).collect()
}

/// Whether the mail server that calls itself `server` found that a letter is from the domain of `address`: by DMARC, or by a
/// signature (DKIM) or an envelope (SPF) of that domain. Of several words of that server only the one written last counts: what
/// stands below may have come along with the letter.
#[must_use]
pub fn vouches(results: &[String], server: &str, address: &str) -> bool {
    let Some((_, domain)) = address.rsplit_once('@') else { return false };
    let domain = domain.to_ascii_lowercase();
    let own = |result: &String| server_of(result).eq_ignore_ascii_case(server);
    let Some(result) = results.iter().map(|result| uncommented(result)).find(own) else { return false };
    result.split(';').skip(1).any(|found| is_of(found, &domain))
}

fn server_of(result: &str) -> &str {
    result.split(';').next().unwrap_or_default().split_whitespace().next().unwrap_or_default()
}

/// Whether one method found that it is of the domain.
fn is_of(found: &str, domain: &str) -> bool {
    let found = found.to_ascii_lowercase();
    let mut words = found.split_whitespace();
    let method = words.next().unwrap_or_default();
    let said: Vec<(&str, &str)> = words.filter_map(|word| word.split_once('=')).collect();
    let said = |name: &str| said.iter().find(|(there, _)| *there == name).map(|(_, text)| text.trim_matches('"'));
    let host = |text: &str| text.rsplit_once('@').map_or(text, |(_, host)| host).to_owned();
    match method {
        "dmarc=pass" => said("header.from").is_some_and(|from| host(from) == domain),
        "dkim=pass" => {
            let signed = said("header.d").or_else(|| said("header.i")).map(host).unwrap_or_default();
            // Whoever signs for a domain signs for what is below it; a whole top domain signs for nobody.
            signed.contains('.') && (domain == signed || domain.ends_with(&format!(".{signed}")))
        }
        "spf=pass" => said("smtp.mailfrom").is_some_and(|from| host(from) == domain),
        _ => false,
    }
}

/// Without comments in brackets, and with nothing around `=`.
fn uncommented(text: &str) -> String {
    let (mut depth, mut is_quoted, mut plain) = (0_u32, false, String::with_capacity(text.len()));
    let mut is_escaped = false;
    for sign in text.chars() {
        if is_escaped {
            is_escaped = false;
            if depth == 0 {
                plain.push(told(sign, is_quoted));
            }
            continue;
        }
        match sign {
            '\\' if is_quoted || depth > 0 => is_escaped = true,
            '"' if depth == 0 => {
                is_quoted = !is_quoted;
                plain.push(sign);
            }
            '(' if !is_quoted => depth = depth.saturating_add(1),
            ')' if !is_quoted && depth > 0 => depth -= 1,
            _ if depth == 0 => plain.push(told(sign, is_quoted)),
            _ => {}
        }
    }
    let mut plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    for around in [" =", "= "] {
        plain = plain.replace(around, "=");
    }
    plain
}

/// A sign that stands for itself: a quoted text may hold what parts others, and is written by strangers.
fn told(sign: char, is_quoted: bool) -> char {
    let parts = matches!(sign, ';' | '=' | '"') || sign.is_whitespace();
    if is_quoted && parts { ',' } else { sign }
}

#[cfg(test)]
mod tests {
    use super::vouches;

    fn by(result: &str, address: &str) -> bool {
        vouches(&[result.to_owned()], "mx.office.example", address)
    }

    #[test]
    fn the_own_server_is_believed() {
        let shop = "robot@shop.example";
        assert!(by(" mx.office.example;\r\n dmarc=pass (p=NONE; x) header.from=shop.example", shop));
        assert!(by("MX.office.example 1; spf=fail; dkim=pass header.i=@shop.example header.s=x", shop));
        assert!(by("mx.office.example; dkim = pass header.d=shop.example", "robot@mail.shop.example"));
        assert!(by("mx.office.example; spf=pass smtp.mailfrom=bounce@shop.example", shop));
    }

    #[test]
    fn nobody_else_is() {
        let shop = "robot@shop.example";
        for forged in [
            "",
            "mx.office.example; none",
            "mx.evil.example; dmarc=pass header.from=shop.example",
            "mx.office.example; dmarc=fail header.from=shop.example",
            "mx.office.example; dmarc=pass header.from=evil.example",
            "mx.office.example; dkim=pass header.d=evil.example",
            "mx.office.example; dkim=pass header.d=op.example",
            "mx.office.example; dkim=pass header.d=example",
            "mx.office.example; dkim=fail (; dmarc=pass header.from=shop.example)",
            "mx.office.example; dkim=fail reason=\"; dmarc=pass header.from=shop.example\"",
            "mx.office.example; dkim=fail reason=\"\\; dmarc=pass header.from=shop.example\"",
            "mx.office.example; dkim=pass header.i=\"x header.d=shop.example y\"@evil.example header.d=evil.example",
            "mx.office.example; dmarc=pass",
            "mx.office.example; spf=pass smtp.mailfrom=evil.example",
        ] {
            assert!(!by(forged, shop), "{forged}");
        }
        let proof = "mx.office.example; dmarc=pass header.from=shop.example";
        let below = ["mx.office.example; dmarc=fail".to_owned(), proof.to_owned()];
        assert!(!vouches(&below, "mx.office.example", shop), "what stands below came along with the letter");
    }
}
