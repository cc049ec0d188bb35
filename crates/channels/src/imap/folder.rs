//! Names of folders on their way: modified UTF-7 (RFC 3501, 5.1.3).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

/// The name as the protocol writes it.
pub(super) fn encoded(name: &str) -> String {
    let (mut all, mut foreign) = (String::new(), Vec::<u8>::new());
    for letter in name.chars() {
        if (' '..='~').contains(&letter) {
            flush(&mut all, &mut foreign);
            all.push(letter);
            if letter == '&' {
                all.push('-');
            }
        } else {
            let mut units = [0_u16; 2];
            foreign.extend(letter.encode_utf16(&mut units).iter().flat_map(|unit| unit.to_be_bytes()));
        }
    }
    flush(&mut all, &mut foreign);
    all
}

fn flush(all: &mut String, foreign: &mut Vec<u8>) {
    if !foreign.is_empty() {
        all.push('&');
        all.push_str(&STANDARD_NO_PAD.encode(&*foreign).replace('/', ","));
        all.push('-');
        foreign.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::encoded;

    #[test]
    fn names_are_written_as_the_protocol_has_them() {
        assert_eq!(encoded("INBOX"), "INBOX");
        assert_eq!(encoded("Q&A"), "Q&-A");
        assert_eq!(encoded("Заявки"), "&BBcEMARPBDIEOgQ4-");
        // The example of the standard.
        assert_eq!(encoded("~peter/mail/台北/日本語"), "~peter/mail/&U,BTFw-/&ZeVnLIqe-");
    }
}
