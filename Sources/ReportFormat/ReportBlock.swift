/// The block of a page that holds its data: JSON which the browser hands to the page's script and never runs.
///
///     page += ReportBlock.html(json)
///     ReportBlock.json(in: bytes)         // what stands between the tags of a file that was read
public enum ReportBlock {
    private static let opening = "<script type=\"application/json\" id=\"data\""
    private static let closing = "</script>"

    /// The block with its data. JSON needs no `<` but in texts, where an escape means the same, so that nothing in it
    /// can end the block. Characters that a reader would not see are escapes already.
    public static func html(_ json: String) -> String {
        opening + ">" + json.replacing("<", with: "\\u003c") + closing
    }

    /// What a file holds that may be a page.
    public enum Content: Hashable, Sendable {
        /// A page with its data.
        case json(ArraySlice<UInt8>)
        /// The block begins, and the file ends in it.
        case cutOff
        /// A page that fetches its data from a server: saved from there, it holds none.
        case elsewhere
        /// A page of another kind.
        case none
    }

    /// Finds the data in a page, as bytes: a text that only looks like the block stands in a page with `&lt;`.
    public static func content(of page: [UInt8]) -> Content {
        guard let start = page.firstRange(of: Array(opening.utf8)) else { return .none }
        guard start.upperBound < page.count else { return .cutOff }
        guard page[start.upperBound] == UInt8(ascii: ">") else { return .elsewhere }
        let rest = page[(start.upperBound + 1)...]
        guard let end = rest.firstRange(of: Array(closing.utf8)) else { return .cutOff }
        return .json(rest[..<end.lowerBound])
    }

    /// Whether a file that begins with these bytes is a page at all.
    public static func isPage(_ beginning: some Sequence<UInt8>) -> Bool {
        let start = String(decoding: Array(beginning.prefix(64)), as: UTF8.self)
        let text = start.drop(while: { $0.isWhitespace || $0 == "\u{FEFF}" }).lowercased()
        return text.hasPrefix("<!doctype html") || text.hasPrefix("<html")
    }
}
