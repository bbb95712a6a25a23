//! Every route with who may call it. A test compares this table with the router and calls each route as somebody who may not;
//! `docs/openapi.json` is made from it.

use holdfast_store::Role;
use serde_json::{Map, Value, json};

/// Who may call a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Anybody: it tells nothing that isn't on the shop's door, or it is the way in and counts its tries.
    Anyone,
    /// Whoever sends an account and its password in the body.
    Account,
    /// A registered terminal that signed the request.
    Terminal,
    /// Somebody signed in at the console with at least this role; what changes something also needs the session's form key.
    Session(Role),
    /// ERPNext, which signs with the secret of its webhook.
    Webhook,
}

/// What a body is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// There is none.
    None,
    /// JSON.
    Json,
    /// A form of the console.
    Form,
    /// Holdfast's own records.
    Records,
}

/// A route.
#[derive(Clone, Copy, Debug)]
pub struct Route {
    /// In capitals.
    pub method: &'static str,
    /// With parameters in braces.
    pub path: &'static str,
    /// Who may call it.
    pub who: Who,
    /// What it is sent.
    pub content: Content,
    /// What it does, in a few words.
    pub about: &'static str,
}

const fn get(path: &'static str, who: Who, about: &'static str) -> Route {
    Route { method: "GET", path, who, content: Content::None, about }
}

const fn post(path: &'static str, who: Who, content: Content, about: &'static str) -> Route {
    Route { method: "POST", path, who, content, about }
}

const AUDITOR: Who = Who::Session(Role::Auditor);
const MANAGER: Who = Who::Session(Role::Manager);
const ADMINISTRATOR: Who = Who::Session(Role::Administrator);

/// All of them.
pub const ROUTES: &[Route] = &[
    get("/", Who::Anyone, "leads to the counter"),
    get("/health", Who::Anyone, "is a hub there"),
    get("/pos", Who::Anyone, "the app"),
    get("/pos/{file}", Who::Anyone, "a file of the app"),
    get("/pos/trust", Who::Anyone, "how to trust the shop's own authority"),
    get("/pos/trust/style.css", Who::Anyone, "that page's looks"),
    get("/pos/trust/{file}", Who::Anyone, "the authority's certificate"),
    get("/pos/api/v1/health", Who::Anyone, "is a hub there, which, and how its workers are"),
    post("/pos/api/v1/enrolment/profiles", Who::Account, Content::Json, "the profiles that an account may enrol for"),
    post("/pos/api/v1/enrolment", Who::Account, Content::Json, "registers a terminal"),
    get("/pos/api/v1/terminal", Who::Terminal, "what the hub knows of the terminal, and who may sign in at it"),
    get("/pos/api/v1/catalogue", Who::Terminal, "the manifest of the terminal's catalogue"),
    get("/pos/api/v1/segments/{hash}", Who::Terminal, "a segment of a catalogue"),
    get("/pos/api/v1/pictures/{hash}", Who::Anyone, "a picture of an item"),
    get("/pos/api/v1/postings", Who::Terminal, "what became of the terminal's entries in ERPNext's books"),
    post("/pos/api/v1/journal", Who::Terminal, Content::Records, "takes entries of the terminal's journal"),
    post("/pos/api/v1/webhooks", Who::Webhook, Content::Json, "hears that a document changed"),
    get("/pos/console/style.css", Who::Anyone, "the console's looks"),
    get("/pos/console/sign-in", Who::Anyone, "the way in"),
    post("/pos/console/sign-in", Who::Account, Content::Form, "begins a session"),
    get("/pos/console/first", Who::Anyone, "asks for the code of the log while there is no account"),
    post("/pos/console/first", Who::Anyone, Content::Form, "makes the first account, against the code of the log"),
    get("/pos/console", AUDITOR, "the overview"),
    get("/pos/console/", AUDITOR, "the overview"),
    post("/pos/console/sign-out", AUDITOR, Content::Form, "ends the session"),
    get("/pos/console/exceptions", AUDITOR, "what people have to decide"),
    get("/pos/console/exceptions/{id}", AUDITOR, "one entry's way into the books"),
    post("/pos/console/exceptions/{id}/decide", MANAGER, Content::Form, "decides about an entry"),
    get("/pos/console/terminals", AUDITOR, "the counters"),
    get("/pos/console/terminals/{code}/statement", AUDITOR, "the signed statement of a counter's completeness"),
    get("/pos/console/terminals/{code}", AUDITOR, "one counter"),
    post("/pos/console/terminals/{code}/revoke", MANAGER, Content::Form, "switches a counter off or on"),
    get("/pos/console/employees", AUDITOR, "the employees"),
    post("/pos/console/employees", MANAGER, Content::Form, "adds or changes an employee"),
    post("/pos/console/employees/pin", MANAGER, Content::Form, "sets a PIN"),
    post("/pos/console/employees/remove", MANAGER, Content::Form, "removes an employee"),
    get("/pos/console/erpnext", AUDITOR, "the connection with ERPNext"),
    post("/pos/console/erpnext/doctor", ADMINISTRATOR, Content::Form, "examines the site"),
    post("/pos/console/erpnext/connect", ADMINISTRATOR, Content::Form, "connects the hub with a site"),
    post("/pos/console/erpnext/plan", ADMINISTRATOR, Content::Form, "plans what the site needs"),
    post("/pos/console/erpnext/apply", ADMINISTRATOR, Content::Form, "carries the plan out"),
    post("/pos/console/erpnext/take-back", ADMINISTRATOR, Content::Form, "takes it back"),
    get("/pos/console/accounts", AUDITOR, "the accounts and sessions"),
    post("/pos/console/accounts", ADMINISTRATOR, Content::Form, "adds or changes an account"),
    post("/pos/console/accounts/password", AUDITOR, Content::Form, "changes one's own password"),
    post("/pos/console/accounts/session", AUDITOR, Content::Form, "ends a session of one's own"),
    get("/pos/console/audit", AUDITOR, "the audit log"),
    get("/pos/console/audit.csv", AUDITOR, "the audit log as a table"),
];

