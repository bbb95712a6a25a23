//! Pictures of the goods: small flat drawings, one design for each kind of product, in the product's colour.

use sha2::{Digest, Sha256};

/// A picture and its content address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// SHA-256 of the bytes, in hex.
    pub hash: String,
    /// The SVG document.
    pub svg: String,
}

/// What a product looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is what it says")]
pub enum Design {
    Loaf,
    Roll,
    Cake,
    Carton,
    Cheese,
    Tub,
    Eggs,
    Apple,
    Banana,
    Carrot,
    Leaf,
    Bottle,
    Wine,
    Can,
    Jar,
    Bag,
    Box,
    Bar,
    Tin,
    Spray,
    Soap,
    Roll2,
    Shirt,
    Sock,
    Mug,
    Candle,
    Headphones,
    Cable,
    Bulb,
    Tube,
    Basket,
    Tag,
}

const DESIGNS: [Design; 32] = [
    Design::Loaf,
    Design::Roll,
    Design::Cake,
    Design::Carton,
    Design::Cheese,
    Design::Tub,
    Design::Eggs,
    Design::Apple,
    Design::Banana,
    Design::Carrot,
    Design::Leaf,
    Design::Bottle,
    Design::Wine,
    Design::Can,
    Design::Jar,
    Design::Bag,
    Design::Box,
    Design::Bar,
    Design::Tin,
    Design::Spray,
    Design::Soap,
    Design::Roll2,
    Design::Shirt,
    Design::Sock,
    Design::Mug,
    Design::Candle,
    Design::Headphones,
    Design::Cable,
    Design::Bulb,
    Design::Tube,
    Design::Basket,
    Design::Tag,
];

/// Main colour, its shadow, and the tile behind it.
const PALETTE: [(&str, &str, &str); 8] = [
    ("#c8553d", "#9e3f2b", "#f7e3dd"),
    ("#d9902f", "#b06f1c", "#f9ecd6"),
    ("#c9a227", "#9c7c14", "#f6efd3"),
    ("#5b8c5a", "#436b42", "#e2eee0"),
    ("#3d8b8b", "#2b6868", "#dceeee"),
    ("#4472a8", "#315583", "#dfe8f3"),
    ("#7d5ba6", "#5f4381", "#eae3f2"),
    ("#a65b74", "#7f4257", "#f3e2e8"),
];

/// The colours there are.
pub const COLOURS: usize = PALETTE.len();

/// Draws a product in one of [`COLOURS`] colours.
pub fn draw(design: Design, colour: usize) -> Picture {
    let (main, dark, tile) = PALETTE[colour % COLOURS];
    let shapes =
        shapes(design).replace("fill='M'", &format!("fill='{main}'")).replace("fill='D'", &format!("fill='{dark}'"));
    let shapes =
        shapes.replace("stroke='D'", &format!("stroke='{dark}'")).replace("stroke='M'", &format!("stroke='{main}'"));
    let svg = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 160 120'><rect width='160' height='120' fill='{tile}'/>{shapes}</svg>"
    );
    Picture { hash: hex::encode(Sha256::digest(svg.as_bytes())), svg }
}

/// Every picture.
pub fn all() -> Vec<Picture> {
    DESIGNS.iter().flat_map(|design| (0..COLOURS).map(|colour| draw(*design, colour))).collect()
}

