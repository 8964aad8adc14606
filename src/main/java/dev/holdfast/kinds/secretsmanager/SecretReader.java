package dev.holdfast.kinds.secretsmanager;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.holdfast.aws.PolicyDocuments;
import dev.holdfast.kind.Identity;
import dev.holdfast.kind.Observation;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.Scope;
import dev.holdfast.kind.StackRef;
import dev.holdfast.kind.Unresolved;
import dev.holdfast.kind.Wanted;
import dev.holdfast.kinds.secretsmanager.SecretKind.Spec;
import dev.holdfast.model.Health;
import dev.holdfast.model.Phase;
import dev.holdfast.model.ResourceId;
import java.time.Instant;
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
import software.amazon.awssdk.services.secretsmanager.model.SecretListEntry;
import software.amazon.awssdk.services.secretsmanager.model.Tag;

/**
 * Finds secrets in two ways: by a list of all of ours, which is cheap and minutes behind, and one by one where the list
 * cannot be right yet.
 */
final class SecretReader {
    private final Scope<Spec> scope;
    private final SecretsManagerClient client;

    /** The desired ones, by name. */
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

    /** A secret without its value, from a list or a point read. */
    record Found(
            String arn,
            String name,
            @Nullable String description,
            @Nullable String kmsKeyId,
            Map<String, String> tags,
            @Nullable Instant deletedAt,
            @Nullable Instant createdAt) {
        static Found of(SecretListEntry e) {
            return new Found(
                    e.arn(), e.name(), e.description(), e.kmsKeyId(), map(e.tags()), e.deletedDate(), e.createdDate());
        }

        static Found of(DescribeSecretResponse e) {
            return new Found(
                    e.arn(), e.name(), e.description(), e.kmsKeyId(), map(e.tags()), e.deletedDate(), e.createdDate());
        }

        private static Map<String, String> map(List<Tag> tags) {
            return tags.stream().collect(Collectors.toUnmodifiableMap(Tag::key, Tag::value));
        }

        Found tagged(Map<String, String> others) {
            return new Found(arn, name, description, kmsKeyId, others, deletedAt, createdAt);
        }

        Identity identity() {
            return Identity.of(arn).named(name).tagged(tags);
        }

        boolean belongsTo(StackRef stack) {
            return stack.owner().equals(tags.get(StackRef.STACK_TAG));
        }
    }

    List<Observation<Spec>> read() {
        List<Found> listed = scope.confirming() ? List.of() : list();
        List<Ask> asks = asks(listed);
        Set<String> asked = new HashSet<>();
        asks.forEach(ask -> asked.add(ask.name()));
        List<Found> rest = listed.stream()
                .filter(f -> fromTheList(f) && !asked.contains(f.name()))
                .toList();
        List<Observation<Spec>> known = new ArrayList<>(scope.each(
                rest, Found::identity, (f, identity) -> known(fresh(f, desired.get(f.name())))));
        known.addAll(scope.each(
                asks, ask -> Identity.of(ask.id()).belongingTo(ask.resource()), (ask, identity) -> pointRead(ask)));
        return known;
    }

    /** What the list says is scheduled for deletion may be restored by now, or gone. */
    private boolean fromTheList(Found f) {
        return desired.containsKey(f.name()) && f.deletedAt() == null;
    }

    /**
     * A point read.
     *
     * @param id ARN or name
     * @param resource whose it would be; null: of nobody who is asked about
     * @param orphan not desired: looked at now and then, and after each write
     */
    private record Ask(String id, @Nullable ResourceId resource, boolean orphan) {
        String name() {
            return nameOf(id);
        }
    }

    /** An ARN ends with the name, a hyphen and six random characters. */
    private static String nameOf(String arnOrName) {
        String name = arnOrName.substring(arnOrName.lastIndexOf(':') + 1);
        return arnOrName.startsWith("arn:") && name.length() > 7 ? name.substring(0, name.length() - 7) : name;
    }

