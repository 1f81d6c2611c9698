package io.sluice.config;

import io.sluice.config.TlsConfig.CertificateFiles;
import io.sluice.config.TlsConfig.ClientAuth;
import io.sluice.config.TlsConfig.UnknownSni;
import io.sluice.config.Yaml.Mapping;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code tls}: that of listeners, towards clients, and that of Liberators. */
final class TlsReader {
    private final NamedFiles files;
    private final Problems problems;

    TlsReader(NamedFiles files, Problems problems) {
        this.files = files;
        this.problems = problems;
    }

    /** That of a listener; null when it has none. */
    @Nullable
    TlsConfig ofListener(Section section) {
        if (section.mapping().entries().isEmpty()) {
            return null;
        }
        List<CertificateFiles> certificates = new ArrayList<>();
        for (Section each : section.sections("certificates")) {
            CertificateFiles found = certificate(each);
            if (found != null) {
                certificates.add(found);
            }
        }
        ClientAuth clientAuth = clientAuth(section.text("clientAuth"));
        if (clientAuth == ClientAuth.NONE) {
            for (String key : List.of("trust", "clientSubjectHeader")) {
                if (section.has(key)) {
                    problems.at(section.at(key), "tls." + key + " has no effect without clientAuth: want or need");
                }
            }
        } else if (!section.has("trust")) {
            problems.at(
                    section.at("clientAuth"),
                    "tls has no trust (required for clientAuth: want or need: the authorities of the clients)");
        }
        Set<String> versions = new HashSet<>();
        section.scalars("versions").forEach(version -> versions.add(version.text()));
        return new TlsConfig(
                certificates,
                versions.isEmpty() ? Set.of("TLSv1.2", "TLSv1.3") : versions,
                "default".equals(section.text("unknownSni")) ? UnknownSni.DEFAULT : UnknownSni.REJECT,
                clientAuth,
                clientAuth == ClientAuth.NONE ? null : files.existing(section, "trust"),
                section.text("clientSubjectHeader"));
    }

    private static ClientAuth clientAuth(@Nullable String text) {
        return "want".equals(text) ? ClientAuth.WANT : "need".equals(text) ? ClientAuth.NEED : ClientAuth.NONE;
    }

    /** Null when a file is missing, which was said. */
    private @Nullable CertificateFiles certificate(Section section) {
        Path passwordFile = files.existing(section, "passwordFile");
        if (section.has("keystore")) {
            for (String pem : List.of("chain", "key")) {
                if (section.has(pem)) {
                    problems.at(section.at(pem), pem + " has no effect beside keystore");
                }
            }
            Path keystore = files.existing(section, "keystore");
            return keystore == null || passwordFile == null
                    ? null
                    : new CertificateFiles.Pkcs12(keystore, passwordFile);
        }
        Path chain = files.existing(section, "chain");
        Path key = files.existing(section, "key");
        return chain == null || key == null ? null : new CertificateFiles.Pem(chain, key, passwordFile);
    }

    /** That of {@code liberator}; null when it has none. */
    @Nullable
    LiberatorTlsConfig ofLiberator(Section liberator) {
        if (!(liberator.mapping().get("tls") instanceof Mapping)) {
            return null;
        }
        Section tls = liberator.section("tls");
        boolean verified = !"none".equals(tls.text("verify"));
        if (!verified && tls.has("trust")) {
            problems.at(tls.at("trust"), "tls.trust has no effect with verify: none");
        }
        String serverName = tls.read(
                "serverName",
                text -> HostSyntax.isHost(HostSyntax.canonical(text)) ? HostSyntax.canonical(text) : null,
                "a host name, as in liberator.bank.example");
        return new LiberatorTlsConfig(files.existing(tls, "trust"), serverName, verified);
    }
}
