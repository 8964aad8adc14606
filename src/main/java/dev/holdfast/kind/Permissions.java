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
 * Collects what a kind's calls need of IAM.
 *
 * <p>The stack's tag says what is the stack's own, and the name besides, where the ARN contains one. Where AWS knows no tags of
 * a resource, the name alone does.
 */
public final class Permissions {
    private static final List<String> ALWAYS = List.of();
    private static final int FEW_FIELDS = 3;
    /** The services that tell a policy which call makes what is tagged. */
    private static final Set<String> TELL_THE_MAKING_CALL = Set.of("ec2", "ecs", "elasticloadbalancing");

    private final List<Permission> all = new ArrayList<>();
    /** Actions that are declared for the kind's own resources, so that they are not derived. */
    private final Set<String> whole = new TreeSet<>();

    private final Map<String, Map<String, String>> limits = new TreeMap<>();
    private final List<String> own;
    /** Whether AWS evaluates the tags of the kind's resources. */
    private boolean tagsCount = true;
    /** Whether only the declared resources may be made and claimed, and not every generated name of the stack. */
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

    /** AWS evaluates no tags of such resources in policies, unless it was turned on for the single resource. */
    public Permissions byNameAlone() {
        tagsCount = false;
        return this;
    }

    /** Makes and claims only the declared resources: for what gives rights to those who hold it. */
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

    /** What an action needs on top of what it needs on the kind's own resource. */
    private Permissions besides(On on, List<String> resources, String... actions) {
        for (String action : actions) {
            all.add(new Permission(action, on, resources, ALWAYS, Map.of()));
        }
        return this;
    }

    /** Reads that tell which resources there are, made of every kind whether a stack has any of it or not. */
    public Permissions lists(String... actions) {
        return add(On.LISTS, List.of(), ALWAYS, actions);
    }

    /** Reads of a resource, which may be anybody's. */
    public Permissions reads(String... actions) {
        return add(On.EVERYTHING, List.of(), ALWAYS, actions);
    }

    /** The same, needed only where the field is owned. */
    public Permissions readsFor(String field, String... actions) {
        return add(On.EVERYTHING, List.of(), List.of(field), actions);
    }

    /** Changes that AWS lets a policy restrict by nothing. */
    public Permissions changesAnything(String... actions) {
        return add(On.EVERYTHING, List.of(), ALWAYS, actions);
    }

    /** The creating call. */
    public Permissions creates(String action) {
        return add(On.MADE, own, ALWAYS, action);
    }

    /** A creating call that AWS lets a policy restrict by the tags of the request, but by no ARN. */
    public Permissions createsAnywhere(String action) {
        return add(On.MADE, List.of("*"), ALWAYS, action);
    }

    /** A creating call that is allowed on the parent in place of what it makes. */
    public Permissions createsIn(String parent, String action) {
        return add(On.MADE_IN, List.of("arn:aws:" + parent), ALWAYS, action);
    }

    /** The action that tags, in the creating call too, and the one that takes tags away. */
    public Permissions tags(String tag, String untag) {
        boolean told = TELL_THE_MAKING_CALL.contains(tag.substring(0, tag.indexOf(':')));
        return add(told ? On.TAGGED_WHEN_MADE : On.CLAIMED, own, ALWAYS, tag).changes(tag, untag);
    }

    /** Changes and deletions of what is the stack's own. */
    public Permissions changes(String... actions) {
        return add(On.OWNED, own, ALWAYS, actions);
    }

    /** The same, needed only where the field is owned. */
    public Permissions changesFor(String field, String... actions) {
        return add(On.OWNED, own, List.of(field), actions);
    }

    /**
     * A call for many fields is the kind's general change: a document that comes to own one field more needs no other policy
     * for it.
     */
    private void change(Set<String> fields, String action) {
        if (fields.size() > FEW_FIELDS) {
            changes(action);
        } else {
            changesFor(fields, action);
        }
    }

