package io.sluice.tls;

import io.sluice.route.HostName;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * The host names a certificate is for: its alternative names, or its common name where it has none (RFC 6125 §6.4.4).
 */
final class CertificateNames {
    private static final int DNS_NAME = 2;

    private CertificateNames() {}

    static List<String> of(Path file, X509Certificate certificate) throws IOException {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            if (alternatives != null) {
                for (List<?> each : alternatives) {
                    if (Integer.valueOf(DNS_NAME).equals(each.get(0))) {
                        add(names, String.valueOf(each.get(1)));
                    }
                }
                return names;
            }
            for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                if (part.getType().equalsIgnoreCase("CN")) {
                    add(names, String.valueOf(part.getValue()));
                }
            }
            return names;
        } catch (CertificateParsingException | InvalidNameException malformed) {
            throw new IOException(file + ": the names of the certificate are malformed", malformed);
        }
    }

    private static void add(List<String> names, String name) {
        boolean wildcard = name.startsWith("*.");
        String canonical = HostName.canonical(wildcard ? name.substring(2) : name);
        if (canonical != null) {
            names.add(wildcard ? "*." + canonical : canonical);
        }
    }
}
