import Foundation

/// The fields of every row of one of the tables beside the sources, without its header.
func resourceRows(_ name: String) -> [[String]] {
    guard
        let path = Bundle.module.url(forResource: name, withExtension: "csv"),
        let text = try? String(contentsOf: path, encoding: .utf8)
    else { preconditionFailure("\(name).csv is missing") }
    return text.split(whereSeparator: \.isNewline).dropFirst().map { line in
        line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
}
