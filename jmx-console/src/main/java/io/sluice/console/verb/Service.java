package io.sluice.console.verb;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Bean;
import io.sluice.console.reach.Exit;
import io.sluice.console.reach.Failure;
import org.jspecify.annotations.Nullable;

/** What drain, undrain, enable and disable act on: one Liberator, or all with the appliance itself. */
record Service(Bean bean, String who, String query) {
    /**
     * @param liberator its name; null: all of them together
     * @throws Failure when there is no such Liberator, or the appliance cannot do it
     */
    static Service of(Appliance appliance, @Nullable String liberator, String operation) throws Failure {
        Bean bean = liberator == null ? appliance.bean("Appliance") : appliance.bean("Liberator", liberator);
        if (liberator != null && !bean.isThere()) {
            StringBuilder known = new StringBuilder();
            for (Bean each : appliance.beans("sluice:type=Liberator,*")) {
                known.append(known.isEmpty() ? "" : ", ").append(each.key("name"));
            }
            throw new Failure(Exit.REFUSED, "there is no Liberator '" + liberator + "' (there are " + known + ")");
        }
        if (!bean.has(operation)) {
            throw new Failure(
                    Exit.REFUSED,
                    "the appliance at " + appliance.where() + " has no " + operation + ": its version is "
                            + appliance.bean("Appliance").read("Version").text("Version"));
        }
        return new Service(
                bean,
                liberator == null ? "all Liberators" : liberator,
                liberator == null ? "" : "liberator=" + liberator);
    }

    /** How many open streams it has. */
    long streams(Appliance appliance) throws Failure {
        return appliance.bean("Streams").invoke("count", query) instanceof Integer count ? count : 0;
    }
}
