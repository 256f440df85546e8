import ConfigFile
import Testing

/// Reads a text as the file c.yaml.
func readConfig(_ text: String) throws(DiagnosticsError) -> ConfigNode {
    try ConfigDocument(parsing: SourceFile(path: "c.yaml", text: text)).root
}

/// Expects reading a text to fail with exactly these words.
func expect(_ report: String, of text: String, sourceLocation: Testing.SourceLocation = #_sourceLocation) {
    let error = #expect(throws: DiagnosticsError.self, sourceLocation: sourceLocation) { try readConfig(text) }
    #expect(error?.description == report, sourceLocation: sourceLocation)
}
