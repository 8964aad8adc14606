package dev.holdfast.desired;

import dev.holdfast.model.Lifecycle;
import dev.holdfast.model.StackSettings;
import dev.holdfast.model.StackSettings.Limits;
import dev.holdfast.model.StackSettings.Mode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads a stack's settings and a resource's lifecycle from JSON that passed its check, and fills in the defaults. */
final class SettingsReader {
    /** With a shorter interval, the passes would follow each other without a pause. */
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    private static final Duration INTERVAL = Duration.ofMinutes(1);

    private SettingsReader() {}

    /** Checks what text formats cannot express: an interval has a minimum, and a limit is not negative. */
    static void check(LocatedJson.Obj spec, List<Problem> problems) {
        LocatedJson interval = spec.get("interval");
        String text = interval == null ? null : interval.text();
        if (interval != null
                && text != null
                && TextFormat.DURATION.matches(text)
                && Duration.parse(text).compareTo(SHORTEST) < 0) {
            problems.add(interval.location()
                    .problem("expected " + SHORTEST + " or longer, found " + JsonTypeCheck.quoted(text), "as in PT1M"));
        }
        if (spec.get("limits") instanceof LocatedJson.Obj limits) {
            limits.members().values().forEach(m -> {
                if (m.value() instanceof LocatedJson.Value v
                        && (v.json().isInt()
                                ? v.json().intValue() < 0
                                : v.json().isIntegralNumber())) {
                    problems.add(v.location()
                            .problem("expected a number from 0 up, found " + v.json(), "0 holds every such step"));
                }
            });
        }
    }

    static StackSettings of(String name, LocatedJson.Obj spec) {
        String mode = optional(spec, "mode");
        String interval = optional(spec, "interval");
        return new StackSettings(
                name,
                EnvelopeText.text(spec, "account"),
                EnvelopeText.text(spec, "region"),
                optional(spec, "roleArn"),
                tags(spec),
                mode == null ? Mode.Enforce : Mode.valueOf(mode),
                interval == null ? INTERVAL : Duration.parse(interval),
                flag(spec, "prune", true),
                spec.get("limits") instanceof LocatedJson.Obj limits ? limits(limits) : Limits.DEFAULT,
                flag(spec, "showEnvironment", false));
    }

    static Lifecycle lifecycle(@Nullable LocatedJson located) {
        if (!(located instanceof LocatedJson.Obj rules)) {
            return Lifecycle.DEFAULT;
        }
        String onDelete = optional(rules, "onDelete");
        String onReplace = optional(rules, "onReplace");
        String adopt = optional(rules, "adopt");
        LocatedJson ignore = rules.get("ignore");
        return new Lifecycle(
                onDelete == null ? null : Lifecycle.OnDelete.valueOf(onDelete),
                onReplace == null ? null : Lifecycle.OnReplace.valueOf(onReplace),
                adopt == null ? Lifecycle.Adopt.Never : Lifecycle.Adopt.valueOf(adopt),
                optional(rules, "id"),
                ignore == null ? Set.of() : new TreeSet<>(EnvelopeText.texts(ignore)),
                flag(rules, "paused", false),
                flag(rules, "handover", false));
    }

    private static Map<String, String> tags(LocatedJson.Obj spec) {
        Map<String, String> tags = new TreeMap<>();
        if (spec.get("tags") instanceof LocatedJson.Obj declared) {
            declared.members().keySet().forEach(k -> tags.put(k, EnvelopeText.text(declared, k)));
        }
        return tags;
    }

    private static Limits limits(LocatedJson.Obj limits) {
        return new Limits(
                number(limits, "maxDeletes", Limits.DEFAULT.maxDeletes()),
                number(limits, "maxReplaces", Limits.DEFAULT.maxReplaces()),
                number(limits, "maxUpdates", Limits.DEFAULT.maxUpdates()),
                number(limits, "maxRollouts", Limits.DEFAULT.maxRollouts()));
    }

    private static @Nullable String optional(LocatedJson.Obj object, String name) {
        return object.get(name) == null ? null : EnvelopeText.text(object, name);
    }

    private static boolean flag(LocatedJson.Obj object, String name, boolean otherwise) {
        return object.get(name) instanceof LocatedJson.Value v ? v.json().booleanValue() : otherwise;
    }

    private static int number(LocatedJson.Obj object, String name, int otherwise) {
        return object.get(name) instanceof LocatedJson.Value v ? v.json().intValue() : otherwise;
    }
}
