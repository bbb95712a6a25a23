//! The door without TLS: only the page that helps to trust, and the way to HTTPS for everything else.

use super::{Name, Trust, page};
use axum::{
    Router,
    extract::{Path, Request},
    http::{HeaderValue, StatusCode, header},
    middleware,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use std::sync::Arc;

/// What is answered without TLS. `port` is the one with TLS.
pub fn plain_router(trust: Option<Trust>, port: u16) -> Router {
    let trust = trust.map(Arc::new);
    let names = trust.as_ref().map(|trust| trust.names.clone());
    let mut router = Router::new();
    if let Some(trust) = trust {
        let shown = Arc::clone(&trust);
        router = router
            .route("/pos/trust", get(async move || page::page(&shown)))
            .route("/pos/trust/style.css", get(page::style))
            .route(
                "/pos/trust/{file}",
                get(async move |Path(file): Path<String>| page::download(&trust, &file).ok_or(StatusCode::NOT_FOUND)),
            );
    }
    router
        .fallback(async move |request: Request| to_https(&request, names.as_deref(), port))
        .layer(middleware::map_response(crate::headers::add))
}

/// The same address with HTTPS, for reading; a request that carries something must not be repeated from the open.
fn to_https(request: &Request, names: Option<&[Name]>, port: u16) -> Response {
    if !request.method().is_safe() {
        return (StatusCode::FORBIDDEN, "This hub is used over HTTPS.\n").into_response();
    }
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let host = host
        .rsplit_once(':')
        .filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()))
        .map_or(host, |(host, _)| host);
    let asked = host.parse::<Name>().ok();
    // With the shop's own authority only names that the certificate has are led to; otherwise whatever was asked for.
    let target = match names {
        Some(names) => asked.filter(|asked| names.contains(asked)).or_else(|| names.first().cloned()),
        None => asked,
    };
    let Some(target) = target else {
        return (StatusCode::BAD_REQUEST, "Ask for a host.\n").into_response();
    };
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    // `//elsewhere` would be read as another host by some.
    let path = if path.starts_with("//") { "/pos" } else { path };
    let place = if port == 443 { format!("https://{target}{path}") } else { format!("https://{target}:{port}{path}") };
    if HeaderValue::try_from(&place).is_err() {
        return StatusCode::BAD_REQUEST.into_response();
    }
    Redirect::temporary(&place).into_response()
}
