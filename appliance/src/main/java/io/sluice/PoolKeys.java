package io.sluice;

import io.sluice.config.AffinityKeys;
import io.sluice.route.Pool;
import io.sluice.route.RoutingTable;
import io.sluice.tls.WatchedFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of keys of the pools in force: what is written into them is in use seconds later, without a reload of the
 * configuration and without a word to any stream.
 *
 * <p><b>Threading:</b> {@link #follow} comes one at a time; {@link #files} from any thread.
 */
final class PoolKeys {
    private static final Logger LOG = LoggerFactory.getLogger(PoolKeys.class);

    private volatile List<WatchedFiles> files = List.of();

    /** The files of {@code table} are watched from now on, and no others. */
    void follow(RoutingTable table) {
        Map<Path, List<Pool>> readers = new LinkedHashMap<>();
        for (Pool pool : table.pools()) {
            Path file = pool.keyFile();
            if (file != null) {
                readers.computeIfAbsent(file, each -> new ArrayList<>()).add(pool);
            }
        }
        List<WatchedFiles> watched = new ArrayList<>();
        readers.forEach((file, pools) -> watched.add(watch(file, pools)));
        files = List.copyOf(watched);
    }

    private static WatchedFiles watch(Path file, List<Pool> pools) {
        String hosts = pools.stream().map(Pool::host).distinct().collect(Collectors.joining(","));
        WatchedFiles.Reading reading = () -> {
            AffinityKeys keys = AffinityKeys.read(file);
            pools.forEach(pool -> pool.keys(keys));
            return "keys=" + String.join(",", keys.ids());
        };
        WatchedFiles watched = WatchedFiles.fromNow("affinity-keys", "pool=" + hosts, List.of(file), reading);
        try {
            reading.readAgain(); // the file may have changed since the configuration was read
        } catch (IOException changed) {
            LOG.warn("affinity-keys.kept pool={} cause=\"{}\"", hosts, changed.getMessage());
        }
        return watched;
    }

    List<WatchedFiles> files() {
        return files;
    }
}
