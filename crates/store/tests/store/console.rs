//! Accounts, sessions, secrets, the audit log.

use crate::{Directory, TERMINAL, enrolled};
use holdfast_store::{AccountRow, Alert, Change, NewAuditLine, NewSession, PinRow, Role, Store, StoreError, Verifier};

fn account(role: Role) -> AccountRow {
    let password = Verifier { salt: vec![1; 16], verifier: vec![2; 32] };
    AccountRow { name: "ada".into(), role, password, is_disabled: false }
}

fn session(token: u8) -> NewSession {
    NewSession {
        token_hash: [token; 32],
        account: "ada".into(),
        form_key: vec![9; 16],
        address: "10.0.0.1".into(),
        now_ms: 100,
    }
}

fn line(action: &str) -> NewAuditLine {
    NewAuditLine {
        at_ms: 1,
        who: "ada".into(),
        address: "10.0.0.1".into(),
        action: action.into(),
        subject: "A01".into(),
        details: String::new(),
    }
}

fn signed_in(directory: &Directory) -> Store {
    let store = directory.open();
    let begin = |change: &Change<'_>| {
        change.set_account(&account(Role::Manager))?;
        change.begin_session(&session(1))
    };
    store.change(begin).expect("stored");
    store
}

#[test]
fn a_session_tells_who_it_is_and_what_they_may_do() {
    let directory = Directory::new("session");
    let store = signed_in(&directory);

    let session = store.session([1; 32]).expect("read").expect("there");

    assert_eq!((session.account.as_str(), session.role), ("ada", Role::Manager));
    assert_eq!(store.session([2; 32]).expect("read"), None);
}

#[test]
fn a_changed_password_signs_everybody_out() {
    let directory = Directory::new("password");
    let store = signed_in(&directory);

    store.change(|change| change.set_account(&account(Role::Manager))).expect("stored");

    assert_eq!(store.session([1; 32]).expect("read"), None);
}

#[test]
fn sessions_end_when_they_are_old_or_unused() {
    let directory = Directory::new("old");
    let store = signed_in(&directory);
    store.change(|change| change.use_session([1; 32], 500)).expect("stored");

    store.change(|change| change.end_old_sessions(100, 500)).expect("stored");
    assert_eq!(store.sessions().expect("read").len(), 1);

    store.change(|change| change.end_old_sessions(100, 501)).expect("stored");
    assert_eq!(store.sessions().expect("read").len(), 0);
}

#[test]
fn what_fails_leaves_no_line_in_the_audit_log() {
    let directory = Directory::new("audit");
    let store = enrolled(&directory);

    let failed: Result<(), StoreError> = store.change(|change| {
        change.audit(&line("terminal.revoked"))?;
        change.set_revoked(TERMINAL, true)?;
        Err(StoreError::Directory(std::io::Error::other("the disk is full")))
    });
    store.change(|change| change.audit(&line("pin.set"))).expect("stored");

    assert!(failed.is_err());
    let lines = store.audit_lines(i64::MAX, 10).expect("read");
    assert_eq!(lines.iter().map(|line| line.line.action.as_str()).collect::<Vec<_>>(), ["pin.set"]);
    assert!(!store.terminal(TERMINAL).expect("read").expect("enrolled").is_revoked);
}

#[test]
fn the_audit_log_pages_backwards() {
    let directory = Directory::new("pages");
    let store = directory.open();
    for number in 0..5 {
        store.change(|change| change.audit(&line(&format!("act {number}")))).expect("stored");
    }

    let first = store.audit_lines(i64::MAX, 2).expect("read");
    let second = store.audit_lines(first[1].id, 2).expect("read");

    let actions: Vec<_> = first.iter().chain(&second).map(|line| line.line.action.as_str()).collect();
    assert_eq!(actions, ["act 4", "act 3", "act 2", "act 1"]);
}

#[test]
fn a_pin_outlives_a_changed_name() {
    let directory = Directory::new("pin");
    let store = directory.open();
    let pin = PinRow { verifier: Verifier { salt: vec![1; 16], verifier: vec![2; 32] }, digits: 6 };
    store.change(|change| change.set_employee("HR-1", "Ada", "Cashier")).expect("stored");
    assert_eq!(store.employees().expect("read")[0].pin, None);

    assert!(store.change(|change| change.set_pin("HR-1", Some(&pin))).expect("stored"));
    store.change(|change| change.set_employee("HR-1", "Ada L.", "Supervisor")).expect("stored");

    let ada = &store.employees().expect("read")[0];
    assert_eq!((ada.full_name.as_str(), ada.pin.as_ref()), ("Ada L.", Some(&pin)));
    assert!(!store.change(|change| change.set_pin("HR-2", Some(&pin))).expect("stored"));
}

#[test]
fn secrets_are_found_by_name_and_by_prefix() {
    let directory = Directory::new("secrets");
    let store = directory.open();
    let keep = |change: &Change<'_>| {
        change.set_secret("site/account/a", &[1], 5)?;
        change.set_secret("site/account/b", &[2], 5)?;
        change.set_secret("other", &[3], 5)
    };
    store.change(keep).expect("stored");

    assert_eq!(store.secret_names("site/").expect("read"), ["site/account/a", "site/account/b"]);
    assert_eq!(store.secret("site/account/b").expect("read"), Some(vec![2]));
    assert!(store.change(|change| change.forget_secret("other")).expect("stored"));
    assert_eq!(store.secret("other").expect("read"), None);
}

#[test]
fn an_alert_stands_once_and_since_its_first_time() {
    let directory = Directory::new("alerts");
    let store = directory.open();
    let alert = |words: &str, raised_at_ms| Alert {
        kind: "sign_in".into(),
        subject: "site".into(),
        words: words.into(),
        raised_at_ms,
    };

    store.change(|change| change.raise(&alert("first", 1))).expect("stored");
    store.change(|change| change.raise(&alert("second", 2))).expect("stored");

    assert_eq!(store.alerts().expect("read"), [alert("second", 1)]);
    assert!(store.change(|change| change.settle_alert("sign_in", "site")).expect("stored"));
    assert_eq!(store.alerts().expect("read"), []);
}
