import ConfigFile
import Files
import SweepExchange
import SweepFile
import SweepModel

/// A file of another tool, recognised by what is in it, whatever its name.
///
///     if let file = try ForeignFile.recognize(path: "sweep.yaml") {
///         let conversion = try file.converted()
///         print(conversion.text)                     // a sweep file
///     }
public struct ForeignFile: Sendable {
    public let tool: ForeignTool
    private let document: ConfigDocument
    /// The part of the file that describes the search.
    let root: ConfigNode
    /// The keys above it, with which the file begins: `["sweep"]` where everything stands below that key.
    let path: [String]
    /// The study, for a file of Optuna; such a file is no YAML, and `document` is then empty.
    private var study: OptunaStudy?
    /// Where further YAML documents of the file begin, which are not converted.
    private var others: [SourceLocation] = []

    private init(_ tool: ForeignTool, _ document: ConfigDocument, _ root: ConfigNode, _ path: [String] = []) {
        self.tool = tool
        self.document = document
        self.root = root
        self.path = path
    }

    /// Nil for a file that none of the tools would read, a sweep file of revsweep among them.
    ///
    /// - Parameter study: the name of the study, for a file of Optuna that holds several.
    /// - Throws: `DiagnosticsError` if the file cannot be read, is not YAML, or has several parts that could be meant;
    ///   `ExchangeError` for a damaged file of Optuna.
    public static func recognize(path: String, study name: String? = nil) throws -> ForeignFile? {
        guard isOptuna(path) else { return try recognize(SourceFile(readingFrom: path)) }
        let empty = try ConfigDocument(parsing: SourceFile(path: path, text: ""))
        var file = ForeignFile(.optuna, empty, empty.root)
        file.study = try OptunaFile.study(in: path, named: name)
        return file
    }

    /// What cannot be opened is left to the reader of YAML, which says why.
    private static func isOptuna(_ path: String) -> Bool { (try? OptunaFile.kind(of: path)) != nil }

    /// The same for a text that has been read; it cannot be one of Optuna.
    ///
    /// - Throws: `DiagnosticsError` if the text is not YAML, or has several parts that could be meant.
    public static func recognize(_ source: SourceFile) throws(DiagnosticsError) -> ForeignFile? {
        var found: [ForeignFile] = []
        var others: [SourceLocation] = []
        for part in source.documents {
            let document = try ConfigDocument(parsing: part, dialect: .imported)
            if let file = recognize(document) {
                found.append(file)
            } else if let place = document.root.location {
                others.append(place)
            }
        }
        if found.count > 1, let place = found[1].root.location {
            let problems = DiagnosticCollector(source: source)
            problems.report(
                "the file holds two sweeps, of which this is the second", at: place,
                help: "convert each from a file of its own")
            try problems.throwIfAny()
        }
        var file = found.first
        file?.others = others
        return file
    }

    private static func recognize(_ document: ConfigDocument) -> ForeignFile? {
        let root = document.root
        if KatibExperiment.isExperiment(root) { return ForeignFile(.katib, document, root) }
        if let (node, path) = HydraSweep.search(root) { return ForeignFile(.hydra, document, node, path) }
        if NNIExperiment.isExperiment(root) { return ForeignFile(.nniExperiment, document, root) }
        if NNISpace.isSpace(root) { return ForeignFile(.nniSpace, document, root) }
        if let (node, path) = WandBSweep.search(root) { return ForeignFile(.wandb, document, node, path) }
        return TuneFile.isTuneFile(root) ? ForeignFile(.research, document, root) : nil
    }

    // MARK: Converting

    /// The file as a sweep file.
    ///
    /// - Throws: `DiagnosticsError` with everything that has no counterpart in a sweep file, or no meaning.
    public func converted(_ context: ConversionContext = ConversionContext()) throws(DiagnosticsError) -> Conversion {
        let problems = DiagnosticCollector(source: document.source)
        let notes = ConversionNotes(path: document.source.path)
        var outline = try outline(problems, notes, context)
        outline.completeGrid(notes)
        outline.header.insert(
            "\(document.source.path), \(tool.fileDescription), converted by `revsweep convert`.", at: 0)
        for (key, location) in document.repeatedKeys {
            outline.header.append(
                notes.add("'\(key)' is given twice in one mapping; the last one counts", at: location))
        }
        outline.header += ForeignTags(problems: problems, notes: notes).check(document.root) { keys in
            tool.reads(keys, part: path)
        }
        for place in others {
            outline.header.append(notes.add("another document of the file is not converted", at: place))
        }
        if let base = context.base, outline.usesBase {
            outline.trainer.append(OutlineLine("config", ValueText.string(base.path)))
        }
        if outline.directory == nil, let directory = context.directory {
            outline.directory = CommandText.literal(directory)
        }
        // Not every file's name can be that of a sweep, which is a folder.
        if outline.name == nil, let stem = context.fileName, SweepName.legal(stem) != stem {
            outline.name = OutlineLine("name", ValueText.string(SweepName.legal(stem) ?? "sweep"))
        }
        try problems.throwIfAny()
        try check(outline.text, context)
        return Conversion(tool: tool, text: outline.text, notes: notes.all)
    }

