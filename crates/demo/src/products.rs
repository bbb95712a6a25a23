//! The goods: curated ranges, expanded into single items with codes, barcodes, units and prices.

use crate::{
    masters::{STANDARD_PRICES, TRADE_PRICES},
    pictures::{COLOURS, Design, draw},
};
use holdfast_engine::{
    Date,
    masters::{Batch, Item, ItemBarcode, ItemPrice, ItemTax, UomConversionDetail},
};

/// A range of products: every kind in every size.
struct Range {
    group: &'static str,
    brand: &'static str,
    design: Design,
    /// The name, in which `%` stands for the kind.
    name: &'static str,
    kinds: &'static [&'static str],
    /// Sizes with their price; an empty size adds nothing to the name.
    sizes: &'static [(&'static str, f64)],
    tax: Tax,
    sold_by: SoldBy,
}

#[derive(Clone, Copy)]
enum Tax {
    Full,
    Reduced,
    Free,
}

#[derive(Clone, Copy)]
enum SoldBy {
    Piece,
    /// Pieces, and a larger unit of so many with a barcode of its own.
    PieceOr(&'static str, f64),
    Weight,
    /// Pieces from batches that expire.
    Batch,
    /// Pieces with a serial number each.
    Serial,
    /// Variants of one template.
    Variant,
}

macro_rules! range {
    ($group:literal, $brand:literal, $design:ident, $name:literal, [$($kind:literal),*], [$(($size:literal, $price:literal)),*], $tax:ident, $sold:expr) => {
        Range { group: $group, brand: $brand, design: Design::$design, name: $name, kinds: &[$($kind),*],
            sizes: &[$(($size, $price)),*], tax: Tax::$tax, sold_by: $sold }
    };
}

use SoldBy::{Batch as InBatches, Piece, PieceOr, Serial, Variant, Weight};

#[rustfmt::skip]
const RANGES: &[Range] = &[
    range!("Bakery", "Harbour Bakehouse", Loaf, "% Loaf", ["Sourdough", "Rye", "Spelt", "Walnut", "Potato", "Olive"], [("500 g", 3.9), ("1 kg", 6.8)], Reduced, Piece),
    range!("Bakery", "Harbour Bakehouse", Roll, "% Roll", ["Poppy", "Sesame", "Pumpkin Seed", "Plain", "Rye", "Cheese"], [("", 0.85)], Reduced, Piece),
    range!("Bakery", "Harbour Bakehouse", Roll, "% Croissant", ["Butter", "Almond", "Chocolate", "Ham and Cheese"], [("", 2.2)], Reduced, Piece),
    range!("Bakery", "Sundby", Cake, "% Cake", ["Carrot", "Lemon", "Apple", "Plum", "Cheese", "Marble"], [("slice", 3.4), ("whole", 27.5)], Reduced, Piece),
    range!("Dairy", "Fjordland", Carton, "% Milk", ["Whole", "Semi-Skimmed", "Lactose-Free", "Goat's"], [("0.5 l", 0.95), ("1 l", 1.49)], Reduced, PieceOr("Case", 12.0)),
    range!("Dairy", "Oatly Hill", Carton, "% Drink", ["Oat", "Almond", "Soy", "Hazelnut"], [("1 l", 2.29)], Full, PieceOr("Case", 8.0)),
    range!("Dairy", "Fjordland", Tub, "% Yoghurt", ["Plain", "Strawberry", "Blueberry", "Vanilla", "Peach", "Cherry"], [("150 g", 0.79), ("500 g", 1.99)], Reduced, InBatches),
    range!("Dairy", "Alpenhof", Cheese, "% Cheese", ["Gouda", "Emmental", "Gruyère", "Cheddar", "Tilsit", "Manchego"], [("", 18.9)], Reduced, Weight),
    range!("Dairy", "Fjordland", Bar, "% Butter", ["Salted", "Unsalted", "Herb"], [("250 g", 2.79)], Reduced, Piece),
    range!("Dairy", "Meadow Farm", Eggs, "% Eggs", ["Free-Range", "Organic"], [("6", 2.49), ("10", 3.79)], Reduced, InBatches),
    range!("Produce", "Meadow Farm", Apple, "% Apples", ["Elstar", "Boskoop", "Braeburn", "Pink Lady"], [("", 2.99)], Reduced, Weight),
    range!("Produce", "Meadow Farm", Apple, "%", ["Pears", "Oranges", "Peaches", "Tomatoes", "Plums"], [("", 3.49)], Reduced, Weight),
    range!("Produce", "Del Sur", Banana, "%", ["Bananas", "Fairtrade Bananas", "Plantains"], [("", 1.99)], Reduced, Weight),
    range!("Produce", "Meadow Farm", Carrot, "%", ["Carrots", "Parsnips", "Sweet Potatoes", "Potatoes"], [("", 1.79)], Reduced, Weight),
    range!("Produce", "Meadow Farm", Leaf, "%", ["Lettuce", "Spinach", "Basil", "Parsley", "Kale", "Broccoli"], [("", 1.89)], Reduced, Piece),
    range!("Pantry", "Molino", Bag, "% Flour", ["Wheat", "Wholemeal", "Rye", "Spelt"], [("1 kg", 1.29), ("2.5 kg", 2.89)], Reduced, Piece),
    range!("Pantry", "Molino", Box, "%", ["Spaghetti", "Penne", "Fusilli", "Tagliatelle", "Lasagne"], [("500 g", 1.69)], Reduced, PieceOr("Case", 20.0)),
    range!("Pantry", "Oriente", Bag, "% Rice", ["Basmati", "Jasmine", "Arborio", "Brown"], [("500 g", 2.19), ("1 kg", 3.79)], Reduced, Piece),
    range!("Pantry", "La Piazza", Jar, "% Sauce", ["Tomato", "Arrabbiata", "Pesto", "Bolognese", "Carbonara"], [("400 g", 2.59)], Reduced, Piece),
    range!("Pantry", "Conserva", Tin, "%", ["Chickpeas", "Kidney Beans", "Sweetcorn", "Lentils", "Tuna", "Sardines"], [("", 1.39)], Reduced, PieceOr("Case", 24.0)),
    range!("Pantry", "Granny's", Jar, "% Jam", ["Strawberry", "Raspberry", "Apricot", "Blackcurrant", "Quince"], [("340 g", 3.29)], Reduced, Piece),
    range!("Pantry", "Beehive", Jar, "% Honey", ["Blossom", "Forest", "Acacia"], [("250 g", 4.49), ("500 g", 7.49)], Reduced, Piece),
    range!("Pantry", "La Piazza", Bottle, "% Oil", ["Olive", "Sunflower", "Rapeseed", "Sesame"], [("0.5 l", 5.99), ("1 l", 9.99)], Reduced, Piece),
    range!("Pantry", "Sunrise", Box, "%", ["Muesli", "Cornflakes", "Porridge Oats", "Granola"], [("375 g", 3.19), ("750 g", 5.49)], Reduced, Piece),
    range!("Sweets", "Korhonen", Bar, "% Chocolate", ["Dark", "Milk", "White", "Hazelnut", "Sea Salt", "Orange", "Chili"], [("100 g", 1.99)], Reduced, Piece),
    range!("Sweets", "Lollo", Bag, "% Gums", ["Wine", "Fruit", "Sour", "Cola"], [("200 g", 1.49)], Reduced, Piece),
    range!("Sweets", "Sundby", Box, "% Biscuits", ["Butter", "Oat", "Ginger", "Lemon"], [("200 g", 2.39)], Reduced, Piece),
    range!("Soft Drinks", "Fizzo", Can, "%", ["Cola", "Cola Zero", "Orangeade", "Lemonade", "Ginger Ale", "Tonic"], [("0.33 l", 1.19)], Full, PieceOr("Crate", 24.0)),
    range!("Soft Drinks", "Quellwald", Bottle, "% Water", ["Still", "Sparkling", "Medium"], [("0.5 l", 0.79), ("1.5 l", 1.19)], Full, PieceOr("Crate", 12.0)),
    range!("Soft Drinks", "Sunfield", Bottle, "% Juice", ["Orange", "Apple", "Mango", "Grape", "Cherry", "Multivitamin"], [("0.33 l", 1.59), ("1 l", 2.99)], Full, PieceOr("Crate", 6.0)),
    range!("Coffee and Tea", "Kaffeerei", Bag, "% Coffee", ["Espresso", "House Blend", "Decaf", "Ethiopia", "Colombia"], [("250 g", 6.9), ("1 kg", 23.9)], Reduced, Piece),
    range!("Coffee and Tea", "Tea Chest", Box, "% Tea", ["Earl Grey", "Darjeeling", "Green", "Peppermint", "Rooibos", "Chamomile"], [("20 bags", 3.49)], Reduced, Piece),
    range!("Beer", "Kieler Brauhaus", Bottle, "%", ["Pilsner", "Lager", "Pale Ale", "Stout", "Wheat Beer", "Alcohol-Free"], [("0.33 l", 1.69), ("0.5 l", 2.09)], Full, PieceOr("Crate", 20.0)),
    range!("Wine", "Weingut Adler", Wine, "%", ["Riesling", "Pinot Gris", "Silvaner", "Spätburgunder", "Rosé"], [("0.75 l", 9.9), ("1.5 l", 18.5)], Full, PieceOr("Case", 6.0)),
    range!("Wine", "Casa Bela", Wine, "%", ["Rioja", "Tempranillo", "Vinho Verde", "Chianti", "Merlot", "Prosecco"], [("0.75 l", 7.9)], Full, PieceOr("Case", 6.0)),
    range!("Cleaning", "Clearwell", Spray, "% Cleaner", ["Glass", "Kitchen", "Bathroom", "Floor", "Oven"], [("750 ml", 3.29)], Full, Piece),
    range!("Cleaning", "Clearwell", Bottle, "% Detergent", ["Dish", "Colour", "White", "Wool"], [("1 l", 4.99), ("2 l", 8.99)], Full, Piece),
    range!("Cleaning", "Softline", Roll2, "%", ["Kitchen Roll", "Toilet Paper", "Tissues"], [("4", 2.99), ("8", 5.49)], Full, Piece),
    range!("Kitchen", "Tonwerk", Mug, "% Mug", ["Blue", "Sand", "Moss", "Charcoal", "White"], [("0.25 l", 9.9), ("0.4 l", 12.9)], Full, Piece),
    range!("Kitchen", "Tonwerk", Tub, "% Bowl", ["Blue", "Sand", "Moss", "Charcoal"], [("S", 11.9), ("L", 18.9)], Full, Piece),
    range!("Candles", "Lumen & Wax", Candle, "% Candle", ["Beeswax", "Cedar", "Lavender", "Sea Breeze", "Vanilla"], [("S", 7.9), ("L", 14.9)], Full, Piece),
    range!("Shirts", "Northpier", Shirt, "T-Shirt %", ["Navy", "White", "Moss", "Rust"], [("S", 24.9), ("M", 24.9), ("L", 24.9), ("XL", 24.9)], Full, Variant),
    range!("Shirts", "Northpier", Shirt, "Sweater %", ["Navy", "Sand", "Charcoal"], [("S", 59.9), ("M", 59.9), ("L", 59.9)], Full, Variant),
    range!("Socks", "Northpier", Sock, "% Socks", ["Wool", "Cotton", "Hiking", "Running"], [("36-40", 8.9), ("41-45", 8.9)], Full, Piece),
    range!("Audio", "Sonora", Headphones, "% Headphones", ["Studio", "Travel", "Sport", "Kids"], [("", 79.0)], Full, Serial),
    range!("Accessories", "Voltic", Cable, "% Cable", ["USB-C", "Lightning", "HDMI", "Audio"], [("1 m", 9.9), ("2 m", 13.9)], Full, Piece),
    range!("Accessories", "Voltic", Bulb, "% Bulb", ["Warm", "Daylight", "Smart"], [("E14", 5.9), ("E27", 6.9)], Full, Piece),
    range!("Care", "Salzmann", Soap, "% Soap", ["Olive", "Lavender", "Oatmeal", "Sea Salt", "Rose"], [("100 g", 3.9)], Full, InBatches),
    range!("Care", "Salzmann", Tube, "%", ["Hand Cream", "Toothpaste", "Sun Cream SPF 30", "Sun Cream SPF 50", "Lip Balm"], [("50 ml", 6.49), ("100 ml", 10.9)], Full, InBatches),
    range!("Care", "Salzmann", Bottle, "% Shampoo", ["Nettle", "Chamomile", "Birch", "Sport"], [("250 ml", 5.9)], Full, InBatches),
    range!("Pantry", "Oriente", Jar, "%", ["Cumin", "Paprika", "Turmeric", "Cinnamon", "Oregano", "Thyme", "Black Pepper", "Curry", "Nutmeg", "Cloves"], [("40 g", 2.29)], Reduced, Piece),
    range!("Pantry", "Sunrise", Tin, "% Soup", ["Tomato", "Lentil", "Pumpkin", "Goulash", "Mushroom", "Pea"], [("400 ml", 2.49), ("800 ml", 4.29)], Reduced, Piece),
    range!("Pantry", "Oriente", Bag, "%", ["Almonds", "Cashews", "Walnuts", "Raisins", "Dates", "Dried Apricots"], [("200 g", 3.49), ("500 g", 7.49)], Reduced, Piece),
    range!("Sweets", "Lollo", Can, "% Ice Cream", ["Vanilla", "Chocolate", "Strawberry", "Pistachio", "Lemon"], [("120 ml", 2.49), ("500 ml", 5.99)], Reduced, Piece),
    range!("Kitchen", "Tonwerk", Box, "% Tea Towels", ["Striped", "Checked", "Linen", "Plain"], [("2", 8.9), ("4", 15.9)], Full, Piece),
    range!("Soft Drinks", "Fizzo", Bottle, "%", ["Cola", "Orangeade", "Lemonade", "Iced Tea", "Rhubarb Spritz"], [("0.5 l", 1.49), ("1 l", 1.99)], Full, PieceOr("Crate", 12.0)),
    range!("Audio", "Sonora", Box, "% Speaker", ["Pocket", "Shelf", "Party"], [("", 119.0)], Full, Serial),
    range!("Accessories", "Voltic", Box, "% Charger", ["Wall", "Car", "Wireless"], [("20 W", 19.9), ("45 W", 29.9)], Full, Piece),
    range!("Care", "Salzmann", Spray, "% Deodorant", ["Fresh", "Sport", "Neutral", "Cedar"], [("50 ml", 4.9), ("100 ml", 7.9)], Full, Piece),
    range!("Kitchen", "Tonwerk", Tin, "% Plate", ["Blue", "Sand", "Moss", "Charcoal", "White"], [("21 cm", 10.9), ("27 cm", 14.9)], Full, Piece),
    range!("Gifts and Services", "Harbour Street", Basket, "% Hamper", ["Breakfast", "Wine and Cheese", "Fisherman's", "Sweet Tooth"], [("", 49.0)], Full, Piece),
    range!("Gifts and Services", "Harbour Street", Tag, "%", ["Carrier Bag", "Gift Wrapping", "Home Delivery", "Bottle Deposit"], [("", 0.5)], Free, Piece),
];

/// The curated items, then brands' variations of them until there are `wanted`.
pub(crate) fn items(wanted: usize) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::with_capacity(wanted);
    for range in RANGES {
        expand(range, &mut items);
    }
    let curated = items.len();
    let mut brand = 0;
    while items.len() < wanted {
        for at in 0..curated.min(wanted - items.len()) {
            let number = items.len();
            let variation = vary(&items[at], brand, number);
            items.push(variation);
        }
        brand += 1;
    }
    items
}

