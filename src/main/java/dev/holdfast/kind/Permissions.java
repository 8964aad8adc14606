package dev.holdfast.kind;

import dev.holdfast.aws.Operations;
import dev.holdfast.kind.Permission.On;
import dev.holdfast.kind.RecipeCalls.Purpose;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Collects the IAM permissions that a kind's calls need.
 *
 * <p>The stack's tag identifies the stack's own resources, together with the name if the ARN contains a name. If IAM
 * does not evaluate the tags of a resource, only the name identifies it.
 */
public final class Permissions {
    private static final List<String> ALWAYS = List.of();
    private static final int FEW_FIELDS = 3;
    /** The services that tell IAM which creating call a tagging action belongs to. */
    private static final Set<String> TELL_THE_MAKING_CALL = Set.of("ec2", "ecs", "elasticloadbalancing");

    private final List<Permission> all = new ArrayList<>();
    /** Actions that are declared in full, so that they are not derived. */
    private final Set<String> whole = new TreeSet<>();

    private final Map<String, Map<String, String>> limits = new TreeMap<>();
    private final List<String> own;
    /** Whether IAM evaluates the tags of the kind's resources. */
    private boolean tagsCount = true;
    /**
     * Whether creating and claiming is limited to the declared resources, instead of every generated name of the stack.
     */
    private boolean exact;

    private Permissions(List<String> own) {
        this.own = own;
    }

    /** @param arns patterns of the kind's own resources: {@code ec2:{region}:{account}:vpc/*} */
    public static Permissions on(String... arns) {
        return new Permissions(Stream.of(arns).map(a -> "arn:aws:" + a).toList());
    }

    /** The patterns of the ARNs of the kind's own resources. */
    public List<String> arns() {
        return own;
    }

    /** IAM does not evaluate the tags of such resources, unless this was turned on for the single resource. */
    public Permissions byNameAlone() {
        tagsCount = false;
        return this;
    }

    /** Limits creating and claiming to the declared resources, for kinds whose resources grant permissions. */
    public Permissions exactly() {
        exact = true;
        return this;
    }

    private boolean named() {
        return own.stream().allMatch(a -> a.contains("{name}"));
    }

    private Permissions add(On on, List<String> resources, List<String> fields, String... actions) {
        for (String action : actions) {
            all.add(new Permission(action, on, resources, fields, Map.of()));
            whole.add(action);
        }
        return this;
    }

    /** Resources that an action needs in addition to the kind's own resource. */
    private Permissions besides(On on, List<String> resources, String... actions) {
        for (String action : actions) {
            all.add(new Permission(action, on, resources, ALWAYS, Map.of()));
        }
        return this;
    }

    /** Reads that list the resources of the kind; made even if the stack has no resource of the kind. */
    public Permissions lists(String... actions) {
        return add(On.LISTS, List.of(), ALWAYS, actions);
    }

    /** Reads of a resource, also of resources of other owners. */
    public Permissions reads(String... actions) {
        return add(On.EVERYTHING, List.of(), ALWAYS, actions);
    }

    /** Reads that are needed only if a document owns the field. */
    public Permissions readsFor(String field, String... actions) {
        return add(On.EVERYTHING, List.of(), List.of(field), actions);
    }

    /** Changes that AWS does not let a policy restrict. */
    public Permissions changesAnything(String... actions) {
        return add(On.EVERYTHING, List.of(), ALWAYS, actions);
    }

    /** The creating call. */
    public Permissions creates(String action) {
        return add(On.MADE, own, ALWAYS, action);
    }

    /** A creating call that a policy can restrict by the tags of the request, but not by an ARN. */
    public Permissions createsAnywhere(String action) {
        return add(On.MADE, List.of("*"), ALWAYS, action);
    }

    /** A creating call that IAM checks on the parent, and not on the created resource. */
    public Permissions createsIn(String parent, String action) {
        return add(On.MADE_IN, List.of("arn:aws:" + parent), ALWAYS, action);
    }

