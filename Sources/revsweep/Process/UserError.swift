import Foundation

/// A mistake on the command line, or something that the user can put right; `help` says how.
struct UserError: Error, CustomStringConvertible {
    var message: String
    var help: String?

    var description: String { message + (help.map { "\n  = help: \($0)" } ?? "") }
}

extension CocoaError {
    /// The file and the cause, of which Foundation's own description leaves out one or both.
    var words: String {
        let cause = (underlying as? POSIXError).map { String(cString: strerror($0.code.rawValue)) }
        let path = filePath ?? url?.path
        return [path, cause ?? localizedDescription].compactMap(\.self).joined(separator: ": ")
    }
}