fn expand(range: &Range, items: &mut Vec<Item>) {
    for (at, kind) in range.kinds.iter().enumerate() {
        let name = range.name.replace('%', kind);
        let picture = picture_path(range.design, at + range.brand.len());
        let template = matches!(range.sold_by, SoldBy::Variant).then(|| {
            let mut template = base(range, items.len(), &name, &picture);
            template.has_variants = true;
            template.barcodes.clear();
            let item_code = template.item_code.clone();
            items.push(template);
            item_code
        });
        for (size, price) in range.sizes {
            let full_name = if size.is_empty() { name.clone() } else { format!("{name} {size}") };
            let mut item = base(range, items.len(), &full_name, &picture);
            item.variant_of = template.clone().unwrap_or_default();
            item.prices = prices(&item.stock_uom, *price);
            add_units(&mut item, range.sold_by, *price, items.len());
            items.push(item);
        }
    }
}

fn base(range: &Range, number: usize, name: &str, picture: &str) -> Item {
    let stock_uom = if matches!(range.sold_by, SoldBy::Weight) { "Kg" } else { "Nos" };
    let taxes = match range.tax {
        Tax::Full => Vec::new(),
        Tax::Reduced => vec![item_tax("VAT 7 - HSM")],
        Tax::Free => vec![item_tax("VAT 0 - HSM")],
    };
    let prefix: String = range.group.chars().filter(char::is_ascii_alphabetic).take(3).collect();
    Item {
        item_code: format!("{}-{:04}", prefix.to_uppercase(), number + 1),
        item_name: name.to_owned(),
        item_group: range.group.to_owned(),
        brand: range.brand.to_owned(),
        description: format!("{name} by {}", range.brand),
        stock_uom: stock_uom.to_owned(),
        image: picture.to_owned(),
        is_stock_item: !matches!(range.tax, Tax::Free),
        barcodes: vec![ItemBarcode { barcode: ean13(400_100_000_000 + number as u64), uom: String::new() }],
        taxes,
        ..Item::default()
    }
}

