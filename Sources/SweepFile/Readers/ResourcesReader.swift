import ConfigFile
import SweepModel

/// Reads `resources`: what each trial may use, and how many trials run at once.
///
///     resources: {parallel: auto, threads: 2, timeout: 2h, memory: 4GiB, gpus: 1/2}
///
///     # half as many trials at once as there are cores; each with two threads, two hours, 2³² bytes,
///     # and a GPU that it shares with one other trial
struct ResourcesReader {
    let problems: DiagnosticCollector

    /// Reads the section; without one, every trial has one thread and no limits, and as many trials run at once as the
    /// machine has cores.
    func read(_ file: ConfigSection) -> Resources {
        let section = file.section("resources")
        section.explain(ForeignKeys.resources)
        var parallel: Int?
        if let node = section.node("parallel"), node.value != .string("auto") {
            if case .string = node.value {
                problems.report(
                    "'resources.parallel' must be an integer or 'auto', found \(node.kindDescription)",
                    at: node.location)
            } else {
                parallel = section.integer("parallel", in: 1...4096)
            }
        }
        return Resources(
            parallel: parallel, threads: section.integer("threads", in: 1...4096) ?? 1,
            timeout: section.duration("timeout"), stall: section.duration("stall"), memory: section.size("memory"),
            processes: section.integer("processes", in: 1...1_000_000),
            affinity: section.boolean("affinity") ?? false, gpus: section.gpus("gpus"))
    }
}

extension ConfigSection {
    /// Reads a length of time above zero, such as `90s` or `1h30m`; nil if the key is absent, or if its value is wrong,
    /// which is reported.
    func duration(_ key: String) -> Duration? {
        guard let node = node(key) else { return nil }
        if case .string(let text) = node.value, let duration = Duration(text: text), duration > .zero {
            return duration
        }
        if case .string(let text) = node.value, Duration.isTooLong(text) {
            problems.report(
                "'\(name(key))' is too long: at most \(Duration.longestText), found \(text)", at: node.location)
            return nil
        }
        problems.report(
            "'\(name(key))' must be a length of time, found \(node.kindDescription)", at: node.location,
            help: "a number with its unit: 500ms, 90s, 30m, 2h, 1h30m, 1d")
        return nil
    }

    /// Reads a number of bytes such as `512MiB`. Less than one MiB is refused: no trainer runs in that,
    /// so the unit is wrong.
    func size(_ key: String) -> Int? {
        guard let node = node(key) else { return nil }
        if case .string(let text) = node.value, Int.isTooLarge(byteCount: text) {
            problems.report(
                "'\(name(key))' is too large: at most \(Int.largestByteCount), found \(text)", at: node.location)
            return nil
        }
        guard case .string(let text) = node.value, let bytes = Int(byteCount: text) else {
            problems.report(
                "'\(name(key))' must be an amount of memory, found \(node.kindDescription)", at: node.location,
                help: "a number with its unit: 512MiB, 2GiB, 1.5GB")
            return nil
        }
        guard bytes >= 1 << 20 else {
            problems.report("'\(name(key))' must be at least 1MiB, found \(text)", at: node.location)
            return nil
        }
        return bytes
    }
}

extension Int {
    /// `KiB` is 1024 bytes, `kB` is 1000. `B` comes last, as all others end with it.
    private static let units: [(name: String, bytes: Double)] = [
        ("KiB", 0x1p10), ("MiB", 0x1p20), ("GiB", 0x1p30), ("TiB", 0x1p40), ("kB", 1e3), ("KB", 1e3), ("MB", 1e6),
        ("GB", 1e9), ("TB", 1e12), ("B", 1),
    ]

    /// Reads `512MiB`, `1.5 GB`: a number and its unit; nil for anything else.
    ///
    ///     Int(byteCount: "512MiB")        // 536870912
    ///     Int(byteCount: "1.5 GB")        // 1500000000
    ///     Int(byteCount: "512")           // nil: no unit
    init?(byteCount text: String) {
        guard let bytes = Self.bytes(text).flatMap({ Int(exactly: $0) }) else { return nil }
        self = bytes
    }

    /// The largest number of bytes that can be read, as it is written.
    static let largestByteCount = "8388607TiB"

    /// Whether the text is a number of bytes, and one that is too large to be read.
    static func isTooLarge(byteCount text: String) -> Bool {
        bytes(text).map { Int(exactly: $0) == nil } ?? false
    }

    /// A whole number, or infinity for a text with hundreds of digits; nil for anything else.
    private static func bytes(_ text: String) -> Double? {
        guard let unit = units.first(where: { text.hasSuffix($0.name) }) else { return nil }
        let digits = text.dropLast(unit.name.count).drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()
        guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }),
            let number = Double(String(digits))
        else { return nil }
        return (number * unit.bytes).rounded()
    }
}
