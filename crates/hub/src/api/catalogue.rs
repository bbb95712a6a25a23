//! Catalogues: the manifest of a terminal's profile, segments and pictures by their hash.

use crate::{Hub, auth::Signed, error::ApiError};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, HeaderName, StatusCode, header},
    response::{IntoResponse, Response},
};
use std::io::Read;

const RECORDS: (HeaderName, &str) = (header::CONTENT_TYPE, "application/vnd.holdfast");
const FOREVER: (HeaderName, &str) = (header::CACHE_CONTROL, "public, max-age=31536000, immutable");

/// What the terminal should hold.
pub(crate) async fn manifest(State(hub): State<Hub>, headers: HeaderMap, signed: Signed) -> Result<Response, ApiError> {
    if signed.terminal.is_revoked {
        return Err(ApiError::RevokedTerminal);
    }
    let profile = signed.terminal.pos_profile;
    let (hash, bytes) = hub.ask(move |store| store.manifest(&profile)).await?.ok_or(ApiError::NotFound)?;
    let tag = format!("\"{}\"", hex::encode(hash));
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known == tag.as_str()) {
        return Ok(StatusCode::NOT_MODIFIED.into_response());
    }
    Ok(([RECORDS], [(header::ETAG, tag)], bytes).into_response())
}

/// A segment, compressed where the terminal takes Brotli.
pub(crate) async fn segment(
    State(hub): State<Hub>,
    Path(hash): Path<String>,
    headers: HeaderMap,
    signed: Signed,
) -> Result<Response, ApiError> {
    if signed.terminal.is_revoked {
        return Err(ApiError::RevokedTerminal);
    }
    let hash = read_hash(&hash)?;
    let compressed = hub.ask(move |store| store.segment(hash)).await?.ok_or(ApiError::NotFound)?;
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if accepted.contains("br") {
        return Ok(([RECORDS, FOREVER], [(header::CONTENT_ENCODING, "br")], compressed).into_response());
    }
    let mut plain = Vec::new();
    brotli::Decompressor::new(compressed.as_slice(), 64 * 1024)
        .read_to_end(&mut plain)
        .expect("segments were compressed by this hub and lie in its own database");
    Ok(([RECORDS, FOREVER], plain).into_response())
}

/// A picture. Drawings may carry scripts, so they are locked in by a policy of their own.
pub(crate) async fn picture(State(hub): State<Hub>, Path(hash): Path<String>) -> Result<Response, ApiError> {
    let hash = read_hash(&hash)?;
    let (content_type, bytes) = hub.ask(move |store| store.picture(hash)).await?.ok_or(ApiError::NotFound)?;
    let policy = (header::CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'; sandbox");
    Ok(([FOREVER, policy], [(header::CONTENT_TYPE, content_type)], bytes).into_response())
}

fn read_hash(text: &str) -> Result<[u8; 32], ApiError> {
    holdfast_sync::Hash::from_hex(text).map(|hash| hash.0).ok_or(ApiError::NotFound)
}
