import ConfigFile

/// How `early_terminate` becomes a pruner.
extension WandBSweep {
    private enum Kind: String, CaseIterable {
        case hyperband
    }

    /// Reads `{type: hyperband, min_iter: 3, eta: 3}`, or `max_iter` with `s`.
    ///
    /// W&B compares runs at bands: min_iter · eta^k for k = 0, 1, …, or max_iter / eta^k for k = 1 … s. At a band a run
    /// goes on if it is among the best 1/eta of all that have come there, which is what `asha` does at its rungs.
    func readEarlyTermination(_ file: ConfigSection, _ outline: inout SweepOutline) {
        guard let node = file.node("early_terminate"), node.value != .null else { return }
        let section = ConfigSection(
            node, path: file.name("early_terminate"), problems: problems,
            help: "early_terminate: {type: hyperband, min_iter: 3}")
        guard section.isReadable else { return }
        var comments: [String] = []
        if section.requiredNode("type", help: "type: hyperband") != nil {
            guard section.choice("type", of: Kind.self) != nil else { return }
        }
        let eta = reduction(section, &comments)
        let known: Set = ["type", "min_iter", "max_iter", "s", "eta", "strict"]
        for entry in section.entries where !known.contains(entry.key) {
            comments.append(
                notes.add("W&B ignores 'early_terminate.\(entry.key)', and so does this file", at: entry.keyLocation))
        }
        let maxIter = integer("max_iter", of: section)
        var settings: [(key: String, text: String)] = [("name", "asha")]
        /// Below which all bands lie.
        var maxSteps = maxIter
        if let maxIter, section.contains("s") || !section.contains("min_iter") {
            guard section.requiredNode("s", help: "s: how many bands there are below max_iter") != nil,
                let count = integer("s", of: section), let eta
            else { return }
            // W&B divides again and again, and cuts the fraction off.
            var band = Double(maxIter)
            var bands = 0
            while bands < min(count, 64), band / eta.exact >= 1 {
                band /= eta.exact
                bands += 1
            }
            let first = Int(band)
            // Where max_iter is no power of eta times the first rung, one more rung would lie right below it.
            maxSteps = (0..<bands).reduce(first) { step, _ in
                let (next, isFar) = step.multipliedReportingOverflow(by: eta.whole)
                return isFar ? maxIter : min(next, maxIter)
            }
            settings.append(("min_steps", String(first)))
        } else {
            guard section.requiredNode("min_iter", help: "min_iter, or max_iter with s") != nil,
                let first = integer("min_iter", of: section)
            else { return }
            settings.append(("min_steps", String(first)))
        }
        guard let eta else { return }
        settings.append(("reduction", String(eta.whole)))
        if let maxSteps { settings.append(("max_steps", String(maxSteps))) }
        if section.node("strict")?.value == .boolean(false) {
            comments.append(
                notes.add(
                    "'strict: false' lets more runs go on; here only the best 1/\(eta.whole) do",
                    at: section.place(of: "strict")))
        }
        outline.sections.append(
            OutlineLine(
                "pruner", ValueText.mapping(settings), remark: "steps are what the program logs of the metric",
                comments: comments))
    }

    /// `eta`, which need not be whole for W&B.
    private func reduction(
        _ section: ConfigSection, _ comments: inout [String]
    ) -> (exact: Double, whole: Int)? {
        guard let node = section.node("eta"), node.value != .null else { return (3, 3) }
        guard let number = node.foreignNumber, number.value > 1, number.value <= 1000 else {
            problems.report(
                "'\(section.name("eta"))' must be a number above 1, found \(node.kindDescription)", at: node.location)
            return nil
        }
        let whole = max(2, Int(number.value.rounded()))
        if Double(whole) != number.value {
            comments.append(notes.add("'eta: \(number.text)' is not whole; here it is \(whole)", at: node.location))
        }
        return (number.value, whole)
    }

    private func integer(_ key: String, of section: ConfigSection) -> Int? {
        guard let node = section.node(key), node.value != .null else { return nil }
        if let number = node.foreignNumber?.whole, number >= 1 { return number }
        problems.report(
            "'\(section.name(key))' must be a whole number from 1 up, found \(node.kindDescription)", at: node.location)
        return nil
    }
}
