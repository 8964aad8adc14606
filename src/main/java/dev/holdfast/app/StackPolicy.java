package dev.holdfast.app;

import dev.holdfast.app.PolicyStatement.ConditionTest;
import dev.holdfast.aws.Operations;
import dev.holdfast.aws.Partitions;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.KindCatalog;
import dev.holdfast.kind.KindInfo;
import dev.holdfast.kind.Permission;
import dev.holdfast.kind.Permission.On;
import dev.holdfast.kind.StackRef;
import dev.holdfast.model.DesiredResource;
import dev.holdfast.model.Lifecycle.Adopt;
import dev.holdfast.model.Revision;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The IAM permissions that a stack's resources need, as narrow as AWS allows.
 *
 * <p>Where AWS supports it, the stack's tag is a condition. ARNs contain the names of the resources; a generated name
 * becomes {@code <stack>-*}. Reads are restricted to the stack's regions. Lists are allowed for all kinds, because
 * orphans are searched for in all of them. A resource to adopt is allowed without the tag, because it does not carry
 * the tag yet. Actions that the operator must never take are denied, so that no other policy of its role can allow
 * them.
 */
final class StackPolicy {
    /** Any endpoint may answer this operation, so a condition on the region would not work. */
    private static final String LIST_BUCKETS = "s3:ListAllMyBuckets";

