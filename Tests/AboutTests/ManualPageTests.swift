import About
import Foundation
import Testing

@Suite struct ManualPageTests {
    /// What an argument parser says of a program with one command.
    private static let description = #"""
        {"command": {
            "commandName": "tune", "shouldDisplay": true, "abstract": "Tunes instruments.",
            "discussion": "tune play a.wav     play a file\n\nA text of\ntwo lines.\n\nExit codes: 0 done, 3 sharp, \#
                128 + n stopped by signal n (130 for Ctrl-C, 143 for SIGTERM).",
            "arguments": [
                {"kind": "flag", "shouldDisplay": true, "isOptional": true, "isRepeating": false,
                 "names": [{"kind": "short", "name": "h"}, {"kind": "long", "name": "help"}], "valueName": "help",
                 "abstract": "Show help information."},
                {"kind": "flag", "shouldDisplay": false, "isOptional": true, "isRepeating": false,
                 "names": [{"kind": "long", "name": "secret"}], "valueName": "secret"}],
            "subcommands": [
                {"commandName": "play", "shouldDisplay": true, "superCommands": ["tune"],
                 "abstract": "SQL is no instrument.",
                 "discussion": ".so it's \\n here\n\nwav  samples\nmid  notes\n\ntune play a.wav",
                 "arguments": [
                     {"kind": "positional", "shouldDisplay": true, "isOptional": false, "isRepeating": true,
                      "valueName": "file", "abstract": "The files."},
                     {"kind": "option", "shouldDisplay": true, "isOptional": true, "isRepeating": false,
                      "names": [{"kind": "short", "name": "f"}, {"kind": "long", "name": "format"}],
                      "valueName": "format", "abstract": "How.", "defaultValue": "wav",
                      "allValues": ["wav", "mid"]}]},
                {"commandName": "hidden", "shouldDisplay": false, "superCommands": ["tune"]},
                {"commandName": "help", "shouldDisplay": true, "superCommands": ["tune"]}]
        }, "serializationVersion": 0}
        """#

    private static func pages() throws -> [String: String] {
        Dictionary(
            uniqueKeysWithValues: try ManualPage.pages(ofProgram: description).map { ($0.fileName, $0.text) })
    }

    @Test func `each command that help shows has a page`() throws {
        #expect(try Self.pages().keys.sorted() == ["tune-play.1", "tune.1"])
    }

    @Test func `a page has what help says, in the sections of a manual`() throws {
        let page = try #require(try Self.pages()["tune-play.1"])
        #expect(
            page == #"""
                .TH "TUNE\-PLAY" 1 "" "tune 0.1.0" "User Commands"
                .SH NAME
                tune\-play \- SQL is no instrument
                .SH SYNOPSIS
                .B tune play
                [\fB\-\-format\fR \fIformat\fR]
                \fIfile\fR ...
                .SH DESCRIPTION
                SQL is no instrument.
                .PP
                \&.so it\(aqs \en here
                .PP
                .nf
                .RS
                wav  samples
                mid  notes
                .RE
                .fi
                .SH ARGUMENTS
                .TP
                \fIfile\fR
                The files.
                .SH OPTIONS
                .TP
                \fB\-f\fR, \fB\-\-format\fR \fIformat\fR
                How. Values: wav, mid. Default: wav.
                .SH EXIT STATUS
                .TP
                \fB0\fR
                done
                .TP
                \fB3\fR
                sharp
                .TP
                \fB128 + n\fR
                stopped by signal n (130 for Ctrl\-C, 143 for SIGTERM)
                .SH EXAMPLES
                .TP
                \fBtune play a.wav\fR
                .SH SEE ALSO
                \fBtune\fR(1),
                \fBrevsweep\fR(1)

                """#)
    }

    @Test func `the program's page lists its commands and examples`() throws {
        let page = try #require(try Self.pages()["tune.1"])
        #expect(page.contains(".SH NAME\ntune \\- tunes instruments\n"))
        #expect(page.contains(".SH DESCRIPTION\nTunes instruments.\n.PP\nA text of two lines.\n.SH OPTIONS\n"))
        #expect(page.contains(".SH COMMANDS\n.TP\n\\fBtune\\-play\\fR(1)\nSQL is no instrument.\n.SH EXIT STATUS\n"))
        #expect(page.contains(".SH EXAMPLES\n.TP\n\\fBtune play a.wav\\fR\nplay a file\n"))
        #expect(!page.contains("secret") && !page.contains("hidden"))
    }

    @Test func `what is no description is an error`() {
        #expect(throws: DecodingError.self) { try ManualPage.pages(ofProgram: "{}") }
        #expect(throws: DecodingError.self) { try ManualPage.pages(ofProgram: "") }
    }
}
