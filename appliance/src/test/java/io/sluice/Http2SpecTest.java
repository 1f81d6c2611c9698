package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sluice.FakeLiberator.Conversation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The cases of h2spec, where it is at hand: {@code -Dh2spec=PATH}. */
class Http2SpecTest {
    @RegisterExtension
    final Sluices sluices = new Sluices();

    @Test
    void h2spec_finds_no_fault() throws Exception {
        Path program = Path.of(System.getProperty("h2spec", "/usr/local/bin/h2spec"));
        assumeTrue(Files.isExecutable(program), () -> program + " is not there");
        FakeLiberator fake = sluices.liberator();
        sluices.start("""
                liberators:
                  - { name: lib-a, address: "127.0.0.1:%d", health: off }
                listeners:
                  - { name: plain, bind: "127.0.0.1:0", protocols: [ h2 ], liberator: lib-a }
                """.formatted(fake.port()));
        Peer.aside(() -> {
            while (true) {
                Conversation next = fake.next();
                Peer.aside(() -> answer(next));
            }
        });
        String port = Integer.toString(sluices.address("plain").getPort());
        Process process = new ProcessBuilder(program.toString(), "-S", "-h", "127.0.0.1", "-p", port)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output).contains(" 0 failed");
    }

    private static void answer(Conversation liberator) {
        while (true) {
            String head = liberator.expectHead("");
            if (head.contains("chunked")) {
                String chunk = liberator.readChunk();
                while (!chunk.startsWith("0\r\n")) {
                    chunk = liberator.readChunk();
                }
            }
            liberator.answer("an answer of some length");
        }
    }
}
