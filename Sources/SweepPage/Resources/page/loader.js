// The page's script stands in a report compressed, since it would be larger than the data of a small sweep. This
// unpacks and runs it. The policy names the check sums of both, so that nothing else can be run in this way either.

(async () => {
    const text = document.getElementById("code").textContent;
    const characters = Array.from({ length: 94 }, (_, place) => String.fromCharCode(33 + place)).join("")
        .replace(/["<\\]/g, "");
    // As in data.js: two characters are 13 bits, and a last one alone is 6.
    const bytes = [];
    let [bits, count] = [0, 0];
    for (let place = 0; place < text.length; place += 2) {
        const isPair = place + 1 < text.length;
        bits |= (characters.indexOf(text[place]) + (isPair ? 91 * characters.indexOf(text[place + 1]) : 0)) << count;
        count += isPair ? 13 : 6;
        while (count >= 8) {
            bytes.push(bits & 255);
            bits >>= 8;
            count -= 8;
        }
    }
    const stream = new Blob([Uint8Array.from(bytes)]).stream().pipeThrough(new DecompressionStream("deflate"));
    const script = document.createElement("script");
    script.textContent = await new Response(stream).text();
    document.body.append(script);
})().catch((error) => {
    document.getElementById("header").textContent = typeof DecompressionStream === "undefined"
        ? "This report needs a browser of 2023 or later." : "The script of this report could not be read: "
            + error.message;
    document.documentElement.dataset.ready = "failed";
});
