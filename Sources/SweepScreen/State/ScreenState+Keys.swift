import TerminalDrawing

/// What each key does.
extension ScreenState {
    private static let maxMarked = 8
    private static let maxInput = 1000

    mutating func press(_ key: Key) -> ScreenAction {
        switch key {
        case .control("c"): return .quit
        case .control("z"): return .suspend
        case .control("l"): return .redraw
        case _ where input != nil: edit(key)
        case _ where showsHelp: pressInHelp(key)
        case .character(let character): return command(character)
        case .up: move(by: -1)
        case .down: move(by: 1)
        case .pageUp, .control("b"): move(by: -page)
        case .pageDown, .control("f"): move(by: page)
        case .control("u"): move(by: -max(1, page / 2))
        case .control("d"): move(by: max(1, page / 2))
        case .home: move(by: -Int.max / 2)
        case .end: move(by: Int.max / 2)
        case .left: turn(by: -1)
        case .right: turn(by: 1)
        case .tab: changePane(by: 1)
        case .backTab: changePane(by: -1)
        case .enter: if pane == .sweeps { pane = .trials }
        case .escape: escape()
        case .backspace, .delete, .control: break
        }
        return .nothing
    }

    /// Scrolls the help, or closes it.
    private mutating func pressInHelp(_ key: Key) {
        switch key {
        case .escape, .character("q"), .character("?"): showsHelp = false
        case .up, .character("k"): scrollHelp(by: -1)
        case .down, .character("j"): scrollHelp(by: 1)
        case .pageUp, .control("b"): scrollHelp(by: -max(1, helpRows))
        case .pageDown, .control("f"): scrollHelp(by: max(1, helpRows))
        case .control("u"): scrollHelp(by: -max(1, helpRows / 2))
        case .control("d"): scrollHelp(by: max(1, helpRows / 2))
        case .home, .character("g"): scrollHelp(by: -lastHelpTop)
        case .end, .character("G"): scrollHelp(by: lastHelpTop)
        case .character, .left, .right, .tab, .backTab, .enter, .backspace, .delete, .control: break
        }
    }

    private mutating func command(_ character: Character) -> ScreenAction {
        switch character {
        case "q": return .quit
        case "?": showsHelp = true
        case "j": move(by: 1)
        case "k": move(by: -1)
        case "g": move(by: -Int.max / 2)
        case "G": move(by: Int.max / 2)
        case "s", "S": if let content { table.sortByNext(content, backwards: character == "S") }
        case "r": if let content { table.reverse(content) }
        case "/": (input, pane) = (table.filter, .trials)
        case " ": mark()
        case "x": marked = []
        case "y": isLogarithmic.toggle()
        case "[", "<": turn(by: -1)
        case "]", ">": turn(by: 1)
        case "e":
            shownLog = shownLog == .output ? .errors : .output
            logOffset = 0
        default: if let view = DetailView(key: character) { show(view) }
        }
        return .nothing
    }

    /// Shows a view. In a small window there is room for one pane only, which then is this one; the same key goes back
    /// to the table.
    private mutating func show(_ view: DetailView) {
        if layout.isSingle {
            pane = pane == .detail && self.view == view ? .trials : .detail
        }
        if self.view != view { logOffset = 0 }
        self.view = view
    }

    private mutating func escape() {
        if !table.filter.isEmpty {
            table.setFilter("", content)
        } else {
            pane = .trials
        }
    }

    private mutating func changePane(by distance: Int) {
        let panes = panes
        let place = panes.firstIndex(of: pane) ?? 0
        pane = panes[(place + distance + panes.count) % panes.count]
    }

    /// How many rows a page has in the pane that has the keys.
    private var page: Int {
        switch pane {
        case .sweeps: max(1, layout.sweepRows)
        case .trials: max(1, layout.trialRows)
        case .detail: max(1, layout.detailRows)
        }
    }

    private mutating func move(by distance: Int) {
        switch pane {
        case .trials: moveTrial(by: distance)
        case .detail where view == .log:
            let last = max(0, (log?.lines.count ?? 0) - 1)
            logOffset = min(last, max(0, logOffset - max(-1 << 40, min(1 << 40, distance))))
        // What has nothing to scroll leaves the keys to the table.
        case .detail: moveTrial(by: distance)
        case .sweeps:
            guard let place = overviews.firstIndex(where: { $0.directory == sweep }) else { return }
            let next = min(overviews.count - 1, max(0, place + max(-1 << 40, min(1 << 40, distance))))
            choose(sweep: overviews[next].directory)
        }
    }

    private mutating func moveTrial(by distance: Int) {
        table.move(by: distance)
        logOffset = 0
    }

    /// Plots the next parameter, or shows the next view.
    private mutating func turn(by distance: Int) {
        if view == .parameters {
            let count = max(1, table.parameters.count)
            parameter = (min(parameter, count - 1) + distance + count) % count
        } else {
            let views = DetailView.allCases
            show(views[((views.firstIndex(of: view) ?? 0) + distance + views.count) % views.count])
        }
    }

    /// Marks the trial under the cursor, or takes its mark away.
    private mutating func mark() {
        guard let chosen = table.chosen else { return }
        if let place = marked.firstIndex(of: chosen) {
            marked.remove(at: place)
        } else {
            marked.append(chosen)
            if marked.count > Self.maxMarked { marked.removeFirst() }
        }
        table.move(by: 1)
    }

    /// Changes the filter that is being typed.
    private mutating func edit(_ key: Key) {
        guard var text = input else { return }
        switch key {
        case .enter:
            input = nil
            return table.setFilter(text, content)
        case .escape:
            input = nil
            return
        case .backspace: if !text.isEmpty { text.removeLast() }
        case .control("u"): text = ""
        case .control("w"): text = Self.withoutLastWord(text)
        case .character(let character):
            if text.utf8.count < Self.maxInput { text.append(character) }
        case .up, .down, .pageUp, .pageDown, .home, .end, .left, .right, .tab, .backTab, .delete, .control: break
        }
        input = text
    }

    private static func withoutLastWord(_ text: String) -> String {
        let trimmed = text.reversed().drop { $0 == " " }
        return String(trimmed.drop { $0 != " " }.reversed())
    }
}
