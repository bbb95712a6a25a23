//! Who may sign in at a terminal.

use crate::{
    json::{check, rows, text},
    site::Stamp,
};
use serde_json::Value;

/// Somebody who may sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The Employee's name, or the User's where nobody made an Employee of them.
    pub name: String,
    /// What is shown.
    pub full_name: String,
    /// The User, if there is one.
    pub user: Option<String>,
    /// `Cashier` or `Supervisor`.
    pub role: String,
    /// Whether somebody asked in ERPNext that the PIN be set anew. A PIN that was set after `modified` stands.
    pub needs_new_pin: bool,
    /// When the Employee was last changed, by the site's clock.
    pub modified: Option<Stamp>,
}

/// Who may sell under a profile: active employees of its company with a role at the counter, and the profile's own users. Where the
/// profile names users, an employee with a user must be one of them.
pub(super) fn people(employees: &[Value], accounts: &[Value], profile: &Value) -> Vec<Person> {
    let users: Vec<String> = rows(&profile["applicable_for_users"]).iter().map(|row| text(&row["user"])).collect();
    let ours = employees.iter().filter(|row| {
        let user = text(&row["user_id"]);
        let is_ours = row["company"] == profile["company"] && row["status"] == "Active";
        is_ours && (users.is_empty() || user.is_empty() || users.contains(&user))
    });
    let mut people: Vec<Person> = ours
        .filter_map(|row| {
            let user = Some(text(&row["user_id"])).filter(|user| !user.is_empty());
            let role = text(&row["holdfast_role"]);
            let is_named = user.as_ref().is_some_and(|user| users.contains(user));
            let role = if role.is_empty() && is_named { "Cashier".to_owned() } else { role };
            (!role.is_empty()).then(|| Person {
                name: text(&row["name"]),
                full_name: text(&row["employee_name"]),
                user,
                role,
                needs_new_pin: check(&row["holdfast_new_pin"]),
                modified: row["modified"].as_str().and_then(Stamp::parse),
            })
        })
        .collect();
    let is_employee = |user: &str| employees.iter().any(|row| row["user_id"] == user);
    for user in users.iter().filter(|user| !is_employee(user)) {
        let row = accounts.iter().find(|row| row["name"] == user.as_str() && check(&row["enabled"]));
        people.extend(row.map(|row| Person {
            name: user.clone(),
            full_name: text(&row["full_name"]),
            user: Some(user.clone()),
            role: "Cashier".to_owned(),
            needs_new_pin: false,
            modified: None,
        }));
    }
    people
}