    /** The action that adds tags, also in the creating call, and the action that removes tags. */
    public Permissions tags(String tag, String untag) {
        boolean told = TELL_THE_MAKING_CALL.contains(tag.substring(0, tag.indexOf(':')));
        return add(told ? On.TAGGED_WHEN_MADE : On.CLAIMED, own, ALWAYS, tag).changes(tag, untag);
    }

    /** Changes and deletions of the stack's own resources. */
    public Permissions changes(String... actions) {
        return add(On.OWNED, own, ALWAYS, actions);
    }

    /** Changes that are needed only if a document owns the field. */
    public Permissions changesFor(String field, String... actions) {
        return add(On.OWNED, own, List.of(field), actions);
    }

    /**
     * A call for many fields counts as the kind's general change, so that a document that sets one more field needs no
     * new policy.
     */
    private void change(Set<String> fields, String action) {
        if (fields.size() > FEW_FIELDS) {
            changes(action);
        } else {
            changesFor(fields, action);
        }
    }

    /** The components of the call's owner: the call is made only if a document owns one of them. */
    private static List<String> owners(RecipeCalls.ServiceCall call, SpecModel spec) {
        return spec.fields().stream()
                .filter(field -> call.owner() != null)
                .filter(field -> field.name().equals(call.owner())
                        || (field.has(Slow.class)
                                && Objects.requireNonNull(field.get(Slow.class))
                                        .value()
                                        .equals(call.owner())))
                .map(SpecModel.Field::name)
                .toList();
    }

    private void changesFor(Set<String> fields, String action) {
        add(On.OWNED, own, List.copyOf(new TreeSet<>(fields)), action);
    }

    /** Actions that AWS requires on another resource of the stack before it carries out a call. */
    public Permissions needsOn(String arn, String... actions) {
        return besides(On.OWNED, List.of("arn:aws:" + arn), actions);
    }

    /** Other resources that a call touches, or resources for which a policy cannot require a tag. */
    public Permissions touches(String action, String... arns) {
        return besides(On.NAMED, Stream.of(arns).map(a -> "arn:aws:" + a).toList(), action);
    }

    /** Other resources that a call changes: the stack's own, or those that the documents name by id. */
    public Permissions touchesOwn(String action, String... arns) {
        return besides(On.TOUCHED, Stream.of(arns).map(a -> "arn:aws:" + a).toList(), action);
    }

    /** Other resources that the field names and a call changes: the stack's own, or those that the documents name. */
    public Permissions touchesFor(String field, String arn, String action) {
        return add(On.TOUCHED, List.of("arn:aws:" + arn), List.of(field), action);
    }

    /** Changes that AWS does not let a policy restrict, needed only if a document owns the field. */
    public Permissions changesAnythingFor(String field, String... actions) {
        return add(On.EVERYTHING, List.of(), List.of(field), actions);
    }

    /**
     * Changes of a resource that AWS creates together with the kind's own resource and never tags; needed only if a
     * document owns the field. A policy cannot distinguish it from untagged resources of others, so only calls that
     * remove permissions belong here.
     */
    public Permissions changesUntagged(String field, String arn, String... actions) {
        return add(On.UNTAGGED, List.of("arn:aws:" + arn), List.of(field), actions);
    }

    /** Reads the values of secrets that the fields name: the stack's own, or those that the documents name by ARN. */
    public Permissions readsSecrets(String... fields) {
        return add(
                On.TOUCHED,
                List.of("arn:aws:secretsmanager:{region}:{account}:secret:*"),
                List.of(fields),
                "secretsmanager:GetSecretValue");
    }

    /** Passes the roles that the fields name to a service. */
    public Permissions passesRoles(String service, String... fields) {
        return add(On.PASSED, List.of(service), List.of(fields), "iam:PassRole");
    }

    /**
     * The service creates its service-linked role when it is first used.
     *
     * @param fields the fields that use the service; none: every resource of the kind does
     */
    public Permissions needsServiceRole(String service, String... fields) {
        return add(On.SERVICE_ROLE, List.of(service), List.of(fields), "iam:CreateServiceLinkedRole");
    }

