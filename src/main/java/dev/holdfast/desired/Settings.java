package dev.holdfast.desired;

import dev.holdfast.model.Lifecycle;
import dev.holdfast.model.StackSettings;
import dev.holdfast.model.StackSettings.Limits;
import dev.holdfast.model.StackSettings.Mode;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A stack's settings and a resource's lifecycle from JSON that passed its check, with the design's defaults. */
final class Settings {
    private static final Duration INTERVAL = Duration.ofMinutes(1);

    private Settings() {}

    static StackSettings of(String name, Located.Obj spec) {
        String mode = optional(spec, "mode");
        String interval = optional(spec, "interval");
        return new StackSettings(
                name,
                Plain.text(spec, "account"),
                Plain.text(spec, "region"),
                optional(spec, "roleArn"),
                tags(spec),
                mode == null ? Mode.Enforce : Mode.valueOf(mode),
                interval == null ? INTERVAL : Duration.parse(interval),
                flag(spec, "prune", true),
                spec.get("limits") instanceof Located.Obj limits ? limits(limits) : Limits.DEFAULT,
                flag(spec, "showEnvironment", false));
    }

    static Lifecycle lifecycle(@Nullable Located located) {
        if (!(located instanceof Located.Obj rules)) {
            return Lifecycle.DEFAULT;
        }
        String onDelete = optional(rules, "onDelete");
        String onReplace = optional(rules, "onReplace");
        String adopt = optional(rules, "adopt");
        Located ignore = rules.get("ignore");
        return new Lifecycle(
                onDelete == null ? null : Lifecycle.OnDelete.valueOf(onDelete),
                onReplace == null ? null : Lifecycle.OnReplace.valueOf(onReplace),
                adopt == null ? Lifecycle.Adopt.Never : Lifecycle.Adopt.valueOf(adopt),
                optional(rules, "id"),
                ignore == null ? java.util.Set.of() : new TreeSet<>(Plain.texts(ignore)),
                flag(rules, "paused", false),
                flag(rules, "handover", false));
    }

    private static Map<String, String> tags(Located.Obj spec) {
        Map<String, String> tags = new TreeMap<>();
        if (spec.get("tags") instanceof Located.Obj declared) {
            declared.members().keySet().forEach(k -> tags.put(k, Plain.text(declared, k)));
        }
        return tags;
    }

    private static Limits limits(Located.Obj limits) {
        return new Limits(
                number(limits, "maxDeletes", Limits.DEFAULT.maxDeletes()),
                number(limits, "maxReplaces", Limits.DEFAULT.maxReplaces()),
                number(limits, "maxUpdates", Limits.DEFAULT.maxUpdates()),
                number(limits, "maxRollouts", Limits.DEFAULT.maxRollouts()));
    }

    private static @Nullable String optional(Located.Obj object, String name) {
        return object.get(name) == null ? null : Plain.text(object, name);
    }

    private static boolean flag(Located.Obj object, String name, boolean otherwise) {
        return object.get(name) instanceof Located.Value v ? v.json().booleanValue() : otherwise;
    }

    private static int number(Located.Obj object, String name, int otherwise) {
        return object.get(name) instanceof Located.Value v ? v.json().intValue() : otherwise;
    }
}
