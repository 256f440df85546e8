/// What a column holds, for a program that reads a report.
extension ReportColumn {
    /// How many elements it has. A text column without any bytes may hold no text or a single empty one.
    public var count: Int { kind == .text ? bytes.count { $0 == 0 } + 1 : bytes.count / kind.width }

    /// Its numbers; nil if it holds texts.
    public var numbers: [Double]? {
        switch kind {
        case .f64: elements(UInt64.self).map { Double(bitPattern: $0) }
        case .f32: elements(UInt32.self).map { Double(Float(bitPattern: $0)) }
        case .u8, .u16, .u32, .i32: integers?.map(Double.init)
        case .text: nil
        }
    }

    /// Its integers; nil if it holds something else.
    public var integers: [Int]? {
        switch kind {
        case .u8: bytes.map(Int.init)
        case .u16: elements(UInt16.self).map(Int.init)
        case .u32: elements(UInt32.self).map(Int.init)
        case .i32: elements(Int32.self).map(Int.init)
        case .f32, .f64, .text: nil
        }
    }

    /// Its texts, if there are as many as is expected.
    public func texts(count: Int) -> [String]? {
        guard kind == .text, let text = String(validating: bytes, as: UTF8.self) else { return nil }
        if bytes.isEmpty { return count <= 1 ? Array(repeating: "", count: count) : nil }
        let texts = text.unicodeScalars.split(separator: "\0", omittingEmptySubsequences: false).map(String.init)
        return texts.count == count ? texts : nil
    }

    /// The values of a parameter that is a number; nil if the column holds texts or places.
    public var numberCells: [Cell<Double>]? {
        switch kind {
        case .f64, .f32: numbers?.map { $0.isNaN ? .inactive : $0.isFinite ? .value($0) : .unknown }
        case .u8, .u16, .u32, .i32, .text: nil
        }
    }

    /// The values of a parameter that is an integer; nil if the column holds something else.
    public var integerCells: [Cell<Int>]? {
        guard kind == .i32 else { return nil }
        return integers?.map { number in
            number == Int(Self.inactiveInteger)
                ? .inactive : number == Int(Self.unknownInteger) ? .unknown : .value(number)
        }
    }

    /// The places of a parameter's values in a list of words; nil if the column does not hold places.
    public var placeCells: [Cell<Int>]? {
        guard kind == .u8 || kind == .u16 else { return nil }
        let (unknown, inactive) = Self.wordCodes(of: kind)
        return integers?.map { $0 == inactive ? .inactive : $0 == unknown ? .unknown : .value($0) }
    }

    private func elements<Element: FixedWidthInteger>(_ type: Element.Type) -> [Element] {
        let width = Element.bitWidth / 8
        return stride(from: 0, to: bytes.count - bytes.count % width, by: width).map { place in
            var element: Element = 0
            // From the highest byte down: the first is the lowest.
            for byte in bytes[place..<place + width].reversed() { element = element << 8 | Element(byte) }
            return element
        }
    }
}
