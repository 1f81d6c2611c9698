package io.sluice.route;

import io.sluice.account.Refusal;
import io.sluice.config.AffinityConfig;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Each client belongs to the Liberator that its address chooses, by weighted rendezvous hashing (Thaler and
 * Ravishankar, 1998; weights as in draft-ietf-bess-weighted-hrw §3.2): every Liberator gets a score from its name and
 * the address, the highest one wins.
 *
 * <p>The choice depends on names, weights and the address alone, never on who is up: a Liberator that is down keeps its
 * clients. When a Liberator is added, the clients that it wins go over to it and no other client moves.
 */
final class AddressAffinity implements Affinity {
    private final AffinityConfig.Address config;

    AddressAffinity(AffinityConfig.Address config) {
        this.config = config;
    }

    @Override
    public Decision decide(Pool pool, Asked asked) {
        InetAddress client = asked.client();
        if (client == null) {
            return new Decision(pool.members().get(0).route(), Refusal.LIBERATOR_DOWN, null);
        }
        byte[] prefix = prefix(client);
        Pool.Member best = pool.members().get(0);
        double highest = Double.NEGATIVE_INFINITY;
        for (Pool.Member each : pool.members()) {
            double score = score(each, prefix);
            if (score > highest) {
                best = each;
                highest = score;
            }
        }
        int bits = client instanceof Inet4Address ? config.ipv4Bits() : config.ipv6Bits();
        String evidence = "first " + bits + " bits of the client's address";
        return new Decision(best.route(), null, Assignment.withoutCookie(pool.ledger(), best.name(), evidence, 0));
    }

    /** The address with the bits that do not count set to zero. */
    private byte[] prefix(InetAddress client) {
        byte[] address = client.getAddress();
        int bits = client instanceof Inet4Address ? config.ipv4Bits() : config.ipv6Bits();
        for (int i = 0; i < address.length; i++) {
            int counting = Math.max(0, Math.min(8, bits - i * 8));
            address[i] &= (byte) (0xff << (8 - counting));
        }
        return address;
    }

    /** Between 0 and infinity; the same on every machine and in every version. */
    private static double score(Pool.Member member, byte[] prefix) {
        MessageDigest sha = sha256();
        sha.update(member.name().getBytes(StandardCharsets.UTF_8));
        sha.update((byte) 0);
        long hash = ByteBuffer.wrap(sha.digest(prefix)).getLong();
        double unit = ((hash >>> 11) + 0.5) * 0x1.0p-53;
        return -member.weight() / StrictMath.log(unit);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
