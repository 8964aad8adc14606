package dev.holdfast.kinds.secretsmanager;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.aws.PolicyDocuments;
import dev.holdfast.aws.SdkShapes;
import dev.holdfast.kind.*;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.wire.Wire;
import dev.holdfast.kinds.secretsmanager.SecretKind.Spec;
import dev.holdfast.model.Health;
import dev.holdfast.model.Phase;
import dev.holdfast.model.ResourceId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.DescribeSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.Filter;
import software.amazon.awssdk.services.secretsmanager.model.FilterNameStringType;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;

/**
 * Finds secrets in two ways: by one list of the stack's secrets, which is cheap but minutes behind, and by point reads
 * where the list cannot be right yet.
 */
final class SecretReader {
    private final Scope<Spec> scope;
    private final SecretsManagerClient client;

    /** The desired secrets, by name. */
    private final Map<String, Spec> desired = new HashMap<>();

    SecretReader(Scope<Spec> scope) {
        this.scope = scope;
        this.client = scope.client(SecretsManagerClient.class);
        for (Wanted<Spec> w : scope.wanted()) {
            if (w.desired() != null && w.physicalName() != null) {
                desired.put(w.physicalName(), w.desired());
            }
        }
    }

    List<Observation<Spec>> read() {
        List<DescribeSecretResponse> listed = scope.confirming() ? List.of() : list(scope);
        List<Ask> asks = asks(listed);
        Set<String> asked = new HashSet<>();
        asks.forEach(ask -> asked.add(ask.name()));
        List<DescribeSecretResponse> rest = listed.stream()
                .filter(f -> fromTheList(f) && !asked.contains(f.name()))
                .toList();
        List<Observation<Spec>> known = new ArrayList<>(scope.each(
                rest, SecretReader::identity, (f, identity) -> known(fresh(f, desired.get(f.name())))));
        known.addAll(scope.each(
                asks, ask -> Identity.of(ask.id()).belongingTo(ask.resource()), (ask, identity) -> pointRead(ask)));
        return known;
    }

    /**
     * Whether the list counts: a secret that the list shows as scheduled for deletion may be restored or deleted by
     * now.
     */
    private boolean fromTheList(DescribeSecretResponse f) {
        return desired.containsKey(f.name()) && f.deletedDate() == null;
    }

    /**
     * A point read.
     *
     * @param id ARN or name
     * @param resource the wanted resource that the secret would be; null: none
     * @param orphan not desired: read only now and then, and after each write
     */
    private record Ask(String id, @Nullable ResourceId resource, boolean orphan) {
        String name() {
            return nameOf(id);
        }
    }

    /** An ARN ends with the name, a hyphen and six random characters. */
    private static String nameOf(String arnOrName) {
        String name = Values.last(arnOrName, ':');
        return arnOrName.startsWith("arn:") && name.length() > 7 ? name.substring(0, name.length() - 7) : name;
    }

    /**
     * The point reads of wanted secrets that the list does not show yet: by the recorded ARN, and also by name if the
     * record has another name or is absent. Secrets that no document desires any more may be scheduled for deletion by
     * now, so that they are read too.
     */
    private List<Ask> asks(List<DescribeSecretResponse> listed) {
        Set<String> shown = listed.stream()
                .filter(this::fromTheList)
                .flatMap(f -> Stream.of(f.arn(), f.name()))
                .collect(Collectors.toSet());
        List<Ask> asks = new ArrayList<>();
        Set<String> asked = new HashSet<>();
        for (Wanted<Spec> w : scope.wanted()) {
            boolean orphan = w.desired() == null && !scope.confirming();
            String arn = unless(shown, w.physicalId());
            String name = unless(shown, w.physicalName());
            if (arn != null) {
                asks.add(new Ask(arn, w.id(), orphan));
                asked.add(nameOf(arn));
            }
            if (name != null && asked.add(name)) {
                asks.add(new Ask(name, w.id(), orphan));
            }
        }
        if (scope.sweep()) {
            listed.stream()
                    .filter(f -> !fromTheList(f) && f.deletedDate() == null && asked.add(f.name()))
                    .forEach(f -> asks.add(new Ask(f.arn(), null, true)));
        }
        return asks;
    }

    private static @Nullable String unless(Set<String> shown, @Nullable String id) {
        return id == null || Unresolved.is(id) || shown.contains(id) ? null : id;
    }

    private @Nullable Known<Spec> pointRead(Ask ask) {
        Optional<DescribeSecretResponse> found =
                ask.orphan() ? scope.slow(ask.id(), "state", () -> find(ask)) : find(ask);
        return found.filter(f -> f.deletedDate() == null || desired.containsKey(f.name()))
                .map(this::known)
                .orElse(null);
    }

    /** A secret that was created again under the same name has another ARN. */
    private Optional<DescribeSecretResponse> find(Ask ask) {
        Optional<DescribeSecretResponse> found = describe(client, ask.id());
        return found.isPresent() || ask.id().equals(ask.name()) ? found : describe(client, ask.name());
    }

