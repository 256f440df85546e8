import ConfigFile
import Datasets

/// The augmentations by the names they have in a config.
private enum AugmentationName: String, CaseIterable {
    case randomCrop = "random_crop"
    case randomResizedCrop = "random_resized_crop"
    case horizontalFlip = "horizontal_flip"
    case gaussianNoise = "gaussian_noise"
}

extension Augmentation {
    /// Reads a list whose elements are names, or mappings of a name and its options.
    ///
    /// - Parameter dataset: what is to be augmented.
    ///
    ///     augmentations: [{name: random_crop, padding: 4}, horizontal_flip]
    ///     → [.randomCrop(padding: 4), .horizontalFlip(probability: 0.5)]
    ///
    /// - Returns: nil if the key is not there, or does not hold a list. Every mistake is reported.
    static func list(_ section: ConfigSection, _ key: String, for dataset: DatasetName) -> [Augmentation]? {
        guard let node = section.node(key) else { return nil }
        guard case .sequence(let elements) = node.value else {
            section.problems.report(
                "'\(section.name(key))' must be a list, found \(node.kindDescription)", at: node.location,
                help: "for example [{name: random_crop, padding: 4}, horizontal_flip]")
            return nil
        }
        return elements.enumerated().compactMap { index, element in
            let path = "\(section.name(key))[\(index)]"
            var mapping = element
            if case .string = element.value {
                mapping = ConfigNode(
                    .mapping([ConfigEntry(key: "name", at: element.location, node: element)]), at: element.location)
            }
            let options = ConfigSection(mapping, path: path, problems: section.problems)
            guard case .mapping = mapping.value else { return nil }
            guard options.requiredNode("name", help: "known are \(names)") != nil,
                let name = options.choice("name", of: AugmentationName.self)
            else { return nil }
            let augmentation = Augmentation(name, options)
            options.reportUnknownKeys()
            if augmentation.needsImages && !dataset.hasImages {
                section.problems.report(
                    "'\(path)' needs images, and \(dataset.rawValue) has none", at: element.location,
                    help: "\(AugmentationName.gaussianNoise.rawValue) needs none")
            }
            return augmentation
        }
    }

    private static var names: String { AugmentationName.allCases.map(\.rawValue).joined(separator: ", ") }

    /// An augmentation with its options; the defaults of `random_resized_crop` are torchvision's.
    private init(_ name: AugmentationName, _ options: ConfigSection) {
        switch name {
        case .randomCrop:
            self = .randomCrop(padding: options.integer("padding", in: 1...1000) ?? 4)
        case .randomResizedCrop:
            self = .randomResizedCrop(
                scale: options.range("scale", upTo: 1) ?? 0.08...1,
                ratio: options.range("ratio", upTo: 1000) ?? 0.75...4 / 3)
        case .horizontalFlip:
            self = .horizontalFlip(probability: options.number("probability", .closed(0...1)) ?? 0.5)
        case .gaussianNoise:
            self = .gaussianNoise(std: options.number("deviation", .nonNegative) ?? 0.1)
        }
    }

    /// In the form that `list` reads, every option made explicit.
    var resolved: ConfigNode.Value {
        func entry(_ name: AugmentationName, _ options: (String, ConfigNode.Value)...) -> ConfigNode.Value {
            mapping([("name", .string(name.rawValue))] + options)
        }
        func pair(_ range: ClosedRange<Double>) -> ConfigNode.Value {
            .sequence([ConfigNode(.number(range.lowerBound)), ConfigNode(.number(range.upperBound))])
        }
        return switch self {
        case .randomCrop(let padding): entry(.randomCrop, ("padding", .integer(padding)))
        case .randomResizedCrop(let scale, let ratio):
            entry(.randomResizedCrop, ("scale", pair(scale)), ("ratio", pair(ratio)))
        case .horizontalFlip(let probability): entry(.horizontalFlip, ("probability", .number(probability)))
        case .gaussianNoise(let std): entry(.gaussianNoise, ("deviation", .number(std)))
        }
    }
}

extension ConfigSection {
    /// Two numbers, greater than 0, the second at least the first.
    ///
    /// Nil if the key is not there, or if its value was reported as a mistake.
    func range(_ key: String, upTo limit: Double) -> ClosedRange<Double>? {
        guard let node = node(key) else { return nil }
        if case .sequence(let elements) = node.value, elements.count == 2 {
            let numbers = elements.compactMap(\.finiteNumber)
            if numbers.count == 2, numbers[0] > 0, numbers[0] <= numbers[1], numbers[1] <= limit {
                return numbers[0]...numbers[1]
            }
        }
        problems.report(
            "'\(name(key))' must be two numbers, the smaller one first, greater than 0 and at most \(limit)",
            at: node.location, help: "for example [0.5, 1]")
        return nil
    }
}
