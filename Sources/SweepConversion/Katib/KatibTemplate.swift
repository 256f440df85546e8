import ConfigFile

/// The `trialTemplate` of a Katib Experiment, of which the command of the container that is measured is kept.
struct KatibTemplate {
    /// The parameters of the experiment.
    let names: [String]
    let problems: DiagnosticCollector
    let notes: ConversionNotes
    let context: ConversionContext

    func command(_ file: ConfigSection) -> OutlineLine {
        if let command = context.command { return OutlineLine("command", CommandText.list(command)) }
        let template = file.node("trialTemplate")
        var comments: [String] = []
        let containers = template?["trialSpec"].map(containers) ?? []
        let primary = template?["primaryContainerName"]?.foreignText
        let container = containers.first { $0["name"]?.foreignText == primary && primary != nil } ?? containers.first
        var words: [String] = []
        for key in ["command", "args"] {
            guard case .sequence(let items)? = container?[key]?.value else { continue }
            let references = references(template)
            for item in items {
                guard let text = item.foreignText else {
                    problems.report("an argument must be text, found \(item.kindDescription)", at: item.location)
                    continue
                }
                let isForShell = CommandText.isForShell(after: words)
                words.append(argument(text, references, isForShell: isForShell, at: item.location, &comments))
            }
        }
        if let image = container?["image"]?.foreignText {
            comments.append(
                notes.add(
                    "the program runs in the image '\(image)' there, and on this machine here",
                    at: container?["image"]?.location))
        }
        if container?["command"] == nil {
            let place = template?.location ?? file.location
            comments.append(
                notes.add(
                    "the file does not say how the program is started; write yours in the place of train.py", at: place)
            )
            words = ["python", "train.py"] + (words.isEmpty ? ["{args}"] : words)
        }
        return OutlineLine("command", CommandText.list(words), comments: comments)
    }

    /// The containers of the first part that has some, whatever the kind of the job.
    private func containers(_ node: ConfigNode) -> [ConfigNode] {
        if case .sequence(let items)? = node["containers"]?.value { return items }
        for entry in node.entries {
            let found = containers(entry.node)
            if !found.isEmpty { return found }
        }
        return []
    }

    /// The parameters by the names that the template has for them.
    private func references(_ template: ConfigNode?) -> [String: String] {
        guard case .sequence(let items)? = template?["trialParameters"]?.value else { return [:] }
        return Dictionary(
            items.compactMap { item in
                guard let name = item["name"]?.foreignText, let reference = item["reference"]?.foreignText else {
                    return nil
                }
                return (name, reference)
            }, uniquingKeysWith: { $1 })
    }

    /// Replaces `${trialParameters.NAME}`.
    private func argument(
        _ text: String, _ references: [String: String], isForShell: Bool, at place: SourceLocation?,
        _ comments: inout [String]
    ) -> String {
        let start = "${trialParameters."
        var result = ""
        var rest = text[...]
        while let found = rest.firstRange(of: start), let end = rest[found.upperBound...].firstIndex(of: "}") {
            result += CommandText.literal(String(rest[..<found.lowerBound]), isForShell: isForShell)
            let name = String(rest[found.upperBound..<end])
            let reference = references[name] ?? name
            if names.contains(reference) {
                result += "{param:\(reference)}"
            } else if reference.hasPrefix("${trialSpec.") {
                result += "{number}"
                comments.append(notes.add("'\(reference)' is the number of the trial here", at: place))
            } else if !names.isEmpty {
                problems.report(
                    "'\(start)\(name)}' names no parameter of the experiment", at: place,
                    help: nearestName(to: reference, among: names + references.keys.sorted()).map {
                        "did you mean '\($0)'?"
                    })
            }
            rest = rest[rest.index(after: end)...]
        }
        return result + CommandText.literal(String(rest), isForShell: isForShell)
    }
}
