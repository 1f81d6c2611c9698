package io.sluice.relay;

import io.sluice.connect.Upstream;
import io.sluice.route.Asked;
import io.sluice.route.Liberator;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request as the table looks at it.
 *
 * @param upstream what the client's connection leads to already; null when to nothing
 */
record HttpAsked(
        RequestHead head, InetAddress client, @Nullable Upstream upstream) implements Asked {
    @Override
    public String path() {
        return head.path();
    }

    @Override
    public List<String> cookieFields() {
        return head.fields().all(FieldName.COOKIE);
    }

    @Override
    public @Nullable Liberator connectedTo() {
        return upstream == null ? null : upstream.liberator();
    }
}
