import Hummingbird

/// A request as the rules and routes see it: nothing of it is trusted, and nothing has been looked up yet.
struct Call: Sendable {
    let method: String
    /// The path with the query, as it came.
    let target: String
    let host: String?
    /// How many hosts the request names.
    let hosts: Int
    let origin: String?
    let fetchSite: String?
    let isNavigation: Bool
    let bearer: String?
    let cookies: [(name: Substring, value: Substring)]
    let hasBody: Bool
    /// Whether a browser asks for something to look at.
    let wantsPage: Bool
    let acceptsGzip: Bool
    let lastEventID: String?
    /// A mark of the bytes that the browser has kept of an earlier answer.
    let knownMark: String?
    let query: [String: String]

    init(_ head: HTTPRequest) {
        func header(_ name: String) -> String? {
            head.headerFields.first { $0.name.canonicalName == name }?.value
        }
        method = head.method.rawValue
        target = head.path ?? ""
        host = head.authority
        hosts = (head.authority == nil ? 0 : 1) + head.headerFields.count { $0.name.canonicalName == "host" }
        origin = header("origin")
        fetchSite = header("sec-fetch-site")
        isNavigation = header("sec-fetch-mode") == "navigate"
        bearer = header("authorization").flatMap { text in
            text.lowercased().hasPrefix("bearer ") ? String(text.dropFirst("bearer ".count)) : nil
        }
        cookies = head.headerFields.filter { $0.name.canonicalName == "cookie" }.flatMap { field in
            field.value.split(separator: ";").compactMap { pair in
                let parts = pair.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
                return parts.count == 2 ? (parts[0], parts[1]) : nil
            }
        }
        let length = header("content-length")
        hasBody = header("transfer-encoding") != nil || (length != nil && length != "0")
        wantsPage = (header("accept") ?? "").contains("text/html")
        acceptsGzip = (header("accept-encoding") ?? "").split(separator: ",").contains { part in
            let words = part.split(separator: ";").map { $0.filter { $0 != " " } }
            return words.first == "gzip" && !words.dropFirst().contains { ["q=0", "q=0.0"].contains($0) }
        }
        lastEventID = header("last-event-id")
        knownMark = header("if-none-match")
        query = Self.query(of: target)
    }

    /// The path without the query.
    var path: Substring { target.prefix { $0 != "?" && $0 != "#" } }

    /// Where the browser goes on once the token is a cookie.
    var addressWithoutToken: String {
        guard let mark = target.firstIndex(of: "?") else { return EncodedText.local(target) }
        let pairs = target[target.index(after: mark)...].split(separator: "&").filter {
            !$0.hasPrefix("token=") && $0 != "token"
        }
        return EncodedText.local(target[..<mark] + (pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&")))
    }

    private static func query(of target: String) -> [String: String] {
        guard let mark = target.firstIndex(of: "?") else { return [:] }
        var query: [String: String] = [:]
        for pair in target[target.index(after: mark)...].split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let key = EncodedText.decoded(parts[0]) else { continue }
            query[key] = parts.count == 2 ? EncodedText.decoded(parts[1]) ?? "" : ""
        }
        return query
    }
}

/// Names as they stand in an address: `50%25 of "a"` is `50%2525%20of%20%22a%22`.
enum EncodedText {
    /// Everything is encoded but what never means anything in an address.
    static func encoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF")
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), 48...57,
                UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "~"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            // A name of dots alone would be taken out of the path.
            case UInt8(ascii: ".") where text.utf8.contains { $0 != UInt8(ascii: ".") }:
                result += "."
            default:
                result += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            }
        }
        return result
    }

    /// The address of a page of this server: `//other/` would be one on another machine.
    static func local(_ address: some StringProtocol) -> String { "/" + address.drop { $0 == "/" || $0 == "\\" } }

    /// Nil if it is not encoded properly, or is no text.
    static func decoded(_ text: some StringProtocol) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8.makeIterator()
        func digit(_ byte: UInt8?) -> UInt8? {
            byte.flatMap { Character(Unicode.Scalar($0)).hexDigitValue }.flatMap { UInt8(exactly: $0) }
        }
        while let byte = rest.next() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = digit(rest.next()), let low = digit(rest.next()) else { return nil }
            bytes.append(high << 4 | low)
        }
        if bytes.contains(0) { return nil }
        return String(validating: bytes, as: UTF8.self)
    }
}
