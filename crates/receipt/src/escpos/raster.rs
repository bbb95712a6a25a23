//! Pictures for a printer: one bit a dot.

use qrcodegen::QrCode;

/// A black and white picture.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Raster {
    width: usize,
    height: usize,
    /// Rows of whole bytes; the highest bit is the leftmost dot, one is black.
    bits: Vec<u8>,
}

impl Raster {
    /// Larger than any printer's line and any receipt's picture.
    pub const DOTS_MAX: usize = 4_096;

    /// A white picture. No larger than [`Self::DOTS_MAX`] either way.
    pub fn white(width: usize, height: usize) -> Self {
        let (width, height) = (width.min(Self::DOTS_MAX), height.min(Self::DOTS_MAX));
        Self { width, height, bits: vec![0; width.div_ceil(8) * height] }
    }

    /// A picture of bytes as printers take them; none where their number is wrong.
    pub fn from_bits(width: usize, height: usize, bits: Vec<u8>) -> Option<Self> {
        let fits = width <= Self::DOTS_MAX && height <= Self::DOTS_MAX && bits.len() == width.div_ceil(8) * height;
        fits.then_some(Self { width, height, bits })
    }

    /// A picture of a canvas' pixels (red, green, blue, alpha), with grey as dots close together and far apart: each pixel's
    /// error is given on to its neighbours, as Floyd and Steinberg do. Lines of text come out sharp, photographs grey.
    pub fn from_rgba(width: usize, pixels: &[u8]) -> Self {
        let height = (pixels.len() / 4).checked_div(width).unwrap_or(0);
        let mut raster = Self::white(width, height);
        let mut here = vec![0_i32; raster.width + 2];
        for y in 0..raster.height {
            let mut below = vec![0_i32; raster.width + 2];
            for x in 0..raster.width {
                let wanted = luminance(&pixels[(y * width + x) * 4..][..4]) + here[x + 1] / 16;
                let is_black = wanted < 128;
                let error = wanted - if is_black { 0 } else { 255 };
                here[x + 2] += error * 7;
                below[x] += error * 3;
                below[x + 1] += error * 5;
                below[x + 2] += error;
                if is_black {
                    raster.set(x, y);
                }
            }
            here = below;
        }
        raster
    }

    /// A QR code with its quiet zone, each module so many dots wide.
    pub(crate) fn from_qr(code: &QrCode, size: usize) -> Self {
        let modules = usize::try_from(code.size()).unwrap_or(0) + 8;
        let mut raster = Self::white(modules * size, modules * size);
        for y in 0..raster.height {
            for x in 0..raster.width {
                let module = |dot: usize| i32::try_from(dot / size).unwrap_or(0) - 4;
                if code.get_module(module(x), module(y)) {
                    raster.set(x, y);
                }
            }
        }
        raster
    }

    /// This picture with one of the same width under it; none where both are too tall together.
    pub(crate) fn below(&self, other: &Self) -> Option<Self> {
        Self::from_bits(self.width, self.height + other.height, [&*self.bits, &*other.bits].concat())
    }

    /// Dots across.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Dots down.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Bytes of a row.
    pub fn row_bytes(&self) -> usize {
        self.width.div_ceil(8)
    }

    /// The rows' bytes.
    pub fn bits(&self) -> &[u8] {
        &self.bits
    }

    /// Whether a dot is black; white outside the picture.
    pub fn is_black(&self, x: usize, y: usize) -> bool {
        x < self.width && y < self.height && self.bits[y * self.row_bytes() + x / 8] & (0x80 >> (x % 8)) != 0
    }

    /// Makes a dot black.
    pub fn set(&mut self, x: usize, y: usize) {
        if x < self.width && y < self.height {
            let row = self.row_bytes();
            self.bits[y * row + x / 8] |= 0x80 >> (x % 8);
        }
    }
}

/// How light a pixel is, 0 to 255, on white paper.
fn luminance(pixel: &[u8]) -> i32 {
    let [red, green, blue, alpha] = [0, 1, 2, 3].map(|index| i32::from(pixel[index]));
    let light = (red * 299 + green * 587 + blue * 114) / 1000;
    255 - (255 - light) * alpha / 255
}

#[cfg(test)]
mod tests {
    use super::Raster;

    #[test]
    fn black_is_black_white_is_white_and_half_grey_is_half_the_dots() {
        let of = |grey: u8| Raster::from_rgba(16, &[grey, grey, grey, 255].repeat(256));
        let black = |raster: &Raster| raster.bits().iter().map(|byte| byte.count_ones()).sum::<u32>();

        assert_eq!(black(&of(0)), 256);
        assert_eq!(black(&of(255)), 0);
        assert!((118..=138).contains(&black(&of(128))), "{}", black(&of(128)));
        assert_eq!(black(&Raster::from_rgba(4, &[0; 64])), 0, "what is transparent is white");
    }

    #[test]
    fn a_picture_has_as_many_bytes_as_its_size_says() {
        assert!(Raster::from_bits(9, 2, vec![0; 4]).is_some());
        assert!(Raster::from_bits(9, 2, vec![0; 3]).is_none());
        assert!(Raster::from_bits(9_000, 2, vec![0; 2_250]).is_none());
    }
}
