import Files
import Foundation

/// The page's own files, as they are put together for a browser.
struct PageResources {
    let style: String
    let script: String
    /// The check sums of both, as a content security policy names them: `sha256-…`.
    let styleHash: String
    let scriptHash: String
    private let template: String

    /// - Throws: `PageResourceError` if the program was copied without them.
    init() throws(PageResourceError) {
        let place = ResourceFolder.find("page", ofModule: "SweepPage")
        guard let folder = place.path else { throw PageResourceError(places: place.places) }
        func read(_ name: String) throws(PageResourceError) -> String {
            guard let text = try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8) else {
                throw PageResourceError(places: ["\(folder)/\(name)"])
            }
            return text
        }
        template = try read("page.html")
        style = try read("report.css")
        var parts: [String] = []
        for name in try read("order.txt").split(whereSeparator: \.isWhitespace) { parts.append(try read(String(name))) }
        script = "\"use strict\";\n(() => {\n" + parts.joined(separator: "\n") + "})();\n"
        let hashes = try read("hashes.txt").split(whereSeparator: \.isWhitespace).map(String.init)
        guard hashes.count == 2 else { throw PageResourceError(places: ["\(folder)/hashes.txt"]) }
        (scriptHash, styleHash) = (hashes[0], hashes[1])
    }

    /// The template with each `{{place}}` filled in, in one pass: a text of a sweep may look like a place.
    func page(filling places: [String: String]) -> String {
        var pieces = template.split(separator: "{{", omittingEmptySubsequences: false).makeIterator()
        var result = String(pieces.next() ?? "")
        while let piece = pieces.next() {
            guard let end = piece.firstRange(of: "}}") else {
                result += "{{" + piece
                continue
            }
            result += places[String(piece[..<end.lowerBound])] ?? ""
            result += piece[end.upperBound...]
        }
        return result
    }
}

/// The program was copied without the files of the page.
public struct PageResourceError: Error, CustomStringConvertible {
    /// Where they were looked for.
    public var places: [String]

    public var description: String {
        "the files of the report page are not there; they were looked for in \(places.joined(separator: " and "))"
    }
}
