package io.sluice.tls;

import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.interfaces.ECKey;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * X25519 and ECDSA with P-256 from a native library, and nothing else: all other services stay with the providers
 * behind it.
 *
 * <p><b>Threading:</b> immutable; any thread.
 */
@SuppressWarnings("serial") // a provider is never serialized
final class HandshakeProvider extends Provider {
    static final String NAME = "SluiceHandshakes";

    private static final String ECDSA = "SHA256withECDSA";
    private static final int P256_BITS = 256;

    /** @param library has XDH and ECDSA */
    HandshakeProvider(Provider library) {
        super(NAME, "1", "X25519 and ECDSA of " + library.getName());
        put("KeyPairGenerator", "XDH", "X25519", () -> new NativeX25519.Pairs(library));
        put("KeyAgreement", "XDH", "X25519", () -> new NativeX25519.Agreement(library));
        putService(new Signatures(this, Objects.requireNonNull(library.getService("Signature", ECDSA))));
    }

    private void put(String type, String algorithm, String alias, Supplier<Object> maker) {
        putService(new Service(this, type, algorithm, NAME, List.of(alias), Map.of()) {
            @Override
            public Object newInstance(Object parameter) {
                return maker.get();
            }
        });
    }

    /** Keys that leave the process as bytes can be signed with here; others belong to a token, which signs itself. */
    private static final class Signatures extends Service {
        private final Service library;

        Signatures(Provider provider, Service library) {
            super(provider, "Signature", ECDSA, NAME, List.of(), Map.of());
            this.library = library;
        }

        @Override
        public boolean supportsParameter(Object key) {
            return key instanceof ECKey ec
                    && ec.getParams().getOrder().bitLength() == P256_BITS
                    && key instanceof java.security.Key plain
                    && plain.getEncoded() != null;
        }

        @Override
        public Object newInstance(Object parameter) throws NoSuchAlgorithmException {
            return library.newInstance(parameter);
        }
    }
}
