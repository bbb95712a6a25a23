//! Where a request comes from: for limits and the audit log.

use crate::Hub;
use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, request::Parts},
};
use std::{convert::Infallible, net::SocketAddr};

/// The caller's address, without a port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address(pub(crate) String);

impl Address {
    /// The socket's other end, or what the proxy in front says: the last name in the list is the one that it added itself,
    /// those before it are the caller's own claims.
    pub(crate) fn of(socket: Option<SocketAddr>, headers: &HeaderMap, is_behind_proxy: bool) -> Self {
        let forwarded = headers.get_all("x-forwarded-for").iter().next_back().filter(|_| is_behind_proxy);
        let forwarded = forwarded.and_then(|value| value.to_str().ok()?.rsplit(',').next());
        let address = forwarded.map(|text| text.trim().to_owned()).or_else(|| Some(socket?.ip().to_string()));
        Self(address.unwrap_or_default())
    }
}

impl FromRequestParts<Hub> for Address {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, hub: &Hub) -> Result<Self, Infallible> {
        let socket = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0);
        Ok(Self::of(socket, &parts.headers, hub.is_behind_proxy))
    }
}

#[cfg(test)]
mod tests {
    use super::Address;
    use axum::http::HeaderMap;

    #[test]
    fn only_a_proxy_that_is_ours_is_believed() {
        let socket = Some("10.0.0.9:4000".parse().expect("an address"));
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", "1.2.3.4, 10.0.0.7".parse().expect("a value"));

        assert_eq!(Address::of(socket, &headers, false).0, "10.0.0.9");
        assert_eq!(Address::of(socket, &headers, true).0, "10.0.0.7");
        assert_eq!(Address::of(socket, &HeaderMap::new(), true).0, "10.0.0.9");
        assert_eq!(Address::of(None, &HeaderMap::new(), false).0, "");
    }
}