    private func outline(
        _ problems: DiagnosticCollector, _ notes: ConversionNotes, _ context: ConversionContext
    ) throws(DiagnosticsError) -> SweepOutline {
        switch tool {
        case .wandb:
            return WandBSweep(problems: problems, notes: notes, context: context).outline(root, below: path)
        case .hydra:
            return HydraSweep(problems: problems, notes: notes, context: context)
                .outline(root, below: path, of: document.root)
        case .katib: return KatibExperiment(problems: problems, notes: notes, context: context).outline(root)
        case .research: return TuneFile(problems: problems, notes: notes, context: context).outline(root)
        case .optuna:
            guard let study else { return SweepOutline() }
            return StudySpace(path: document.source.path, problems: problems, notes: notes, context: context)
                .outline(study)
        case .nniSpace, .nniExperiment: return try nniOutline(problems, notes, context)
        }
    }

    /// An experiment of NNI and its search space are two files, of which either may be given.
    private func nniOutline(
        _ problems: DiagnosticCollector, _ notes: ConversionNotes, _ context: ConversionContext
    ) throws(DiagnosticsError) -> SweepOutline {
        func read(_ source: SourceFile?, _ isPart: (ConfigNode) -> Bool) throws(DiagnosticsError) -> ConfigDocument? {
            guard let source else { return nil }
            let document = try ConfigDocument(parsing: source, dialect: .imported)
            return isPart(document.root) ? document : nil
        }
        if tool == .nniSpace {
            var experiment: ConfigDocument?
            for name in context.experiment.map({ [$0] }) ?? ["config.yml", "config.yaml"] where experiment == nil {
                experiment = try read(context.neighbour(name), NNIExperiment.isExperiment)
            }
            if let name = context.experiment, experiment == nil {
                problems.report("'\(name)' is not the configuration of an NNI experiment", at: nil)
            }
            // Mistakes of the other file are said with its own lines.
            let own = experiment.map { DiagnosticCollector(source: $0.source) } ?? problems
            var space = NNISpace(problems: problems, notes: notes)
            space.read(root)
            let beside = experiment.map { notes.beside($0.source.path) } ?? notes
            let outline = NNIExperiment(problems: own, notes: beside, context: context)
                .outline(parameters: space.lines, experiment: experiment?.root)
            try own.throwIfAny()
            return outline
        }
        var space = NNISpace(problems: problems, notes: notes)
        let root = NNIKeys.canonical(root)
        if let inline = root["searchSpace"], inline.value != .null {
            space.read(inline)
        } else if let node = root["searchSpaceFile"] ?? root["searchSpacePath"], let name = node.foreignText {
            if let file = try read(context.neighbour(name), { _ in true }) {
                let own = DiagnosticCollector(source: file.source)
                space = NNISpace(problems: own, notes: notes.beside(file.source.path))
                _ = ForeignTags(problems: own, notes: notes).check(file.root) { _ in true }
                space.read(file.root)
                try own.throwIfAny()
            } else {
                problems.report(
                    "there is no search space '\(name)' in the folder of the file", at: node.location,
                    help:
                        "convert the space: revsweep convert SPACE.json --experiment \(shell: document.source.path)"
                )
            }
        } else {
            NNIExperiment.reportMissingSpace(root, problems)
        }
        return NNIExperiment(problems: problems, notes: notes, context: context)
            .outline(parameters: space.lines, experiment: root)
    }

    /// Reads the sweep file that was made, so that a mistake which the converter did not see is none of the user's
    /// sweep.
    private func check(_ text: String, _ context: ConversionContext) throws(DiagnosticsError) {
        do {
            _ = try SweepFile(
                source: SourceFile(path: "sweep.yaml", text: text), base: context.base?.document.source, directory: "/")
        } catch {
            throw DiagnosticsError(
                error.diagnostics.map { diagnostic in
                    Diagnostic(
                        path: document.source.path, message: "it gives no valid sweep file: \(diagnostic.message)",
                        help: diagnostic.help)
                })
        }
    }
}
