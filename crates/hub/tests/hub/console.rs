//! The console: who gets in, which forms are taken, what is written down.

use crate::shop::Shop;
use axum::{
    body::Body,
    http::{HeaderMap, Request, Response, StatusCode, header},
};
use holdfast_hub::{Hub, router};
use holdfast_store::{NewTerminal, Role};
use holdfast_sync::{PublicKey, TerminalId};
use tower::ServiceExt as _;

const PASSWORD: &str = "right+horse+battery";

/// A browser: it keeps its cookie and says where forms come from.
pub(crate) struct Browser {
    hub: Hub,
    cookie: Option<String>,
    origin: &'static str,
}

pub(crate) struct Page {
    pub(crate) status: StatusCode,
    headers: HeaderMap,
    pub(crate) text: String,
}

impl Page {
    async fn read(response: Response<Body>) -> Self {
        let (status, headers) = (response.status(), response.headers().clone());
        let body = axum::body::to_bytes(response.into_body(), 4 << 20).await.expect("a body");
        Self { status, headers, text: String::from_utf8(body.to_vec()).expect("text") }
    }

    fn location(&self) -> &str {
        self.headers.get(header::LOCATION).and_then(|to| to.to_str().ok()).unwrap_or_default()
    }

    /// The session's key, as the page's forms carry it.
    fn form_key(&self) -> String {
        let after = self.text.split_once("name=\"form_key\" value=\"").expect("a form").1;
        after.split_once('"').expect("a value").0.to_owned()
    }
}

impl Browser {
    fn new(hub: Hub) -> Self {
        Self { hub, cookie: None, origin: "http://localhost:8080" }
    }

    async fn signed_in(shop: &Shop, role: Role) -> Self {
        Self::of(shop.lonely_hub(), shop, role).await
    }

    /// At a hub of a shop, signed in as Ada.
    pub(crate) async fn of(hub: Hub, shop: &Shop, role: Role) -> Self {
        shop.account("ada", role);
        let mut browser = Self::new(hub);
        let page = browser.post("sign-in", &format!("account=ada&password={PASSWORD}")).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
        browser
    }

    async fn send(&mut self, mut request: Request<Body>) -> Page {
        let headers = request.headers_mut();
        headers.insert(header::HOST, "localhost:8080".parse().expect("a value"));
        if let Some(cookie) = &self.cookie {
            headers.insert(header::COOKIE, cookie.parse().expect("a value"));
        }
        let page = Page::read(router(self.hub.clone()).oneshot(request).await.expect("it always answers")).await;
        if let Some(set) = page.headers.get(header::SET_COOKIE).and_then(|set| set.to_str().ok()) {
            self.cookie = set.split(';').next().map(str::to_owned);
        }
        page
    }

    pub(crate) async fn get(&mut self, place: &str) -> Page {
        self.send(Request::get(format!("/pos/console/{place}")).body(Body::empty()).expect("a request")).await
    }