/// The OpenAPI description of all routes.
pub fn openapi() -> Value {
    let mut paths = Map::new();
    for route in ROUTES {
        let operations = paths.entry(route.path).or_insert_with(|| json!({}));
        operations[route.method.to_ascii_lowercase()] = operation(route);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Holdfast hub",
            "version": "1",
            "description": "What a hub answers. `docs/protocol.md` says what the bodies mean.",
        },
        "paths": paths,
        "components": { "securitySchemes": {
            "terminal": {
                "type": "apiKey", "in": "header", "name": "Holdfast-Signature",
                "description": "with Holdfast-Terminal, Holdfast-Time and Holdfast-Nonce; see docs/protocol.md",
            },
            "session": { "type": "apiKey", "in": "cookie", "name": "__Host-holdfast" },
            "webhook": { "type": "apiKey", "in": "header", "name": "X-Frappe-Webhook-Signature" },
        } },
    })
}

fn operation(route: &Route) -> Value {
    let mut operation = json!({ "summary": route.about, "responses": responses(route.who) });
    let names = route.path.split('{').skip(1).filter_map(|rest| rest.split('}').next());
    let parameters: Vec<Value> = names
        .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }))
        .chain(
            (route.who == Who::Webhook)
                .then(|| json!({ "name": "doctype", "in": "query", "required": true, "schema": { "type": "string" } })),
        )
        .collect();
    if !parameters.is_empty() {
        operation["parameters"] = Value::from(parameters);
    }
    let security = match route.who {
        Who::Anyone | Who::Account => None,
        Who::Terminal => Some("terminal"),
        Who::Session(role) => {
            operation["description"] = Value::from(format!("At least the role {}.", role.as_str()));
            Some("session")
        }
        Who::Webhook => Some("webhook"),
    };
    if let Some(name) = security {
        operation["security"] = json!([{ name: [] }]);
    }
    let body = match route.content {
        Content::None => return operation,
        Content::Json => ("application/json", json!({ "type": "object" })),
        Content::Form => ("application/x-www-form-urlencoded", json!({ "type": "object" })),
        Content::Records => ("application/vnd.holdfast", json!({ "type": "string", "format": "binary" })),
    };
    operation["requestBody"] = json!({ "required": true, "content": { body.0: { "schema": body.1 } } });
    operation
}

fn responses(who: Who) -> Value {
    let mut responses = json!({
        "2XX": { "description": "as asked" },
        "3XX": { "description": "elsewhere" },
        "4XX": { "description": "refused: {code, message, details}, or a page of the console" },
    });
    match who {
        Who::Anyone => {}
        Who::Account | Who::Webhook => responses["401"] = json!({ "description": "the proof is missing or wrong" }),
        Who::Terminal => {
            responses["401"] = json!({ "description": "not signed, or not by a terminal of this hub" });
            responses["403"] = json!({ "description": "the terminal was switched off" });
        }
        Who::Session(_) => {
            responses["303"] = json!({ "description": "nobody is signed in: to the sign-in" });
            responses["403"] = json!({ "description": "a smaller role, or a form of somewhere else" });
        }
    }
    responses
}