    /** The components that belong to what a document must own before the call is made. */
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

    /** What AWS wants to be allowed on another resource of the stack before it carries a call out. */
    public Permissions needsOn(String arn, String... actions) {
        return besides(On.OWNED, List.of("arn:aws:" + arn), actions);
    }

    /** What a call touches beside the kind's own resource, or where AWS lets a policy ask for no tag. */
    public Permissions touches(String action, String... arns) {
        return besides(On.NAMED, Stream.of(arns).map(a -> "arn:aws:" + a).toList(), action);
    }

    /** What a call changes beside the kind's own resource: the stack's own, or what the documents name by its id. */
    public Permissions touchesOwn(String action, String... arns) {
        return besides(On.TOUCHED, Stream.of(arns).map(a -> "arn:aws:" + a).toList(), action);
    }

    /** The same, of what the field names: the stack's own, or what the documents state. */
    public Permissions touchesFor(String field, String arn, String action) {
        return add(On.TOUCHED, List.of("arn:aws:" + arn), List.of(field), action);
    }

    /** Changes that AWS lets a policy restrict by nothing, needed only where the field is owned. */
    public Permissions changesAnythingFor(String field, String... actions) {
        return add(On.EVERYTHING, List.of(), List.of(field), actions);
    }

    /**
     * Changes of what AWS makes together with the kind's own resource and never tags, needed only where the field is owned. The
     * policy cannot tell it from a stranger's that has no tag either, so only calls that take rights away belong here.
     */
    public Permissions changesUntagged(String field, String arn, String... actions) {
        return add(On.UNTAGGED, List.of("arn:aws:" + arn), List.of(field), actions);
    }

    /** Reads the values of secrets that the fields name: the stack's own, or what the documents name by its ARN. */
    public Permissions readsSecrets(String... fields) {
        return add(
                On.TOUCHED,
                List.of("arn:aws:secretsmanager:{region}:{account}:secret:*"),
                List.of(fields),
                "secretsmanager:GetSecretValue");
    }

    /** Hands the roles that the fields name to a service. */
    public Permissions passesRoles(String service, String... fields) {
        return add(On.PASSED, List.of(service), List.of(fields), "iam:PassRole");
    }

    /** The service makes a role of its own the first time. */
    public Permissions needsServiceRole(String service) {
        return add(On.SERVICE_ROLE, List.of(service), ALWAYS, "iam:CreateServiceLinkedRole");
    }

    /** The condition key must be one of the values of the field, for these actions: declared or derived. */
    public Permissions limited(String key, String field, String... actions) {
        for (String action : actions) {
            limits.computeIfAbsent(action, a -> new TreeMap<>()).put(key, field);
        }
        return this;
    }

    /**
     * Adds what the recipe's calls need of the kind's own resources, as far as no permission for the action is declared.
     *
     * @param updates the components that each update of the recipe is about
     * @param spec the kind's spec; without tags, the creating call tags nothing
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
            // What has no tags is restricted by the other resources that its calls touch.
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
                // What has neither tags nor a mark is found by its parents: a search for orphans has no list to make.
                boolean searched = tagged || spec.with(Marker.class).isPresent();
                boolean lists = searched && listed.contains(action);
                if (all.stream().noneMatch(p -> p.action().equals(action))) {
                    add(lists ? On.LISTS : On.EVERYTHING, List.of(), owners(call, spec), action);
                }
                continue;
            }
            switch (call.purpose()) {
                case CREATE -> {
                    // No tag goes with the call, so that only the parent's tag can restrict it.
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
            throw new IllegalStateException("no call needs " + unknown + ", which is to be limited");
        }
        return all.stream()
                .filter(p -> !byNames(tagged) || p.on() != On.CLAIMED)
                .map(p -> new Permission(
                        p.action(), on(p, tagged), resources(p), p.fields(), limits.getOrDefault(p.action(), Map.of())))
                .toList();
    }

    /** Whether only the name tells what is the stack's own. */
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
