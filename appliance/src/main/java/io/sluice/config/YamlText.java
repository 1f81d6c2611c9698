package io.sluice.config;

import io.sluice.config.Yaml.Entry;
import io.sluice.config.Yaml.Kind;
import io.sluice.config.Yaml.Mapping;
import io.sluice.config.Yaml.Scalar;
import io.sluice.config.Yaml.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Reads YAML 1.2 text into a {@link Yaml} tree: with {@link ConfigEdit} the only class that
 * knows the YAML library.
 *
 * <p>Only nodes are composed, nothing is constructed, so that a tag in the file can create no object. Anchors and
 * aliases work; what they unfold to is bounded.
 */
final class YamlText {
    private static final int MOST_VALUES = 100_000;
    private static final Map<Tag, Kind> KINDS = Map.of(
            Tag.STR, Kind.STRING,
            Tag.INT, Kind.INTEGER,
            Tag.FLOAT, Kind.FRACTION,
            Tag.BOOL, Kind.BOOLEAN,
            Tag.NULL, Kind.EMPTY);
    /** {@code bind: [::]:443}: YAML takes the bracket for a list. */
    private static final Pattern BARE_BRACKET_ADDRESS = Pattern.compile("^[^#\"']*:\\s+(\\[[0-9A-Fa-f:.]*]:\\d+)");

    private final Problems problems;
    private int values;

    private YamlText(Problems problems) {
        this.problems = problems;
    }

    /** The tree, or null if there is none; then {@code problems} says why. */
    static @Nullable Yaml parse(String text, Problems problems) {
        String content = text.startsWith("\uFEFF") ? text.substring(1) : text;
        try {
            LoadSettings settings = LoadSettings.builder()
                    .setParseComments(false)
                    .setAllowNonScalarKeys(true) // refused below, with their place
                    .setMaxAliasesForCollections(MOST_VALUES) // bounded below, by what they unfold to
                    .build();
            Optional<Node> root = new Compose(settings).composeString(content);
            if (root.isEmpty()) {
                return new Scalar(new Position(1, 1), Kind.EMPTY, "");
            }
            return new YamlText(problems).convert(root.get());
        } catch (MarkedYamlEngineException e) {
            Position at = e.getProblemMark().map(YamlText::position).orElse(new Position(1, 1));
            problems.at(at, syntax(e, content, at));
        } catch (ReaderException e) {
            problems.at(positionOf(e.getPosition(), content), "not YAML: a character that is not allowed in text");
        } catch (YamlEngineException e) {
            problems.wholeFile("not YAML: " + String.valueOf(e.getMessage()).replaceAll("\\s+", " "));
        } catch (TooLargeException e) {
            problems.wholeFile("holds more than " + MOST_VALUES + " values once its aliases are unfolded");
        } catch (StackOverflowError e) {
            problems.wholeFile("nested too deeply");
        }
        return null;
    }

    private static String syntax(MarkedYamlEngineException e, String content, Position at) {
        StringBuilder sentence = new StringBuilder("not YAML: ");
        sentence.append(e.getProblem() == null ? "syntax error" : e.getProblem());
        if (e.getContext() != null) {
            sentence.append(" (").append(e.getContext());
            e.getContextMark()
                    .map(YamlText::position)
                    .filter(start -> start.line() != at.line())
                    .ifPresent(
                            start -> sentence.append(", which started at line ").append(start.line()));
            sentence.append(')');
        }
        String line = content.lines().skip(at.line() - 1L).findFirst().orElse("");
        var bare = BARE_BRACKET_ADDRESS.matcher(line);
        if (bare.find()) {
            sentence.append("; an address in brackets needs quotes: \"")
                    .append(bare.group(1))
                    .append('"');
        }
        return sentence.toString().replaceAll("\\s+", " ");
    }

    private Yaml convert(Node node) {
        Position at = node.getStartMark().map(YamlText::position).orElse(new Position(1, 1));
        if (++values > MOST_VALUES) {
            throw new TooLargeException();
        }
        if (node.isRecursive()) {
            Scalar stump = new Scalar(at, Kind.EMPTY, "");
            problems.refuse(stump, "an anchor that contains itself");
            return stump;
        }
        if (node instanceof MappingNode mapping) {
            return new Mapping(at, entries(mapping));
        }
        if (node instanceof SequenceNode sequence) {
            List<Yaml> items = new ArrayList<>();
            sequence.getValue().forEach(item -> items.add(convert(item)));
            return new Sequence(at, items);
        }
        Kind kind = KINDS.get(node.getTag());
        Scalar scalar = new Scalar(at, kind == null ? Kind.STRING : kind, ((ScalarNode) node).getValue());
        if (kind == null) {
            problems.refuse(scalar, "tag " + Problems.quote(node.getTag().getValue()) + " has no meaning here");
        }
        return scalar;
    }

    private Map<String, Entry> entries(MappingNode mapping) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            Yaml key = convert(tuple.getKeyNode());
            if (!(key instanceof Scalar name)) {
                problems.refuse(key, "a list or section stands where a key is expected");
                continue;
            }
            Entry first = entries.putIfAbsent(name.text(), new Entry(key.at(), convert(tuple.getValueNode())));
            if (first != null) {
                problems.at(
                        key.at(),
                        "key " + Problems.quote(name.text()) + " stands here twice (first at line "
                                + first.at().line() + ")");
            }
        }
        return entries;
    }

    private static Position position(Mark mark) {
        return new Position(mark.getLine() + 1, mark.getColumn() + 1);
    }

    private static Position positionOf(int codePoint, String content) {
        int end = content.offsetByCodePoints(0, Math.min(codePoint, content.codePointCount(0, content.length())));
        String before = content.substring(0, end);
        return new Position((int) before.chars().filter(c -> c == '\n').count() + 1, end - before.lastIndexOf('\n'));
    }

    private static final class TooLargeException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
