package io.sluice.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.account.Accounts;
import io.sluice.account.Kind;
import io.sluice.account.Ledger;
import io.sluice.account.StreamLog;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FiguresTest {
    private final Figures figures = new Figures();
    private final Accounts accounts = new Accounts(new StreamLog(Set.of()));
    private final Ledger ledger = accounts.liberator("lib-a");

    private Figures.OfLiberator only() {
        return figures.liberators().iterator().next();
    }

    @Test
    void a_time_is_shown_with_its_kind_and_with_all_kinds_together() {
        figures.record(ledger, Stage.TO_CLIENT, Kind.SSE, 1_000);
        figures.record(ledger, Stage.TO_CLIENT, Kind.SSE, 1_000);
        figures.record(ledger, Stage.TO_CLIENT, Kind.WEBSOCKET, 5_000_000);
        figures.refresh();
        assertThat(only().timedKinds(Stage.TO_CLIENT)).containsExactly(Kind.WEBSOCKET, Kind.SSE);
        assertThat(only().timedKinds(Stage.HEAD)).isEmpty();
        assertThat(only().reading(Stage.TO_CLIENT, Kind.SSE).count()).isEqualTo(2);
        assertThat(only().reading(Stage.TO_CLIENT, null).count()).isEqualTo(3);
        assertThat(only().reading(Stage.TO_CLIENT, null).p50()).isEqualTo(1);
        assertThat(only().reading(Stage.TO_CLIENT, null).sumMillis()).isEqualTo(5.002);
    }

    @Test
    void each_Liberator_has_its_own() {
        figures.record(ledger, Stage.TO_CLIENT, Kind.SSE, 1_000);
        figures.record(accounts.liberator("lib-b"), Stage.TO_CLIENT, Kind.SSE, 2_000);
        assertThat(figures.liberators())
                .hasSize(2)
                .allSatisfy(each -> assertThat(
                                each.reading(Stage.TO_CLIENT, Kind.SSE).count())
                        .isEqualTo(1));
    }

    @Test
    void only_the_first_time_of_a_series_on_a_thread_begins_something() throws Exception {
        int before = figures.begun();
        figures.record(ledger, Stage.TO_CLIENT, Kind.SSE, 1_000);
        assertThat(figures.begun()).isEqualTo(before + 1);
        figures.record(ledger, Stage.TO_CLIENT, Kind.SSE, 1_000);
        assertThat(figures.begun()).isEqualTo(before + 1);
        Thread other = new Thread(() -> figures.record(ledger, Stage.TO_CLIENT, Kind.SSE, 1_000));
        other.start();
        other.join();
        assertThat(figures.begun()).isEqualTo(before + 2);
        assertThat(only().series(Stage.TO_CLIENT, Kind.SSE).total().count()).isEqualTo(3);
    }

    @Test
    void forgetting_one_kind_leaves_the_others() {
        figures.record(ledger, Stage.TO_CLIENT, Kind.SSE, 1_000);
        figures.record(ledger, Stage.TO_CLIENT, Kind.DIRECT, 1_000);
        only().reset(Stage.TO_CLIENT, Kind.SSE);
        assertThat(only().reading(Stage.TO_CLIENT, Kind.SSE)).isEqualTo(Reading.NONE);
        assertThat(only().reading(Stage.TO_CLIENT, null).countTotal()).isEqualTo(1);
        figures.reset();
        assertThat(only().reading(Stage.TO_CLIENT, null)).isEqualTo(Reading.NONE);
    }
}