    /** The secrets of the stack, in one list that both kinds share. */
    static List<DescribeSecretResponse> list(Scope<?> scope) {
        SecretsManagerClient client = scope.client(SecretsManagerClient.class);
        return scope.shared("secretsmanager:ListSecrets", () -> list(client, scope.stack()));
    }

    /** Both filters also match longer keys and values that begin with the filter's value. */
    private static List<DescribeSecretResponse> list(SecretsManagerClient client, StackRef stack) {
        return client
                .listSecretsPaginator(r -> r.includePlannedDeletion(true)
                        .maxResults(100)
                        .filters(
                                filter(FilterNameStringType.TAG_KEY, StackRef.STACK_TAG),
                                filter(FilterNameStringType.TAG_VALUE, stack.owner())))
                .stream()
                .flatMap(page -> page.secretList().stream())
                .map(listed -> SdkShapes.copy(listed, DescribeSecretResponse.builder())
                        .tags(listed.tags())
                        .versionIdsToStages(listed.secretVersionsToStages())
                        .build())
                .filter(found -> isOf(stack, found))
                .toList();
    }

    private static Filter filter(FilterNameStringType key, String value) {
        return Filter.builder().key(key).values(value).build();
    }

    /** @return the secret, even if it is scheduled for deletion; empty if no secret exists */
    static Optional<DescribeSecretResponse> describe(SecretsManagerClient client, String arnOrName) {
        return Absent.or(
                Optional.empty(),
                ResourceNotFoundException.class,
                () -> Optional.of(client.describeSecret(r -> r.secretId(arnOrName))));
    }

    /**
     * The list is minutes behind. It counts only where it shows exactly the desired state; otherwise it may be older
     * than Holdfast's own last write.
     *
     * @see <a href="https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ListSecrets.html">ListSecrets</a>
     */
    private DescribeSecretResponse fresh(DescribeSecretResponse listed, @Nullable Spec desired) {
        if (desired == null) {
            return listed;
        }
        Map<String, String> tags = SdkShapes.map(listed.tags());
        tags.keySet().removeIf(k -> k.startsWith("aws:"));
        Map<String, String> desiredTags = Objects.requireNonNullElse(desired.tags(), Map.of());
        boolean asDesired = listed.deletedDate() == null
                && (desired.description() == null || desired.description().equals(orNone(listed.description())))
                && (desired.kmsKeyId() == null || desired.kmsKeyId().equals(orNone(listed.kmsKeyId())))
                && tags.entrySet().containsAll(desiredTags.entrySet());
        if (!asDesired) {
            return client.describeSecret(r -> r.secretId(listed.arn()));
        }
        // Additional tags most likely belong to another principal, and do not justify a read in every pass.
        return tags.size() == desiredTags.size()
                ? listed
                : listed.copy(b -> b.tags(scope.slow(
                        listed.arn(),
                        "tags",
                        () -> client.describeSecret(r -> r.secretId(listed.arn()))
                                .tags())));
    }

    /** AWS omits a description that is empty, and the key if it is AWS's own. */
    private static String orNone(@Nullable String text) {
        return Objects.requireNonNullElse(text, "");
    }

    /** A policy that the document does not set is not compared, and would cost one request per secret. */
    private boolean asksForPolicy(DescribeSecretResponse found) {
        Spec wanted = desired.get(found.name());
        return wanted == null || wanted.resourcePolicy() != null;
    }

    private static Identity identity(DescribeSecretResponse found) {
        return Identity.of(found.arn()).named(found.name()).tagged(SdkShapes.map(found.tags()));
    }

    private static boolean isOf(StackRef stack, DescribeSecretResponse found) {
        return stack.owner().equals(SdkShapes.map(found.tags()).get(StackRef.STACK_TAG));
    }

    private Known<Spec> known(DescribeSecretResponse found) {
        boolean going = found.deletedDate() != null;
        Map<String, @Nullable Object> values = new HashMap<>();
        values.put("tags", SdkShapes.map(found.tags()));
        // AWS does not show the policy of a secret that is scheduled for deletion.
        values.put(
                "resourcePolicy",
                going
                        ? PolicyDocuments.parse("{}")
                        : asksForPolicy(found) ? scope.slow(found.arn(), "policy", () -> policy(found.arn())) : null);
        return Known.of(identity(found), Wire.read(Spec.class, values, List.of(found)))
                .output("arn", found.arn())
                .output("name", found.name())
                .output("versionId", currentVersion(found))
                .createdAt(found.createdDate())
                .phase(!going ? Phase.Steady : isOf(scope.stack(), found) ? Phase.Restorable : Phase.Deleting)
                .health(going ? Health.notReady("ScheduledForDeletion", "the value cannot be read") : Health.AVAILABLE);
    }

    /** @return the id of the current version, which is never a pending version; null: the secret has no value */
    static @Nullable String currentVersion(DescribeSecretResponse found) {
        return found.versionIdsToStages().entrySet().stream()
                .filter(version -> version.getValue().contains("AWSCURRENT"))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
    }

    private JsonNode policy(String arn) {
        String text = client.getResourcePolicy(r -> r.secretId(arn)).resourcePolicy();
        return PolicyDocuments.parse(text == null ? "{}" : text);
    }
}
