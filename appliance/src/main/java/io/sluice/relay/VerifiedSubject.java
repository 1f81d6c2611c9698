package io.sluice.relay;

import java.nio.charset.StandardCharsets;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * What a Liberator is told of a client certificate that was verified.
 *
 * @param field the field's name; it starts with {@code X-SSL-}, so that what a client sends by it is deleted
 * @param value the subject as text (RFC 4514), in printable ASCII
 */
public record VerifiedSubject(String field, String value) {
    /** A request head keeps room for what we add to it. */
    private static final int MOST_CHARACTERS = 1024;

    /**
     * Writes a subject so that nothing in it can end the line or be read as anything else: what is not printable ASCII
     * is a backslash and two hexadecimal digits for each of its UTF-8 octets, as RFC 4514 §2.4 allows for any
     * character.
     *
     * @return null when it is too long to be passed on; it is never cut, as it could then look like another
     */
    public static @Nullable VerifiedSubject of(String field, X500Principal subject) {
        StringBuilder value = new StringBuilder();
        subject.getName(X500Principal.RFC2253).codePoints().forEach(each -> append(value, each));
        return value.length() > MOST_CHARACTERS ? null : new VerifiedSubject(field, value.toString());
    }

    private static void append(StringBuilder value, int character) {
        if (character >= ' ' && character <= '~') {
            value.append((char) character);
            return;
        }
        for (byte octet : Character.toString(character).getBytes(StandardCharsets.UTF_8)) {
            value.append(String.format("\\%02X", octet));
        }
    }
}
