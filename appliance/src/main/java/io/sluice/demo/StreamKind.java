package io.sluice.demo;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** StreamLink's connection types, in the words that the appliance's log, MBeans and page use for them. */
enum StreamKind {
    DIRECT("direct", "", "", 0),
    HTTP_STREAM("http-stream", "/RTTP-TYPE2", "text/plain; charset=utf-8", 0),
    POLL("poll", "/RTTP-TYPE3", "text/plain; charset=utf-8", 0),
    FOREVER_FRAME("forever-frame", "/RTTP-TYPE5", "text/html; charset=utf-8", 4096),
    WEBSOCKET("websocket", "/RTTP-TYPE8", "", 0),
    SSE("sse", "/RTTP-TYPE9", "text/event-stream", 0);

    private static final int MOST_PADDING = 64 * 1024;

    private final String word;
    private final String path;
    private final String contentType;
    private final int defaultPadding;

    StreamKind(String word, String path, String contentType, int defaultPadding) {
        this.word = word;
        this.path = path;
        this.contentType = contentType;
        this.defaultPadding = defaultPadding;
    }

    static @Nullable StreamKind ofPath(String path) {
        for (StreamKind kind : values()) {
            if (!kind.path.isEmpty() && kind.path.equals(path)) {
                return kind;
            }
        }
        return null;
    }

    String word() {
        return word;
    }

    String contentType() {
        return contentType;
    }

    /** The padding that the client asks for in the query or the body, as {@code X-RTTP-Type5-Pad-Length=4096}. */
    int padding(Request request) throws BadRequest {
        String asked = request.parameter("X-RTTP-Type" + path.charAt(path.length() - 1) + "-Pad-Length");
        if (asked == null) {
            return defaultPadding;
        }
        if (!asked.matches("[0-9]{1,6}") || Integer.parseInt(asked) > MOST_PADDING) {
            throw new BadRequest(400, "padding is at most " + MOST_PADDING + " bytes");
        }
        return Integer.parseInt(asked);
    }

    /** What stands before the first line. Padding makes old browsers and proxies let go of the first bytes. */
    String opening(int padding, String parentOrigin) {
        String spaces = padding == 0 ? "" : " ".repeat(padding - 1) + "\n";
        if (this == FOREVER_FRAME) {
            // Each call's own script element is removed again, or the frame would grow for as long as it is open.
            return "<!doctype html><html><head><meta charset=\"utf-8\"><title>RTTP</title><script>\n"
                    + "function a(line){parent.postMessage({rttp:line},\"" + parentOrigin
                    + "\");document.currentScript.remove()}\n"
                    + "</script></head><body>\n" + spaces;
        }
        return this == SSE && padding > 0 ? ":" + " ".repeat(padding) + "\n\n" : spaces;
    }

    /** Several lines as this kind carries them; they leave in one write. */
    String carry(List<String> lines) {
        StringBuilder text = new StringBuilder(lines.size() * 96);
        for (String line : lines) {
            switch (this) {
                case SSE -> text.append("data: ").append(line).append("\n\n");
                case FOREVER_FRAME ->
                    text.append("<script>a(\"").append(scriptText(line)).append("\")</script>\n");
                case WEBSOCKET -> text.append(text.isEmpty() ? "" : "\n").append(line);
                case DIRECT, HTTP_STREAM, POLL -> text.append(line).append('\n');
            }
        }
        return text.toString();
    }

    private static String scriptText(String line) {
        return line.replace("\\", "\\\\").replace("\"", "\\\"").replace("<", "\\u003c");
    }
}