fn picture_path(design: Design, colour: usize) -> String {
    format!("/pos/api/v1/pictures/{}", draw(design, colour % COLOURS).hash)
}

fn item_tax(template: &str) -> ItemTax {
    ItemTax { item_tax_template: template.to_owned(), ..ItemTax::default() }
}

fn item_price(list: &str, uom: &str, rate: f64) -> ItemPrice {
    ItemPrice {
        price_list: list.to_owned(),
        uom: uom.to_owned(),
        price_list_rate: rate,
        valid_from: Date::new(2025, 1, 1),
        ..ItemPrice::default()
    }
}

/// The shelf price, and the trade price before tax.
fn prices(uom: &str, price: f64) -> Vec<ItemPrice> {
    vec![item_price(STANDARD_PRICES, uom, price), item_price(TRADE_PRICES, uom, cents(price * 0.72))]
}

fn cents(price: f64) -> f64 {
    (price * 100.0).round() / 100.0
}

fn add_units(item: &mut Item, sold_by: SoldBy, price: f64, number: usize) {
    match sold_by {
        SoldBy::Piece | SoldBy::Weight | SoldBy::Variant => {}
        SoldBy::PieceOr(uom, factor) => {
            item.uoms.push(UomConversionDetail { uom: uom.to_owned(), conversion_factor: factor });
            item.barcodes.push(ItemBarcode { barcode: ean13(400_200_000_000 + number as u64), uom: uom.to_owned() });
            // A full crate is a little cheaper than its bottles.
            item.prices.push(item_price(STANDARD_PRICES, uom, cents(price * factor * 0.95)));
        }
        SoldBy::Batch => {
            item.has_batch_no = true;
            item.batches = [(1, Date::new(2027, 3, 31)), (2, Date::new(2027, 9, 30))]
                .map(|(lot, expiry_date)| Batch {
                    batch_no: format!("{}-L{lot}", item.item_code),
                    expiry_date,
                    qty: 40.0,
                })
                .into();
        }
        SoldBy::Serial => {
            item.has_serial_no = true;
            item.serial_nos = (1..=12).map(|n| format!("SN-{}-{n:03}", item.item_code)).collect();
        }
    }
}

