import Yams

/// The nodes that Yams makes of a text, with two things kept from Yams that it would answer badly.
///
/// Aliases: Yams puts the node in their place, and a few lines of aliases of aliases are then a tree that no memory,
/// no stack and no hash of a key can bear. So a stand-in takes the place of every `*` of the text, an alias arrives as
/// a plain scalar that begins with it, and `Conversion` follows it with an eye on the size.
///
/// Keys that are given twice: Yams stops at the first and knows only where it stands first. So such a key gets a
/// stand-in for its first character, and the text is composed once more, until all keys differ.
struct Composition {
    /// Nil for a text without content.
    let root: Node?
    /// The keys that are given again further on, by their place.
    let repeatedKeys: [SourceLocation: String]
    /// Nodes hold the names of their anchors weakly; the parser holds them for good.
    private let parser: Parser
    private let asterisk: Unicode.Scalar?

    /// Nil if the text is no YAML; that has then been reported.
    init?(_ source: SourceFile, problems: DiagnosticCollector) {
        // Unicode keeps these for the inner use of programs: no text should hold one.
        var standIns = (0xFDD0...0xFDEF).compactMap(Unicode.Scalar.init)
        let unusual = Set(source.text.unicodeScalars.lazy.filter { $0.value >= 0xFDD0 })
        standIns.removeAll(where: unusual.contains)
        var scalars = source.text.unicodeScalars
        let hasAsterisks = scalars.contains("*")
        guard !hasAsterisks || !standIns.isEmpty else {
            problems.report("the file holds characters that Unicode does not assign", at: nil)
            return nil
        }
        asterisk = hasAsterisks ? standIns.removeLast() : nil
        // Every repeated key costs a reading of the whole text, so a large text has fewer of them found.
        standIns.removeFirst(max(0, standIns.count - 1_000_000 / max(1, source.text.utf8.count)))
        if let asterisk { scalars = String.UnicodeScalarView(scalars.map { $0 == "*" ? asterisk : $0 }) }
        var repeatedKeys: [SourceLocation: String] = [:]
        while true {
            do {
                // The environment can set another encoding, and the default resolver tries seven expressions on each key.
                let parser = try Parser(yaml: String(scalars), resolver: .basic, encoding: .utf8)
                root = try parser.singleRoot()
                self.parser = parser
                self.repeatedKeys = repeatedKeys
                return
            } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
                let first = SourceLocation(line: context.mark.line, column: context.mark.column)
                let index = Self.firstCharacter(ofKeyAt: first, in: scalars)
                repeatedKeys[first] = Self.restored(keys.first ?? "", asterisk)
                guard let index, let standIn = standIns.popLast() else {
                    Self.report(repeatedKeys, problems)
                    return nil
                }
                scalars.replaceSubrange(index...index, with: CollectionOfOne(standIn))
            } catch let error as YamlError where repeatedKeys.isEmpty {
                problems.report(error)
                return nil
            } catch {
                // After a key was renamed: what was taken for its first character was not.
                if repeatedKeys.isEmpty { problems.report("\(error)", at: nil) }
                Self.report(repeatedKeys, problems)
                return nil
            }
        }
    }

    /// Reports repeated keys where they stand first: where they stand again could not be found.
    private static func report(_ keys: [SourceLocation: String], _ problems: DiagnosticCollector) {
        for (place, key) in keys {
            problems.report("the key '\(key)' is given twice", at: place, help: "it is given again further on")
        }
    }

    private static func firstCharacter(
        ofKeyAt place: SourceLocation, in scalars: String.UnicodeScalarView
    ) -> String.Index? {
        let lines = scalars.lines
        guard lines.indices.contains(place.line - 1) else { return nil }
        let key = lines[place.line - 1].dropFirst(place.column - 1)
        let rest = key.first == "\"" || key.first == "'" ? key.dropFirst() : key
        // A key that is no more than quotes has no first character.
        guard let first = rest.first, first != key.first || key.startIndex == rest.startIndex else { return nil }
        return rest.startIndex
    }

    /// A scalar's text as it stands in the file.
    func text(of scalar: Node.Scalar) -> String {
        Self.restored(scalar.string, asterisk)
    }

    private static func restored(_ text: String, _ asterisk: Unicode.Scalar?) -> String {
        guard let asterisk, text.unicodeScalars.contains(asterisk) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == asterisk ? "*" : $0 }))
    }

    /// The name that a scalar refers to, if it is an alias.
    func alias(_ scalar: Node.Scalar) -> String? {
        guard scalar.style == .plain, let asterisk, scalar.string.unicodeScalars.first == asterisk else { return nil }
        return String(text(of: scalar).unicodeScalars.dropFirst())
    }

    /// The composed nodes as configuration nodes; nil if a mistake left none, which has then been reported.
    func converted(problems: DiagnosticCollector) -> ConfigNode? {
        guard let root else { return nil }
        return withExtendedLifetime(parser) {
            var conversion = Conversion(composition: self, problems: problems)
            return conversion.convert(root)
        }
    }
}
