/// Bytes as text of a JSON document: 13 bits are two characters, so that the text is 1.23 times as long as the bytes.
///
///     Base91.text(of: [0, 1, 2])              // "!%1!"
///     Base91.bytes(of: "!%1!")                // [0, 1, 2]
///
/// Base 64 takes 1.33 times. The characters are those of ASCII from `!` to `~` without `"`, `<` and `\`, so that
/// nothing has to be escaped in JSON inside of HTML.
enum Base91 {
    private static let characters: [UInt8] = (UInt8(ascii: "!")...UInt8(ascii: "~")).filter {
        ![UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: "\\")].contains($0)
    }

    /// The number of each character; 255 for what is none.
    private static let numbers: [UInt8] = {
        var numbers = [UInt8](repeating: 255, count: 256)
        for (number, character) in characters.enumerated() { numbers[Int(character)] = UInt8(number) }
        return numbers
    }()

    private static let base = 91
    private static let bitsOfTwo = 13
    /// A single character holds these.
    private static let bitsOfOne = 6

    /// The lowest bits of the first byte come first. The last bits are a single character where that holds them.
    static func text(of bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count * 16 / bitsOfTwo + 2)
        var (bits, count) = (0, 0)
        func add(_ number: Int) {
            text.append(characters[number % base])
            text.append(characters[number / base])
        }
        for byte in bytes {
            bits |= Int(byte) << count
            count += 8
            if count >= bitsOfTwo {
                add(bits & (1 << bitsOfTwo - 1))
                bits >>= bitsOfTwo
                count -= bitsOfTwo
            }
        }
        if count > bitsOfOne { add(bits) } else if count > 0 { text.append(characters[bits]) }
        return String(decoding: text, as: UTF8.self)
    }

    /// Nil if the text has other characters, or two of them that stand for no number.
    static func bytes(of text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count * bitsOfTwo / 16 + 1)
        var (bits, count) = (0, 0)
        func take() {
            while count >= 8 {
                bytes.append(UInt8(truncatingIfNeeded: bits))
                bits >>= 8
                count -= 8
            }
        }
        var characters = text.utf8.makeIterator()
        while let first = characters.next() {
            let low = Int(numbers[Int(first)])
            guard low < base else { return nil }
            guard let second = characters.next() else {
                guard low < 1 << bitsOfOne else { return nil }
                bits |= low << count
                count += bitsOfOne
                take()
                break
            }
            let number = low + base * Int(numbers[Int(second)])
            guard number < 1 << bitsOfTwo else { return nil }
            bits |= number << count
            count += bitsOfTwo
            take()
        }
        return bytes
    }
}
