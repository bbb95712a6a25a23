//! The routes, and the headers that every answer carries.

use crate::{Hub, api, app_files, console, error::ApiError, state::now_ms};
use axum::{
    Router,
    extract::{DefaultBodyLimit, Path, Request},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::{self, Next},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};

const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' blob: data:; connect-src 'self'; manifest-src 'self'; worker-src 'self'; font-src 'self'; \
    frame-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

const HEADERS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(self), serial=(self), usb=(self), geolocation=(), microphone=()",
    ),
];

/// Most bytes of a body that is not signed.
const JSON_BYTES_MAX: usize = 64 * 1024;

/// Everything the hub answers.
pub fn router(hub: Hub) -> Router {
    let api = Router::new()
        .route("/health", get(api::health::show))
        .route("/enrolment/profiles", post(api::enrolment::profiles))
        .route("/enrolment", post(api::enrolment::enrol))
        .route("/terminal", get(api::terminal::show))
        .route("/catalogue", get(api::catalogue::manifest))
        .route("/segments/{hash}", get(api::catalogue::segment))
        .route("/pictures/{hash}", get(api::catalogue::picture))
        .route("/journal", post(api::journal::push))
        .route("/webhooks", post(api::webhook::changed))
        .fallback(async || ApiError::NotFound)
        .layer(DefaultBodyLimit::max(JSON_BYTES_MAX));
    Router::new()
        .nest("/pos/api/v1", api)
        .nest("/pos/console", console::routes())
        .route("/pos/console/", get(console::home))
        .route("/health", get(api::health::show))
        .route("/", get(async || Redirect::temporary("/pos")))
        .route("/pos", get(async |headers: HeaderMap| app_files::serve("", &headers)))
        .route(
            "/pos/{file}",
            get(async |Path(file): Path<String>, headers: HeaderMap| app_files::serve(&file, &headers)),
        )
        .layer(middleware::from_fn(common))
        .with_state(hub)
}

/// Logs a request and puts the common headers on its answer.
async fn common(request: Request, next: Next) -> Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let started = std::time::Instant::now();
    let mut response = next.run(request).await.into_response();
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.insert("holdfast-hub-time", HeaderValue::from(now_ms()));
    let micros = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
    tracing::info!(%method, path, status = response.status().as_u16(), micros, "answered");
    response
}
