//! The app in the browser, inside this binary.

use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

static FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/app_files.rs"));

const MISSING: &str = "This hub was built without the app. `cargo xtask build` makes one with it.\n";

fn find(name: &str) -> Option<&'static [u8]> {
    FILES.binary_search_by(|(file, _)| (*file).cmp(name)).ok().map(|at| FILES[at].1)
}

/// Serves a file of the app: `index.html` for the empty name.
pub(crate) fn serve(name: &str, request: &HeaderMap) -> Response {
    let name = if name.is_empty() { "index.html" } else { name };
    let Some(plain) = find(name) else {
        let text = if FILES.is_empty() { MISSING } else { "There is nothing here.\n" };
        return (StatusCode::NOT_FOUND, text).into_response();
    };
    let accepted = request.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let twin = [("br", ".br"), ("gzip", ".gz")]
        .into_iter()
        .filter(|(encoding, _)| accepted.contains(encoding))
        .find_map(|(encoding, suffix)| Some((encoding, find(&format!("{name}{suffix}"))?)));
    let mut response = twin.map_or(plain, |(_, bytes)| bytes).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(name)));
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache_control(name)));
    if let Some((encoding, _)) = twin {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    if name == "sw.js" {
        headers.insert("service-worker-allowed", HeaderValue::from_static("/pos"));
    }
    response
}

/// Files whose name carries their hash never change; the few others are asked for each time.
fn cache_control(name: &str) -> &'static str {
    let is_hashed = name.split('.').any(|part| part.len() == 16 && part.bytes().all(|b| b.is_ascii_hexdigit()));
    if is_hashed { "public, max-age=31536000, immutable" } else { "no-cache" }
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        _ => "application/octet-stream",
    }
}
