// Many marks at once, set pixel by pixel. A canvas strokes some 30 lines in a millisecond, which is too slow to follow
// a brush over 10,000 of them; here it is several hundred. Each pixel knows how many marks went through it, and the
// mean of their colours where these have an order, else the last one.

/** From how many marks on pixels are set by hand. Fewer look better with smooth edges. */
const RASTER_LINES = 700;
const RASTER_POINTS = 1500;

/** How many lines are drawn while a pointer brushes, or when a trial has just come; they are spread over all values. */
const BRUSHED_LINES = 2000;

function brushStride(page) {
    const { isBrushing, isHurried } = page.selection;
    return isBrushing || isHurried ? Math.max(1, Math.ceil(page.selection.selectedCount / BRUSHED_LINES)) : 1;
}

/** How much one of many lines covers, so that single ones are still seen, and dense places not yet one colour. */
function lineAlpha(count) {
    return Math.min(0.5, 12 / count ** 0.6);
}

/** A pixel is one number: 12 bits count marks, the bits above are the sum of their colours or the last of them, and
    the highest says that a mark without a colour went through. */
const COUNT = 4095;
const COLOURLESS = 0x80000000;

class Raster {
    /** In pixels of the device. */
    constructor(width, height) {
        this.width = width;
        this.height = height;
        this.cells = new Uint32Array(width * height);
        this.isEmpty = true;
        // In memory, as all canvases here: a graphics card would have to be handed every picture.
        this.context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
        this.image = new ImageData(width, height);
    }

    /**
     * Says what colours are until they are painted.
     * @param {string[]} colours the last one is for marks without a colour
     * @param {boolean} isOrdered whether a mean of two is between them
     * @param {number} alpha how much of what is behind one mark covers; several cover more
     */
    use(colours, isOrdered, alpha) {
        Object.assign(this, { colours, isOrdered, alpha, colourless: colours.length - 1 });
    }

    /** A line, without its last pixel: where the next part of a polyline begins is not counted twice. */
    line(fromX, fromY, toX, toY, code) {
        const { width, height, cells, isOrdered } = this;
        const isColourless = code === this.colourless;
        this.isEmpty = false;
        const dx = toX - fromX;
        const dy = toY - fromY;
        const steps = Math.max(1, Math.ceil(Math.max(Math.abs(dx), Math.abs(dy))));
        // 16 bits for the part behind the point: whole numbers are added faster than fractions.
        const stepX = Math.round((dx / steps) * 65536);
        const stepY = Math.round((dy / steps) * 65536);
        let x = Math.round(fromX * 65536);
        let y = Math.round(fromY * 65536);
        const mark = (code << 12) + 1;
        for (let step = 0; step < steps; step++) {
            const column = x >> 16;
            const line = y >> 16;
            if (column >= 0 && column < width && line >= 0 && line < height) {
                const place = line * width + column;
                const cell = cells[place];
                if (isColourless) cells[place] = cell | COLOURLESS;
                else if ((cell & COUNT) !== COUNT) cells[place] = isOrdered ? cell + mark : (cell & COUNT) + mark;
            }
            x += stepX;
            y += stepY;
        }
    }

    /** A square of `size` pixels around a place. */
    square(centreX, centreY, size, code) {
        const { width, height, cells, isOrdered } = this;
        const isColourless = code === this.colourless;
        this.isEmpty = false;
        const left = Math.max(0, Math.round(centreX - size / 2));
        const top = Math.max(0, Math.round(centreY - size / 2));
        const right = Math.min(width, left + size);
        const bottom = Math.min(height, top + size);
        const mark = (code << 12) + 1;
        for (let line = top; line < bottom; line++) {
            for (let place = line * width + left; place < line * width + right; place++) {
                const cell = cells[place];
                if (isColourless) cells[place] = cell | COLOURLESS;
                else if ((cell & COUNT) !== COUNT) cells[place] = isOrdered ? cell + mark : (cell & COUNT) + mark;
            }
        }
    }

    /** Puts the marks on a canvas, and forgets them unless more are to come. */
    paint(context, isWhole = true) {
        if (this.isEmpty) return;
        const { cells, image, isOrdered, colourless, alpha } = this;
        const channels = this.colours.map(channelsOf);
        const alphas = Uint8Array.from({ length: COUNT + 1 }, (_, count) =>
            Math.round(255 * (1 - (1 - alpha) ** count)));
        const pixels = new Uint32Array(image.data.buffer);
        const packed = Uint32Array.from(channels, ([red, green, blue]) => (blue << 16) | (green << 8) | red);
        for (let place = 0; place < cells.length; place++) {
            const cell = cells[place];
            if (cell === 0) {
                pixels[place] = 0;
                continue;
            }
            const count = cell & COUNT;
            const sum = (cell & ~COLOURLESS) >>> 12;
            const code = count === 0 ? colourless : isOrdered ? Math.round(sum / count) : sum;
            pixels[place] = (alphas[count || 1] << 24) | packed[code];
        }
        this.context.putImageData(image, 0, 0);
        context.save();
        context.resetTransform();
        context.globalAlpha = 1;
        context.drawImage(this.context.canvas, 0, 0);
        context.restore();
        if (!isWhole) return;
        cells.fill(0);
        this.isEmpty = true;
    }
}

/** Red, green and blue of `rgb(1 2 3)` or `#aabbcc`, the forms that this page writes. */
function channelsOf(colour) {
    if (colour.startsWith("#")) return [1, 3, 5].map((place) => parseInt(colour.slice(place, place + 2), 16));
    return colour.match(/\d+/g).slice(0, 3).map(Number);
}
