//! Names that a hub is reached under: a host's name or an address.

use rustls::pki_types::{DnsName, IpAddr as PkiAddress, ServerName};
use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, UdpSocket},
    str::FromStr,
};

/// One name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Name {
    /// A host's name, in lower case.
    Host(String),
    /// An address.
    Address(IpAddr),
}

/// It is neither a host's name nor an address.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is neither a host's name nor an address")]
pub struct NameError(String);

impl FromStr for Name {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let text = text.trim();
        if let Ok(address) = text.trim_matches(['[', ']']).parse() {
            return Ok(Self::Address(address));
        }
        let lower = text.to_ascii_lowercase();
        // What is only digits and dots was meant as an address.
        let is_name = DnsName::try_from(lower.as_str()).is_ok() && !lower.contains(['*', '_']);
        if is_name && lower.bytes().any(|byte| byte.is_ascii_alphabetic()) {
            return Ok(Self::Host(lower));
        }
        Err(NameError(text.to_owned()))
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Host(name) => f.write_str(name),
            Self::Address(IpAddr::V6(address)) => write!(f, "[{address}]"),
            Self::Address(address) => address.fmt(f),
        }
    }
}

impl Name {
    /// The names of this machine that need not be said: itself, and the address it has towards the rest of the network.
    pub(super) fn of_this_machine() -> Vec<Self> {
        let mut names = vec![
            Self::Host("localhost".into()),
            Self::Address(Ipv4Addr::LOCALHOST.into()),
            Self::Address(Ipv6Addr::LOCALHOST.into()),
        ];
        names.extend(lan_address().map(Self::Address));
        names
    }

    /// The name as rustls asks for it.
    pub(super) fn server_name(&self) -> ServerName<'static> {
        match self {
            Self::Host(name) => ServerName::try_from(name.clone()).expect("it was parsed as a host's name"),
            Self::Address(address) => ServerName::IpAddress(PkiAddress::from(*address)),
        }
    }
}

/// The private address that packets leave with. Connecting a datagram socket sends nothing.
fn lan_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    // An address that is set aside for documentation: only the route to it is looked up.
    socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).ok()?;
    match socket.local_addr().ok()?.ip() {
        IpAddr::V4(address) if address.is_private() => Some(address.into()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::Name;

    #[test]
    fn a_name_is_a_hosts_or_an_address() {
        assert_eq!("Till-Hub.LAN".parse(), Ok(Name::Host("till-hub.lan".into())));
        assert_eq!(" 192.168.1.5 ".parse(), Ok(Name::Address([192, 168, 1, 5].into())));
        assert_eq!("[fd00::1]".parse::<Name>().expect("an address").to_string(), "[fd00::1]");
    }

    #[test]
    fn what_no_client_could_ask_for_is_no_name() {
        for text in [
            "",
            "a b",
            "*.lan",
            "192.168.1",
            "192.168.1.256",
            "hub/..",
            "h\u{fc}b",
            "https://hub",
            "a..b",
            "1.2.3.4:80",
        ] {
            assert!(text.parse::<Name>().is_err(), "{text}");
        }
    }
}
