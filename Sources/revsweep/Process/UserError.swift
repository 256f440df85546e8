import Foundation

/// A mistake on the command line, or something that the user can put right; `help` says how.
///
///     UserError(message: "there is no sweep 'digit' in results", help: "did you mean 'digits'?").description
///     // there is no sweep 'digit' in results
///     //   = help: did you mean 'digits'?
struct UserError: Error, CustomStringConvertible {
    /// What is wrong, in lower case and without a full stop.
    var message: String
    /// What to do about it; nil where the message says it.
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
