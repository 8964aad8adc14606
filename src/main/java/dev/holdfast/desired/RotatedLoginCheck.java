package dev.holdfast.desired;

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

/**
 * Checks that a container which receives the password of a rotated database login also receives the name of the user.
 * A rotation that alternates between two users changes the name with the password, so that a fixed name fits only every
 * second password. The first rotation already gives the second user. Documents are checked when they are compiled: a
 * revision that was published before stays enforced.
 *
 * @see <a href="https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotation-strategy.html">rotation
 *     strategies</a>
 */
final class RotatedLoginCheck {
    /** A key of a secret of this stack. Without a key, the container receives the whole secret. */
    private static final Pattern KEY = Pattern.compile("\\$\\{(Secret/[^.}]+)(?:\\.arn)?}(?::([^:]*)(?::.*)?)?");

    private final Map<String, ResourceDraft> drafts;
    private final List<Problem> problems;

    RotatedLoginCheck(Collection<ResourceDraft> drafts, List<Problem> problems) {
        this.drafts = drafts.stream().collect(Collectors.toMap(d -> d.id().toString(), Function.identity()));
        this.problems = problems;
    }

    void check() {
        Set<String> alternating = alternating(drafts);
        drafts.values().stream()
                .filter(draft -> draft.id().kind().equals("TaskDefinition"))
                .flatMap(RotatedLoginCheck::containers)
                .forEach(container -> {
                    if (container.get("secrets") instanceof LocatedJson.Arr given) {
                        check(given, alternating);
                    }
                });
    }

    /** The containers of a task definition. */
    static Stream<LocatedJson.Obj> containers(ResourceDraft task) {
        return task.spec().get("containerDefinitions") instanceof LocatedJson.Arr containers
                ? containers.elements().stream()
                        .filter(LocatedJson.Obj.class::isInstance)
                        .map(LocatedJson.Obj.class::cast)
                : Stream.empty();
    }

    /** The secrets of which a rotation changes the user: those that name the secret of a master user. */
    static Set<String> alternating(Map<String, ResourceDraft> drafts) {
        Set<String> all = new HashSet<>();
        for (ResourceDraft draft : drafts.values()) {
            String id = draft.id().kind().equals("SecretRotation")
                    ? StackCheck.target(draft.spec().get("secretId"))
                    : null;
            ResourceDraft secret = id == null ? null : drafts.get(id);
            if (id != null
                    && secret != null
                    && secret.spec()
                            .toJson()
                            .path("generateSecretString")
                            .path("secretStringTemplate")
                            .asText()
                            .contains("\"masterarn\"")) {
                all.add(id);
            }
        }
        return all;
    }

    private void check(LocatedJson.Arr given, Set<String> alternating) {
        Set<String> named = new HashSet<>();
        given.elements().forEach(variable -> {
            Matcher key = key(variable);
            if (key != null && !"password".equals(key.group(2))) {
                // Without a key, the application reads the name from the whole secret.
                named.add(key.group(1) + ":" + (key.group(2) == null ? "" : key.group(2)));
            }
        });
        for (LocatedJson variable : given.elements()) {
            Matcher key = key(variable);
            if (key != null
                    && "password".equals(key.group(2))
                    && alternating.contains(key.group(1))
                    && !named.contains(key.group(1) + ":username")
                    && !named.contains(key.group(1) + ":")) {
                LocatedJson from = ((LocatedJson.Obj) variable).get("valueFrom");
                problems.add((from == null ? variable : from)
                        .location()
                        .problem(
                                "the rotation of " + key.group(1) + " changes the user with the password, and the"
                                        + " container receives only the password",
                                "add a variable with the key \"username\" of the same secret, and let the application"
                                        + " log in with both"));
            }
        }
    }

    private static @Nullable Matcher key(LocatedJson variable) {
        LocatedJson from = variable instanceof LocatedJson.Obj one ? one.get("valueFrom") : null;
        String text = from == null ? null : from.text();
        Matcher key = text == null ? null : KEY.matcher(text);
        return key != null && key.matches() ? key : null;
    }
}
