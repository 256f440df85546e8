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
                if let found = options.integer("size"), found != size {
                    section.problems.report(
                        "'\(options.name("size"))' must be \(size), found \(found)", at: options.place(of: "size"),
                        help: "that is the size of the images, which the network takes")
                }
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
