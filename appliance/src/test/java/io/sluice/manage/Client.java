package io.sluice.manage;

import io.sluice.account.Origin;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** A client connection of which only the address matters. */
record Client(InetSocketAddress client) implements Origin {
    Client(String address) {
        this(new InetSocketAddress(address, 1));
    }

    @Override
    public String listener() {
        return "plain";
    }

    @Override
    public @Nullable String serverName() {
        return null;
    }

    @Override
    public String protocol() {
        return "http/1.1";
    }

    @Override
    public boolean isSecure() {
        return false;
    }
}
