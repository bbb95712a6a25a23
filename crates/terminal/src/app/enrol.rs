//! A browser becomes a terminal.

use super::App;
use crate::{
    crypto::{DataKey, TerminalKeys, random},
    net::{self, NetError},
    ui::{Employee, Screen, TerminalInfo},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use holdfast_sync::{Body, Hash, Position, TerminalId, body::Enrolled, terminal::Journal};
use leptos::prelude::*;
use serde::Deserialize;
use serde_json::json;
use std::rc::Rc;
use wasm_bindgen::JsValue;

/// A POS Profile to choose.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct ProfileChoice {
    pub(crate) name: String,
    pub(crate) warehouse: String,
    pub(crate) currency: String,
}

/// What the hub says of a terminal.
#[derive(Deserialize)]
pub(super) struct Described {
    terminal: String,
    code: String,
    shop: String,
    terminal_name: String,
    pos_profile: String,
    employees: Vec<DescribedEmployee>,
}

#[derive(Deserialize)]
struct DescribedEmployee {
    employee: String,
    full_name: String,
    role: String,
    #[serde(default = "crate::ui::four")]
    digits: u8,
    salt: String,
    verifier: String,
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

impl App {
    /// The profiles that an account may choose from.
    pub(crate) async fn profiles(&self, account: &str, password: &str) -> Result<Vec<ProfileChoice>, NetError> {
        let answer = net::post_json("enrolment/profiles", &json!({ "account": account, "password": password })).await?;
        serde_json::from_value(answer["profiles"].clone()).map_err(|_| NetError::Nonsense)
    }

    /// Registers this browser, then fetches the catalogue.
    pub(crate) async fn enrol(self: &Rc<Self>, account: &str, password: &str, name: &str, profile: &str) {
        self.ui.busy.set(true);
        let enrolled = self.try_enrol(account, password, name, profile).await;
        self.ui.busy.set(false);
        match enrolled {
            Ok(()) => {
                self.look_after_storage();
                self.spawn_sync();
                self.fetch_first_catalogue().await;
            }
            Err(message) => self.ui.complain(message),
        }
    }

    async fn try_enrol(&self, account: &str, password: &str, name: &str, profile: &str) -> Result<(), String> {
        const REFUSED: &str = "This browser's cryptography refused. Open the app over https or on localhost.";
        let keys = TerminalKeys::generate().await.map_err(|_| REFUSED)?;
        let public = keys.public_key().await.map_err(|_| REFUSED)?;
        let request = json!({
            "account": account, "password": password, "terminal_name": name, "pos_profile": profile,
            "public_key": BASE64_URL_SAFE_NO_PAD.encode(public),
        });
        let answer = net::post_json("enrolment", &request).await.map_err(|error| error.to_string())?;
        let described: Described =
            serde_json::from_value(answer).map_err(|_| holdfast_counter::words::NONSENSE.to_owned())?;
        let data = DataKey::new(random()).await.map_err(|_| REFUSED)?;
        let info = terminal_info(described, &keys, &data, &[]).await.ok_or(REFUSED)?;

        // The first entry, keys and terminal become durable together.
        let id = TerminalId::from_hex(&info.terminal).ok_or(holdfast_counter::words::NONSENSE)?;
        let journal = Journal::new(id, Position::default(), 0, Position::default());
        let body = Body::Enrolled(Enrolled {
            terminal_name: info.terminal_name.clone(),
            code: info.code.clone(),
            pos_profile: info.pos_profile.clone(),
        });
        let unsigned = journal.prepare(crate::browser::now_ms(), None, None, None, body);
        let signature = keys.sign(unsigned.to_sign()).await.map_err(|_| REFUSED)?;
        let entry = unsigned.seal(signature);
        let encrypted = data.encrypt(&entry.to_bytes()).await.map_err(|_| REFUSED)?;
        let json = serde_json::to_string(&info).expect("a terminal's description can be written");
        self.disk
            .append(&[(entry.clone(), encrypted)], &[("terminal", JsValue::from_str(&json)), ("keys", keys.to_js())])
            .await
            .map_err(|error| error.to_string())?;
        self.adopt(info, keys);
        *self.data.borrow_mut() = Some(data);
        self.replay(vec![entry]).await;
        Ok(())
    }

    /// Shows the progress of the first catalogue until it is there.
    pub(super) async fn fetch_first_catalogue(self: &Rc<Self>) {
        self.ui.screen.set(Screen::Loading);
        self.hurry.set(true);
        loop {
            match self.pull().await {
                Ok(()) if self.manifest.borrow().is_some() => break,
                Ok(()) => {}
                Err(error) => self.ui.complain(format!("{error} Trying again.")),
            }
            crate::browser::sleep(1_500).await;
        }
        self.ui.notice.set(None);
        if self.ui.employee.with_untracked(Option::is_some) {
            self.show_selling();
        } else {
            self.ui.screen.set(Screen::SignIn);
        }
    }

    /// Takes over who may sign in, as the hub has it now.
    pub(super) async fn update_roster(&self, described: Described) {
        let (Some(keys), Some(data)) = (self.keys(), self.data()) else {
            return;
        };
        let held = self.ui.terminal.get_untracked();
        let Some(info) = terminal_info(described, &keys, &data, &held.employees).await else {
            return;
        };
        if info == held || info.terminal != held.terminal {
            return;
        }
        let json = serde_json::to_string(&info).expect("a terminal's description can be written");
        if self.disk.set_meta(&[("terminal", JsValue::from_str(&json))]).await.is_ok() {
            self.ui.terminal.set(info);
        }
    }
}

/// Wraps the data key for each employee; who has not changed keeps the wrapping there is.
async fn terminal_info(
    described: Described,
    keys: &TerminalKeys,
    data: &DataKey,
    held: &[Employee],
) -> Option<TerminalInfo> {
    let mut employees = Vec::new();
    for employee in described.employees {
        let verifier = BASE64_URL_SAFE_NO_PAD.decode(&employee.verifier).ok()?;
        // A fresh salt comes with every new PIN, so the salt's hash tells one PIN from the next.
        let edition = Hash::of(employee.salt.as_bytes()).to_string();
        let unchanged = held.iter().find(|other| other.employee == employee.employee && other.edition == edition);
        let wrapped = match unchanged {
            Some(unchanged) => unchanged.wrapped.clone(),
            None => BASE64_URL_SAFE_NO_PAD.encode(keys.wrap(data, &verifier).await.ok()?),
        };
        employees.push(Employee {
            employee: employee.employee,
            full_name: employee.full_name,
            role: employee.role,
            digits: employee.digits,
            salt: employee.salt,
            memory_kib: employee.memory_kib,
            passes: employee.passes,
            lanes: employee.lanes,
            wrapped,
            edition,
        });
    }
    Some(TerminalInfo {
        terminal: described.terminal,
        code: described.code,
        shop: described.shop,
        terminal_name: described.terminal_name,
        pos_profile: described.pos_profile,
        employees,
    })
}
