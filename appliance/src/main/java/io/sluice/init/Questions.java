package io.sluice.init;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Asks on a terminal for what {@code sluice init} needs to know. An empty answer takes what stands in brackets. */
public final class Questions {
    private static final String ADDRESS = ".+:[0-9]{1,5}";
    private static final String NAME = "[A-Za-z0-9._-]{1,63}";
    private static final String YES_OR_NO = "(?i)y|yes|n|no";
    private static final String ANYTHING = ".+";

    private final BufferedReader in;
    private final PrintWriter out;

    public Questions(BufferedReader in, PrintWriter out) {
        this.in = in;
        this.out = out;
    }

    /**
     * Asks until it knows enough.
     *
     * @param jmxPort of the first process
     * @param logFolder where the logs shall go; null = standard output
     * @throws EOFException when there are no more answers
     */
    public Draft ask(int jmxPort, @Nullable String logFolder) throws IOException {
        out.println("Layout A: Liberators behind one address, told apart by host name.");
        out.println("Layout B: an address for each Liberator.");
        Layout layout = Layout.valueOf(ask("Layout", "A", "[AaBb]", "A or B").toUpperCase(Locale.ROOT));
        boolean tls = yes("TLS towards clients", true);
        List<Certificate> certificates = new ArrayList<>();
        while (tls) {
            String chain = ask("Certificate with its chain, a PEM file", null, ANYTHING, "");
            certificates.add(new Certificate(chain, ask("Its key, a PEM file", null, ANYTHING, "")));
            tls = yes("Another certificate", false);
        }
        String port = certificates.isEmpty() ? "8080" : "443";
        String listen =
                layout == Layout.A ? address("Address to listen on, all interfaces or one", "0.0.0.0:" + port) : "";
        List<Backend> liberators = new ArrayList<>();
        do {
            liberators.add(liberator(layout, liberators.size()));
        } while (yes("Another Liberator", liberators.size() < 2));
        boolean instances = layout == Layout.B && yes("A process for each Liberator (sluice@NAME)", false);
        return new Draft(layout, liberators, listen, certificates, instances, jmxPort, logFolder);
    }

    private Backend liberator(Layout layout, int before) throws IOException {
        String name =
                ask("Name of the Liberator", "liberator-" + (char) ('a' + before % 26), NAME, "letters, digits, . _ -");
        String address = address("Where " + name + " listens for HTTP, as in 10.1.0.1:8080", null);
        String host = layout == Layout.A ? ask("Host name that clients ask for", null, ANYTHING, "") : null;
        String listen = layout == Layout.B ? address("Address that shall be " + name, null) : null;
        if (!yes("Does " + name + " take Direct connections (StreamLink type 1)", false)) {
            return new Backend(name, address, host, listen, null, null);
        }
        String direct = address("Where " + name + " takes them", null);
        String directListen = address("Where clients connect for them", "0.0.0.0:" + port(direct));
        return new Backend(name, address, host, listen, direct, directListen);
    }

    /** The port of an address. */
    static String port(String address) {
        return address.substring(address.lastIndexOf(':') + 1);
    }

    private String address(String question, @Nullable String usual) throws IOException {
        return ask(question, usual, ADDRESS, "host:port");
    }

    private boolean yes(String question, boolean usual) throws IOException {
        String answer = ask(question + ", y or n", usual ? "y" : "n", YES_OR_NO, "y or n");
        return answer.startsWith("y") || answer.startsWith("Y");
    }

    private String ask(String question, @Nullable String usual, String good, String expected) throws IOException {
        while (true) {
            out.print(question + (usual == null ? "" : " [" + usual + "]") + ": ");
            out.flush();
            String answer = in.readLine();
            if (answer == null) {
                throw new EOFException("no more answers");
            }
            answer = answer.strip();
            if (answer.isEmpty() && usual != null) {
                return usual;
            }
            if (answer.matches(good)) {
                return answer;
            }
            out.println(
                    "  '" + answer + "' is no answer" + (expected.isEmpty() ? "" : " (expected: " + expected + ")"));
        }
    }
}
