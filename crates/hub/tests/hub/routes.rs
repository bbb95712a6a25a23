//! Every route, and everybody who may not call it.

use crate::{shop::Shop, signed::Terminal};
use axum::{
    body::Body,
    http::{HeaderMap, Method, Request, Response, StatusCode, header},
};
use holdfast_hub::{
    Hub, router,
    routes::{Content, ROUTES, Route, Who, openapi},
};
use holdfast_store::Role;
use std::collections::BTreeSet;
use tower::ServiceExt as _;

pub(crate) fn shop(name: &str) -> Shop {
    Shop::new(&format!("routes-{name}"), "127.0.0.1:1".parse().expect("an address"))
}

pub(crate) async fn send(hub: &Hub, request: Request<Body>) -> Response<Body> {
    router(hub.clone()).oneshot(request).await.expect("it always answers")
}

/// A path of a route, its parameters filled in.
pub(crate) fn filled(path: &str) -> String {
    path.replace("{hash}", &"0a".repeat(32)).replace("{code}", "A01").replace("{file}", "nothing.txt")
}

/// A request of the console: from its own pages, with a session if there is one.
pub(crate) fn from_console(route: &Route, cookie: Option<&str>, form: &str) -> Request<Body> {
    let mut request = Request::builder()
        .method(route.method)
        .uri(filled(route.path))
        .header(header::HOST, "localhost:8080")
        .header(header::ORIGIN, "http://localhost:8080")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    if let Some(cookie) = cookie {
        request = request.header(header::COOKIE, cookie);
    }
    request.body(Body::from(form.to_owned())).expect("a request")
}

/// Signs in at the console; gives the cookie and the session's form key.
pub(crate) async fn session(shop: &Shop, hub: &Hub, role: Role) -> (String, String) {
    shop.account(role.as_str(), role);
    let sign_in = ROUTES.iter().find(|route| route.path.ends_with("sign-in") && route.method == "POST");
    let form = format!("account={}&password=right+horse+battery", role.as_str());
    let answer = send(hub, from_console(sign_in.expect("there is one"), None, &form)).await;
    let cookie = answer.headers()[header::SET_COOKIE].to_str().expect("text");
    let cookie = cookie.split(';').next().expect("a pair").to_owned();
    let accounts = ROUTES.iter().find(|route| route.path.ends_with("/accounts")).expect("there is one");
    let page = axum::body::to_bytes(send(hub, from_console(accounts, Some(&cookie), "")).await.into_body(), 1 << 20);
    let page = String::from_utf8(page.await.expect("a page").to_vec()).expect("text");
    let after = page.split_once("name=\"form_key\" value=\"").expect("a form").1;
    (cookie, after.split_once('"').expect("a value").0.to_owned())
}

/// What the router really answers: its paths as its own description has them, its methods as it says on a wrong one.
async fn routed(hub: &Hub) -> BTreeSet<(String, String)> {
    let described = format!("{:?}", router(hub.clone()));
    let paths: BTreeSet<&str> = described.split('"').filter(|part| part.starts_with('/')).collect();
    let mut found = BTreeSet::new();
    for path in paths {
        let request = Request::builder().method("PROPFIND").uri(filled(path)).body(Body::empty()).expect("a request");
        let answer = send(hub, request).await;
        let Some(allowed) = answer.headers().get(header::ALLOW) else {
            continue;
        };
        for method in allowed.to_str().expect("text").split(',').filter(|method| *method != "HEAD") {
            found.insert((method.to_owned(), path.to_owned()));
        }
    }
    found
}

#[tokio::test]
async fn the_table_has_every_route_and_no_other() {
    let shop = shop("table");
    let table: BTreeSet<_> = ROUTES.iter().map(|route| (route.method.to_owned(), route.path.to_owned())).collect();

    let found = routed(&shop.lonely_hub()).await;

    let missing: Vec<_> = found.difference(&table).collect();
    let gone: Vec<_> = table.difference(&found).collect();
    assert!(missing.is_empty() && gone.is_empty(), "not in the table: {missing:?}; not in the router: {gone:?}");
    assert_eq!(table.len(), ROUTES.len(), "a route is there twice");
}

/// Whether an answer keeps somebody out.
fn is_refusal(answer: &Response<Body>) -> bool {
    match answer.status() {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => true,
        // Whoever looks at pages is led to the sign-in.
        StatusCode::SEE_OTHER => answer.headers()[header::LOCATION] == "/pos/console/sign-in",
        _ => false,
    }
}

