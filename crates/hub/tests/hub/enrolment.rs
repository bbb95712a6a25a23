//! `POST enrolment` and `POST enrolment/profiles`.

use crate::shop::{Shop, post, serve};
use axum::{
    Router,
    http::{HeaderMap, StatusCode, header},
    response::IntoResponse,
    routing::{get, post as on_post},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use holdfast_store::{MirrorBatch, MirrorRow, Role};
use p256::ecdsa::SigningKey;
use serde_json::{Value, json};

/// A site with one user, who may also sign in by a short name.
fn site() -> Router {
    let login = async |body: String| {
        if body.contains("usr=ada") && body.contains("pwd=right") {
            ([(header::SET_COOKIE, "sid=good; Path=/")], "{}").into_response()
        } else {
            (StatusCode::UNAUTHORIZED, "{}").into_response()
        }
    };
    let who = async |headers: HeaderMap| {
        if headers.get(header::COOKIE).is_some_and(|cookie| cookie == "sid=good") {
            json!({ "message": "ada@example.com" }).to_string()
        } else {
            json!({ "message": "Guest" }).to_string()
        }
    };
    Router::new().route("/api/method/login", on_post(login)).route("/api/method/frappe.auth.get_logged_user", get(who))
}

fn mirrored(name: &str, users: &[&str]) -> MirrorRow {
    let users: Vec<Value> = users.iter().map(|user| json!({ "user": user })).collect();
    let row = json!({ "applicable_for_users": users }).to_string().into_bytes();
    MirrorRow { name: name.into(), modified: String::new(), row }
}

/// Three profiles: for everybody, for Ada, for Bob.
async fn shop(name: &str) -> Shop {
    let shop = Shop::new(name, serve(site()).await);
    for profile in ["All", "Ada's", "Bob's"] {
        shop.publish(profile);
    }
    let batch = MirrorBatch {
        doctype: "POS Profile".into(),
        changed: vec![mirrored("Ada's", &["ada@example.com"]), mirrored("Bob's", &["bob@example.com"])],
        ..MirrorBatch::default()
    };
    shop.store.change(|change| change.mirror(&batch)).expect("stored");
    shop
}

fn enrolment(account: &str, password: &str, profile: &str) -> String {
    let key = SigningKey::from_slice(&[7; 32]).expect("a key");
    let point = key.verifying_key().to_encoded_point(false);
    json!({
        "account": account,
        "password": password,
        "terminal_name": "Till 1",
        "pos_profile": profile,
        "public_key": BASE64_URL_SAFE_NO_PAD.encode(point.as_bytes()),
    })
    .to_string()
}

const PROFILES: &str = "/pos/api/v1/enrolment/profiles";
const ENROL: &str = "/pos/api/v1/enrolment";

#[tokio::test]
async fn a_user_of_erpnext_picks_among_their_own_profiles() {
    let shop = shop("own-profiles").await;

    let typed = json!({ "account": "ada", "password": "right" }).to_string();
    let (status, answer) = post(&shop.hub(), PROFILES, &[], typed).await;

    assert_eq!(status, StatusCode::OK);
    let names: Vec<&str> =
        answer["profiles"].as_array().expect("a list").iter().filter_map(|p| p["name"].as_str()).collect();
    assert_eq!(names, ["Ada's", "All"]);
}

#[tokio::test]
async fn a_terminal_posts_as_the_user_who_enrolled_it() {
    let shop = shop("posts-as").await;

    let (status, answer) = post(&shop.hub(), ENROL, &[], enrolment("ada", "right", "Ada's")).await;

    assert_eq!((status, answer["code"].as_str()), (StatusCode::OK, Some("A01")));
    assert_eq!(shop.store.terminals().expect("read")[0].account, "ada@example.com");
    let sealed = shop.store.secret("site/account/ada@example.com").expect("read").expect("kept");
    assert!(!sealed.windows(5).any(|window| window == b"right"));
}

#[tokio::test]
async fn nobody_enrols_for_another_users_profile() {
    let shop = shop("others").await;

    let (status, _) = post(&shop.hub(), ENROL, &[], enrolment("ada", "right", "Bob's")).await;

    assert_eq!(status, StatusCode::NOT_FOUND);
    assert_eq!(shop.store.terminals().expect("read"), []);
    assert_eq!(shop.store.secret_names("site/").expect("read"), Vec::<String>::new());
}

#[tokio::test]
async fn wrong_passwords_are_refused_wherever_the_account_is() {
    let shop = shop("wrong").await;
    shop.account("manager", Role::Manager);

    for (account, password) in [("ada", "wrong"), ("manager", "wrong"), ("nobody", "right")] {
        let (status, answer) = post(&shop.hub(), ENROL, &[], enrolment(account, password, "All")).await;
        assert_eq!(
            (status, answer["code"].as_str()),
            (StatusCode::UNAUTHORIZED, Some("wrong_credentials")),
            "{account}"
        );
    }
}

#[tokio::test]
async fn the_hubs_own_accounts_enrol_by_their_role() {
    let shop = shop("roles").await;
    shop.account("manager", Role::Manager);
    shop.account("auditor", Role::Auditor);

    let may = post(&shop.hub(), ENROL, &[], enrolment("manager", "right horse battery", "Bob's")).await.0;
    let may_not = post(&shop.hub(), ENROL, &[], enrolment("auditor", "right horse battery", "All")).await.0;

    assert_eq!((may, may_not), (StatusCode::OK, StatusCode::UNAUTHORIZED));
}

#[tokio::test]
async fn a_site_that_is_away_is_no_wrong_password() {
    let shop = Shop::new("away", "127.0.0.1:1".parse().expect("an address"));

    let (status, answer) = post(&shop.hub(), ENROL, &[], enrolment("ada", "right", "All")).await;

    assert_eq!((status, answer["code"].as_str()), (StatusCode::SERVICE_UNAVAILABLE, Some("unavailable")));
}

#[tokio::test]
async fn guessing_is_slowed_down() {
    let shop = shop("guessing").await;
    shop.account("manager", Role::Manager);
    let hub = shop.hub();

    let mut last = StatusCode::OK;
    for _ in 0..6 {
        last = post(&hub, ENROL, &[], enrolment("manager", "wrong", "All")).await.0;
    }

    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
}