    async fn post(&mut self, place: &str, form: &str) -> Page {
        let request = Request::post(format!("/pos/console/{place}"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ORIGIN, self.origin)
            .body(Body::from(form.to_owned()))
            .expect("a request");
        self.send(request).await
    }

    /// Sends a form with the key that the page of this place carries.
    pub(crate) async fn submit(&mut self, page: &str, place: &str, form: &str) -> Page {
        let key = self.get(page).await.form_key();
        self.post(place, &format!("form_key={key}&{form}")).await
    }
}

fn shop(name: &str) -> Shop {
    Shop::new(&format!("console-{name}"), "127.0.0.1:1".parse().expect("an address"))
}

fn actions(shop: &Shop) -> Vec<String> {
    shop.store.audit_lines(i64::MAX, 100).expect("read").into_iter().rev().map(|line| line.line.action).collect()
}

#[tokio::test]
async fn every_page_but_the_way_in_asks_for_a_session() {
    let shop = shop("closed");
    shop.account("ada", Role::Administrator);
    let mut browser = Browser::new(shop.lonely_hub());

    for place in ["", "terminals", "terminals/A01", "employees", "accounts", "audit", "audit.csv"] {
        let page = browser.get(place).await;
        assert_eq!((page.status, page.location()), (StatusCode::SEE_OTHER, "/pos/console/sign-in"), "{place}");
    }
    for place in [
        "sign-out",
        "terminals/A01/revoke",
        "employees",
        "employees/pin",
        "employees/remove",
        "accounts",
        "accounts/password",
        "accounts/session",
    ] {
        let page = browser.post(place, "form_key=00").await;
        assert_eq!(page.location(), "/pos/console/sign-in", "{place}");
    }
}

#[tokio::test]
async fn the_first_account_needs_the_code_of_the_log() {
    let shop = shop("first");
    let mut browser = Browser::new(shop.lonely_hub());
    let code = browser.hub.set_up_code();
    let form = |code: &str| format!("code={code}&name=ada&password={PASSWORD}&again={PASSWORD}");

    let refused = browser.post("first", &form("AAAA-BBBB-CCCC")).await;
    let made = browser.post("first", &form(&code.to_lowercase())).await;
    let again = browser.post("first", &form(&code)).await;

    assert!(refused.text.contains("not the code"));
    assert_eq!(made.location(), "/pos/console/sign-in");
    assert_eq!(again.status, StatusCode::CONFLICT);
    let accounts = shop.store.accounts().expect("read");
    assert_eq!((accounts.len(), accounts[0].role), (1, Role::Administrator));
    assert_eq!(actions(&shop), ["account.first"]);
}

#[tokio::test]
async fn a_session_lasts_until_it_is_ended() {
    let shop = shop("session");
    let mut browser = Browser::signed_in(&shop, Role::Manager).await;
    let cookie = browser.cookie.clone();

    let inside = browser.get("").await;
    let out = browser.submit("", "sign-out", "").await;
    browser.cookie = cookie;
    let after = browser.get("").await;

    assert_eq!(inside.status, StatusCode::OK);
    assert_eq!(out.location(), "/pos/console/sign-in");
    assert_eq!(after.location(), "/pos/console/sign-in");
    assert_eq!(actions(&shop), ["sign_in", "sign_out"]);
}

#[tokio::test]
async fn wrong_passwords_are_refused_written_down_and_slowed() {
    let shop = shop("wrong");
    shop.account("ada", Role::Manager);
    let mut browser = Browser::new(shop.lonely_hub());

    let mut statuses = Vec::new();
    for _ in 0..6 {
        statuses.push(browser.post("sign-in", "account=ada&password=wrong").await.status);
    }

    assert_eq!(statuses[0], StatusCode::UNAUTHORIZED);
    assert_eq!(statuses[5], StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(actions(&shop), ["sign_in.refused"; 5]);
    assert_eq!(browser.cookie, None);
}

#[tokio::test]
async fn cookies_are_bound_to_host_and_tls_and_never_go_in_clear_text() {
    let shop = shop("cookie");
    shop.account("ada", Role::Manager);
    let hub = shop.lonely_hub().behind_proxy(true);
    let sign_in = |hub: &Hub, host: &str, proto: &str| {
        let request = Request::post("/pos/console/sign-in")
            .header(header::HOST, host)
            .header(header::ORIGIN, format!("{proto}://{host}"))
            .header("x-forwarded-proto", proto)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(format!("account=ada&password={PASSWORD}")))
            .expect("a request");
        router(hub.clone()).oneshot(request)
    };

    let over_tls = Page::read(sign_in(&hub, "pos.example.com", "https").await.expect("an answer")).await;
    let claimed = sign_in(&shop.lonely_hub(), "pos.example.com", "https").await.expect("an answer");
    let in_clear = Page::read(sign_in(&hub, "pos.example.com", "http").await.expect("an answer")).await;

    let cookie = over_tls.headers[header::SET_COOKIE].to_str().expect("text").to_owned();
    assert!(cookie.starts_with("__Host-holdfast="), "{cookie}");
    for part in ["Path=/", "HttpOnly", "SameSite=Strict", "Secure"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert_eq!(in_clear.status, StatusCode::FORBIDDEN);
    assert!(!in_clear.headers.contains_key(header::SET_COOKIE));
    assert_eq!(claimed.status(), StatusCode::FORBIDDEN, "nobody but a proxy of ours says that there is TLS");
}

#[tokio::test]
async fn forms_of_other_sites_and_other_sessions_are_refused() {
    let shop = shop("forged");
    let mut browser = Browser::signed_in(&shop, Role::Manager).await;
    shop.store.change(|change| change.set_employee("E1", "Eve", "Cashier")).expect("stored");
    let key = browser.get("employees").await.form_key();
    let form = |key: &str| format!("form_key={key}&employee=E1&pin=4071");

    let without_key = browser.post("employees/pin", "employee=E1&pin=4071").await;
    let other_key = browser.post("employees/pin", &form(&"0".repeat(64))).await;
    browser.origin = "https://evil.example";
    let other_site = browser.post("employees/pin", &form(&key)).await;
    browser.origin = "null";
    let sandboxed = browser.post("employees/pin", &form(&key)).await;

    for page in [without_key, other_key, other_site, sandboxed] {
        assert_eq!(page.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(shop.store.employees().expect("read")[0].pin, None);
}

#[tokio::test]
async fn a_pin_is_set_without_being_shown_and_weak_ones_are_refused() {
    let shop = shop("pin");
    let mut browser = Browser::signed_in(&shop, Role::Manager).await;
    browser.submit("employees", "employees", "name=E1&full_name=Eve+%3Cb%3E&role=Cashier").await;

    let weak = browser.submit("employees", "employees/pin", "employee=E1&pin=1234").await;
    let good = browser.submit("employees", "employees/pin", "employee=E1&pin=4071").await;
    let nobody = browser.submit("employees", "employees/pin", "employee=E2&pin=4071").await;

    assert_eq!((weak.status, nobody.status), (StatusCode::BAD_REQUEST, StatusCode::NOT_FOUND));
    assert_eq!(good.location(), "/pos/console/employees");
    assert!(shop.store.employees().expect("read")[0].pin.is_some());
    let page = browser.get("employees").await;
    // The key of the forms is random and may hold any four digits.
    let text = page.text.replace(&page.form_key(), "");
    assert!(text.contains("Eve &lt;b&gt;") && !text.contains("4071"));
    let log = browser.get("audit.csv").await.text;
    assert!(log.contains("pin.set") && !log.contains("4071"));
    assert_eq!(actions(&shop), ["sign_in", "employee.set", "pin.set"]);
}

#[tokio::test]
async fn an_auditor_sees_everything_and_changes_nothing() {
    let shop = shop("auditor");
    let mut browser = Browser::signed_in(&shop, Role::Auditor).await;
    shop.store.change(|change| change.set_employee("E1", "Eve", "Cashier")).expect("stored");

    let set = browser.submit("employees", "employees/pin", "employee=E1&pin=4071").await;
    let account = browser.submit("accounts", "accounts", "name=b&role=auditor&password=right+horse+battery").await;

    assert_eq!((set.status, account.status), (StatusCode::FORBIDDEN, StatusCode::FORBIDDEN));
    assert_eq!(browser.get("employees").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_lost_counter_is_switched_off_and_on_again() {
    let shop = shop("revoke");
    let mut browser = Browser::signed_in(&shop, Role::Manager).await;
    let terminal = NewTerminal {
        id: TerminalId([3; 16]),
        name: "Till".into(),
        pos_profile: "P".into(),
        public_key: PublicKey(vec![4; 65]),
        account: "ada".into(),
    };
    shop.store.enrol(&terminal, 0).expect("enrolled");
    let is_revoked = || shop.store.terminals().expect("read")[0].is_revoked;

    browser.submit("terminals/A01", "terminals/A01/revoke", "revoke=yes").await;
    assert!(is_revoked());
    browser.submit("terminals/A01", "terminals/A01/revoke", "revoke=no").await;
    assert!(!is_revoked());

    let other = browser.submit("terminals/A01", "terminals/B07/revoke", "revoke=yes").await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);
    assert_eq!(actions(&shop), ["sign_in", "terminal.revoked", "terminal.allowed"]);
}

#[tokio::test]
async fn administrators_keep_their_own_rights_and_end_others_sessions() {
    let shop = shop("accounts");
    let mut browser = Browser::signed_in(&shop, Role::Administrator).await;

    let own = browser.submit("accounts", "accounts", "name=ada&role=auditor").await;
    let new = browser.submit("accounts", "accounts", "name=bob&role=manager&password=right+horse+battery").await;
    let without = browser.submit("accounts", "accounts", "name=eve&role=manager").await;
    let off = browser.submit("accounts", "accounts", "name=bob&role=manager&off=yes").await;

    assert_eq!((own.status, without.status), (StatusCode::CONFLICT, StatusCode::BAD_REQUEST));
    assert_eq!((new.location(), off.location()), ("/pos/console/accounts", "/pos/console/accounts"));
    let mut bob = Browser::new(browser.hub.clone());
    let page = bob.post("sign-in", &format!("account=bob&password={PASSWORD}")).await;
    assert_eq!(page.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn every_page_forbids_scripts_and_frames() {
    let shop = shop("policy");
    let mut browser = Browser::signed_in(&shop, Role::Administrator).await;

    for place in ["", "sign-in", "terminals", "employees", "accounts", "audit", "nowhere"] {
        let page = browser.get(place).await;
        let policy = page.headers[header::CONTENT_SECURITY_POLICY].to_str().expect("text");
        assert!(policy.starts_with("default-src 'none'; style-src 'self';"), "{place}: {policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{place}: {policy}");
        assert!(!page.text.contains("<script") && !page.text.contains(" style="), "{place}");
    }
}
