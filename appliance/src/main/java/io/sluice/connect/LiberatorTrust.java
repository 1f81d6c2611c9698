package io.sluice.connect;

import io.sluice.config.LiberatorTlsConfig;
import io.sluice.route.Liberator;
import io.sluice.route.LiberatorTls;
import io.sluice.route.RoutingTable;
import io.sluice.tls.LiveTrust;
import io.sluice.tls.TlsProfile;
import io.sluice.tls.TrustMaterial;
import io.sluice.tls.WatchedFiles;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The TLS of all Liberators of the table in force: whom each of them is believed to be.
 *
 * <p>A Liberator whose rules stay the same keeps its context with its sessions over a change of the table; its
 * authorities are read again.
 *
 * <p><b>Threading:</b> any thread, one change at a time.
 */
public final class LiberatorTrust {
    private static final Logger LOG = LoggerFactory.getLogger(LiberatorTrust.class);

    private volatile Map<String, Secured> secured = Map.of();

    /** One Liberator's. */
    private record Secured(LiberatorTlsConfig config, LiveTrust trust, LiberatorTls tls, WatchedFiles files) {}

    /** What {@link #prepare} read; {@link #commit} puts it in force. */
    public static final class Prepared {
        private final Map<String, Secured> next = new LinkedHashMap<>();
        private final Map<Secured, TrustMaterial> read = new LinkedHashMap<>();
    }

    /**
     * Reads what the Liberators of {@code table} need, and gives it to those that are not in force yet.
     *
     * @throws IOException when something cannot be used; nothing in force has changed then
     */
    public Prepared prepare(RoutingTable table) throws IOException {
        Prepared prepared = new Prepared();
        for (Liberator each : table.liberators()) {
            LiberatorTlsConfig config = each.config().tls();
            if (config != null) {
                TrustMaterial material = TrustMaterial.read(config);
                Secured before = secured.get(each.name());
                Secured now = before != null && before.config.equals(config)
                        ? before
                        : secured(each.name(), config, material);
                prepared.next.put(each.name(), now);
                prepared.read.put(now, material);
                each.secure(now.tls);
            }
        }
        return prepared;
    }

    private static Secured secured(String name, LiberatorTlsConfig config, TrustMaterial material) throws IOException {
        LiveTrust trust = new LiveTrust(material.trust());
        WatchedFiles files = material.watched("liberator=" + name, () -> {
            trust.replace(TrustMaterial.read(config).trust());
            return "authorities=" + trust.getAcceptedIssuers().length;
        });
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {trust}, null);
            SSLParameters parameters = TlsProfile.parameters(context, TlsProfile.VERSIONS);
            parameters.setEndpointIdentificationAlgorithm(config.verified() ? "HTTPS" : null);
            return new Secured(config, trust, new LiberatorTls(context, parameters, config.serverName()), files);
        } catch (GeneralSecurityException unavailable) {
            throw new IOException("TLS is not available: " + unavailable.getMessage(), unavailable);
        }
    }

    /** Believes by what was read, from the next handshake on. */
    public void commit(Prepared prepared) {
        prepared.read.forEach((each, material) -> {
            each.trust.replace(material.trust());
            material.replaces(each.files);
        });
        secured = prepared.next;
        prepared.next.forEach((name, each) -> {
            if (!each.config.verified()) {
                LOG.warn(
                        "liberator.unverified name={} detail=\"tls.verify is none: whoever is between the appliance and"
                                + " this Liberator can read and change everything\"",
                        name);
            }
        });
    }

    /** The files in use. */
    public Collection<WatchedFiles> files() {
        return secured.values().stream().map(Secured::files).toList();
    }
}
