package io.sluice.listen;

import io.sluice.account.Refusal;
import java.io.EOFException;
import java.io.IOException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Finds the reason for which a client's handshake failed in what the JDK's engine says of it.
 *
 * <p>Its sentences are no interface, so they may change with a JDK; a sentence that is not known counts as {@link
 * Refusal#TLS_HANDSHAKE}, and the tests hold the list against every JDK they run on.
 */
final class HandshakeFailure {
    private HandshakeFailure() {}

    static Refusal reason(IOException failure) {
        if (!(failure instanceof SSLException)) {
            return Refusal.TLS_LEFT;
        }
        if (failure.getCause() instanceof EOFException) {
            return Refusal.TLS_LEFT;
        }
        Refusal certificate = certificate(failure);
        return certificate != null ? certificate : byMessage(String.valueOf(failure.getMessage()));
    }

    /** For a certificate that was refused after the handshake. */
    static Refusal ofCertificate(CertificateException refused) {
        Refusal found = certificate(refused);
        return found == null ? Refusal.CLIENT_CERTIFICATE_UNTRUSTED : found;
    }

    private static @Nullable Refusal certificate(Throwable failure) {
        Refusal found = null;
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof CertificateExpiredException || each instanceof CertificateNotYetValidException) {
                return Refusal.CLIENT_CERTIFICATE_EXPIRED;
            }
            if (each instanceof CertificateException
                    || each instanceof CertPathValidatorException
                    || each instanceof CertPathBuilderException) {
                found = Refusal.CLIENT_CERTIFICATE_UNTRUSTED;
            }
        }
        return found;
    }

    private static Refusal byMessage(String message) {
        if (message.contains("server name")) {
            return Refusal.UNKNOWN_SNI;
        }
        if (message.contains("Received fatal alert")) {
            return Refusal.TLS_ALERT;
        }
        if (message.contains("SSL message") || message.contains("SSL/TLS record")) {
            return Refusal.NOT_TLS;
        }
        if (message.contains("protocol version") || message.contains("Client requested protocol")) {
            return Refusal.TLS_VERSION;
        }
        if (message.contains("cipher suites in common") || message.contains("signature algorithm")) {
            return Refusal.TLS_CIPHER;
        }
        if (message.contains("mpty client certificate chain") || message.contains("null cert chain")) {
            return Refusal.CLIENT_CERTIFICATE_MISSING;
        }
        return Refusal.TLS_HANDSHAKE;
    }
}