/// The drawing: `M` stands for the main colour, `D` for its shadow. The tile is 160 by 120.
fn shapes(design: Design) -> &'static str {
    match design {
        Design::Loaf => {
            "<path d='M30 88V58c0-20 22-26 50-26s50 6 50 26v30z' fill='M'/><path d='M54 44l10 16M76 40l10 16M98 42l10 16' stroke='#fff' stroke-opacity='.6' stroke-width='5' stroke-linecap='round'/><path d='M30 80h100v8H30z' fill='D'/>"
        }
        Design::Roll => {
            "<ellipse cx='80' cy='66' rx='44' ry='30' fill='M'/><path d='M40 78a44 30 0 0 0 80 0z' fill='D'/><path d='M58 54q22-14 44 0' stroke='#fff' stroke-opacity='.6' stroke-width='5' fill='none' stroke-linecap='round'/>"
        }
        Design::Cake => {
            "<path d='M36 60h88v32H36z' fill='M'/><path d='M36 60c0-14 88-14 88 0v6c-8 10-14 0-22 6s-14-4-22 2-14-6-22 0-14 2-22-8z' fill='#fff'/><circle cx='80' cy='40' r='8' fill='D'/><path d='M36 84h88v8H36z' fill='D'/>"
        }
        Design::Carton => {
            "<path d='M56 44l10-18h28l10 18v54H56z' fill='#fff'/><path d='M56 44h48v54H56z' fill='M'/><path d='M66 26h28v8H66z' fill='D'/><rect x='64' y='58' width='32' height='22' rx='4' fill='#fff'/>"
        }
        Design::Cheese => {
            "<path d='M30 78l72-42q28 12 28 42z' fill='M'/><path d='M30 78h100v18H30z' fill='D'/><circle cx='92' cy='62' r='7' fill='D'/><circle cx='70' cy='70' r='5' fill='D'/><circle cx='112' cy='68' r='5' fill='D'/>"
        }
        Design::Tub => {
            "<path d='M42 46h76l-8 50H50z' fill='M'/><rect x='36' y='36' width='88' height='12' rx='6' fill='D'/><ellipse cx='80' cy='72' rx='22' ry='12' fill='#fff' fill-opacity='.85'/>"
        }
        Design::Eggs => {
            "<path d='M26 70h108l-8 26H34z' fill='D'/><ellipse cx='50' cy='62' rx='15' ry='20' fill='M'/><ellipse cx='80' cy='58' rx='15' ry='20' fill='#fff'/><ellipse cx='110' cy='62' rx='15' ry='20' fill='M'/><path d='M26 74h108' stroke='#fff' stroke-opacity='.5' stroke-width='3'/>"
        }
        Design::Apple => {
            "<path d='M80 44c-34-16-48 16-36 38 10 18 26 18 36 10 10 8 26 8 36-10 12-22-2-54-36-38z' fill='M'/><path d='M80 44q0-16 10-20' stroke='D' stroke-width='5' fill='none' stroke-linecap='round'/><path d='M88 30q14-10 24 0-12 10-24 0z' fill='#5b8c5a'/><ellipse cx='60' cy='58' rx='6' ry='10' fill='#fff' fill-opacity='.5'/>"
        }
        Design::Banana => {
            "<path d='M40 36c4 40 34 56 78 50 6-1 6-8 0-10-34-4-52-18-62-44-4-6-16-4-16 4z' fill='M'/><path d='M40 36c4 40 34 56 78 50l2-3c-42 2-68-14-76-50z' fill='D'/>"
        }
        Design::Carrot => {
            "<path d='M52 98l26-58q24-2 26 20z' fill='M'/><path d='M88 42q-2-20 8-22M94 44q8-18 20-14M98 50q16-10 24 0' stroke='#5b8c5a' stroke-width='6' fill='none' stroke-linecap='round'/><path d='M70 74l10 4M78 58l10 4' stroke='D' stroke-width='4' stroke-linecap='round'/>"
        }
        Design::Leaf => {
            "<path d='M80 98c-40-6-44-44-20-66 8 10 12 14 20 10 8 4 12 0 20-10 24 22 20 60-20 66z' fill='M'/><path d='M80 98V50M80 74l-18-14M80 74l18-14' stroke='#fff' stroke-opacity='.6' stroke-width='4' fill='none' stroke-linecap='round'/>"
        }
        Design::Bottle => {
            "<rect x='72' y='16' width='16' height='10' rx='3' fill='D'/><path d='M72 26h16v12c12 6 14 14 14 24v36a6 6 0 0 1-6 6H64a6 6 0 0 1-6-6V62c0-10 2-18 14-24z' fill='M'/><rect x='58' y='62' width='44' height='26' fill='#fff' fill-opacity='.85'/>"
        }
        Design::Wine => {
            "<rect x='74' y='12' width='12' height='14' rx='2' fill='M'/><path d='M74 26h12v16c10 6 12 12 12 22v36a5 5 0 0 1-5 5H67a5 5 0 0 1-5-5V64c0-10 2-16 12-22z' fill='D'/><rect x='62' y='66' width='36' height='24' fill='#fff' fill-opacity='.9'/><path d='M68 78h24' stroke='M' stroke-width='4'/>"
        }
        Design::Can => {
            "<rect x='56' y='28' width='48' height='70' rx='8' fill='M'/><path d='M60 28h40l-4-8H64zM60 98h40l-4 6H64z' fill='D'/><path d='M56 52q24 14 48 0v24q-24 14-48 0z' fill='#fff' fill-opacity='.85'/>"
        }
        Design::Jar => {
            "<rect x='56' y='26' width='48' height='14' rx='4' fill='D'/><path d='M54 46q0-6 6-6h40q6 0 6 6v46q0 8-8 8H62q-8 0-8-8z' fill='M'/><rect x='54' y='58' width='52' height='24' fill='#fff' fill-opacity='.88'/><circle cx='80' cy='70' r='7' fill='M'/>"
        }
        Design::Bag => {
            "<path d='M52 30h56l6 70H46z' fill='M'/><path d='M52 30h56l-3-10H55z' fill='D'/><rect x='60' y='50' width='40' height='28' rx='4' fill='#fff' fill-opacity='.88'/><path d='M68 64h24' stroke='M' stroke-width='5' stroke-linecap='round'/>"
        }
        Design::Box => {
            "<path d='M46 34l48-10 22 10v58l-22 10-48-10z' fill='M'/><path d='M94 24l22 10v58l-22 10z' fill='D'/><rect x='54' y='50' width='32' height='24' rx='3' fill='#fff' fill-opacity='.88'/>"
        }
        Design::Bar => {
            "<rect x='28' y='44' width='104' height='36' rx='4' fill='M'/><path d='M28 44h20v36H28zM112 44h20v36h-20z' fill='D'/><rect x='56' y='54' width='48' height='16' rx='3' fill='#fff' fill-opacity='.88'/>"
        }
        Design::Tin => {
            "<path d='M42 46v38c0 16 76 16 76 0V46z' fill='M'/><ellipse cx='80' cy='46' rx='38' ry='14' fill='D'/><ellipse cx='80' cy='46' rx='28' ry='9' fill='#fff' fill-opacity='.5'/><path d='M42 64c0 14 76 14 76 0v14c0 14-76 14-76 0z' fill='#fff' fill-opacity='.8'/>"
        }
        Design::Spray => {
            "<path d='M66 42h28v8c8 4 10 12 10 20v30H56V70c0-8 2-16 10-20z' fill='M'/><path d='M66 20h34l6 12H78v10H66z' fill='D'/><rect x='56' y='66' width='48' height='20' fill='#fff' fill-opacity='.85'/>"
        }
        Design::Soap => {
            "<rect x='32' y='48' width='96' height='40' rx='18' fill='M'/><rect x='48' y='58' width='64' height='20' rx='10' fill='#fff' fill-opacity='.5'/><circle cx='116' cy='34' r='8' fill='#fff'/><circle cx='100' cy='26' r='5' fill='#fff'/>"
        }
        Design::Roll2 => {
            "<path d='M48 36h64v56H48z' fill='#fff'/><ellipse cx='80' cy='36' rx='32' ry='12' fill='M'/><ellipse cx='80' cy='36' rx='12' ry='5' fill='D'/><path d='M48 92c0 14 64 14 64 0' fill='#fff'/><path d='M48 60h64' stroke='M' stroke-width='3' stroke-dasharray='5 5'/>"
        }
        Design::Shirt => {
            "<path d='M58 24l-30 16 10 22 12-6v44h60V56l12 6 10-22-30-16c-4 14-40 14-44 0z' fill='M'/><path d='M58 24c4 14 40 14 44 0l-8-2c-4 8-24 8-28 0z' fill='D'/>"
        }
        Design::Sock => {
            "<path d='M66 20h32v44c0 8-6 12-12 18l-12 14c-10 10-28 4-28-8 0-6 4-10 8-14l12-12z' fill='M'/><path d='M66 20h32v12H66z' fill='D'/><path d='M46 88c0-8 6-12 10-16 8 2 14 10 12 22-10 8-22 4-22-6z' fill='#fff' fill-opacity='.5'/>"
        }
        Design::Mug => {
            "<path d='M100 48h12c16 0 16 30 0 30h-12' stroke='D' stroke-width='8' fill='none'/><path d='M44 34h56v50c0 8-6 14-14 14H58c-8 0-14-6-14-14z' fill='M'/><path d='M44 34h56v10H44z' fill='D'/>"
        }
        Design::Candle => {
            "<rect x='58' y='50' width='44' height='50' rx='6' fill='M'/><path d='M58 56q22 12 44 0v-2q0-4-4-4H62q-4 0-4 4z' fill='D'/><path d='M80 50v-8' stroke='#555' stroke-width='3'/><path d='M80 14c12 14 8 26 0 28-8-2-12-14 0-28z' fill='#e8b33d'/>"
        }
        Design::Headphones => {
            "<path d='M40 76V66a40 40 0 0 1 80 0v10' stroke='D' stroke-width='9' fill='none'/><rect x='30' y='64' width='22' height='36' rx='10' fill='M'/><rect x='108' y='64' width='22' height='36' rx='10' fill='M'/>"
        }
        Design::Cable => {
            "<path d='M44 84c-20-30 40-50 30-10s60 20 42-12' stroke='M' stroke-width='7' fill='none' stroke-linecap='round'/><rect x='34' y='80' width='18' height='24' rx='4' fill='D'/><rect x='108' y='34' width='18' height='26' rx='4' fill='D'/><rect x='112' y='26' width='10' height='10' fill='#fff'/>"
        }
        Design::Bulb => {
            "<circle cx='80' cy='52' r='32' fill='M'/><path d='M66 78h28v12H66z' fill='M'/><rect x='66' y='86' width='28' height='16' rx='4' fill='D'/><path d='M66 50l8 8 6-10 6 10 8-8' stroke='#fff' stroke-width='4' fill='none' stroke-linejoin='round'/>"
        }
        Design::Tube => {
            "<path d='M36 40l88 12v20L36 84z' fill='M'/><rect x='120' y='54' width='16' height='16' rx='3' fill='D'/><path d='M36 40v44h-8V40z' fill='D'/><path d='M52 54l44 4v8l-44 4z' fill='#fff' fill-opacity='.85'/>"
        }
        Design::Basket => {
            "<path d='M44 56a36 34 0 0 1 72 0' stroke='D' stroke-width='7' fill='none'/><path d='M28 56h104l-12 42H40z' fill='M'/><path d='M28 56h104v10H28z' fill='D'/><path d='M60 66l4 32M80 66v32M100 66l-4 32' stroke='#fff' stroke-opacity='.5' stroke-width='4'/>"
        }
        Design::Tag => {
            "<path d='M32 60l36-32h56a6 6 0 0 1 6 6v52a6 6 0 0 1-6 6H68z' fill='M'/><circle cx='66' cy='60' r='8' fill='#fff'/><path d='M90 48h24M90 60h24M90 72h16' stroke='#fff' stroke-opacity='.8' stroke-width='5' stroke-linecap='round'/>"
        }
    }
}
