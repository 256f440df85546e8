import TrialProtocol

/// What an address asks for.
///
///     Route(path: "/sweep/digits/log/12")     // .sweep("digits", .logEvents(12))
///     Route(path: "/sweep/../../etc")         // nil, like everything else that is not listed here
enum Route: Sendable, Hashable {
    case home
    case list
    case listData
    case listEvents
    case pageStyle
    case pageScript
    case listStyle
    case listScript
    case sweep(String, Part)

    enum Part: Sendable, Hashable {
        case page
        /// The page's address without the slash at its end, with which the addresses in it would be wrong.
        case pageWithoutSlash
        case data
        case events
        case trial(Int)
        case logEvents(Int)
        case log(Int, TrialLog)
    }

    /// - Parameter path: as it came, without the query.
    init?(path: some StringProtocol) {
        var segments: [String] = []
        for segment in path.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
            guard let text = EncodedText.decoded(segment) else { return nil }
            segments.append(text)
        }
        switch segments.count {
        case 1: self.init(first: segments[0])
        case 2 where segments[0] == "page": self.init(file: segments[1])
        case 2 where segments[0] == "sweep": self = .sweep(segments[1], .pageWithoutSlash)
        case 3... where segments[0] == "sweep":
            guard let part = Part(Array(segments.dropFirst(2))) else { return nil }
            self = .sweep(segments[1], part)
        default: return nil
        }
    }

    private init?(first segment: String) {
        switch segment {
        case "": self = .home
        case "sweeps": self = .list
        case "sweeps.json": self = .listData
        case "events": self = .listEvents
        default: return nil
        }
    }

    private init?(file: String) {
        switch file {
        case "report.css": self = .pageStyle
        case "report.js": self = .pageScript
        case "index.css": self = .listStyle
        case "index.js": self = .listScript
        default: return nil
        }
    }
}

extension Route.Part {
    fileprivate init?(_ segments: [String]) {
        switch segments.count {
        case 1:
            switch segments[0] {
            case "": self = .page
            case "data.json": self = .data
            case "events": self = .events
            default: return nil
            }
        case 2:
            guard let number = Self.number(segments[1]) else { return nil }
            switch segments[0] {
            case "trial": self = .trial(number)
            case "log": self = .logEvents(number)
            default: return nil
            }
        case 3:
            let log = TrialLog.allCases.first { "\($0.rawValue).txt" == segments[2] }
            guard segments[0] == "log", let number = Self.number(segments[1]), let log else { return nil }
            self = .log(number, log)
        default: return nil
        }
    }

    /// A number of digits alone.
    private static func number(_ text: String) -> Int? {
        (1...9).contains(text.utf8.count) && text.utf8.allSatisfy { (48...57).contains($0) } ? Int(text) : nil
    }
}