#[tokio::test]
async fn nobody_gets_in_without_what_the_table_asks_for() {
    let shop = shop("closed");
    shop.publish("Main");
    let hub = shop.lonely_hub();
    shop.store
        .change(|change| change.set_secret("site/webhook", &vault().seal("site/webhook", b"secret"), 0))
        .expect("kept");
    let credentials = r#"{"account":"a","password":"b","terminal_name":"t","pos_profile":"Main","public_key":""}"#;
    let point = key_text();
    let credentials = credentials.replace(r#""public_key":"""#, &format!(r#""public_key":"{point}""#));

    for route in ROUTES.iter().filter(|route| route.who != Who::Anyone) {
        let request = match route.content {
            Content::Form => from_console(route, None, "account=nobody&password=wrong&form_key=00"),
            _ => Request::builder()
                .method(route.method)
                .uri(format!("{}{}", filled(route.path), if route.who == Who::Webhook { "?doctype=Item" } else { "" }))
                .body(Body::from(credentials.clone()))
                .expect("a request"),
        };
        let answer = send(&hub, request).await;
        assert!(is_refusal(&answer), "{} {}: {}", route.method, route.path, answer.status());
    }
}

#[tokio::test]
async fn a_smaller_role_is_refused() {
    let shop = shop("roles");
    let hub = shop.lonely_hub();
    shop.store.change(|change| change.set_employee("E1", "Eve", "Cashier")).expect("stored");
    let mut tried = 0;

    for (role, smaller) in [(Role::Manager, Role::Auditor), (Role::Administrator, Role::Manager)] {
        let (cookie, key) = session(&shop, &hub, smaller).await;
        let form = format!(
            "form_key={key}&employee=E1&full_name=Eve&role=Manager&pin=4071&again=4071&name=x&password=right+horse+battery&off=&revoke=yes&url=https://x.example&key=k&secret=s&users=&hub_url=&webhooks="
        );
        for route in ROUTES.iter().filter(|route| route.who == Who::Session(role)) {
            let answer = send(&hub, from_console(route, Some(&cookie), &form)).await;
            assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{} {}", route.method, route.path);
            tried += 1;
        }
    }

    assert!(tried >= 5, "{tried}");
}

#[tokio::test]
async fn a_terminal_is_known_by_its_signature_over_everything() {
    let shop = shop("signature");
    let hub = shop.lonely_hub();
    let mut terminal = Terminal::enrolled(&shop, "Main");
    let mut stranger = Terminal::stranger(2);
    let mut forger = terminal.forger();
    let path = "/pos/api/v1/terminal";
    let status = async |request| send(&hub, request).await.status();

    assert_eq!(status(terminal.request("GET", path, b"")).await, StatusCode::OK);
    assert_eq!(status(stranger.request("GET", path, b"")).await, StatusCode::UNAUTHORIZED);
    assert_eq!(status(forger.request("GET", path, b"")).await, StatusCode::UNAUTHORIZED);

    let mut other_path = terminal.request("GET", "/pos/api/v1/catalogue", b"");
    *other_path.uri_mut() = path.parse().expect("a path");
    assert_eq!(status(other_path).await, StatusCode::UNAUTHORIZED);
    let mut other_query = terminal.request("GET", path, b"");
    *other_query.uri_mut() = format!("{path}?all").parse().expect("a path");
    assert_eq!(status(other_query).await, StatusCode::UNAUTHORIZED);
    let mut other_method = terminal.request("GET", "/pos/api/v1/journal", b"");
    *other_method.method_mut() = Method::POST;
    assert_eq!(status(other_method).await, StatusCode::UNAUTHORIZED);
    let mut other_body = terminal.request("POST", "/pos/api/v1/journal", b"one");
    *other_body.body_mut() = Body::from("two");
    assert_eq!(status(other_body).await, StatusCode::UNAUTHORIZED);
    for header in ["holdfast-terminal", "holdfast-time", "holdfast-nonce", "holdfast-signature"] {
        let mut without = terminal.request("GET", path, b"");
        without.headers_mut().remove(header);
        assert_eq!(status(without).await, StatusCode::UNAUTHORIZED, "{header}");
    }
}

#[tokio::test]
async fn a_request_is_taken_once_and_in_its_time() {
    let shop = shop("replay");
    let hub = shop.lonely_hub();
    let mut terminal = Terminal::enrolled(&shop, "Main");
    let path = "/pos/api/v1/terminal";
    let request = terminal.request("GET", path, b"");
    let headers: HeaderMap = request.headers().clone();
    let again = || {
        let mut request = Request::get(path).body(Body::empty()).expect("a request");
        *request.headers_mut() = headers.clone();
        request
    };

    assert_eq!(send(&hub, request).await.status(), StatusCode::OK);
    assert_eq!(send(&hub, again()).await.status(), StatusCode::UNAUTHORIZED);
    let now = crate::signed::now_ms();
    for time_ms in [now - 6 * 60_000, now + 6 * 60_000, i64::MIN, i64::MAX] {
        let late = terminal.request_at(time_ms, "GET", path, b"");
        assert_eq!(send(&hub, late).await.status(), StatusCode::UNAUTHORIZED, "{time_ms}");
    }
}

#[tokio::test]
async fn a_revoked_terminal_delivers_what_it_sold_and_gets_nothing_more() {
    let shop = shop("revoked");
    shop.publish("Main");
    let hub = shop.lonely_hub();
    let mut terminal = Terminal::enrolled(&shop, "Main");
    shop.store.change(|change| change.set_revoked(terminal.id, true)).expect("stored");

    let catalogue = send(&hub, terminal.request("GET", "/pos/api/v1/catalogue", b"")).await.status();
    let segment = filled("/pos/api/v1/segments/{hash}");
    let segment = send(&hub, terminal.request("GET", &segment, b"")).await.status();
    let push = send(&hub, terminal.request("POST", "/pos/api/v1/journal", &[1, 0xff])).await.status();

    assert_eq!((catalogue, segment), (StatusCode::FORBIDDEN, StatusCode::FORBIDDEN));
    assert_eq!(push, StatusCode::BAD_REQUEST, "read, and only then refused");
}

#[tokio::test]
async fn whoever_forges_is_slowed_down_and_the_terminal_is_not() {
    let shop = shop("forger");
    let hub = shop.lonely_hub();
    let mut terminal = Terminal::enrolled(&shop, "Main");
    let mut forger = terminal.forger();
    let path = "/pos/api/v1/terminal";
    let from = |address: &str, mut request: Request<Body>| {
        let peer: std::net::SocketAddr = address.parse().expect("an address");
        request.extensions_mut().insert(axum::extract::ConnectInfo(peer));
        // A claim that nobody here believes.
        request.headers_mut().insert("x-forwarded-for", "10.0.0.1".parse().expect("a value"));
        send(&hub, request)
    };

    let mut last = StatusCode::OK;
    for _ in 0..70 {
        last = from("10.0.0.66:4000", forger.request("GET", path, b"")).await.status();
    }
    let honest = from("10.0.0.7:4000", terminal.request("GET", path, b"")).await.status();

    assert_eq!((last, honest), (StatusCode::TOO_MANY_REQUESTS, StatusCode::OK));
}

#[tokio::test]
async fn every_answer_is_for_this_origin_only() {
    let shop = shop("origins");
    let hub = shop.lonely_hub();

    for route in ROUTES {
        for method in [route.method, "OPTIONS"] {
            let request = Request::builder()
                .method(method)
                .uri(filled(route.path))
                .header(header::ORIGIN, "https://evil.example")
                .header(header::ACCESS_CONTROL_REQUEST_METHOD, route.method)
                .header(header::ACCESS_CONTROL_REQUEST_HEADERS, "holdfast-signature")
                .body(Body::empty())
                .expect("a request");
            let headers = send(&hub, request).await.headers().clone();
            let text = |name: &str| headers.get(name).map(|value| value.to_str().expect("text").to_owned());
            let place = format!("{method} {}", route.path);
            assert!(headers.keys().all(|name| !name.as_str().starts_with("access-control-")), "{place}");
            assert_eq!(text("x-content-type-options").as_deref(), Some("nosniff"), "{place}");
            assert_eq!(text("cross-origin-opener-policy").as_deref(), Some("same-origin"), "{place}");
            assert_eq!(text("cross-origin-embedder-policy").as_deref(), Some("require-corp"), "{place}");
            assert_eq!(text("cross-origin-resource-policy").as_deref(), Some("same-origin"), "{place}");
            assert_eq!(text("x-frame-options").as_deref(), Some("DENY"), "{place}");
            let policy = text("content-security-policy").expect("each answer has one");
            assert!(policy.starts_with("default-src 'none'") && !policy.contains("script-src 'unsafe"), "{place}");
        }
    }
}

#[test]
fn the_description_is_the_one_in_the_documentation() {
    let written: serde_json::Value =
        serde_json::from_str(include_str!("../../../../docs/openapi.json")).expect("it is JSON");

    assert_eq!(written, openapi(), "cargo run -p holdfast-hub --example openapi > docs/openapi.json");
}

pub(crate) fn vault() -> holdfast_hub::vault::Vault {
    holdfast_hub::vault::Vault::new(&[1; 32])
}

/// A public key as enrolment takes it.
pub(crate) fn key_text() -> String {
    use base64::Engine as _;
    let point = Terminal::stranger(9).key.verifying_key().to_encoded_point(false);
    base64::prelude::BASE64_URL_SAFE_NO_PAD.encode(point.as_bytes())
}
