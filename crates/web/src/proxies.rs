//! Who is at the other end of a request that proxies passed on. What `X-Forwarded-For` says holds only as far as it was
//! written by a proxy that is trusted: one on this machine, or one that the administrator named. Anybody else may send
//! that header too, and is not believed.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::str::FromStr;

use axum::extract::ConnectInfo;
use axum::http::{Extensions, HeaderMap};

/// The header to which every proxy adds the address that it was reached from, at the end.
const FORWARDED: &str = "x-forwarded-for";

/// An address, or a network such as `10.0.0.0/8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    base: u128,
    /// How many leading bits count; IPv4 stands mapped into IPv6.
    bits: u32,
}

/// Why a text names no network.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is neither an address nor a network such as 10.0.0.0/8")]
pub struct NotANetwork(String);

impl FromStr for Network {
    type Err = NotANetwork;

    fn from_str(text: &str) -> Result<Self, NotANetwork> {
        let wrong = || NotANetwork(text.to_owned());
        let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        let address: IpAddr = address.trim().parse().map_err(|_| wrong())?;
        let width = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(width), |bits| bits.trim().parse()).map_err(|_| wrong())?;
        if bits > width {
            return Err(wrong());
        }
        Ok(Self { base: wide(address), bits: 128 - width + bits })
    }
}

impl Network {
    fn holds(self, address: IpAddr) -> bool {
        (self.base ^ wide(address)).leading_zeros() >= self.bits
    }
}

fn wide(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => address.to_ipv6_mapped().to_bits(),
        IpAddr::V6(address) => address.to_bits(),
    }
}

/// The proxies that are believed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Proxies(Vec<Network>);

impl Proxies {
    pub(crate) fn new(named: Vec<Network>) -> Self {
        Self(named)
    }

    fn trusts(&self, address: IpAddr) -> bool {
        address.is_loopback() || self.0.iter().any(|network| network.holds(address))
    }

    /// Whom a request is counted to: the last one on its way who is no trusted proxy, else the farthest that is known.
    pub(crate) fn client(&self, extensions: &Extensions, headers: &HeaderMap) -> Option<IpAddr> {
        self.farthest(extensions, headers).map(household)
    }

    /// The same, where that is somebody and not merely a proxy that tells nothing.
    pub(crate) fn stranger(&self, extensions: &Extensions, headers: &HeaderMap) -> Option<IpAddr> {
        self.farthest(extensions, headers).filter(|client| !self.trusts(*client)).map(household)
    }

    fn farthest(&self, extensions: &Extensions, headers: &HeaderMap) -> Option<IpAddr> {
        let peer = extensions.get::<ConnectInfo<SocketAddr>>()?.0.ip();
        let mut client = peer.to_canonical();
        let lines = headers.get_all(FORWARDED).iter().map(|line| line.to_str().unwrap_or_default());
        let hops: Vec<&str> = lines.flat_map(|line| line.split(',')).collect();
        for hop in hops.into_iter().rev() {
            if !self.trusts(client) {
                break;
            }
            let Some(farther) = address(hop.trim()) else { break };
            client = farther.to_canonical();
        }
        Some(client)
    }
}

/// An address as proxies write it: some add the port, and brackets around IPv6.
fn address(hop: &str) -> Option<IpAddr> {
    let bare = hop.strip_prefix('[').and_then(|hop| hop.strip_suffix(']')).unwrap_or(hop);
    bare.parse().ok().or_else(|| hop.parse::<SocketAddr>().ok().map(|socket| socket.ip()))
}

/// Whoever has one IPv6 address has the 2⁶⁴ around it as well: they count as one.
fn household(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(inner) if !inner.is_loopback() => Ipv6Addr::from_bits(inner.to_bits() >> 64 << 64).into(),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, SocketAddr};

    use axum::extract::ConnectInfo;
    use axum::http::{Extensions, HeaderMap};

    use super::{Network, Proxies};

    fn client(trusted: &[&str], peer: &str, forwarded: &[&str]) -> String {
        let proxies = Proxies::new(trusted.iter().map(|text| text.parse().unwrap()).collect());
        let mut extensions = Extensions::new();
        extensions.insert(ConnectInfo(SocketAddr::new(peer.parse().unwrap(), 1)));
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        proxies.client(&extensions, &headers).unwrap().to_string()
    }

    #[test]
    fn the_last_untrusted_hop_is_the_client() {
        let far = "203.0.113.9";
        for (trusted, peer, forwarded, expected) in [
            (&[][..], far, &[][..], far),
            (&[], far, &["198.51.100.1"], far),
            (&[], "127.0.0.1", &[], "127.0.0.1"),
            (&[], "127.0.0.1", &[far], far),
            (&[], "::ffff:127.0.0.1", &["::ffff:203.0.113.9"], far),
            (&[], "::1", &["198.51.100.1, 203.0.113.9"], far),
            (&[], "127.0.0.1", &["198.51.100.1", "203.0.113.9:4711"], far),
            (&[], "127.0.0.1", &["198.51.100.1, 10.0.0.7"], "10.0.0.7"),
            (&["10.0.0.0/8"], "127.0.0.1", &["198.51.100.1, 203.0.113.9, 10.0.0.7"], far),
            (&["10.0.0.0/8"], "10.9.9.9", &[far], far),
            (&["10.0.0.7"], "10.0.0.8", &[far], "10.0.0.8"),
            (&["10.0.0.0/8"], "127.0.0.1", &["203.0.113.9, unknown, 10.0.0.7"], "10.0.0.7"),
            (&["fd00::/8"], "fd00::1", &["[2001:db8::1:2:3:4]:443"], "2001:db8::"),
        ] {
            assert_eq!(client(trusted, peer, forwarded), expected, "{trusted:?} {peer} {forwarded:?}");
        }
    }

    #[test]
    fn networks_are_read() {
        let network: Network = "10.0.0.0/8".parse().unwrap();
        assert!(network.holds(IpAddr::from([10, 255, 0, 1])) && !network.holds(IpAddr::from([11, 0, 0, 1])));
        assert!("0.0.0.0/0".parse::<Network>().unwrap().holds(IpAddr::from([8, 8, 8, 8])));
        for wrong in ["", "10.0.0.0/33", "10.0.0/8", "proxy.example", "::/129", "10.0.0.0/-1"] {
            assert!(wrong.parse::<Network>().is_err(), "{wrong}");
        }
    }
}
