package dev.holdfast.app;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.app.PolicyStatement.ConditionTest;
import dev.holdfast.aws.Operations;
import dev.holdfast.aws.Partitions;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.KindCatalog;
import dev.holdfast.kind.KindInfo;
import dev.holdfast.kind.Permission;
import dev.holdfast.kind.Permission.On;
import dev.holdfast.kind.PhysicalName;
import dev.holdfast.kind.SpecModel;
import dev.holdfast.kind.StackRef;
import dev.holdfast.model.DesiredResource;
import dev.holdfast.model.Lifecycle.Adopt;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Revision;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;

/**
 * The IAM permissions that a stack's resources need, as narrow as AWS allows.
 *
 * <p>Where AWS supports it, the stack's tag is a condition. ARNs contain the names of the resources; a generated name
 * becomes {@code <stack>-*}. Reads are restricted to the stack's regions. Lists are allowed for all kinds, because
 * orphans are searched for in all of them. For a kind with a resource to adopt, the tag is no condition, because that
 * resource does not carry the tag yet.
 */
final class StackPolicy {
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([A-Z]\\w*/[\\w-]+)(?:\\.[^}]*)?}");
    private static final Pattern ANY_REFERENCE = Pattern.compile("\\$\\{[^}]*}");
    /** Any endpoint may answer this operation, so a condition on the region would not work. */
    private static final String LIST_BUCKETS = "s3:ListAllMyBuckets";

    private final KindCatalog catalog;
    private final String installation;
    private final Revision revision;
    private final Map<StatementKey, SortedSet<String>> actions = new LinkedHashMap<>();
    private final Map<StatementKey, SortedSet<String>> resources = new LinkedHashMap<>();

    /**
     * Permissions with the same key share a statement.
     *
     * @param apart the resources, if the actions must not apply to the resources of other statements; empty if the
     *     conditions are sufficient (an action of EC2 has no effect on the ARN of another type)
     */
    private record StatementKey(
            String service, SortedSet<String> apart, SortedMap<ConditionTest, SortedSet<String>> conditions) {}

    private StackPolicy(KindCatalog catalog, String installation, Revision revision) {
        this.catalog = catalog;
        this.installation = installation;
        this.revision = revision;
    }

    static List<PolicyStatement> of(KindCatalog catalog, String installation, Revision revision) {
        StackPolicy policy = new StackPolicy(catalog, installation, revision);
        Map<String, List<DesiredResource>> byKind = revision.resources().values().stream()
                .collect(Collectors.groupingBy(r -> r.id().kind(), TreeMap::new, Collectors.toList()));
        catalog.all().keySet().forEach(name -> policy.kind(name, byKind.getOrDefault(name, List.of())));
        List<PolicyStatement> all = new ArrayList<>();
        SortedSet<String> regions =
                policy.regions(List.copyOf(revision.resources().values()));
        // What lives in no region is searched for there.
        regions.add(Partitions.globalRegion(revision.settings().region()));
        all.add(OperatorPolicy.tagIndex(regions));
        all.addAll(OperatorPolicy.images(revision));
        all.addAll(policy.statements());
        return all;
    }

    /** The statements reduced to actions that change nothing. */
    static List<PolicyStatement> reads(List<PolicyStatement> statements) {
        return statements.stream()
                .map(s -> s.with(s.actions().stream()
                        .filter(a -> !Operations.isWrite(a.substring(a.indexOf(':') + 1)))
                        .toList()))
                .filter(s -> !s.actions().isEmpty())
                .toList();
    }

    private List<PolicyStatement> statements() {
        List<PolicyStatement> all = new ArrayList<>();
        actions.forEach((key, named) ->
                all.add(new PolicyStatement(named, Objects.requireNonNull(resources.get(key)), key.conditions())));
        return all;
    }

    private void kind(String name, List<DesiredResource> all) {
        Kind<?> kind = catalog.get(name);
        boolean adopts = all.stream().anyMatch(r -> r.lifecycle().adopt() == Adopt.IfUnowned);
        for (Permission permission : kind.permissions()) {
            boolean needed = permission.fields().isEmpty()
                    ? !all.isEmpty()
                    : all.stream().anyMatch(r -> permission.fields().stream().anyMatch(r.spec()::has));
            if (needed || permission.on() == On.LISTS) {
                add(kind, permission, all, adopts);
            }
        }
    }

    private void add(Kind<?> kind, Permission permission, List<DesiredResource> all, boolean adopts) {
        KindInfo<?> info = kind.info();
        SortedMap<ConditionTest, SortedSet<String>> conditions = limits(permission, all);
        SortedSet<String> on = new TreeSet<>();
        boolean apart = false;
        switch (permission.on()) {
            case LISTS, EVERYTHING -> {
                on.add("*");
                if (!info.global() && !permission.action().equals(LIST_BUCKETS)) {
                    conditions.put(ConditionTest.equal("aws:RequestedRegion"), regions(all));
                }
            }
            case MADE -> conditions.put(ConditionTest.equal("aws:RequestTag/" + StackRef.STACK_TAG), owner());
            case TAGGED_WHEN_MADE ->
                conditions.put(ConditionTest.equal(service(permission) + ":CreateAction"), creates(kind));
            case OWNED -> {
                if (!adopts) {
                    conditions.put(ConditionTest.equal("aws:ResourceTag/" + StackRef.STACK_TAG), owner());
                }
            }
            case NAMED -> apart = true;
            case PASSED -> {
                conditions.put(ConditionTest.equal("iam:PassedToService"), services(permission));
                on.addAll(passed(permission, all));
            }
            case SERVICE_ROLE -> {
                conditions.put(ConditionTest.equal("iam:AWSServiceName"), services(permission));
                on.add(arn(
                        "arn:aws:iam::{account}:role/aws-service-role/"
                                + permission.resources().getFirst() + "/*",
                        revision.settings().region()));
            }
        }
        if (on.isEmpty()) {
            all.forEach(r -> permission.resources().forEach(pattern -> on.add(arn(pattern, info, r))));
        }
        allow(permission, on, apart || conditions.isEmpty() || permission.on() == On.PASSED, conditions);
    }

    private void allow(
            Permission permission,
            SortedSet<String> on,
            boolean apart,
            SortedMap<ConditionTest, SortedSet<String>> conditions) {
        boolean everything = permission.on() == On.EVERYTHING || permission.on() == On.LISTS;
        StatementKey key = new StatementKey(
                everything ? "" : service(permission), apart || everything ? on : new TreeSet<>(), conditions);
        // Creates that several kinds have in common share one statement. Its condition names the creating calls of all
        // of them.
        StatementKey held = permission.on() == On.TAGGED_WHEN_MADE ? joined(key) : key;
        actions.computeIfAbsent(held, k -> new TreeSet<>()).add(permission.action());
        resources.computeIfAbsent(held, k -> new TreeSet<>()).addAll(on);
    }

    /** The statement for tags in creating calls of this service, with the calls of both kinds in its condition. */
    private StatementKey joined(StatementKey key) {
        ConditionTest test = key.conditions().firstKey();
        for (StatementKey other : List.copyOf(actions.keySet())) {
            if (other.service().equals(key.service())
                    && other.conditions().keySet().equals(key.conditions().keySet())) {
                SortedSet<String> both =
                        new TreeSet<>(Objects.requireNonNull(other.conditions().get(test)));
                both.addAll(Objects.requireNonNull(key.conditions().get(test)));
                StatementKey wider = new StatementKey(key.service(), key.apart(), new TreeMap<>(Map.of(test, both)));
                actions.put(wider, Objects.requireNonNull(actions.remove(other)));
                resources.put(wider, Objects.requireNonNull(resources.remove(other)));
                return wider;
            }
        }
        return key;
    }

    private static String service(Permission permission) {
        return permission.action().substring(0, permission.action().indexOf(':'));
    }

    private static SortedSet<String> services(Permission permission) {
        return new TreeSet<>(permission.resources());
    }

    private SortedSet<String> owner() {
        return new TreeSet<>(List.of(installation + "/" + revision.settings().name()));
    }

    private SortedSet<String> regions(List<DesiredResource> all) {
        SortedSet<String> regions = all.stream().map(this::region).collect(Collectors.toCollection(TreeSet::new));
        return regions.isEmpty() ? new TreeSet<>(List.of(revision.settings().region())) : regions;
    }

    private String region(DesiredResource resource) {
        return resource.region() != null
                ? resource.region()
                : revision.settings().region();
    }

    private static SortedSet<String> creates(Kind<?> kind) {
        return kind.permissions().stream()
                .filter(p -> p.on() == On.MADE)
                .map(p -> p.action().substring(p.action().indexOf(':') + 1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** A value can restrict a permission only if every resource states it as plain text. */
    private static SortedMap<ConditionTest, SortedSet<String>> limits(
            Permission permission, List<DesiredResource> all) {
        SortedMap<ConditionTest, SortedSet<String>> limits = new TreeMap<>();
        permission.limits().forEach((key, field) -> {
            SortedSet<String> values = new TreeSet<>();
            for (DesiredResource resource : all) {
                Collection<String> own = texts(resource.spec().path(field));
                if (!resource.spec().has(field) || own.stream().anyMatch(v -> v.isEmpty() || v.contains("${"))) {
                    return;
                }
                values.addAll(own);
            }
            if (!values.isEmpty()) {
                limits.put(new ConditionTest("ArnEquals", key), values);
            }
        });
        return limits;
    }

    private static Collection<String> texts(JsonNode node) {
        return node.isArray()
                ? StreamSupport.stream(node.spliterator(), false)
                        .map(JsonNode::asText)
                        .toList()
                : List.of(node.asText());
    }

    private SortedSet<String> passed(Permission permission, List<DesiredResource> all) {
        SortedSet<String> roles = new TreeSet<>();
        for (DesiredResource resource : all) {
            for (String field : permission.fields()) {
                if (resource.spec().has(field)) {
                    roles.addAll(role(resource.spec().path(field).asText()));
                }
            }
        }
        return roles;
    }

    private Collection<String> role(String value) {
        Matcher reference = REFERENCE.matcher(value);
        DesiredResource role =
                reference.matches() ? revision.resources().get(ResourceId.parse(reference.group(1))) : null;
        if (role == null) {
            return List.of(ANY_REFERENCE.matcher(value).replaceAll("*"));
        }
        Kind<?> kind = catalog.get(role.id().kind());
        return kind.permissions().stream()
                .filter(p -> p.on() == On.NAMED)
                .limit(1)
                .flatMap(p -> p.resources().stream())
                .map(pattern -> arn(pattern, kind.info(), role))
                .toList();
    }

    private String arn(String pattern, KindInfo<?> info, DesiredResource resource) {
        String path = resource.spec().path("path").asText("/");
        return arn(pattern.replace("{name}", name(info, resource)).replace("{path}", path), region(resource));
    }

    private String arn(String pattern, String region) {
        String partition = PartitionMetadata.of(Region.of(region)).id();
        return pattern.replace("arn:aws:", "arn:" + partition + ":")
                .replace("{region}", region)
                .replace("{account}", revision.settings().account());
    }

    /** The name in AWS as far as it is known. References and generated hashes become {@code *}. */
    private String name(KindInfo<?> info, DesiredResource resource) {
        String generated = revision.settings().name() + "-*";
        return SpecModel.of(info.spec())
                .with(PhysicalName.class)
                .map(field -> {
                    JsonNode name = resource.spec().path(field.name());
                    boolean lower = Objects.requireNonNull(field.get(PhysicalName.class))
                            .lower();
                    return name.isTextual()
                            ? ANY_REFERENCE.matcher(name.asText()).replaceAll("*")
                            : lower ? generated.toLowerCase(Locale.ROOT) : generated;
                })
                .orElse(generated);
    }
}
