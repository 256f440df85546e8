// Many marks at once, set pixel by pixel. A canvas strokes some 30 lines in a millisecond, which is too slow to follow
// a brush over 10,000 of them; here it is several hundred. Each pixel knows how many marks went through it, and the
// mean of their colours where these have an order, else the last one. Where it is the mean, marks can be taken away
// again, so that a brush that moves costs as much as it changes.

/** From how many marks on pixels are set by hand. Fewer look better with smooth edges. */
const RASTER_LINES = 300;
const RASTER_POINTS = 1500;

/** More changes than these are not drawn while a pointer brushes, or when a trial has just come: a part of the lines,
    spread over all values, is drawn instead until it rests. */
const LINES_AT_ONCE = 5000;
const BRUSHED_LINES = 2000;

/** How much one of many lines covers, so that single ones are still seen, and dense places not yet one colour. */
function lineAlpha(count) {
    return Math.min(0.5, 12 / count ** 0.6);
}

/** A pixel is two numbers: marks in the low half of the first and those without a colour in its high half; the sum of
    the colours, or the last of them, is the second. */
const COUNT = 0xffff;
const COLOURLESS = 0x10000;

class Raster {
    /** In pixels of the device. */
    constructor(width, height) {
        this.width = width;
        this.height = height;
        this.cells = new Uint32Array(2 * width * height);
        this.image = new ImageData(width, height);
        this.pixels = new Uint32Array(this.image.data.buffer);
        this.context = null;
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

    /**
     * A line, without its last pixel: where the next part of a polyline begins is not counted twice.
     * @param {number} sign −1 takes it away again, which needs colours with an order
     */
    line(fromX, fromY, toX, toY, code, sign = 1) {
        const { width, height, cells, isOrdered } = this;
        const isColourless = code === this.colourless;
        const mark = isColourless ? sign * COLOURLESS : sign;
        const colour = isColourless ? 0 : sign * code;
        const dx = toX - fromX;
        const dy = toY - fromY;
        const steps = Math.max(1, Math.ceil(Math.max(Math.abs(dx), Math.abs(dy))));
        // 16 bits for the part behind the point: whole numbers are added faster than fractions.
        const stepX = Math.round((dx / steps) * 65536);
        const stepY = Math.round((dy / steps) * 65536);
        let x = Math.round(fromX * 65536);
        let y = Math.round(fromY * 65536);
        const [lastX, lastY] = [(x + stepX * steps) >> 16, (y + stepY * steps) >> 16];
        const isInside = Math.min(x >> 16, lastX) >= 0 && Math.max(x >> 16, lastX) < width
            && Math.min(y >> 16, lastY) >= 0 && Math.max(y >> 16, lastY) < height;
        if (isInside && (isOrdered || isColourless)) {
            for (let step = 0; step < steps; step++) {
                const place = ((y >> 16) * width + (x >> 16)) << 1;
                cells[place] += mark;
                cells[place + 1] += colour;
                x += stepX;
                y += stepY;
            }
            return;
        }
        for (let step = 0; step < steps; step++) {
            const column = x >> 16;
            const line = y >> 16;
            if (column >= 0 && column < width && line >= 0 && line < height) {
                const place = (line * width + column) << 1;
                cells[place] += mark;
                if (isOrdered) cells[place + 1] += colour;
                else if (!isColourless) cells[place + 1] = code;
            }
            x += stepX;
            y += stepY;
        }
    }

    /** A square of `size` pixels around a place; −1 as `sign` takes it away again. */
    square(centreX, centreY, size, code, sign = 1) {
        const { width, height, cells, isOrdered } = this;
        const isColourless = code === this.colourless;
        const mark = isColourless ? sign * COLOURLESS : sign;
        const left = Math.max(0, Math.round(centreX - size / 2));
        const top = Math.max(0, Math.round(centreY - size / 2));
        const right = Math.min(width, left + size);
        const bottom = Math.min(height, top + size);
        for (let line = top; line < bottom; line++) {
            for (let place = 2 * (line * width + left); place < 2 * (line * width + right); place += 2) {
                cells[place] += mark;
                if (isColourless) continue;
                cells[place + 1] = isOrdered ? cells[place + 1] + sign * code : code;
            }
        }
    }

    /** Forgets the marks in a rectangle. */
    clear(left = 0, top = 0, right = this.width, bottom = this.height) {
        const from = Math.max(0, Math.floor(left));
        const to = Math.min(this.width, Math.ceil(right));
        for (let line = Math.max(0, Math.floor(top)); line < Math.min(this.height, Math.ceil(bottom)); line++) {
            this.cells.fill(0, 2 * (line * this.width + from), 2 * (line * this.width + to));
        }
    }

    /** Puts the marks on a canvas: over what it shows, or, where nothing is on it yet, instead. */
    paint(context, isBlank = false) {
        const { cells, pixels, image, isOrdered, colourless, alpha } = this;
        const alphas = Uint32Array.from({ length: 1024 }, (_, count) =>
            Math.round(255 * (1 - (1 - alpha) ** Math.max(1, count))) << 24);
        const packed = Uint32Array.from(this.colours.map(channelsOf), ([red, green, blue]) =>
            (blue << 16) | (green << 8) | red);
        for (let place = 0; place < pixels.length; place++) {
            const cell = cells[2 * place];
            if (cell === 0) {
                pixels[place] = 0;
                continue;
            }
            const count = cell & COUNT;
            const sum = cells[2 * place + 1];
            const code = count === 0 ? colourless : isOrdered ? Math.min(colourless, (sum / count + 0.5) | 0) : sum;
            pixels[place] = alphas[count < 1024 ? count : 1023] | packed[code];
        }
        if (isBlank) {
            context.putImageData(image, 0, 0);
            return;
        }
        // In memory, as all canvases here: a graphics card would have to be handed every picture.
        this.context ??= new OffscreenCanvas(this.width, this.height).getContext("2d", { willReadFrequently: true });
        this.context.putImageData(image, 0, 0);
        context.save();
        context.resetTransform();
        context.globalAlpha = 1;
        context.drawImage(this.context.canvas, 0, 0);
        context.restore();
    }
}

/** Red, green and blue of `rgb(1 2 3)` or `#aabbcc`, the forms that this page writes. */
function channelsOf(colour) {
    if (colour.startsWith("#")) return [1, 3, 5].map((place) => parseInt(colour.slice(place, place + 2), 16));
    return colour.match(/\d+/g).slice(0, 3).map(Number);
}
