package dev.holdfast.alerts;

import dev.holdfast.engine.ResourceView;
import dev.holdfast.model.Action;
import dev.holdfast.model.SupportEnd;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Alerts 12, 6 and 3 months ahead, and once more on the day: AWS ends its support for the software of a resource, or a
 * certificate expires without a renewal.
 */
final class SupportAlerts {
    static final String REASON = "SupportEnds";
    private static final List<Integer> MONTHS = List.of(3, 6, 12);
    /** Each step is sent once: a person with a year to plan an upgrade needs no reminder every few hours. */
    private static final Duration ONCE = Duration.ofDays(3650);
    /** No resource uses a certificate yet when ACM has just issued it. */
    private static final Duration NEW = Duration.ofHours(1);

    private SupportAlerts() {}

    static List<AlertCause> of(Collection<ResourceView> resources, Instant now) {
        return resources.stream()
                .flatMap(resource -> Stream.ofNullable(of(resource, now)))
                .toList();
    }

    private static boolean isNew(ResourceView resource, Instant now) {
        ResourceView.ShownChange last = resource.lastChange();
        return last != null
                && last.action() == Action.Create
                && last.at().plus(NEW).isAfter(now);
    }

    private static @Nullable AlertCause of(ResourceView resource, Instant now) {
        SupportEnd end = resource.outlook().support();
        LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        LocalDate last = end == null ? LocalDate.MAX : LocalDate.ofInstant(end.at(), ZoneOffset.UTC);
        if (end == null || last.isAfter(today.plusMonths(12)) || isNew(resource, now)) {
            return null;
        }
        boolean over = !today.isBefore(last);
        String ahead = over
                ? "over"
                : MONTHS.stream()
                        .filter(months -> !last.isAfter(today.plusMonths(months)))
                        .findFirst()
                        .map(months -> months + " months")
                        .orElseThrow();
        return new AlertCause(
                new AlertMemory.AlertKey(resource.id(), REASON),
                end.of() + " " + ahead,
                over || Objects.equals(ahead, "3 months") ? Alert.AlertSeverity.Warning : Alert.AlertSeverity.Notice,
                end.ending() + (over ? " ended" : " ends") + " on " + last + "; " + end.then(),
                Duration.ZERO,
                ONCE);
    }
}
