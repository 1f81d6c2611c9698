package io.sluice.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Present;
import org.snakeyaml.engine.v2.api.lowlevel.Serialize;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Changes the text of a configuration entry by entry, and keeps its comments. The spacing is the YAML library's
 * afterwards. What comes out is text like any other: {@link ConfigLoader} says whether it is good.
 *
 * <p>Every method throws {@link IllegalArgumentException}, with a sentence that says what is valid, when the text has
 * no such entry.
 */
public final class ConfigEdit {
    private static final int WIDTH = 120;

    /** The lists that have named entries. */
    public enum Part {
        LISTENERS("listeners", "name", "listener"),
        LIBERATORS("liberators", "name", "Liberator"),
        ROUTES("routes", "host", "route");

        private final String list;
        private final String key;
        private final String noun;

        Part(String list, String key, String noun) {
            this.list = list;
            this.key = key;
            this.noun = noun;
        }

        /** What an entry is called in sentences. */
        public String noun() {
            return noun;
        }
    }

    private final MappingNode root;

    private ConfigEdit(String text) {
        if (node(text) instanceof MappingNode mapping) {
            root = mapping;
        } else {
            throw new IllegalArgumentException("the configuration is no section");
        }
    }

    /** The text with an entry more, at the end of its list. */
    public static String added(String text, Part part, List<Field> fields) {
        ConfigEdit edit = new ConfigEdit(text);
        List<NodeTuple> tuples = new ArrayList<>();
        fields.forEach(each -> tuples.add(new NodeTuple(plain(each.key()), each.value())));
        MappingNode entry = new MappingNode(Tag.MAP, tuples, FlowStyle.FLOW);
        if (edit.entries(part) instanceof SequenceNode list) {
            list.getValue().add(entry);
        } else {
            edit.root.getValue().removeIf(each -> isKey(each, part.list));
            List<Node> entries = new ArrayList<>(List.of(entry));
            edit.root
                    .getValue()
                    .add(new NodeTuple(plain(part.list), new SequenceNode(Tag.SEQ, entries, FlowStyle.BLOCK)));
        }
        return edit.text();
    }

    /** The text without an entry. */
    public static String removed(String text, Part part, String name) {
        ConfigEdit edit = new ConfigEdit(text);
        MappingNode entry = edit.entry(part, name);
        if (edit.entries(part) instanceof SequenceNode list) {
            list.getValue().remove(entry);
        }
        return edit.text();
    }

    /**
     * The text with one key of an entry changed, added or taken away.
     *
     * @param value YAML, as it would stand in the file; null: the key goes
     */
    public static String changed(String text, Part part, String name, String key, @Nullable String value) {
        ConfigEdit edit = new ConfigEdit(text);
        List<NodeTuple> fields = edit.entry(part, name).getValue();
        int at = 0;
        while (at < fields.size() && !isKey(fields.get(at), key)) {
            at++;
        }
        boolean there = at < fields.size();
        if (value == null) {
            if (!there) {
                throw new IllegalArgumentException(part.noun + " '" + name + "' has no " + key + " of its own");
            }
            fields.remove(at);
        } else {
            Node parsed = node(value);
            if (parsed == null) {
                throw new IllegalArgumentException(key + " is empty (expected a value, as in the file)");
            }
            NodeTuple field = new NodeTuple(there ? fields.get(at).getKeyNode() : plain(key), parsed);
            if (there) {
                fields.set(at, field);
            } else {
                fields.add(field);
            }
        }
        return edit.text();
    }

    /** A key of a new entry with its value. */
    public record Field(String key, Node value) {
        /** With a text, quoted where YAML needs it. */
        public static Field of(String key, String text) {
            return new Field(key, plain(text));
        }

        /** With a list of texts. */
        public static Field of(String key, List<String> texts) {
            List<Node> items = new ArrayList<>();
            texts.forEach(each -> items.add(plain(each)));
            return new Field(key, new SequenceNode(Tag.SEQ, items, FlowStyle.FLOW));
        }
    }

    private static ScalarNode plain(String text) {
        return new ScalarNode(Tag.STR, text, ScalarStyle.PLAIN);
    }

    private static @Nullable Node node(String text) {
        try {
            Optional<Node> node =
                    new Compose(LoadSettings.builder().setParseComments(true).build()).composeString(text);
            return node.orElse(null);
        } catch (YamlEngineException malformed) {
            throw new IllegalArgumentException(
                    "not YAML: " + String.valueOf(malformed.getMessage()).replaceAll("\\s+", " "), malformed);
        }
    }

    private static boolean isKey(NodeTuple field, String key) {
        return field.getKeyNode() instanceof ScalarNode name && name.getValue().equals(key);
    }

    private @Nullable Node entries(Part part) {
        return root.getValue().stream()
                .filter(each -> isKey(each, part.list))
                .map(NodeTuple::getValueNode)
                .findFirst()
                .orElse(null);
    }

    private MappingNode entry(Part part, String name) {
        List<MappingNode> found = new ArrayList<>();
        List<String> names = new ArrayList<>();
        if (entries(part) instanceof SequenceNode list) {
            for (Node each : list.getValue()) {
                if (each instanceof MappingNode entry) {
                    String own = name(entry, part.key);
                    names.add(own);
                    if (own.equalsIgnoreCase(name)) {
                        found.add(entry);
                    }
                }
            }
        }
        if (found.size() != 1) {
            String problem = found.isEmpty() ? " is not defined" : " is there " + found.size() + " times: stage a file";
            throw new IllegalArgumentException(part.noun + " " + Problems.quote(name) + problem + " (defined: "
                    + (names.isEmpty() ? "none" : names.stream().distinct().collect(Collectors.joining(", "))) + ")");
        }
        return found.get(0);
    }

    private static String name(MappingNode entry, String key) {
        return entry.getValue().stream()
                .filter(each -> isKey(each, key) && each.getValueNode() instanceof ScalarNode)
                .map(each -> ((ScalarNode) each.getValueNode()).getValue())
                .findFirst()
                .orElse("");
    }

    private String text() {
        DumpSettings settings = DumpSettings.builder()
                .setDumpComments(true)
                .setWidth(WIDTH)
                .setIndent(2)
                .setIndicatorIndent(2)
                .setIndentWithIndicator(true)
                .build();
        return new Present(settings)
                .emitToString(new Serialize(settings).serializeOne(root).iterator());
    }
}
