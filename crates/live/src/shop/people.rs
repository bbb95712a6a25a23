//! Customers, the cashier's account, the employee.

use super::{Shop, root_of};
use crate::site::Site;
use anyhow::Result;
use serde_json::json;

pub(super) async fn make(site: &Site, shop: &mut Shop, today: &str) -> Result<()> {
    let root = root_of(site, "Customer Group", "parent_customer_group").await?;
    let groups = [("Customers", ""), ("Traders", "Trade")];
    for (name, list) in groups {
        let list = if list.is_empty() { String::new() } else { shop.name(list) };
        let group = json!({
            "customer_group_name": shop.name(name), "parent_customer_group": root, "is_group": 0,
            "default_price_list": list,
        });
        site.insert("Customer Group", group).await?;
    }
    let root = root_of(site, "Territory", "parent_territory").await?;
    let territory = json!({"territory_name": shop.name("Region"), "parent_territory": root, "is_group": 0});
    site.insert("Territory", territory).await?;
    let user = json!({
        "email": shop.cashier, "first_name": shop.name("Cashier"), "send_welcome_email": 0, "enabled": 1,
        "new_password": shop.password, "user_type": "System User",
    });
    site.insert("User", user).await?;
    let year = today[..4].parse::<u32>().unwrap_or(2026);
    let employee = json!({
        "first_name": shop.name("Cashier"), "company": shop.company, "status": "Active", "gender": "Other",
        "date_of_birth": format!("{}-01-01", year - 30), "date_of_joining": format!("{}-01-01", year - 1),
        "user_id": shop.cashier, "create_user_permission": 0,
    });
    shop.employee = site.insert_named("Employee", employee).await?;
    Ok(())
}

/// Makes a customer.
pub(super) async fn customer(site: &Site, shop: &Shop, name: &str, group: &str, program: &str) -> Result<()> {
    let customer = json!({
        "customer_name": shop.name(name), "customer_group": shop.name(group), "customer_type": "Individual",
        "territory": shop.name("Region"), "loyalty_program": program, "default_currency": shop.currency,
    });
    site.insert("Customer", customer).await.map(|_| ())
}
