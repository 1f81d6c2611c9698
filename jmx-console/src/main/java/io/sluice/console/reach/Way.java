package io.sluice.console.reach;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How to get to an appliance. Where neither address, process nor service is given, the one on this host is meant.
 *
 * @param name what the appliance is called in tables of several
 * @param url {@code host:port} of its JMX port, or a whole JMX service URL
 * @param pid its process on this host
 * @param service its systemd unit, or the name of its pid file, on this host
 * @param user who logs in; null where nobody needs to
 * @param passwordFile the user's password, the first line of a file; null: asked for at the terminal
 * @param trust certificates in PEM of whoever vouches for the appliance's; null: those that Java trusts
 * @param certificate the console's own certificate in PEM, for appliances that require one
 * @param key the certificate's key in PEM, PKCS #8
 * @param tls whether TLS is spoken also to loopback, as through a tunnel; elsewhere it always is
 */
public record Way(
        String name,
        @Nullable String url,
        @Nullable Long pid,
        @Nullable String service,
        @Nullable String user,
        @Nullable Path passwordFile,
        @Nullable Path trust,
        @Nullable Path certificate,
        @Nullable Path key,
        boolean tls) {

    /** The appliance on this host. */
    public static Way local() {
        return new Way("", null, null, null, null, null, null, null, null, false);
    }

    /** An appliance at an address, with nothing else said. */
    public static Way to(String url) {
        return new Way(url, url, null, null, null, null, null, null, null, false);
    }
}
