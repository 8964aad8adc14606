package dev.holdfast.twin.route53;

import static dev.holdfast.twin.store.TwinErrors.error;

import dev.holdfast.twin.store.Delay;
import dev.holdfast.twin.store.TwinContext;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import software.amazon.awssdk.services.route53.model.ChangeInfo;
import software.amazon.awssdk.services.route53.model.ChangeStatus;

/** The changes of zones. Each change reaches all name servers after a while. */
final class ZoneChanges {
    private final TwinContext context;
    /** The time at which each change was accepted, by the change's id. */
    private final Map<String, Instant> changes = new HashMap<>();

    ZoneChanges(TwinContext context) {
        this.context = context;
    }

    /** Records a change that Route 53 accepts now. */
    ChangeInfo begin() {
        String id = "C" + context.hex(19).toUpperCase(Locale.ROOT);
        changes.put(id, context.now());
        return info(id);
    }

    ChangeInfo info(String id) {
        Instant at = changes.get(id);
        if (at == null) {
            throw error(404, "NoSuchChange", "Could not find resource with ID: " + id);
        }
        return ChangeInfo.builder()
                .id("/change/" + id)
                .status(context.passed(Delay.DNS_CHANGE, at) ? ChangeStatus.INSYNC : ChangeStatus.PENDING)
                .submittedAt(at)
                .build();
    }
}
