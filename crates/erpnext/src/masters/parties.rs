//! Who buys.

use crate::json::{check, number, text};
use holdfast_engine::masters::{Customer, CustomerGroup, Place};
use serde_json::Value;

/// A Customer, without points.
pub fn customer(row: &Value) -> Customer {
    Customer {
        name: text(&row["name"]),
        customer_name: text(&row["customer_name"]),
        customer_group: text(&row["customer_group"]),
        territory: text(&row["territory"]),
        default_price_list: text(&row["default_price_list"]),
        default_currency: text(&row["default_currency"]),
        tax_category: text(&row["tax_category"]),
        sales_partner: text(&row["default_sales_partner"]),
        commission_rate: number(&row["default_commission_rate"]),
        loyalty_program: text(&row["loyalty_program"]),
        ..Customer::default()
    }
}

/// A Customer Group.
pub fn customer_group(row: &Value) -> CustomerGroup {
    CustomerGroup {
        name: text(&row["name"]),
        parent: text(&row["parent_customer_group"]),
        default_price_list: text(&row["default_price_list"]),
    }
}

/// Sets where a customer is, and the tax category of the address that counts.
pub(super) fn place(customer: &mut Customer, addresses: &[Value], primary: &str, by_shipping: bool) {
    let usable = || addresses.iter().filter(|address| !check(&address["disabled"]));
    let billing = usable()
        .find(|address| address["name"] == primary)
        .or_else(|| usable().find(|address| check(&address["is_primary_address"])))
        .or_else(|| usable().next());
    let shipping = usable()
        .find(|address| check(&address["is_shipping_address"]))
        .or_else(|| usable().find(|address| address["address_type"] == "Shipping"));
    let category = if by_shipping { shipping } else { billing };
    if let Some(category) = category.map(|address| text(&address["tax_category"])).filter(|name| !name.is_empty()) {
        customer.tax_category = category;
    }
    customer.billing = billing.map(place_of);
    customer.shipping = shipping.map(place_of);
}

fn place_of(address: &Value) -> Place {
    Place {
        city: text(&address["city"]),
        county: text(&address["county"]),
        state: text(&address["state"]),
        zipcode: text(&address["pincode"]),
        country: text(&address["country"]),
    }
}

/// A group and all above it. Ends at a loop, should somebody have made one.
pub(super) fn lineage<'a>(groups: &'a [CustomerGroup], name: &'a str) -> Vec<&'a str> {
    let mut lineage = Vec::new();
    let mut current = name;
    while !current.is_empty() && !lineage.contains(&current) {
        lineage.push(current);
        current = groups.iter().find(|group| group.name == current).map_or("", |group| &*group.parent);
    }
    lineage
}
