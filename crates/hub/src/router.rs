//! The routes, and the headers that every answer carries.

use crate::{Hub, api, app_files, bodies, console, error::ApiError, headers, serve::Encrypted, state::now_ms, tls};
use axum::{
    Router,
    extract::{DefaultBodyLimit, Path, Request, State},
    http::{HeaderMap, HeaderValue},
    middleware::{self, Next},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};

/// Most bytes of a body that is not signed.
const JSON_BYTES_MAX: usize = 64 * 1024;

/// Everything the hub answers.
pub fn router(hub: Hub) -> Router {
    let door = Door { is_strict: hub.is_strict, is_behind_proxy: hub.is_behind_proxy };
    let api = Router::new()
        .route("/health", get(api::health::show))
        .route("/enrolment/profiles", post(api::enrolment::profiles))
        .route("/enrolment", post(api::enrolment::enrol))
        .route("/terminal", get(api::terminal::show))
        .route("/catalogue", get(api::catalogue::manifest))
        .route("/segments/{hash}", get(api::catalogue::segment))
        .route("/pictures/{hash}", get(api::catalogue::picture))
        .route("/journal", post(api::journal::push))
        .route("/postings", get(api::postings::list))
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
        .route("/pos/trust", get(tls::show))
        .route("/pos/trust/style.css", get(tls::style))
        .route("/pos/trust/{file}", get(tls::certificate))
        .layer(middleware::from_fn_with_state(door, common))
        .with_state(hub)
}

/// How requests come in.
#[derive(Clone, Copy)]
struct Door {
    is_strict: bool,
    is_behind_proxy: bool,
}

impl Door {
    /// Takes from a request what its caller only claims: headers that are a proxy's to set, where none stands in front.
    fn clear(self, request: &mut Request) {
        let is_encrypted = request.extensions().get::<Encrypted>().is_some();
        let headers = request.headers_mut();
        if !self.is_behind_proxy {
            for name in ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"] {
                headers.remove(name);
            }
        }
        if is_encrypted {
            headers.insert("x-forwarded-proto", HeaderValue::from_static("https"));
        }
    }
}

/// Logs a request and puts the common headers on its answer.
async fn common(State(door): State<Door>, mut request: Request, next: Next) -> Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    door.clear(&mut request);
    let started = std::time::Instant::now();
    let mut response = match bodies::in_time(request).await {
        Ok(request) => next.run(request).await,
        Err(error) => error.into_response(),
    };
    let headers = response.headers_mut();
    headers::put(headers);
    if door.is_strict {
        headers::put_strict_transport(headers);
    }
    headers.insert("holdfast-hub-time", HeaderValue::from(now_ms()));
    let micros = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
    tracing::info!(%method, path, status = response.status().as_u16(), micros, "answered");
    response
}
