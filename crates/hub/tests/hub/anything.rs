//! Anything at all, sent to every route by whoever may call it: it is refused or answered, never a fault of the hub's.

use crate::{
    routes::{filled, from_console, send, session, shop, vault},
    signed::Terminal,
};
use axum::{body::Body, http::Request};
use base64::{Engine, prelude::BASE64_STANDARD};
use hmac::{Hmac, Mac};
use holdfast_hub::routes::{Content, ROUTES, Route, Who};
use holdfast_store::Role;
use holdfast_sync::wire::{self, PushRequest};
use sha2::Sha256;

/// Numbers that look like chance and are the same each time.
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next()).expect("31 bits") % end.max(1)
    }

    fn bytes(&mut self, most: usize) -> Vec<u8> {
        let count = self.below(most);
        (0..count).map(|_| self.next().to_le_bytes()[0]).collect()
    }

    /// A body with some bytes changed, taken out or put in.
    fn altered(&mut self, body: &[u8]) -> Vec<u8> {
        let mut body = body.to_vec();
        for _ in 0..=self.below(4) {
            let at = self.below(body.len());
            match self.below(4) {
                0 => body.truncate(at),
                1 if !body.is_empty() => body[at] = self.next().to_le_bytes()[0],
                2 if !body.is_empty() => drop(body.remove(at)),
                _ => body.insert(at.min(body.len()), self.next().to_le_bytes()[0]),
            }
        }
        body
    }
}

/// What is almost right for a route.
fn almost(content: Content, form_key: &str) -> Vec<u8> {
    match content {
        Content::None => Vec::new(),
        Content::Json => {
            let key = crate::routes::key_text();
            format!(r#"{{"account":"manager","password":"wrong","terminal_name":"Till","pos_profile":"Main","public_key":"{key}","name":"ITEM-1"}}"#).into_bytes()
        }
        Content::Form => format!("form_key={form_key}&employee=E1&full_name=Eve&role=Cashier&pin=4071&again=4071&name=x&password=wrong&off=&session=00&code=AAAA&present=x").into_bytes(),
        Content::Records => wire::encode(&PushRequest { entries: Vec::new() }),
    }
}

fn bodies(draw: &mut Draw, content: Content, form_key: &str) -> Vec<Vec<u8>> {
    let right = almost(content, form_key);
    let mut bodies = vec![
        Vec::new(),
        right.clone(),
        b"null".to_vec(),
        b"{}".to_vec(),
        b"[".repeat(60_000),
        b"{\"a\":".repeat(12_000),
        b"\xff\xfe\x00".to_vec(),
        b"%".repeat(1_000),
        b"form_key=%00%ff&x[y]=1&&==".to_vec(),
        vec![0xff; 60_000],
        vec![b'a'; 70_000],
        // A count that promises more than follows.
        [1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f].to_vec(),
    ];
    for end in 0..right.len().min(24) {
        bodies.push(right[..end].to_vec());
    }
    for _ in 0..24 {
        bodies.push(draw.altered(&right));
        bodies.push(draw.bytes(2_000));
    }
    bodies
}

fn request(route: &Route, body: &[u8], terminal: &mut Terminal, cookie: &str) -> Request<Body> {
    let path = filled(route.path);
    match route.who {
        Who::Terminal => terminal.request(route.method, &path, body),
        Who::Session(_) => from_console(route, Some(cookie), "").map(|_| Body::from(body.to_vec())),
        Who::Webhook => {
            let mut mac = Hmac::<Sha256>::new_from_slice(b"secret").expect("any key");
            mac.update(body);
            let signature = BASE64_STANDARD.encode(mac.finalize().into_bytes());
            Request::post(format!("{path}?doctype=Item"))
                .header("x-frappe-webhook-signature", signature)
                .body(Body::from(body.to_vec()))
                .expect("a request")
        }
        Who::Anyone | Who::Account if route.content == Content::Form => {
            from_console(route, None, "").map(|_| Body::from(body.to_vec()))
        }
        Who::Anyone | Who::Account => {
            Request::builder().method(route.method).uri(path).body(Body::from(body.to_vec())).expect("a request")
        }
    }
}

#[tokio::test]
async fn no_body_makes_a_fault_of_the_hubs() {
    let shop = shop("bodies");
    shop.publish("Main");
    shop.store
        .change(|change| {
            change.set_employee("E1", "Eve", "Cashier")?;
            change.set_secret("site/webhook", &vault().seal("site/webhook", b"secret"), 0)
        })
        .expect("stored");
    let mut draw = Draw(7);
    let mut terminal = Terminal::enrolled(&shop, "Main");
    let mut sent = 0;

    let mut hub = shop.lonely_hub();
    let (mut cookie, mut key) = session(&shop, &hub, Role::Administrator).await;
    for route in ROUTES {
        let bodies = bodies(&mut draw, route.content, &key);
        let count = if route.content == Content::None { 3 } else { bodies.len() };
        for body in &bodies[..count] {
            let answer = send(&hub, request(route, body, &mut terminal, &cookie)).await;
            let status = answer.status();
            assert!(!status.is_server_error(), "{} {} {status}: {body:02x?}", route.method, route.path);
            sent += 1;
        }
        if route.path.ends_with("/sign-out") {
            hub = shop.lonely_hub();
            (cookie, key) = session(&shop, &hub, Role::Administrator).await;
        }
    }

    assert!(sent > 1_000, "{sent}");
}
