package io.sluice.tls;

import static io.sluice.tls.TestAuthority.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.config.TlsConfig.CertificateFiles;
import io.sluice.tls.TestAuthority.Issued;
import io.sluice.tls.TestAuthority.Wanted;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostCertificatesTest {
    private static final TestAuthority ROOT = TestAuthority.root();
    private static final TestAuthority MIDDLE = ROOT.intermediate();

    @TempDir
    Path folder;

    private HostCertificates read(CertificateFiles... files) throws IOException {
        return HostCertificates.read(List.of(files));
    }

    private HostCertificates read(Issued issued, String key, @Nullable String password) throws IOException {
        issued.write(folder, "a");
        put(folder.resolve("a.key"), key);
        return read(password == null ? pem() : pem("a", put(folder.resolve("a.pass"), password)));
    }

    private CertificateFiles pem() {
        return pem("a", null);
    }

    private CertificateFiles pem(String name, @Nullable Path passwordFile) {
        return new CertificateFiles.Pem(folder.resolve(name + ".pem"), folder.resolve(name + ".key"), passwordFile);
    }

    private static Issued issued(boolean rsa) {
        Wanted wanted = new Wanted().names("fx.example.com");
        return MIDDLE.issue(rsa ? wanted.rsa() : wanted);
    }

    private static String encrypted(Issued issued, ASN1ObjectIdentifier cipher, AlgorithmIdentifier hash)
            throws Exception {
        JceOpenSSLPKCS8EncryptorBuilder encryptor = new JceOpenSSLPKCS8EncryptorBuilder(cipher)
                .setProvider(new BouncyCastleProvider())
                .setPRF(hash)
                .setPassword("open sesame".toCharArray());
        PemObject object = new JcaPKCS8Generator(issued.key(), encryptor.build()).generate();
        return TestAuthority.pem(object.getType(), List.of(object.getContent()));
    }

    @Nested
    class A_key {
        @ParameterizedTest
        @ValueSource(booleans = {false, true})
        void may_be_PKCS8(boolean rsa) throws Exception {
            Issued issued = issued(rsa);
            issued.write(folder, "a");

            HostCertificate read = read(pem()).all().get(0);

            assertThat(read.key()).isEqualTo(issued.key());
            assertThat(read.chain()).containsExactly(issued.certificate(), MIDDLE.certificate());
            assertThat(read.names()).containsExactly("fx.example.com");
        }

        @ParameterizedTest
        @ValueSource(booleans = {false, true})
        void may_have_the_form_of_its_own_standard(boolean rsa) throws Exception {
            Issued issued = issued(rsa);
            String text = TestAuthority.traditional(issued.key());
            assertThat(text).startsWith(rsa ? "-----BEGIN RSA PRIVATE KEY-----" : "-----BEGIN EC PRIVATE KEY-----");

            HostCertificates read = read(issued, text, null);

            assertThat(read.all().get(0).key()).isEqualTo(issued.key());
        }

        @Test
        void may_follow_the_parameters_that_OpenSSL_writes_before_it() throws Exception {
            Issued issued = issued(false);
            String parameters = TestAuthority.pem("EC PARAMETERS", List.of(new byte[] {6, 1, 1}));

            HostCertificates read = read(issued, parameters + TestAuthority.traditional(issued.key()), null);

            assertThat(read.all().get(0).key()).isEqualTo(issued.key());
        }

        static Stream<Arguments> encryptions() {
            return Stream.of(
                    Arguments.of(PKCS8Generator.AES_128_CBC, PKCS8Generator.PRF_HMACSHA1, false),
                    Arguments.of(PKCS8Generator.AES_256_CBC, PKCS8Generator.PRF_HMACSHA1, true),
                    Arguments.of(PKCS8Generator.AES_256_CBC, PKCS8Generator.PRF_HMACSHA256, false),
                    Arguments.of(PKCS8Generator.AES_256_CBC, PKCS8Generator.PRF_HMACSHA256, true),
                    Arguments.of(PKCS8Generator.AES_128_CBC, PKCS8Generator.PRF_HMACSHA512, false));
        }

        @ParameterizedTest
        @MethodSource("encryptions")
        void may_be_encrypted(ASN1ObjectIdentifier cipher, AlgorithmIdentifier hash, boolean rsa) throws Exception {
            Issued issued = issued(rsa);

            HostCertificates read = read(issued, encrypted(issued, cipher, hash), "open sesame\r\nsecond line\n");

            assertThat(read.all().get(0).key()).isEqualTo(issued.key());
        }

        @Test
        void needs_its_password() throws Exception {
            Issued issued = issued(false);
            String key = encrypted(issued, PKCS8Generator.AES_256_CBC, PKCS8Generator.PRF_HMACSHA256);

            assertThatThrownBy(() -> read(issued, key, null))
                    .isInstanceOf(IOException.class)
                    .hasMessage(folder + "/a.key: the key is encrypted, and no passwordFile is given");
            assertThatThrownBy(() -> read(issued, key, "open cucumber"))
                    .hasMessage(folder + "/a.key: the password in " + folder + "/a.pass does not open the key");
            assertThatThrownBy(() -> read(issued, key, "\n"))
                    .hasMessage(folder + "/a.pass: the first line is empty (expected a password)");
        }

        @Test
        void that_is_encrypted_in_a_way_the_JDK_does_not_know_is_refused_with_the_remedy() throws Exception {
            Issued issued = issued(false);
            String key = encrypted(issued, PKCSObjectIdentifiers.des_EDE3_CBC, PKCS8Generator.PRF_HMACSHA1);

            assertThatThrownBy(() -> read(issued, key, "open sesame"))
                    .hasMessageStartingWith(folder + "/a.key: the key is encrypted in a way that is not supported")
                    .hasMessageContaining("openssl pkcs8 -topk8");
            assertThatThrownBy(() -> read(
                            issued,
                            "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAAA\n"
                                    + "-----END EC PRIVATE KEY-----\n",
                            "open sesame"))
                    .hasMessageStartingWith(folder + "/a.key: is encrypted in the old form of OpenSSL")
                    .hasMessageContaining("openssl pkcs8 -topk8");
        }

        @Test
        void of_another_certificate_is_refused() throws Exception {
            Issued issued = issued(false);
            String others =
                    TestAuthority.pem("PRIVATE KEY", List.of(issued(false).key().getEncoded()));
            String rsa = TestAuthority.traditional(issued(true).key());

            assertThatThrownBy(() -> read(issued, others, null))
                    .hasMessage(folder + "/a.key: the key does not belong to the certificate in " + folder + "/a.pem");
            assertThatThrownBy(() -> read(issued, rsa, null))
                    .hasMessage(folder + "/a.key: the key is of kind RSA, the certificate's is EC: they do not belong"
                            + " together");
        }

        @Test
        void that_is_damaged_is_refused_without_showing_a_byte_of_it() throws Exception {
            Issued issued = issued(false);
            byte[] broken = issued.key().getEncoded();
            broken[5] ^= 0x55;
            String whole = TestAuthority.pem("PRIVATE KEY", List.of(issued.key().getEncoded()));

            assertThatThrownBy(() -> read(issued, TestAuthority.pem("PRIVATE KEY", List.of(broken)), null))
                    .hasMessage(folder + "/a.key: the key is damaged, or not of the kind of the certificate's (EC)");
            assertThatThrownBy(() -> read(issued, whole.substring(0, whole.length() / 2), null))
                    .hasMessage(folder + "/a.key:1: 'BEGIN PRIVATE KEY' has no END; is the file written to its end?");
            assertThatThrownBy(() -> read(issued, whole.replace("M", "?"), null))
                    .hasMessage(folder + "/a.key:1: the content of 'PRIVATE KEY' is not base64");
            assertThatThrownBy(() -> read(issued, "", null))
                    .hasMessage(folder + "/a.key: holds no private key (expected one)");
            assertThatThrownBy(() -> read(issued, whole + whole, null))
                    .hasMessage(folder + "/a.key: holds 2 private keys (expected one)");
        }
    }

    @Nested
    class A_chain {
        @Test
        void in_disorder_is_refused() throws Exception {
            Issued issued = issued(false);
            issued.write(folder, "a");
            List<X509Certificate> mixed = new ArrayList<>(List.of(issued.certificate(), ROOT.certificate()));
            mixed.add(MIDDLE.certificate());
            put(folder.resolve("a.pem"), TestAuthority.pem("CERTIFICATE", TestAuthority.encoded(mixed)));

            assertThatThrownBy(() -> read(pem()))
                    .hasMessage(folder + "/a.pem: certificate 2 (CN=Test Root) did not issue certificate 1 (CN=test);"
                            + " expected the server's own certificate first and each one's issuer behind it");

            Collections.reverse(mixed);
            put(folder.resolve("a.pem"), TestAuthority.pem("CERTIFICATE", TestAuthority.encoded(mixed)));
            assertThatThrownBy(() -> read(pem())).hasMessageContaining("the key does not belong to the certificate");
        }

        @Test
        void may_have_its_root_and_text_between() throws Exception {
            Issued issued = issued(false);
            issued.write(folder, "a");
            put(
                    folder.resolve("a.pem"),
                    "subject=fx\n" + Files.readString(folder.resolve("a.pem")) + "\nissuer=root\n"
                            + TestAuthority.pem("CERTIFICATE", List.of(TestAuthority.encoded(ROOT.certificate()))));

            assertThat(read(pem()).all().get(0).chain()).hasSize(3);
        }

        @Test
        void that_is_damaged_is_refused() throws Exception {
            issued(false).write(folder, "a");
            String whole = Files.readString(folder.resolve("a.pem"));

            put(folder.resolve("a.pem"), whole.substring(0, whole.length() - 40));
            assertThatThrownBy(() -> read(pem())).hasMessageEndingWith("is the file written to its end?");

            put(folder.resolve("a.pem"), TestAuthority.pem("CERTIFICATE", List.of(new byte[] {0x30, 1, 2})));
            assertThatThrownBy(() -> read(pem())).hasMessageStartingWith(folder + "/a.pem: certificate 1 is damaged: ");

            put(folder.resolve("a.pem"), "nothing\n");
            assertThatThrownBy(() -> read(pem())).hasMessage(folder + "/a.pem: holds no certificate");

            put(folder.resolve("a.pem"), TestAuthority.encoded(ROOT.certificate()));
            assertThatThrownBy(() -> read(pem())).hasMessageStartingWith(folder + "/a.pem: is DER, not PEM");

            Files.delete(folder.resolve("a.pem"));
            assertThatThrownBy(() -> read(pem())).hasMessage(folder + "/a.pem: there is no such file");
        }
    }

    @Nested
    class A_PKCS12_file {
        private void write(Issued... all) throws Exception {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (Issued each : all) {
                store.setKeyEntry(each.serial(), each.key(), "secret".toCharArray(), each.chainArray());
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            store.store(out, "secret".toCharArray());
            put(folder.resolve("a.p12"), out.toByteArray());
            put(folder.resolve("a.pass"), "secret\n");
        }

        private CertificateFiles store() {
            return new CertificateFiles.Pkcs12(folder.resolve("a.p12"), folder.resolve("a.pass"));
        }

        @Test
        void serves_every_key_in_it_with_its_chain() throws Exception {
            Issued ec = issued(false);
            Issued rsa = issued(true);
            write(ec, rsa);

            assertThat(read(store()).all())
                    .extracting(HostCertificate::own)
                    .containsExactlyInAnyOrder(ec.certificate(), rsa.certificate());
            assertThat(read(store()).all()).allMatch(each -> each.chain().size() == 2);
        }

        @Test
        void that_cannot_be_used_is_refused() throws Exception {
            write(issued(false));
            put(folder.resolve("a.pass"), "wrong\n");
            assertThatThrownBy(() -> read(store()))
                    .hasMessage(folder + "/a.p12: the password in " + folder + "/a.pass does not open it");

            write();
            assertThatThrownBy(() -> read(store()))
                    .hasMessage(folder + "/a.p12: holds no private key with a certificate");

            put(folder.resolve("a.p12"), "no store");
            assertThatThrownBy(() -> read(store())).hasMessage(folder + "/a.p12: is no PKCS #12 file, or is damaged");

            Files.delete(folder.resolve("a.pass"));
            assertThatThrownBy(() -> read(store())).hasMessage(folder + "/a.pass: there is no such file");
        }
    }

    @Nested
    class The_choice {
        private HostCertificates certificates;

        private @Nullable String chosen(@Nullable String host, String keyType) {
            HostCertificate found = certificates.choose(host, keyType);
            return found == null ? null : found.file().getFileName().toString();
        }

        private void serve(String... names) throws Exception {
            List<CertificateFiles> files = new ArrayList<>();
            for (String each : names) {
                boolean rsa = each.startsWith("rsa:");
                Wanted wanted = new Wanted().names(each.substring(each.indexOf(':') + 1));
                String name = each.replace(':', '-').replace('*', '_');
                MIDDLE.issue(rsa ? wanted.rsa() : wanted).write(folder, name);
                files.add(pem(name, null));
            }
            certificates = HostCertificates.read(files);
        }

        @Test
        void takes_the_exact_name_before_a_wildcard() throws Exception {
            serve("ec:other.net", "ec:*.example.com", "ec:fx.example.com");

            assertThat(chosen("fx.example.com", "EC")).isEqualTo("ec-fx.example.com.pem");
            assertThat(chosen("a.example.com", "EC")).isEqualTo("ec-_.example.com.pem");
            assertThat(certificates.covers("a.b.example.com")).isFalse();
            assertThat(certificates.covers("example.com")).isFalse();
        }

        @Test
        void takes_the_type_of_key_that_is_asked_for() throws Exception {
            serve("ec:fx.example.com", "rsa:fx.example.com");

            assertThat(chosen("fx.example.com", "EC")).isEqualTo("ec-fx.example.com.pem");
            assertThat(chosen("fx.example.com", "RSA")).isEqualTo("rsa-fx.example.com.pem");
            assertThat(chosen("fx.example.com", "RSASSA-PSS")).isEqualTo("rsa-fx.example.com.pem");
            assertThat(chosen("fx.example.com", "EdDSA")).isNull();
        }

        @Test
        void does_not_leave_the_exact_name_for_the_sake_of_a_type() throws Exception {
            serve("rsa:*.example.com", "ec:fx.example.com");

            assertThat(chosen("fx.example.com", "RSA")).isNull();
            assertThat(chosen("a.example.com", "RSA")).isEqualTo("rsa-_.example.com.pem");
        }

        @Test
        void is_the_first_where_no_name_is_asked_for() throws Exception {
            serve("ec:a.example.com", "rsa:b.example.com");

            assertThat(chosen(null, "EC")).isEqualTo("ec-a.example.com.pem");
            assertThat(chosen(null, "RSA")).isEqualTo("rsa-b.example.com.pem");
            assertThat(chosen("nobody.example.com", "EC")).isEqualTo("ec-a.example.com.pem");
        }
    }

    @Test
    void a_certificate_without_alternative_names_is_for_its_common_name() throws Exception {
        ROOT.issue(new Wanted().subject("O=Bank,CN=FX.example.com")).write(folder, "a");

        assertThat(Objects.requireNonNull(read(pem()).choose("fx.example.com", "EC"))
                        .names())
                .containsExactly("fx.example.com");
    }
}
