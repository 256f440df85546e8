import ConfigFile
import Datasets

extension Augmentation {
    /// The names that the research code knows, compared without regard to case.
    private enum LegacyName: String, CaseIterable { case randomresizecrop, randomhorizontalflip, noise }

    /// A list of `{name: …, args: {…}}`, with the arguments of torchvision's classes.
    ///
    /// - Parameter size: the height and width of an image, which a crop must keep.
    ///
    ///     augmentations: [{name: RandomHorizontalFlip, args: {p: 0.3}}]
    ///     → [.horizontalFlip(probability: 0.3)]
    ///
    /// - Returns: an empty list if the key is not there, or does not hold a list.
    static func legacyList(_ section: ConfigSection, _ key: String, size: Int) -> [Augmentation] {
        guard let node = section.node(key) else { return [] }
        guard case .sequence(let elements) = node.value else {
            section.problems.report(
                "'\(section.name(key))' must be false or a list, found \(node.kindDescription)", at: node.location,
                help: "for example [{name: randomhorizontalflip, args: {p: 0.5}}]")
            return []
        }
        return elements.enumerated().compactMap { index, element in
            let entry = ConfigSection(element, path: "\(section.name(key))[\(index)]", problems: section.problems)
            defer { entry.reportUnknownKeys() }
            guard entry.isReadable, entry.requiredNode("name") != nil, let text = entry.string("name") else {
                return nil
            }
            let options = entry.section("args")
            switch LegacyName(rawValue: text.lowercased()) {
            case nil:
                options.acceptOtherKeys()
                entry.reportUnknownName(
                    text, of: entry.name("name"), among: LegacyName.allCases.map(\.rawValue),
                    at: entry.place(of: "name"))
                return nil
            case .randomresizecrop:
                options.requireLegacySize("size", size)
                return .randomResizedCrop(
                    scale: options.range("scale", upTo: 1) ?? 0.08...1,
                    ratio: options.range("ratio", upTo: 1000) ?? 0.75...4 / 3)
            case .randomhorizontalflip:
                return .horizontalFlip(probability: options.number("p", .closed(0...1)) ?? 0.5)
            case .noise:
                if let mean = options.number("mean"), mean != 0 {
                    section.problems.report(
                        "'\(options.name("mean"))' must be 0, found \(mean)", at: options.place(of: "mean"))
                }
                return .gaussianNoise(std: options.number("std", .nonNegative) ?? 1)
            }
        }
    }
}

extension ConfigSection {
    /// The size of a crop as torchvision has it: one number, or `[height, width]`; both must be the image's own.
    fileprivate func requireLegacySize(_ key: String, _ size: Int) {
        guard let node = node(key) else { return }
        let sides: [ConfigNode.Value] =
            if case .sequence(let items) = node.value { items.map(\.value) } else { [node.value] }
        guard !(1...2).contains(sides.count) || sides.contains(where: { $0 != .integer(size) }) else { return }
        problems.report(
            "'\(name(key))' must be \(size) or [\(size), \(size)], found \(node.settingText)", at: node.location,
            help: "that is the size of the images, which the network takes")
    }
}
