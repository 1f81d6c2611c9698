package io.sluice.route;

import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a decision looks at besides the host: only a pool asks for more than the path. */
public interface Asked {
    /** A new client of which nothing is known but the path that it asks for. */
    static Asked forPath(String path) {
        return new Somebody(path, null);
    }

    /** A new client that comes from {@code address} and asks for {@code path}. */
    static Asked from(InetAddress address, String path) {
        return new Somebody(path, address);
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
    record Somebody(String path, @Nullable InetAddress client) implements Asked {
        @Override
        public List<String> cookieFields() {
            return List.of();
        }

        @Override
        public @Nullable Liberator connectedTo() {
            return null;
        }
    }
}