    /**
     * What the list does not show yet, by the record, and by the name if the record is of another name or of nothing; and what
     * nobody desires any more, for it may be scheduled for deletion by now.
     */
    private List<Ask> asks(List<Found> listed) {
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
                    .filter(f -> !fromTheList(f) && f.deletedAt() == null && asked.add(f.name()))
                    .forEach(f -> asks.add(new Ask(f.arn(), null, true)));
        }
        return asks;
    }

    private static @Nullable String unless(Set<String> shown, @Nullable String id) {
        return id == null || Unresolved.is(id) || shown.contains(id) ? null : id;
    }

    private @Nullable Known<Spec> pointRead(Ask ask) {
        Optional<Found> found = ask.orphan() ? scope.slow(ask.id(), "state", () -> find(ask)) : find(ask);
        return found.filter(f -> f.deletedAt() == null || desired.containsKey(f.name()))
                .map(this::known)
                .orElse(null);
    }

    /** What was made anew under the same name has another ARN. */
    private Optional<Found> find(Ask ask) {
        Optional<Found> found = describe(client, ask.id());
        return found.isPresent() || ask.id().equals(ask.name()) ? found : describe(client, ask.name());
    }

    /** Both filters take what begins with their value. */
    private List<Found> list() {
        return client
                .listSecretsPaginator(r -> r.includePlannedDeletion(true)
                        .maxResults(100)
                        .filters(
                                filter(FilterNameStringType.TAG_KEY, StackRef.STACK_TAG),
                                filter(
                                        FilterNameStringType.TAG_VALUE,
                                        scope.stack().owner())))
                .stream()
                .flatMap(page -> page.secretList().stream())
                .map(Found::of)
                .filter(f -> f.belongsTo(scope.stack()))
                .toList();
    }

    private static Filter filter(FilterNameStringType key, String value) {
        return Filter.builder().key(key).values(value).build();
    }

    /** @return nothing if there is none; one that is scheduled for deletion is there */
    static Optional<Found> describe(SecretsManagerClient client, String arnOrName) {
        try {
            return Optional.of(Found.of(client.describeSecret(r -> r.secretId(arnOrName))));
        } catch (ResourceNotFoundException e) {
            return Optional.empty();
        }
    }

    /**
     * The list is minutes behind: it counts only where it says exactly what is desired, and may otherwise be older than our
     * own last write.
     *
     * @see <a href="https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ListSecrets.html">ListSecrets</a>
     */
    private Found fresh(Found listed, @Nullable Spec desired) {
        if (desired == null) {
            return listed;
        }
        Map<String, String> tags = new HashMap<>(listed.tags());
        tags.keySet().removeIf(k -> k.startsWith("aws:"));
        Map<String, String> desiredTags = Objects.requireNonNullElse(desired.tags(), Map.of());
        boolean asDesired = listed.deletedAt() == null
                && (desired.description() == null || desired.description().equals(listed.description()))
                && (desired.kmsKeyId() == null || desired.kmsKeyId().equals(listed.kmsKeyId()))
                && tags.entrySet().containsAll(desiredTags.entrySet());
        if (!asDesired) {
            return Found.of(client.describeSecret(r -> r.secretId(listed.arn())));
        }
        // More tags than desired are somebody else's, most likely, and no reason to ask at every look.
        return tags.size() == desiredTags.size()
                ? listed
                : listed.tagged(scope.slow(
                        listed.arn(),
                        "tags",
                        () -> Found.of(client.describeSecret(r -> r.secretId(listed.arn())))
                                .tags()));
    }

    /** What the document leaves to others is not compared, and would cost a request a secret. */
    private boolean asksForPolicy(Found found) {
        Spec wanted = desired.get(found.name());
        return wanted == null || wanted.resourcePolicy() != null;
    }

    private Known<Spec> known(Found found) {
        boolean going = found.deletedAt() != null;
        JsonNode none = JsonNodeFactory.instance.objectNode();
        // AWS does not show the policy of what is scheduled for deletion.
        JsonNode policy = going
                ? none
                : asksForPolicy(found) ? scope.slow(found.arn(), "policy", () -> policy(found.arn(), none)) : null;
        Spec spec =
                new Spec(found.name(), found.description(), found.kmsKeyId(), null, null, policy, null, found.tags());
        return Known.of(found.identity(), spec)
                .output("arn", found.arn())
                .output("name", found.name())
                .createdAt(found.createdAt())
                .phase(!going ? Phase.Steady : found.belongsTo(scope.stack()) ? Phase.Restorable : Phase.Deleting)
                .health(going ? Health.notReady("ScheduledForDeletion", "its value cannot be read") : Health.AVAILABLE);
    }

    private JsonNode policy(String arn, JsonNode none) {
        String text = client.getResourcePolicy(r -> r.secretId(arn)).resourcePolicy();
        return text == null ? none : PolicyDocuments.parse(text);
    }
}
