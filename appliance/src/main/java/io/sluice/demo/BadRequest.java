package io.sluice.demo;

import java.io.IOException;

/** What a client sent cannot be served: it is told so once and the connection closes. */
final class BadRequest extends IOException {
    private static final long serialVersionUID = 1L;

    private final int status;

    BadRequest(int status, String why) {
        super(why);
        this.status = status;
    }

    int status() {
        return status;
    }

    String why() {
        return String.valueOf(getMessage());
    }
}
