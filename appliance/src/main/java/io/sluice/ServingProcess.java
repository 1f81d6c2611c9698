package io.sluice;

import io.sluice.handover.Incumbent;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The service and whoever supervises it, as one who may have to make room for a successor. */
final class ServingProcess implements Incumbent {
    private final Service service;
    private final Supervisor supervisor;

    ServingProcess(Service service, Supervisor supervisor) {
        this.service = service;
        this.supervisor = supervisor;
    }

    @Override
    public void share(boolean sharing) throws IOException {
        service.share(sharing);
    }

    @Override
    public void announce(long pid) throws IOException {
        supervisor.succeededBy(pid);
    }

    @Override
    public void leave() {
        service.leave();
    }

    @Override
    public int retire(@Nullable Duration drain) {
        return service.retire(drain);
    }
}
