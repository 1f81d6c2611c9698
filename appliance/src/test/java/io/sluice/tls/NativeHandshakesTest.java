package io.sluice.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Security;
import java.security.Signature;
import java.security.interfaces.XECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPublicKeySpec;
import javax.crypto.KeyAgreement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class NativeHandshakesTest {
    @BeforeAll
    static void installed() {
        NativeHandshakes.install();
    }

    private static KeyPair pair(KeyPairGenerator generator, NamedParameterSpec curve) throws GeneralSecurityException {
        generator.initialize(curve);
        return generator.generateKeyPair();
    }

    private static byte[] agree(KeyAgreement agreement, KeyPair own, PublicKey other) throws GeneralSecurityException {
        agreement.init(own.getPrivate());
        agreement.doPhase(other, true);
        return agreement.generateSecret("TlsPremasterSecret").getEncoded();
    }

    @Test
    void stand_first() {
        assertThat(Security.getProviders()[0].getName()).isEqualTo(HandshakeProvider.NAME);
    }

    @Nested
    class Chosen_by_the_property {
        private final ListAppender<ILoggingEvent> said = new ListAppender<>();
        private final Logger log = (Logger) LoggerFactory.getLogger(NativeHandshakes.class);

        @BeforeEach
        void listen() {
            said.start();
            log.addAppender(said);
        }

        @AfterEach
        void stop() {
            log.detachAppender(said);
        }

        @ParameterizedTest
        @CsvSource({"native, true", "Native, true", "jdk, false", "JDK, false"})
        void are_those_that_it_names(String who, boolean wanted) {
            assertThat(NativeHandshakes.isWanted(who)).isEqualTo(wanted);
            assertThat(said.list).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "openssl", "false", "jdk "})
        void are_the_native_ones_where_it_names_neither_and_the_log_says_so(String who) {
            assertThat(NativeHandshakes.isWanted(who)).isTrue();
            assertThat(said.list)
                    .singleElement()
                    .hasToString("[WARN] tls.handshakes detail=\"sluice.handshakes is '" + who
                            + "' (expected native or jdk)\" action=\"native\"");
        }
    }

    /** In the library's own words. */
    @Nested
    class That_cannot_be_had {
        private static final String WITHOUT = "; or do without it: -Dsluice.handshakes=jdk";

        @Test
        void because_nothing_may_be_executed_where_it_is_unpacked_need_another_folder() {
            String temporary = "Failed creating temp file (/tmp/libconscrypt_openjdk_jni-linux-x86_6417954606.so)";
            assertThat(NativeHandshakes.remedy(new UnsatisfiedLinkError(temporary)))
                    .isEqualTo("the library is unpacked to " + System.getProperty("java.io.tmpdir")
                            + ", which must be writable and not mounted noexec: name another folder with"
                            + " -Dorg.conscrypt.native.workdir=FOLDER" + WITHOUT);
        }

        @Test
        void because_the_processor_is_another_one_are_not_to_be_had() {
            String other = "no conscrypt_openjdk_jni-linux-unknown in java.library.path: /usr/java/packages/lib:/lib";
            assertThat(NativeHandshakes.remedy(new UnsatisfiedLinkError(other)))
                    .isEqualTo("the library has no code for " + System.getProperty("os.name") + " on "
                            + System.getProperty("os.arch") + ", only for Linux on x86_64 and aarch64" + WITHOUT);
        }

        @Test
        void because_it_does_not_fit_the_C_library_need_another_one() {
            String musl = "Error loading shared library ld-linux-x86-64.so.2: No such file or directory";
            assertThat(NativeHandshakes.remedy(new UnsatisfiedLinkError(musl)))
                    .isEqualTo("the library needs glibc, which Alpine and others with musl do not have" + WITHOUT);
        }

        @Test
        void because_they_do_not_agree_are_done_without() {
            assertThat(NativeHandshakes.remedy(new GeneralSecurityException("X25519 does not agree with the JDK's")))
                    .endsWith(WITHOUT);
        }
    }

    @RepeatedTest(50)
    void agree_with_the_JDK_on_a_secret() throws GeneralSecurityException {
        KeyPair ours = pair(KeyPairGenerator.getInstance("XDH"), NamedParameterSpec.X25519);
        assertThat(ours.getPublic()).isInstanceOf(NativeX25519.Public.class);
        KeyPair theirs = pair(KeyPairGenerator.getInstance("XDH", "SunEC"), NamedParameterSpec.X25519);
        assertThat(agree(KeyAgreement.getInstance("XDH"), ours, theirs.getPublic()))
                .hasSize(32)
                .isEqualTo(agree(KeyAgreement.getInstance("XDH", "SunEC"), theirs, ours.getPublic()));
    }

    /** RFC 7748 §6.1: an implementation may look for a secret of all zero; RFC 8446 §7.4.2 says that TLS must. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "1",
                "325606250916557431795983626356110631294008115727848805560023387167927233504",
                "39382357235489614581723060781553021112529911719440698176882885853963445705823",
                "57896044618658097711785492504343953926634992332820282019728792003956564819948",
                "57896044618658097711785492504343953926634992332820282019728792003956564819949",
                "57896044618658097711785492504343953926634992332820282019728792003956564819950"
            })
    void refuse_a_key_of_small_order(String u) throws GeneralSecurityException {
        PublicKey small = KeyFactory.getInstance("XDH")
                .generatePublic(new XECPublicKeySpec(NamedParameterSpec.X25519, new BigInteger(u)));
        KeyPair ours = pair(KeyPairGenerator.getInstance("XDH"), NamedParameterSpec.X25519);
        KeyAgreement agreement = KeyAgreement.getInstance("XDH");
        agreement.init(ours.getPrivate());
        assertThatThrownBy(() -> agreement.doPhase(small, true)).isInstanceOf(InvalidKeyException.class);
    }

    @Test
    void leave_other_curves_to_the_JDK() throws GeneralSecurityException {
        KeyPair one = pair(KeyPairGenerator.getInstance("XDH"), NamedParameterSpec.X448);
        KeyPair two = pair(KeyPairGenerator.getInstance("XDH"), NamedParameterSpec.X448);
        assertThat(one.getPublic()).isInstanceOf(XECPublicKey.class).isNotInstanceOf(NativeX25519.Public.class);
        assertThat(agree(KeyAgreement.getInstance("XDH"), one, two.getPublic()))
                .isEqualTo(agree(KeyAgreement.getInstance("XDH"), two, one.getPublic()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"secp256r1", "secp384r1"})
    void sign_what_the_JDK_verifies_and_verify_what_it_signs(String curve) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve));
        KeyPair keys = generator.generateKeyPair();
        byte[] text = {1, 2, 3};
        Signature first = Signature.getInstance("SHA256withECDSA");
        first.initSign(keys.getPrivate());
        assertThat(first.getProvider().getName())
                .isEqualTo(curve.equals("secp256r1") ? HandshakeProvider.NAME : "SunEC");
        first.update(text);
        byte[] signed = first.sign();
        Signature jdk = Signature.getInstance("SHA256withECDSA", "SunEC");
        jdk.initVerify(keys.getPublic());
        jdk.update(text);
        assertThat(jdk.verify(signed)).isTrue();

        jdk.initSign(keys.getPrivate());
        jdk.update(text);
        byte[] signedByJdk = jdk.sign();
        first.initVerify(keys.getPublic());
        first.update(text);
        assertThat(first.verify(signedByJdk)).isTrue();
        first.initVerify(keys.getPublic());
        first.update(new byte[] {1, 2, 4});
        assertThat(first.verify(signedByJdk)).isFalse();
    }
}
