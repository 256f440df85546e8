import Files
import SweepFile

/// Why a sweep cannot be run with a file.
///
/// Each case names all that its message needs; the message says what differs and which commands go on from here:
///
///     the sweep 'digits' in /results/digits was started from another file; what differs:
///         …
///       = help: to go on with the trials so far as its history: revsweep run digits.yaml --accept-changes
public enum OpenSweepError: Error, Sendable, Hashable {
    /// What a person types to name the sweep and its file.
    public struct Place: Sendable, Hashable {
        /// The sweep's name.
        public var name: String
        /// The sweep's folder.
        public var directory: String
        /// The file as it was given.
        public var file: String
        /// The results folder as it was given; nil for the usual one.
        public var results: String?

        fileprivate var option: String { results.map { " --results \(shell: $0)" } ?? "" }
    }

    /// The file says something else than the sweep was started with; that can be accepted.
    case changed(Place, [FileChange])
    /// The trials so far do not fit what the file says now.
    case contradicted(Place, [FileChange], objections: [String])
    /// New parameters do not say what counts for the trials so far.
    case needsDefault(Place, [FileChange], parameters: [String])
    /// The sweep belongs to a file in another folder; both paths are absolute.
    case otherFolder(Place, startedFrom: String, given: String)
    /// A sweep that was to be made is there already.
    case exists(Place)
    /// No trial of the sweep in this folder fits the new one, for these reasons.
    case nothingToImport(Place, from: String, reasons: [String])
}

extension OpenSweepError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .changed(let place, let changes):
            """
            the sweep '\(place.name)' in \(place.directory) was started from another file; what differs:
            \(Self.list(changes))
              = help: to go on with the trials so far as its history: \
            revsweep run \(shell: place.file)\(place.option) --accept-changes
                      to go on as it was started: revsweep resume \(shell: place.name)\(place.option)
                      for a sweep of its own, give the file another name: name: \(place.name)-2
            """
        case .contradicted(let place, let changes, let objections):
            """
            the sweep '\(place.name)' in \(place.directory) cannot go on with this file; what differs:
            \(Self.list(changes))
              its trials so far do not fit:
                \(objections.joined(separator: "\n    "))
              = help: for a new sweep that begins with the trials that fit, give the file another name
                      (name: \(place.name)-2), then: \
            revsweep fork \(shell: place.name) \(shell: place.file)\(place.option)
                      to go on as it was started: revsweep resume \(shell: place.name)\(place.option)
            """
        case .needsDefault(let place, let changes, let parameters):
            """
            the sweep '\(place.name)' in \(place.directory) was started from another file; what differs:
            \(Self.list(changes))
              = help: the trials so far ran without \(parameters.map { "'\($0)'" }.joined(separator: ", ")): say which \
            value counts for them, with default: VALUE beside its type:,
                      then go on with them as its history: \
            revsweep run \(shell: place.file)\(place.option) --accept-changes
                      to go on as it was started: revsweep resume \(shell: place.name)\(place.option)
                      for a sweep of its own, give the file another name: name: \(place.name)-2
            """
        case .otherFolder(let place, let former, let given):
            """
            the sweep '\(place.name)' in \(place.directory) belongs to a file in another folder:
                it was started from \(former)
                this file is        \(given)
              = help: two experiments cannot share a sweep: give this one a name of its own (name: \(place.name)-2),
                      or results of its own: revsweep run \(shell: place.file) --results DIR
                      if it is the same experiment in a new place, move the file there, do not copy it
            """
        case .exists(let place):
            """
            there is a sweep '\(place.name)' already, in \(place.directory)
              = help: give the new one another name (name: \(place.name)-2 in \(place.file)), \
            or go on with the one that is there: revsweep run \(shell: place.file)\(place.option)
            """
        case .nothingToImport(let place, let source, let reasons):
            """
            no trial of the sweep in \(source) fits the new sweep '\(place.name)'
            \(reasons.prefix(3).map { "    \($0)\n" }.joined() + (reasons.count > 3 ? "    …\n" : ""))\
              = help: revsweep run \(shell: place.file)\(place.option) starts it without
            """
        }
    }

    /// One change on each line, indented.
    private static func list(_ changes: [FileChange]) -> String {
        changes.map { "    \($0)" }.joined(separator: "\n")
    }
}