    private final KindCatalog catalog;
    private final String installation;
    private final Revision revision;
    private final PolicyArns arns;
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
        this.arns = new PolicyArns(catalog, revision);
    }

    static List<PolicyStatement> of(KindCatalog catalog, String installation, Revision revision) {
        StackPolicy policy = new StackPolicy(catalog, installation, revision);
        Map<String, List<DesiredResource>> byKind = revision.resources().values().stream()
                .collect(Collectors.groupingBy(r -> r.id().kind(), TreeMap::new, Collectors.toList()));
        catalog.all().keySet().forEach(name -> policy.kind(name, byKind.getOrDefault(name, List.of())));
        List<PolicyStatement> all = new ArrayList<>();
        SortedSet<String> regions =
                policy.regions(List.copyOf(revision.resources().values()));
        // Orphans of global kinds are searched for in this region.
        regions.add(Partitions.globalRegion(revision.settings().region()));
        all.add(OperatorPolicy.tagIndex(regions));
        all.addAll(OperatorPolicy.images(revision));
        all.addAll(policy.statements());
        all.addAll(RoleDenials.of(catalog, revision));
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
                all.add(PolicyStatement.allowed(named, Objects.requireNonNull(resources.get(key)), key.conditions())));
        return all;
    }

    private void kind(String name, List<DesiredResource> all) {
        Kind<?> kind = catalog.get(name);
        boolean adopts = all.stream().anyMatch(StackPolicy::adopts);
        for (Permission permission : kind.permissions()) {
            boolean needed = permission.fields().isEmpty()
                    ? !all.isEmpty()
                    : all.stream().anyMatch(r -> permission.fields().stream().anyMatch(r.spec()::has));
            if ((needed || permission.on() == On.LISTS) && !RoleDenials.NEVER.equals(permission.action())) {
                add(kind, permission, all, adopts);
            }
        }
    }

    private void add(Kind<?> kind, Permission permission, List<DesiredResource> all, boolean adopts) {
        if (permission.on() == On.NAMED || permission.on() == On.MADE || permission.on() == On.OWNED) {
            PermissionLimits limits = PermissionLimits.of(permission, all);
            limits.groups().forEach(group -> add(kind, permission, group));
        } else {
            add(kind, permission, new PermissionLimits.Group(all, new TreeMap<>(), false));
        }
        if (adopts) {
            adopt(kind, permission, all);
        }
    }

    private void add(Kind<?> kind, Permission permission, PermissionLimits.Group group) {
        KindInfo<?> info = kind.info();
        List<DesiredResource> all = group.resources();
        SortedMap<ConditionTest, SortedSet<String>> conditions = group.conditions();
        SortedSet<String> on = new TreeSet<>();
        boolean apart = group.apart();
        switch (permission.on()) {
            case LISTS, EVERYTHING -> {
                on.add("*");
                if (!info.global() && !permission.action().equals(LIST_BUCKETS)) {
                    // Orphans are searched for in all regions of the stack, even of kinds that it does not have there.
                    boolean everywhere = permission.on() == On.LISTS;
                    conditions.put(
                            ConditionTest.equal("aws:RequestedRegion"),
                            regions(
                                    everywhere
                                            ? List.copyOf(revision.resources().values())
                                            : all));
                }
            }
            case MADE -> {
                conditions.put(requestTag(), owner());
                // In a statement with other types of ARNs, the call would be allowed on foreign objects of those types.
                apart |= kind.permissions().stream()
                        .anyMatch(p -> p.on() == On.TOUCHED && p.action().equals(permission.action()));
            }
            case MADE_IN -> {
                conditions.put(requestTag(), owner());
                SortedMap<ConditionTest, SortedSet<String>> request = new TreeMap<>(conditions);
                conditions.put(resourceTag(permission), owner());
                SortedSet<String> stated = arns.stated(permission.resources(), all);
                if (!stated.isEmpty()) {
                    allow(permission, stated, true, request);
                }
            }
            case CLAIMED -> {
                conditions.put(requestTag(), owner());
                conditions.put(withoutTag(permission), new TreeSet<>(List.of("true")));
            }
            case TAGGED_WHEN_MADE ->
                conditions.put(ConditionTest.equal(service(permission) + ":CreateAction"), creates(kind));
            case OWNED -> conditions.put(resourceTag(permission), owner());
            case UNTAGGED -> conditions.put(withoutTag(permission), new TreeSet<>(List.of("true")));
            case NAMED -> apart = true;
            case TOUCHED -> {
                conditions.put(resourceTag(permission), owner());
                SortedSet<String> stated = arns.stated(permission.resources(), all);
                if (!stated.isEmpty()) {
                    allow(permission, stated, true, new TreeMap<>());
                }
            }
            case PASSED -> {
                conditions.put(ConditionTest.equal("iam:PassedToService"), services(permission));
                on.addAll(arns.passed(permission, all));
            }
            case SERVICE_ROLE -> {
                conditions.put(ConditionTest.equal("iam:AWSServiceName"), services(permission));
                on.add(arns.arn(
                        "arn:aws:iam::{account}:role/aws-service-role/"
                                + permission.resources().getFirst() + "/*",
                        revision.settings().region()));
            }
        }
        if (on.isEmpty()) {
            all.forEach(r -> permission
                    .resources()
                    .forEach(pattern ->
                            on.add(arns.arn(group.apart() ? pattern.replace("{name}", "{exact}") : pattern, info, r))));
        }
        allow(permission, on, apart || conditions.isEmpty() || permission.on() == On.PASSED, conditions);
    }

    /** A resource that takes over the object of its former id needs nothing more, because the object carries the tag. */
    private static boolean adopts(DesiredResource resource) {
        return resource.lifecycle().adopt() == Adopt.IfUnowned && resource.formerId() == null;
    }

    /** A resource to adopt does not carry the tag yet: only such resources are allowed without the tag. */
    private void adopt(Kind<?> kind, Permission permission, List<DesiredResource> all) {
        if (permission.on() == On.OWNED || permission.on() == On.CLAIMED) {
            SortedSet<String> on = new TreeSet<>();
            all.stream()
                    .filter(StackPolicy::adopts)
                    .forEach(r -> permission.resources().forEach(pattern -> on.add(arns.adopted(pattern, kind, r))));
            allow(permission, on, true, new TreeMap<>());
        }
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

    private static ConditionTest requestTag() {
        return ConditionTest.equal("aws:RequestTag/" + StackRef.STACK_TAG);
    }

    /** IAM has a separate condition key for the tags of roles. */
    private static ConditionTest resourceTag(Permission permission) {
        String prefix = permission.action().startsWith("iam:") ? "iam" : "aws";
        return ConditionTest.equal(prefix + ":ResourceTag/" + StackRef.STACK_TAG);
    }

    private static ConditionTest withoutTag(Permission permission) {
        return new ConditionTest("Null", resourceTag(permission).key());
    }

    private static SortedSet<String> services(Permission permission) {
        return new TreeSet<>(permission.resources());
    }

    private SortedSet<String> owner() {
        return new TreeSet<>(List.of(installation + "/" + revision.settings().name()));
    }

    private SortedSet<String> regions(List<DesiredResource> all) {
        SortedSet<String> regions = all.stream().map(arns::region).collect(Collectors.toCollection(TreeSet::new));
        return regions.isEmpty() ? new TreeSet<>(List.of(revision.settings().region())) : regions;
    }

    private static SortedSet<String> creates(Kind<?> kind) {
        return kind.permissions().stream()
                .filter(p -> p.on() == On.MADE || p.on() == On.MADE_IN)
                .map(p -> p.action().substring(p.action().indexOf(':') + 1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
