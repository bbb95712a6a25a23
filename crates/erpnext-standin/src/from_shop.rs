//! A shop of the engine's as ERPNext's documents, so that a site can be as large as one wants.

use crate::site::{SiteSettings, StandIn};
use holdfast_engine::{
    Shop, Tables,
    masters::{ApplyOn, Customer, Item, ItemTax, PosProfile, PricingRule, RateOrDiscount, RuleEffect, TaxRow},
};
use serde_json::{Value, json};

/// What every shelf of such a site holds.
const STOCK: f64 = 1_000_000.0;

/// Who may sell there, with an API key.
pub const CASHIER: &str = "cashier@example.com";

impl StandIn {
    /// A site with everything of a shop, stock on every shelf and a cashier.
    pub fn of_shop(shop: &Shop) -> Self {
        let mut site = Self::empty(SiteSettings::default());
        site.put_settings(&shop.tables);
        site.put_trees(&shop.tables);
        site.put_terms(&shop.tables);
        for profile in &shop.profiles {
            site.put("POS Profile", pos_profile(profile));
        }
        for rule in &shop.tables.pricing_rules {
            site.put("Pricing Rule", pricing_rule(rule));
        }
        for customer in shop.customers() {
            site.put("Customer", customer_doc(customer));
        }
        for item in shop.items() {
            site.put_item(item, &shop.tables.profile.warehouse);
        }
        let roles =
            ["Sales User", "Accounts User", "Accounts Manager", "Stock User", "Sales Manager", "System Manager"];
        site.put_user("Administrator", &["System Manager"]);
        site.put_user(CASHIER, &roles);
        site
    }

    fn put_settings(&mut self, tables: &Tables) {
        let (settings, company) = (&tables.settings, &tables.company);
        let method = match settings.rounding_method {
            holdfast_engine::rounding::RoundingMethod::BankersLegacy => "Banker's Rounding (legacy)",
            holdfast_engine::rounding::RoundingMethod::Bankers => "Banker's Rounding",
            holdfast_engine::rounding::RoundingMethod::Commercial => "Commercial Rounding",
        };
        self.put(
            "System Settings",
            json!({
                "rounding_method": method, "float_precision": settings.float_precision.to_string(),
                "currency_precision": settings.currency_precision.to_string(), "number_format": settings.number_format,
                "time_zone": "UTC", "date_format": "yyyy-mm-dd", "time_format": "HH:mm:ss", "language": "en",
            }),
        );
        self.put("Global Defaults", json!({ "disable_rounded_total": u8::from(settings.disable_rounded_total) }));
        self.put("Accounts Settings", json!({ "round_row_wise_tax": u8::from(settings.round_row_wise_tax) }));
        self.put("Selling Settings", json!({ "cust_master_name": "Customer Name" }));
        self.put(
            "Stock Settings",
            json!({
                "auto_create_serial_and_batch_bundle_for_outward": u8::from(settings.picks_batches),
                "pick_serial_and_batch_based_on": "FIFO", "use_serial_batch_fields": 1,
            }),
        );
        self.put("POS Settings", json!({ "invoice_type": "POS Invoice" }));
        self.put(
            "Company",
            json!({
                "name": company.name, "company_name": company.name, "abbr": "HSM", "default_currency": company.default_currency,
                "default_cash_account": "Cash - HSM", "default_receivable_account": "Debtors - HSM", "tax_id": company.tax_id,
            }),
        );
    }

    fn put_trees(&mut self, tables: &Tables) {
        let trees = [
            ("Item Group", "item_group_name", "parent_item_group", &tables.item_groups),
            ("Territory", "territory_name", "parent_territory", &tables.territories),
            ("Warehouse", "warehouse_name", "parent_warehouse", &tables.warehouses),
        ];
        for (doctype, title, parent, nodes) in trees {
            for node in nodes {
                let mut doc = json!({ "name": node.name, "company": tables.company.name });
                doc[title] = node.name.as_str().into();
                doc[parent] = node.parent.as_str().into();
                let is_group = nodes.iter().any(|other| other.parent == node.name);
                doc["is_group"] = u8::from(is_group).into();
                if doctype == "Item Group" {
                    let rows = tables.item_group_taxes.iter().filter(|row| row.item_group == node.name);
                    doc["taxes"] = rows.flat_map(|row| &row.taxes).map(item_tax).collect();
                }
                self.put(doctype, doc);
            }
        }
        for group in &tables.customer_groups {
            let doc = json!({
                "name": group.name, "customer_group_name": group.name, "parent_customer_group": group.parent,
                "default_price_list": group.default_price_list,
            });
            self.put("Customer Group", doc);
        }
    }

