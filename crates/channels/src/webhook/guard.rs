//! Which addresses are somebody else's, out in the open.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

use super::Loopback;

/// Names that lead to no machine out in the open.
const OWN_NAMES: [&str; 6] = ["localhost", "local", "localdomain", "internal", "lan", "home.arpa"];

/// Why an address is none that is sent to, as far as it says so itself; where its name leads is found out when it is sent. The
/// product's own host is none: it would tell itself.
#[must_use]
pub fn refusal(url: &str, own: &str, loopback: Loopback) -> Option<&'static str> {
    let Ok(url) = Url::parse(url) else { return Some("this is no address") };
    let host = |url: &Url| url.host_str().map(str::to_ascii_lowercase);
    let here = Url::parse(own).ok();
    let is_loopback = match url.host() {
        Some(Host::Domain(name)) => name.trim_end_matches('.').eq_ignore_ascii_case("localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => return Some("an address has a host"),
    };
    if loopback.0 && is_loopback {
        return None;
    }
    if here.is_some_and(|here| host(&here) == host(&url)) {
        return Some("this is the product's own address");
    }
    let is_out = match url.host() {
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.').to_ascii_lowercase();
            let is_own = |own: &&str| name == **own || name.strip_suffix(*own).is_some_and(|rest| rest.ends_with('.'));
            name.contains('.') && !OWN_NAMES.iter().any(is_own)
        }
        Some(Host::Ipv4(address)) => is_public(address.into()),
        Some(Host::Ipv6(address)) => is_public(address.into()),
        None => false,
    };
    (!is_out).then_some("this address is not public")
}

/// Whether an address is public: nobody's own machine, network or cloud.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !(address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_documentation()
        || a == 0
        // Shared by carriers, kept for protocols, for measuring, for later.
        || a == 100 && (64..128).contains(&b)
        || (a, b, c) == (192, 0, 0)
        || (a, b, c) == (192, 88, 99)
        || a == 198 && (b == 18 || b == 19)
        || a >= 240)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(within) = address.to_ipv4_mapped() {
        return is_public_v4(within);
    }
    let [first, second, ..] = address.segments();
    // Only what is given out to networks; of it not what carries an older address, nor what is for examples.
    (0x2000..0x4000).contains(&first)
        && first != 0x2002
        && !(first == 0x2001 && (second < 0x0200 || second == 0x0db8))
        && !(first == 0x3fff && second < 0x1000)
}

#[cfg(test)]
mod tests {
    use super::{Loopback, is_public, refusal};

    #[test]
    fn what_says_itself_that_it_is_not_out_in_the_open_is_refused() {
        let own = [
            "https://127.0.0.1/",
            "https://localhost/",
            "https://crm.localhost./",
            "https://10.1.2.3/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://[::1]/",
            "https://[fd00::1]/",
            "https://printer/",
            "https://nas.local/",
            "https://vault.internal/",
            "https://crm.example.org/hook",
            "https://CRM.example.org:8443/hook",
        ];
        let told = |url: &str, loopback| refusal(url, "https://crm.example.org", Loopback(loopback));
        for url in own {
            assert!(told(url, false).is_some(), "{url}");
        }
        for url in
            ["https://example.org/", "https://localhost.example.org/", "https://8.8.8.8/", "https://internal.io/"]
        {
            assert_eq!(told(url, false), None, "{url}");
        }
        assert_eq!(told("http://127.0.0.1:8080/", true), None);
        assert!(told("https://10.1.2.3/", true).is_some());
    }

    #[test]
    fn only_what_is_out_in_the_open_is_public() {
        let public = ["8.8.8.8", "93.184.216.34", "172.15.0.1", "2a00:1450:4001:81c::200e", "::ffff:8.8.8.8"];
        let own = [
            "127.0.0.1",
            "10.0.0.1",
            "172.16.0.1",
            "192.168.0.1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
            "192.0.0.8",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "fe80::1",
            "fc00::1",
            "fd12::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001::1",
            "2001:db8::1",
        ];
        for text in public {
            assert!(is_public(text.parse().unwrap()), "{text}");
        }
        for text in own {
            assert!(!is_public(text.parse().unwrap()), "{text}");
        }
    }
}
