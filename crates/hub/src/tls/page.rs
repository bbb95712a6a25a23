//! `/pos/trust`: how a counter is told to trust the shop's own authority.

use super::Trust;
use crate::{Hub, error::ApiError};
use axum::{
    extract::{Path, State},
    http::{HeaderName, header},
    response::{Html, IntoResponse, Response},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use maud::{DOCTYPE, html};

const STYLE: &str = "body{font:1.05rem/1.5 system-ui,sans-serif;max-width:42rem;margin:2rem auto;padding:0 1rem;\
    color-scheme:light dark}code{overflow-wrap:anywhere}h2{font-size:1.15rem;margin-top:2rem}\
    .download{display:inline-block;min-height:3rem;line-height:3rem;padding:0 1.25rem;border:1px solid;border-radius:.5rem}";

const TYPE_CSS: (HeaderName, &str) = (header::CONTENT_TYPE, "text/css; charset=utf-8");

/// A system, and what to do there.
const SYSTEMS: [(&str, &[&str]); 6] = [
    (
        "Android",
        &[
            "Download the certificate.",
            "Settings, Security & privacy, More security settings, Encryption & credentials, Install a certificate, CA \
             certificate. (The words differ a little between makers; searching the settings for \"CA certificate\" finds it.)",
            "Install anyway, and pick the file that was downloaded.",
        ],
    ),
    (
        "iPad and iPhone",
        &[
            "Download the certificate in Safari and allow the profile.",
            "Settings, Profile Downloaded, Install.",
            "Settings, General, About, Certificate Trust Settings: switch this authority on. Without this step it is not trusted.",
        ],
    ),
    (
        "Windows",
        &[
            "Download the certificate and open it: Install Certificate, Local Machine.",
            "Place it in \"Trusted Root Certification Authorities\". Chrome and Edge use it after a restart.",
        ],
    ),
    (
        "ChromeOS",
        &[
            "Download the certificate.",
            "Settings, Privacy and security, Security, Manage certificates, Authorities (or Custom), Import; trust it for identifying websites.",
        ],
    ),
    (
        "Mac",
        &[
            "Download the certificate and open it; Keychain Access adds it.",
            "Open it there, Trust, \"Always Trust\" for SSL.",
        ],
    ),
    (
        "Linux",
        &[
            "Chromium: Settings, Privacy and security, Security, Manage certificates, Custom, Import.",
            "Firefox: Settings, Privacy & Security, View Certificates, Authorities, Import.",
            "For every program on Debian: put the PEM file as holdfast.crt into /usr/local/share/ca-certificates and run update-ca-certificates.",
        ],
    ),
];

/// The page; nothing where the certificate is somebody else's.
pub(crate) async fn show(State(hub): State<Hub>) -> Result<Response, ApiError> {
    let trust = hub.trust.as_deref().ok_or(ApiError::NotFound)?;
    Ok(page(trust).into_response())
}

/// The page's looks.
pub(crate) async fn style() -> Response {
    ([TYPE_CSS], STYLE).into_response()
}

/// The certificate as a file: `holdfast.crt` (DER, what systems open by themselves) or `holdfast.pem`.
pub(crate) async fn certificate(State(hub): State<Hub>, Path(file): Path<String>) -> Result<Response, ApiError> {
    download(hub.trust.as_deref().ok_or(ApiError::NotFound)?, &file).ok_or(ApiError::NotFound)
}

pub(super) fn download(trust: &Trust, file: &str) -> Option<Response> {
    let (kind, bytes) = match file {
        "holdfast.crt" => ("application/x-x509-ca-cert", trust.certificate.to_vec()),
        "holdfast.pem" => ("application/x-pem-file", pem(&trust.certificate).into_bytes()),
        _ => return None,
    };
    let disposition = (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{file}\""));
    Some(([(header::CONTENT_TYPE, kind)], [disposition], bytes).into_response())
}

pub(super) fn page(trust: &Trust) -> Html<String> {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                title { "Trust this shop's hub" }
                meta name="viewport" content="width=device-width, initial-scale=1";
                link rel="stylesheet" href="/pos/trust/style.css";
            }
            body {
                h1 { "Trust this shop's hub" }
                p {
                    "The hub in this shop has a certificate from the shop's own authority. A device that has been told to trust \
                     it opens the counter without a warning. This is done once on each device."
                }
                p { a.download href="/pos/trust/holdfast.crt" { "Download the certificate" } }
                p { "The same as a PEM file: " a href="/pos/trust/holdfast.pem" { "holdfast.pem" } "." }
                h2 { "Compare before you trust" }
                p {
                    "Whoever controls the network could give you another file. The device shows a SHA-256 fingerprint before it \
                     installs; it has to be the one that the hub wrote to its log when it started, and this one:"
                }
                p { code { (trust.fingerprint) } }
                p { "The authority is called " strong { (trust.title) } ". It may vouch for this hub and for names and addresses of \
                     local networks, and for nothing else on the internet." }
                @for (system, steps) in SYSTEMS {
                    h2 { (system) }
                    ol { @for step in steps { li { (step) } } }
                }
                h2 { "Then" }
                p { "Open the counter under one of these names:" }
                ul { @for name in &trust.names { li { code { "https://" (name) "/pos" } " (with the hub's port, if it has one)" } } }
            }
        }
    };
    Html(page.into_string())
}

/// DER as PEM.
fn pem(der: &[u8]) -> String {
    let text = BASE64_STANDARD.encode(der);
    let lines: Vec<&str> =
        text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).expect("Base64 is ASCII")).collect();
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
}