    fn put_terms(&mut self, tables: &Tables) {
        let company = tables.company.name.as_str();
        for currency in &tables.currencies {
            self.put(
                "Currency",
                json!({
                    "name": currency.name, "currency_name": currency.name, "enabled": 1, "symbol": currency.symbol,
                    "symbol_on_right": u8::from(currency.symbol_on_right),
                    "smallest_currency_fraction_value": currency.smallest_currency_fraction_value,
                }),
            );
        }
        for list in &tables.price_lists {
            let doc = json!({
                "name": list.name, "price_list_name": list.name, "currency": list.currency, "enabled": 1, "selling": 1,
            });
            self.put("Price List", doc);
        }
        for uom in &tables.uoms {
            let whole = u8::from(uom.must_be_whole_number);
            self.put(
                "UOM",
                json!({ "name": uom.name, "uom_name": uom.name, "enabled": 1, "must_be_whole_number": whole }),
            );
        }
        for mode in &tables.modes_of_payment {
            self.put(
                "Mode of Payment",
                json!({
                    "name": mode.name, "mode_of_payment": mode.name, "type": mode.kind, "enabled": 1,
                    "accounts": [{ "company": company, "default_account": mode.account }],
                }),
            );
        }
        for template in &tables.item_tax_templates {
            let taxes = template.taxes.iter().map(|row| json!({ "tax_type": row.account, "tax_rate": row.rate }));
            let doc = json!({
                "name": template.name, "title": template.name, "company": company, "taxes": taxes.collect::<Value>(),
            });
            self.put("Item Tax Template", doc);
        }
        for template in &tables.taxes_templates {
            let taxes = template.taxes.iter().map(tax_row);
            let doc = json!({
                "name": template.name, "title": template.name, "company": company, "taxes": taxes.collect::<Value>(),
            });
            self.put("Sales Taxes and Charges Template", doc);
        }
    }

    fn put_item(&mut self, item: &Item, warehouse: &str) {
        self.put("Item", item_doc(item));
        for price in &item.prices {
            self.put(
                "Item Price",
                json!({
                    "item_code": item.item_code, "item_name": item.item_name, "price_list": price.price_list,
                    "uom": if price.uom.is_empty() { &item.stock_uom } else { &price.uom },
                    "price_list_rate": price.price_list_rate, "selling": 1, "customer": price.customer,
                    "batch_no": price.batch_no, "packing_unit": price.packing_unit,
                    "valid_from": price.valid_from.map(|day| day.to_string()),
                    "valid_upto": price.valid_upto.map(|day| day.to_string()),
                }),
            );
        }
        for batch in &item.batches {
            self.put(
                "Batch",
                json!({
                    "name": batch.batch_no, "batch_id": batch.batch_no, "item": item.item_code, "batch_qty": batch.qty,
                    "expiry_date": batch.expiry_date.map(|day| day.to_string()),
                }),
            );
        }
        for serial in &item.serial_nos {
            let doc = json!({
                "name": serial, "serial_no": serial, "item_code": item.item_code, "warehouse": warehouse, "status": "Active",
            });
            self.put("Serial No", doc);
        }
        if item.is_stock_item && !item.has_variants {
            self.set_stock(&item.item_code, warehouse, STOCK);
        }
    }
}

fn item_doc(item: &Item) -> Value {
    let barcodes = item.barcodes.iter().map(|row| json!({ "barcode": row.barcode, "uom": row.uom }));
    let uoms = item.uoms.iter().map(|row| json!({ "uom": row.uom, "conversion_factor": row.conversion_factor }));
    json!({
        "name": item.item_code, "item_code": item.item_code, "item_name": item.item_name, "item_group": item.item_group,
        "brand": item.brand, "description": item.description, "stock_uom": item.stock_uom, "sales_uom": item.sales_uom,
        "image": item.image, "is_stock_item": u8::from(item.is_stock_item), "has_variants": u8::from(item.has_variants),
        "variant_of": item.variant_of, "has_batch_no": u8::from(item.has_batch_no),
        "has_serial_no": u8::from(item.has_serial_no), "disabled": u8::from(item.disabled),
        "end_of_life": item.end_of_life.map(|day| day.to_string()), "is_sales_item": u8::from(!item.is_not_sold),
        "max_discount": item.max_discount, "grant_commission": u8::from(item.grant_commission),
        "weight_per_unit": item.weight_per_unit, "barcodes": barcodes.collect::<Value>(), "uoms": uoms.collect::<Value>(),
        "taxes": item.taxes.iter().map(item_tax).collect::<Value>(),
    })
}

fn item_tax(tax: &ItemTax) -> Value {
    json!({
        "item_tax_template": tax.item_tax_template, "tax_category": tax.tax_category,
        "valid_from": tax.valid_from.map(|day| day.to_string()), "minimum_net_rate": tax.minimum_net_rate,
        "maximum_net_rate": tax.maximum_net_rate,
    })
}

fn tax_row(row: &TaxRow) -> Value {
    json!({
        "charge_type": row.charge_type.as_erpnext(), "row_id": row.row_id, "account_head": row.account_head,
        "description": row.description, "rate": row.rate, "tax_amount": row.tax_amount,
        "included_in_print_rate": u8::from(row.included_in_print_rate),
    })
}