    /** Limits the condition key to the values of the field, for these declared or derived actions. */
    public Permissions limited(String key, String field, String... actions) {
        for (String action : actions) {
            limits.computeIfAbsent(action, a -> new TreeMap<>()).put(key, field);
        }
        return this;
    }

    /**
     * Adds the permissions that the recipe's calls need on the kind's own resources, for actions without a declared
     * permission.
     *
     * @param updates the components that each update of the recipe sends
     * @param spec the kind's spec; without a tag component, the creating call sends no tags
     */
    Permissions derived(List<RecipeCalls.ServiceCall> calls, List<Set<String>> updates, SpecModel spec) {
        Permissions both = new Permissions(own);
        both.all.addAll(all);
        both.whole.addAll(whole);
        both.limits.putAll(limits);
        both.tagsCount = tagsCount;
        both.exact = exact;
        both.derive(calls, updates, spec);
        return both;
    }

    private void derive(List<RecipeCalls.ServiceCall> calls, List<Set<String>> updates, SpecModel spec) {
        boolean tagged = spec.with(TagMap.class).isPresent();
        Set<String> declared = new TreeSet<>(whole);
        if (!tagged) {
            // Calls on a kind without tags are restricted by the other resources that they touch.
            all.forEach(permission -> declared.add(permission.action()));
        }
        Set<String> listed = new TreeSet<>();
        calls.stream().filter(c -> c.purpose() == Purpose.LIST).forEach(c -> listed.add(c.operation()));
        Set<RecipeCalls.ServiceCall> once = new LinkedHashSet<>(calls);
        List<String> tagging = new ArrayList<>();
        for (RecipeCalls.ServiceCall call : once) {
            String action = call.operation();
            boolean write = Operations.isWrite(action.substring(action.indexOf(':') + 1));
            if (declared.contains(action)) {
                continue;
            }
            if (!write) {
                // A kind without tags and marker is found by its parents, so that a search for orphans makes no list
                // call.
                boolean searched = tagged || spec.with(Marker.class).isPresent();
                boolean lists = searched && listed.contains(action);
                if (all.stream().noneMatch(p -> p.action().equals(action))) {
                    add(lists ? On.LISTS : On.EVERYTHING, List.of(), owners(call, spec), action);
                }
                continue;
            }
            switch (call.purpose()) {
                case CREATE -> {
                    // The call carries no tags, so that only the parent's tag can restrict it.
                    if (tagged) {
                        creates(action);
                    } else {
                        changes(action);
                    }
                }
                case TAG -> tagging.addFirst(action);
                case UNTAG -> tagging.addLast(action);
                case DELETE, RESTART, LIST, READ -> changes(action);
                case CHANGE -> change(updates.get(call.update()), action);
                case NONE -> {}
            }
        }
        if (tagging.size() == 2) {
            tags(tagging.getFirst(), tagging.getLast());
        }
    }

    /** @param tagged whether the kind's resources carry the stack's tag */
    List<Permission> build(boolean tagged) {
        List<String> unknown = new ArrayList<>(limits.keySet());
        all.forEach(permission -> unknown.remove(permission.action()));
        if (!unknown.isEmpty()) {
            throw new IllegalStateException("limited() names actions that no call needs: " + unknown);
        }
        return all.stream()
                .filter(p -> !byNames(tagged) || p.on() != On.CLAIMED)
                .map(p -> new Permission(
                        p.action(), on(p, tagged), resources(p), p.fields(), limits.getOrDefault(p.action(), Map.of())))
                .toList();
    }

    /** Whether only the name identifies the stack's own resources. */
    private boolean byNames(boolean tagged) {
        return named() && !(tagged && tagsCount);
    }

    private On on(Permission permission, boolean tagged) {
        boolean ofTags = permission.on() == On.MADE || permission.on() == On.OWNED;
        return ofTags && permission.resources().equals(own) && byNames(tagged) ? On.NAMED : permission.on();
    }

    private List<String> resources(Permission permission) {
        boolean makes = permission.on() == On.MADE || permission.on() == On.CLAIMED;
        return exact && makes
                ? permission.resources().stream()
                        .map(arn -> arn.replace("{name}", "{exact}"))
                        .toList()
                : permission.resources();
    }
}
