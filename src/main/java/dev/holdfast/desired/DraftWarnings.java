package dev.holdfast.desired;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds settings that AWS accepts and that cause problems later. A warning stops no revision. */
final class DraftWarnings {
    private static final Pattern XRAY_DAEMON = Pattern.compile("(?:.*/)?(?:aws-)?xray-daemon(?:[:@].*)?");
    private static final Pattern SECRET = Pattern.compile("\\$\\{(Secret/[^.}]+)(?:\\.arn)?}(?::.*)?");
    /** A reference to the version makes a new task definition after each rotation. */
    private static final Pattern VERSION = Pattern.compile("\\$\\{[^}]*[vV]ersionId}$");

    private static final Pattern CACHE = Pattern.compile("\\$\\{(ReplicationGroup/[^.}]+)");
    /** By the dimension of a scalable target, the field of a cache that it changes. */
    private static final Map<String, String> SCALED_BY = Map.of(
            "elasticache:replication-group:NodeGroups", "numNodeGroups",
            "elasticache:replication-group:Replicas", "replicasPerNodeGroup");

    private final Map<String, ResourceDraft> drafts;
    private final List<Problem> warnings = new ArrayList<>();

    DraftWarnings(Collection<ResourceDraft> drafts) {
        this.drafts = drafts.stream().collect(Collectors.toMap(d -> d.id().toString(), Function.identity()));
    }

    /** The warnings, in the order of their locations. */
    List<Problem> find() {
        Set<String> rotated = new HashSet<>();
        drafts.values().stream().filter(d -> isA(d, "SecretRotation")).forEach(rotation -> {
            watched(rotation);
            String secret = StackCheck.target(rotation.spec().get("secretId"));
            if (secret != null) {
                rotated.add(secret);
            }
        });
        rotated.removeAll(RotatedLoginCheck.alternating(drafts));
        drafts.values().stream()
                .filter(d -> isA(d, "TaskDefinition"))
                .forEach(task -> RotatedLoginCheck.containers(task).forEach(container -> {
                    daemon(task, container);
                    kept(task, container, rotated);
                }));
        drafts.values().stream().filter(d -> isA(d, "ScalableTarget")).forEach(this::scaled);
        return warnings.stream().sorted().toList();
    }

    private static boolean isA(ResourceDraft draft, String kind) {
        return draft.id().kind().equals(kind);
    }

    private void warn(ResourceDraft draft, @Nullable LocatedJson at, String message, String hint) {
        Problem warning = (at == null ? draft.location() : at.location()).problem(message, hint);
        warnings.add(draft.owner() == null ? warning : warning.in(draft.id(), draft.owner()));
    }

    /**
     * A container with the X-Ray daemon.
     *
     * @see <a href="https://docs.aws.amazon.com/xray/latest/devguide/xray-sdk-daemon-timeline.html">the daemon's support</a>
     */
    private void daemon(ResourceDraft task, LocatedJson.Obj container) {
        String image = container.text("image");
        if (image != null && XRAY_DAEMON.matcher(image).matches()) {
            warn(
                    task,
                    container.get("image"),
                    "the X-Ray daemon has received only security fixes since 2026-02-25",
                    (task.owner() == null ? "replace it" : "set tracing of " + task.owner() + " to true, and remove it")
                            + (task.owner() == null ? " by the CloudWatch agent" : ": this adds the CloudWatch agent")
                            + ", which accepts the data of the X-Ray SDKs on the same port, 2000");
        }
    }

    /**
     * Only an alarm on the errors of its function reports a failed rotation in time. The function of another stack may
     * have an alarm there.
     */
    private void watched(ResourceDraft rotation) {
        LocatedJson arn = rotation.spec().get("rotationLambdaARN");
        String function = StackCheck.target(arn);
        ResourceDraft there = function == null ? null : drafts.get(function);
        if (there != null && drafts.values().stream().noneMatch(d -> isA(d, "Alarm") && watches(d, there))) {
            warn(
                    rotation,
                    arn,
                    "no alarm watches the errors of " + function
                            + ": Secrets Manager sends no message when a rotation fails",
                    "add an Alarm on the metric Errors of AWS/Lambda with the dimension FunctionName ${" + function
                            + ".name}");
        }
    }

    private boolean watches(ResourceDraft alarm, ResourceDraft function) {
        JsonNode spec = alarm.spec().toJson();
        return Stream.concat(Stream.of(spec), spec.path("metrics").valueStream().map(m -> m.at("/metricStat/metric")))
                .anyMatch(metric -> metric.path("namespace").asText().equals("AWS/Lambda")
                        && metric.path("metricName").asText().equals("Errors")
                        && metric.path("dimensions")
                                .valueStream()
                                .anyMatch(d -> names(d.path("value").asText(), function)));
    }

    /** Whether the value of a dimension names the function: a reference, or the name that its document sets. */
    private static boolean names(String value, ResourceDraft function) {
        return value.equals(function.spec().text("functionName"))
                || value.equals("${" + function.id() + "}")
                || value.equals("${" + function.id() + ".name}");
    }

    /**
     * Application Auto Scaling changes the numbers of a cache that a document fixes.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoScaling.html">Auto Scaling of clusters</a>
     */
    private void scaled(ResourceDraft target) {
        JsonNode spec = target.spec().toJson();
        String field = SCALED_BY.get(spec.path("scalableDimension").asText());
        Matcher group = CACHE.matcher(spec.path("resourceId").asText());
        if (field == null || !group.find()) {
            return;
        }
        ResourceDraft cache = drafts.get(group.group(1));
        LocatedJson number = cache == null ? null : cache.spec().get(field);
        if (cache != null && number != null && !ignores(cache, "/" + field)) {
            warn(
                    cache,
                    number,
                    "Application Auto Scaling changes " + field + " for " + target.id()
                            + ", and Holdfast repairs each change",
                    "add \"/" + field + "\" to lifecycle.ignore of " + cache.id());
        }
    }

    private static boolean ignores(ResourceDraft draft, String pointer) {
        LocatedJson.Obj lifecycle = draft.document().object("lifecycle");
        return lifecycle != null
                && lifecycle
                        .toJson()
                        .path("ignore")
                        .valueStream()
                        .anyMatch(one -> one.asText().equals(pointer));
    }

    /** A container keeps the password with which its task was started. */
    private void kept(ResourceDraft task, LocatedJson.Obj container, Set<String> rotated) {
        if (container.get("secrets") instanceof LocatedJson.Arr given) {
            for (LocatedJson variable : given.elements()) {
                LocatedJson from = variable instanceof LocatedJson.Obj one ? one.get("valueFrom") : null;
                String text = from == null ? null : from.text();
                Matcher secret = text == null ? null : SECRET.matcher(text);
                if (secret != null
                        && secret.matches()
                        && rotated.contains(secret.group(1))
                        && !VERSION.matcher(text).find()) {
                    warn(
                            task,
                            from,
                            "the rotation of " + secret.group(1)
                                    + " changes the value, and running tasks keep the former value until they are"
                                    + " restarted",
                            "add the version, ${" + secret.group(1)
                                    + ".versionId}, as the last part of valueFrom, so that a rotation rolls the service"
                                    + " out");
                }
            }
        }
    }
}
