import TerminalDrawing
import Testing

@Suite struct DrawingTests {
    private static let ascii = TerminalFeatures(isUnicode: false)

    @Test(
        arguments: [
            ([], ""), ([1], "▄"), ([1, 1], "▄▄"), ([1, 2, 4, 8], "▁▂▄█"), ([0, .nan, 1], "▁ █"),
            ([.infinity, .nan], "  "), ([-Double.greatestFiniteMagnitude, 0, Double.greatestFiniteMagnitude], "▁▅█"),
        ])
    func `a sparkline has a character for each value`(values: [Double], line: String) {
        #expect(Sparkline.text(values, columns: 8) == line)
    }

    @Test func `more values than columns are averaged`() {
        #expect(Sparkline.text((0..<1000).map(Double.init), columns: 8) == "▁▂▃▄▅▆▇█")
        #expect(Sparkline.text([1, 2], columns: 0) == "")
    }

    @Test(arguments: [2, 3, 16, 17]) func `a thinned curve keeps its shape and its last value`(limit: Int) {
        var curve = ThinnedValues(limit: limit)
        for value in 0..<10_000 {
            curve.append(Double(value))
            #expect(curve.values.count <= limit + 1 && curve.last == Double(value))
            #expect(curve.values.first == 0 && curve.values.last == Double(value))
            #expect(curve.values == curve.values.sorted() && Set(curve.values).count == curve.values.count)
        }
        let gaps = zip(curve.values, curve.values.dropFirst()).map { $1 - $0 }.dropLast()
        #expect(Set(gaps).count <= 1, "kept at equal distances")
    }

    @Test(arguments: [
        (0, "──────────"), (0.05, "╸─────────"), (0.5, "━━━━━─────"), (0.999, "━━━━━━━━━╸"), (1, "━━━━━━━━━━"),
    ])
    func `a bar is full only at the end`(fraction: Double, bar: String) {
        #expect(ProgressBar.text(fraction, columns: 10).text == bar)
    }

    @Test func `a bar stays a bar whatever it is given`() {
        for fraction in [-1, 2, .nan, .infinity] {
            #expect(ProgressBar.text(fraction, columns: 4).columns == 4)
        }
        #expect(ProgressBar.text(0.5, columns: -3).isEmpty)
        #expect(ProgressBar.text(0.55, columns: 10).encoded(for: Self.ascii) == "=====>----")
    }

    @Test func `numbers are aligned on their points`() {
        let texts = ["0.01", "12", "3.5", "1e-05", "-7.25", "auto"]
        let column = DecimalColumn(texts)
        #expect(
            texts.map(column.aligned) == [" 0.01 ", "12    ", " 3.5  ", " 1e-05", "-7.25 ", "  auto"])
        #expect(texts.allSatisfy { TextWidth.columns(of: column.aligned($0)) == column.columns })
        let points = texts.dropLast().map { text -> Int in
            let aligned = Array(column.aligned(text))
            return aligned.firstIndex { ".e".contains($0) } ?? (aligned.lastIndex { $0 != " " } ?? 0) + 1
        }
        #expect(Set(points).count == 1)
        #expect(DecimalColumn(["a long word", "1.5"]).aligned("1.5") == "        1.5")
        #expect(DecimalColumn(["1"]).aligned("123.25") == "123.25")
    }

    @Test func `a canvas counts dots from the lower left`() {
        var canvas = BrailleCanvas(columns: 2, rows: 2)
        canvas.dot(0, 0)
        canvas.dot(3, 7, .red)
        canvas.dot(4, 0)
        canvas.dot(0, -1)
        #expect(canvas.lines.map(\.text) == [" ⠈", "⡀"])
        #expect(canvas.lines.map { $0.encoded(for: Self.ascii) } == [" '", "."])
        #expect(
            canvas.lines[0].encoded(for: TerminalFeatures(hasColors: true)) == " \u{1B}[31m⠈\u{1B}[0m")
        canvas.line(from: (0, 0), to: (3, 7))
        #expect(canvas.lines.map(\.text) == [" ⡜", "⡜"])
        canvas.line(from: (.min, .max), to: (.max, .min))
        #expect(BrailleCanvas(columns: -1, rows: 3).lines.map(\.text) == ["", "", ""])
    }

    @Test func `an axis has a place for each value between its ends`() throws {
        let axis = try #require(PlotAxis(of: [1e-4, .nan, 1, -3], isLogarithmic: true))
        #expect([1e-4, 1e-2, 1].map { axis.position(of: $0, dots: 81) } == [0, 40, 80])
        #expect(axis.position(of: 2, dots: 81) == nil && axis.position(of: .nan, dots: 81) == nil)
        #expect(PlotAxis(of: [5, 5])?.position(of: 5, dots: 9) == 4)
        #expect(PlotAxis(of: [0, -1], isLogarithmic: true) == nil && PlotAxis(of: []) == nil)
        let wide = try #require(PlotAxis(of: [-Double.greatestFiniteMagnitude, Double.greatestFiniteMagnitude]))
        #expect(wide.position(of: 0, dots: 11) == 5)
    }
}
