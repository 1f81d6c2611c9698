package io.sluice.route;

import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a decision looks at besides the host: only a pool asks for more than the path. */
public interface Asked {
    /**
     * A new client that asks for {@code path}.
     *
     * @param address where it comes from; null when nobody in particular asks
     * @param cookieFields the values of its Cookie fields
     */
    static Asked from(@Nullable InetAddress address, String path, List<String> cookieFields) {
        return new Somebody(path, cookieFields, address);
    }

    /** The path asked for, without its query, as it came. */
    String path();

    /** The values of the request's Cookie fields, as they came. */
    List<String> cookieFields();

    /** The client's address; null when nobody in particular asks. */
    @Nullable
    InetAddress client();

    /** The Liberator that the client's connection leads to already; null when it is new. */
    @Nullable
    Liberator connectedTo();

    /** A new client. */
    record Somebody(
            String path,
            List<String> cookieFields,
            @Nullable InetAddress client) implements Asked {
        @Override
        public @Nullable Liberator connectedTo() {
            return null;
        }
    }
}
