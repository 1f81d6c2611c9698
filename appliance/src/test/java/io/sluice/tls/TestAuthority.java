package io.sluice.tls;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaMiscPEMGenerator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;
import org.jspecify.annotations.Nullable;

/** A certificate authority of a test, and the certificates it issues. */
public final class TestAuthority {
    private static final AtomicLong LAST_SERIAL = new AtomicLong(1000);
    private static final KeyPair RSA = rsa();

    private final Issued own;
    private final @Nullable TestAuthority above;

    private TestAuthority(Issued own, @Nullable TestAuthority above) {
        this.own = own;
        this.above = above;
    }

    /** A certificate, its key, and the certificates between it and the root. */
    public record Issued(X509Certificate certificate, PrivateKey key, List<X509Certificate> issuers) {
        public String serial() {
            return certificate.getSerialNumber().toString(16);
        }

        /** The chain without the root, as a server sends it. */
        public List<X509Certificate> chain() {
            List<X509Certificate> chain = new ArrayList<>(List.of(certificate));
            issuers.stream()
                    .filter(each -> !each.getIssuerX500Principal().equals(each.getSubjectX500Principal()))
                    .forEach(chain::add);
            return chain;
        }

        public X509Certificate[] chainArray() {
            return chain().toArray(new X509Certificate[0]);
        }

        /** Writes {@code NAME.pem} and {@code NAME.key} (PKCS #8), each in one step. */
        public Issued write(Path folder, String name) {
            put(folder.resolve(name + ".pem"), pem("CERTIFICATE", encoded(chain())));
            put(folder.resolve(name + ".key"), pem("PRIVATE KEY", List.of(key.getEncoded())));
            return this;
        }
    }

    /** What is asked of a certificate. */
    public static final class Wanted {
        private String subject = "CN=test";
        private List<String> names = List.of();
        private KeyPair key = ec();
        private Instant from = Instant.now().minus(Duration.ofDays(1));
        private Instant until = Instant.now().plus(Duration.ofDays(90));
        private boolean authority;

        public Wanted subject(String text) {
            subject = text;
            return this;
        }

        public Wanted names(String... all) {
            names = List.of(all);
            return this;
        }

        public Wanted rsa() {
            key = RSA;
            return this;
        }

        public Wanted from(Instant instant) {
            from = instant;
            return this;
        }

        public Wanted until(Instant instant) {
            until = instant;
            return this;
        }
    }

    public static TestAuthority root() {
        return root("CN=Test Root");
    }

    public static TestAuthority root(String subject) {
        Wanted wanted = new Wanted().subject(subject);
        wanted.authority = true;
        return new TestAuthority(sign(wanted, null), null);
    }

    public TestAuthority intermediate() {
        Wanted wanted = new Wanted().subject("CN=Test Intermediate");
        wanted.authority = true;
        return new TestAuthority(sign(wanted, this), this);
    }

    /** An EC certificate for {@code names}. */
    public Issued issue(String... names) {
        return issue(new Wanted().names(names));
    }

    public Issued issue(Wanted wanted) {
        return sign(wanted, this);
    }

    public X509Certificate certificate() {
        return own.certificate();
    }

    /** Writes its certificate, and returns the file. */
    public Path write(Path folder, String name) {
        Path file = folder.resolve(name);
        put(file, pem("CERTIFICATE", List.of(encoded(certificate()))));
        return file;
    }

    private static Issued sign(Wanted wanted, @Nullable TestAuthority by) {
        try {
            X500Name subject = new X500Name(wanted.subject);
            X500Name issuer = by == null
                    ? subject
                    : X500Name.getInstance(
                            by.certificate().getSubjectX500Principal().getEncoded());
            X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    issuer,
                    BigInteger.valueOf(LAST_SERIAL.incrementAndGet()),
                    Date.from(wanted.from),
                    Date.from(wanted.until),
                    subject,
                    wanted.key.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(wanted.authority));
            if (!wanted.names.isEmpty()) {
                GeneralName[] names = wanted.names.stream()
                        .map(each -> new GeneralName(GeneralName.dNSName, each))
                        .toArray(GeneralName[]::new);
                builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
            }
            PrivateKey signer = by == null ? wanted.key.getPrivate() : by.own.key();
            X509Certificate certificate = new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder(
                                    signer.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA")
                            .build(signer)));
            List<X509Certificate> issuers = new ArrayList<>();
            for (TestAuthority each = by; each != null; each = each.above) {
                issuers.add(each.certificate());
            }
            return new Issued(certificate, wanted.key.getPrivate(), issuers);
        } catch (CertIOException | OperatorCreationException | GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    // ---------------------------------------------------------------- files

    static List<byte[]> encoded(List<X509Certificate> chain) {
        return chain.stream().map(TestAuthority::encoded).toList();
    }

    static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    static String pem(String label, List<byte[]> contents) {
        StringWriter text = new StringWriter();
        try (PemWriter out = new PemWriter(text)) {
            for (byte[] each : contents) {
                out.writeObject(new PemObject(label, each));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /** The key in its own standard's form: PKCS #1 or SEC 1. */
    static String traditional(PrivateKey key) {
        StringWriter text = new StringWriter();
        try (PemWriter out = new PemWriter(text)) {
            out.writeObject(new JcaMiscPEMGenerator(key));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /** Replaces {@code file} in one step, as those who renew certificates do. */
    public static Path put(Path file, String text) {
        return put(file, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public static Path put(Path file, byte[] content) {
        try {
            Path beside = file.resolveSibling(file.getFileName() + ".new");
            Files.write(beside, content);
            return Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // ---------------------------------------------------------------- keys

    static KeyPair ec() {
        return pair("EC", 256);
    }

    private static KeyPair rsa() {
        return pair("RSA", 2048);
    }

    private static KeyPair pair(String algorithm, int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(Arrays.toString(e.getStackTrace()), e);
        }
    }
}
