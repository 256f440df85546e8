import Foundation
import FoundationXML

/// What a test wants to know of an SVG: its elements with the group they stand in, and its texts.
final class SVGReader: NSObject, XMLParserDelegate {
    struct Element {
        var name: String
        var attributes: [String: String]
        /// The classes of the groups around it, such as "points".
        var group: String?
        var text = ""
    }

    private(set) var elements: [Element] = []
    private(set) var isValid = false
    private var groups: [String] = []
    private var open: [Int] = []

    init(_ svg: String) {
        super.init()
        let parser = XMLParser(data: Data(svg.utf8))
        parser.delegate = self
        isValid = parser.parse()
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String] = [:]
    ) {
        if name == "g" { groups.append(attributes["class"] ?? "") }
        open.append(elements.count)
        elements.append(Element(name: name, attributes: attributes, group: groups.last))
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) {
        if let index = open.last { elements[index].text += string }
    }

    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
        if name == "g" { groups.removeLast() }
        open.removeLast()
    }

    func paths(in group: String) -> [String] {
        elements.filter { $0.group == group && $0.name == "path" }.compactMap { $0.attributes["d"] }
    }

    /// How many points are drawn as circles.
    var circles: Int { paths(in: "points").reduce(0) { $0 + $1.components(separatedBy: "h0").count - 1 } }

    struct Bounds {
        var left = Double.infinity
        var top = Double.infinity
        var right = -Double.infinity
        var bottom = -Double.infinity

        mutating func add(_ x: Double, _ y: Double) {
            (left, right) = (min(left, x), max(right, x))
            (top, bottom) = (min(top, y), max(bottom, y))
        }

        func contains(_ other: Bounds, margin: Double) -> Bool {
            other.left >= left - margin && other.right <= right + margin && other.top >= top - margin
                && other.bottom <= bottom + margin
        }
    }

    /// All places that path data goes to; nil where it holds anything but commands and finite numbers.
    static func bounds(of paths: [String]) -> Bounds? {
        var bounds = Bounds()
        for path in paths {
            var (x, y) = (0.0, 0.0)
            var numbers: [Double] = []
            var command: Character = "M"
            var token = ""
            func endToken() -> Bool {
                guard !token.isEmpty else { return true }
                guard let number = Double(token), number.isFinite else { return false }
                numbers.append(number)
                token = ""
                return true
            }
            func apply() -> Bool {
                while true {
                    switch command {
                    case "M", "L":
                        guard numbers.count >= 2 else { return numbers.isEmpty }
                        (x, y) = (numbers[0], numbers[1])
                        numbers.removeFirst(2)
                    case "m", "l":
                        guard numbers.count >= 2 else { return numbers.isEmpty }
                        (x, y) = (x + numbers[0], y + numbers[1])
                        numbers.removeFirst(2)
                    case "a":
                        // Of an arc only its end.
                        guard numbers.count >= 7 else { return numbers.isEmpty }
                        (x, y) = (x + numbers[5], y + numbers[6])
                        numbers.removeFirst(7)
                    case "H", "h":
                        guard let number = numbers.first else { return true }
                        x = command == "H" ? number : x + number
                        numbers.removeFirst()
                    case "V", "v":
                        guard let number = numbers.first else { return true }
                        y = command == "V" ? number : y + number
                        numbers.removeFirst()
                    default: return numbers.isEmpty
                    }
                    bounds.add(x, y)
                }
            }
            for character in path {
                if character.isLetter {
                    guard endToken(), apply() else { return nil }
                    command = character
                } else if character == "-" {
                    guard endToken() else { return nil }
                    token = "-"
                } else if character == " " {
                    guard endToken() else { return nil }
                } else {
                    token.append(character)
                }
            }
            guard endToken(), apply() else { return nil }
        }
        return bounds
    }
}