fn customer_doc(customer: &Customer) -> Value {
    json!({
        "name": customer.name, "customer_name": customer.customer_name, "customer_group": customer.customer_group,
        "territory": customer.territory, "default_price_list": customer.default_price_list,
        "default_currency": customer.default_currency, "tax_category": customer.tax_category,
        "mobile_no": customer.mobile_no, "loyalty_program": customer.loyalty_program, "disabled": 0,
        "customer_type": "Individual",
    })
}

fn pos_profile(profile: &PosProfile) -> Value {
    let payments = profile.payments.iter().map(|row| {
        json!({
            "mode_of_payment": row.mode_of_payment, "default": u8::from(row.default),
            "allow_in_returns": u8::from(row.allow_in_returns),
        })
    });
    let groups = profile.item_groups.iter().map(|group| json!({ "item_group": group }));
    json!({
        "name": profile.name, "company": profile.company, "currency": profile.currency, "customer": profile.customer,
        "warehouse": profile.warehouse, "selling_price_list": profile.selling_price_list, "update_stock": 1,
        "taxes_and_charges": profile.taxes_and_charges, "tax_category": profile.tax_category,
        "apply_discount_on": profile.apply_discount_on, "ignore_pricing_rule": u8::from(profile.ignore_pricing_rule),
        "allow_rate_change": u8::from(profile.allow_rate_change), "campaign": profile.campaign,
        "allow_discount_change": u8::from(profile.allow_discount_change),
        "allow_partial_payment": u8::from(profile.allow_partial_payment),
        "account_for_change_amount": profile.account_for_change_amount, "payments": payments.collect::<Value>(),
        "item_groups": groups.collect::<Value>(), "write_off_limit": 1.0,
    })
}

fn pricing_rule(rule: &PricingRule) -> Value {
    let (apply_on, table, field) = match rule.apply_on {
        ApplyOn::ItemCode => ("Item Code", "items", "item_code"),
        ApplyOn::ItemGroup => ("Item Group", "item_groups", "item_group"),
        ApplyOn::Brand => ("Brand", "brands", "brand"),
        ApplyOn::Transaction => ("Transaction", "items", "item_code"),
    };
    let day = |day: Option<holdfast_engine::Date>| day.map(|day| day.to_string());
    let targets = rule.targets.iter().map(|target| json!({ field: target.value, "uom": target.uom }));
    let mut doc = json!({
        "name": rule.name, "title": rule.title, "apply_on": apply_on, "selling": 1, "disable": 0,
        table: targets.collect::<Value>(), "has_priority": u8::from(rule.has_priority), "priority": rule.priority,
        "apply_multiple_pricing_rules": u8::from(rule.apply_multiple_pricing_rules),
        "apply_discount_on_rate": u8::from(rule.apply_discount_on_rate),
        "mixed_conditions": u8::from(rule.mixed_conditions), "is_cumulative": u8::from(rule.is_cumulative),
        "coupon_code_based": u8::from(rule.coupon_code_based), "condition": rule.condition, "warehouse": rule.warehouse,
        "customer": rule.customer, "customer_group": rule.customer_group, "territory": rule.territory,
        "for_price_list": rule.for_price_list, "currency": rule.currency, "valid_from": day(rule.valid_from),
        "valid_upto": day(rule.valid_upto), "min_qty": rule.min_qty, "max_qty": rule.max_qty, "min_amt": rule.min_amt,
        "max_amt": rule.max_amt, "threshold_percentage": rule.threshold_percentage,
        "apply_discount_on": rule.apply_discount_on,
    });
    let (kind, fields) = effect(&rule.effect);
    doc["price_or_product_discount"] = kind.into();
    for (name, value) in fields.as_object().into_iter().flatten() {
        doc[name] = value.clone();
    }
    doc
}

fn effect(effect: &RuleEffect) -> (&'static str, Value) {
    match effect {
        RuleEffect::DiscountPercentage(value) => {
            ("Price", json!({ "rate_or_discount": "Discount Percentage", "discount_percentage": value }))
        }
        RuleEffect::DiscountAmount(value) => {
            ("Price", json!({ "rate_or_discount": "Discount Amount", "discount_amount": value }))
        }
        RuleEffect::Rate(value) => ("Price", json!({ "rate_or_discount": "Rate", "rate": value })),
        RuleEffect::Product(free) => {
            let rate_or_discount = match free.rate_or_discount {
                RateOrDiscount::Rate => "Rate",
                RateOrDiscount::DiscountPercentage => "Discount Percentage",
                RateOrDiscount::DiscountAmount => "Discount Amount",
            };
            let fields = json!({
                "same_item": u8::from(free.same_item), "free_item": free.free_item, "free_item_uom": free.free_item_uom,
                "free_qty": free.free_qty, "free_item_rate": free.free_item_rate,
                "is_recursive": u8::from(free.recurse_for > 0.0), "recurse_for": free.recurse_for,
                "apply_recursion_over": free.apply_recursion_over, "round_free_qty": u8::from(free.round_free_qty),
                "rate_or_discount": rate_or_discount,
            });
            ("Product", fields)
        }
    }
}