/// The same thing by another maker, for shops larger than the curated one.
fn vary(item: &Item, brand: usize, number: usize) -> Item {
    const FIRST: [&str; 24] = [
        "Alder", "Birch", "Cedar", "Dune", "Elm", "Fern", "Gale", "Hazel", "Iris", "Juniper", "Kestrel", "Linden",
        "Maple", "North", "Oak", "Pine", "Quarry", "River", "Stone", "Thistle", "Umber", "Vale", "Willow", "Yarrow",
    ];
    const SECOND: [&str; 20] = [
        "brook", "croft", "dale", "field", "ford", "gate", "ham", "hill", "house", "land", "ley", "mill", "moor",
        "port", "ridge", "side", "stead", "ton", "well", "wood",
    ];
    let name = format!("{}{}", FIRST[brand % 24], SECOND[brand / 24 % 20]);
    let round = brand / 480;
    let brand_name = if round == 0 { name } else { format!("{name} {}", round + 1) };
    let code = format!("{}-{:06}", item.item_code.split('-').next().unwrap_or("ITM"), number + 1);
    let mut copy = item.clone();
    copy.item_name = format!("{brand_name} {}", item.item_name);
    copy.description = format!("{} by {brand_name}", item.item_name);
    copy.brand = brand_name;
    copy.variant_of = String::new();
    copy.has_variants = false;
    copy.batches.clear();
    copy.has_batch_no = false;
    copy.serial_nos.clear();
    copy.has_serial_no = false;
    copy.item_code = code;
    if copy.prices.is_empty() {
        copy.prices = prices(&copy.stock_uom, 24.9);
    }
    copy.barcodes = vec![ItemBarcode { barcode: ean13(400_300_000_000 + number as u64), uom: String::new() }];
    for price in &mut copy.prices {
        price.price_list_rate = cents(price.price_list_rate * (0.8 + (number % 41) as f64 / 100.0));
    }
    copy
}

/// Twelve digits and their check digit.
fn ean13(digits: u64) -> String {
    let text = format!("{digits:012}");
    let sum: u64 =
        text.bytes().zip([1, 3].into_iter().cycle()).map(|(digit, weight)| u64::from(digit - b'0') * weight).sum();
    format!("{text}{}", (10 - sum % 10) % 10)
}
