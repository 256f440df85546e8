import ConfigFile
import SweepModel

/// What became of a file of another tool: the text of a sweep file, and what that text cannot say.
public struct Conversion: Sendable {
    public var tool: ForeignTool
    /// The sweep file, which passes `revsweep check`; what is not as in the other tool is said in comments.
    public var text: String
    /// What could not be kept, and what was filled in because the file does not say it. Each is also a comment of the
    /// text, at its place.
    public var notes: [ConversionNote]

    /// What has to be done before the sweep file can be run. If there is nothing, it runs as it is.
    public var gaps: [ConversionNote] { notes.filter(\.isGap) }
}

/// Something that a converted file does not say as the original did.
public struct ConversionNote: Sendable, Hashable, CustomStringConvertible {
    /// The file that was converted.
    public var path: String
    /// Where the original says it; nil if it concerns the file as a whole.
    public var location: SourceLocation?
    public var text: String
    /// Whether something is to be done before the sweep file can be run: to write the name of the program or of the
    /// metric, which the original does not say, or to change the program.
    public var isGap = false

    public var description: String {
        let place = location.map { "\($0.line):\($0.column): " } ?? ""
        return "\(path):\(place.isEmpty ? " " : place)note: \(text)"
    }
}

/// What a conversion needs to know besides the file itself.
public struct ConversionContext: Sendable {
    /// The training configuration in which the names of parameters are looked up, and its path from the folder of the
    /// sweep file.
    public var base: (document: ConfigDocument, path: String)?
    /// The command to write instead of the one that the file names.
    public var command: [String]?
    /// The number that the trainer reports, where the file does not name it, or to replace what it names.
    public var metric: String?
    /// Which way is better, where the file does not say it, or to replace what it says.
    public var goal: Metric.Goal?
    /// The folder in which the trainer starts, from the folder of the sweep file; nil for that folder.
    public var directory: String?
    /// The folder of the file that is converted, from the folder of the sweep file; nil for that folder. Some tools
    /// start their programs there, and not in the current folder.
    public var folder: String?
    /// The name of the sweep file without its extension, after which the sweep is called if nothing else names it.
    public var fileName: String?
    /// The configuration of an NNI experiment, by its path from the folder of the file; nil for `config.yml`.
    public var experiment: String?
    /// Whether there is a folder of this path from the folder of the sweep file. A sweep file whose trainer's folder is
    /// missing cannot be run, so one that is not there is noted instead.
    public var isFolder: @Sendable (String) -> Bool
    /// Reads another file that belongs to the one that is converted, by its path from that one's folder; nil if there
    /// is none.
    public var neighbour: @Sendable (String) -> SourceFile?
    /// Gives the value of an environment variable. Passed in so that tests need not change the process's own.
    public var variable: @Sendable (String) -> String?

    public init(
        base: (document: ConfigDocument, path: String)? = nil, command: [String]? = nil, metric: String? = nil,
        goal: Metric.Goal? = nil, directory: String? = nil, folder: String? = nil,
        fileName: String? = nil, experiment: String? = nil,
        isFolder: @escaping @Sendable (String) -> Bool = { _ in true },
        neighbour: @escaping @Sendable (String) -> SourceFile? = { _ in nil },
        variable: @escaping @Sendable (String) -> String? = CommandTemplate.environmentVariable
    ) {
        self.base = base
        self.command = command
        self.metric = metric
        self.goal = goal
        self.directory = directory
        self.folder = folder
        self.fileName = fileName
        self.experiment = experiment
        self.isFolder = isFolder
        self.neighbour = neighbour
        self.variable = variable
    }
}

/// Collects the notes of one conversion.
final class ConversionNotes {
    private let path: String
    private let list: List

    /// The notes of all files that belong together.
    private final class List {
        var notes: [ConversionNote] = []
    }

    init(path: String) {
        self.path = path
        list = List()
    }

    private init(path: String, list: List) {
        self.path = path
        self.list = list
    }

    /// Notes of another file that is converted with the first one, with its own lines.
    func beside(_ path: String) -> ConversionNotes { ConversionNotes(path: path, list: list) }

    var all: [ConversionNote] { list.notes }

    /// Adds a note.
    ///
    /// - Parameter isGap: whether the sweep file cannot be run as it is.
    /// - Returns: its text as a comment for the sweep file.
    func add(_ text: String, at location: SourceLocation?, isGap: Bool = false) -> String {
        let note = ConversionNote(path: path, location: location, text: text, isGap: isGap)
        if !list.notes.contains(note) { list.notes.append(note) }
        return "note: \(text)"
    }
}
